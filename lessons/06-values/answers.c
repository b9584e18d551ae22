/* What resume returns, beside what the coroutine answered. */
#include "coroutine.h"

#include <errno.h>
#include <stdio.h>

//! [body]
static char word[] = "a word";

static void body(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_yield_with(S, word);
	coroutine_yield_with(S, NULL);
}
//! [body]

static void ask(struct schedule *S, int id)
{
	int now = coroutine_resume(S, id);

	if (now == -1) {
		printf("-1, errno is%s ESRCH\n", errno == ESRCH ? "" : " not");
		return;
	}
	const char *value = coroutine_value(S);
	printf("%s, value %s\n", coroutine_status_name(now),
	       value == NULL ? "NULL" : value);
}

int main(void)
{
	struct schedule *S = coroutine_open();
	int id = coroutine_new(S, body, NULL);

	for (int i = 0; i < 4; i++)
		ask(S, id);
	return coroutine_close(S);
}
