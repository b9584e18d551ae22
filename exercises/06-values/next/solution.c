#include "next.h"

#include <errno.h>

int next(struct schedule *S, int id, void **value)
{
	/* Resume first, then ask what it brought: a status from before the
	 * resume cannot know whether the coroutine yields once more. */
	switch (coroutine_resume(S, id)) {
	case COROUTINE_SUSPEND:
		/* It yielded, so there is a value, and NULL is one too. */
		*value = coroutine_value(S);
		return 1;
	case COROUTINE_DEAD:
		return 0;
	default:
		/* ESRCH: nobody has this id any more. It ended earlier, and
		 * the end stays the end. Anything else is a real refusal. */
		return errno == ESRCH ? 0 : -1;
	}
}
