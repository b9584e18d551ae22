#include <limits.h>
#include <string.h>

#include "check.h"
#include "alarm.h"

static struct alarms heap;
static struct alarm alarms[ALARMS];

/* No child is earlier than its parent, and each alarm knows its place. */
static void check_heap(void)
{
	for (size_t i = 0; i < heap.count; i++) {
		if (heap.at[i]->place != i + 1)
			check_fail("the alarm at index %zu has place %zu, "
				   "wanted %zu",
				   i, heap.at[i]->place, i + 1);
		if (i > 0 && heap.at[i]->when < heap.at[(i - 1) / 2]->when)
			check_fail("at index %zu stands %lld, but its parent "
				   "is %lld",
				   i, heap.at[i]->when,
				   heap.at[(i - 1) / 2]->when);
	}
}

static void set_all(const long long when[], int count)
{
	for (int i = 0; i < count; i++) {
		alarms_set(&heap, &alarms[i], when[i]);
		check_int("how many are set", (long long)heap.count, i + 1);
	}
}

/* The earliest, taken out. */
static struct alarm *ring(void)
{
	struct alarm *first = heap.at[0];
	size_t count = heap.count;

	check_true("an alarm is left", count > 0);
	alarms_stop(&heap, first);
	check_int("how many are left", (long long)heap.count,
		  (long long)count - 1);
	return first;
}

static void earliest_on_top(void)
{
	static const long long when[] = { 3, 5, 1 };

	set_all(when, 3);
	check_int("the moment on top", heap.at[0]->when, 1);
}

static void parents_first(void)
{
	static const long long when[] = { 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 };

	set_all(when, 10);
	check_heap();
}

static void in_order(void)
{
	static const long long when[] = { 50, 20, 80, 10, 60, 30, 70, 40 };

	set_all(when, 8);
	for (int i = 1; i <= 8; i++) {
		check_int("the moment that rings", ring()->when, 10 * i);
		check_heap();
	}
}

static void equal_ones(void)
{
	for (int i = 0; i < 10; i++)
		alarms_set(&heap, &alarms[i], 7);
	check_int("how many are set", (long long)heap.count, 10);
	for (int i = 0; i < 10; i++)
		check_int("which one of the equal alarms rings",
			  ring() - alarms, i);
}

static void far_apart(void)
{
	static const long long when[] = { LLONG_MAX, 3000000000, LLONG_MIN, 1 };
	static const long long sorted[] = { LLONG_MIN, 1, 3000000000,
					    LLONG_MAX };

	set_all(when, 4);
	for (int i = 0; i < 4; i++)
		check_int("the moment that rings", ring()->when, sorted[i]);
}

static void from_the_middle(void)
{
	static const long long when[] = { 1, 10, 2, 11, 12, 3, 4 };

	set_all(when, 7);
	alarms_stop(&heap, &alarms[3]);
	check_int("how many are set", (long long)heap.count, 6);
	check_heap();
}

static void the_last_one(void)
{
	static const long long when[] = { 1, 2, 3 };

	set_all(when, 3);
	alarms_stop(&heap, &alarms[2]);
	check_int("how many are set", (long long)heap.count, 2);
	check_int("the place of the one taken out", (long long)alarms[2].place,
		  0);
	check_heap();
}

static void set_anew(void)
{
	static const long long when[] = { 10, 20, 30 };

	set_all(when, 3);
	alarms_set(&heap, &alarms[2], 5);
	check_int("how many are set", (long long)heap.count, 3);
	check_true("the one set to an earlier moment is on top",
		   heap.at[0] == &alarms[2]);
	alarms_set(&heap, &alarms[2], 40);
	check_int("how many are set", (long long)heap.count, 3);
	check_heap();
	check_int("the moment on top", heap.at[0]->when, 10);
}

static void not_set(void)
{
	alarms_set(&heap, &alarms[0], 10);
	alarms_stop(&heap, &alarms[1]);
	check_int("how many are set", (long long)heap.count, 1);
	alarms_stop(&heap, &alarms[0]);
	alarms_stop(&heap, &alarms[0]);
	check_int("how many are set", (long long)heap.count, 0);
}

/* Each new one is the earliest: no way is longer than 10 levels. */
static void few_steps(void)
{
	for (int i = 0; i < ALARMS; i++)
		alarms_set(&heap, &alarms[i], ALARMS - i);
	check_true("no more than 11 steps for each alarm that is set",
		   heap.steps <= 11 * ALARMS);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the earliest is on top", earliest_on_top,
		  "up past each parent that is later; the parent of i is at "
		  "(i - 1) / 2" },
		{ "no child is earlier than its parent", parents_first,
		  "one swap is not enough, and neither is a list" },
		{ "they ring in the order of their moments", in_order,
		  "down goes to the earlier one of the two children" },
		{ "of equal moments the one set first rings first", equal_ones,
		  "keep a number in each alarm, and let it decide" },
		{ "moments far apart are compared rightly", far_apart,
		  "compare with <; what is the difference of the two?" },
		{ "one taken from the middle leaves a heap", from_the_middle,
		  "the last one may be earlier than the parent of the hole" },
		{ "the last one can be taken out", the_last_one,
		  "there is no hole to fill then; and its place is 0" },
		{ "an alarm that is set already is moved", set_anew,
		  "it must not stand in the array twice" },
		{ "stopping one that is not set does nothing", not_set,
		  "place 0 means: in no heap; also after it was taken out" },
		{ "an alarm is set in few steps", few_steps,
		  "a sorted array moves all the others; a heap only a branch" },
	};

	return check_exercise("alarm", tests, sizeof tests / sizeof *tests);
}
