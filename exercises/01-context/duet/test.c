#define _XOPEN_SOURCE 600 /* signals */

#include "check.h"
#include "duet.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>

/* Less than any stack of an answer, more than one verse takes of it. */
enum { APART = 4096 };

static int song, lines; /* verses of the song; lines sung so far */
static uintptr_t home_frame, his_frame;

static int near(uintptr_t a, uintptr_t b)
{
	return (a > b ? a - b : b - a) < APART;
}

static void own_stacks(const char *who, uintptr_t frame)
{
	if (near(frame, home_frame))
		check_fail("%s stands on the stack of the caller", who);
	if (lines == 0)
		his_frame = frame;
	else if (near(frame, his_frame))
		check_fail("%s stands where he stands, on one stack", who);
}

/* Who conducts? A context has a signal mask. From their first verses on the
 * two voices block SIGUSR1, and only home lets it in: sent from the second
 * verse on, it arrives as soon as the song goes home. */
static int listening;
static volatile sig_atomic_t lines_at_home = -1;

static void on_signal(int number)
{
	(void)number;
	lines_at_home = lines;
}

static void listen(void)
{
	sigset_t set;

	if (lines_at_home >= 0)
		check_fail("the song went home after line %d of %d",
			   (int)lines_at_home, 2 * song);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (lines >= 2)
		raise(SIGUSR1);
}

/* Judges each line as it comes: nothing hangs on what a wrong answer does to
 * its stacks afterwards. */
void sing(const char *who, int verse)
{
	char got[80], wanted[80];

	snprintf(got, sizeof(got), "%s sings verse %d", who, verse);
	if (lines == 2 * song)
		check_fail("the song is over, and %s", got);
	snprintf(wanted, sizeof(wanted), "%s sings verse %d",
		 lines % 2 ? "she" : "he", lines / 2 + 1);
	check_str("the song", got, wanted);
	if (lines < 2)
		own_stacks(who, (uintptr_t)__builtin_frame_address(0));
	if (listening)
		listen();
	lines++;
}

static void perform(int verses)
{
	home_frame = (uintptr_t)__builtin_frame_address(0);
	song = verses;
	lines = 0;
	duet(verses);
	check_int("verses sung, his and hers", lines, 2 * verses);
}

static void one_verse(void)
{
	perform(1);
}

static void five_verses(void)
{
	perform(5);
}

static void nobody_conducts(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	listening = 1;
	perform(3);
}

static void again(void)
{
	perform(1);
	perform(2);
}

static void silence(void)
{
	perform(0);
}

int main(void)
{
	static const struct check tests[] = {
		{ "he begins, and she answers, each on a stack of their own",
		  one_verse,
		  "swapcontext(&mine, &yours): where I save, then where I go" },
		{ "they sing in turn to the last verse", five_verses,
		  "after each verse: save your own place, go to the other's" },
		{ "nobody conducts: each lets the other go on", nobody_conducts,
		  "who saves in home, and when? only duet, once" },
		{ "the next duet begins at verse 1 again", again,
		  "a local lives through a switch; a new context begins anew" },
		{ "where there is no verse, nobody sings", silence,
		  "look before the first verse whether there is one" },
	};

	return check_exercise("duet", tests, sizeof(tests) / sizeof(tests[0]));
}
