/* Who runs when: resume, yield and transfer in every arrangement, as plays.
 *
 * A play has actors. '@' is the program outside every coroutine; a capital is a
 * coroutine of the first schedule, a small letter one of the second. Each has a
 * script of words, done in turn:
 *
 *   rB   resume B                  y    yield (its own schedule)
 *   tB   transfer to B             z    yield the other schedule
 *   nB   make B now (else at the   x    close its own schedule
 *        play's begin)             X    close the other one
 *                                  s    the state of everybody
 *
 * What happens is written down: "A(" A begins, "A)" A ends, "A:rB=S" A's resume
 * of B has returned SUSPEND, "A:y=0" A's yield has returned 0, "A:rA=EBUSY" a
 * refusal, "A:s=RN" the states of all actors in the order of their scripts: D
 * dead, Y ready, R running, S suspend, N normal, - not made yet. The test is
 * that this record is the expected one. Beside it, after every word, all locals
 * are looked at, the library is asked who runs, the trace is compared with
 * coroutine_status(), and a refused call must have changed nothing. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"

#include <errno.h>

enum { ACTORS = 9, RECORD = 2000, IDS = 64, SLOTS = 8 };

struct actor {
	char name;
	const char *script;
	struct play *play;
	int id; /* -1: not made yet */
};

/* A state as the trace tells it. */
struct traced {
	struct schedule *S;
	int id;
	int state;
};

struct play {
	struct schedule *S[2];
	struct actor actors[ACTORS];
	size_t count;
	char record[RECORD];
	size_t length;
	struct traced traced[IDS];
	size_t ids, changes;
};

/* What a refused call must leave as it was. */
struct snapshot {
	char states[ACTORS + 1];
	int running[2];
	void *value[2];
	size_t changes;
};

static void note(struct play *play, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(play->record + play->length, RECORD - play->length,
			   format, arguments);
	va_end(arguments);
	assert_in_range(length, 1, RECORD - play->length - 1);
	play->length += (size_t)length;
}

static struct schedule *schedule_of(const struct actor *actor)
{
	return actor->play->S[actor->name >= 'a'];
}

static struct schedule *other_schedule(const struct actor *actor)
{
	return actor->play->S[actor->name < 'a'];
}

static struct actor *find(struct play *play, char name)
{
	size_t i;

	for (i = 0; i < play->count; i++)
		if (play->actors[i].name == name)
			return &play->actors[i];
	fail_msg("no actor %c", name);
	return NULL;
}

static struct traced *find_traced(struct play *play, struct schedule *S, int id)
{
	struct traced *traced;
	size_t i;

	for (i = 0; i < play->ids; i++)
		if (play->traced[i].S == S && play->traced[i].id == id)
			return &play->traced[i];
	assert_true(play->ids < IDS);
	traced = &play->traced[play->ids++];
	traced->S = S;
	traced->id = id;
	traced->state = COROUTINE_DEAD;
	return traced;
}

static void tracer(void *ud, struct schedule *S, int id, int from, int to)
{
	struct play *play = (struct play *)ud;
	struct traced *traced = find_traced(play, S, id);

	assert_int_equal(traced->state, from);
	assert_non_null(coroutine_event(from, to));
	traced->state = to;
	play->changes++;
}

static void states(struct play *play, char *letters)
{
	static const char names[] = "DYRSN";
	struct actor *actor;
	int status;
	size_t i;

	for (i = 1; i < play->count; i++) {
		actor = &play->actors[i];
		*letters = '-';
		if (actor->id >= 0) {
			status =
				coroutine_status(schedule_of(actor), actor->id);
			assert_in_range(status, 0, COROUTINE_STATES - 1);
			*letters = names[status];
		}
		letters++;
	}
	*letters = '\0';
}

static void take_snapshot(struct play *play, struct snapshot *snapshot)
{
	int i;

	memset(snapshot, 0, sizeof(*snapshot));
	states(play, snapshot->states);
	for (i = 0; i < 2; i++) {
		snapshot->running[i] = coroutine_running(play->S[i]);
		snapshot->value[i] = coroutine_value(play->S[i]);
	}
	snapshot->changes = play->changes;
}

static const char *error_name(int error)
{
	switch (error) {
	case EAGAIN:
		return "EAGAIN";
	case EBUSY:
		return "EBUSY";
	case EINVAL:
		return "EINVAL";
	case ENOMEM:
		return "ENOMEM";
	case EPERM:
		return "EPERM";
	case ESRCH:
		return "ESRCH";
	default:
		return "another errno";
	}
}

static int switching(struct actor *actor, const char *word)
{
	struct actor *to = word[1] ? find(actor->play, word[1]) : NULL;

	switch (word[0]) {
	case 'r':
		return coroutine_resume(schedule_of(to), to->id);
	case 't':
		return coroutine_transfer(schedule_of(to), to->id);
	case 'y':
		return coroutine_yield(schedule_of(actor));
	case 'z':
		return coroutine_yield(other_schedule(actor));
	case 'x':
		return coroutine_close(schedule_of(actor));
	case 'X':
		return coroutine_close(other_schedule(actor));
	default:
		fail_msg("no such word: %s", word);
	}
	return -2;
}

static void do_switching(struct actor *actor, const char *word)
{
	struct snapshot before, after;
	int result;

	take_snapshot(actor->play, &before);
	errno = 0;
	result = switching(actor, word);
	if (result == -1) {
		note(actor->play, "%c:%s=%s ", actor->name, word,
		     error_name(errno));
		take_snapshot(actor->play, &after);
		assert_memory_equal(&before, &after, sizeof(before));
	} else if (word[0] == 'r') {
		assert_true(result == COROUTINE_DEAD ||
			    result == COROUTINE_SUSPEND);
		note(actor->play, "%c:%s=%c ", actor->name, word,
		     result == COROUTINE_DEAD ? 'D' : 'S');
	} else {
		note(actor->play, "%c:%s=%d ", actor->name, word, result);
	}
}

static void act(struct schedule *S, void *ud);

static void make(struct actor *actor)
{
	actor->id = coroutine_new(schedule_of(actor), act, actor);
	assert_true(actor->id >= 0);
}

/* What always holds, whoever looks. */
static void look_around(struct actor *me)
{
	struct play *play = me->play;
	size_t i;

	for (i = 0; i < play->ids; i++)
		assert_int_equal(
			coroutine_status(play->traced[i].S, play->traced[i].id),
			play->traced[i].state);
	if (me->name == '@') {
		assert_int_equal(coroutine_running(play->S[0]), -1);
		assert_int_equal(coroutine_running(play->S[1]), -1);
		return;
	}
	assert_int_equal(coroutine_running(schedule_of(me)), me->id);
	assert_int_equal(coroutine_status(schedule_of(me), me->id),
			 COROUTINE_RUNNING);
}

static void do_word(struct actor *actor, const char *word)
{
	char letters[ACTORS + 1];

	if (word[0] == 's') {
		states(actor->play, letters);
		note(actor->play, "%c:s=%s ", actor->name, letters);
	} else if (word[0] == 'n') {
		make(find(actor->play, word[1]));
	} else {
		do_switching(actor, word);
	}
	look_around(actor);
}

/* Locals of all kinds must be there after every word. */
static void do_script(struct actor *actor)
{
	const char *script = actor->script;
	double quarter = actor->name / 4.0, eighth = actor->name / 8.0;
	char word[4] = "", mine[300];
	size_t i;

	memset(mine, actor->name, sizeof(mine));
	while (sscanf(script, "%3s", word) == 1) {
		do_word(actor, word);
		script = strstr(script, word) + strlen(word);
		for (i = 0; i < sizeof(mine); i++)
			assert_int_equal(mine[i], actor->name);
		assert_true(quarter == eighth * 2);
		assert_true(quarter == actor->name / 4.0);
	}
}

static void act(struct schedule *S, void *ud)
{
	struct actor *actor = (struct actor *)ud;

	assert_ptr_equal(S, schedule_of(actor));
	look_around(actor);
	note(actor->play, "%c( ", actor->name);
	do_script(actor);
	note(actor->play, "%c) ", actor->name);
}

/* Adds an actor from "A: rB y", or "(A): rB y" when it is made later. */
static void add_actor(struct play *play, const char *script)
{
	struct actor *actor = &play->actors[play->count++];
	int later = script[0] == '(';

	assert_true(play->count <= ACTORS);
	actor->play = play;
	actor->name = script[later];
	actor->script = strchr(script, ':') + 1;
	actor->id = -1;
	if (actor->name != '@' && !later)
		make(actor);
}

/* Plays the scripts (the last one is NULL) in schedules of so many slots, and
 * compares the record. */
static void play_in(void **state, int slots, const char *record,
		    const char *const *scripts)
{
	struct play play;
	size_t i;

	memset(&play, 0, sizeof(play));
	for (i = 0; i < 2; i++) {
		play.S[i] = open_under(state, slots);
		assert_non_null(play.S[i]);
		assert_int_equal(coroutine_trace(play.S[i], tracer, &play), 0);
	}
	while (*scripts)
		add_actor(&play, *scripts++);
	do_script(find(&play, '@'));
	assert_true(play.length > 0);
	play.record[play.length - 1] = '\0';
	assert_string_equal(play.record, record);
	assert_int_equal(coroutine_close(play.S[1]), 0);
	assert_int_equal(coroutine_close(play.S[0]), 0);
}

#define PLAY(record, ...) PLAY_IN(SLOTS, record, __VA_ARGS__)
#define PLAY_IN(slots, record, ...)   \
	play_in(state, slots, record, \
		(const char *const[]){ __VA_ARGS__, NULL })

/* ---- resume and yield ---------------------------------------------------- */

/* @ | r . r . r
 * A |  . y . )         the third resume finds it dead */
static void alone(void **state)
{
	PLAY("A( @:rA=S A:y=0 A) @:rA=D @:rA=ESRCH", "@: rA rA rA", "A: y");
}

/* @ | r . r . r . r .
 * A |  . y     . )
 * B |      . y     . )   */
static void in_turn(void **state)
{
	PLAY("A( @:rA=S B( @:rB=S A:y=0 A) @:rA=D B:y=0 B) @:rB=D",
	     "@: rA rB rA rB", "A: y", "B: y");
}

/* Eight on whatever stacks there are, and every one comes back three times:
 * with two stacks A, C, E and G share one. */
static void many_in_turn(void **state)
{
	PLAY("A( @:rA=S B( @:rB=S C( @:rC=S D( @:rD=S A:y=0 @:rA=S "
	     "D:y=0 @:rD=S C:y=0 @:rC=S B:y=0 @:rB=S A:y=0 A) @:rA=D "
	     "B:y=0 B) @:rB=D C:y=0 C) @:rC=D D:y=0 D) @:rD=D @:s=DDDD",
	     "@: rA rB rC rD rA rD rC rB rA rB rC rD s", "A: y y", "B: y y",
	     "C: y y", "D: y y");
}

/* @ | r                 r
 * A |   r             )
 * B |     r         )
 * C |       )            each end goes back to the one that resumed it */
static void chain_ends(void **state)
{
	PLAY("A( B( C( C) B:rC=D B) A:rB=D A) @:rA=D @:s=DDD", "@: rA s",
	     "A: rB", "B: rC", "C:");
}

/* @ | r           r             r
 * A |   r       y   r         )
 * B |     r   y       r     )
 * C |       y           . )          each yield goes back one step */
static void chain_yields(void **state)
{
	PLAY("A( B( C( B:rC=S A:rB=S @:rA=S A:y=0 B:y=0 C:y=0 C) B:rC=D B) "
	     "A:rB=D A) @:rA=D @:rA=ESRCH",
	     "@: rA rA rA", "A: rB y rB", "B: rC y rC", "C: y");
}

/* @ | s r             s r   s
 * A |     s r     s y     )
 * B |         s y                B stays suspended */
static void states_seen(void **state)
{
	PLAY("@:s=YY A( A:s=RY B( B:s=NR A:rB=S A:s=RS @:rA=S @:s=SS "
	     "A:y=0 A) @:rA=D @:s=DS",
	     "@: s rA s rA s", "A: s rB s y", "B: s y s");
}

/* @ | r       r   r
 * A |   r   y       )
 * B |     y     y       A began B, but @ resumed it: it yields to @ */
static void yields_to_the_last_caller(void **state)
{
	PLAY("A( B( A:rB=S @:rA=S B:y=0 @:rB=S A:y=0 A) @:rA=D", "@: rA rB rA",
	     "A: rB y", "B: y y");
}

/* @ | r       r       r
 * A |   r   )
 * B |           r   )
 * C |     y       y     )    three callers, one after another */
static void a_caller_each_time(void **state)
{
	PLAY("A( C( A:rC=S A) @:rA=D B( C:y=0 B:rC=S B) @:rB=D C:y=0 C) "
	     "@:rC=D",
	     "@: rA rB rC", "A: rC", "B: rC", "C: y y");
}

/* @ | r
 * A |   r                r                )
 * B |     y    B is suspended: nobody's caller any more; so it may resume
 * B |                      r A is refused, A is its caller now      */
static void a_suspended_one_is_no_caller(void **state)
{
	PLAY("A( B( A:rB=S C( B:y=0 B:rA=EBUSY B:rC=EBUSY C:rB=S C) A:rC=D "
	     "B:y=0 B) A:rB=D A) @:rA=D",
	     "@: rA", "A: rB rC rB", "B: y rA rC y", "C: rB");
}

/* A drives B and C as a little scheduler of its own.
 * @ | r                                   )
 * A |   r   r   r   r   r   r   r       )
 * B |     y       y       )
 * C |         y       y       y     )       */
static void a_scheduler_inside(void **state)
{
	PLAY("A( B( A:rB=S C( A:rC=S B:y=0 A:rB=S C:y=0 A:rC=S B:y=0 B) "
	     "A:rB=D C:y=0 A:rC=S A:rB=ESRCH C:y=0 C) A:rC=D A) @:rA=D",
	     "@: rA", "A: rB rC rB rC rB rC rB rC", "B: y y", "C: y y y");
}

/* A chain is left standing, taken up from another place, and finished.
 * @ | r         r             r
 * A |   r   y                   . r   )
 * B |     y       r       y         )
 * C |               y                      B resumed by D, C by B
 * D |             r         )              */
static void a_chain_changes_hands(void **state)
{
	PLAY("A( B( A:rB=S @:rA=S D( B:y=0 C( B:rC=S D:rB=S D) @:rD=D A:y=0 "
	     "B:y=0 B) A:rB=D A) @:rA=D @:s=DDSD",
	     "@: rA rD rA s", "A: rB y rB", "B: y rC y", "C: y", "D: rB");
}

/* @ | r
 * A |   r(A)! r B
 * B |     r(A)! r(B)! r C
 * C |       everybody above refuses, by resume and by transfer */
static void callers_are_busy(void **state)
{
	PLAY("A( A:rA=EBUSY A:tA=EBUSY B( B:rA=EBUSY B:rB=EBUSY C( C:rA=EBUSY "
	     "C:rB=EBUSY C:rC=EBUSY C:tA=EBUSY C:tB=EBUSY C:tC=EBUSY C:s=NNR "
	     "C) B:rC=D B) A:rB=D A) @:rA=D",
	     "@: rA", "A: rA tA rB", "B: rA rB rC", "C: rA rB rC tA tB tC s");
}

/* @ | y! t! r   y! t! s       nobody runs here: nothing to step aside from
 * A |         y                */
static void outside_nobody_yields(void **state)
{
	PLAY("@:y=EPERM @:tA=EPERM A( @:rA=S @:y=EPERM @:tA=EPERM @:z=EPERM "
	     "@:s=S A:y=0 A) @:rA=D @:y=EPERM",
	     "@: y tA rA y tA z s rA y", "A: y");
}

/* @ | r   r
 * A |   )
 * B |       r! t! s     the dead are refused */
static void the_dead_are_refused(void **state)
{
	PLAY("A( A) @:rA=D B( B:rA=ESRCH B:tA=ESRCH B:s=DR B) @:rB=D "
	     "@:rA=ESRCH @:rB=ESRCH",
	     "@: rA rB rA rB", "A:", "B: rA tA s");
}

/* @ | r x! ...           refused while one of its own runs, however deep
 * A |     x! r   x! )
 * B |          x!        */
static void close_inside_is_refused(void **state)
{
	PLAY("A( A:x=EBUSY B( B:x=EBUSY A:rB=S A:x=EBUSY A) @:rA=D B:y=0 B) "
	     "@:rB=D",
	     "@: rA rB", "A: x rB x", "B: x y");
}

/* Five live one after another in two slots.
 * @ | r     r         r
 * A |   n )
 * C |           n r )           C has A's slot, D has B's or C's ... */
static void slots_change_owners(void **state)
{
	PLAY_IN(2,
		"A( A) @:rA=D B( B) @:rB=D C( D( C:rD=S C) @:rC=D @:s=DDDS- "
		"D:y=0 E( D:rE=S D) @:rD=D E:y=0 E) @:rE=D @:rA=ESRCH "
		"@:rB=ESRCH @:rC=ESRCH @:rD=ESRCH @:rE=ESRCH @:s=DDDDD",
		"@: rA rB nC rC s rD rE rA rB rC rD rE s",
		"A:", "B:", "(C): nD rD", "(D): y nE rE", "(E): y");
}

/* ---- transfer ------------------------------------------------------------ */

/* @ | r       r     r
 * A |   t       . )
 * B |     . y         . )   B goes on in A's place: its yield goes to @ */
static void transfer_to_ready(void **state)
{
	PLAY("A( B( @:rA=S A:tB=0 A) @:rA=D B:y=0 B) @:rB=D", "@: rA rA rB",
	     "A: tB", "B: y");
}

/* @ | r       s r
 * A |   t         . )
 * B |     s )           B ends in A's place: @ hears what A is */
static void the_other_ends_in_place(void **state)
{
	PLAY("A( B( B:s=SR B) @:rA=S @:s=SD A:tB=0 A) @:rA=D", "@: rA s rA",
	     "A: tB", "B: s");
}

/* @ | r         s
 * A |   t   . )
 * B |     t              there and back; B is left */
static void there_and_back(void **state)
{
	PLAY("A( B( A:tB=0 A) @:rA=D @:s=DS", "@: rA s", "A: tB", "B: tA");
}

/* @ | r                   s
 * A |   t     . t     . )
 * B |     t       . t
 * C |       t         . t     */
static void ring(void **state)
{
	PLAY("A( B( C( A:tB=0 B:tC=0 C:tA=0 A:tB=0 A) @:rA=D @:s=DSS",
	     "@: rA s", "A: tB tB", "B: tC tC", "C: tA tA");
}

/* With two stacks A and C share one, B stands alone: to the same stack and to
 * the other one, to READY and to SUSPEND.
 * @ | r                           r     r     r
 * A |   tB      . tC          . y
 * B |      tC            . tA       . y
 * C |         tA     . tB                 . y     */
static void transfer_all_ways(void **state)
{
	PLAY("A( B( C( A:tB=0 C:tA=0 B:tC=0 A:tC=0 @:rA=S B:tA=0 @:rB=S "
	     "C:tB=0 @:rC=S",
	     "@: rA rB rC", "A: tB tC y", "B: tC tA y", "C: tA tB y");
}

/* @ | r         r         r
 * A |   r   . y             . )
 * B |             t
 * C |     y         . y         A began C; now C is in B's place: to @ */
static void transfer_to_somebody_elses(void **state)
{
	PLAY("A( C( A:rC=S @:rA=S B( C:y=0 @:rB=S @:s=SSS A:y=0 A) @:rA=D",
	     "@: rA rB s rA", "A: rC y", "B: tC", "C: y y");
}

/* @ | r
 * A |   r       . s r     . )
 * B |     t           . )
 * C |       s y             C is in B's place, below A: it yields to A */
static void transfer_below_a_caller(void **state)
{
	PLAY("A( B( C( C:s=NSR A:rB=S A:s=RSS B:tC=0 B) A:rB=D A) @:rA=D",
	     "@: rA", "A: rB s rB", "B: tC", "C: s y");
}

/* @ | r                 .
 * A |   t     . y
 * B |     . r     . s )      A stepped aside, so B may resume it */
static void resume_who_stepped_aside(void **state)
{
	PLAY("A( B( A:tB=0 B:rA=S B:s=SR B) @:rA=S @:s=SD", "@: rA s",
	     "A: tB y", "B: rA s");
}

/* @ | r                         .
 * A |   t     . )
 * B |     . r     . n r     . )
 * C |                   . y        C has A's slot: @ must hear that A is
 *                                  dead, not what C is */
static void the_slot_of_the_awaited(void **state)
{
	PLAY_IN(2,
		"A( B( A:tB=0 A) B:rA=D C( B:rC=S B:s=DRS B) @:rA=D "
		"@:s=DDS",
		"@: rA s", "A: tB", "B: rA nC rC s", "(C): y");
}

/* @ | r                           .
 * A |   r                     . )
 * B |     t         . )
 * C |       r(A)! r     . y       C resumes B, in whose place it is */
static void resume_out_of_the_place(void **state)
{
	PLAY("A( B( C( C:rA=EBUSY B:tC=0 B) C:rB=D A:rB=D A) @:rA=D @:s=DDS",
	     "@: rA s", "A: rB", "B: tC", "C: rA rB y");
}

/* @ | r
 * A |   r             . r     . )
 * B |     r       . )
 * C |       t
 * D |         t             . y
 * E |           )                 two steps aside, and the last one ends */
static void transfer_twice_and_end(void **state)
{
	PLAY("A( B( C( D( E( E) B:rC=S B) A:rB=D D:tE=0 A:rD=S A) @:rA=D "
	     "@:s=DDSSD",
	     "@: rA s", "A: rB rD", "B: rC", "C: tD", "D: tE y", "E:");
}

/* The callers and the callees change sides.
 * @ | r                       .
 * A |   r     . t
 * B |     . y       . r   )
 * C |             r     y        */
static void a_caller_steps_aside(void **state)
{
	PLAY("A( B( A:rB=S C( B:y=0 A:tC=0 A) B:rA=D B) C:rB=D C) @:rA=D "
	     "@:s=DDD",
	     "@: rA s", "A: rB tC", "B: y rA", "C: rB");
}

/* @ | r         .        a transfer that is refused leaves A running
 * A |   t! t! t! y      */
static void transfer_refused(void **state)
{
	PLAY("A( A:tA=EBUSY B( B) A:rB=D A:tB=ESRCH A:tC=ESRCH A:tA=EBUSY "
	     "@:rA=S @:s=SD-",
	     "@: rA s", "A: tA rB tB tC tA y", "B:", "(C):");
}

/* ---- two schedules ------------------------------------------------------- */

/* @ | r                             .
 * A |   r                       . )      first schedule: A C E
 * b |     r                 . )          second: b d
 * C |       r           . )
 * d |         r     . )
 * E |           . )                      */
static void nested_schedules(void **state)
{
	PLAY("A( b( C( d( E( E) d:rE=D d) C:rd=D C) b:rC=D b) A:rb=D A) @:rA=D "
	     "@:s=DDDDD",
	     "@: rA s", "A: rb", "b: rC", "C: rd", "d: rE", "E:");
}

/* The same, with a yield at each level on the way.
 * @ | r                   r                         .
 * A |   r             . y   . r                 . )
 * b |     r         . y         . r         . )
 * C |       r     . y               . r   . )
 * d |         r . y                     r )
 * E |           y                                     */
static void nested_schedules_yield(void **state)
{
	PLAY("A( b( C( d( E( d:rE=S C:rd=S b:rC=S A:rb=S @:rA=S A:y=0 b:y=0 "
	     "C:y=0 d:y=0 E:y=0 E) d:rE=D d) C:rd=D C) b:rC=D b) A:rb=D A) "
	     "@:rA=D",
	     "@: rA rA", "A: rb y rb", "b: rC y rC", "C: rd y rd", "d: rE y rE",
	     "E: y");
}

/* @ | r                                   .
 * A |   r                           . z! )
 * b |     z! t! r(A)! r   . s  )            A is RUNNING in its schedule,
 * C |                   z! y                but b may not yield for it */
static void a_foreign_yield_is_refused(void **state)
{
	PLAY("A( b( b:z=EPERM b:tC=EPERM b:rA=EBUSY C( C:z=EPERM C:td=EPERM "
	     "C:rb=EBUSY b:rC=S b:s=RRSY b:z=EPERM b) A:rb=D A:z=EPERM A) "
	     "@:rA=D @:s=DDSY",
	     "@: rA s", "A: rb z", "b: z tC rA rC s z", "C: z td rb y", "d:");
}

/* @ | r     .
 * A |   x! r   . x! )     closing is refused from everywhere inside
 * b |        x! X!        */
static void close_nested_is_refused(void **state)
{
	PLAY("A( A:x=EBUSY b( b:x=EBUSY b:X=EBUSY C( C:x=EBUSY C:X=EBUSY C) "
	     "b:rC=D b) A:rb=D A:x=EBUSY A) @:rA=D",
	     "@: rA", "A: x rb x", "b: x X rC", "C: x X");
}

/* The shared stacks of both are wanted while their owners are callers.
 * @ | r                                               .
 * A |   r             . rC     . rD     . re     . )
 * b |     r       . )
 * C |       t              . y
 * D |         r . y                . )
 * e |           y                          . )          */
static void transfers_inside_the_other(void **state)
{
	PLAY("A( b( C( D( e( D:re=S b:rC=S b) A:rb=D C:tD=0 A:rC=S D:y=0 D) "
	     "A:rD=D e:y=0 e) A:re=D A) @:rA=D",
	     "@: rA", "A: rb rC rD re", "b: rC", "C: tD y", "D: re y", "e: y");
}

/* @ | r           r     r
 * A |   r     . y         . )
 * b |     . y       . y         b left A's stack: @ may resume it */
static void left_and_resumed_outside(void **state)
{
	PLAY("A( b( A:rb=S @:rA=S b:y=0 @:rb=S A:y=0 A) @:rA=D", "@: rA rb rA",
	     "A: rb y", "b: y y");
}

/* @ | r                     r
 * A |   r             . )
 * b |     t                   . )
 * d |       r     . )               d in b's place, C nested in it
 * C |         y                     */
static void the_other_transfers(void **state)
{
	PLAY("A( b( d( C( d:rC=S d) A:rb=S A) @:rA=D b:td=0 b) @:rb=D",
	     "@: rA rb", "A: rb", "b: td", "d: rC", "C: y");
}

/* Everybody comes back twice, and in between A's callees wander: C is begun
 * inside b, and goes on inside @, inside A and inside d.
 * @ | r               r       r                 .
 * A |   r         . y           . r         . )
 * b |     r   . y                   td
 * C |       y           . y           | . y
 * d |                                 r   . )       */
static void a_wanderer(void **state)
{
	PLAY("A( b( C( b:rC=S A:rb=S @:rA=S C:y=0 @:rC=S A:y=0 C:y=0 A:rC=S "
	     "b:y=0 d( C:y=0 d:rC=S d) A:rb=S A) @:rA=D C:y=0 C) "
	     "@:rC=D @:s=DSDD",
	     "@: rA rC rA rC s", "A: rb y rC rb", "b: rC y td", "C: y y y y",
	     "d: rC");
}

/* Each schedule's callers come back in their own order, with locals, after
 * their stack has had others on it.
 * @ | r                                       .
 * A |   rb                            . )
 * b |      rC       . rE      . rd  .
 * C |         rd  y                           then E in C's place of the
 * d |            y               )            stack, then d goes on */
static void siblings_inside(void **state)
{
	PLAY("A( b( C( d( C:rd=S b:rC=S E( C:y=0 E:rC=S E) b:rE=D d:y=0 d) "
	     "b:rd=D C:y=0 C) b:rC=D b) A:rb=D A) @:rA=D @:s=DDDDD",
	     "@: rA s", "A: rb", "b: rC rE rd rC", "C: rd y y", "d: y",
	     "E: rC");
}

int main(void)
{
	static const struct entry entries[] = {
		EACH("one coroutine runs, yields and ends", alone),
		EACH("two take turns", in_turn),
		EACH("four take turns in changing order", many_in_turn),
		EACH("an end goes back to the caller", chain_ends),
		EACH("a yield goes back to the caller", chain_yields),
		EACH("states at every moment", states_seen),
		EACH("a yield goes to the last caller",
		     yields_to_the_last_caller),
		EACH("three callers, one after another", a_caller_each_time),
		EACH("a suspended coroutine is nobody's caller",
		     a_suspended_one_is_no_caller),
		EACH("a coroutine drives others", a_scheduler_inside),
		EACH("a chain is taken up elsewhere", a_chain_changes_hands),
		EACH("itself and its callers are busy", callers_are_busy),
		EACH("outside nobody yields or transfers",
		     outside_nobody_yields),
		EACH("the dead are refused", the_dead_are_refused),
		EACH("close inside is refused", close_inside_is_refused),
		EACH("slots change owners", slots_change_owners),
		EACH("transfer to a new one", transfer_to_ready),
		EACH("the other one ends in its place",
		     the_other_ends_in_place),
		EACH("transfer there and back", there_and_back),
		EACH("transfer in a ring", ring),
		EACH("transfer to the same stack and another",
		     transfer_all_ways),
		EACH("transfer to somebody else's callee",
		     transfer_to_somebody_elses),
		EACH("transfer below a caller", transfer_below_a_caller),
		EACH("resume who stepped aside", resume_who_stepped_aside),
		EACH("the awaited one's slot has a new owner",
		     the_slot_of_the_awaited),
		EACH("resume the one whose place it is",
		     resume_out_of_the_place),
		EACH("transfer twice and end", transfer_twice_and_end),
		EACH("a caller steps aside", a_caller_steps_aside),
		EACH("transfers that are refused", transfer_refused),
		EACH("two schedules nested five deep", nested_schedules),
		EACH("two schedules nested, with yields",
		     nested_schedules_yield),
		EACH("a yield on foreign ground is refused",
		     a_foreign_yield_is_refused),
		EACH("close on foreign ground is refused",
		     close_nested_is_refused),
		EACH("transfers inside the other's coroutine",
		     transfers_inside_the_other),
		EACH("left and resumed outside", left_and_resumed_outside),
		EACH("the other schedule transfers", the_other_transfers),
		EACH("a coroutine with a caller in each schedule", a_wanderer),
		EACH("siblings inside the other's coroutine", siblings_inside),
	};

	return run_entries("switch", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
