#include <errno.h>
#include <stddef.h>

#include "check.h"
#include "verdict.h"

static int turns;

static void goes_on(struct schedule *S, void *ud)
{
	(void)ud;
	for (;;) {
		turns++;
		coroutine_yield(S);
	}
}

static void ends(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
	turns++;
}

static struct schedule *open_schedule(void)
{
	struct schedule *S = coroutine_open();

	if (S == NULL)
		check_fail("no schedule could be opened");
	errno = 0;
	return S;
}

static void one_yields(void)
{
	struct schedule *S = open_schedule();
	int id = coroutine_new(S, goes_on, NULL);

	check_str("verdict", verdict(S, id), "yielded");
	check_str("verdict of the second turn", verdict(S, id), "yielded");
	coroutine_close(S);
}

static void one_ends(void)
{
	struct schedule *S = open_schedule();

	check_str("verdict", verdict(S, coroutine_new(S, ends, NULL)), "ended");
	coroutine_close(S);
}

static void one_turn(void)
{
	struct schedule *S = open_schedule();
	int id = coroutine_new(S, goes_on, NULL);

	for (int call = 0; call < 3; call++)
		verdict(S, id);
	check_int("turns after three calls", turns, 3);
	coroutine_close(S);
}

static void nobody(void)
{
	struct schedule *S = open_schedule();
	int id = coroutine_new(S, ends, NULL);

	coroutine_resume(S, id);
	check_str("verdict of one that ended before", verdict(S, id),
		  "unknown");
	check_str("verdict of an id never issued", verdict(S, 4711), "unknown");
	coroutine_close(S);
}

static int caller;
static const char *said;

static void asks_for_caller(struct schedule *S, void *ud)
{
	(void)ud;
	said = verdict(S, caller);
}

static void asks_for_itself(struct schedule *S, void *ud)
{
	(void)ud;
	said = verdict(S, coroutine_running(S));
}

static void resumes_another(struct schedule *S, void *ud)
{
	(void)ud;
	caller = coroutine_running(S);
	coroutine_resume(S, coroutine_new(S, asks_for_caller, NULL));
}

static void self_is_busy(void)
{
	struct schedule *S = open_schedule();

	coroutine_resume(S, coroutine_new(S, asks_for_itself, NULL));
	check_str("verdict", said, "busy");
	coroutine_close(S);
}

static void caller_is_busy(void)
{
	struct schedule *S = open_schedule();

	coroutine_resume(S, coroutine_new(S, resumes_another, NULL));
	check_str("verdict", said, "busy");
	coroutine_close(S);
}

static void old_errno(void)
{
	struct schedule *S = open_schedule();

	errno = EBUSY;
	check_str("verdict after errno was EBUSY",
		  verdict(S, coroutine_new(S, goes_on, NULL)), "yielded");
	errno = ESRCH;
	check_str("verdict after errno was ESRCH",
		  verdict(S, coroutine_new(S, ends, NULL)), "ended");
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "a coroutine that yields has yielded", one_yields,
		  "What is it when it has yielded: READY or SUSPEND?" },
		{ "a coroutine that returns has ended", one_ends,
		  "DEAD is 0, and it is a state, not a failure." },
		{ "one call is one turn", one_turn,
		  "Keep what the one resume returned in a variable." },
		{ "who ended before is unknown", nobody,
		  "It had no turn this time: resume returned -1." },
		{ "the running coroutine is busy", self_is_busy,
		  "There is more than one reason for -1: see errno." },
		{ "a caller is busy too", caller_is_busy,
		  "It is NORMAL: it waits for the one that it resumed." },
		{ "an old errno decides nothing", old_errno,
		  "errno means something only after a -1." },
	};

	return check_exercise("verdict", tests, sizeof tests / sizeof *tests);
}
