/* A schedule inside a coroutine of another one. */
#include <errno.h>
#include <stdio.h>

#include "coroutine.h"

static struct schedule *outer, *inner;

//! [within]
static void within(struct schedule *S, void *ud)
{
	(void)ud;
	printf("        running: %d in outer, %d in inner\n",
	       coroutine_running(outer), coroutine_running(inner));
	if (coroutine_yield(outer) == -1 && errno == EPERM)
		printf("        yield(outer) is refused: EPERM\n");
	printf("        yield(inner)\n");
	coroutine_yield(S);
	printf("        ends\n");
}
//! [within]

//! [host]
static void host(struct schedule *S, void *ud)
{
	int id = coroutine_new(inner, within, NULL);

	(void)ud;
	printf("    the host resumes in inner\n");
	coroutine_resume(inner, id);
	printf("    the host has control back: yield(outer)\n");
	coroutine_yield(S);
	printf("    the host resumes in inner\n");
	coroutine_resume(inner, id);
	printf("    the host ends\n");
}
//! [host]

int main(void)
{
	outer = coroutine_open();
	inner = coroutine_open();
	if (outer == NULL || inner == NULL)
		return 1;
	int id = coroutine_new(outer, host, NULL);

	do
		printf("main resumes in outer\n");
	while (coroutine_resume(outer, id) == COROUTINE_SUSPEND);
	printf("main has control back\n");
	return coroutine_close(inner) | coroutine_close(outer);
}
