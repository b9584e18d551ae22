/* A random run against a model of coroutine.h.
 *
 * Coroutines of two schedules call, yield, transfer, begin and end others at
 * random, at random depths, legally and not, with live integers, doubles,
 * variable arguments and alloca on their stacks. A model of states, callers and
 * places says beforehand what each call must return and who goes on; each
 * frame's contents follow from a seed that is kept on the heap, so they can be
 * checked after every switch.
 *
 * STRESS_OPS: operations per test (default 60,000); STRESS_SEED: another run.
 * The seed is printed. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"

#include <alloca.h>
#include <errno.h>
#include <limits.h>

enum {
	/* A fiber of TSan is slow to make. */
	OPS = SANITIZED == 2 ? 3000 : 60000,
	SLOTS = 24,
	OLD_IDS = 16,
	LEVELS_MAX = 7,   /* calls within a coroutine */
	FRAME_MAX = 3000, /* bytes of an alloca */
	PLACES_MAX = 60   /* resumes within resumes */
};

/* The model of a coroutine, in a table by schedule and number. */
struct member {
	int id;
	int state;
	struct member *caller; /* NULL: outside of its schedule */
	int resume_depth;      /* of the resume it yields to */
	int which;             /* its schedule */
	int levels;
	uint32_t serial; /* counts the lives in this entry */
};

/* All is static: no coroutine's stack holds anything of the model. */
static struct {
	struct schedule *S[2];
	struct member members[2][SLOTS];
	struct member *running[2];
	/* Who executes, resume within resume; NULL: the test itself. */
	struct member *acting;
	void *value[2];
	int old_ids[2][OLD_IDS];
	long done, wanted;
	int depth;
	uint64_t random;
	const char *last; /* the call before, for failures */
	long calls, refusals, ends;
} model;

static uint32_t pick(uint32_t below)
{
	model.random ^= model.random << 13;
	model.random ^= model.random >> 7;
	model.random ^= model.random << 17;
	return (uint32_t)(model.random >> 20) % below;
}

#define EXPECT(got, wanted)                                                    \
	do {                                                                   \
		long got_ = (long)(got), wanted_ = (long)(wanted);             \
		if (got_ != wanted_)                                           \
			fail_msg("operation %ld (%s): %s is %ld, not %ld",     \
				 model.done, model.last, #got, got_, wanted_); \
	} while (0)

/* ---- the model's moves --------------------------------------------------- */

static int is_alive(const struct member *member)
{
	return member->state != COROUTINE_DEAD;
}

/* What resume and transfer answer to this member; 0: they do it. */
static int refusal(const struct member *to)
{
	if (!is_alive(to))
		return ESRCH;
	if (to->state == COROUTINE_RUNNING || to->state == COROUTINE_NORMAL)
		return EBUSY;
	return 0;
}

static int may_step_aside(int which)
{
	return model.acting && model.acting == model.running[which];
}

static void run_next(int which, struct member *next)
{
	model.running[which] = next;
	if (next)
		next->state = COROUTINE_RUNNING;
}

/* Who is acting when a place is left: known by how deep that resume was. */
static struct member *places[PLACES_MAX + 1];

static void enter_model(struct member *to, void *value)
{
	struct member *from = model.running[to->which];

	if (from)
		from->state = COROUTINE_NORMAL;
	places[model.depth] = model.acting;
	to->caller = from;
	to->resume_depth = model.depth++;
	run_next(to->which, to);
	model.acting = to;
	model.value[to->which] = value;
}

/* The running member of a schedule goes back to its caller. */
static void leave_model(int which, int state, void *value)
{
	struct member *from = model.running[which];

	from->state = state;
	model.depth = from->resume_depth;
	model.acting = places[model.depth];
	run_next(which, from->caller);
	model.value[which] = value;
}

static void transfer_model(struct member *to)
{
	struct member *from = model.running[to->which];

	from->state = COROUTINE_SUSPEND;
	to->caller = from->caller;
	to->resume_depth = from->resume_depth;
	run_next(to->which, to);
	model.acting = to;
	model.value[to->which] = NULL;
}

/* ---- looking ------------------------------------------------------------- */

static void check_member(const struct member *member)
{
	EXPECT(coroutine_status(model.S[member->which], member->id),
	       member->state);
}

/* I am the one whom the model runs, and what I see is the model. */
static void look(const struct member *me)
{
	int which, i;

	if (model.acting != me)
		fail_msg("operation %ld (%s): the wrong one goes on",
			 model.done, model.last);
	for (which = 0; which < 2; which++) {
		EXPECT(coroutine_running(model.S[which]),
		       model.running[which] ? model.running[which]->id : -1);
		if (coroutine_value(model.S[which]) != model.value[which])
			fail_msg("operation %ld (%s): a wrong value",
				 model.done, model.last);
		for (i = 0; i < 3; i++)
			check_member(&model.members[which][pick(SLOTS)]);
		if (me && me->which == which)
			check_member(me);
		EXPECT(coroutine_status(model.S[which],
					model.old_ids[which][pick(OLD_IDS)]),
		       COROUTINE_DEAD);
	}
}

/* ---- the calls ----------------------------------------------------------- */

static void live(struct schedule *S, void *ud);

static void try_new(int which)
{
	struct member *member = &model.members[which][pick(SLOTS)];
	int i, full = 1, id;

	for (i = 0; i < SLOTS; i++)
		full = full && is_alive(&model.members[which][i]);
	if (!full && is_alive(member))
		return;
	model.last = "new";
	errno = 0;
	id = coroutine_new(model.S[which], live, member);
	EXPECT(id < 0, full);
	EXPECT(errno == EAGAIN, full);
	if (full)
		return;
	member->id = id;
	member->state = COROUTINE_READY;
	member->levels = 0;
	member->serial++;
}

static void refused(int result, int error)
{
	model.refusals++;
	EXPECT(result, -1);
	EXPECT(errno, error);
}

static void try_resume(struct member *me, struct member *to, void *value)
{
	int error = refusal(to), result, id = to->id;
	uint32_t serial = to->serial;

	if (!error && model.depth >= PLACES_MAX)
		return;
	model.last = "resume";
	model.calls++;
	if (!error)
		enter_model(to, value);
	errno = 0;
	result = coroutine_resume_with(model.S[to->which], id, value);
	if (error) {
		refused(result, error);
		return;
	}
	look(me);
	EXPECT(result, to->serial == serial ? to->state : COROUTINE_DEAD);
}

static void try_yield(struct member *me, int which, void *value)
{
	int may = may_step_aside(which), result;

	model.last = "yield";
	model.calls++;
	if (may)
		leave_model(which, COROUTINE_SUSPEND, value);
	errno = 0;
	result = coroutine_yield_with(model.S[which], value);
	if (may)
		EXPECT(result, 0);
	else
		refused(result, EPERM);
	look(me);
}

static void try_transfer(struct member *me, struct member *to)
{
	int error = may_step_aside(to->which) ? refusal(to) : EPERM, result;

	if (error == EPERM && !is_alive(to))
		return; /* two reasons at once: either may be told */
	model.last = "transfer";
	model.calls++;
	if (!error)
		transfer_model(to);
	errno = 0;
	result = coroutine_transfer(model.S[to->which], to->id);
	if (error)
		refused(result, error);
	else
		EXPECT(result, 0);
	look(me);
}

static void try_old_id(int which)
{
	int id = model.old_ids[which][pick(OLD_IDS)];

	model.last = "an old id";
	errno = 0;
	refused(coroutine_resume(model.S[which], id), ESRCH);
	if (may_step_aside(which))
		refused(coroutine_transfer(model.S[which], id), ESRCH);
	refused(coroutine_close(model.S[which]), EBUSY);
}

/* A random call, whoever makes it. */
static void try_something(struct member *me)
{
	int which = (int)pick(2);
	struct member *other = &model.members[which][pick(SLOTS)];
	void *value = pick(3) ? &model.old_ids[0][pick(OLD_IDS)] : NULL;

	model.done++;
	switch (pick(16)) {
	case 0:
	case 1:
	case 2:
		try_new(which);
		break;
	case 3:
		if (model.running[which])
			try_old_id(which);
		break;
	case 4:
	case 5:
		try_yield(me, which, value);
		break;
	case 6:
	case 7:
	case 8:
		if (me)
			try_yield(me, me->which, value);
		break;
	case 9:
	case 10:
	case 11:
		try_transfer(me, other);
		break;
	default:
		try_resume(me, other, value);
		break;
	}
}

/* ---- frames -------------------------------------------------------------- */

/* What a frame holds follows from its seed by these. Not inlined, so that the
 * values are kept across the switch, not made anew. */
__attribute__((noinline)) static int word_of(uint32_t seed, int n)
{
	return (int)(seed * 2654435761U >> (n % 16)) ^ n;
}

__attribute__((noinline)) static double real_of(uint32_t seed, int n)
{
	return (double)(seed % 100003) / 64.0 + n * 0.25;
}

static void fill(unsigned char *bytes, size_t size, uint32_t seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		bytes[i] = (unsigned char)(seed + i * 7);
}

static void check_bytes(const unsigned char *bytes, size_t size, uint32_t seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (bytes[i] != (unsigned char)(seed + i * 7))
			fail_msg("operation %ld (%s): byte %u of a frame",
				 model.done, model.last, (unsigned)i);
}

static void act(struct member *me);

/* The arguments are read partly before and partly after what may suspend. */
static void act_with_arguments(struct member *me, uint32_t seed, int count, ...)
{
	va_list arguments;
	int i;

	va_start(arguments, count);
	for (i = 0; i < count; i++) {
		if (i == count / 2)
			act(me);
		EXPECT(va_arg(arguments, int), word_of(seed, i));
		if (va_arg(arguments, double) != real_of(seed, i))
			fail_msg("operation %ld: argument %d", model.done, i);
	}
	va_end(arguments);
}

/* One call of live integers and doubles around a random call of the library. */
static void act_with_registers(struct member *me, uint32_t seed)
{
	int a = word_of(seed, 0), b = word_of(seed, 1), c = word_of(seed, 2),
	    d = word_of(seed, 3), e = word_of(seed, 4), f = word_of(seed, 5);
	double r = real_of(seed, 0), s = real_of(seed, 1), t = real_of(seed, 2),
	       u = real_of(seed, 3), v = real_of(seed, 4), w = real_of(seed, 5);

	try_something(me);
	EXPECT(a, word_of(seed, 0));
	EXPECT(b, word_of(seed, 1));
	EXPECT(c, word_of(seed, 2));
	EXPECT(d, word_of(seed, 3));
	EXPECT(e, word_of(seed, 4));
	EXPECT(f, word_of(seed, 5));
	EXPECT(r == real_of(seed, 0) && s == real_of(seed, 1), 1);
	EXPECT(t == real_of(seed, 2) && u == real_of(seed, 3), 1);
	EXPECT(v == real_of(seed, 4) && w == real_of(seed, 5), 1);
}

static void act_deeper(struct member *me, uint32_t seed)
{
	if (pick(2))
		act(me);
	else
		act_with_arguments(
			me, seed, 4, word_of(seed, 0), real_of(seed, 0),
			word_of(seed, 1), real_of(seed, 1), word_of(seed, 2),
			real_of(seed, 2), word_of(seed, 3), real_of(seed, 3));
}

/* A frame: some bytes, some calls, some deeper frames; then all must be there.
 * The seed is read again from the heap, should the frame itself be lost. */
static void act(struct member *me)
{
	uint32_t seed =
		me->serial * 977 + (uint32_t)me->levels * 31 + (uint32_t)me->id;
	size_t size = 1 + pick(pick(4) ? 200 : FRAME_MAX);
	unsigned char *bytes = (unsigned char *)alloca(size);
	int turns = 1 + (int)pick(4);

	me->levels++;
	fill(bytes, size, seed);
	while (turns-- && model.done < model.wanted) {
		if (me->levels < LEVELS_MAX && pick(4) == 0)
			act_deeper(me, seed);
		else
			act_with_registers(me, seed);
	}
	me->levels--;
	check_bytes(bytes, size,
		    me->serial * 977 + (uint32_t)me->levels * 31 +
			    (uint32_t)me->id);
}

static void live(struct schedule *S, void *ud)
{
	struct member *me = (struct member *)ud;

	if (S != model.S[me->which])
		fail_msg("operation %ld: a foreign schedule", model.done);
	look(me);
	act(me);
	model.last = "an end";
	model.ends++;
	model.old_ids[me->which][pick(OLD_IDS)] = me->id;
	leave_model(me->which, COROUTINE_DEAD, NULL);
}

/* ---- runs ---------------------------------------------------------------- */

static long number_of(const char *name, long otherwise)
{
	const char *words = getenv(name);

	return words && atol(words) > 0 ? atol(words) : otherwise;
}

static struct schedule *open_with_stacks(int stacks)
{
	struct coroutine_options options = { SLOTS, STACK, stacks };

	if (options.stacks == 0)
		options.stacks = SLOTS;
	return coroutine_open_with(&options);
}

static void begin(int first_stacks, int second_stacks, long seed)
{
	int which, i;

	memset(&model, 0, sizeof(model));
	model.S[0] = open_with_stacks(first_stacks);
	model.S[1] = open_with_stacks(second_stacks);
	assert_non_null(model.S[0]);
	assert_non_null(model.S[1]);
	model.random = (uint64_t)88172645463325252 ^ ((uint64_t)seed << 20) ^
		       (uint64_t)(first_stacks * 64 + second_stacks);
	model.wanted = number_of("STRESS_OPS", OPS * LEAST_SCALE / scale());
	model.last = "nothing";
	for (which = 0; which < 2; which++)
		for (i = 0; i < SLOTS; i++) {
			model.members[which][i].which = which;
			model.members[which][i].id = -1 - i;
		}
	for (i = 0; i < OLD_IDS; i++)
		model.old_ids[0][i] = model.old_ids[1][i] = -1;
}

/* Those who are left run to their ends, as acts do nothing any more. */
static void let_all_end(void)
{
	int which, i;

	for (which = 0; which < 2; which++)
		for (i = 0; i < SLOTS / 2; i++)
			while (is_alive(&model.members[which][i]))
				try_resume(NULL, &model.members[which][i],
					   NULL);
}

static void run_with(int first_stacks, int second_stacks)
{
	long seed = number_of("STRESS_SEED", 20240229);

	begin(first_stacks, second_stacks, seed);
	while (model.done < model.wanted)
		try_something(NULL);
	let_all_end();
	print_message("seed %ld: %ld operations, %ld calls, %ld refused, "
		      "%ld ends\n",
		      seed, model.done, model.calls, model.refusals,
		      model.ends);
	EXPECT(model.calls > model.wanted / 4, 1);
	EXPECT(model.ends > model.wanted / 50, 1);
	assert_int_equal(coroutine_close(model.S[0]), 0);
	assert_int_equal(coroutine_close(model.S[1]), 0);
}

static void stress(void **state)
{
	const struct setting *setting = (const struct setting *)*state;

	run_with(setting->stacks, setting->stacks);
}

/* The two schedules have different ways. */
static void mixed_stress(void **state)
{
	const struct setting *setting = (const struct setting *)*state;

	run_with(setting->stacks, 1);
}

int main(void)
{
	static const struct entry entries[] = {
		EACH("a random run", stress),
		EACH("a random run beside a schedule with 1 stack",
		     mixed_stress),
	};

	return run_entries("stress", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
