#include <string.h>

#include "check.h"
#include "queue.h"

static struct queue queue;
static char order[64]; /* a letter for each turn, as they come */

static void put_all(const int ids[], int count)
{
	for (int i = 0; i < count; i++)
		check_int("what queue_put returns for a new one",
			  queue_put(&queue, ids[i]), 1);
}

static void first_first(void)
{
	put_all((const int[]){ 7, 8, 9 }, 3);
	check_int("the first one taken", queue_take(&queue), 7);
	check_int("the second one taken", queue_take(&queue), 8);
	check_int("the third one taken", queue_take(&queue), 9);
}

static void empty(void)
{
	check_int("taken from a new queue", queue_take(&queue), -1);
	queue_put(&queue, 5);
	queue_take(&queue);
	check_int("taken when the only one is gone", queue_take(&queue), -1);
	queue_put(&queue, 6);
	check_int("taken when another one has come", queue_take(&queue), 6);
}

static void ring(void)
{
	put_all((const int[]){ 100, 101, 102 }, 3);
	for (int i = 0; i < 3 * QUEUE_ROOM; i++) {
		check_int("put, when two or three are in it",
			  queue_put(&queue, 103 + i), 1);
		check_int("taken", queue_take(&queue), 100 + i);
	}
}

static void full(void)
{
	for (int i = 0; i < QUEUE_ROOM; i++)
		queue_put(&queue, 10 + i);
	check_int("what queue_put returns when it is full",
		  queue_put(&queue, 99), -1);
	for (int i = 0; i < QUEUE_ROOM; i++)
		check_int("taken", queue_take(&queue), 10 + i);
}

static void not_twice(void)
{
	put_all((const int[]){ 4, 5 }, 2);
	check_int("what the second put of 5 returns", queue_put(&queue, 5), 0);
	queue_take(&queue);
	check_int("taken", queue_take(&queue), 5);
	check_int("taken, when both are gone", queue_take(&queue), -1);
}

static void put_again(void)
{
	put_all((const int[]){ 1, 2, 3 }, 3);
	queue_take(&queue);
	check_int("what queue_put returns for one that was taken",
		  queue_put(&queue, 1), 1);
	check_int("taken", queue_take(&queue), 2);
	check_int("taken", queue_take(&queue), 3);
	check_int("taken", queue_take(&queue), 1);
}

struct runner {
	char letter;
	int turns;
};

/* Puts itself again before each turn but the last. */
static void run(struct schedule *S, void *ud)
{
	const struct runner *runner = ud;

	for (int turn = 1; turn <= runner->turns; turn++) {
		order[strlen(order)] = runner->letter;
		if (turn == runner->turns)
			return;
		queue_put(&queue, coroutine_running(S));
		coroutine_yield(S);
	}
}

static struct schedule *open_with(int count, int turns)
{
	static struct runner runners[QUEUE_ROOM];
	struct schedule *S = coroutine_open();

	if (S == NULL)
		check_fail("no schedule could be opened");
	for (int i = 0; i < count; i++) {
		runners[i].letter = (char)('a' + i);
		runners[i].turns = turns;
		queue_put(&queue, coroutine_new(S, run, &runners[i]));
	}
	return S;
}

static void each_a_turn(void)
{
	struct schedule *S = open_with(5, 1);

	queue_round(&queue, S);
	check_str("who had a turn", order, "abcde");
	coroutine_close(S);
}

static void not_in_this_round(void)
{
	struct schedule *S = open_with(2, 5);

	queue_round(&queue, S);
	check_str("who had a turn in the first round", order, "ab");
	coroutine_close(S);
}

static void in_the_next(void)
{
	struct schedule *S = open_with(2, 5);

	for (int round = 1; round <= 3; round++)
		queue_round(&queue, S);
	check_str("who had a turn in three rounds", order, "ababab");
	coroutine_close(S);
}

static void ended_ones(void)
{
	struct schedule *S = open_with(2, 1);

	coroutine_resume(S, 0); /* it ends, and is in the queue still */
	memset(order, 0, sizeof order);
	check_int("turns given to one that has ended and one that has not",
		  queue_round(&queue, S), 1);
	check_str("who had a turn", order, "b");
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "who came first is taken first", first_first,
		  "put at the end, take at the beginning" },
		{ "nobody can be taken from an empty queue", empty,
		  "-1 is nobody; 0 is the id of a coroutine" },
		{ "the ring goes round", ring,
		  "behind the last place comes the first: % QUEUE_ROOM" },
		{ "a full queue refuses, and loses nobody", full,
		  "it is full when count is QUEUE_ROOM" },
		{ "who is in it is not put twice", not_twice,
		  "look at all who are in it before you put one" },
		{ "who was taken can be put again", put_again,
		  "only the places from first on, count of them, are in use" },
		{ "a round gives each of them a turn", each_a_turn,
		  "the count changes while you take" },
		{ "who is put during a round waits for the next",
		  not_in_this_round,
		  "how many were in it when the round began?" },
		{ "who puts itself again is in the next round", in_the_next,
		  "is it out of the queue when its turn begins?" },
		{ "one that has ended had no turn", ended_ones,
		  "a resume that returns -1 was none; go on with the next" },
	};

	return check_exercise("queue", tests, sizeof tests / sizeof *tests);
}
