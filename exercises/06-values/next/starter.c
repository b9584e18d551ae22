#include "next.h"

/* Lua's wrap, but one that tells the end from a NULL. Returns
 *    1  a value came, and is in *value; it may be NULL
 *    0  there is no more: the coroutine has ended, now or earlier
 *   -1  the resume was refused for another reason (errno tells which)
 * *value is written only with 1. */
int next(struct schedule *S, int id, void **value)
{
	/* TODO: one resume, and what it returned decides */
	(void)S;
	(void)id;
	(void)value;
	return -1;
}
