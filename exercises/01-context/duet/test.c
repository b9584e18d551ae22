#include "check.h"
#include "duet.h"

#include <stdint.h>
#include <stdio.h>

/* Less than any stack of an answer, more than one verse takes of it. */
enum { APART = 4096 };

static int song, lines; /* verses of the song; lines sung so far */
static uintptr_t his_frame;

static void own_stacks(const char *who, uintptr_t frame)
{
	uintptr_t apart = frame > his_frame ? frame - his_frame
					    : his_frame - frame;

	if (lines == 0)
		his_frame = frame;
	else if (apart < APART)
		check_fail("%s stands where he stands, on one stack", who);
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
	lines++;
}

static void perform(int verses)
{
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
		{"he begins, and she answers on a stack of her own", one_verse,
		 "swapcontext(&mine, &yours): where I save, then where I go"},
		{"they sing in turn to the last verse", five_verses,
		 "after each verse: save your own place, go to the other's"},
		{"the next duet begins at verse 1 again", again,
		 "a local lives through a switch; a new context begins anew"},
		{"where there is no verse, nobody sings", silence,
		 "look before the first verse whether there is one"},
	};

	return check_exercise("duet", tests, sizeof(tests) / sizeof(tests[0]));
}
