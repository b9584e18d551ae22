#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "links.h"

enum { A, B, C }; /* the ids, in the order in which they are made */

static struct links links;
static char journal[200]; /* who ran, in turn; "again": control is back */
static int returned = 4711, error;

static void note(const char *who)
{
	size_t length = strlen(journal);

	if (length + strlen(who) + 3 < sizeof journal)
		sprintf(journal + length, "%s%s", length ? ", " : "", who);
}

static void ran(const char *what, const char *wanted)
{
	check_str(what, journal, wanted);
}

static void refused(const char *what, const char *wanted)
{
	const char *name = error == EPERM   ? "EPERM"
			   : error == EBUSY ? "EBUSY"
			   : error == ESRCH ? "ESRCH"
			   : error == 0     ? "none"
					    : "another one";

	check_int(what, returned, -1);
	check_str("errno", name, wanted);
}

static void call_and_note(struct schedule *S, int id, const char *who)
{
	call(S, &links, id);
	note(who);
}

static void back_and_keep(struct schedule *S)
{
	errno = 0;
	returned = back(S, &links);
	error = errno;
}

static void call_and_keep(struct schedule *S, int id)
{
	errno = 0;
	returned = call(S, &links, id);
	error = errno;
}

/* Runs a, and it calls b and c. When a ends, control is back here. */
static struct schedule *run_a(coroutine_func a, coroutine_func b,
			      coroutine_func c)
{
	struct schedule *S = coroutine_open();

	if (S == NULL)
		check_fail("no schedule could be opened");
	for (int id = 0; id < LINKS; id++)
		links.caller[id] = NOBODY;
	coroutine_new(S, a, NULL);
	coroutine_new(S, b, NULL);
	coroutine_new(S, c, NULL);
	coroutine_resume(S, A);
	return S;
}

static void only_back(struct schedule *S, void *ud)
{
	int c = coroutine_running(S) == C;

	(void)ud;
	note(c ? "c" : "b");
	for (int turn = 0; turn < 9; turn++) {
		back(S, &links);
		note(c ? "c again" : "b again");
	}
}

static void only_yield(struct schedule *S, void *ud)
{
	(void)ud;
	note("b");
	coroutine_yield(S);
}

static void calls_b(struct schedule *S, void *ud)
{
	(void)ud;
	note("a");
	call_and_note(S, B, "a again");
}

static void runs_called(void)
{
	struct schedule *S = run_a(calls_b, only_yield, only_back);

	ran("a calls b", "a, b");
	coroutine_close(S);
}

static void goes_back(void)
{
	struct schedule *S = run_a(calls_b, only_back, only_back);

	ran("a calls b, which goes back", "a, b, a again");
	coroutine_close(S);
}

static void calls_c(struct schedule *S, void *ud)
{
	(void)ud;
	note("b");
	call_and_note(S, C, "b again");
	back(S, &links);
}

static void chain(void)
{
	struct schedule *S = run_a(calls_b, calls_c, only_back);

	ran("a calls b, which calls c", "a, b, c, b again, a again");
	coroutine_close(S);
}

static void calls_c_and_b(struct schedule *S, void *ud)
{
	(void)ud;
	note("a");
	call_and_note(S, C, "a again");
	call_and_note(S, B, "a again");
}

static void new_caller(void)
{
	struct schedule *S = run_a(calls_c_and_b, calls_c, only_back);

	ran("a calls c, then b, which calls c",
	    "a, c, a again, b, c again, b again, a again");
	coroutine_close(S);
}

static void goes_back_uncalled(struct schedule *S, void *ud)
{
	(void)ud;
	back_and_keep(S);
	note("a");
}

static void nobody_called(void)
{
	struct schedule *S = run_a(goes_back_uncalled, only_back, only_back);

	ran("a tries to go back", "a");
	refused("what back returned", "EPERM");
	coroutine_close(S);
}

static void calls_b_and_yields(struct schedule *S, void *ud)
{
	calls_b(S, ud);
	coroutine_yield(S);
	note("a resumed");
}

static void goes_back_twice(struct schedule *S, void *ud)
{
	(void)ud;
	note("b");
	back(S, &links);
	note("b again");
	back_and_keep(S);
}

static void one_way_back(void)
{
	struct schedule *S =
		run_a(calls_b_and_yields, goes_back_twice, only_back);

	coroutine_resume(S, B);
	ran("a calls b; then main resumes b", "a, b, a again, b again");
	refused("what the second back of b returned", "EPERM");
	coroutine_close(S);
}

static void calls_a(struct schedule *S, void *ud)
{
	(void)ud;
	note("c");
	call_and_keep(S, A);
	note("c again");
	back(S, &links);
}

static void caller_is_busy(void)
{
	struct schedule *S = run_a(calls_b, calls_c, calls_a);

	ran("a calls b, b calls c, c tries to call a",
	    "a, b, c, c again, b again, a again");
	refused("what the call of a returned", "EBUSY");
	coroutine_close(S);
}

static void calls_itself(struct schedule *S, void *ud)
{
	(void)ud;
	note("b");
	call_and_keep(S, B);
	note("b again");
	back(S, &links);
	note("b called again");
}

static void refused_links(void)
{
	struct schedule *S = run_a(calls_b, calls_itself, only_back);

	ran("a calls b, and b tries to call itself", "a, b, b again, a again");
	refused("what the call of b returned", "EBUSY");
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "a call runs the one that is called", runs_called,
		  "which of the library's calls goes to the one you name?" },
		{ "back leads to who called", goes_back,
		  "a yield would go to main; transfer to who called" },
		{ "a chain comes back through each", chain,
		  "each has a caller of its own: links->caller[id]" },
		{ "the way back is decided at each call", new_caller,
		  "each call writes the link, whatever stood in it" },
		{ "who was not called cannot go back", nobody_called,
		  "when the link is NOBODY, refuse: -1 and EPERM" },
		{ "a link is good for one way back", one_way_back,
		  "take the link off when you go back" },
		{ "a caller cannot be called", caller_is_busy,
		  "follow the links up from the running one; EBUSY" },
		{ "a refused call changes no link", refused_links,
		  "first refuse, the running one too; then write the link" },
	};

	return check_exercise("links", tests, sizeof tests / sizeof *tests);
}
