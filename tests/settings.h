/* One test, run with every way of using stacks: shared by all, shared by some,
 * one for each. Used by the tests of the library; include it after cmocka.h. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "../coroutine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The call returns -1, or NULL, with this errno. */
#define REFUSED(error, call)                    \
	do {                                    \
		errno = 0;                      \
		assert_int_equal(call, -1);     \
		assert_int_equal(errno, error); \
	} while (0)

#define REFUSED_NULL(error, call)               \
	do {                                    \
		errno = 0;                      \
		assert_null(call);              \
		assert_int_equal(errno, error); \
	} while (0)

/* What the test at hand runs under; a test finds it in its *state. */
struct setting {
	int stacks; /* 0: as many as there are slots */
	const char *words;
};

/* A test with the settings it makes sense for. */
struct entry {
	const char *name; /* each _ becomes a space */
	CMUnitTestFunction run;
	int once;               /* 1: the setting plays no part */
	int large;              /* 1: only at full size, see full_size() */
	const char *not_strict; /* why it makes no sense in a strict build */
};

#define EACH(name, run)               \
	{                             \
		name, run, 0, 0, NULL \
	}
#define ONCE(name, run)               \
	{                             \
		name, run, 1, 0, NULL \
	}
#define LARGE(name, run)              \
	{                             \
		name, run, 1, 1, NULL \
	}
#define UNLESS_STRICT(reason, name, run) \
	{                                \
		name, run, 0, 0, reason  \
	}

/* Named as the function, in words. */
#define EACH_TEST(run) EACH(#run, run)
#define ONCE_TEST(run) ONCE(#run, run)

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#elif __has_feature(thread_sanitizer)
#define SANITIZED 2
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__SANITIZE_THREAD__)
#define SANITIZED 2
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* How much less such a build does: a fiber of TSan costs as much as a thread,
 * and 8,128 may live; ASan keeps what is freed; a poisoned build fills the
 * whole stack at every entry; in a strict build each of those suspended keeps a
 * page or two. */
#if SANITIZED == 2
#define LEAST_SCALE 1000
#elif SANITIZED || defined(COROUTINE_POISON) || defined(COROUTINE_STRICT)
#define LEAST_SCALE 20
#else
#define LEAST_SCALE 1
#endif

enum {
	STACK = 128 * 1024, /* small, since a poisoned build fills it at every
	                        entry; printf under ASan fits */
	SETTINGS = 4,
	ENTRIES_MAX = 256,
	NAME_MAX_LENGTH = 120
};

/* Large numbers are divided by this: the environment's TEST_SCALE, where a
 * machine is emulated or watched, but no less than the build's own. */
static inline int scale(void)
{
	const char *words = getenv("TEST_SCALE");
	int number = words ? atoi(words) : 1;

	return number > LEAST_SCALE ? number : LEAST_SCALE;
}

/* Whether memory is the library's alone, and plenty: not under tools, not in
 * an emulated machine, or with a malloc that fills what it hands out. */
static inline int full_size(void)
{
	return !SANITIZED && scale() == 1 && !getenv("MALLOC_PERTURB_");
}

/* A schedule under a setting, with stacks of STACK bytes. */
static inline struct schedule *open_under(void **state, int slots)
{
	const struct setting *setting = (const struct setting *)*state;
	struct coroutine_options options = { slots, STACK, setting->stacks };

	if (options.stacks == 0 || options.stacks > slots)
		options.stacks = slots;
	return coroutine_open_with(&options);
}

/* In the place of a test that makes no sense in a strict build: it tells why,
 * and the totals count it as skipped. */
static inline void not_in_strict_mode(void **state)
{
	(void)state;
	skip();
}

static inline void name_test(char *name, const struct entry *entry,
			     const char *words, const struct setting *setting)
{
	snprintf(name, NAME_MAX_LENGTH, entry->once ? "%s%s" : "%s%s; %s",
		 entry->name, words, setting->words);
	for (; *name; name++)
		if (*name == '_')
			*name = ' ';
}

/* Runs the entries, each under its settings, as one group of CMocka. The words
 * come behind the name of each test. */
static inline int run_entries_in_words(const char *group, const char *words,
				       const struct entry *entries,
				       size_t count)
{
	static struct setting settings[SETTINGS] = { { 1, "1 stack" },
						     { 2, "2 stacks" },
						     { 8, "8 stacks" },
						     { 0, "a stack each" } };
	static char names[ENTRIES_MAX][NAME_MAX_LENGTH];
	static struct CMUnitTest tests[ENTRIES_MAX];
	size_t total = 0, count_each, i, j;

	for (i = 0; i < count; i++) {
		count_each = entries[i].once ? 1 : SETTINGS;
		if (entries[i].large && !full_size())
			continue;
		for (j = 0; j < count_each; j++) {
			if (total == ENTRIES_MAX)
				return 1;
			name_test(names[total], &entries[i], words,
				  &settings[j]);
			tests[total].name = names[total];
			tests[total].test_func = entries[i].run;
#ifdef COROUTINE_STRICT
			if (entries[i].not_strict) {
				fprintf(stderr, "not in strict mode: %s: %s\n",
					entries[i].name, entries[i].not_strict);
				tests[total].test_func = not_in_strict_mode;
			}
#endif
			tests[total].initial_state = &settings[j];
			total++;
		}
	}
	return _cmocka_run_group_tests(group, tests, total, NULL, NULL) > 0;
}

static inline int run_entries(const char *group, const struct entry *entries,
			      size_t count)
{
	return run_entries_in_words(group, "", entries, count);
}

#endif
