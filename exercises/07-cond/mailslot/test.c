#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "mailslot.h"

#include "../../../lessons/07-cond/cond.c"
#include "../../../lessons/07-cond/parking.c"

enum { PEOPLE = 6 };

/* Static: on their own stacks these would be copied out with them. */
static struct person {
	const char *letter; /* to put, or taken */
	int id, done;
} people[PEOPLE];

static int count; /* of those who have come */

static struct schedule *office;
static struct parking *clerk;
static struct mailslot slot;

static void puts_one(struct schedule *S, void *ud)
{
	struct person *me = ud;

	(void)S;
	if (mailslot_put(&slot, me->letter) == 0)
		me->done = 1;
}

static void takes_one(struct schedule *S, void *ud)
{
	struct person *me = ud;

	(void)S;
	me->letter = mailslot_take(&slot);
	me->done = 1;
}

static void open_office(void)
{
	office = coroutine_open();
	clerk = parking_open(office);
	if (clerk == NULL)
		check_fail("no schedule could be opened");
	cond_init(&slot.filled, clerk, "a letter");
	cond_init(&slot.emptied, clerk, "an empty slot");
}

static void close_office(void)
{
	coroutine_close(office);
	parking_close(clerk);
}

/* One comes and has a first turn; the number is its place in people[]. */
static int comes(coroutine_func func, const char *letter)
{
	struct person *one = &people[count];

	one->letter = letter;
	one->id = coroutine_new(office, func, one);
	coroutine_resume(office, one->id);
	return count++;
}

/* Everyone has a turn, in the order in which they came. */
static void turns(int rounds)
{
	while (rounds-- > 0)
		for (int i = 0; i < count; i++)
			coroutine_resume(office, people[i].id);
}

static void straight(void)
{
	int first, second;

	open_office();
	first = comes(puts_one, "a letter");
	check_true("who puts into an empty slot need not wait",
		   people[first].done);
	check_str("the letter in the slot", slot.letter, "a letter");
	second = comes(takes_one, NULL);
	check_true("who finds a letter need not wait", people[second].done);
	check_str("the letter taken", people[second].letter, "a letter");
	check_str("the letter left in the slot", slot.letter, NULL);
	close_office();
}

static void taker_waits(void)
{
	int taker;

	open_office();
	taker = comes(takes_one, NULL);
	turns(2);
	check_true("who finds no letter waits", !people[taker].done);
	comes(puts_one, "at last");
	turns(2);
	check_true("when a letter has come, the wait ends", people[taker].done);
	check_str("the letter taken", people[taker].letter, "at last");
	close_office();
}

static void putter_waits(void)
{
	int second;

	open_office();
	comes(puts_one, "first");
	second = comes(puts_one, "second");
	turns(2);
	check_true("who finds the slot full waits", !people[second].done);
	check_str("the letter in the slot", slot.letter, "first");
	close_office();
}

static char arrived[64];

static void puts_five(struct schedule *S, void *ud)
{
	static const char *const letters[] = { "a", "b", "c", "d", "e" };

	(void)S;
	(void)ud;
	for (int i = 0; i < 5; i++)
		if (mailslot_put(&slot, letters[i]) == -1)
			return;
}

static void takes_five(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	for (int i = 0; i < 5; i++) {
		const char *letter = mailslot_take(&slot);

		strcat(arrived, letter == NULL ? "-" : letter);
	}
}

static void five_letters(void)
{
	open_office();
	comes(puts_five, NULL);
	comes(takes_five, NULL);
	turns(20);
	check_str("the letters that arrived", arrived, "abcde");
	close_office();
}

/* The first to wait is signalled, and then somebody else takes the letter. */
static void taken_on_the_way(void)
{
	int patient, quick;

	open_office();
	patient = comes(takes_one, NULL);
	comes(puts_one, "one");
	quick = comes(takes_one, NULL);
	check_str("the letter that the quick one takes", people[quick].letter,
		  "one");
	turns(2);
	check_true("the patient one still waits", !people[patient].done);
	comes(puts_one, "two");
	turns(2);
	check_str("the letter of the patient one", people[patient].letter,
		  "two");
	close_office();
}

/* The first to wait is signalled, and then somebody else fills the slot. */
static void filled_on_the_way(void)
{
	int patient;

	open_office();
	comes(puts_one, "one");
	patient = comes(puts_one, "two");
	comes(takes_one, NULL);
	comes(puts_one, "three");
	turns(2);
	check_str("the letter in the slot", slot.letter, "three");
	check_true("the patient one still waits", !people[patient].done);
	close_office();
}

/* Two wait for a letter and one for room; a signal must not go astray. */
static void both_kinds(void)
{
	int first, second;

	open_office();
	first = comes(takes_one, NULL);
	second = comes(takes_one, NULL);
	comes(puts_one, "one");
	comes(puts_one, "two");
	turns(5);
	check_str("the letter of the first", people[first].letter, "one");
	check_true("nobody sleeps who could go on", people[second].done);
	check_str("the letter of the second", people[second].letter, "two");
	close_office();
}

/* Outside of all coroutines there is nobody to put to sleep: EPERM. */
static void wait_fails(void)
{
	open_office();
	check_str("taken from an empty slot, outside of all coroutines",
		  mailslot_take(&slot), NULL);
	check_int("put into an empty slot", mailslot_put(&slot, "one"), 0);
	check_int("put into a full slot, outside of all coroutines",
		  mailslot_put(&slot, "two"), -1);
	check_str("the letter in the slot", slot.letter, "one");
	close_office();
}

int main(void)
{
	static const struct check tests[] = {
		{ "a letter goes straight through", straight,
		  "look before you wait; taken is taken: the slot is empty" },
		{ "who finds no letter waits for one", taker_waits,
		  "wait on filled, and whoever puts signals filled" },
		{ "who finds a letter in the slot waits", putter_waits,
		  "a second letter must not cover the first one" },
		{ "letters arrive in their order, all of them", five_letters,
		  "whoever takes must tell those who wait for an empty slot" },
		{ "a letter is taken by one", taken_on_the_way,
		  "between the signal and your turn others run: look again" },
		{ "a letter is not covered by one that waited",
		  filled_on_the_way,
		  "between the signal and your turn others run: look again" },
		{ "a signal wakes one who can go on", both_kinds,
		  "two kinds wait here, and there is a cond for each" },
		{ "a wait that fails changes nothing", wait_fails,
		  "when cond_wait returns -1, return at once" },
	};

	return check_exercise("mailslot", tests, sizeof tests / sizeof *tests);
}
