#include "fence.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* 0 when the sum does not fit: a size that wraps would look small and good. */
static size_t round_up(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (bytes > SIZE_MAX - (page - 1))
		return 0;
	return (bytes + page - 1) / page * page;
}

int make_stack(struct stack *s, size_t size, size_t guard)
{
	size_t stack = round_up(size), below = round_up(guard);

	if (size == 0) {
		errno = EINVAL;
		return -1;
	}
	if (stack == 0 || (below == 0 && guard > 0) ||
	    below > SIZE_MAX - stack) {
		errno = ENOMEM;
		return -1;
	}
	s->all = below + stack;
	/* No file is behind this memory, hence MAP_ANONYMOUS and the -1. */
	s->map = mmap(NULL, s->all, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->map == MAP_FAILED) /* which is not NULL */
		return -1;
	s->base = s->map + below;
	s->size = stack;
	/* A stack grows down: it leaves its ground at the LOW end. */
	if (mprotect(s->map, below, PROT_NONE) == 0)
		return 0;
	munmap(s->map, s->all); /* a stack without its guard is none */
	errno = ENOMEM;
	return -1;
}

void drop_stack(struct stack *s)
{
	/* From the guard on: the guard is mapped too, and would stay. */
	munmap(s->map, s->all);
}
