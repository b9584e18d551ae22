/*
 * The responder. The story, top to bottom: an answer is written; a request is
 * read; one follows the other.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200112L
#endif

#include "responder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	WORDS = 512,            /* of a head that we send, and a short body */
	ROOM = 1024,            /* for a body beside the largest head */
	GOODBYE_MS = 2000,      /* for the other side to send or to hang up, */
	GOODBYE_ALL_MS = 20000, /* for all of it, */
	GOODBYE_MAX = 1 << 23   /* and what it may still send */
};

/* What has come of a request, and perhaps of the next ones. */
struct inbox {
	char bytes[HTTP_HEAD_MAX + ROOM];
	int count;
};

/* ---- An answer is written ---------------------------------------------------- */

static void date(char *words, size_t size)
{
	time_t now = time(NULL);
	struct tm t;

	gmtime_r(&now, &t);
	strftime(words, size, "%a, %d %b %Y %H:%M:%S GMT", &t);
}

static const struct responder_answer broken = { 500, "text/plain",
						"no answer was found\n", 20,
						20 };

/* Head and body in one write, if they are short; else the block as often as it
 * takes. Returns -1 when the connection has failed. */
static int write_answer(struct connection *c, const struct responder_answer *a,
			int with_body, const char *fields)
{
	long long left = with_body ? a->length : 0;
	char words[WORDS], when[64];
	int length, piece;

	date(when, sizeof when);
	length = snprintf(words, sizeof words,
			  "HTTP/1.1 %d %s\r\nDate: %s\r\n"
			  "Content-Type: %.99s\r\n"
			  "Content-Length: %lld\r\n%s%s\r\n",
			  a->status, http_reason(a->status), when, a->type,
			  a->length, fields,
			  a->status == 405 ? "Allow: GET, HEAD\r\n" : "");
	if (left <= WORDS - length && left <= a->size) {
		memcpy(words + length, a->block, (size_t)left);
		length += (int)left;
		left = 0;
	}
	if (connection_write(c, c->fd, words, (size_t)length) == -1)
		return -1;
	for (; left > 0; left -= piece) {
		piece = left < a->size ? (int)left : a->size;
		if (connection_write(c, c->fd, a->block, (size_t)piece) == -1)
			return -1;
	}
	return 0;
}

/* The answer is on its way, and we end. If we closed while bytes of the other
 * side are unread, the system would send a reset, which may overtake the
 * answer. So say that there is no more, read on as long as something comes, and let
 * it hang up: an upload that is refused may be on its way for a while. */
static int goodbye(struct connection *c, struct inbox *in)
{
	struct timer *T = server_loop(c->server)->T;
	long long end = timer_now(T) + GOODBYE_ALL_MS * TIMER_MS, next;
	ssize_t count;

	shutdown(c->fd, SHUT_WR);
	for (int all = 0; all < GOODBYE_MAX; all += (int)count) {
		next = timer_now(T) + GOODBYE_MS * TIMER_MS;
		timer_deadline(T, next < end ? next : end);
		count = socket_read(server_loop(c->server)->N, c->fd, in->bytes,
				    sizeof in->bytes);
		if (count <= 0)
			break;
	}
	return 0;
}

/* Refuses a request, says why, and ends. */
static int turn_away(struct connection *c, struct inbox *in, int status,
		     const char *wrong)
{
	char body[128];
	int length = snprintf(body, sizeof body, "%d %s: %s\n", status,
			      http_reason(status), wrong);
	struct responder_answer a = { status, "text/plain", body, length,
				      length };

	if (write_answer(c, &a, 1, "Connection: close\r\n") == -1)
		return 0;
	return goodbye(c, in);
}

/* ---- A request is read --------------------------------------------------------- */

/* Returns how many bytes have come; 0 when the connection has ended; or below 0
 * the status to refuse the request with. */
static int read_more(struct connection *c, struct inbox *in,
		     struct http_request *r)
{
	ssize_t count = connection_read(c, c->fd, in->bytes + in->count,
					sizeof in->bytes - (size_t)in->count);

	if (count > 0) {
		in->count += (int)count;
		return (int)count;
	}
	if (count == 0 || errno != ETIMEDOUT || in->count == 0)
		return 0;
	r->wrong = "the request took too long";
	return -408;
}

/* Returns the length of the head, or what read_more() said. */
static int read_head(struct connection *c, struct inbox *in,
		     struct http_request *r)
{
	int head, more;

	while ((head = http_read(r, in->bytes, in->count)) == 0) {
		more = read_more(c, in, r);
		if (more <= 0)
			return more;
	}
	return head;
}

static void take_out(struct inbox *in, int at, int count)
{
	in->count -= count;
	memmove(in->bytes + at, in->bytes + at + count,
		(size_t)(in->count - at));
}

/* Drops the body behind the head, up to its end. Returns the length of the head,
 * or what read_more() said. */
static int drop_body(struct connection *c, struct inbox *in, int head,
		     struct http_request *r)
{
	int body = r->body, piece, more;

	for (;;) {
		piece = in->count - head < body ? in->count - head : body;
		take_out(in, head, piece);
		body -= piece;
		if (body == 0)
			return head;
		more = read_more(c, in, r);
		if (more <= 0)
			return more;
	}
}

/* ---- One follows the other ------------------------------------------------------- */

static const char *connection_field(const struct http_request *r, int keep)
{
	if (!keep)
		return "Connection: close\r\n";
	return r->version == 10 ? "Connection: keep-alive\r\n" : "";
}

/* Whether there will be another request. Who waits for a word before it sends a
 * body hears our answer, and keeps the body. */
static int goes_on(const struct connection *c, const struct http_request *r)
{
	return r->keep && !(r->expects && r->body > 0) &&
	       server_status(c->server) != SERVER_STOPPING;
}

//! [exchange]
/* One request and its answer. Returns whether the connection goes on. */
static int exchange(struct connection *c, struct inbox *in,
		    responder_func answer)
{
	struct responder_answer a = { 404, "text/plain", "not found\n", 10,
				      10 };
	struct http_request r = { 0 };
	int head, is_head, keep;

	connection_patience(c, 1);
	head = read_head(c, in, &r);
	if (head > 0 && !r.expects)
		head = drop_body(c, in, head, &r);
	connection_patience(c, 0);
	if (head <= 0)
		return head ? turn_away(c, in, -head, r.wrong) : 0;

	timer_deadline(server_loop(c->server)->T, TIMER_NEVER);
	answer(c, &r, in->bytes, &a);
	connection_patience(c, 0);
	if (a.length < 0 || (a.length > 0 && a.size < 1))
		a = broken;

	is_head = http_is(in->bytes, r.method, "HEAD");
	take_out(in, 0, head);
	keep = goes_on(c, &r);
	if (write_answer(c, &a, !is_head, connection_field(&r, keep)) == -1)
		return 0;
	return keep ? 1 : goodbye(c, in);
}

/* From the first byte of a request up to the moment when all that has come is
 * answered. Only so long there is a buffer. */
static NOINLINE int converse(struct connection *c, responder_func answer)
{
	struct inbox in;
	int keep;

	in.count = 0;
	do
		keep = exchange(c, &in, answer);
	while (keep && in.count > 0);
	return keep;
}

void respond(struct connection *c, responder_func answer)
{
	while (connection_idle(c) == 0 && converse(c, answer))
		;
}
//! [exchange]
