/* One line runs three times, and there is no loop. */
#include <stdio.h>
#include <ucontext.h>

int main(void)
{
	//! [bookmark]
	ucontext_t bookmark;
	volatile int times = 0; /* not in a register: those come back old */

	getcontext(&bookmark);
	times++;
	printf("this line runs: %d\n", times);
	if (times < 3)
		setcontext(&bookmark);
	printf("and on we go\n");
	//! [bookmark]
	return 0;
}
