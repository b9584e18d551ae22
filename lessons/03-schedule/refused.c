/* Every misuse is refused, and the schedule goes on. */
#include <errno.h>
#include <stdio.h>

#include "coroutine.h"

static int counter; /* counts to three in between, whatever is refused */
static int caller;

static const char *error_name(int error)
{
	switch (error) {
	case EAGAIN:
		return "EAGAIN";
	case EBUSY:
		return "EBUSY";
	case EINVAL:
		return "EINVAL";
	case EPERM:
		return "EPERM";
	case ESRCH:
		return "ESRCH";
	default:
		return "another error";
	}
}

//! [report]
static void report(const char *call, int returned)
{
	if (returned < 0)
		printf("%-34s -1 %s\n", call, error_name(errno));
	else
		printf("%-34s %2d\n", call, returned);
}
//! [report]

static void count(struct schedule *S, void *ud)
{
	(void)ud;
	for (int turn = 1; turn <= 3; turn++) {
		printf("-- coroutine %d counts %d\n", coroutine_running(S),
		       turn);
		coroutine_yield(S);
	}
}

//! [inside]
static void callee(struct schedule *S, void *ud)
{
	(void)ud;
	report("resume my caller", coroutine_resume(S, caller));
}

static void inside(struct schedule *S, void *ud)
{
	(void)ud;
	caller = coroutine_running(S);
	report("resume myself", coroutine_resume(S, caller));
	report("close from inside", coroutine_close(S));
	int third = coroutine_new(S, callee, NULL);
	report("new with every slot taken", coroutine_new(S, callee, NULL));
	coroutine_resume(S, third);
}
//! [inside]

//! [outside]
static void outside(struct schedule *S)
{
	report("yield outside of every coroutine", coroutine_yield(S));
	report("new without a function", coroutine_new(S, NULL, NULL));
	report("resume an id never issued", coroutine_resume(S, 77));
	report("resume -1", coroutine_resume(S, -1));
	report("resume in no schedule", coroutine_resume(NULL, counter));
	report("new in no schedule", coroutine_new(NULL, count, NULL));
	report("status of an id never issued", coroutine_status(S, 77));
	report("close no schedule", coroutine_close(NULL));
}
//! [outside]

int main(void)
{
	struct coroutine_options options = { .slots = 3 };
	struct schedule *S = coroutine_open_with(&options);

	if (S == NULL)
		return 1;
	counter = coroutine_new(S, count, NULL);
	outside(S);
	coroutine_resume(S, counter);

	int id = coroutine_new(S, inside, NULL);
	coroutine_resume(S, id);
	coroutine_resume(S, counter);
	report("resume one that has ended", coroutine_resume(S, id));
	coroutine_resume(S, counter);
	return coroutine_close(S);
}
