/* Three pots and one clock: who sleeps longest is started first. */
#include "fake.h"

enum { MINUTE = 60 };

//! [pot]
static void *pot(struct dispatcher *d, void *ud)
{
	const int *minutes = ud;

	timer_sleep(T, *minutes * MINUTE * TIMER_SECOND);
	printf("%2lld min: %s\n", timer_now(T) / TIMER_SECOND / MINUTE,
	       dispatcher_name(d, dispatcher_self(d)));
	return NULL;
}
//! [pot]

int main(void)
{
	static int bread = 50, egg = 5, tea = 3;
	int failed;

	//! [main]
	begin(&fake_clock);
	start("bread", pot, &bread);
	start("egg", pot, &egg);
	start("tea", pot, &tea);
	failed = finish();
	//! [main]
	printf("the clock has slept %ld times\n", fake.naps);
	return failed;
}
