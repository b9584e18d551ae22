/**
 * @file
 * A responder: what a connection's coroutine does that speaks HTTP/1.1. One
 * request after the other, also several that come at once (pipelining), until
 * one of the two sides has enough.
 *
 * While it waits for the next request it has no buffer. From a request's first
 * byte on, its head and body have the server's patience in all: who sends a
 * byte now and then gets a 408. What is refused gets a status and a word why,
 * and the connection ends, without losing them on the way.
 */
#ifndef COROUTINE_RESPONDER_H
#define COROUTINE_RESPONDER_H

#include "http.h"
#include "server.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is answered to a request. What cannot be sent (a length below 0, or
 *  blocks that never reach it) becomes a 500. */
struct responder_answer {
	int status; /**< 200 ...; 405 says that GET and HEAD are allowed */
	const char *type;  /**< of the body: "text/plain" */
	const char *block; /**< the body, or a piece of it that is repeated */
	int size;          /**< bytes of the block; 0 only for an empty body */
	long long length;  /**< bytes of the body */
};

/**
 * Finds the answer to a request. **May suspend**: to wait for what it needs, by
 * the timers and sockets of the server. It has no deadline but its own.
 * @param c    the connection
 * @param r    the request
 * @param head its head, until this returns
 * @param a    the answer; a 404 at first. What it points to must live until it
 *             is sent, so it is none of the caller's locals
 */
typedef void (*responder_func)(struct connection *c,
			       const struct http_request *r, const char *head,
			       struct responder_answer *a);

/**
 * Answers requests until the connection ends. **May suspend.** Bodies of
 * requests are read and dropped.
 * @param c      the connection
 * @param answer asked for each request
 */
void respond(struct connection *c, responder_func answer);

#ifdef __cplusplus
}
#endif

#endif
