/**
 * @file
 * Work of a connection that the loop does, without a switch for each event; and
 * the relay that is made of it.
 */
#ifndef COROUTINE_BY_LOOP_H
#define COROUTINE_BY_LOOP_H

#include "../11-epoll-dispatcher/until.h"
#include "relay.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Waits until work is done, as socket_until() does, with the server's patience.
 * **May suspend**; the work may not.
 * @param c    the connection
 * @param fd   its `fd` or `peer`
 * @param want as in socket_until()
 * @param work as in socket_until()
 * @param ud   handed to work; stays the caller's, and must not lie on the
 *             coroutine's stack where stacks are shared
 * @return 0: it is done; -1 as connection_read() and socket_until(); ECANCELED
 *         also when it was cut before work was done, or by work
 *
 * While work leaves `fd` ready, neither a cut nor a deadline ends it: so it has to
 * ask (connection_try_read() tells of a cut), or to be done.
 */
int connection_until(struct connection *c, int fd, int want, socket_work work,
		     void *ud);

/**
 * The same; but what comes is passed on by the loop, without a switch, as long as
 * it is less than a piece and there is room for it: connection_until(). (On a local
 * socket, where a short read does not mean that there is no more, it takes a switch
 * each time.) It takes memory once, and again for what there is no room for, until
 * there is; without memory the connection is cut. **May suspend.**
 * @param c the connection, as for relay(); its `ud` and `ended` are the relay's
 *          from now on
 */
void relay_by_loop(struct connection *c);

#ifdef __cplusplus
}
#endif

#endif
