/**
 * @file
 * A poller: the system call that tells which descriptors are ready, behind a
 * table of functions. Two are built: on Linux's epoll (poller_epoll.h),
 * and on poll() alone, for every other POSIX system.
 *
 * A descriptor is added once, and stays until it is removed. It is reported
 * when it *becomes* ready, not as long as it is so: whoever is told goes on
 * until the system says EAGAIN, and then waits. Before it waits it says so
 * (want()); only then must the poller report the descriptor again.
 *
 * With every report comes the token the descriptor was added with: a number is
 * used again as soon as it is closed, a token is not. So who gets a report can
 * tell whether it still concerns the same descriptor.
 *
 * A poller belongs to the process that opened it: a child of fork() opens its
 * own.
 */
#ifndef COROUTINE_POLLER_H
#define COROUTINE_POLLER_H

#ifdef __cplusplus
extern "C" {
#endif

/** What a descriptor is ready for; bits. */
enum {
	POLLER_READ = 1,  /**< there is something to read, or to accept */
	POLLER_WRITE = 2, /**< there is room to write, or it is connected */
	POLLER_END = 4    /**< only in reports: the other side has ended, there
	                       is an error, or urgent data. What comes after the
	                       bytes is there already, and is not reported
	                       again */
};

/** One report of a poller. */
struct poller_event {
	unsigned long long token; /**< what the descriptor was added with */
	int ready; /**< bits; for an error or a hang-up all three: the call that
	                is tried next tells what it is */
};

/** A poller: a table of functions, the first member of whatever implements
 *  it. */
struct poller {
	/** Its name, as poller_open() takes it: "epoll" or "poll". */
	const char *name;

	/**
	 * Adds a descriptor.
	 * @param p     the poller
	 * @param fd    the descriptor
	 * @param token handed back with each report; not 0
	 * @return 0; -1 with
	 *         - EEXIST: it is there already
	 *         - EPERM: a regular file or a directory, which is always ready;
	 *           with epoll also a device that cannot be waited for, such as
	 *           /dev/null
	 *         - EBADF: no descriptor
	 *         - ENOMEM, ENOSPC: no room for it
	 */
	int (*add)(struct poller *p, int fd, unsigned long long token);

	/**
	 * Says that somebody is about to wait: from now on the descriptor is
	 * reported as soon as it is ready, at once when it is so already.
	 * @param p     the poller
	 * @param fd    an added descriptor
	 * @param want  POLLER_READ, POLLER_WRITE, or both
	 * @param token what it was added with
	 * @return 0; -1 with ENOENT: it was not added (epoll tells so for
	 *         POLLER_WRITE only)
	 *
	 * With epoll, reading is wanted for good and costs nothing here:
	 * whoever wants it has met EAGAIN. Writing costs a system call.
	 */
	int (*want)(struct poller *p, int fd, int want,
		    unsigned long long token);

	/** Removes a descriptor, before it is closed. @return 0; -1 with
	 *  ENOENT: it was not added */
	int (*remove)(struct poller *p, int fd);

	/**
	 * Sleeps until a descriptor is ready.
	 * @param p            the poller
	 * @param events       where the reports go
	 * @param room         how many fit, 1 or more
	 * @param milliseconds at most so long; 0: only look; -1: for ever
	 * @return how many reports; 0 also when a signal came (EINTR): look at
	 *         the clock again; -1 with errno
	 */
	int (*wait)(struct poller *p, struct poller_event *events, int room,
		    int milliseconds);

	/** Closes the poller and frees it; the descriptors stay open. */
	void (*close)(struct poller *p);

	/** NULL, or tells a descriptor that becomes readable when wait() would
	 *  report something, so that another loop can wait for this poller. */
	int (*descriptor)(struct poller *p);
};

/**
 * Opens a poller on POSIX poll(). Every wait costs a step for each descriptor
 * number up to the highest.
 * @return the poller, owned by the caller until its close(), or until
 *         network_close() when handed over; NULL with ENOMEM
 */
struct poller *poller_poll(void);

/**
 * Opens the poller of a name, or the best there is.
 * @param name "epoll" or "poll"; NULL: epoll where there is one, else poll
 * @return as poller_poll() and poller_epoll(); NULL with EINVAL for another
 *         name
 */
struct poller *poller_open(const char *name);

#ifdef __cplusplus
}
#endif

#endif
