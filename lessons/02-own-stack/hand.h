/* A coroutine made by hand: a private stack with a guard, and two contexts.
 * Include this first: it asks the system's headers for more than POSIX. */
#ifndef HAND_H
#define HAND_H

#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, madvise and mincore */
#endif
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

/* A frame is to be seen in these programs: no compiler may fold it away. */
#ifdef __GNUC__
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

enum { KB = 1024 };

extern char **environ;

//! [stack]
struct stack {
	char *map;   /* where the guard begins: the lowest byte of all */
	size_t all;  /* bytes from there up to the top of the stack */
	char *base;  /* the lowest byte that may be used */
	size_t size; /* bytes that may be used */
};

/* Both sizes in whole pages: access is granted by the page, not by the byte. */
static inline int stack_make(struct stack *s, size_t size, size_t guard)
{
	s->all = guard + size;
	s->map = mmap(NULL, s->all, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->map == MAP_FAILED)
		return -1;
	s->base = s->map + guard;
	s->size = size;
	/* A stack grows down, so it runs over its LOW end. */
	if (guard == 0 || mprotect(s->map, guard, PROT_NONE) == 0)
		return 0;
	munmap(s->map, s->all);
	return -1;
}

static inline void stack_free(struct stack *s)
{
	munmap(s->map, s->all);
}
//! [stack]

static inline int on_stack(const struct stack *s, uintptr_t where)
{
	uintptr_t base = (uintptr_t)s->base;

	return where >= base && where - base < s->size;
}

/* main's stack ends below the environment, and nothing is mapped near it. */
static inline int on_main_stack(uintptr_t where)
{
	uintptr_t top = (uintptr_t)environ;

	return where < top && top - where < 1024 * KB;
}

//! [hand]
struct hand {
	ucontext_t own;    /* where it goes on at the next resume */
	ucontext_t caller; /* where it goes back to */
	struct stack stack;
	void (*func)(struct hand *self);
	const char *name;
	int ended;
};

/* makecontext hands over ints only, so the entry finds its coroutine here. */
static struct hand *hand_starting;

static inline void hand_entry(void)
{
	struct hand *self = hand_starting;

	self->func(self);
	self->ended = 1; /* and uc_link leads to the caller */
}

static inline void hand_start(struct hand *self)
{
	getcontext(&self->own);
	self->own.uc_stack.ss_sp = self->stack.base; /* the LOW end */
	self->own.uc_stack.ss_size = self->stack.size;
	self->own.uc_link = &self->caller;
	makecontext(&self->own, hand_entry, 0);
}

static inline void hand_resume(struct hand *self)
{
	hand_starting = self;
	swapcontext(&self->caller, &self->own);
}

static inline void hand_yield(struct hand *self)
{
	swapcontext(&self->own, &self->caller);
}
//! [hand]

/* The usual beginning of the programs here: the stack, then the context. */
static inline void hand_make(struct hand *self, const char *name,
			     void (*func)(struct hand *), size_t size)
{
	self->name = name;
	self->func = func;
	self->ended = 0;
	if (stack_make(&self->stack, size, 64 * KB) == -1) {
		perror("stack_make");
		exit(1);
	}
	hand_start(self);
}

#endif
