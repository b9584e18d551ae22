/* Allocations, counted and made to fail: for programs that are linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free. What coroutine.c,
 * the mechanisms and the test itself ask for comes by here; CMocka's own memory
 * does not. Include it after cmocka.h. */
#ifndef STARVE_H
#define STARVE_H

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

/* The names and signatures are the linker's. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

static struct {
	long asked;      /* allocations asked for */
	long fail_from;  /* the first to fail, counted from 1; 0: none */
	long fail_count; /* how many in a row */
	long failed;
	long blocks; /* living blocks of the heap */
	long most;   /* blocks at their most */
} memory;

static int must_fail(void)
{
	memory.asked++;
	if (!memory.fail_from || memory.asked < memory.fail_from ||
	    memory.asked - memory.fail_from >= memory.fail_count)
		return 0;
	memory.failed++;
	errno = ENOMEM;
	return 1;
}

static void *count_block(void *block)
{
	if (block && ++memory.blocks > memory.most)
		memory.most = memory.blocks;
	return block;
}

void *__wrap_malloc(size_t size)
{
	return must_fail() ? NULL : count_block(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return must_fail() ? NULL : count_block(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
	void *more;

	if (must_fail())
		return NULL;
	more = __real_realloc(block, size);
	return block ? more : count_block(more);
}

void __wrap_free(void *block)
{
	memory.blocks -= block != NULL;
	__real_free(block);
}

/* From now on the n-th allocation fails, and so many in a row. */
static inline void starve(long n, long count)
{
	memory.asked = memory.failed = 0;
	memory.fail_from = n;
	memory.fail_count = count;
}

/* Runs a scene with its first allocation failing, then its second, and so on,
 * until one run needs no more; then the scene has gone well once. The scene
 * returns 1 when all went well, 0 when it was told ENOMEM, and cleans up. */
static inline void each_allocation_fails(int (*scene)(void **state),
					 void **state)
{
	long before = memory.blocks, n = 0;
	int well;

	do {
		starve(++n, 1);
		well = scene(state);
		assert_int_equal(memory.blocks, before);
		assert_true(well || memory.failed > 0);
	} while (memory.failed > 0);
	assert_true(well);
	starve(0, 0);
}

#endif
