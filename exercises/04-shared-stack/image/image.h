/* Shared by your answer and its test: the copying half of a schedule. */
#ifndef IMAGE_H
#define IMAGE_H

#include <stddef.h>
#include <stdint.h>

/* How far below its noted depth a coroutine's frames may reach, in bytes. */
enum { BELOW = 128 };

/* The stack that all share. It grows down from base + size towards base. */
struct stack {
	char *base;
	size_t size;
};

/* What is kept of one coroutine. All zero before its first save. */
struct frames {
	uintptr_t low; /* the noted depth: an address on the stack */
	char *image;   /* yours: heap memory, freed by the test */
	size_t size;   /* yours: how many bytes the image holds now */
	size_t room;   /* yours: how many bytes it has room for */
};

/* Called after the switch, standing on other ground. Returns 0; -1 when there
 * is no memory, and then nothing has changed. */
int save(const struct stack *stack, struct frames *frames);

/* Called before the switch back. The image is needed again at the next save. */
void restore(const struct stack *stack, const struct frames *frames);

#endif
