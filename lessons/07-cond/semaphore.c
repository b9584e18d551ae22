/*
 * A semaphore is a cond and a number. As long as somebody waits the number is 0:
 * a post hands its unit over, so there is no moment at which a third one could
 * take it.
 */
#include "semaphore.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>

static int refuse(int error)
{
	errno = error;
	return -1;
}

int semaphore_init(struct semaphore *s, struct parking *P, const char *name,
		   int units)
{
	if (s == NULL || units < 0)
		return refuse(EINVAL);
	s->units = units;
	return cond_init(&s->posted, P, name);
}

//! [semaphore]
int semaphore_wait(struct semaphore *s)
{
	if (s == NULL)
		return refuse(EINVAL);
	if (s->units == 0)
		return cond_wait(&s->posted); /* who wakes us hands one over */
	s->units--;
	return 0;
}

int semaphore_post(struct semaphore *s)
{
	int woken;

	if (s == NULL)
		return refuse(EINVAL);
	if (s->units == INT_MAX)
		return refuse(EOVERFLOW);
	woken = cond_signal(&s->posted);
	if (woken == 0)
		s->units++; /* nobody waits: remember it */
	return woken == -1 ? -1 : 0;
}
//! [semaphore]
