/* Exercise verdict: resume a coroutine once, and say what came of it. */
#include "verdict.h"

const char *verdict(struct schedule *S, int id)
{
	/* TODO: one resume; then one of four words. */
	(void)S;
	(void)id;
	return "";
}
