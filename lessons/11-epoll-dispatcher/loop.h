/**
 * @file
 * A loop: dispatcher, timers and sockets, opened by one call and closed by one.
 *
 *     static void serve(struct loop *L, void *ud)
 *     {
 *             ...socket_read(L->N, fd, ...)
 *     }
 *
 *     static void open_door(struct loop *L, void *ud)
 *     {
 *             int listener = (int)(intptr_t)ud, fd;
 *
 *             while ((fd = socket_accept(L->N, listener)) != -1)
 *                     loop_start(L, "client", serve, (void *)(intptr_t)fd);
 *     }
 *
 *     L = loop_open(NULL);
 *     fd = loop_listen(L, "127.0.0.1", 7011);
 *     loop_stop_on(L, SIGINT);
 *     loop_start(L, "door", open_door, (void *)(intptr_t)fd);
 *     loop_run(L);
 *     loop_close(L);
 *
 * A coroutine gets its loop, and finds in it all that it calls: `L->D` for
 * dispatcher_yield(), dispatcher_join() and their like (dispatcher.h), `L->T` for
 * timer_sleep() and timer_deadline() (timer.h), `L->N` for the socket_ calls
 * (sockets.h, lines.h). `dispatcher_parking(L->D)` is for cond_init().
 *
 * **Each coroutine has a stack of its own**, unless loop_options::stacks says
 * otherwise: so a pointer to a local is good anywhere while its function runs, and
 * a struct on the stack may stand in a list that all share. But at every call that
 * **may suspend** others run, and their functions may return meanwhile: do not hold
 * a pointer into such a list across one. Go through it with calls that never wait
 * (socket_try_write()).
 */
#ifndef COROUTINE_LOOP_H
#define COROUTINE_LOOP_H

#include "lines.h"
#include "sockets.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A loop, made by loop_open(). Its fields are yours to read. */
struct loop {
	struct dispatcher *D; /**< who runs */
	struct timer *T;      /**< time */
	struct network *N;    /**< descriptors */
};

/**
 * What a coroutine of a loop runs. Returning ends it.
 * @param L  the loop
 * @param ud what was handed to loop_start() or loop_spawn()
 */
typedef void (*loop_func)(struct loop *L, void *ud);

/** What loop_open() is asked for; a zero means the default. */
struct loop_options {
	/** How many coroutines can live at once; default DISPATCHER_SLOTS. With a
	 *  stack for each, the system limits their number: Linux to about 32,000,
	 *  which `sysctl vm.max_map_count` raises (two for each). */
	int coroutines;

	/** How many stacks they share; default: one for each, and pointers to
	 *  locals are good anywhere. With fewer, a parked coroutine keeps only the
	 *  bytes that it uses, and **nobody else may use a pointer to its
	 *  locals**: see dispatcher_open(). A coroutine.c that was
	 *  compiled with -DCOROUTINE_STRICT finds who does. */
	int stacks;

	/** Bytes of each stack; default as in dispatcher_open(). */
	size_t stack_size;

	/** "epoll" or "poll", as in poller_open(); default: the best. */
	const char *poller;

	/** Default: the system's. */
	const struct timer_clock *clock;
};

/**
 * Opens a loop. To be called after fork(). A SIGPIPE is ignored by the process from
 * now on, unless it has a handler: to write to a peer that is gone is EPIPE.
 * @param options read during the call only; NULL means all defaults
 * @return the loop, owned by the caller until loop_close(); NULL with
 *         - EINVAL: an option is out of range
 *         - ENOMEM: no memory
 *         - EMFILE, ENFILE: no descriptor for the poller
 */
struct loop *loop_open(const struct loop_options *options);

/**
 * Closes a loop, its sockets, timers and dispatcher; every descriptor that is
 * still adopted, too. Coroutines that have not ended end where they stand.
 * @param L NULL is allowed and does nothing
 * @return 0; -1 with EBUSY: called from inside, and it goes on
 */
int loop_close(struct loop *L);

/**
 * Makes a coroutine that nobody joins; it runs when its turn comes. From inside or
 * outside. Does not suspend.
 * @param L    the loop
 * @param name for reports; copied, cut at DISPATCHER_NAME - 1 bytes; NULL: ""
 * @param func what it runs
 * @param ud   handed to func; stays the caller's
 * @return its id, 0 or more, for dispatcher_interrupt() and its like; -1 with
 *         - EAGAIN: there are as many as loop_options::coroutines allows
 *         - ENOMEM: the system maps no further stack: see there
 *         - EINVAL: L or func is NULL
 */
int loop_start(struct loop *L, const char *name, loop_func func, void *ud);

/**
 * Makes a coroutine that somebody joins, by dispatcher_join(L->D, id, NULL).
 * @param L    the loop
 * @param name as in loop_start()
 * @param func what it runs
 * @param ud   handed to func; stays the caller's
 * @return its id; -1 as loop_start()
 */
int loop_spawn(struct loop *L, const char *name, loop_func func, void *ud);

/**
 * Runs until all coroutines have ended. Called from outside.
 * @param L the loop
 * @return 0 when all have ended; how many are left, when loop_stop() was called
 *         twice; -1 as dispatcher_run()
 */
int loop_run(struct loop *L);

/**
 * Stops a loop. The first call makes every wait fail with ECANCELED, from now on
 * and for all: so each coroutine goes its own way out and cleans up, and
 * loop_run() returns when all have ended. Whoever is busy hears of it at the end of
 * its turn, in its next socket_ call or lines_read(). One that computes and never
 * calls anything hears nothing. The second call lets loop_run() return after the
 * round, with those that are left. Does not suspend.
 * @param L the loop
 * @return 0; -1 with EINVAL
 */
int loop_stop(struct loop *L);

/**
 * Lets a signal stop the loop, as loop_stop() does; a second one, for the second
 * time. Does not suspend. Takes a pipe at the first call. Its handler was
 * somebody else's before, and is so again after loop_close().
 * @param L      the loop
 * @param signal SIGINT, SIGTERM ...
 * @return 0; -1 with
 *         - EBUSY: another loop of this process has it
 *         - EPERM: in a child of fork()
 *         - EINVAL: no such signal, or none that can be caught
 *         - EMFILE, ENFILE, ENOMEM: no pipe
 */
int loop_stop_on(struct loop *L, int signal);

/**
 * Opens a socket that listens, adopted: socket_listen() and socket_adopt().
 * @param L       the loop
 * @param address as in socket_listen()
 * @param port    as in socket_listen()
 * @return the descriptor, for socket_accept(), owned by the caller until
 *         socket_close(); -1 as those two, also for a NULL loop
 */
int loop_listen(struct loop *L, const char *address, int port);

#ifdef __cplusplus
}
#endif

#endif
