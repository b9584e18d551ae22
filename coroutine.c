/*
 * SPDX-License-Identifier: MIT
 * Copyright (c) 2026 the coroutine.h authors
 *
 * The library of the coroutine course; coroutine.h has its version and the
 * contract of each call.
 *
 * Coroutines on POSIX ucontext. The story, top to bottom: what a slot, a stack
 * and a schedule are; how frames leave a stack and come back; how control goes
 * from one to another; the calls. Three rules carry it all:
 *
 *   1. Slot i stands on stack i % stacks, always: frames hold pointers to
 *      themselves, so they must come back to the addresses they left.
 *   2. Frames are copied only by somebody who stands on other ground, and only
 *      after the switch: whatever the call of swapcontext wrote into them
 *      (POWER's TOC pointer, the frames of a swapcontext written in C) is then
 *      in the copy.
 *   3. Who leaves a shared stack takes the memory for its image first, while
 *      it can still be told that there is none. After that nothing can fail.
 */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1 /* glibc under -std=c11: MAP_ANONYMOUS */
#endif
#ifdef __APPLE__
#define _XOPEN_SOURCE 600 /* decides the layout of ucontext_t there */
#define _DARWIN_C_SOURCE 1
#endif

#include "coroutine.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define COROUTINE_ASAN
#elif defined __SANITIZE_THREAD__ || __has_feature(thread_sanitizer)
#include <sanitizer/tsan_interface.h>
#define COROUTINE_TSAN
#endif
#ifdef COROUTINE_VALGRIND
#include <valgrind/memcheck.h>
#endif
#ifdef COROUTINE_STRICT
#include <signal.h>
#endif

/* ---- The machine and its compiler ---------------------------------------- */

#ifdef __hppa__
#error "coroutine.c needs a stack that grows down; this machine's grows up"
#endif
#ifndef __cplusplus
#define thread_local _Thread_local
#endif
#ifndef __GNUC__
#define __attribute__(x) /* none of them is needed there */
#define __builtin_prefetch(address) (void)(address)
#endif

/* Below each stack lies a guard: pages without access, so wide that no sensible
 * frame steps over them. Where protected memory makes a poor stack (AIX), they
 * come from the heap and end in a canary that every switch looks at. */
#if defined MAP_ANONYMOUS && !defined _AIX && !defined COROUTINE_NO_GUARD
enum { GUARD = 65536, CANARY = 0 };
#elif defined COROUTINE_STRICT
#error "strict mode protects pages, and stacks from the heap have none"
#else
#undef MAP_ANONYMOUS
#define MAP_ANONYMOUS 0
enum { GUARD = 0, CANARY = 64 };
#endif

/* How far below the noted depth a switch reaches. Measured on 12 architectures:
 * 0 bytes with an assembly swapcontext, at most 96 with one written in C. AIX's
 * is closed, ASan's wraps the system's: a generous guess, and both may read a
 * context before they overwrite it. */
#if defined _AIX || defined COROUTINE_ASAN
enum { MARGIN = 1024, ZERO_CONTEXTS = 1 };
#else
enum { MARGIN = 128, ZERO_CONTEXTS = 0 };
#endif

/* Tops of neighbouring stacks differ a little, or the hot frames of all would
 * meet in the same cache sets. */
enum { COLOURS = 8, COLOUR = 128 };

/* How much is fetched ahead of the frames of who goes on, and in what steps. */
enum { AHEAD = 2048, CACHE_LINE = 64 };

/* ---- Types and the state table ------------------------------------------- */

/* A slot. The frames of a living coroutine lie at the top of its stack or, when
 * somebody else has the stack, in its image. */
struct coroutine {
	coroutine_func func;
	void *ud;
	struct stack *stack;
	ucontext_t *context; /* where it goes on; lies in a frame of its own */
	size_t live;         /* bytes of frames; 0: has never left its stack */
	char *image;
	size_t room;              /* bytes of image */
	struct coroutine *caller; /* in a free slot: the next free one */
	int id;                   /* in a free slot: the one to issue next */
	int status;
#ifdef COROUTINE_TSAN
	void *fiber;
#endif
};

struct stack {
	char *base; /* lowest usable byte */
	char *top;
	size_t size;
	struct coroutine *owner; /* whose frames are on it, running or not */
#ifdef COROUTINE_VALGRIND
	unsigned valgrind_id;
#endif
#ifdef COROUTINE_STRICT
	unsigned tenant; /* id + 1 of the last who ran here; 0: nobody has */
#endif
};

/* Whoever enters the schedule from other ground than its stacks: the outermost
 * resume, or one from a coroutine of another schedule. It is the helper that
 * stands aside when two coroutines change places on one stack. */
struct home {
	ucontext_t context;
	struct home *outer;
	struct coroutine *guest; /* who entered; its turn ends the service */
	const void *bottom;      /* the ground, as ASan knows it */
	size_t size;
	void *fiber; /* as TSan knows it */
#ifdef COROUTINE_STRICT
	struct schedule *around; /* whose coroutine entered; NULL: nobody's */
#endif
};

struct schedule {
	struct coroutine *slots;
	int slot_count;
	int fresh;                 /* slots from here on have never been used */
	struct coroutine *vacant;  /* first of the list of free slots */
	struct coroutine *running; /* the new one while control is on its way */
	struct stack *stacks;
	int stack_count;
	int tracing;  /* in the tracer: nobody may switch */
	char *ground; /* guard, stack, guard, stack ... in one piece */
	size_t ground_size;
	size_t stride; /* bytes of a guard and its stack */
	struct home *home;
	void *value;
	coroutine_tracer tracer;
	void *tracer_ud;
	ucontext_t start; /* made anew for each coroutine that starts */
#ifdef COROUTINE_STRICT
	int strict;              /* frames are closed while they are away */
	struct coroutine *shown; /* the one whose frames are open */
#endif
};

/* All legal moves with their events. Rows: from; columns: to. */
static const char *const events[COROUTINE_STATES][COROUTINE_STATES] = {
	/*            DEAD     READY   RUNNING   SUSPEND  NORMAL */
	/* DEAD    */ { NULL, "new", NULL, NULL, NULL },
	/* READY   */ { "close", NULL, "resume", NULL, NULL },
	/* RUNNING */ { "exit", NULL, NULL, "yield", "resume another" },
	/* SUSPEND */ { "close", NULL, "resume", NULL, NULL },
	/* NORMAL  */ { NULL, NULL, "control returns", NULL, NULL },
};

static const char *const names[COROUTINE_STATES] = { "DEAD", "READY", "RUNNING",
						     "SUSPEND", "NORMAL" };

/* The one place where a state changes. */
static void change(struct schedule *S, struct coroutine *c, int to)
{
	int from = c->status;

	assert(events[from][to] != NULL);
	c->status = to;
	if (S->tracer == NULL)
		return;
	S->tracing++;
	S->tracer(S->tracer_ud, S, c->id, from, to);
	S->tracing--;
}

/* ---- Slots and ids ------------------------------------------------------- */

static int refuse(int error)
{
	errno = error;
	return -1;
}

/* The living coroutine that has this id, or NULL. */
static struct coroutine *find(const struct schedule *S, int id)
{
	struct coroutine *c;

	if (S == NULL || id < 0)
		return NULL;
	c = &S->slots[id % S->slot_count];
	return c->id == id && c->status != COROUTINE_DEAD ? c : NULL;
}

/* The slot of one who died on its stack becomes free, and its id stale. */
static void free_slot(struct schedule *S, struct coroutine *c)
{
	free(c->image);
	c->image = NULL;
	c->room = 0;
	c->stack->owner = NULL;
	if (c->id > INT_MAX - S->slot_count)
		c->id %= S->slot_count;
	else
		c->id += S->slot_count;
	c->caller = S->vacant;
	S->vacant = c;
}

/* ---- Strict mode: the end of this file has it ---------------------------- */

#ifdef COROUTINE_STRICT
static void strict_spread(struct schedule *S);
static void strict_begin(struct schedule *S);
static void strict_end(struct schedule *S);
static void strict_enter(struct schedule *S);
static void strict_exit(struct schedule *S);
static int strict_open(struct schedule *S, struct coroutine *c);
static void strict_arrive(struct schedule *S);
#define STRICT(S) (S)->strict
#else
#define strict_spread(S) (void)(S)
#define strict_begin(S) (void)(S)
#define strict_end(S) (void)(S)
#define strict_enter(S) (void)(S)
#define strict_exit(S) (void)(S)
#define strict_open(S, c) 0
#define strict_arrive(S) (void)(S)
#define STRICT(S) 0
#endif
#if !defined MAP_NORESERVE || \
	(!defined COROUTINE_STRICT && !defined COROUTINE_VALGRIND)
#undef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

/* ---- What tools must be told: each hook is empty without its tool -------- */

#define HOOK static inline __attribute__((always_inline)) void

/* Just before a switch to home or to the running coroutine; `fake` is NULL when
 * the leaver never comes back. The first to leave is home itself. */
HOOK tools_leave(struct schedule *S, const ucontext_t *next, void **fake)
{
	struct home *home = S->home;
	int going_home = next == &home->context;
	(void)fake, (void)going_home;
#if defined COROUTINE_ASAN
	const struct stack *k = going_home ? NULL : S->running->stack;
	__sanitizer_start_switch_fiber(fake, k ? k->base : home->bottom,
				       k ? k->size : home->size);
#elif defined COROUTINE_TSAN
	void **fiber = going_home ? &home->fiber : &S->running->fiber;
	if (home->fiber == NULL)
		home->fiber = __tsan_get_current_fiber();
	if (*fiber == NULL)
		*fiber = __tsan_create_fiber(0);
	__tsan_switch_to_fiber(*fiber, 0);
#endif
}

/* Just after a switch, on the new ground. The first to arrive comes from home:
 * ASan tells the bounds of a ground only when it has been left. */
HOOK tools_arrive(struct schedule *S, void *fake)
{
	(void)fake;
	strict_arrive(S);
#ifdef COROUTINE_ASAN
	struct home *home = S->home;
	int known = home->size > 0;
	__sanitizer_finish_switch_fiber(fake, known ? NULL : &home->bottom,
					known ? NULL : &home->size);
#endif
}

/* How the ground begins. Under Valgrind an mprotect for each of 10,000 stacks
 * takes seconds: there it begins open, and a guard comes with its stack. */
#ifdef COROUTINE_VALGRIND
#define ACCESS(S) (STRICT(S) ? PROT_NONE : PROT_READ | PROT_WRITE)
#else
#define ACCESS(S) PROT_NONE
#endif

/* A stack is about to have its first coroutine... */
HOOK tools_raise(struct stack *k)
{
	(void)k;
#ifdef COROUTINE_VALGRIND
	if (GUARD > 0)
		mprotect(k->base - GUARD, GUARD, PROT_NONE);
	k->valgrind_id = VALGRIND_STACK_REGISTER(k->base, k->top);
#endif
}

/* ... and has had its last. */
HOOK tools_raze(struct stack *k)
{
	(void)k;
#ifdef COROUTINE_VALGRIND
	VALGRIND_STACK_DEREGISTER(k->valgrind_id);
#endif
}

/* Who was in the slot will not run again, and does not now. */
HOOK tools_forget(struct coroutine *c)
{
	(void)c;
#ifdef COROUTINE_TSAN
	if (c->fiber != NULL)
		__tsan_destroy_fiber(c->fiber);
	c->fiber = NULL;
#endif
}

/* Frames are copied out, with all that lies between them... */
HOOK tools_open(struct stack *k)
{
	(void)k;
#if defined COROUTINE_ASAN
	ASAN_UNPOISON_MEMORY_REGION(k->base, k->size);
#elif defined COROUTINE_VALGRIND
	VALGRIND_DISABLE_ERROR_REPORTING;
#endif
}

/* ... and now what is left counts no more: under test it is garbage. */
HOOK tools_wipe(struct stack *k)
{
	(void)k;
#ifdef COROUTINE_VALGRIND
	VALGRIND_ENABLE_ERROR_REPORTING;
	VALGRIND_MAKE_MEM_UNDEFINED(k->base, k->size);
#endif
#ifdef COROUTINE_POISON
	memset(k->base, 0xA5, k->size);
#endif
}

/* ---- Frames leave a stack and come back ---------------------------------- */

/* How deep the caller's frame reaches: a frame of its own lies below it. ASan
 * must not put the local elsewhere, and no compiler inlines what is called by
 * a volatile pointer. An integer, for the local is gone when it is used. */
static __attribute__((no_sanitize_address)) void put_depth(uintptr_t *depth)
{
	volatile char here = 0;

	*depth = (uintptr_t)&here;
}

static void (*volatile note_depth)(uintptr_t *depth) = put_depth;

/* Where no guard stops an overflow, it is found here, at the next switch. */
static void check_canary(const struct coroutine *c)
{
	for (int i = 0; i < CANARY; i++)
		if ((unsigned char)c->stack->base[i] != 0xC5) {
			fprintf(stderr,
				"coroutine %d overflowed its stack: open the "
				"schedule with a stack_size above %lu\n",
				c->id, (unsigned long)c->stack->size);
			abort();
		}
}

/* Whether the calling code is the running coroutine, on its own stack. */
static int inside(const struct schedule *S)
{
	uintptr_t depth;

	if (S->running == NULL || S->tracing)
		return 0;
	check_canary(S->running);
	note_depth(&depth);
	return depth - (uintptr_t)S->running->stack->base <
	       S->running->stack->size;
}

/* The running coroutine is about to leave, its frames reaching down to depth:
 * makes room for them, unless its stack is its own. On return the room is
 * there, or nothing has changed. */
static int reserve(struct schedule *S, uintptr_t depth)
{
	struct coroutine *c = S->running;
	size_t need = (uintptr_t)c->stack->top - depth + MARGIN + 15;
	char *image;

	need = need < c->stack->size ? need & ~(size_t)15 : c->stack->size;
	if (S->stack_count < S->slot_count &&
	    (c->room < need || c->room / 4 > need)) {
		image = (char *)realloc(c->image, need);
		if (image == NULL && c->room < need)
			return refuse(ENOMEM);
		c->room = image == NULL ? c->room : need;
		c->image = image == NULL ? c->image : image;
	}
	c->live = need;
	return 0;
}

//! [settle]
/* Puts a coroutine on its stack. The caller stands on other ground. */
static void settle(struct coroutine *c)
{
	struct stack *k = c->stack;
	struct coroutine *old = k->owner;

	if (old == c)
		return;
	tools_open(k);
	if (old != NULL)
		memcpy(old->image, k->top - old->live, old->live);
	tools_wipe(k);
	memset(k->base, 0xC5, CANARY);
	if (c->live > 0)
		memcpy(k->top - c->live, c->image, c->live);
	k->owner = c;
}
//! [settle]

/* ---- Control goes from one to another ------------------------------------ */

static void entry(void);

/* Who is starting: makecontext hands over ints only. */
static thread_local struct schedule *starting;

/* The context in which a suspended coroutine goes on. Among a thousand, its
 * frames have been out of the cache for long. Asked for all at once, they come
 * while the switch is on its way; as they are used, each is waited for. */
static ucontext_t *fetch(const struct coroutine *c)
{
	const char *at = c->stack->top - c->live;
	const char *end = c->live < AHEAD ? c->stack->top : at + AHEAD;

	for (; at < end; at += CACHE_LINE)
		__builtin_prefetch(at);
	return c->context;
}

/* The context in which a settled coroutine starts or goes on. */
static ucontext_t *context_of(struct schedule *S, struct coroutine *c)
{
	if (c->live > 0)
		return fetch(c);
	S->start.uc_stack.ss_sp = c->stack->base;
	S->start.uc_stack.ss_size = c->stack->size;
	S->start.uc_link = &S->home->context; /* a net; entry never returns */
	makecontext(&S->start, entry, 0);
	starting = S;
	return &S->start;
}

//! [route]
/* Where `me`, who stands on its stack, must go so that `to` goes on: straight
 * there, or by way of home, when it is home that `to` waits in, or when the
 * frames of `to` belong where we stand. */
static ucontext_t *route(struct schedule *S, const struct coroutine *me,
			 struct coroutine *to)
{
	if (to == S->home->guest || to->stack == me->stack)
		return &S->home->context;
	settle(to);
	return context_of(S, to);
}
//! [route]

/* The running coroutine becomes `as`, `to` becomes RUNNING; from here on
 * nothing can fail. */
static void hand_over(struct schedule *S, struct coroutine *to, int as,
		      void *value)
{
	struct coroutine *me = S->running;

	S->running = to;
	S->value = value;
	if (me != NULL)
		change(S, me, as);
	if (to != NULL)
		change(S, to, COROUTINE_RUNNING);
}

/* The running coroutine leaves for `to` and is `as` until it is back. Its
 * context lies here, on its own stack, and so travels with its frames. */
static int leave(struct schedule *S, struct coroutine *to, int as, void *value)
{
	struct coroutine *me = S->running;
	ucontext_t here, *next;
	void *fake = NULL;
	uintptr_t depth;

	note_depth(&depth); /* here, where swapcontext is called */
	if (reserve(S, depth) == -1 || strict_open(S, to) == -1)
		return -1;
	if (ZERO_CONTEXTS)
		memset(&here, 0, sizeof here);
	me->context = &here;
	hand_over(S, to, as, value);
	next = route(S, me, to);
	tools_leave(S, next, &fake);
	if (swapcontext(&here, next) == -1)
		abort(); /* a broken context; nobody is left to be told */
	tools_arrive(S, fake);
	return 0;
}

/* Enters the schedule from other ground, and serves as its home until control
 * is back with the guest. A guest that is a coroutine has left its stack by a
 * road we do not know (it is inside another schedule): all of it counts. */
static int enter(struct schedule *S, struct coroutine *to, void *value)
{
	struct home home;
	ucontext_t *next;
	void *fake = NULL;

	home.outer = S->home;
	home.guest = S->running;
	home.size = 0;
	home.fiber = NULL;
	if (ZERO_CONTEXTS)
		memset(&home.context, 0, sizeof home.context);
	if (home.guest != NULL &&
	    reserve(S, (uintptr_t)home.guest->stack->base) == -1)
		return -1;
	if (strict_open(S, to) == -1)
		return -1;
	S->home = &home;
	strict_enter(S);
	hand_over(S, to, COROUTINE_NORMAL, value);
	do {
		settle(S->running);
		next = context_of(S, S->running);
		tools_leave(S, next, &fake);
		if (swapcontext(&home.context, next) == -1)
			abort();
		tools_arrive(S, fake);
	} while (S->running != home.guest);
	if (home.guest != NULL)
		settle(home.guest);
	strict_exit(S);
	S->home = home.outer;
	return 0;
}

/* Where every coroutine starts, and where it ends: never by returning, which
 * some systems answer by ending the thread or the process. */
static void entry(void)
{
	struct schedule *S = starting;
	struct coroutine *me = S->running, *to;
	ucontext_t *next;

	tools_arrive(S, NULL);
	me->func(S, me->ud);
	check_canary(me);
	to = me->caller;
	if (strict_open(S, to) == -1)
		abort(); /* nobody is left to be told */
	hand_over(S, to, COROUTINE_DEAD, NULL);
	free_slot(S, me);
	next = route(S, me, to);
	tools_leave(S, next, NULL);
	setcontext(next);
	abort();
}

/* ---- Open and close ------------------------------------------------------ */

#define NEW(type, count) ((type *)calloc((size_t)(count), sizeof(type)))

/* Gives a schedule its slots, its stacks (no colour and no canary makes one
 * smaller than was asked for) and the context that coroutines start from: last,
 * because getcontext returns twice as far as a compiler knows. */
static int furnish(struct schedule *S, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *ground;
	int closed;

	size = (size + COLOURS * COLOUR + page - 1) / page * page;
	S->stride = GUARD + size;
	if (S->stride > SIZE_MAX / 2 / (size_t)S->stack_count)
		return -1;
	S->ground_size = S->stride * (size_t)S->stack_count;
	ground = GUARD == 0 ? malloc(S->ground_size)
			    : mmap(NULL, S->ground_size, ACCESS(S),
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
				   -1, 0);
	S->ground = ground == MAP_FAILED ? NULL : (char *)ground;
	S->slots = NEW(struct coroutine, S->slot_count);
	S->stacks = NEW(struct stack, S->stack_count);
	if (S->ground == NULL || S->slots == NULL || S->stacks == NULL)
		return -1;
	closed = GUARD > 0 && !STRICT(S) && ACCESS(S) == PROT_NONE;
	for (int i = 0; closed && i < S->stack_count; i++)
		if (mprotect(S->ground + (size_t)i * S->stride + GUARD, size,
			     PROT_READ | PROT_WRITE) == -1)
			return -1;
	return getcontext(&S->start);
}

/* The stack of a slot that is used for the first time. */
static struct stack *raise_stack(struct schedule *S, int slot)
{
	int i = slot % S->stack_count;
	struct stack *k = &S->stacks[i];

	if (k->base != NULL)
		return k;
	k->base = S->ground + (size_t)i * S->stride + GUARD;
	k->size = S->stride - GUARD - (size_t)(i % COLOURS * COLOUR);
	k->top = k->base + k->size;
	tools_raise(k);
	return k;
}

/* Also frees what there is of a schedule half made. */
int coroutine_close(struct schedule *S)
{
	if (S == NULL)
		return 0;
	if (S->running != NULL || S->tracing)
		return refuse(EBUSY);
	for (int slot = 0; slot < S->fresh; slot++) {
		if (S->slots[slot].status != COROUTINE_DEAD)
			change(S, &S->slots[slot], COROUTINE_DEAD);
		tools_forget(&S->slots[slot]);
		free(S->slots[slot].image);
		if (slot < S->stack_count)
			tools_raze(S->slots[slot].stack);
	}
	strict_end(S);
	if (GUARD == 0)
		free(S->ground);
	else if (S->ground != NULL)
		munmap(S->ground, S->ground_size);
	free(S->stacks);
	free(S->slots);
	free(S);
	return 0;
}

struct schedule *coroutine_open_with(const struct coroutine_options *options)
{
	struct coroutine_options o = { 0, 0, 0 };
	struct schedule *S;

	if (options != NULL)
		o = *options;
	o.slots = o.slots != 0 ? o.slots : COROUTINE_SLOTS;
	if (o.stack_size == 0)
		o.stack_size = COROUTINE_STACK_SIZE;
	o.stacks = o.stacks != 0 ? o.stacks : 1;
	if (o.slots < 1 || o.slots > COROUTINE_SLOTS_MAX || o.stacks < 1 ||
	    o.stacks > o.slots || o.stack_size < COROUTINE_STACK_SIZE_MIN ||
	    o.stack_size > SIZE_MAX / 4 / (size_t)o.stacks) {
		errno = EINVAL;
		return NULL;
	}
	S = NEW(struct schedule, 1);
	if (S == NULL)
		return NULL;
	S->slot_count = o.slots;
	S->stack_count = o.stacks;
	strict_spread(S);
	if (furnish(S, o.stack_size) == -1) {
		coroutine_close(S);
		errno = ENOMEM;
		return NULL;
	}
	strict_begin(S);
	return S;
}

struct schedule *coroutine_open(void)
{
	return coroutine_open_with(NULL);
}

/* ---- The calls ----------------------------------------------------------- */

int coroutine_new(struct schedule *S, coroutine_func func, void *ud)
{
	struct coroutine *c;

	if (S == NULL || func == NULL)
		return refuse(EINVAL);
	c = S->vacant; /* freed last, so it is warm */
	if (c != NULL) {
		S->vacant = c->caller;
	} else if (S->fresh < S->slot_count) {
		c = &S->slots[S->fresh]; /* memory is touched only as needed */
		c->stack = raise_stack(S, S->fresh);
		c->id = S->fresh++;
	} else {
		return refuse(EAGAIN);
	}
	tools_forget(c);
	c->func = func;
	c->ud = ud;
	c->live = 0;
	change(S, c, COROUTINE_READY);
	return c->id;
}

/* The coroutine when it can be resumed; NULL with errno otherwise. */
static struct coroutine *resumable(const struct schedule *S, int id)
{
	struct coroutine *c = find(S, id);

	if (c != NULL && !S->tracing &&
	    (c->status == COROUTINE_READY || c->status == COROUTINE_SUSPEND))
		return c;
	errno = S == NULL ? EINVAL : c == NULL ? ESRCH : EBUSY;
	return NULL;
}

int coroutine_resume_with(struct schedule *S, int id, void *value)
{
	struct coroutine *to = resumable(S, id);
	int result;

	if (to == NULL)
		return -1;
	to->caller = S->running;
	if (inside(S))
		result = leave(S, to, COROUTINE_NORMAL, value);
	else
		result = enter(S, to, value);
	return result == -1 ? -1 : coroutine_status(S, id);
}

int coroutine_resume(struct schedule *S, int id)
{
	return coroutine_resume_with(S, id, NULL);
}

int coroutine_yield_with(struct schedule *S, void *value)
{
	if (S == NULL || !inside(S))
		return refuse(S == NULL ? EINVAL : EPERM);
	return leave(S, S->running->caller, COROUTINE_SUSPEND, value);
}

int coroutine_yield(struct schedule *S)
{
	return coroutine_yield_with(S, NULL);
}

int coroutine_transfer(struct schedule *S, int id)
{
	struct coroutine *to;

	if (S == NULL || !inside(S))
		return refuse(S == NULL ? EINVAL : EPERM);
	to = resumable(S, id);
	if (to == NULL)
		return -1;
	to->caller = S->running->caller;
	return leave(S, to, COROUTINE_SUSPEND, NULL);
}

int coroutine_status(struct schedule *S, int id)
{
	const struct coroutine *c = find(S, id);

	return c == NULL ? COROUTINE_DEAD : c->status;
}

int coroutine_running(struct schedule *S)
{
	return S == NULL || S->running == NULL ? -1 : S->running->id;
}

void *coroutine_value(struct schedule *S)
{
	return S == NULL ? NULL : S->value;
}

const char *coroutine_status_name(int status)
{
	return status < 0 || status >= COROUTINE_STATES ? NULL : names[status];
}

const char *coroutine_event(int from, int to)
{
	if (!coroutine_status_name(from) || !coroutine_status_name(to))
		return NULL;
	return events[from][to];
}

int coroutine_trace(struct schedule *S, coroutine_tracer tracer, void *ud)
{
	if (S == NULL)
		return refuse(EINVAL);
	S->tracer = tracer;
	S->tracer_ud = ud;
	return 0;
}

/* ---- Strict mode: frames that are away cannot be touched ----------------- */

/* -DCOROUTINE_STRICT: where coroutines would share stacks, each has one of its
 * own, whose pages are open only while it runs. An access meanwhile ends the
 * program at that instruction, after a line that names both sides. */
#ifdef COROUTINE_STRICT
enum { NAMED = 256 }; /* schedules; those of more are stopped unnamed */

static struct schedule *volatile strict_all[NAMED]; /* more go unnamed */
static struct sigaction strict_before[2];           /* of SIGSEGV, SIGBUS */
static thread_local struct schedule *strict_here;   /* whose coroutine runs */
static thread_local int strict_chaining;
static thread_local char strict_ground[32768]; /* the handler's stack */

/* Words and a number for the %; a handler may not call printf. */
static char *strict_put(char *at, const char *words, unsigned long number)
{
	for (; *words != '\0'; words++) {
		unsigned long unit = 1;

		if (*words != '%') {
			*at++ = *words;
			continue;
		}
		while (number / unit > 9)
			unit *= 10;
		for (; unit > 0; unit /= 10)
			*at++ = (char)('0' + number / unit % 10);
	}
	return at;
}

/* Names who touches what lies at this address; 0 when it is in neither the
 * frames of a coroutine nor the guard below the one that runs. */
static int strict_name(uintptr_t at)
{
	static const char *const touches[COROUTINE_STATES] = {
		" touches a local of coroutine %, which has ended\n", NULL,
		NULL, " touches a local of coroutine %, which is suspended\n",
		" touches a local of coroutine %, which waits for another\n"
	};
	struct coroutine *me = strict_here ? strict_here->running : NULL;
	const char *who = "coroutine %", *what;
	struct schedule *S = NULL;
	const struct stack *k;
	unsigned long number;
	char line[200], *end;

	for (int i = 0; i < NAMED; i++)
		if (strict_all[i] != NULL &&
		    at - (uintptr_t)strict_all[i]->ground <
			    strict_all[i]->ground_size)
			S = strict_all[i];
	if (S == NULL)
		return 0;
	at -= (uintptr_t)S->ground;
	k = &S->stacks[at / S->stride];
	number = k->tenant - 1;
	what = touches[coroutine_status(S, (int)number)];
	if (me == NULL)
		who = "code outside of every coroutine";
	else if (strict_here != S)
		who = "coroutine % of another schedule";
	if (at % S->stride < GUARD && me != NULL && me->stack == k) {
		what = " overflowed its stack: open the schedule with a "
		       "stack_size above %\n";
		number = k->size;
	} else if (at % S->stride < GUARD || k->tenant == 0 || what == NULL) {
		return 0;
	}
	end = strict_put(line, who, me == NULL ? 0 : (unsigned long)me->id);
	end = strict_put(end, what, number);
	return write(STDERR_FILENO, line, (size_t)(end - line)) != 0;
}

/* What is not ours goes to the handler that was there before. All else: with
 * the default action in force the instruction runs again, and ends it there. A
 * signal that somebody sent has no such instruction. */
static void strict_fault(int number, siginfo_t *info, void *context)
{
	const struct sigaction *before = &strict_before[number == SIGBUS];
	int sent = info->si_code <= 0;

	if (sent && before->sa_handler == SIG_IGN)
		return;
	if ((!sent && strict_name((uintptr_t)info->si_addr)) ||
	    before->sa_handler == SIG_DFL || before->sa_handler == SIG_IGN ||
	    strict_chaining) {
		signal(number, SIG_DFL);
		if (sent)
			raise(number);
		return;
	}
	strict_chaining = 1; /* it may call us back */
	if (before->sa_flags & SA_SIGINFO)
		before->sa_sigaction(number, info, context);
	else
		before->sa_handler(number);
	strict_chaining = 0;
}

/* A stack for each slot, unless nobody shares anyway. */
static void strict_spread(struct schedule *S)
{
	S->strict = S->stack_count < S->slot_count;
	S->stack_count = S->slot_count;
}

/* The handler is set at every open: the program may have set another since. */
static void strict_begin(struct schedule *S)
{
	struct sigaction ours, now;
	stack_t ground;

	for (int i = 0; i < NAMED; i++)
		if (__sync_bool_compare_and_swap(&strict_all[i], NULL, S))
			break;
	memset(&ours, 0, sizeof ours);
	ours.sa_sigaction = strict_fault;
	ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
	for (int i = 0; i < 2; i++) {
		sigaction(i == 0 ? SIGSEGV : SIGBUS, NULL, &now);
		if (now.sa_sigaction == strict_fault)
			continue;
		strict_before[i] = now;
		sigaction(i == 0 ? SIGSEGV : SIGBUS, &ours, NULL);
	}
	if (sigaltstack(NULL, &ground) == 0 && ground.ss_flags & SS_DISABLE) {
		ground.ss_sp = strict_ground;
		ground.ss_size = sizeof strict_ground;
		ground.ss_flags = 0;
		sigaltstack(&ground, NULL);
	}
}

static void strict_end(struct schedule *S)
{
	for (int i = 0; i < NAMED; i++)
		if (strict_all[i] == S)
			strict_all[i] = NULL;
}

/* A home begins its service... */
static void strict_enter(struct schedule *S)
{
	S->home->around = strict_here;
	strict_here = S;
	strict_chaining = 0;
}

/* ... and ends it. */
static void strict_exit(struct schedule *S)
{
	strict_here = S->home->around;
}

/* Control is about to go to c, or home when c is NULL. */
static int strict_open(struct schedule *S, struct coroutine *c)
{
	if (!S->strict || c == NULL || c == S->shown)
		return 0;
	c->stack->tenant = (unsigned)c->id + 1;
	if (mprotect(c->stack->base, S->stride - GUARD,
		     PROT_READ | PROT_WRITE) == -1)
		return refuse(ENOMEM);
	return 0;
}

/* Control has arrived: who left is away from now on. Nothing can fail here, as
 * this joins mappings and splits none. */
static void strict_arrive(struct schedule *S)
{
	struct coroutine *left = S->shown;

	if (!S->strict || left == S->running)
		return;
	S->shown = S->running;
	if (left != NULL)
		mprotect(left->stack->base, S->stride - GUARD, PROT_NONE);
}

#endif
