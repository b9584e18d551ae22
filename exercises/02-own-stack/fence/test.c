#include "fence.h" /* first: it asks the headers for more */

#include "check.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static size_t page;

/* What may be done at an address: asked of the system, so that asking does no
 * harm. */
static const char *access_at(const char *address)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long low, high, at = (unsigned long)(uintptr_t)address;
	const char *found = "not mapped";
	char line[512], mode[8];

	if (maps == NULL)
		check_fail("no /proc/self/maps on this system");
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %7s", &low, &high, mode) != 3 ||
		    at < low || at >= high)
			continue;
		found = mode[1] == 'w'   ? "read and write"
			: mode[0] == 'r' ? "read only"
					 : "no access";
		break;
	}
	fclose(maps);
	return found;
}

/* Whether all pages of a stretch are so. */
static void want(const char *what, const char *from, size_t bytes,
		 const char *wanted)
{
	size_t i;

	for (i = 0; i < bytes; i += page)
		check_str(what, access_at(from + i), wanted);
}

static struct stack make(size_t size, size_t guard)
{
	struct stack s = { NULL, 0, NULL, 0 };

	check_int("what make_stack returned", make_stack(&s, size, guard), 0);
	return s;
}

static void usable(void)
{
	struct stack s = make(3 * page, page);

	check_true("the stack has at least the bytes asked for",
		   s.size >= 3 * page && s.size < 1000 * page);
	want("access to the pages of the stack", s.base, s.size,
	     "read and write");
	memset(s.base, 'x', s.size);
}

static void rounded(void)
{
	check_int("pages of a stack for 1 byte",
		  (long long)(make(1, page).size / page), 1);
	check_int("bytes over whole pages in a stack for 1 byte",
		  (long long)(make(1, page).size % page), 0);
	check_int("pages of a stack for a byte more than 3 pages",
		  (long long)(make(3 * page + 1, page).size / page), 4);
	check_int("pages of a stack for exactly 3 pages",
		  (long long)(make(3 * page, page).size / page), 3);
}

static void below(void)
{
	struct stack s = make(3 * page, page);

	check_str("access right below the stack", access_at(s.base - 1),
		  "no access");
}

static void wide(void)
{
	struct stack s = make(3 * page, 16 * page);

	want("access to the 16 pages of a guard", s.base - 16 * page, 16 * page,
	     "no access");
	s = make(3 * page, page + 1);
	want("access to the 2 pages of a guard for a page and a byte",
	     s.base - 2 * page, 2 * page, "no access");
	want("access to the stack above that guard", s.base, s.size,
	     "read and write");
}

static void dropped(void)
{
	struct stack s = make(3 * page, 2 * page);
	char *base = s.base;

	drop_stack(&s);
	want("the guard after drop_stack", base - 2 * page, 2 * page,
	     "not mapped");
	want("the stack after drop_stack", base, 3 * page, "not mapped");
}

static void refuse(const char *what, size_t size, size_t guard, int wanted)
{
	struct stack s = { NULL, 0, NULL, 0 };
	char text[80];

	errno = 0;
	snprintf(text, sizeof(text), "what make_stack returned for %s", what);
	check_int(text, make_stack(&s, size, guard), -1);
	snprintf(text, sizeof(text), "errno for %s", what);
	check_str(text, strerror(errno), strerror(wanted));
}

static void empty(void)
{
	refuse("no byte at all", 0, page, EINVAL);
}

static void too_much(void)
{
	struct stack s = { NULL, 0, NULL, 0 };

	/* errno is mmap's own; under Valgrind it is another one. */
	check_int("what make_stack returned for half of all addresses",
		  make_stack(&s, SIZE_MAX / 2, page), -1);
}

static void uncountable(void)
{
	refuse("SIZE_MAX bytes", SIZE_MAX, page, ENOMEM);
	refuse("a guard of SIZE_MAX bytes", page, SIZE_MAX, ENOMEM);
	refuse("two halves that are too much together", SIZE_MAX / 2 + 1,
	       SIZE_MAX / 2 + 1, ENOMEM);
}

int main(void)
{
	static const struct check tests[] = {
		{ "every byte of the stack can be used", usable,
		  "map guard + stack; the guard is not taken from the stack" },
		{ "the size is rounded up to whole pages", rounded,
		  "(bytes + page - 1) / page * page" },
		{ "the guard lies right below the stack", below,
		  "a stack grows down: PROT_NONE from map up to base" },
		{ "the guard is as wide as asked", wide,
		  "the guard is rounded up to whole pages too" },
		{ "dropping gives back every page", dropped,
		  "munmap from map on, and all bytes from there" },
		{ "an empty stack is refused", empty,
		  "errno is EINVAL when size is 0" },
		{ "what the system has not got is refused", too_much,
		  "mmap says MAP_FAILED, and has set errno to ENOMEM" },
		{ "a sum that wraps is refused", uncountable,
		  "look before you add: is bytes > SIZE_MAX - (page - 1)?" },
	};

	page = (size_t)sysconf(_SC_PAGESIZE);
	return check_exercise("fence", tests, sizeof(tests) / sizeof(tests[0]));
}
