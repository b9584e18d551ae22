/* A time-out and a signal in one round, in both orders. */
#include <errno.h>

#include "fake.h"
#include "../07-cond/cond.h"

static struct cond letter;

static void *waiter(struct dispatcher *d, void *ud)
{
	const int *seconds = ud;
	int result;

	timer_deadline(T, *seconds * TIMER_SECOND);
	result = cond_wait(&letter);
	printf("  %2lld s: %s: %s\n", timer_now(T) / TIMER_SECOND,
	       dispatcher_name(d, dispatcher_self(d)),
	       result == 0          ? "a signal"
	       : errno == ETIMEDOUT ? "ETIMEDOUT"
				    : "failed");
	return NULL;
}

static void post(void)
{
	int woken = cond_signal(&letter);

	printf("  %2lld s: the signal wakes %d\n", timer_now(T) / TIMER_SECOND,
	       woken);
}

static void *at_ten(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_sleep_until(T, 10 * TIMER_SECOND);
	post();
	return ud;
}

/* Runs from second 9 on, and works for a second before it signals. */
static void *from_nine(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_sleep_until(T, 9 * TIMER_SECOND);
	fake.now += TIMER_SECOND;
	post();
	return ud;
}

static int round_of(const char *title, dispatcher_func postman, int waiters)
{
	static int ten = 10, twenty = 20;

	printf("%s\n", title);
	fake.now = 0;
	begin(&fake_clock);
	cond_init(&letter, dispatcher_parking(D), "a letter");
	start("postman", postman, NULL);
	start("first", waiter, &ten);
	if (waiters == 2)
		start("second", waiter, &twenty);
	return finish();
}

int main(void)
{
	return round_of("the time-out is first", at_ten, 1) |
	       round_of("the time-out is first, and another one waits", at_ten,
			2) |
	       round_of("the signal is first", from_nine, 1);
}
