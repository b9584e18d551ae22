/* The system's clock, for once: what it does while all sleep. */
#include <time.h>

#include "fake.h"

static void *nap(struct dispatcher *d, void *ud)
{
	long long began = timer_now(T);

	(void)d;
	timer_sleep(T, 200 * TIMER_MS);
	printf("slept 200 ms or more: %s\n",
	       timer_now(T) - began >= 200 * TIMER_MS ? "yes" : "no");
	return ud;
}

int main(void)
{
	int failed;

	begin(NULL);
	start("nap", nap, NULL);
	failed = finish();
	printf("and computed for less than 100 ms: %s\n",
	       clock() < CLOCKS_PER_SEC / 10 ? "yes" : "no");
	return failed;
}
