/* Shared by your answer and its test. */
#ifndef FENCE_H
#define FENCE_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#endif
#include <stddef.h>

struct stack {
	char *map;   /* the lowest byte of all: the guard begins here */
	size_t all;  /* bytes from there to the top of the stack */
	char *base;  /* the lowest byte that may be used */
	size_t size; /* bytes that may be used, whole pages */
};

/* Makes and drops a stack, as fence.c says. */
int make_stack(struct stack *s, size_t size, size_t guard);
void drop_stack(struct stack *s);

#endif
