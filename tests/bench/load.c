/*
 * The two sides of a proxy, and what the proxy costs: starts it, opens
 * connections through it, sends messages of 8 bytes that it answers itself on
 * the other side, and checks each answer.
 *
 *   load [--one] [--count LIBRARY] CONNECTIONS MS PROGRAM [ARGUMENT...]
 *
 * PROGRAM gets `--port P --connections N 127.0.0.1 PORT` besides, says a line
 * when it listens, and is killed at the end. Prints how many messages there
 * were in a second, the nanoseconds of the proxy's CPU time, and with LIBRARY,
 * which is count.c's, its system calls and its switches for each message. MS is
 * how long it measures, in milliseconds.
 *
 * Where there are two processors, the proxy has one for itself; with --one both
 * share one, and each runs until it must wait. Exits with 2 when so many
 * connections cannot be open here, and says why.
 */
#define _GNU_SOURCE /* sched_setaffinity() */

#include "count.h"
#include "side.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { BATCH = 256, WARM = 100, PATIENCE = 60 };

/* A message: 8 bytes that no other one has. */
struct message {
	unsigned connection, number;
};

/* One end of ours; a connection has two, the client and the server. */
struct end {
	int fd, is_server;
	struct message message; /* the client's last one; what comes in, here */
	size_t size;            /* bytes that have come */
	struct message sent;
};

static int connections, epoll;
static struct end *ends;
static unsigned long long answered;
static int asked; /* and not answered yet */
static int ending;
static int share; /* one processor with the proxy, though there are more */
static int alone; /* on our processors: the proxy has its own */
static pid_t proxy;
static struct counts *counts;

static long long now(clockid_t clock)
{
	struct timespec t;

	must(clock_gettime(clock, &t) == 0, "clock_gettime");
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* ---- The messages -------------------------------------------------------- */

static struct message answer_to(struct message m)
{
	return (struct message){ ~m.connection, ~m.number };
}

static void give_up(const char *why)
{
	fprintf(stderr, "load: %s\n", why);
	if (proxy > 0)
		kill(proxy, SIGKILL);
	exit(1);
}

static void say(struct end *e, struct message m)
{
	if (write(e->fd, &m, sizeof m) != sizeof m)
		give_up("a message was not taken");
}

static void ask(struct end *e)
{
	e->sent.number++;
	asked++;
	say(e, e->sent);
}

static void check(struct end *e)
{
	struct message wanted = answer_to(e->sent);

	if (memcmp(&e->message, &wanted, sizeof wanted) != 0)
		give_up("a wrong answer");
	answered++;
	asked--;
}

static void ready(struct end *e)
{
	ssize_t count = read(e->fd, (char *)&e->message + e->size,
			     sizeof e->message - e->size);

	if (count <= 0)
		give_up("the proxy has closed a connection");
	e->size += (size_t)count;
	if (e->size < sizeof e->message)
		return;
	e->size = 0;
	if (e->is_server) {
		say(e, answer_to(e->message));
		return;
	}
	check(e);
	if (!ending)
		ask(e);
}

/* Each client asks again as soon as it has its answer; returns when the last
 * answer is there. If we can, we do not sleep: to wake us would be the proxy's
 * work, and counted. */
static void run_for(int milliseconds)
{
	long long end = now(CLOCK_MONOTONIC) + milliseconds * 1000000LL;
	static struct epoll_event events[BATCH];

	ending = 0;
	for (int i = 0; i < connections; i++)
		ask(&ends[i]);
	while (asked > 0) {
		int count = epoll_wait(epoll, events, BATCH, alone ? 0 : 100);

		ending = now(CLOCK_MONOTONIC) >= end;
		for (int i = 0; i < count; i++)
			ready(events[i].data.ptr);
	}
}

/* ---- The proxy and the connections --------------------------------------- */

/* The proxy runs on the last processor that we may use, we on the others. */
static void take_processors(int is_proxy)
{
	cpu_set_t all, mine;
	int last = -1;

	if (sched_getaffinity(0, sizeof all, &all) == -1 || CPU_COUNT(&all) < 2)
		return;
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET((size_t)i, &all))
			last = i;
	CPU_ZERO(&mine);
	CPU_SET((size_t)last, &mine);
	if (!is_proxy && !share)
		CPU_XOR(&mine, &all, &mine);
	alone = sched_setaffinity(0, sizeof mine, &mine) == 0 && !share;
}

static int port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t size = sizeof address;

	must(getsockname(fd, (struct sockaddr *)&address, &size) == 0, "port");
	return ntohs(address.sin_port);
}

/* A port that is free. If somebody takes it meanwhile, the proxy fails. */
static int free_port(void)
{
	int fd = listening(0), port = port_of(fd);

	close(fd);
	return port;
}

/* Becomes the proxy: its arguments, and ours behind them. */
static void become(char **program, int port, int server)
{
	char words[3][16], *all[32];
	char *ours[] = { "--port", words[0],    "--connections",
			 words[1], "127.0.0.1", words[2],
			 NULL };
	size_t count = 0;

	snprintf(words[0], sizeof words[0], "%d", port);
	snprintf(words[1], sizeof words[1], "%d", connections);
	snprintf(words[2], sizeof words[2], "%d", server);
	while (program[count] != NULL && count < 24) {
		all[count] = program[count];
		count++;
	}
	memcpy(all + count, ours, sizeof ours);
	take_processors(1);
	execv(all[0], all);
	perror(all[0]);
	_exit(127);
}

/* Returns when it has said that it listens. */
static void start_proxy(char **program, int port, int server)
{
	char byte = 0;
	int fd[2];

	must(pipe(fd) == 0, "pipe");
	proxy = fork();
	must(proxy != -1, "fork");
	if (proxy == 0) {
		dup2(fd[1], STDOUT_FILENO);
		close(fd[0]);
		close(fd[1]);
		become(program, port, server);
	}
	close(fd[1]);
	while (byte != '\n')
		if (read(fd[0], &byte, 1) != 1)
			give_up("the proxy does not start");
}

static void watch(struct end *e, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data = { .ptr = e } };

	e->fd = fd;
	must(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
}

/* One after the other: the next client comes when the last one is through. */
static void open_connections(int port, int listener)
{
	int on = 1, fd;

	ends = calloc(2 * (size_t)connections, sizeof *ends);
	must(ends != NULL, "memory");
	for (int i = 0; i < connections; i++) {
		struct end *client = &ends[i], *server = &ends[connections + i];

		watch(client, connected(port));
		fd = accept(listener, NULL, NULL);
		must(fd != -1, "accept");
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		watch(server, fd);
		server->is_server = 1;
		client->sent.connection = (unsigned)i;
	}
}

/* The proxy has as many, and we have some more of our own. */
static void take_descriptors(void)
{
	rlim_t wanted = 2 * (rlim_t)connections + 32;
	struct rlimit limit;

	must(getrlimit(RLIMIT_NOFILE, &limit) == 0, "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max >= wanted)
		return;
	fprintf(stderr,
		"%d connections need %lu descriptors, and %lu are allowed\n",
		connections, (unsigned long)wanted,
		(unsigned long)limit.rlim_max);
	exit(2);
}

/* A file that the proxy's counter finds by its number. */
static void share_counts(const char *library)
{
	FILE *file = tmpfile();
	char number[16];

	must(file != NULL && ftruncate(fileno(file), sizeof *counts) == 0,
	     "tmpfile");
	counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED,
		      fileno(file), 0);
	must(counts != MAP_FAILED, "mmap");
	snprintf(number, sizeof number, "%d", fileno(file));
	setenv(COUNTS_FD, number, 1);
	setenv("LD_PRELOAD", library, 1);
}

/* ---- The measurement ----------------------------------------------------- */

struct moment {
	double time, cpu, answered;
	struct counts counts;
};

static struct moment look(void)
{
	clockid_t clock;

	must(clock_getcpuclockid(proxy, &clock) == 0, "clock_getcpuclockid");
	return (struct moment){ (double)now(CLOCK_MONOTONIC),
				(double)now(clock), (double)answered,
				counts ? *counts : (struct counts){ 0, 0 } };
}

static void tell(const struct moment *a, const struct moment *b)
{
	double messages = b->answered - a->answered;

	printf("%.0f %.0f", messages * 1e9 / (b->time - a->time),
	       (b->cpu - a->cpu) / messages);
	if (counts != NULL)
		printf(" %.2f %.2f",
		       (double)(b->counts.calls - a->counts.calls) / messages,
		       (double)(b->counts.switches - a->counts.switches) /
			       messages);
	printf("\n");
}

static void measure(int milliseconds)
{
	struct moment begin, end;

	run_for(WARM);
	begin = look();
	run_for(milliseconds);
	end = look();
	tell(&begin, &end);
}

static void too_late(int signal)
{
	(void)signal;
	kill(proxy, SIGKILL);
	_exit(1);
}

int main(int argc, char **argv)
{
	int listener, port, milliseconds;

	if (argc > 1 && strcmp(argv[1], "--one") == 0) {
		share = 1;
		argv++;
		argc--;
	}
	if (argc > 3 && strcmp(argv[1], "--count") == 0) {
		share_counts(argv[2]);
		argv += 2;
		argc -= 2;
	}
	must(argc > 3, "load CONNECTIONS MS PROGRAM");
	connections = atoi(argv[1]);
	milliseconds = atoi(argv[2]);
	take_descriptors();
	signal(SIGALRM, too_late);
	alarm(PATIENCE + (unsigned)milliseconds / 1000);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	listener = listening(0);
	port = free_port();
	start_proxy(argv + 3, port, port_of(listener));
	take_processors(0);
	open_connections(port, listener);
	measure(milliseconds);
	kill(proxy, SIGKILL); /* a server would let the connections finish */
	waitpid(proxy, NULL, 0);
	return 0;
}
