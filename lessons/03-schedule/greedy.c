/* Nobody interrupts a coroutine: the others wait until it yields. */
#include <stdio.h>

#include "coroutine.h"

enum { WORK = 1000000 };

static int patient_turns;

static void patient(struct schedule *S, void *ud)
{
	(void)ud;
	for (;;) {
		patient_turns++;
		coroutine_yield(S);
	}
}

//! [work]
static void work(struct schedule *S, void *ud)
{
	const int *step = ud;
	int before = patient_turns;

	for (int i = 1; i <= WORK; i++)
		if (i % *step == 0)
			coroutine_yield(S);
	printf("yield every %d: the other got %d turns meanwhile\n", *step,
	       patient_turns - before);
}
//! [work]

static void run_beside(struct schedule *S, int other, int step)
{
	int worker = coroutine_new(S, work, &step);

	while (coroutine_resume(S, worker) == COROUTINE_SUSPEND)
		coroutine_resume(S, other);
}

int main(void)
{
	struct schedule *S = coroutine_open();

	if (S == NULL)
		return 1;
	int other = coroutine_new(S, patient, NULL);

	run_beside(S, other, WORK / 4);
	run_beside(S, other, WORK / 1000);
	run_beside(S, other, WORK + 1);
	return coroutine_close(S);
}
