/* WRONG ON PURPOSE: the callers in one array of 128, and the depth behind it,
 * as libco has them; nobody looks whether the array is full. */
#include <stdio.h>

#ifdef MENDED
enum { DEEPEST = 10000 };

//! [links]
static int caller[DEEPEST + 1]; /* a link for each; 0 is main */

static void resume(int coroutine, int running)
{
	caller[coroutine] = running;
}
//! [links]

int main(void)
{
	int links = 0;

	for (int i = 1; i <= DEEPEST; i++)
		resume(i, i - 1);
	for (int i = DEEPEST; i != 0; i = caller[i])
		links++;
	printf("%d nested resumes, and %d links lead home\n", DEEPEST, links);
	return links != DEEPEST;
}
#else
enum { CALLERS = 128 };

//! [push]
/* One array, so that the overflow of the emulation stays inside of it. */
static int words[CALLERS + 1];
static int *const depth = &words[CALLERS];

static void push(int coroutine)
{
	int at = *depth;

	*depth = at + 1;
	words[at] = coroutine;
}
//! [push]

int main(void)
{
	push(1000); /* main is the first entry, as in libco */
	for (int nested = 1; nested <= 128; nested++) {
		push(1000 + nested);
		if (nested >= 126)
			printf("%d nested resumes: the depth reads %d\n",
			       nested, *depth);
	}
	return *depth > CALLERS;
}
#endif
