/* main resumes A, A resumes B, B resumes C; and every yield finds its way. */
#include <stdio.h>

#include "coroutine.h"

enum { COUNT = 3 };

static int ids[COUNT];

static void say(struct schedule *S, const char *words)
{
	int me = coroutine_running(S);

	printf("%*s%c %-*s", 4 * me, "", 'A' + me, 26 - 4 * me, words);
	for (int i = 0; i < COUNT; i++)
		printf("  %c %-*s", 'A' + i, i + 1 < COUNT ? 7 : 0,
		       coroutine_status_name(coroutine_status(S, ids[i])));
	printf("\n");
}

//! [member]
static void member(struct schedule *S, void *ud)
{
	const int *next = ud;

	say(S, "begins");
	if (next != NULL) {
		coroutine_resume(S, *next);
		say(S, "has control back");
	}
	coroutine_yield(S);
}
//! [member]

//! [main]
int main(void)
{
	struct schedule *S = coroutine_open();

	if (S == NULL)
		return 1;
	ids[0] = coroutine_new(S, member, &ids[1]);
	ids[1] = coroutine_new(S, member, &ids[2]);
	ids[2] = coroutine_new(S, member, NULL);
	printf("main resumes A\n");
	coroutine_resume(S, ids[0]);
	printf("main has control back\n");
	return coroutine_close(S);
}
//! [main]
