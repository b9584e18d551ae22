/* The proof of the exercises. For each of them, at -O0 and -O2, with each
 * compiler there is: the starter fails by a check, the solution passes, every
 * wrong answer is rejected by the test that it names first; those not with
 * clang at -O0, beside clang at -O2 and gcc at -O0. The table of tests is made
 * from the folders: an exercise is proven as soon as it is there.
 *
 *   exercises_test [NAME]    a lesson's (03-schedule), an exercise's (tally), or
 *                            the hostile answers (hostile); otherwise all
 *
 * Several may run at once, each with another name. build/proof is theirs, and
 * tests.mk empties it. */
#define _DEFAULT_SOURCE

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "run.h"

#define STRICT                                                     \
	"-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion " \
	"-Wstrict-prototypes -Werror"
#define PROOF "build/proof"

enum {
	WORD = 64,
	LINE = 160,
	PATH = 512,
	EXERCISES = 128,
	WRONG = 32,
	TESTS = 32,
	CONFIGS = 4,
	TABLE = 4096,
	SCREEN_LINES = 12
};

/* ---- What there is to prove: found in the folders. ------------------------ */

struct wrong {
	char name[WORD];
	char rejected_by[LINE];
};

struct exercise {
	char lesson[WORD], word[WORD]; /* "03-schedule", "turns" */
	struct wrong wrong[WRONG];
	int wrongs;
	char tests[TESTS][LINE]; /* learnt when the solution runs */
	int test_count;
};

struct config {
	const char *name, *cc, *flags;
	int all; /* wrong answers too */
	int present;
};

static struct exercise exercises[EXERCISES];
static int exercise_count;
static struct config configs[CONFIGS] = {
	{ "gcc-O0", "gcc", "-O0", 1, 0 },
	{ "gcc-O2", "gcc", "-O2", 1, 0 },
	{ "clang-O0", "clang", "-O0", 0, 0 },
	{ "clang-O2", "clang", "-O2", 1, 0 },
};

static int exists(const char *format, const char *a, const char *b)
{
	char path[PATH];

	snprintf(path, sizeof(path), format, a, b);
	return access(path, R_OK) == 0;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strlen(entry->d_name) < WORD;
}

/* The rest of the line of `path` that begins with "/ * KEY: ", without its
 * end of comment. */
static void read_mark(const char *path, const char *key, char *value)
{
	char line[PATH];
	FILE *file = fopen(path, "r");
	size_t length = strlen(key);

	value[0] = '\0';
	while (file && fgets(line, sizeof(line), file)) {
		char *end = strstr(line, " */");

		if (strncmp(line, "/* ", 3) != 0 || !end ||
		    strncmp(line + 3, key, length) != 0)
			continue;
		*end = '\0';
		snprintf(value, LINE, "%.*s", LINE - 1, line + 3 + length);
		break;
	}
	if (file)
		fclose(file);
}

static void find_wrong(struct exercise *e)
{
	struct dirent **names;
	char path[PATH];
	int i, count;

	snprintf(path, PATH, "exercises/%s/%s/wrong", e->lesson, e->word);
	count = scandir(path, &names, visible, alphasort);
	for (i = 0; i < count; i++) {
		char *dot = strrchr(names[i]->d_name, '.');
		struct wrong *w = &e->wrong[e->wrongs];

		if (dot && strcmp(dot, ".c") == 0 && e->wrongs < WRONG) {
			snprintf(path, PATH, "exercises/%s/%s/wrong/%s",
				 e->lesson, e->word, names[i]->d_name);
			read_mark(path, "Rejected by: ", w->rejected_by);
			*dot = '\0';
			snprintf(w->name, WORD, "%.*s", WORD - 1,
				 names[i]->d_name);
			e->wrongs++;
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

static void find_words(const char *lesson)
{
	struct dirent **names;
	char path[PATH];
	int i, count;

	snprintf(path, PATH, "exercises/%s", lesson);
	count = scandir(path, &names, visible, alphasort);
	for (i = 0; i < count; i++) {
		struct exercise *e = &exercises[exercise_count];
		const char *word = names[i]->d_name;

		snprintf(path, PATH, "exercises/%s/%s/test.c", lesson, word);
		if (access(path, R_OK) == 0 && exercise_count < EXERCISES) {
			snprintf(e->lesson, WORD, "%.*s", WORD - 1, lesson);
			snprintf(e->word, WORD, "%.*s", WORD - 1, word);
			find_wrong(e);
			exercise_count++;
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

static void find_exercises(void)
{
	struct dirent **names;
	int i, count = scandir("exercises", &names, visible, alphasort);

	for (i = 0; i < count; i++) {
		if (isdigit((unsigned char)names[i]->d_name[0]))
			find_words(names[i]->d_name);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

/* ---- What a run of an exercise's tests said. ------------------------------ */

struct tap {
	int planned, passed, failed, not_run;
	int by_check;     /* of the failed ones */
	char first[LINE]; /* the first that failed, */
	char by[WORD];    /* and what by */
};

static void keep(char *to, size_t size, const char *from)
{
	if (to[0] == '\0')
		snprintf(to, size, "%.*s", (int)strcspn(from, "\n"), from);
}

static void read_tap_line(struct tap *tap, const char *line)
{
	const char *dash = strstr(line, " - ");

	if (strncmp(line, "1..", 3) == 0) {
		tap->planned = atoi(line + 3);
	} else if (strncmp(line, "ok ", 3) == 0) {
		tap->passed++;
	} else if (strncmp(line, "# failed by: ", 13) == 0) {
		keep(tap->by, WORD, line + 13);
		tap->by_check += strncmp(line + 13, "check\n", 6) == 0;
	} else if (strncmp(line, "not ok ", 7) == 0) {
		const char *skip = strstr(line, "# SKIP");

		if (skip && skip < line + 16) {
			tap->not_run++;
		} else if (dash) {
			tap->failed++;
			keep(tap->first, LINE, dash + 3);
		}
	}
}

static void read_tap(struct tap *tap, const char *text)
{
	memset(tap, 0, sizeof(*tap));
	for (; text[0] != '\0'; text += strcspn(text, "\n") + 1) {
		read_tap_line(tap, text);
		if (strchr(text, '\n') == NULL)
			return;
	}
}

static int complete(const struct tap *tap)
{
	return tap->planned > 0 &&
	       tap->planned == tap->passed + tap->failed + tap->not_run;
}

/* ---- Building. The harness and the library once for each configuration, an
 *      exercise's test once for each too; an answer is compiled and linked. -- */

static void compile_common(const struct config *c)
{
	if (exists(PROOF "/%s/%s", c->name, "made"))
		return;
	assert_true(run_ok("cd " PROOF "/%s && "
			   "%s %s " STRICT " -I../../../exercises "
			   "-c ../../../exercises/check.c && "
			   "%s %s -c ../../../coroutine.c && : >made",
			   c->name, c->cc, c->flags, c->cc, c->flags));
}

/* Who comes first does it, and the others wait. */
static void make_common(const struct config *c)
{
	char path[PATH];
	int lock;

	snprintf(path, PATH, PROOF "/%s", c->name);
	assert_true(mkdir(path, 0777) == 0 || errno == EEXIST);
	snprintf(path, PATH, PROOF "/%s/lock", c->name);
	lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	assert_true(lock >= 0);
	assert_int_equal(lockf(lock, F_LOCK, 0), 0);
	compile_common(c);
	close(lock);
}

static void make_test(const struct exercise *e, const struct config *c)
{
	make_common(c);
	if (exists(PROOF "/%s/%s/test.o", c->name, e->word))
		return;
	assert_true(run_ok("mkdir -p " PROOF "/%s/%s/wrong && "
			   "%s %s " STRICT " -I. -Iexercises "
			   "-Iexercises/%s/%s -c exercises/%s/%s/test.c "
			   "-o " PROOF "/%s/%s/test.o",
			   c->name, e->word, c->cc, c->flags, e->lesson,
			   e->word, e->lesson, e->word, c->name, e->word));
}

static int make_answer(const struct exercise *e, const struct config *c,
		       const char *warnings, const char *answer)
{
	return run_ok("%s %s %s -I. -Iexercises -Iexercises/%s/%s "
		      "exercises/%s/%s/%s.c " PROOF "/%s/%s/test.o " PROOF
		      "/%s/check.o " PROOF "/%s/coroutine.o "
		      "-lcmocka -o " PROOF "/%s/%s/%s",
		      c->cc, c->flags, warnings, e->lesson, e->word, e->lesson,
		      e->word, answer, c->name, e->word, c->name, c->name,
		      c->name, e->word, answer);
}

/* Returns its status; the output too when `out` is given, to be freed. */
static int run_answer(const struct exercise *e, const struct config *c,
		      const char *before, const char *answer, struct tap *tap,
		      char **out)
{
	struct run run;

	assert_int_equal(run_command(&run, 300, "%s " PROOF "/%s/%s/%s", before,
				     c->name, e->word, answer),
			 0);
	read_tap(tap, run.out);
	if (out)
		*out = run.out;
	else
		free(run.out);
	return run.status;
}

/* ---- The tests of one exercise. ------------------------------------------- */

/* What every CMocka test here finds in its *state. */
struct proof {
	struct exercise *e;
	const struct config *c;
};

static void fail_with(const char *problem, const char *out)
{
	print_message("%s\n%s", problem, out);
	fail();
}

static int count_lines(const char *text)
{
	int lines = 0;

	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

/* What the learner sees first must be short and tell all. */
static void check_screen(const struct proof *p)
{
	struct tap tap;
	char *out;

	run_answer(p->e, p->c, "unset CMOCKA_MESSAGE_OUTPUT;", "starter", &tap,
		   &out);
	if (count_lines(out) > SCREEN_LINES || !strstr(out, "  FAIL ") ||
	    !strstr(out, "  wanted ") || !strstr(out, "  got ") ||
	    !strstr(out, "  hint "))
		fail_with("the screen of the starter is not as promised", out);
	free(out);
}

static void starter_fails(void **state)
{
	const struct proof *p = *state;
	struct tap tap;
	char *out;
	int status;

	make_test(p->e, p->c);
	assert_true(make_answer(p->e, p->c, STRICT, "starter"));
	status = run_answer(p->e, p->c, "CMOCKA_MESSAGE_OUTPUT=TAP", "starter",
			    &tap, &out);
	if (!complete(&tap) || status == 0 || tap.failed == 0 ||
	    tap.by_check != tap.failed || tap.not_run > 0)
		fail_with("the starter must fail, and by checks only", out);
	free(out);
	check_screen(p);
}

/* The names of the tests, for the proof that each of them is needed. */
static void learn_tests(struct exercise *e, const char *text)
{
	e->test_count = 0;
	for (; strchr(text, '\n'); text = strchr(text, '\n') + 1) {
		const char *dash = strstr(text, " - ");

		if (strncmp(text, "ok ", 3) != 0 || !dash ||
		    e->test_count == TESTS)
			continue;
		e->tests[e->test_count][0] = '\0';
		keep(e->tests[e->test_count++], LINE, dash + 3);
	}
}

static void passes(const struct proof *p, const char *before)
{
	struct tap tap;
	char *out;
	int status = run_answer(p->e, p->c, before, "solution", &tap, &out);

	if (!complete(&tap) || status != 0 || tap.passed != tap.planned)
		fail_with("the solution must pass", out);
	learn_tests(p->e, out);
	free(out);
}

static void solution_passes(void **state)
{
	const struct proof *p = *state;

	make_test(p->e, p->c);
	assert_true(make_answer(p->e, p->c, STRICT, "solution"));
	passes(p, "CMOCKA_MESSAGE_OUTPUT=TAP");
}

/* All at once, so that those that hang wait for their time-outs together. */
static void run_all_in(const char *folder)
{
	assert_true(
		run_ok("cd %s && for one in *; do CMOCKA_MESSAGE_OUTPUT=TAP "
		       "./$one >$one.tap 2>&1 & done; wait",
		       folder));
}

static void read_tap_of(const char *folder, const char *name, struct tap *tap)
{
	static char text[65536];
	char path[PATH];
	size_t length;
	FILE *file;

	snprintf(path, PATH, "%s/%s.tap", folder, name);
	file = fopen(path, "r");
	assert_non_null(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	read_tap(tap, text);
}

static int is_rejected(const struct wrong *w, const char *folder)
{
	struct tap tap;

	read_tap_of(folder, w->name, &tap);
	if (complete(&tap) && tap.failed > 0 &&
	    strcmp(tap.first, w->rejected_by) == 0)
		return 1;
	print_message("wrong/%s.c: should be rejected by \"%s\"; %s\"%s\"\n",
		      w->name, w->rejected_by,
		      tap.failed > 0 ? "is by " : "passes", tap.first);
	return 0;
}

static void wrong_are_rejected(void **state)
{
	const struct proof *p = *state;
	char folder[PATH], name[PATH];
	int i, bad = 0;

	make_test(p->e, p->c);
	for (i = 0; i < p->e->wrongs; i++) {
		snprintf(name, PATH, "wrong/%s", p->e->wrong[i].name);
		bad += !make_answer(p->e, p->c, "-w", name);
	}
	assert_int_equal(bad, 0);
	snprintf(folder, PATH, PROOF "/%s/%s/wrong", p->c->name, p->e->word);
	run_all_in(folder);
	for (i = 0; i < p->e->wrongs; i++)
		bad += !is_rejected(&p->e->wrong[i], folder);
	assert_int_equal(bad, 0);
}

/* wrong_are_rejected() proves that this test is the first to reject it. */
static int rejects(const struct exercise *e, const char *test)
{
	int i;

	for (i = 0; i < e->wrongs; i++)
		if (strcmp(e->wrong[i].rejected_by, test) == 0)
			return 1;
	return 0;
}

static void every_test_is_needed(void **state)
{
	const struct proof *p = *state;
	int i, bad = p->e->wrongs < 6;

	if (bad)
		print_message("only %d wrong answers\n", p->e->wrongs);
	for (i = 0; i < p->e->test_count; i++) {
		if (rejects(p->e, p->e->tests[i]))
			continue;
		print_message("no wrong answer is rejected by this test: "
			      "\"%s\"\n",
			      p->e->tests[i]);
		bad = 1;
	}
	assert_true(p->e->test_count > 0 && !bad);
}

static void sanitized_solution_passes(void **state)
{
	static const struct config sanitized = {
		"sanitized", "${CC:-cc}",
		"-g -O1 -fsanitize=address,undefined "
		"-fno-sanitize-recover=all",
		0, 1
	};
	struct proof p = *(const struct proof *)*state;

	p.c = &sanitized;
	make_test(p.e, p.c);
	assert_true(make_answer(p.e, p.c, STRICT, "solution"));
	passes(&p, "CMOCKA_MESSAGE_OUTPUT=TAP");
}

/* So what strict mode says of an answer is the answer's own doing. */
static void strict_solution_passes(void **state)
{
	static const struct config strict = { "strict", "${CC:-cc}",
					      "-O0 -DCOROUTINE_STRICT", 0, 1 };
	struct proof p = *(const struct proof *)*state;

	p.c = &strict;
	make_test(p.e, p.c);
	assert_true(make_answer(p.e, p.c, STRICT, "solution"));
	passes(&p, "CMOCKA_MESSAGE_OUTPUT=TAP");
}

static void solution_passes_valgrind(void **state)
{
	static const struct config watched = { "valgrind", "${CC:-cc}",
					       "-g -O1 -DCOROUTINE_VALGRIND", 0,
					       1 };
	struct proof p = *(const struct proof *)*state;

	p.c = &watched;
	make_test(p.e, p.c);
	assert_true(make_answer(p.e, p.c, STRICT, "solution"));
	passes(&p, "CMOCKA_MESSAGE_OUTPUT=TAP valgrind -q --error-exitcode=99 "
		   "--leak-check=full --errors-for-leak-kinds=definite");
}

/* ---- Hostile answers: each one named failure, and nothing left running. --- */

/* Compiles and runs them all; a process left behind would hold `ends` open. */
static void run_hostile(const struct config *c, const int ends[2])
{
	struct pollfd left = { ends[0], POLLIN, 0 };
	char byte, folder[PATH];

	make_common(c);
	snprintf(folder, PATH, PROOF "/%s/hostile", c->name);
	assert_true(run_ok("mkdir -p %s && for f in tests/hostile/*.c; do "
			   "n=${f##*/} && [ $n = test.c ] || "
			   "%s %s -w -I. -Iexercises -Itests/hostile $f "
			   "tests/hostile/test.c " PROOF "/%s/check.o " PROOF
			   "/%s/coroutine.o -lcmocka -o %s/${n%%.c} || "
			   "exit 1; done",
			   folder, c->cc, c->flags, c->name, c->name, folder));
	run_all_in(folder);
	close(ends[1]);
	assert_int_equal(poll(&left, 1, 1000), 1);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
}

/* It ends in one failure, by one of the words in its "Ends by:" line. */
static int is_named(const struct config *c, const char *name)
{
	char path[PATH], folder[PATH], ends_by[LINE];
	struct tap tap;

	snprintf(path, PATH, "tests/hostile/%s.c", name);
	read_mark(path, "Ends by: ", ends_by);
	snprintf(folder, PATH, PROOF "/%s/hostile", c->name);
	read_tap_of(folder, name, &tap);
	if (complete(&tap) && tap.failed == 1 && tap.by[0] != '\0' &&
	    strstr(ends_by, tap.by) != NULL)
		return 1;
	print_message("%s: should end by %s; ends %d times, by %s\n", name,
		      ends_by, tap.failed, tap.by);
	return 0;
}

static void hostile_are_named(void **state)
{
	const struct proof *p = *state;
	struct dirent **names;
	int i, ends[2], bad = 0, count;

	assert_int_equal(pipe(ends), 0);
	run_hostile(p->c, ends);
	count = scandir("tests/hostile", &names, visible, alphasort);
	assert_true(count > 0);
	for (i = 0; i < count; i++) {
		char *dot = strrchr(names[i]->d_name, '.');

		if (dot && strcmp(dot, ".c") == 0 &&
		    strcmp(names[i]->d_name, "test.c") != 0) {
			*dot = '\0';
			bad += !is_named(p->c, names[i]->d_name);
		}
		free(names[i]);
	}
	free(names);
	assert_int_equal(bad, 0);
}

/* ---- The table. ----------------------------------------------------------- */

static struct CMUnitTest table[TABLE];
static struct proof proofs[TABLE];
static char names[TABLE][LINE];
static size_t entries;

static void add(struct exercise *e, const struct config *c, const char *what,
		CMUnitTestFunction run)
{
	if (entries == TABLE)
		return;
	proofs[entries].e = e;
	proofs[entries].c = c;
	snprintf(names[entries], LINE, "%s%s%s%s%s", e ? e->word : "",
		 e ? ": " : "", what, c ? ", " : "", c ? c->name : "");
	table[entries].name = names[entries];
	table[entries].test_func = run;
	table[entries].initial_state = &proofs[entries];
	entries++;
}

static void add_exercise(struct exercise *e, int valgrind)
{
	int i;

	for (i = 0; i < CONFIGS; i++) {
		if (!configs[i].present)
			continue;
		add(e, &configs[i], "the starter fails by checks",
		    starter_fails);
		add(e, &configs[i], "the solution passes", solution_passes);
		if (configs[i].all || !configs[0].present)
			add(e, &configs[i],
			    "wrong answers are rejected by name",
			    wrong_are_rejected);
	}
	add(e, NULL, "every test is needed", every_test_is_needed);
	add(e, NULL, "the solution passes under ASan and UBSan",
	    sanitized_solution_passes);
	add(e, NULL, "the solution passes in strict mode",
	    strict_solution_passes);
	if (valgrind)
		add(e, NULL, "the solution passes under Valgrind",
		    solution_passes_valgrind);
}

static int is_there(const char *command)
{
	struct run run;
	int there = run_command(&run, 20, "command -v %s", command) == 0 &&
		    run.status == 0;

	if (!there)
		fprintf(stderr, "not tested: %s\n", command);
	free(run.out);
	return there;
}

/* Without what an earlier run has left. */
static int begins_empty(const char *word)
{
	return run_ok("rm -rf " PROOF "/*/%s", word);
}

static int is_meant(const char *name, const char *lesson, const char *word)
{
	return name[0] == '\0' || strcmp(name, lesson) == 0 ||
	       strcmp(name, word) == 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	int some = 0;
	int i, valgrind = is_there("valgrind");

	find_exercises();
	for (i = CONFIGS - 1; i >= 0; i--) {
		configs[i].present = i % 2 ? is_there(configs[i].cc)
					   : configs[i + 1].present;
		if (configs[i].present)
			some = 1;
	}
	if (!some || exercise_count == 0 || !run_ok("mkdir -p " PROOF))
		return 1;
	for (i = 0; i < exercise_count; i++)
		if (is_meant(name, exercises[i].lesson, exercises[i].word) &&
		    begins_empty(exercises[i].word))
			add_exercise(&exercises[i], valgrind);
	for (i = 0; i < CONFIGS; i++)
		if (configs[i].present && is_meant(name, "hostile", "") &&
		    begins_empty("hostile"))
			add(NULL, &configs[i], "hostile answers are named",
			    hostile_are_named);
	return _cmocka_run_group_tests("exercises", table, entries, NULL,
				       NULL) > 0;
}
