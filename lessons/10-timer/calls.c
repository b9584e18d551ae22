/* One deadline, and every call that waits: each of them ends at it. */
#include <errno.h>

#include "fake.h"
#include "../07-cond/cond.h"
#include "../07-cond/semaphore.h"

static struct cond news;
static struct semaphore permits;
static int longest;

static int on_cond(void)
{
	return cond_wait(&news);
}

static int on_semaphore(void)
{
	return semaphore_wait(&permits);
}

static int on_join(void)
{
	return dispatcher_join(D, longest, NULL);
}

static int on_timer(void)
{
	return timer_sleep(T, 60 * TIMER_SECOND);
}

struct call {
	const char *name;
	int (*wait)(void);
};

static void show(const char *name, int result)
{
	const char *error = errno == ETIMEDOUT ? "ETIMEDOUT" : "another errno";

	printf("%lld s: %s: %s\n", timer_now(T) / TIMER_SECOND, name,
	       result == 0 ? "0" : error);
}

static void *patient(struct dispatcher *d, void *ud)
{
	const struct call *call = ud;

	(void)d;
	timer_deadline(T, timer_now(T) + 5 * TIMER_SECOND);
	show(call->name, call->wait());
	return NULL;
}

static void *sleeper(struct dispatcher *d, void *ud)
{
	(void)d;
	timer_sleep(T, 60 * TIMER_SECOND);
	return ud;
}

static void *insists(struct dispatcher *d, void *ud)
{
	(void)d;
	//! [after]
	timer_deadline(T, timer_now(T) + 6 * TIMER_SECOND);
	show("a wait", cond_wait(&news));
	show("the next wait", cond_wait(&news));
	semaphore_post(&permits);
	show("a unit is there", semaphore_wait(&permits));
	timer_deadline(T, TIMER_NEVER);
	show("no deadline any more", timer_sleep(T, 2 * TIMER_SECOND));
	//! [after]
	return ud;
}

int main(void)
{
	static struct call calls[] = { { "cond_wait", on_cond },
				       { "semaphore_wait", on_semaphore },
				       { "dispatcher_join", on_join },
				       { "timer_sleep", on_timer } };

	begin(&fake_clock);
	cond_init(&news, dispatcher_parking(D), "news");
	semaphore_init(&permits, dispatcher_parking(D), "a permit", 0);
	longest = dispatcher_spawn(D, "longest", sleeper, NULL);
	for (int i = 0; i < 4; i++)
		start(calls[i].name, patient, &calls[i]);
	start("insists", insists, NULL);
	return finish();
}
