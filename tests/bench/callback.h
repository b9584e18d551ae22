/*
 * A proxy of callbacks, and the loop it stands on: raw epoll (loop_epoll.c) or
 * libevent (loop_libevent.c).
 */
#ifndef CALLBACK_H
#define CALLBACK_H

#include <stddef.h>

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

/* One end of a connection through the proxy. */
struct end {
	int fd;
	struct end *peer; /* where its bytes go; NULL: the listener */
	char *unsent;     /* what the peer has had no room for */
	size_t size;      /* bytes of it */
	int watched;
	void *watcher; /* the loop's */
	struct end *next;
};

/* ---- The loop ------------------------------------------------------------ */

void loop_open(void);

/* From now on the end is watched for this, and for nothing else. */
void loop_watch(struct end *e, int want);

/* Before it is closed. The end stays in memory until loop_run() says that no
 * event of it is on the way any more. */
void loop_forget(struct end *e);

/* Calls ready() and, when all events of one wait are through, finished(). */
void loop_run(void);

/* ---- The proxy ----------------------------------------------------------- */

void ready(struct end *e, int what);
void finished(void);

#endif
