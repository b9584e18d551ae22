/* Three who take their time, and a server that has 300 ms of patience. */
#include "responder.h"
#include "scene.h"

static int left = 3;

static void goes(int fd)
{
	socket_close(N, fd);
	if (--left == 0)
		server_stop(S);
}

/* What comes within 100 ms, or NULL. */
static const char *heard_soon(int fd)
{
	const char *words;

	timer_deadline(T, timer_now(T) + 100 * TIMER_MS);
	words = heard(fd);
	timer_deadline(T, TIMER_NEVER);
	return strcmp(words, strerror(ETIMEDOUT)) == 0 ? NULL : words;
}

/* Sends bytes until it is answered. */
static void *dribbler(struct dispatcher *D, void *ud)
{
	const char *request = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";
	const char *words = NULL;
	int fd = connected();

	(void)D;
	(void)ud;
	timer_sleep(T, 100 * TIMER_MS); /* so it comes after the silent one */
	for (; *request && words == NULL; words = heard_soon(fd))
		say(fd, (char[]){ *request++, '\0' });
	printf("a byte now and then: %s\n", words ? words : "nothing");
	goes(fd);
	return NULL;
}

static void *silent(struct dispatcher *D, void *ud)
{
	int fd = connected();

	(void)D;
	(void)ud;
	printf("not a word: %s\n", heard(fd));
	goes(fd);
	return NULL;
}

static void *leisurely(struct dispatcher *D, void *ud)
{
	int fd = connected();

	(void)D;
	(void)ud;
	for (int i = 0; i < 8; i++) {
		say(fd, "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
		if (i == 7)
			printf("a request now and then: %s\n", heard(fd));
		else
			heard(fd);
		timer_sleep(T, 100 * TIMER_MS);
	}
	goes(fd);
	return NULL;
}

static void answer(struct connection *c, const struct http_request *r,
		   const char *head, struct responder_answer *a)
{
	(void)c;
	(void)r;
	(void)head;
	a->status = 200;
}

static void serve(struct connection *c)
{
	respond(c, answer);
}

int main(void)
{
	struct server_options o = { .serve = serve,
				    .others = 3,
				    .patience = 300 * TIMER_MS };

	begin(&o);
	start("dribbler", dribbler);
	start("silent", silent);
	start("leisurely", leisurely);
	return finish();
}
