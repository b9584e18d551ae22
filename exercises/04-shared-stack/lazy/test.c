/*
 * Every copy is written to a log. In the comments: time runs to the right, the
 * letters are turns on the stack, + is the end of that coroutine.
 */
#include "check.h"
#include "lazy.h"

#include <stdio.h>
#include <string.h>

static char journal[400];

static void note(const char *what, const struct coroutine *co)
{
	size_t used = strlen(journal);

	if (co == NULL)
		check_fail("copy_%s(NULL) was called", what);
	snprintf(journal + used, sizeof(journal) - used, "%s%s %s",
		 used ? ", " : "", what, co->name);
}

void copy_out(struct coroutine *co)
{
	note("out", co);
}

void copy_in(struct coroutine *co)
{
	note("in", co);
}

static struct stack stack;
static struct coroutine ant = { "ant", READY };
static struct coroutine bear = { "bear", READY };
static struct coroutine cat = { "cat", READY };

/* One turn: co runs and yields. */
static void turn(struct coroutine *co)
{
	settle(&stack, co);
	co->state = SUSPEND;
}

static void end(struct coroutine *co)
{
	co->state = DEAD;
	ended(&stack, co);
}

static void copied(const char *wanted)
{
	check_str("the copies", journal[0] ? journal : "none", wanted);
}

/* a */
static void first(void)
{
	turn(&ant);
	copied("none");
}

/* a a a a */
static void alone(void)
{
	int i;

	for (i = 0; i < 4; i++)
		turn(&ant);
	copied("none");
}

/* a b */
static void second(void)
{
	turn(&ant);
	turn(&bear);
	copied("out ant");
}

/* a b a */
static void order(void)
{
	turn(&ant);
	turn(&bear);
	turn(&ant);
	copied("out ant, out bear, in ant");
}

/* a b b b a a */
static void seldom(void)
{
	turn(&ant);
	turn(&bear);
	turn(&bear);
	turn(&bear);
	turn(&ant);
	turn(&ant);
	copied("out ant, out bear, in ant");
}

/* a b+ c */
static void dead(void)
{
	turn(&ant);
	turn(&bear);
	end(&bear);
	turn(&cat);
	copied("out ant");
}

/* a b+ a */
static void empty(void)
{
	turn(&ant);
	turn(&bear);
	end(&bear);
	turn(&ant);
	copied("out ant, in ant");
}

/* a b (the end of a, from outside) b c */
static void elsewhere(void)
{
	turn(&ant);
	turn(&bear);
	end(&ant);
	turn(&bear);
	turn(&cat);
	copied("out ant, out bear");
}

int main(void)
{
	static const struct check tests[] = {
		{ "the first coroutine finds an empty stack", first,
		  "nobody is there to go out, and READY has no frames" },
		{ "one coroutine alone is never copied", alone,
		  "its frames are still there: compare co with the owner" },
		{ "who has the stack is copied out for another", second,
		  "copy out the owner, whose place is needed" },
		{ "the owner goes out before the other comes in", order,
		  "coming in overwrites what is on the stack" },
		{ "who goes on twice is copied once", seldom,
		  "note the new owner after every change" },
		{ "who ended is not copied out", dead,
		  "a dead owner owns nothing: see to it in ended()" },
		{ "a stack whose owner ended is nobody's", empty,
		  "an empty stack spares the way out, not the way in" },
		{ "the end of another one leaves the owner alone", elsewhere,
		  "in ended(), is it the owner who ended?" },
	};

	return check_exercise("lazy", tests, sizeof(tests) / sizeof(tests[0]));
}
