/* Nobody can resume who runs, nor who waits for it. */
#include <errno.h>
#include <stdio.h>

#include "coroutine.h"

enum { COUNT = 3 };

static int ids[COUNT];

//! [last]
static void try_all(struct schedule *S)
{
	for (int i = COUNT - 1; i >= 0; i--) {
		int answer = coroutine_resume(S, ids[i]);

		printf("C resumes %c: %d%s\n", 'A' + i, answer,
		       answer == -1 && errno == EBUSY ? " EBUSY" : "");
	}
}
//! [last]

static void member(struct schedule *S, void *ud)
{
	int me = coroutine_running(S);

	(void)ud;
	if (me == ids[COUNT - 1])
		try_all(S);
	else
		coroutine_resume(S, me + 1);
	printf("%c ends\n", 'A' + me);
}

int main(void)
{
	struct schedule *S = coroutine_open();

	if (S == NULL)
		return 1;
	for (int i = 0; i < COUNT; i++)
		ids[i] = coroutine_new(S, member, NULL);
	coroutine_resume(S, ids[0]);
	return coroutine_close(S);
}
