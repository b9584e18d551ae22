/* Any bytes for a whole connection: a server with one place, a client that sends
 * them in pieces, and what comes back. All of it in one thread: the client's two
 * coroutines run under the server's dispatcher.
 *
 * http_read() says which answers are due. Each must be well-formed, and none may
 * be missing or come in addition. */
#define _XOPEN_SOURCE 700

#include "../../lessons/12-servers/responder.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	INPUT_MAX = 12288,
	TIMES = 40,   /* a body is so much longer than the target */
	BLOCK = 1000, /* more than is sent together with a head */
	ANSWERS_MAX = INPUT_MAX * (TIMES + 12) /* "GET / HTTP/1.0" has 18 bytes;
	                                          the head of an answer fewer
	                                          than 12 times that */
};

static struct {
	struct server *server;
	int listener;
	struct sockaddr_un address;
	int client;
	const char *bytes; /* that are sent, */
	size_t count;
	size_t sizes[2];           /* in pieces */
	char answers[ANSWERS_MAX]; /* that come */
	size_t come;
} it;

static const char block[BLOCK];

static void must(int condition, const char *words)
{
	if (condition)
		return;
	fprintf(stderr, "does not hold: %s\n%.*s\n", words, (int)it.come,
		it.answers);
	abort();
}

/* ---- The server ------------------------------------------------------------ */

static void answer(struct connection *c, const struct http_request *r,
		   const char *head, struct responder_answer *a)
{
	(void)head;
	if (r->target.length == 0)
		return;
	dispatcher_yield(server_loop(c->server)->D);
	*a = (struct responder_answer){ 200, "text/plain", block, BLOCK,
					(long long)r->target.length * TIMES };
}

static void serve(struct connection *c)
{
	respond(c, answer);
	server_stop(c->server);
}

/* ---- The client -------------------------------------------------------------- */

static void *send_all(struct dispatcher *D, void *ud)
{
	struct network *N = server_loop(it.server)->N;
	size_t at = 0, size;
	ssize_t count;

	(void)ud;
	for (int i = 0; at < it.count; i++, at += (size_t)count) {
		size = it.sizes[i % 2];
		if (size > it.count - at)
			size = it.count - at;
		count = socket_write_some(N, it.client, it.bytes + at, size);
		must(count > 0, "who is refused is listened to");
		dispatcher_yield(D);
	}
	shutdown(it.client, SHUT_WR);
	return NULL;
}

static void *hear_all(struct dispatcher *D, void *ud)
{
	ssize_t count;

	(void)D;
	(void)ud;
	do {
		must(it.come < ANSWERS_MAX, "answers have an end");
		count = socket_read(server_loop(it.server)->N, it.client,
				    it.answers + it.come,
				    ANSWERS_MAX - it.come);
		must(count >= 0, "no answer ends in a reset");
		it.come += (size_t)count;
	} while (count > 0);
	return NULL;
}

/* ---- What must come ------------------------------------------------------------ */

/* The bytes of a field of the answer at hand, which is a string up to its empty
 * line. */
static const char *field(const char *head, const char *name)
{
	const char *at = strstr(head, name);

	must(at != NULL, name);
	must(strstr(at + 1, name) == NULL, "a field comes once");
	return at + strlen(name);
}

/* Takes an answer off `from`; returns where the next one begins. */
static const char *check_answer(const char *from, int status, int with_body,
				long long length, int keep)
{
	const char *end = it.answers + it.come, *c;
	char head[512], line[64];
	long long body;

	for (c = from; c < end && memcmp(c, "\r\n\r\n", 4) != 0; c++)
		must(c - from < (int)sizeof head - 1, "a head is short");
	must(end - c >= 4, "an answer has a head");
	memcpy(head, from, (size_t)(c + 2 - from));
	head[c + 2 - from] = '\0';
	snprintf(line, sizeof line, "HTTP/1.1 %d %s\r\n", status,
		 http_reason(status));
	must(strncmp(head, line, strlen(line)) == 0, line);
	field(head, "\r\nDate: ");
	field(head, "\r\nContent-Type: text/plain\r\n");
	body = strtoll(field(head, "\r\nContent-Length: "), NULL, 10);
	must(length == -1 || body == length, "the length is the body's");
	must(keep == (strstr(head, "\r\nConnection: close\r\n") == NULL),
	     "who is kept and who is not");
	must(!with_body || body <= end - c - 4, "the body is whole");
	return c + 4 + (with_body ? body : 0);
}

/* All that is due for the bytes that were sent. */
static void check_answers(void)
{
	const char *from = it.answers;
	size_t at = 0;
	int head = 1, keep = 1;

	while (keep) {
		struct http_request r = { 0 };
		size_t body;

		head = http_read(&r, it.bytes + at, (int)(it.count - at));
		if (head <= 0)
			break;
		at += (size_t)head;
		body = r.expects ? 0 : (size_t)r.body;
		if (body > it.count - at)
			break;
		keep = r.keep && !(r.expects && r.body > 0);
		from = check_answer(
			from, r.target.length ? 200 : 404,
			!http_is(it.bytes + at - head, r.method, "HEAD"),
			r.target.length ? (long long)r.target.length * TIMES
					: 10,
			keep);
		at += body;
	}
	if (head < 0)
		from = check_answer(from, -head, 1, -1, 0);
	must(from == it.answers + it.come, "nothing comes in addition");
}

/* ---- One run -------------------------------------------------------------------- */

static void clear(void)
{
	unlink(it.address.sun_path);
}

/* A listener for all runs: each has a copy. */
static void listen_once(void)
{
	if (it.address.sun_path[0])
		return;
	it.address.sun_family = AF_UNIX;
	snprintf(it.address.sun_path, sizeof it.address.sun_path,
		 "build/fuzz/%ld.socket", (long)getpid());
	it.listener = socket(AF_UNIX, SOCK_STREAM, 0);
	must(bind(it.listener, (struct sockaddr *)&it.address,
		  sizeof it.address) == 0 &&
		     listen(it.listener, 1) == 0,
	     "a socket listens");
	atexit(clear);
}

static void open_both(void)
{
	struct server_options options = { .serve = serve,
					  .connections = 1,
					  .others = 2 };

	listen_once();
	options.listener = dup(it.listener);
	it.server = server_open(&options);
	must(it.server != NULL, "a server opens");
	it.client = socket(AF_UNIX, SOCK_STREAM, 0);
	must(connect(it.client, (struct sockaddr *)&it.address,
		     sizeof it.address) == 0 &&
		     socket_adopt(server_loop(it.server)->N, it.client) == 0,
	     "a client connects");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dispatcher *D;

	if (size < 3 || size > INPUT_MAX)
		return 0;
	it.sizes[0] = data[0] ? data[0] : 1;
	it.sizes[1] = data[1] ? data[1] * 16 : 1;
	it.bytes = (const char *)data + 2;
	it.count = size - 2;
	it.come = 0;
	open_both();
	D = server_loop(it.server)->D;
	dispatcher_detach(D, dispatcher_spawn(D, "sender", send_all, NULL));
	dispatcher_detach(D, dispatcher_spawn(D, "hearer", hear_all, NULL));
	must(server_run(it.server) == 0, "a server ends well");
	server_close(it.server);
	check_answers();
	return 0;
}
