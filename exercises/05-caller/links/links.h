#ifndef LINKS_H
#define LINKS_H

#include "coroutine.h"

enum { LINKS = 8, NOBODY = -1 };

/* Who called coroutine `id`: caller[id]. At first NOBODY has called anybody.
 * Every id in use is below LINKS. */
struct links {
	int caller[LINKS];
};

/*
 * Lets coroutine `id` run, until it goes back. Returns 0 when control is back;
 * -1 with ESRCH: no coroutine has this id
 *         EBUSY: it is the running coroutine, or one of its callers
 * and then no link has changed.
 */
int call(struct schedule *S, struct links *links, int id);

/*
 * Goes back to whoever called the running coroutine. Returns 0 when it is
 * called again; -1 with EPERM: nobody has called it since it last went back.
 */
int back(struct schedule *S, struct links *links);

#endif
