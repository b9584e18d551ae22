/* A program in two places: main says one word, elsewhere says the next. */
#include <stdio.h>
#include <ucontext.h>

//! [contexts]
static ucontext_t here, there;
static char stack[65536];
//! [contexts]

//! [elsewhere]
static void elsewhere(void)
{
	const char *words[] = { "are", "two", "at" };

	for (int i = 0; i < 3; i++) {
		printf("\t%s\n", words[i]);
		swapcontext(&there, &here);
	}
}
//! [elsewhere]

int main(void)
{
	//! [make]
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, elsewhere, 0);
	//! [make]
	//! [main]
	const char *words[] = { "You", "in", "places", "once." };

	for (int i = 0; i < 4; i++) {
		printf("%s\n", words[i]);
		swapcontext(&here, &there);
	}
	//! [main]
	return 0;
}
