/* A server is stopped while one client is idle, and one waits for an answer. */
#include "responder.h"
#include "scene.h"

#include <signal.h>

static void *busy(struct dispatcher *D, void *ud)
{
	int fd = connected();

	(void)D;
	(void)ud;
	say(fd, "GET /slow HTTP/1.1\r\nHost: here\r\n\r\n");
	printf("the busy one hears: %s\n", heard(fd));
	socket_close(N, fd);
	return NULL;
}

static void *idle(struct dispatcher *D, void *ud)
{
	int fd = connected();

	(void)D;
	(void)ud;
	printf("the idle one hears: %s\n", heard(fd));
	socket_close(N, fd);
	return NULL;
}

static void *late(struct dispatcher *D, void *ud)
{
	(void)D;
	(void)ud;
	timer_sleep(T, 20 * TIMER_MS);
	raise(SIGTERM);
	timer_sleep(T, 20 * TIMER_MS);
	printf("the late one: %s\n",
	       connected() == -1 ? strerror(errno) : "in");
	return NULL;
}

static void answer(struct connection *c, const struct http_request *r,
		   const char *head, struct responder_answer *a)
{
	(void)c;
	(void)r;
	(void)head;
	timer_sleep(T, 400 * TIMER_MS);
	a->status = 200;
}

static void serve(struct connection *c)
{
	respond(c, answer);
}

static void stop(int number)
{
	(void)number;
	server_stop(S);
}

int main(void)
{
	struct server_options o = { .serve = serve, .others = 3 };
	struct sigaction action = { .sa_handler = stop };

	begin(&o);
	sigaction(SIGTERM, &action, NULL);
	server_trace(S, told, NULL);
	start("busy", busy);
	start("idle", idle);
	start("late", late);
	return finish();
}
