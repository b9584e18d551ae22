/**
 * @file
 * Work that the loop does while a coroutine waits: no switch for each event.
 *
 * The rules of readiness.h hold here too. The idea is Boost.Asio's, where the
 * loop runs the steps of a composed operation, and whoever began it goes on at
 * its end.
 */
#ifndef COROUTINE_UNTIL_H
#define COROUTINE_UNTIL_H

#include "readiness.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What is to be done at a descriptor, and needs no stack of its own: it never
 * waits, nor does what it calls. While the loop does it, a wait is refused with
 * EPERM; when the coroutine tries it itself nobody refuses, so that is no test.
 * The stack may be that of another coroutine which has just stepped aside, and as
 * small as coroutine_options::stack_size.
 * @param ud what was handed to socket_until(). It must not lie on the
 *           coroutine's stack where stacks are shared: that is another's by then
 * @return not 0: it is done, and the coroutine goes on; 0: there is more to come
 */
typedef int (*socket_work)(void *ud);

/**
 * Waits until work is done. The coroutine tries it at once, if the descriptor is
 * worth a try. From then on **the loop tries it** at each report: so while there
 * is more to come the coroutine does not run. When the work leaves the
 * descriptor ready, the coroutine goes on with it, and lets others run before
 * each further try; as long as it does so, no deadline and no interrupt ends it.
 * Work that is done counts, even if the deadline passes or the descriptor is
 * closed in the same moment. **May suspend.**
 * @param N    the network
 * @param fd   the descriptor
 * @param want POLLER_READ, POLLER_WRITE, or both: when it is tried
 * @param work what is tried; it may close the descriptor, but not the network
 * @param ud   handed to work; stays the caller's
 * @return 0: it is done; -1 as socket_perform(), or with EINVAL: no work. After
 *         -1 work is not called any more
 */
int socket_until(struct network *N, int fd, int want, socket_work work,
		 void *ud);

#ifdef __cplusplus
}
#endif

#endif
