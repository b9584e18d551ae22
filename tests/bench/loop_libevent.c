/* The loop of the callbacks, on libevent: persistent events, read() and write()
 * by hand. */
#include "callback.h"
#include "side.h"

#include <event2/event.h>
#include <event2/event_struct.h>

struct watcher {
	struct event in, out;
};

static struct event_base *base;

void loop_open(void)
{
	base = event_base_new();
	must(base != NULL, "event_base_new");
}

static void called(evutil_socket_t fd, short what, void *ud)
{
	(void)fd;
	ready(ud, what & EV_READ ? LOOP_READ : LOOP_WRITE);
}

static void set(struct event *event, int before, int now)
{
	if (now && !before)
		event_add(event, NULL);
	else if (before && !now)
		event_del(event);
}

void loop_watch(struct end *e, int want)
{
	struct watcher *w = e->watcher;

	if (w == NULL) {
		w = malloc(sizeof *w);
		must(w != NULL, "memory");
		e->watcher = w;
		event_assign(&w->in, base, e->fd, EV_READ | EV_PERSIST, called,
			     e);
		event_assign(&w->out, base, e->fd, EV_WRITE | EV_PERSIST,
			     called, e);
	}
	set(&w->in, e->watched & LOOP_READ, want & LOOP_READ);
	set(&w->out, e->watched & LOOP_WRITE, want & LOOP_WRITE);
	e->watched = want;
}

/* An event that is deleted is not called any more, even when it is active. */
void loop_forget(struct end *e)
{
	loop_watch(e, 0);
	free(e->watcher);
}

void loop_run(void)
{
	while (event_base_loop(base, EVLOOP_ONCE) == 0)
		finished();
}
