/* WRONG ON PURPOSE: the time-out begins anew with each byte that comes. */
#include <errno.h>

#include "fake.h"
#include "../07-cond/cond.h"

enum { LINE = 100, PATIENCE = 5, PAUSE = 4 };

static struct cond byte_came;
static int bytes, reading = 1;

//! [reader]
static int read_line(void)
{
#ifdef MENDED
	timer_deadline(T, timer_now(T) + PATIENCE * TIMER_SECOND);
#endif
	while (bytes < LINE) {
#ifndef MENDED
		timer_deadline(T, timer_now(T) + PATIENCE * TIMER_SECOND);
#endif
		if (cond_wait(&byte_came) == -1)
			return -1;
	}
	return 0;
}
//! [reader]

static void *reader(struct dispatcher *d, void *ud)
{
	int result = read_line();

	(void)d;
	printf("%s after %lld s; bytes: %d\n",
	       result == 0          ? "a line"
	       : errno == ETIMEDOUT ? "ETIMEDOUT"
				    : "failed",
	       timer_now(T) / TIMER_SECOND, bytes);
	reading = 0;
	return ud;
}

static void *slow_client(struct dispatcher *d, void *ud)
{
	(void)d;
	while (reading) {
		timer_sleep(T, PAUSE * TIMER_SECOND);
		bytes++;
		cond_signal(&byte_came);
	}
	return ud;
}

int main(void)
{
	begin(&fake_clock);
	cond_init(&byte_came, dispatcher_parking(D), "a byte");
	start("reader", reader, NULL);
	start("slow client", slow_client, NULL);
	return finish() || bytes >= LINE;
}
