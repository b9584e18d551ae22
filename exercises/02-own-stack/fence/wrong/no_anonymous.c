/* Misconception: a mapping without a file needs no flag for that, a descriptor of -1 says it */
/* Rejected by: every byte of the stack can be used */
#include "fence.h"

#include <errno.h>
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
	s->map = mmap(NULL, s->all, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1, 0);
	if (s->map == MAP_FAILED)
		return -1;
	s->base = s->map + below;
	s->size = whole;
	return mprotect(s->map, below, PROT_NONE);
}

void drop_stack(struct stack *s)
{
	munmap(s->map, s->all);
}
