/* Work every second, and the work takes 100 ms: two ways to sleep. */
#include "fake.h"

static void work(const char *who)
{
	printf("%s at %lld ms\n", who, timer_now(T) / TIMER_MS);
	fake.now += 100 * TIMER_MS;
}

static void *by_duration(struct dispatcher *d, void *ud)
{
	(void)d;
	//! [duration]
	for (int i = 0; i < 3; i++) {
		timer_sleep(T, TIMER_SECOND);
		work("    by duration");
	}
	//! [duration]
	return ud;
}

static void *by_moment(struct dispatcher *d, void *ud)
{
	long long next = timer_now(T);

	(void)d;
	//! [moment]
	for (int i = 0; i < 3; i++) {
		next += TIMER_SECOND;
		timer_sleep_until(T, next);
		work("by moment");
	}
	//! [moment]
	return ud;
}

static int alone(dispatcher_func func)
{
	fake.now = 0;
	begin(&fake_clock);
	start("worker", func, NULL);
	return finish();
}

int main(void)
{
	return alone(by_duration) | alone(by_moment);
}
