/*
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

/* ---- The machine ---------------------------------------------------------- */

#ifdef __hppa__
#error "coroutine.c needs a stack that grows down; this machine's grows up"
#endif

#ifdef __cplusplus
#define THREAD_LOCAL thread_local
#else
#define THREAD_LOCAL _Thread_local
#endif

#ifdef __GNUC__
#define NOINLINE __attribute__((noinline, no_sanitize_address))
#define HOOK static inline __attribute__((always_inline))
#else
#define NOINLINE
#define HOOK static inline
#endif

/*
 * Below each stack lies a guard: pages without access, so wide that no sensible
 * frame steps over them. Where protected memory makes a poor stack (AIX), stacks
 * come from the heap and end in a canary that every switch looks at.
 */
#if defined MAP_ANONYMOUS && !defined _AIX && !defined COROUTINE_NO_GUARD
enum { GUARD = 65536, CANARY = 0 };
#else
#undef MAP_ANONYMOUS
#define MAP_ANONYMOUS 0
enum { GUARD = 0, CANARY = 64 };
#endif

/*
 * How far below the noted depth a switch reaches. Measured on 12 architectures:
 * 0 bytes with an assembly swapcontext, at most 96 with one written in C. AIX's
 * is closed, ASan's wraps the system's; both may read a context before they
 * overwrite it.
 */
#if defined _AIX || defined COROUTINE_ASAN
enum { MARGIN = 1024, ZERO_CONTEXTS = 1 };
#else
enum { MARGIN = 128, ZERO_CONTEXTS = 0 };
#endif

/* Tops of neighbouring stacks differ a little, or the hot frames of all would
 * meet in the same cache sets. */
enum { COLOURS = 8, COLOUR = 128 };

/* ---- Types and the state table --------------------------------------------- */

enum { NOBODY = -1 };

/* A slot. The frames of a living coroutine reach from `low` up to the top of
 * the slot's stack. */
struct coroutine {
	coroutine_func func;
	void *ud;
	ucontext_t *context; /* where it goes on; lies in a frame of its own */
	char *low;           /* NULL: has never left its stack */
	char *image;    /* room for the frames while others have the stack */
	size_t room;    /* bytes of image */
	int caller;     /* slot it yields to; in a free slot: the next one */
	int generation; /* how many coroutines the slot has had */
	int status;
#ifdef COROUTINE_TSAN
	void *fiber;
#endif
};

struct stack {
	char *base; /* lowest usable byte */
	char *top;
	size_t size;
	int owner; /* whose frames are on it, running or not */
};

/*
 * Whoever enters the schedule from other ground than its stacks: the outermost
 * resume, or one from a coroutine of another schedule. It is the helper that
 * stands aside when two coroutines change places on one stack.
 */
struct home {
	ucontext_t context;
	struct home *outer;
	int guest;          /* who entered; its turn ends this home's service */
	const void *bottom; /* the ground, as ASan knows it */
	size_t size;
	void *fiber; /* as TSan knows it */
};

struct schedule {
	struct coroutine *slots;
	int slot_count;
	int fresh;   /* slots from here on have never been used */
	int vacant;  /* first of the list of free slots */
	int running; /* already the new one while control is on its way */
	struct stack *stacks;
	int stack_count;
	char *ground; /* guard, stack, guard, stack ... in one piece */
	size_t ground_size;
	struct home *home;
	void *value;
	coroutine_tracer tracer;
	void *tracer_ud;
	ucontext_t start; /* made anew for each coroutine that starts */
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

/* ---- Slots and ids ---------------------------------------------------------- */

static int refuse(int error)
{
	errno = error;
	return -1;
}

static struct stack *stack_of(const struct schedule *S, int slot)
{
	return &S->stacks[slot % S->stack_count];
}

static int id_of(const struct schedule *S, int slot)
{
	return S->slots[slot].generation * S->slot_count + slot;
}

/* The slot of a living coroutine, or NOBODY. */
static int find(const struct schedule *S, int id)
{
	int slot = id < 0 ? NOBODY : id % S->slot_count;

	if (slot == NOBODY || slot >= S->fresh || id != id_of(S, slot) ||
	    S->slots[slot].status == COROUTINE_DEAD)
		return NOBODY;
	return slot;
}

/* The one place where a state changes. */
static void change(struct schedule *S, int slot, int to)
{
	int from = S->slots[slot].status;

	assert(events[from][to] != NULL);
	S->slots[slot].status = to;
	if (S->tracer)
		S->tracer(S->tracer_ud, S, id_of(S, slot), from, to);
}

/* The slot of a coroutine that is DEAD becomes free, and its id stale. */
static void free_slot(struct schedule *S, int slot)
{
	struct coroutine *c = &S->slots[slot];

	free(c->image);
	c->image = NULL;
	c->room = 0;
	if (stack_of(S, slot)->owner == slot)
		stack_of(S, slot)->owner = NOBODY;
	if (c->generation++ == (INT_MAX - slot) / S->slot_count)
		c->generation = 0;
	c->caller = S->vacant;
	S->vacant = slot;
}

/* ---- What tools must be told: each hook is empty without its tool --------- */

/* ASan tells the bounds of a ground only to those who leave it, so home leaves
 * for anywhere and comes back. */
HOOK void tools_enter(struct home *home)
{
	(void)home;
#if defined COROUTINE_ASAN
	void *fake;
	__sanitizer_start_switch_fiber(&fake, home, sizeof *home);
	__sanitizer_finish_switch_fiber(fake, &home->bottom, &home->size);
	__sanitizer_start_switch_fiber(&fake, home->bottom, home->size);
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
#elif defined COROUTINE_TSAN
	home->fiber = __tsan_get_current_fiber();
#endif
}

/* Just before a switch; `fake` is NULL when the leaver never comes back. */
HOOK void tools_leave(struct schedule *S, const ucontext_t *next, void **fake)
{
	int home = next == &S->home->context;
	(void)home, (void)fake;
#if defined COROUTINE_ASAN
	struct stack *k = &S->stacks[home ? 0 : S->running % S->stack_count];
	__sanitizer_start_switch_fiber(fake, home ? S->home->bottom : k->base,
				       home ? S->home->size : k->size);
#elif defined COROUTINE_TSAN
	void **fiber = home ? &S->home->fiber : &S->slots[S->running].fiber;
	if (*fiber == NULL)
		*fiber = __tsan_create_fiber(0);
	__tsan_switch_to_fiber(*fiber, 0);
#endif
}

/* Just after a switch, on the new ground. */
HOOK void tools_arrive(void *fake)
{
	(void)fake;
#ifdef COROUTINE_ASAN
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
#endif
}

/* Who was in the slot will not run again, and does not now. */
HOOK void tools_forget(struct coroutine *c)
{
	(void)c;
#ifdef COROUTINE_TSAN
	if (c->fiber != NULL)
		__tsan_destroy_fiber(c->fiber);
	c->fiber = NULL;
#endif
}

/* A new stack. */
HOOK void tools_map(struct stack *k)
{
	(void)k;
#ifdef COROUTINE_VALGRIND
	VALGRIND_STACK_REGISTER(k->base, k->top);
#endif
}

/* Frames are copied out, with all that lies between them. */
HOOK void tools_open(struct stack *k)
{
	(void)k;
#ifdef COROUTINE_ASAN
	ASAN_UNPOISON_MEMORY_REGION(k->base, k->size);
#elif defined COROUTINE_VALGRIND
	VALGRIND_DISABLE_ERROR_REPORTING;
#endif
}

/* They are out; what is left counts no more, and under test it is garbage. */
HOOK void tools_wipe(struct stack *k)
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

/* ---- Frames leave a stack and come back --------------------------------- */

/* How deep the caller's frame reaches. A frame of its own, so that it lies
 * below; an integer, because the local is gone when it is used. */
static NOINLINE void note_depth(uintptr_t *depth)
{
	volatile char here = 0;

	*depth = (uintptr_t)&here;
}

/* Where no guard stops an overflow, it is found here, at the next switch. */
static void check_canary(const struct schedule *S)
{
	const struct stack *k = stack_of(S, S->running);

	for (int i = 0; i < CANARY; i++) {
		if ((unsigned char)k->base[i] == 0xC5)
			continue;
		fprintf(stderr,
			"coroutine %d overflowed its stack of %lu bytes: open "
			"the schedule with a larger stack_size\n",
			id_of(S, S->running), (unsigned long)k->size);
		abort();
	}
}

/* Whether the calling code stands on the running coroutine's stack. */
static int inside(const struct schedule *S)
{
	const struct stack *k;
	uintptr_t depth;

	if (S->running == NOBODY)
		return 0;
	check_canary(S);
	note_depth(&depth);
	k = stack_of(S, S->running);
	return depth >= (uintptr_t)k->base && depth < (uintptr_t)k->top;
}

/*
 * The running coroutine is about to leave, its frames reaching down to depth:
 * makes room for them, unless its stack is its own. On return the room is
 * there, or nothing has changed.
 */
static int reserve(struct schedule *S, uintptr_t depth)
{
	struct coroutine *c = &S->slots[S->running];
	struct stack *k = stack_of(S, S->running);
	char *low = k->base, *image;
	size_t need;

	if (depth - (uintptr_t)k->base > MARGIN)
		low += (depth - (uintptr_t)k->base - MARGIN) & ~(size_t)15;
	need = (size_t)(k->top - low);
	if (S->stack_count < S->slot_count &&
	    (c->room < need || c->room / 4 > need)) {
		image = (char *)realloc(c->image, need);
		if (image == NULL && c->room < need)
			return refuse(ENOMEM);
		if (image != NULL) {
			c->image = image;
			c->room = need;
		}
	}
	c->low = low;
	return 0;
}

//! [settle]
/* Puts a coroutine on its stack. The caller stands on other ground. */
static void settle(struct schedule *S, int slot)
{
	struct coroutine *c = &S->slots[slot], *old;
	struct stack *k = stack_of(S, slot);

	if (k->owner == slot)
		return;
	old = &S->slots[k->owner == NOBODY ? slot : k->owner];
	tools_open(k);
	if (old != c)
		memcpy(old->image, old->low, (size_t)(k->top - old->low));
	tools_wipe(k);
	memset(k->base, 0xC5, CANARY);
	if (c->low != NULL)
		memcpy(c->low, c->image, (size_t)(k->top - c->low));
	k->owner = slot;
}
//! [settle]

/* ---- Control goes from one to another ----------------------------------- */

static void entry(void);

/* Who is starting: makecontext hands over ints only. */
static THREAD_LOCAL struct schedule *starting;

/* The context in which a settled coroutine starts or goes on. */
static ucontext_t *context_of(struct schedule *S, int slot)
{
	struct stack *k = stack_of(S, slot);

	if (S->slots[slot].context != NULL)
		return S->slots[slot].context;
	S->start.uc_stack.ss_sp = k->base;
	S->start.uc_stack.ss_size = k->size;
	S->start.uc_link = &S->home->context; /* a net; entry never returns */
	makecontext(&S->start, entry, 0);
	starting = S;
	return &S->start;
}

//! [route]
/*
 * Where a coroutine that stands on the stack of slot `me` must go so that `to`
 * goes on: straight there, or by way of home, when it is home that `to` waits
 * in, or when the frames of `to` belong where we stand.
 */
static ucontext_t *route(struct schedule *S, int me, int to)
{
	struct stack *k;

	if (to == S->home->guest)
		return &S->home->context;
	k = stack_of(S, to);
	if (k->owner != to && k == stack_of(S, me))
		return &S->home->context;
	settle(S, to);
	return context_of(S, to);
}
//! [route]

/* The running coroutine becomes `as`, `to` becomes RUNNING; from here on
 * nothing can fail. */
static void hand_over(struct schedule *S, int to, int as, void *value)
{
	int me = S->running;

	S->running = to;
	S->value = value;
	if (me != NOBODY)
		change(S, me, as);
	if (to != NOBODY)
		change(S, to, COROUTINE_RUNNING);
}

/*
 * The running coroutine leaves for `to` and is `as` until it is back. Its
 * context lies here, on its own stack, and so travels with its frames.
 */
static int leave(struct schedule *S, int to, int as, void *value)
{
	int me = S->running;
	ucontext_t here, *next;
	void *fake = NULL;
	uintptr_t depth;

	note_depth(&depth); /* here, where swapcontext is called */
	if (reserve(S, depth) == -1)
		return -1;
	if (ZERO_CONTEXTS)
		memset(&here, 0, sizeof here);
	S->slots[me].context = &here;
	hand_over(S, to, as, value);
	next = route(S, me, to);
	tools_leave(S, next, &fake);
	if (swapcontext(&here, next) == -1)
		abort(); /* a broken context; nobody is left to be told */
	tools_arrive(fake);
	return 0;
}

/*
 * Enters the schedule from other ground, and serves as its home until control
 * is back with the guest. A guest that is a coroutine has left its stack by
 * a road we do not know (it is inside another schedule), so all of it counts.
 */
static int enter(struct schedule *S, int to, void *value)
{
	struct home home;
	ucontext_t *next;
	void *fake = NULL;

	home.outer = S->home;
	home.guest = S->running;
	if (home.guest != NOBODY &&
	    reserve(S, (uintptr_t)stack_of(S, home.guest)->base) == -1)
		return -1;
	if (ZERO_CONTEXTS)
		memset(&home.context, 0, sizeof home.context);
	tools_enter(&home);
	S->home = &home;
	hand_over(S, to, COROUTINE_NORMAL, value);
	do {
		settle(S, S->running);
		next = context_of(S, S->running);
		tools_leave(S, next, &fake);
		if (swapcontext(&home.context, next) == -1)
			abort();
		tools_arrive(fake);
	} while (S->running != home.guest);
	if (home.guest != NOBODY)
		settle(S, home.guest);
	S->home = home.outer;
	return 0;
}

/* Where every coroutine starts, and where it ends: never by returning, which
 * some systems answer by ending the thread or the process. */
static void entry(void)
{
	struct schedule *S = starting;
	int me = S->running, to;
	ucontext_t *next;

	tools_arrive(NULL);
	S->slots[me].func(S, S->slots[me].ud);
	check_canary(S);
	to = S->slots[me].caller;
	hand_over(S, to, COROUTINE_DEAD, NULL);
	free_slot(S, me);
	next = route(S, me, to);
	tools_leave(S, next, NULL);
	setcontext(next);
	abort();
}

/* ---- Open and close ------------------------------------------------------ */

static int lay_stacks(struct schedule *S, size_t size)
{
	void *ground;

	S->ground_size = (GUARD + size) * (size_t)S->stack_count;
	if (GUARD > 0)
		ground = mmap(NULL, S->ground_size, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	else
		ground = malloc(S->ground_size);
	if (ground == NULL || ground == MAP_FAILED)
		return -1;
	S->ground = (char *)ground;
	for (int i = 0; i < S->stack_count; i++) {
		struct stack *k = &S->stacks[i];

		k->owner = NOBODY;
		k->base = S->ground + (size_t)i * (GUARD + size) + GUARD;
		k->size = size - (size_t)(i % COLOURS * COLOUR);
		k->top = k->base + k->size;
		if (GUARD > 0 &&
		    mprotect(k->base, size, PROT_READ | PROT_WRITE) == -1)
			return -1;
		tools_map(k);
	}
	return 0;
}

/* Frees what there is, of a schedule half made too. */
static void dispose(struct schedule *S)
{
	for (int slot = 0; slot < S->fresh; slot++) {
		free(S->slots[slot].image);
		tools_forget(&S->slots[slot]);
	}
	if (GUARD == 0)
		free(S->ground);
	else if (S->ground != NULL)
		munmap(S->ground, S->ground_size);
	free(S->stacks);
	free(S->slots);
	free(S);
}

/* Fills in the defaults; 0 when a field is out of range. */
static int complete(struct coroutine_options *o)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (o->slots == 0)
		o->slots = COROUTINE_SLOTS;
	if (o->stacks == 0)
		o->stacks = 1;
	if (o->stack_size == 0)
		o->stack_size = COROUTINE_STACK_SIZE;
	if (o->slots < 1 || o->slots > COROUTINE_SLOTS_MAX || o->stacks < 1 ||
	    o->stacks > o->slots || o->stack_size < COROUTINE_STACK_SIZE_MIN ||
	    o->stack_size > SIZE_MAX / 4 / (size_t)o->stacks)
		return 0;
	o->stack_size = (o->stack_size + page - 1) / page * page;
	return 1;
}

/* getcontext returns twice as far as a compiler knows, so it has a function
 * where no local can suffer from that. */
static int take_start(struct schedule *S)
{
	return getcontext(&S->start);
}

struct schedule *coroutine_open(void)
{
	return coroutine_open_with(NULL);
}

struct schedule *coroutine_open_with(const struct coroutine_options *options)
{
	struct coroutine_options o = { 0, 0, 0 };
	struct schedule *S;

	if (options != NULL)
		o = *options;
	if (!complete(&o)) {
		errno = EINVAL;
		return NULL;
	}
	S = (struct schedule *)calloc(1, sizeof *S);
	if (S == NULL)
		return NULL;
	S->slot_count = o.slots;
	S->stack_count = o.stacks;
	S->running = S->vacant = NOBODY;
	S->slots =
		(struct coroutine *)calloc((size_t)o.slots, sizeof *S->slots);
	S->stacks = (struct stack *)calloc((size_t)o.stacks, sizeof *S->stacks);
	if (S->slots == NULL || S->stacks == NULL ||
	    lay_stacks(S, o.stack_size) == -1 || take_start(S) == -1) {
		dispose(S);
		errno = ENOMEM;
		return NULL;
	}
	return S;
}

int coroutine_close(struct schedule *S)
{
	if (S == NULL)
		return 0;
	if (S->running != NOBODY)
		return refuse(EBUSY);
	for (int slot = 0; slot < S->fresh; slot++)
		if (S->slots[slot].status != COROUTINE_DEAD)
			change(S, slot, COROUTINE_DEAD);
	dispose(S);
	return 0;
}

/* ---- The calls ------------------------------------------------------------ */

int coroutine_new(struct schedule *S, coroutine_func func, void *ud)
{
	struct coroutine *c;
	int slot;

	if (S == NULL || func == NULL)
		return refuse(EINVAL);
	slot = S->vacant; /* freed last, so it is warm */
	if (slot != NOBODY)
		S->vacant = S->slots[slot].caller;
	else if (S->fresh < S->slot_count)
		slot = S->fresh++; /* memory is touched only as needed */
	else
		return refuse(EAGAIN);
	c = &S->slots[slot];
	tools_forget(c);
	c->func = func;
	c->ud = ud;
	c->context = NULL;
	c->low = NULL;
	change(S, slot, COROUTINE_READY);
	return id_of(S, slot);
}

/* The slot of one who can be resumed; NOBODY with errno otherwise. */
static int resumable(const struct schedule *S, int id)
{
	int slot = find(S, id);

	if (slot == NOBODY)
		return refuse(ESRCH);
	if (S->slots[slot].status == COROUTINE_RUNNING ||
	    S->slots[slot].status == COROUTINE_NORMAL)
		return refuse(EBUSY);
	return slot;
}

int coroutine_resume_with(struct schedule *S, int id, void *value)
{
	int to, result;

	if (S == NULL)
		return refuse(EINVAL);
	to = resumable(S, id);
	if (to == NOBODY)
		return -1;
	S->slots[to].caller = S->running;
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

/* Whether the caller is the running coroutine, on its own stack. */
static int may_step_aside(const struct schedule *S)
{
	if (S == NULL)
		return refuse(EINVAL);
	return inside(S) ? 0 : refuse(EPERM);
}

int coroutine_yield_with(struct schedule *S, void *value)
{
	if (may_step_aside(S) == -1)
		return -1;
	return leave(S, S->slots[S->running].caller, COROUTINE_SUSPEND, value);
}

int coroutine_yield(struct schedule *S)
{
	return coroutine_yield_with(S, NULL);
}

int coroutine_transfer(struct schedule *S, int id)
{
	int to;

	if (may_step_aside(S) == -1)
		return -1;
	to = resumable(S, id);
	if (to == NOBODY)
		return -1;
	S->slots[to].caller = S->slots[S->running].caller;
	return leave(S, to, COROUTINE_SUSPEND, NULL);
}

int coroutine_status(struct schedule *S, int id)
{
	int slot = S == NULL ? NOBODY : find(S, id);

	return slot == NOBODY ? COROUTINE_DEAD : S->slots[slot].status;
}

int coroutine_running(struct schedule *S)
{
	if (S == NULL || S->running == NOBODY)
		return -1;
	return id_of(S, S->running);
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
