/* Where a yield goes: to whoever resumed this time. */
#include <stdio.h>

#include "coroutine.h"

static int a, b;

static void say(struct schedule *S, const char *words)
{
	printf("%s; B is %s\n", words,
	       coroutine_status_name(coroutine_status(S, b)));
}

//! [two]
static void run_b(struct schedule *S, void *ud)
{
	(void)ud;
	for (;;) {
		say(S, "        B yields");
		coroutine_yield(S);
	}
}

static void run_a(struct schedule *S, void *ud)
{
	(void)ud;
	say(S, "    A resumes B");
	coroutine_resume(S, b);
	say(S, "    A has control back, and ends");
}
//! [two]

static void resume_and_tell(struct schedule *S, const char *words, int id)
{
	say(S, words);
	coroutine_resume(S, id);
	say(S, "the loop has control back");
}

int main(void)
{
	struct schedule *S = coroutine_open();

	if (S == NULL)
		return 1;
	a = coroutine_new(S, run_a, NULL);
	b = coroutine_new(S, run_b, NULL);
	resume_and_tell(S, "the loop resumes A", a);
	resume_and_tell(S, "the loop resumes B", b);
	return coroutine_close(S);
}
