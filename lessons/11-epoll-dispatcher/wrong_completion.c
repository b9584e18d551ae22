/* WRONG ON PURPOSE: somebody writes into a suspended coroutine's buffer, on a
 * shared stack. -DMENDED: the coroutine is told, and takes the bytes itself. */
#include <stdio.h>
#include <string.h>

#include "coroutine.h"

static char *buffer_of[2]; /* where the "system" is to put the bytes */
static const char *const arrived[2] = { "for ann", "for bob" };
static int wrong;

//! [reader]
static void reader(struct schedule *S, void *ud)
{
	const int *me = ud;
	char buffer[16] = "(empty)";

	buffer_of[*me] = buffer;
	coroutine_yield(S); /* until the bytes are there */
#ifdef MENDED
	strcpy(buffer, arrived[*me]); /* as read() does: we run, it is ours */
#endif
	printf("%s finds \"%s\"\n", *me ? "bob" : "ann", buffer);
	wrong += strcmp(buffer, arrived[*me]) != 0;
}
//! [reader]

/* The bytes for ann come while bob was the last to stand on the stack. */
static void complete(int whose)
{
#ifdef MENDED
	(void)whose; /* only the news: you can read now */
#else
	strcpy(buffer_of[whose], arrived[whose]);
#endif
}

int main(void)
{
	static int ann = 0, bob = 1;
	struct schedule *S = coroutine_open();
	int ids[2] = { coroutine_new(S, reader, &ann),
		       coroutine_new(S, reader, &bob) };

	coroutine_resume(S, ids[0]);
	coroutine_resume(S, ids[1]);
	complete(0);
	coroutine_resume(S, ids[1]);
	coroutine_resume(S, ids[0]);
	coroutine_close(S);
	return wrong > 0;
}
