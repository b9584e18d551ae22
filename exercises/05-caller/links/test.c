#include <errno.h>
#include <string.h>

#include "check.h"
#include "links.h"

enum { A, B, C }; /* the ids, in the order in which they are made */

static struct links links;
static char order[64]; /* a letter for each stretch that was run */
static int answer = 4711, error;

static void note(char letter)
{
	size_t length = strlen(order);

	if (length + 1 < sizeof order)
		order[length] = letter;
}

static void call_and_note(struct schedule *S, int id, char letter)
{
	call(S, &links, id);
	note(letter);
}

static void back_and_keep(struct schedule *S)
{
	errno = 0;
	answer = back(S, &links);
	error = errno;
}

static void call_and_keep(struct schedule *S, int id)
{
	errno = 0;
	answer = call(S, &links, id);
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
	(void)ud;
	for (int turn = 0; turn < 9; turn++) {
		note('-');
		back(S, &links);
	}
}

static void only_yield(struct schedule *S, void *ud)
{
	(void)ud;
	note('b');
	coroutine_yield(S);
}

static void calls_b(struct schedule *S, void *ud)
{
	(void)ud;
	note('a');
	call_and_note(S, B, 'A');
}

static void runs_called(void)
{
	struct schedule *S = run_a(calls_b, only_yield, only_back);

	check_str("a calls b, and then runs", order, "ab");
	coroutine_close(S);
}

static void goes_back(void)
{
	struct schedule *S = run_a(calls_b, only_back, only_back);

	check_str("a calls b (-), and then runs", order, "a-A");
	coroutine_close(S);
}

static void calls_c(struct schedule *S, void *ud)
{
	(void)ud;
	note('b');
	call_and_note(S, C, 'B');
	back(S, &links);
}

static void chain(void)
{
	struct schedule *S = run_a(calls_b, calls_c, only_back);

	check_str("a calls b, which calls c (-)", order, "ab-BA");
	coroutine_close(S);
}

static void calls_c_and_b(struct schedule *S, void *ud)
{
	(void)ud;
	note('a');
	call_and_note(S, C, 'A');
	call_and_note(S, B, 'A');
}

static void new_caller(void)
{
	struct schedule *S = run_a(calls_c_and_b, calls_c, only_back);

	check_str("a calls c (-), then b, which calls c (-)", order, "a-Ab-BA");
	coroutine_close(S);
}

static void goes_back_uncalled(struct schedule *S, void *ud)
{
	(void)ud;
	back_and_keep(S);
	note('a');
}

static void nobody_called(void)
{
	struct schedule *S = run_a(goes_back_uncalled, only_back, only_back);

	check_str("a tries to go back, and then runs", order, "a");
	check_int("what back answered", answer, -1);
	check_true("errno is EPERM", error == EPERM);
	coroutine_close(S);
}

static void calls_b_and_yields(struct schedule *S, void *ud)
{
	calls_b(S, ud);
	coroutine_yield(S);
	note('X');
}

static void goes_back_twice(struct schedule *S, void *ud)
{
	(void)ud;
	note('b');
	back(S, &links);
	note('B');
	back_and_keep(S);
}

static void one_way_back(void)
{
	struct schedule *S =
		run_a(calls_b_and_yields, goes_back_twice, only_back);

	coroutine_resume(S, B);
	check_str("a calls b; then main resumes b", order, "abAB");
	check_int("what the second back of b answered", answer, -1);
	check_true("errno is EPERM", error == EPERM);
	coroutine_close(S);
}

static void calls_a(struct schedule *S, void *ud)
{
	(void)ud;
	note('c');
	call_and_keep(S, A);
	note('C');
	back(S, &links);
}

static void caller_is_busy(void)
{
	struct schedule *S = run_a(calls_b, calls_c, calls_a);

	check_str("a calls b, b calls c, c tries to call a", order, "abcCBA");
	check_int("what the call of a answered", answer, -1);
	check_true("errno is EBUSY", error == EBUSY);
	coroutine_close(S);
}

static void calls_itself(struct schedule *S, void *ud)
{
	(void)ud;
	note('b');
	call_and_keep(S, B);
	note('B');
	back(S, &links);
	note('X');
}

static void refused_links(void)
{
	struct schedule *S = run_a(calls_b, calls_itself, only_back);

	check_str("a calls b, and b tries to call itself", order, "abBA");
	check_int("what the call of b answered", answer, -1);
	check_true("errno is EBUSY", error == EBUSY);
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "a call runs the one that is called", runs_called,
		  "Which of the library's calls goes to the one you name?" },
		{ "back leads to who called", goes_back,
		  "A yield would go to main; transfer to who called." },
		{ "a chain comes back through each", chain,
		  "Each has a caller of its own: links->caller[id]." },
		{ "the way back is decided at each call", new_caller,
		  "Each call writes the link, whatever stood in it." },
		{ "who was not called cannot go back", nobody_called,
		  "When the link is NOBODY, refuse: -1 and EPERM." },
		{ "a link is good for one way back", one_way_back,
		  "Take the link off when you go back." },
		{ "a caller cannot be called", caller_is_busy,
		  "Follow the links up from the running one; EBUSY." },
		{ "a refused call changes no link", refused_links,
		  "First refuse, the running one too; then write the link." },
	};

	return check_exercise("links", tests, sizeof tests / sizeof *tests);
}
