/**
 * @file
 * A poller: the system call that tells which descriptors are ready, behind a
 * table of five functions. Two are built: on Linux's epoll, and on poll() alone
 * for every other POSIX system.
 *
 * A descriptor is added once and stays until it is removed. With every report
 * comes the token it was added with: a descriptor's number is used again as
 * soon as it is closed, a token is not, so that who gets a report can tell
 * whether it still concerns the same descriptor.
 *
 * A poller belongs to the process that opened it: a child of fork() opens its
 * own.
 */
#ifndef POLLER_H
#define POLLER_H

/** What a descriptor is ready for; bits. An error or a hang-up (POLLERR,
 *  POLLHUP) is reported as both: the call that is tried next tells what it is.
 *  */
enum { POLLER_READ = 1, POLLER_WRITE = 2 };

/** One report of a poller. */
struct poller_event {
	unsigned long long token; /**< what the descriptor was added with */
	int ready;                /**< POLLER_READ, POLLER_WRITE, or both */
};

/** A poller: a table of functions, the first member of whatever implements
 *  it. */
struct poller {
	/** Its name, as --poller takes it: "epoll" or "poll". */
	const char *name;

	/** 1: reports each change to ready once (edges), so that a descriptor
	 *  may be added for both directions at once and left alone. 0: reports
	 *  as long as it is ready (levels), so that only what somebody waits
	 *  for must be wanted. */
	int edges;

	/**
	 * Adds a descriptor.
	 * @param p     the poller
	 * @param fd    the descriptor
	 * @param want  POLLER_READ, POLLER_WRITE, both, or 0
	 * @param token handed back with each report
	 * @return 0; -1 with
	 *         - EEXIST: it is there already
	 *         - EPERM: a regular file or a directory: always ready, and
	 *           nothing that can be waited for
	 *         - EBADF: no descriptor
	 *         - ENOMEM, ENOSPC: no room for it
	 */
	int (*add)(struct poller *p, int fd, int want,
		   unsigned long long token);

	/** Changes what a descriptor is wanted for. @return 0; -1 with ENOENT:
	 *  it was not added; or another errno as add */
	int (*modify)(struct poller *p, int fd, int want,
		      unsigned long long token);

	/** Removes a descriptor; to be called before it is closed. @return 0;
	 * -1
	 *  with ENOENT: it was not added */
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

	/** Closes the poller and frees it. */
	void (*close)(struct poller *p);
};

/**
 * Opens a poller on Linux's epoll, edge-triggered.
 * @return the poller, owned by the caller until its close(), or until
 *         sockets_close() when handed over; NULL with
 *         - ENOSYS: this system has no epoll
 *         - EMFILE, ENFILE, ENOMEM: no descriptor or memory for it
 */
struct poller *poller_epoll(void);

/**
 * Opens a poller on POSIX poll(). It costs a step for each added descriptor at
 * every wait.
 * @return as poller_epoll(); NULL with ENOMEM
 */
struct poller *poller_poll(void);

/**
 * Opens the poller of a name, or the best there is.
 * @param name "epoll" or "poll"; NULL: epoll where there is one, else poll
 * @return as above; NULL with EINVAL for another name
 */
struct poller *poller_open(const char *name);

#endif
