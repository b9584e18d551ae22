/* The programs of lesson 12 among others: ordinary clients, which clients.sh
 * has at work, and ten thousand connections at once.
 *
 * Run from the top folder, with the programs built. */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Ordinary clients ---------------------------------------------------- */

static const struct scene {
	const char *name, *word; /* of clients.sh */
	const char *tools;       /* one of them is needed */
} scenes[] = {
	{ "curl: single requests", "single", "curl" },
	{ "curl: HTTP/1.0", "http_1_0", "curl" },
	{ "curl: one connection for several", "keep_alive", "curl" },
	{ "curl: a large answer", "large", "curl" },
	{ "curl: POST and Expect", "posts", "curl" },
	{ "curl: fast ones beside a slow one", "slow_and_fast", "curl" },
	{ "curl: at a limited rate", "limited_rate", "curl" },
	{ "ab or wrk: no request fails", "load", "ab wrk" },
	{ "socat: all comes back after a half-close", "half_close", "socat" },
	{ "socat: through proxies", "proxies", "socat" },
	{ "curl: through proxies", "web_behind_proxies", "curl" },
	{ "curl: nobody behind the proxy", "nobody_behind", "curl" },
	{ "options", "options", "sh" },
	{ "a port in use", "port_in_use", "sh" },
	{ "IPv6", "six", "curl" },
	{ "both pollers, all ways of stacks", "pollers", "curl" },
	{ "in the background", "background", "curl" },
	{ "stopped: who is served is answered", "stopped", "curl" },
	{ "stopped twice: cut", "stopped_twice", "curl" },
	{ "stopped: cut after the time of grace", "grace", "curl" },
	{ "stopped as soon as it says its line", "stopped_at_once", "sh" },
	{ "more clients than places", "few_places", "socat" },
	{ "more clients than descriptors", "few_descriptors", "socat" },
	{ "more clients than pairs of descriptors", "few_pairs", "curl" },
	{ "clients that are slow", "slow_clients", "socat" },
	{ "a message: one system call more than with callbacks at most",
	  "calls", "sh" },
};

/* A tool that is absent is named by `make test`, and counted here. */
static void play(void **state)
{
	const struct scene *s = *state;

	if (!run_ok("for t in %s; do command -v $t && exit; done; exit 1",
		    s->tools))
		skip();
	assert_true(run_ok("sh tests/clients.sh %s", s->word));
}

/* ---- Ten thousand connections -------------------------------------------- */

enum { CONNECTIONS = 10000, SPARE = 32, KB = 1024 };

static const char greeting[] = "hello\n";
static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/* What is held open, and by whom.
 *
 * A stack of its own has the frames of who waits on its first page. A buffer
 * lies below them and is touched as far as a message fills it, from its lowest
 * byte up, beside the frames of the calls: that is a page, or two where it
 * crosses a border. So three pages for each coroutine; and one for what web
 * formats. On a shared stack only the frames of who waits are kept, less than
 * 2 kB, since nobody waits for a request with a buffer on the stack. The rest
 * of a connection, its descriptors' records and places in lines, is less than
 * 1 kB for each coroutine. */
static const struct crowd {
	const char *name, *program, *stacks;
	const char *words; /* whatever is said, "hello" ends the answer */
	int count;         /* of connections */
	int coroutines;    /* for each; and descriptors */
	int pages;         /* for each coroutine, at most */
} crowds[] = {
	{ "10,000 connections: echo, own stacks", "echo", "", greeting,
	  CONNECTIONS, 1, 3 },
	{ "10,000 connections: echo, one stack", "echo", "--stacks 1", greeting,
	  CONNECTIONS, 1, 0 },
	{ "10,000 connections: web, own stacks", "web", "", request,
	  CONNECTIONS, 1, 4 },
	{ "10,000 connections: web, one stack", "web", "--stacks 1", request,
	  CONNECTIONS, 1, 0 },
	{ "5,000 connections: proxy, own stacks", "proxy", "", greeting,
	  CONNECTIONS / 2, 2, 3 },
	{ "5,000 connections: proxy, one stack", "proxy", "--stacks 1",
	  greeting, CONNECTIONS / 2, 2, 0 },
	{ "5,000 connections: proxy, by the loop", "proxy",
	  "--stacks 1 --by-loop", greeting, CONNECTIONS / 2, 2, 0 },
};

enum { FRAMES = 2 * KB, RECORDS = KB };

/* A program that runs. */
struct running {
	pid_t pid;
	int port;
	FILE *line;
};

static struct running programs[2];
static int fds[CONNECTIONS];

static void start(struct running *r, const char *command)
{
	char line[200];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	r->pid = fork();
	assert_true(r->pid != -1);
	if (r->pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	r->line = fdopen(ends[0], "r");
	assert_non_null(fgets(line, sizeof(line), r->line));
	assert_int_equal(sscanf(strrchr(line, ' '), "%d", &r->port), 1);
}

/* Also after a failure. */
static int end_programs(void **state)
{
	(void)state;
	for (int i = 0; i < CONNECTIONS; i++)
		if (fds[i] > 0)
			close(fds[i]);
	memset(fds, 0, sizeof(fds));
	for (int i = 0; i < 2; i++) {
		if (programs[i].pid <= 0)
			continue;
		kill(programs[i].pid, SIGKILL);
		waitpid(programs[i].pid, NULL, 0);
		fclose(programs[i].line);
	}
	memset(programs, 0, sizeof(programs));
	return 0;
}

static void start_crowd(const struct crowd *c, int count)
{
	static const char begin[] = "exec build/lessons/12-servers/";
	char command[200], behind[40] = "";

	if (strcmp(c->program, "proxy") == 0) {
		snprintf(command, sizeof(command),
			 "%secho --port 0 --connections %d", begin, count);
		start(&programs[1], command);
		snprintf(behind, sizeof(behind), "127.0.0.1 %d",
			 programs[1].port);
	}
	snprintf(command, sizeof(command),
		 "%s%s --port 0 --connections %d %s %s", begin, c->program,
		 count, c->stacks, behind);
	start(&programs[0], command);
}

static int open_connection(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct timeval bound = { 60, 0 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((unsigned short)port);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof(bound));
	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static void say(int fd, const char *words)
{
	assert_int_equal(write(fd, words, strlen(words)), strlen(words));
}

static void hear(int fd)
{
	const size_t length = sizeof(greeting) - 1;
	char bytes[1000];
	ssize_t count;
	size_t all = 0;

	do {
		count = read(fd, bytes + all, sizeof(bytes) - all);
		assert_true(count > 0);
		all += (size_t)count;
	} while (all < length ||
		 memcmp(bytes + all - length, greeting, length) != 0);
}

/* Bytes of the server's that are no file's. */
static long memory_of(pid_t pid)
{
	char name[40];
	long size, resident, shared;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%ld/statm", (long)pid);
	file = fopen(name, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld %ld %ld", &size, &resident, &shared),
			 3);
	fclose(file);
	return (resident - shared) * sysconf(_SC_PAGESIZE);
}

/* A line "NAME   N kB" of a file, in bytes; 0 when there is none. */
static long told_in(const char *name, const char *field)
{
	FILE *file = fopen(name, "r");
	char line[200];
	long number = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, field, strlen(field)) == 0)
			sscanf(line + strlen(field), "%ld", &number);
	if (file != NULL)
		fclose(file);
	return number * KB;
}

/* The kernel's: both ends of the connections, and the server's page tables. */
static long memory_of_kernel(pid_t pid)
{
	char name[40];

	snprintf(name, sizeof(name), "/proc/%ld/status", (long)pid);
	return told_in("/proc/meminfo", "Slab:") + told_in(name, "VmPTE:");
}

/* How many descriptors one process may have. */
static int descriptors(void)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur > 1 << 24 ? 1 << 24 : (int)limit.rlim_cur;
}

static int how_many(const struct crowd *c)
{
	int most = (descriptors() - SPARE) / c->coroutines;

	if (most >= c->count)
		return c->count;
	fprintf(stderr, "not tested: %s: only %d, for want of descriptors\n",
		c->name, most);
	return most;
}

static long most_for_each(const struct crowd *c)
{
	long stack = c->pages ? c->pages * sysconf(_SC_PAGESIZE) : FRAMES;

	return c->coroutines * (stack + RECORDS);
}

/* All open, all served; then all once more, in another order. */
static void many(void **state)
{
	const struct crowd *c = *state;
	int count = how_many(c);
	long before, kernel, each;

	start_crowd(c, count);
	fds[0] = open_connection(programs[0].port);
	say(fds[0], c->words);
	hear(fds[0]);
	before = memory_of(programs[0].pid);
	kernel = memory_of_kernel(programs[0].pid);
	for (int i = 1; i < count; i++)
		fds[i] = open_connection(programs[0].port);
	for (int i = 1; i < count; i++)
		say(fds[i], c->words);
	for (int i = 1; i < count; i++)
		hear(fds[i]);
	each = (memory_of(programs[0].pid) - before) / (count - 1);
	kernel = (memory_of_kernel(programs[0].pid) - kernel) / (count - 1);
	for (int i = 0; i < count; i++) {
		say(fds[i * 7919LL % count], c->words);
		hear(fds[i * 7919LL % count]);
	}
	print_message("# %s: %d open, %ld bytes each; the kernel's for both "
		      "ends: about %ld\n",
		      c->name, count, each, kernel);
	assert_in_range(each, 1, most_for_each(c));
}

int main(void)
{
	enum {
		SCENES = sizeof(scenes) / sizeof(scenes[0]),
		CROWDS = sizeof(crowds) / sizeof(crowds[0])
	};
	struct CMUnitTest tests[SCENES + CROWDS] = { 0 };
	int i;

	for (i = 0; i < SCENES; i++)
		tests[i] = (struct CMUnitTest){ scenes[i].name, play, NULL,
						NULL, (void *)&scenes[i] };
	for (; i < SCENES + CROWDS; i++)
		tests[i] = (struct CMUnitTest){ crowds[i - SCENES].name, many,
						NULL, end_programs,
						(void *)&crowds[i - SCENES] };
	return cmocka_run_group_tests_name("clients", tests, NULL, NULL) > 0;
}
