/* swapcontext has nothing to say; the answer waits in memory. */
#include <stdio.h>
#include <ucontext.h>

static ucontext_t here, there;
static char stack[65536];

//! [value]
static int question, answer;

static void square(void)
{
	for (;;) {
		answer = question * question;
		swapcontext(&there, &here);
	}
}
//! [value]

int main(void)
{
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, square, 0);
	//! [ask]
	for (question = 1; question <= 4; question++) {
		int returned = swapcontext(&here, &there);

		printf("%d squared: swapcontext returns %d, the answer is %d\n",
		       question, returned, answer);
	}
	//! [ask]
	return 0;
}
