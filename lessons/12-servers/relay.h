/**
 * @file
 * A relay: two descriptors of a connection, and what comes from one goes to the
 * other, in both directions at once. A coroutine for each direction.
 *
 * - It reads only when it has written all that it has: so it holds one piece at
 *   most in each direction, and a side that takes nothing stops the other.
 * - The end of one direction is passed on, and the other one goes on.
 * - When a direction fails, both sides get a reset: a stream that was cut off
 *   never looks complete.
 */
#ifndef COROUTINE_RELAY_H
#define COROUTINE_RELAY_H

#include "server.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of a piece. All relays of a thread read into the same one. */
enum { RELAY_PIECE = 16384 };

/**
 * Relays between `fd` and `peer` of a connection until both directions have
 * ended, or one has failed. What there is no room for is on the coroutine's own
 * stack until there is. To be called by the connection's only coroutine, at its
 * end: the second one may still run when this returns. **May suspend.**
 * @param c the connection; `peer` is set, and server_options::parts is 2
 */
void relay(struct connection *c);

/**
 * Ends one direction: passes its end on, or cuts the connection when it has failed.
 * The other direction goes on. Does not suspend. For those who pass on by other means
 * than relay().
 * @param c    the connection
 * @param to   where the direction leads: its `fd` or `peer`
 * @param last what the last read has said: 0: the end; -1, or anything else: it has
 *             failed
 */
void relay_finish(struct connection *c, int to, ssize_t last);

#ifdef __cplusplus
}
#endif

#endif
