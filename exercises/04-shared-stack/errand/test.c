/*
 * Askers and a clerk share one stack. (ask, clerk: resumed; -: yields)
 *
 *	ask A -        (A once more -)        A reads, ends
 *	        ask B -                clerk -            B reads, ends
 */
#define ERRAND_TEST 1
#include "errand.h"
#include "check.h"

#include <stdint.h>
#include <string.h>

struct desk {
	struct errand *first;
	int waiting;
};

/* ---- the heap, counted -------------------------------------------------- */

enum { TAKEN = 20 };

/* What is given back is poisoned and kept: whoever still uses it shows. */
static struct {
	void *memory;
	size_t size;
	int free;
} taken[TAKEN];

static int takes, gives, no_more;

void *errand_malloc(size_t size)
{
	void *memory;

	if (no_more)
		return NULL;
	if (takes == TAKEN)
		check_fail("more than %d pieces of memory were taken", TAKEN);
	memory = malloc(size);
	if (memory == NULL)
		check_fail("the test itself has no memory");
	memset(memory, 0xA5, size);
	taken[takes].memory = memory;
	taken[takes++].size = size;
	return memory;
}

void errand_free(void *memory)
{
	int i;

	if (memory == NULL)
		return;
	for (i = 0; i < takes; i++) {
		if (taken[i].memory != memory)
			continue;
		if (taken[i].free)
			check_fail("free() got the same memory twice");
		memset(memory, 0xA5, taken[i].size);
		taken[i].free = 1;
		gives++;
		return;
	}
	check_fail("free() got memory that malloc() did not give");
}

static void release(void)
{
	while (takes > 0)
		free(taken[--takes].memory);
}

/* ---- the desk, the clerk, the askers ------------------------------------ */

void desk_put(struct desk *desk, struct errand *errand)
{
	errand->next = desk->first;
	desk->first = errand;
	desk->waiting++;
}

static int freed(const struct errand *errand)
{
	int i;

	for (i = 0; i < takes; i++)
		if (taken[i].memory == errand && taken[i].free)
			return 1;
	return 0;
}

/* Works on the stack where the askers stood: `work` covers their frames. */
static void clerk(struct schedule *S, void *ud)
{
	struct desk *desk = ud;
	char work[8000];

	for (;;) {
		memset(work, 0xA5, sizeof(work));
		while (desk->first != NULL) {
			struct errand *errand = desk->first;
			uintptr_t at = (uintptr_t)errand;

			if (at - (uintptr_t)work < sizeof(work))
				check_fail("the errand lies where the clerk's "
					   "frames are now");
			if (freed(errand))
				check_fail("the clerk found a freed errand");
			desk->first = errand->next;
			desk->waiting--;
			errand->answer = errand->question * 2;
			errand->answered = 1;
		}
		coroutine_yield(S);
	}
}

struct asker {
	struct desk *desk;
	int question, answer, result, done;
};

/* Its own frames lie between the entry's and those of ask. */
static void asker(struct schedule *S, void *ud)
{
	struct asker *it = ud;
	volatile char room[1000];
	int answer = -1, i;

	for (i = 0; i < 1000; i++)
		room[i] = (char)(i % 100);
	it->result = ask(S, it->desk, it->question, &answer);
	for (i = 0; i < 1000; i++)
		check_int("a byte of the asker's frame", room[i], i % 100);
	it->answer = answer;
	it->done = 1;
}

static struct schedule *S;
static struct desk desk;
static int clerk_id;

static void open_desk(void)
{
	S = coroutine_open();
	if (S == NULL)
		check_fail("no schedule could be opened");
	clerk_id = coroutine_new(S, clerk, &desk);
}

static void close_desk(void)
{
	coroutine_close(S);
	release();
}

static int send(struct asker *it, int question)
{
	int id = coroutine_new(S, asker, it);

	memset(it, 0, sizeof(*it));
	it->desk = &desk;
	it->question = question;
	coroutine_resume(S, id);
	return id;
}

static void answered(const struct asker *it, const char *what)
{
	if (!it->done)
		check_fail("the errand is answered; ask has not returned");
	check_int("what ask returns", it->result, 0);
	check_int(what, it->answer, 2 * it->question);
}

static void waits(void)
{
	struct asker a;
	int id;

	open_desk();
	id = send(&a, 21);
	check_str("the asker, after one resume, is",
		  coroutine_status_name(coroutine_status(S, id)), "SUSPEND");
	check_int("errands on the desk", desk.waiting, 1);
	close_desk();
}

static void comes_back(void)
{
	struct asker a;
	int id;

	open_desk();
	id = send(&a, 21);
	coroutine_resume(S, clerk_id);
	coroutine_resume(S, id);
	answered(&a, "the answer to 21");
	close_desk();
}

static void early(void)
{
	struct asker a;
	int id;

	open_desk();
	id = send(&a, 21);
	coroutine_resume(S, id);
	coroutine_resume(S, id);
	if (a.done)
		check_fail("ask returned %d; the clerk has not run", a.result);
	check_int("errands on the desk", desk.waiting, 1);
	coroutine_resume(S, clerk_id);
	coroutine_resume(S, id);
	answered(&a, "the answer to 21");
	close_desk();
}

static void apart(void)
{
	struct asker a, b;
	int a_id, b_id;

	open_desk();
	a_id = send(&a, 21);
	b_id = send(&b, 50);
	/* Twice the same errand is a ring of one. */
	if (desk.first != NULL && desk.first == desk.first->next)
		check_fail("the same errand lies on the desk twice");
	check_int("errands on the desk", desk.waiting, 2);
	coroutine_resume(S, clerk_id);
	coroutine_resume(S, a_id);
	coroutine_resume(S, b_id);
	answered(&a, "the answer to 21");
	answered(&b, "the answer to 50");
	close_desk();
}

static void gives_back(void)
{
	struct asker a;
	int i, id;

	open_desk();
	for (i = 0; i < 3; i++) {
		id = send(&a, i);
		coroutine_resume(S, clerk_id);
		coroutine_resume(S, id);
		answered(&a, "an answer");
	}
	check_int("pieces of memory not given back", takes - gives, 0);
	close_desk();
}

static void no_memory(void)
{
	struct asker a;

	open_desk();
	no_more = 1;
	send(&a, 21);
	if (!a.done)
		check_fail("there is no memory, and ask waits");
	check_int("what ask returns without memory", a.result, -1);
	check_int("errands on the desk", desk.waiting, 0);
	close_desk();
}

int main(void)
{
	static const struct check tests[] = {
		{ "ask lays one errand on the desk and waits", waits,
		  "desk_put, then coroutine_yield" },
		{ "the answer comes back", comes_back,
		  "while you are suspended, your locals are not on the stack" },
		{ "a resume without an answer is not an answer", early,
		  "look at answered after each yield: a loop" },
		{ "two who ask get their own answers", apart,
		  "each needs an errand of its own; a static is one for all" },
		{ "what was taken from the heap is given back", gives_back,
		  "who frees the errand, and from when on may he?" },
		{ "without memory ask says so and leaves no errand", no_memory,
		  "look at what malloc returns" },
	};

	return check_exercise("errand", tests,
			      sizeof(tests) / sizeof(tests[0]));
}
