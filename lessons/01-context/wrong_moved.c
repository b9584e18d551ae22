/* WRONG ON PURPOSE: a context that was copied to another address. */
#include <fenv.h>
#include <stdio.h>
#include <ucontext.h>

static void tell(const char *when)
{
	printf("%-16s%s\n", when, fegetround() == FE_UPWARD ? "up" : "down");
}

int main(void)
{
	static ucontext_t saved, copy;
	volatile int back = 0;

	//! [move]
	fesetround(FE_UPWARD);
#ifdef MENDED
	getcontext(&copy); /* saved where it will stay */
#else
	getcontext(&saved);
	if (!back)
		copy = saved;
#endif
	//! [move]
	if (back) {
		tell("back:");
		return 0;
	}
	tell("when saved:");
	//! [reuse]
	back = 1;
	fesetround(FE_DOWNWARD);
	tell("later:");
	getcontext(&saved); /* its memory serves something else now */
	setcontext(&copy);
	//! [reuse]
	return 1;
}
