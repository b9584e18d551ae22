/*
 * SPDX-License-Identifier: MIT
 * Copyright (c) 2026 the coroutine.h authors
 */
/**
 * @file
 * Coroutines on POSIX ucontext: one schedule, its fixed slots, its stacks.
 *
 * This is the interface of the library of the coroutine course; coroutine.c is
 * all of its code. Take both files into your program, from the same version.
 *
 * A **schedule** owns a fixed array of slots and one or more stacks. A
 * **coroutine** lives in a slot and stands on one of the stacks while it runs.
 * When another coroutine needs that stack, the frames of the first are copied
 * out to the heap, and put back at the same addresses before it goes on.
 *
 * Rules that hold for every call:
 * - A failure is a value: -1 or NULL with `errno` set, and nothing has changed.
 *   (Questions - status, running, value, names - leave `errno` alone.)
 * - A schedule belongs to the thread that opened it. Nothing here is locked,
 *   and nothing here may be called from a signal handler.
 * - A call **may suspend** only where its comment says so. When it does, other
 *   coroutines of the schedule run before it returns.
 * - A NULL schedule is refused with EINVAL, except where a comment says more.
 *
 * Seven functions - open, close, new, resume, status, running, yield - are those
 * of cloudwu/coroutine, with the same arguments: programs written for it compile
 * and run unchanged. Where that library returns nothing, these return an int
 * that such programs ignore.
 *
 * What a coroutine must not do:
 * - Keep a pointer to one of its own locals where somebody else uses it while
 *   the coroutine is suspended: on a shared stack those bytes are another
 *   coroutine's by then. Hand out heap or static memory, or give every slot a
 *   stack of its own (coroutine_options::stacks). **Strict mode** finds such
 *   pointers: compile coroutine.c with `-DCOROUTINE_STRICT`, and code that uses
 *   one dies by SIGSEGV at that instruction, after a line such as "coroutine 3
 *   touches a local of coroutine 5, which is suspended"; a system call fails
 *   with EFAULT. An overflowed stack is named too. It is for tests: a switch
 *   takes two system calls, a suspended coroutine keeps its pages, and every
 *   slot takes stack_size and a guard of address space, so that open fails
 *   with ENOMEM where that is short (65,536 slots need 64 bits). A resume,
 *   yield or transfer fails with ENOMEM where the system opens no more pages;
 *   a coroutine that cannot return to its caller for that reason aborts. A
 *   handler for SIGSEGV that was set before the open gets what is not ours.
 * - In C++: yield inside a `catch` block (the exceptions in flight belong to
 *   the thread, so two coroutines would exchange theirs), or let an exception
 *   leave the coroutine's function (the program terminates).
 */
#ifndef COROUTINE_H
#define COROUTINE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of this file, as numbers. */
#define COROUTINE_VERSION_MAJOR 1
#define COROUTINE_VERSION_MINOR 1 /**< grows with what is added */
#define COROUTINE_VERSION_PATCH 0 /**< grows with what is mended */
/** The version of this file, as a string: "major.minor.patch". */
#define COROUTINE_VERSION "1.1.0"

/** A schedule: opaque, made by coroutine_open(), freed by coroutine_close(). */
struct schedule;

/**
 * What a coroutine runs. Returning from it ends the coroutine.
 * @param S  the schedule it runs in
 * @param ud what was handed to coroutine_new(); the library never looks at it
 */
typedef void (*coroutine_func)(struct schedule *S, void *ud);

/** The states of a coroutine; coroutine_event() tells the moves between them. */
enum {
	COROUTINE_DEAD = 0,    /**< ended, closed, or never made */
	COROUTINE_READY = 1,   /**< made, not started yet */
	COROUTINE_RUNNING = 2, /**< the one that executes now */
	COROUTINE_SUSPEND = 3, /**< stepped aside, can be resumed */
	COROUTINE_NORMAL = 4   /**< resumed another one and waits for it */
};

/** How many states there are; they are numbered from 0. */
enum {
	COROUTINE_STATES = 5 /**< so that a table has a row for each */
};

/** The bounds coroutine_open_with() checks, and its defaults. */
enum {
	COROUTINE_SLOTS = 65536,         /**< slots by default */
	COROUTINE_SLOTS_MAX = 16777216,  /**< so that an id repeats only after
	                                      128 coroutines in its slot */
	COROUTINE_STACK_SIZE = 1048576,  /**< bytes of a stack by default */
	COROUTINE_STACK_SIZE_MIN = 32768 /**< an aarch64 context is 4.5 kB, and
	                                      printf wants room too */
};

/** What coroutine_open_with() is asked for; a zero means the default. */
struct coroutine_options {
	/** How many coroutines can live at once: 1 to COROUTINE_SLOTS_MAX;
	 *  default COROUTINE_SLOTS. Fixed for the life of the schedule. */
	int slots;

	/** Bytes of each stack, COROUTINE_STACK_SIZE_MIN or more, rounded up to
	 *  whole pages; default COROUTINE_STACK_SIZE. All stacks together take
	 *  at most a quarter of the address space. Memory is touched only as
	 *  deep as the coroutines go. */
	size_t stack_size;

	/** How many stacks the slots are spread over: 1 to `slots`; default 1.
	 *
	 *  - 1: one stack for all, copied out when another coroutine goes on
	 *    (cloudwu/coroutine's way).
	 *  - n: slot i stands on stack i % n, and is copied out only when
	 *    another coroutine needs that stack (libco's way).
	 *  - as many as slots: nobody is ever copied (private stacks). */
	int stacks;
};

/**
 * Opens a schedule with the defaults of coroutine_options.
 * @return the schedule, owned by the caller until coroutine_close(); NULL with
 *         errno as in coroutine_open_with().
 */
struct schedule *coroutine_open(void);

/**
 * Opens a schedule of a chosen size. A coroutine of it begins with the signal
 * mask in force at this call, and with its floating-point control state where
 * the system's contexts hold that (glibc's do, except on MIPS).
 * @param options read during the call only; NULL means all defaults
 * @return the schedule, owned by the caller until coroutine_close(); NULL with
 *         - EINVAL: a field is negative or outside its range
 *         - ENOMEM: no memory
 */
struct schedule *coroutine_open_with(const struct coroutine_options *options);

/**
 * Closes a schedule and frees all it owns. Suspended coroutines end where they
 * stand: nothing of theirs runs any more, no destructor either. Every id of
 * the schedule is invalid afterwards, and so is the schedule.
 * @param S NULL is allowed and does nothing
 * @return 0; -1 with EBUSY while one of its coroutines runs (a call from
 *         inside), and the schedule goes on
 */
int coroutine_close(struct schedule *S);

/**
 * Makes a coroutine; it is READY and runs at its first resume. Takes constant
 * time at any occupancy. The first one on a stack opens that stack's pages; all
 * later ones allocate nothing.
 * @param S    the schedule
 * @param func what it runs
 * @param ud   handed to func; stays the caller's
 * @return its id, 0 or more; -1 with
 *         - EAGAIN: every slot is taken
 *         - ENOMEM: the system maps no further stack (each stack and its guard
 *           are two mappings; Linux allows about 65,000)
 *         - EINVAL: func (or S) is NULL
 *
 * Ids count from 0 while slots are used for the first time. A slot that is
 * used again issues another id, so that an old id reads DEAD and is never
 * taken for the new owner. An id repeats only after its slot has had
 * (INT_MAX + 1) / slots coroutines: 32,768 with the default of 65,536 slots.
 */
int coroutine_new(struct schedule *S, coroutine_func func, void *ud);

/**
 * Lets a coroutine run until it yields, transfers away or ends. **May
 * suspend**: called from a coroutine, that one is NORMAL meanwhile and is the
 * caller to which the other's yield comes back.
 * @param S  the schedule
 * @param id a READY or SUSPEND coroutine
 * @return what the coroutine `id` is now: COROUTINE_SUSPEND or COROUTINE_DEAD;
 *         -1 with
 *         - ESRCH: no coroutine has this id (ended, or never issued)
 *         - EBUSY: it is the running coroutine itself, or one of its callers
 *         - ENOMEM: the calling coroutine's frames could not be kept
 *         - EINVAL: S is NULL
 *
 * Schedules can be nested in each other's coroutines. A resume of S from inside
 * a coroutine of another schedule keeps the whole of S's running stack, for its
 * depth is not known there: with shared stacks that costs a copy of stack_size.
 */
int coroutine_resume(struct schedule *S, int id);

/**
 * What a coroutine is now.
 * @param S  the schedule
 * @param id any id
 * @return one of the five states; COROUTINE_DEAD for every id that names no
 *         living coroutine, and for a NULL schedule
 */
int coroutine_status(struct schedule *S, int id);

/**
 * Who is running.
 * @param S the schedule
 * @return the id of the running coroutine; -1 when none of this schedule is
 *         (or S is NULL)
 */
int coroutine_running(struct schedule *S);

/**
 * Whether coroutine_yield() would be allowed here. (Lua's coroutine.isyieldable.)
 * @param S the schedule
 * @return 1 on the running coroutine's own stack; 0 elsewhere, where a yield or
 *         a transfer is refused with EPERM (or S is NULL)
 */
int coroutine_yieldable(struct schedule *S);

/**
 * Steps aside: control goes back to the caller, the running coroutine becomes
 * SUSPEND. **May suspend.**
 * @param S the schedule
 * @return 0 when it has been resumed; -1 with
 *         - EPERM: not called on the running coroutine's own stack, that is,
 *           outside every coroutine of S, or from a coroutine of another
 *           schedule that this one is nested around
 *         - ENOMEM: its frames could not be kept, and it goes on
 *         - EINVAL: S is NULL
 */
int coroutine_yield(struct schedule *S);

/**
 * Symmetric switching: the running coroutine steps aside as SUSPEND, and `id`
 * goes on in its place, with its caller. **May suspend.** The caller's resume
 * returns when whoever is in that place by then yields or ends.
 * @param S  the schedule
 * @param id a READY or SUSPEND coroutine
 * @return 0 when the coroutine has been resumed; -1 with EPERM or ENOMEM as in
 *         coroutine_yield(), ESRCH, EBUSY or EINVAL as in coroutine_resume()
 */
int coroutine_transfer(struct schedule *S, int id);

/**
 * coroutine_resume() that hands a value in: coroutine_value() reads it on the
 * other side. coroutine_resume(S, id) hands in NULL. **May suspend.**
 * @param S     the schedule
 * @param id    as in coroutine_resume()
 * @param value anything; the library never looks at it
 * @return and errno as coroutine_resume(); a refused call hands nothing over
 */
int coroutine_resume_with(struct schedule *S, int id, void *value);

/**
 * coroutine_yield() that hands a value out to the caller, who reads it with
 * coroutine_value(). coroutine_yield(S) hands out NULL. **May suspend.**
 * @param S     the schedule
 * @param value anything; the library never looks at it
 * @return and errno as coroutine_yield(); a refused call hands nothing over
 */
int coroutine_yield_with(struct schedule *S, void *value);

/**
 * The value that came with the switch to whoever asks: after a resume, what
 * the coroutine yielded (NULL when it ended); after a yield, and at the start
 * of a coroutine, what it was resumed with. Read it before the next resume,
 * yield or transfer: there is one per schedule. (The idea is Lua's, where
 * resume and yield carry values both ways.)
 * @param S the schedule
 * @return the value; NULL when there was none (or S is NULL)
 */
void *coroutine_value(struct schedule *S);

/**
 * A trace: called at every change of state.
 * @param ud   what was handed to coroutine_trace()
 * @param S    the schedule
 * @param id   the coroutine that changes
 * @param from its old state
 * @param to   its new state
 *
 * It runs on whatever stack made the change. In it nobody can switch: yield and
 * transfer are refused with EPERM, resume and close with EBUSY. coroutine_new()
 * is allowed.
 */
typedef void (*coroutine_tracer)(void *ud, struct schedule *S, int id, int from,
				 int to);

/**
 * Sets the trace of a schedule; costs one comparison per change while unset.
 * @param S      the schedule
 * @param tracer called from now on; NULL ends the trace
 * @param ud     handed to tracer; stays the caller's
 * @return 0; -1 with EINVAL when S is NULL
 */
int coroutine_trace(struct schedule *S, coroutine_tracer tracer, void *ud);

/**
 * The event that moves a coroutine from one state to another: the state table
 * itself, which the library asserts at every change and the course's state
 * diagrams are drawn from.
 * @param from a state
 * @param to   another
 * @return a static string such as "resume" or "yield"; NULL when there is no
 *         such move, or no such state
 */
const char *coroutine_event(int from, int to);

/**
 * The name of a state, in capitals as in the course: "READY".
 * @param status a state
 * @return a static string; NULL when there is no such state
 */
const char *coroutine_status_name(int status);

#ifdef __cplusplus
}
#endif

#endif
