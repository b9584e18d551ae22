/* Misconception: a stack can come from malloc, and mprotect works there too */
/* Rejected by: the guard lies right below the stack */
#include "fence.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int make_stack(struct stack *s, size_t size, size_t guard)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t whole = (size + page - 1) / page * page;
	size_t below = (guard + page - 1) / page * page;

	errno = size == 0 ? EINVAL : ENOMEM;
	if (size == 0 || whole < size || below < guard || whole + below < whole)
		return -1;
	s->all = below + whole;
	s->map = malloc(s->all);
	if (s->map == NULL)
		return -1;
	s->base = s->map + below;
	s->size = whole;
	mprotect(s->map, below, PROT_NONE);
	return 0;
}

void drop_stack(struct stack *s)
{
	free(s->map);
}
