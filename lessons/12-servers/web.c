/* Answers HTTP requests: a greeting, as many bytes as you like, and a sleep. */
#include "program.h"
#include "responder.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 65536, NAP_MOST = 60000 };

static char block[BLOCK]; /* static, so all who send it can share it */

/* The number behind "/bytes/" or "/sleep/", or -1. */
static long long number_behind(const char *word, const char *target, int length)
{
	int at = (int)strlen(word);
	long long number = 0;

	if (length <= at || length > at + 10 ||
	    memcmp(target, word, (size_t)at) != 0)
		return -1;
	for (; at < length; at++) {
		if (target[at] < '0' || target[at] > '9')
			return -1;
		number = number * 10 + (target[at] - '0');
	}
	return number;
}

static void say(struct responder_answer *a, int status, const char *words)
{
	a->status = status;
	a->block = words;
	a->length = a->size = (int)strlen(words);
}

static void answer(struct connection *c, const struct http_request *r,
		   const char *head, struct responder_answer *a)
{
	const char *target = head + r->target.at;
	int length = r->target.length;
	long long bytes = number_behind("/bytes/", target, length);
	long long nap = number_behind("/sleep/", target, length);

	if (!http_is(head, r->method, "GET") &&
	    !http_is(head, r->method, "HEAD")) {
		say(a, 405, "GET and HEAD only\n");
	} else if (http_is(head, r->target, "/") || length == 0) {
		say(a, 200, "hello\n");
	} else if (bytes >= 0) {
		a->status = 200;
		a->block = block;
		a->size = BLOCK;
		a->length = bytes;
	} else if (nap >= 0 && nap <= NAP_MOST) {
		timer_sleep(server_loop(c->server)->T, nap * TIMER_MS);
		say(a, 200, "awake\n");
	}
}

static void serve(struct connection *c)
{
	respond(c, answer);
}

int main(int argc, char **argv)
{
	static const struct program web = {
		.name = "web",
		.does = "Answers HTTP: / greets, /bytes/N sends N bytes, "
			"/sleep/MS sleeps first.",
		.options = { .serve = serve },
	};

	for (int i = 0; i < BLOCK; i++)
		block[i] = "0123456789abcdef"[i % 16];
	return program_main(&web, argc, argv);
}
