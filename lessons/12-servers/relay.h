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

#ifdef __cplusplus
}
#endif

#endif
