/* WRONG ON PURPOSE: a coroutine hands out a pointer to its own local, and is
 * suspended while somebody reads through it. -DMENDED: static memory instead.
 * ./wrong_pointer 2 gives each of the two coroutines a stack of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coroutine.h"

static const char *letter; /* from the writer to the reader */

//! [writer]
static void writer(struct schedule *S, void *ud)
{
#ifdef MENDED
	static char paper[1000];
#else
	char paper[1000];
#endif
	(void)ud;
	strcpy(paper + 500, "dear reader");
	letter = paper + 500;
	coroutine_yield(S);
	printf("the writer reads: %s\n", letter);
	letter = NULL;
}
//! [writer]

//! [reader]
static void reader(struct schedule *S, void *ud)
{
	char work[4000]; /* stands where the writer's frame stood */

	(void)S;
	(void)ud;
	memset(work, 'x', sizeof work);
	printf("the reader works on %.4s and reads: %.11s\n", work, letter);
}
//! [reader]

int main(int argc, char **argv)
{
	struct coroutine_options options = { 2, 0, 1 };
	struct schedule *S;
	int w, r;

	if (argc > 1)
		options.stacks = atoi(argv[1]);
	S = coroutine_open_with(&options);
	if (!S) {
		perror("coroutine_open_with");
		return 1;
	}
	w = coroutine_new(S, writer, NULL);
	r = coroutine_new(S, reader, NULL);
	coroutine_resume(S, w);
	coroutine_resume(S, r);
	coroutine_resume(S, w);
	coroutine_close(S);
	return 0;
}
