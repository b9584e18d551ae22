/* What coroutine.o is made of: a short list of POSIX calls, no assembly; and
 * programs written for cloudwu/coroutine, which compile and run unchanged.
 *
 * Run from the top folder; CC and CXX name the compilers. Products go to
 * build/tests. */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIR "build/tests"

static const char *compiler(const char *name, const char *otherwise)
{
	const char *words = getenv(name);

	return words && *words ? words : otherwise;
}

static const char *cc(void)
{
	return compiler("CC", "cc");
}

static const char *cxx(void)
{
	return compiler("CXX", "c++");
}

/* The output of a command that must succeed; to be freed. */
static char *output_of(const char *command)
{
	struct run result;

	assert_int_equal(run_command(&result, 60, "%s", command), 0);
	if (result.status != 0)
		fail_msg("%s\n%s", command, result.out);
	return result.out;
}

/* ---- what coroutine.o uses ----------------------------------------------- */

/* ISO C, and of POSIX.1-2001: memory, pages, contexts. */
static const char *const allowed[] = {
	"malloc",
	"calloc",
	"realloc",
	"free",
	"memcpy",
	"memset",
	"abort",
	"mmap",
	"munmap",
	"mprotect",
	"sysconf",
	"getcontext",
	"setcontext",
	"makecontext",
	"swapcontext",
	/* how the C library spells errno, stderr, assert and printf */
	"__errno_location",
	"stderr",
	"fprintf",
	"fwrite",
	"fputs",
	"__fprintf_chk",
	"__assert_fail",
	"__memcpy_chk",
	"__memset_chk",
	/* what compilers add by themselves */
	"_GLOBAL_OFFSET_TABLE_",
	"__stack_chk_fail",
	"__tls_get_addr",
};

static int is_allowed(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (!strcmp(name, allowed[i]))
			return 1;
	return 0;
}

/* Compiles a file as the words say, and looks at what it leaves undefined.
 * Returns how many of the names are not on the list. */
static int strangers(const char *how, const char *file)
{
	char command[400], *names, *name;
	int count = 0, all = 0;

	snprintf(command, sizeof(command),
		 "mkdir -p " DIR " && %s -c %s -o " DIR "/symbols.o && "
		 "nm -u " DIR "/symbols.o | awk '{ print $2 }'",
		 how, file);
	names = output_of(command);
	for (name = strtok(names, "\n"); name; name = strtok(NULL, "\n")) {
		all++;
		if (is_allowed(name))
			continue;
		print_message("%s: %s\n", how, name);
		count++;
	}
	free(names);
	assert_true(all > 0);
	return count;
}

/* Where there is no C++ compiler, what needs one is skipped and counted so. */
static void need_cxx(void)
{
	struct run result;
	int there;

	assert_int_equal(run_command(&result, 60, "command -v %s", cxx()), 0);
	there = result.status == 0;
	free(result.out);
	if (!there)
		skip();
}

static void a_short_list(const char *language)
{
	static const char *const levels[] = { "-O0", "-O2", "-Os -fPIC" };
	char how[200];
	size_t i;

	for (i = 0; i < 3; i++) {
		snprintf(how, sizeof(how), "%s %s", language, levels[i]);
		assert_int_equal(strangers(how, "coroutine.c"), 0);
	}
}

static void a_short_list_of_calls(void **state)
{
	char language[100];

	(void)state;
	snprintf(language, sizeof(language), "%s -std=c11", cc());
	a_short_list(language);
}

static void a_short_list_of_calls_in_cxx(void **state)
{
	char language[100];

	(void)state;
	need_cxx();
	snprintf(language, sizeof(language), "%s -std=c++17 -x c++", cxx());
	a_short_list(language);
}

static void write_file(const char *name, const char *text)
{
	FILE *file;

	free(output_of("mkdir -p " DIR));
	file = fopen(name, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void a_stranger_is_seen(void **state)
{
	char how[200];

	(void)state;
	write_file(DIR "/stranger.c",
		   "#include <setjmp.h>\njmp_buf b;\n"
		   "int f(void); int f(void) { return setjmp(b); }\n");
	snprintf(how, sizeof(how), "%s -std=c11", cc());
	assert_int_equal(strangers(how, DIR "/stranger.c"), 1);
}

/* ---- no assembly --------------------------------------------------------- */

/* How many statements of assembly the compiler itself found: clang's module has
 * them as "asm" calls, gcc's first tree as __asm__. A function without a body
 * in C (module-level assembly) would be missing from the list above, and a
 * file-scope asm is a "module asm" in clang's. */
static int assembly_in(const char *file)
{
	char command[700], *out;
	int count;

	snprintf(command, sizeof(command),
		 "mkdir -p " DIR "; if %s --version | grep -q clang; then "
		 "%s -std=gnu11 -I. -S -emit-llvm -o - %s | "
		 "grep -c -E 'call.* asm |^module asm'; else "
		 "rm -f " DIR "/asm*.gimple; "
		 "%s -std=gnu11 -I. -fdump-tree-gimple -c -o " DIR "/asm.o "
		 "-dumpbase " DIR "/asm.c %s && cat " DIR "/asm*.gimple | "
		 "grep -c __asm__; fi; true",
		 cc(), cc(), file, cc(), file);
	out = output_of(command);
	assert_int_equal(sscanf(out, "%d", &count), 1);
	free(out);
	return count;
}

static void no_assembly(void **state)
{
	char *files = output_of("ls coroutine.c lessons/*/*.c");
	char *file, *rest = files;

	(void)state;
	while ((file = strtok_r(rest, "\n", &rest)) != NULL)
		if (assembly_in(file))
			fail_msg("%s has assembly", file);
	free(files);
}

static void assembly_is_seen(void **state)
{
	(void)state;
	write_file(DIR "/asm.c",
		   "int f(int); int f(int a)\n"
		   "{ __asm__ volatile(\"\" : \"+r\"(a)); return a; }\n");
	assert_int_equal(assembly_in(DIR "/asm.c"), 1);
}

/* ---- programs written for cloudwu/coroutine ------------------------------ */

static const char compat_output[] = "begin -1 1\n"
				    "red 1 of 2 in 0\n"
				    "blue 1 of 3 in 1\n"
				    "red 2 of 2 in 0\n"
				    "blue 2 of 3 in 1\n"
				    "red done\n"
				    "blue 3 of 3 in 1\n"
				    "blue done\n";

/* Ids of slots that are used again are not cloudwu's: they are cut off. */
static void run_compat(const char *how, const char *as)
{
	char command[600], *out;

	snprintf(command, sizeof(command),
		 "mkdir -p " DIR " && %s -O2 -Wall -Wextra -I. -o " DIR
		 "/compat %s tests/compat/threads.c coroutine.c && " DIR
		 "/compat",
		 how, as);
	out = output_of(command);
	assert_memory_equal(out, compat_output, strlen(compat_output));
	assert_non_null(strstr(out, "\ngreen 1 of 1 in "));
	assert_non_null(strstr(out, "\ngreen done\nend -1\n"));
	free(out);
}

static void old_programs_in_c(void **state)
{
	(void)state;
	run_compat(cc(), "-std=c11");
	run_compat(cc(), "-std=gnu99 -Wno-pedantic");
}

static void old_programs_in_cxx(void **state)
{
	(void)state;
	need_cxx();
	run_compat(cxx(), "-std=c++17 -x c++");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_list_of_calls),
		cmocka_unit_test(a_short_list_of_calls_in_cxx),
		cmocka_unit_test(a_stranger_is_seen),
		cmocka_unit_test(no_assembly),
		cmocka_unit_test(assembly_is_seen),
		cmocka_unit_test(old_programs_in_c),
		cmocka_unit_test(old_programs_in_cxx),
	};

	return cmocka_run_group_tests_name("symbols", tests, NULL, NULL) > 0;
}
