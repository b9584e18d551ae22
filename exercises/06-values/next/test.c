#include "check.h"
#include "next.h"

#include <errno.h>

static char ant[] = "ant", bee[] = "bee", cow[] = "cow", old[] = "old";

static void three(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_yield_with(S, ant);
	coroutine_yield_with(S, bee);
	coroutine_yield_with(S, cow);
}

static void hole(struct schedule *S, void *ud)
{
	(void)ud;
	coroutine_yield_with(S, ant);
	coroutine_yield_with(S, NULL);
	coroutine_yield_with(S, cow);
}

static void nothing(struct schedule *S, void *ud)
{
	(void)S;
	(void)ud;
}

static const char *text(void *value)
{
	return value == NULL ? "NULL" : value;
}

/* One value that must come. */
static void want(struct schedule *S, int id, const char *what, char *wanted)
{
	void *value = old;

	check_int("what next returned (1: a value)", next(S, id, &value), 1);
	check_str(what, text(value), text(wanted));
}

static void values(void)
{
	struct schedule *S = coroutine_open();
	int id = coroutine_new(S, three, NULL);

	want(S, id, "the first value", ant);
	want(S, id, "the second value", bee);
	want(S, id, "the third value", cow);
	coroutine_close(S);
}

static void null_value(void)
{
	struct schedule *S = coroutine_open();
	int id = coroutine_new(S, hole, NULL);

	want(S, id, "the value before the NULL", ant);
	want(S, id, "the value in the middle", NULL);
	want(S, id, "the value after the NULL", cow);
	coroutine_close(S);
}

static void end(void)
{
	struct schedule *S = coroutine_open();
	int id = coroutine_new(S, nothing, NULL);
	void *value = old;

	check_int("what next returned for a coroutine that yields nothing",
		  next(S, id, &value), 0);
	coroutine_close(S);
}

static void untouched(void)
{
	struct schedule *S = coroutine_open();
	int id = coroutine_new(S, nothing, NULL);
	void *value = old;

	next(S, id, &value);
	check_str("the variable after a next without a value", text(value),
		  "old");
	coroutine_close(S);
}

static void stays(void)
{
	struct schedule *S = coroutine_open();
	int id = coroutine_new(S, nothing, NULL);
	void *value = old;

	next(S, id, &value);
	check_int("what the next after the end returned", next(S, id, &value),
		  0);
	check_int("and once more", next(S, id, &value), 0);
	coroutine_close(S);
}

struct self {
	int id, got, error;
};

static void asks_itself(struct schedule *S, void *ud)
{
	struct self *self = ud;
	void *value = old;

	errno = 0;
	self->got = next(S, self->id, &value);
	self->error = errno;
}

static void refused(void)
{
	struct schedule *S = coroutine_open();
	struct self self = { 0, 99, 0 };

	self.id = coroutine_new(S, asks_itself, &self);
	coroutine_resume(S, self.id);
	check_int("what next returned to a coroutine that asks itself",
		  self.got, -1);
	check_str("errno",
		  self.error == EBUSY ? "EBUSY"
		  : self.error        ? "another one"
				      : "none",
		  "EBUSY");
	coroutine_close(S);
}

int main(void)
{
	static const struct check tests[] = {
		{ "every value comes, once and in order", values,
		  "one next is one resume; read coroutine_value after it" },
		{ "a NULL that is yielded is a value", null_value,
		  "what resume returned tells a value, not the value itself" },
		{ "the end is no value", end,
		  "resume returns COROUTINE_DEAD when the coroutine ends" },
		{ "without a value the variable is left alone", untouched,
		  "write *value only where you return 1" },
		{ "the end stays the end", stays,
		  "an ended coroutine: -1 with errno ESRCH, and that is 0 "
		  "here" },
		{ "a refused resume is not the end", refused,
		  "-1 with another errno than ESRCH is passed on as -1" },
	};

	return check_exercise("next", tests, sizeof(tests) / sizeof(tests[0]));
}
