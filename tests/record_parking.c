/*
 * Says of a recorded move that it was in vain: a coroutine that is parked by
 * yielding was resumed, looked, had not been woken, and yields again. Of the
 * parkings open in a thread, the one that was opened last is watched.
 */
#include <stddef.h>

#include "../lessons/07-cond/parking.h"
#include "record.h"

struct parking *__real_parking_open(struct schedule *S);
void __real_parking_close(struct parking *P);

struct parking *__wrap_parking_open(struct schedule *S);
void __wrap_parking_close(struct parking *P);

static _Thread_local struct parking *watched;
static _Thread_local long vain;

struct parking *__wrap_parking_open(struct schedule *S)
{
	struct parking *P = __real_parking_open(S);

	if (P) {
		watched = P;
		vain = 0;
	}
	return P;
}

void __wrap_parking_close(struct parking *P)
{
	if (P == watched)
		watched = NULL;
	__real_parking_close(P);
}

const char *record_note(void)
{
	long before = vain;

	if (watched == NULL)
		return "";
	vain = parking_vain(watched);
	return vain > before ? " in vain" : "";
}
