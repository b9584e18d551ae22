/**
 * @file
 * A server: accepts connections and runs a coroutine for each, up to a number;
 * those who come when all places are taken wait in the system's queue, and none
 * is lost before it stops. It goes on when descriptors run out, ends connections
 * on which nothing moves, and stops cleanly: who is in the middle of a request
 * finishes it first.
 *
 * What serves a connection is a function of yours. It reads top down, as if its
 * connection were the only one:
 *
 *     while (connection_idle(c) == 0 &&
 *            (count = connection_read(c, c->fd, bytes, sizeof bytes)) > 0 &&
 *            connection_write(c, c->fd, bytes, (size_t)count) != -1)
 *             ;
 *
 * **What is on the stack while you wait is what a connection costs.** So wait
 * in a function that has no buffer, and call one that has it when there is
 * something to put into it.
 *
 * **May suspend** is a warning here: others run meanwhile, so whatever is
 * shared must be in order at each such call.
 */
#ifndef COROUTINE_SERVER_H
#define COROUTINE_SERVER_H

#include "../11-epoll-dispatcher/loop.h"

#ifdef __cplusplus
extern "C" {
#endif

/** For a function that has a buffer: keeps it out of the frame of its caller, who
 *  waits. A compiler may make one function of the two otherwise. */
#if defined(__GNUC__)
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE
#endif

/** A server: opaque, made by server_open(). */
struct server;

/** The states of a server; server_event() tells the moves between them. */
enum {
	SERVER_STOPPED = 0, /**< not running (any more) */
	SERVER_OPEN = 1,    /**< accepts */
	SERVER_FULL = 2,    /**< all places are taken: who comes waits */
	SERVER_SHORT = 3,   /**< the system has no descriptor or no memory for
	                         another one: who comes waits */
	SERVER_STOPPING = 4 /**< accepts nobody; who is served finishes */
};

/** How many states there are, numbered from 0; how many coroutines a connection
 *  can have. */
enum { SERVER_STATES = 5, SERVER_PARTS = 2 };

struct connection;

/** What serves a connection, in a coroutine of its own. When it returns, the
 *  connection is closed. @param c the connection */
typedef void (*server_func)(struct connection *c);

/** One connection. Owned by the server; good until the last of its coroutines
 *  returns. */
struct connection {
	struct server *server; /**< whose it is */
	int fd;                /**< adopted; closed by the server */
	int peer; /**< -1, or a second adopted descriptor, yours to set, which is
	               closed together with the first */
	void *ud;                            /**< yours */
	void (*ended)(struct connection *c); /**< NULL, or yours to set: called
	               once, when the last coroutine has returned and the
	               descriptors are closed; or by server_close(), which has
	               closed the sockets. It must not suspend */
	/* The rest is the server's own. */
	int running; /**< how many of its coroutines have not returned */
	int idle;    /**< from connection_idle() to the next byte that moves */
	int cut;     /**< by connection_cut() */
	int strict;  /**< by connection_patience() */
	long moves;  /**< how often bytes have moved */
	struct connection *next; /**< a free place: the next one */
	int parts[SERVER_PARTS]; /**< the ids of its coroutines; -1: none */
};

/** What server_open() is asked for; a zero means the default. */
struct server_options {
	/** A listening socket, the server's once it is open. No default. */
	int listener;
	/** Who serves a connection. No default. */
	server_func serve;
	/** For serve, which finds it by server_ud(); stays the caller's. */
	void *ud;
	/** Connections at a time, 1 to 1,000,000; default 1000. With a stack for
	 *  each of their coroutines the system has a limit of its own: Linux
	 *  about 32,000 stacks, which `sysctl vm.max_map_count` raises. Who comes
	 *  past that gets a reset, and the server is SHORT; so let them share
	 *  `stacks`. */
	int connections;
	/** Coroutines that each of them may have, up to SERVER_PARTS; default
	 *  1. */
	int parts;
	/** Stacks that all coroutines share, as in coroutine_options; default:
	 *  one for each. */
	int stacks;
	/** Coroutines of your own beside the connections', up to 1,000,000,
	 *  started in server_loop(); the server does not wait for them to
	 *  end. */
	int others;
	/** Nanoseconds: a connection on which nothing moves for so long, or at
	 *  most twice as long, has ended; TIMER_NEVER: never; default 60 s. */
	long long patience;
	/** Nanoseconds that are left for running requests when it stops; what
	 *  is left then is cut; TIMER_NEVER: never; default 10 s. */
	long long grace;
	/** "epoll" or "poll", as in poller_open(); default: the best. */
	const char *poller;
	/** Default: the system's. */
	const struct timer_clock *clock;
};

/**
 * Opens a server, with a loop of its own. To be
 * called after fork(). All memory that it needs itself is taken here.
 * @param options copied
 * @return the server, owned by the caller until server_close(); NULL with
 *         - EINVAL: no options, no serve, no such poller, a socket that does
 *           not listen, or a number that is negative or out of range
 *         - EBADF, ENOTSOCK: the listener is no descriptor, or no socket
 *         - ENOMEM, EMFILE: no memory, no descriptor
 *         - another error as in socket_adopt() of the listener, which stays the
 *           caller's whenever this fails
 */
struct server *server_open(const struct server_options *options);

/**
 * Serves until the server is stopped. Called once, from outside.
 * @param s the server
 * @return 0 when it was stopped and all connections have ended; -1 with
 *         - what the poller failed with: what is left then, server_close() ends
 *         - ENOMEM: there is none at the beginning, so that the server's own
 *           coroutines cannot wait; it stops for that
 *         - EAGAIN: there are more coroutines beside it than it was told of
 *         - EALREADY: it has been run, or runs
 *         - EINVAL: NULL
 */
int server_run(struct server *s);

/**
 * Stops a server: it accepts nobody any more, who is still in the system's queue
 * gets a reset, idle connections end, and those in the middle of a request have
 * the time of grace. A second call ends that time. Does not suspend, and does not
 * wait. From inside, from outside, from another thread, and **from a signal
 * handler**.
 * @param s the server
 * @return 0; -1 with EINVAL: NULL
 */
int server_stop(struct server *s);

/**
 * Closes a server, its listener, and every connection that is left.
 * @param s NULL is allowed and does nothing
 * @return 0; -1 with EBUSY: called from inside
 */
int server_close(struct server *s);

/**
 * What a server is.
 * @param s the server
 * @return one of the states; SERVER_STOPPED for NULL
 */
int server_status(const struct server *s);

/** @param s the server @return how many connections it has; 0 for NULL */
int server_connections(const struct server *s);

/** @param s the server @return its loop, which is the server's */
struct loop *server_loop(struct server *s);

/** @param s the server @return what server_options::ud was */
void *server_ud(struct server *s);

/* ---- For who serves a connection ----------------------------------------- */

/**
 * Waits for the next request: until `fd` is worth a try. From here to the next
 * byte that moves the connection is idle, and may end when the server stops. Only
 * for a connection's first coroutine: that is whom a stop wakes. On a local socket
 * it may return before there is a byte: then connection_read() waits, and ends, in
 * its place. **May suspend.**
 * @param c the connection
 * @return 0: bytes, or the end, as connection_read() tells; -1 with
 *         - ECANCELED: the server stops, or the connection was cut
 *         - ETIMEDOUT: nothing came for as long as the server has patience
 *         - another error as in socket_await()
 */
int connection_idle(struct connection *c);

/**
 * Reads what there is, as socket_read() does. **May suspend**, but only before it
 * reads: once the bytes are in `buffer`, nobody else runs before it returns. So
 * it may be a buffer that all share, if nothing is left in it at the next call
 * that may suspend.
 * @param c      the connection
 * @param fd     its `fd` or `peer`
 * @param buffer where the bytes go
 * @param size   how many fit, 1 or more
 * @return how many; 0: the end; -1 with
 *         - ETIMEDOUT: on the whole connection nothing has moved for as long
 *           as the server has patience
 *         - ECANCELED: the connection was cut
 *         - another error as in socket_read()
 */
ssize_t connection_read(struct connection *c, int fd, void *buffer,
			size_t size);

/**
 * Reads what there is at this moment. Does not suspend: nobody else runs before
 * it returns.
 * @param c      the connection
 * @param fd     its `fd` or `peer`
 * @param buffer where the bytes go
 * @param size   how many fit, 1 or more
 * @return how many; 0: the end; -1 with EAGAIN: there is nothing at this moment;
 *         ECANCELED: the connection was cut; or as socket_try_read()
 */
ssize_t connection_try_read(struct connection *c, int fd, void *buffer,
			    size_t size);

/**
 * Writes all. **May suspend**, often.
 * @param c      the connection
 * @param fd     its `fd` or `peer`
 * @param buffer the bytes, which stay as they are until it returns
 * @param size   how many
 * @return `size`; -1 as connection_read(), also after some bytes
 */
ssize_t connection_write(struct connection *c, int fd, const void *buffer,
			 size_t size);

/**
 * Writes what there is room for at this moment. Does not suspend: nobody else
 * runs before it returns.
 * @param c      the connection
 * @param fd     its `fd` or `peer`
 * @param buffer the bytes
 * @param size   how many
 * @return how many; -1 with EAGAIN: there is no room at this moment; ECANCELED:
 *         the connection was cut; or as socket_try_write()
 */
ssize_t connection_try_write(struct connection *c, int fd, const void *buffer,
			     size_t size);

/**
 * Sets how patience counts from now on, for the whole connection, and begins it
 * anew for the coroutine that calls. Does not suspend. At first it is 0.
 * @param c      the connection
 * @param strict 0: anew whenever something moves; 1: once for all that is done
 *               up to the next call of this, so that who sends a byte now and
 *               then does not hold a place for ever
 */
void connection_patience(struct connection *c, int strict);

/**
 * Connects to another server, as `peer`. **May suspend.**
 * @param c       the connection; it has no `peer` yet
 * @param address where to
 * @param length  bytes of it
 * @return 0; -1 with what socket(), socket_adopt() or socket_connect() said, or
 *         as connection_read(): `peer` may be set all the same; EINVAL: there
 *         is a `peer`, or no address
 */
int connection_connect(struct connection *c, const struct sockaddr *address,
		       socklen_t length);

/**
 * Starts a further coroutine for a connection, which ends with its last one.
 * Does not suspend.
 * @param c     the connection
 * @param serve what it runs
 * @return 0; -1 with EAGAIN: it has all that server_options::parts allows;
 *         EINVAL: nothing to run; or as dispatcher_spawn()
 */
int connection_also(struct connection *c, server_func serve);

/**
 * Cuts a connection: all calls for it fail with ECANCELED, and when the last of
 * its coroutines has returned, both sides get a reset: what was cut off never
 * looks complete. Does not suspend.
 * @param c the connection
 */
void connection_cut(struct connection *c);

/**
 * For who builds further calls for a connection: a socket_ call for it has failed;
 * is it to be made again? It is, when that was the deadline, and bytes have moved
 * on the connection since that was set: then there is a new one. Does not suspend.
 * @param c the connection
 * @return 1: again; 0: it has failed, and errno is as it was
 */
int connection_again(struct connection *c);

/**
 * Notes that bytes have moved on a connection; the calls above do so themselves.
 * @param c the connection
 */
void connection_moved(struct connection *c);

/* ---- The state table ----------------------------------------------------- */

/**
 * A trace: called at every change of state.
 * @param ud   what was handed to server_trace()
 * @param s    the server
 * @param from its old state
 * @param to   its new state
 *
 * It must not suspend.
 */
typedef void (*server_tracer)(void *ud, struct server *s, int from, int to);

/**
 * Sets the trace of a server.
 * @param s      the server
 * @param tracer called from now on; NULL ends the trace
 * @param ud     handed to tracer; stays the caller's
 * @return 0; -1 with EINVAL
 */
int server_trace(struct server *s, server_tracer tracer, void *ud);

/**
 * The event that moves a server from one state to another: the state table
 * itself, from which the picture is drawn.
 * @param from the old state
 * @param to   the new state
 * @return a static string; NULL when there is no such move, or no such state
 */
const char *server_event(int from, int to);

/**
 * The name of a state, in capitals: "FULL".
 * @param state its number
 * @return a static string; NULL when there is no such state
 */
const char *server_status_name(int state);

#ifdef __cplusplus
}
#endif

#endif
