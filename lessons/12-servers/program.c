/*
 * A server as a program. The options stand in one table, from which they are
 * both read and explained.
 */
#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 600
#endif

#include "program.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What the command line says. */
struct settings {
	const char *address, *poller, *background;
	long port, connections, stacks, patience, grace;
	long verbose, help;
};

/* One option: its value is a word, a number in a range, or that it is there. */
struct option {
	const char *name, *value, *does;
	const char **word;
	long *number;
	long least, most;
};

static struct settings set = { .address = "127.0.0.1",
			       .connections = 1000,
			       .patience = 60000,
			       .grace = 10000 };

static struct option options[] = {
	{ "--address", "ADDRESS", "listen there; default 127.0.0.1",
	  &set.address, NULL, 0, 0 },
	{ "--port", "N", "the port; default 0: the system chooses", NULL,
	  &set.port, 0, 65535 },
	{ "--poller", "NAME", "epoll or poll; default: the best there is",
	  &set.poller, NULL, 0, 0 },
	{ "--connections", "N", "at a time; others wait; default 1000", NULL,
	  &set.connections, 1, 1000000 },
	{ "--stacks", "N", "that all share; default: one for each", NULL,
	  &set.stacks, 1, 1000000 },
	{ "--patience", "MS", "when nothing moves; default 60000", NULL,
	  &set.patience, 1, 86400000 },
	{ "--grace", "MS", "for requests when stopped; default 10000", NULL,
	  &set.grace, 1, 86400000 },
	{ "--background", "FILE", "return when it listens; FILE: its number",
	  &set.background, NULL, 0, 0 },
	{ "--verbose", NULL, "tell each change of state", NULL, &set.verbose, 1,
	  1 },
	{ "--help", NULL, "print this, as without any option", NULL, &set.help,
	  1, 1 },
	{ NULL, NULL, NULL, NULL, NULL, 1, 1 }, /* the program's own, and */
	{ NULL, NULL, NULL, NULL, NULL, 0, 0 }  /* the end */
};

enum {
	OPTIONS = sizeof options / sizeof *options,
	OWN = 16 /* descriptors that are no connection's */
};

/* ---- The command line ---------------------------------------------------- */

static void add_flag(const struct program *p)
{
	struct option *own = &options[OPTIONS - 2];

	own->name = p->flag;
	own->does = p->flag_does;
	own->number = p->flag_set;
}

static int wrong(const struct program *p, const char *what, const char *which)
{
	fprintf(stderr, "%s: %s%s; for help: %s --help\n", p->name, what, which,
		p->name);
	return -1;
}

static void help(const struct program *p)
{
	char left[32];

	printf("usage: %s [OPTION ...]", p->name);
	for (int i = 0; p->arguments[i] != NULL; i++)
		printf(" %s", p->arguments[i]);
	printf("\n%s\n\n", p->does);
	for (const struct option *o = options; o->name != NULL; o++) {
		snprintf(left, sizeof left, "%s %s", o->name,
			 o->value ? o->value : "");
		printf("  %-21s %s\n", left, o->does);
	}
	printf("\nSIGINT and SIGTERM stop it: who is served finishes first; a "
	       "second one cuts them.\n");
}

static int read_value(const struct program *p, const struct option *o,
		      const char *value)
{
	char *end;

	if (o->word != NULL) {
		*o->word = value;
		return 0;
	}
	errno = 0;
	*o->number = strtol(value, &end, 10);
	if (end == value || *end != '\0' || errno != 0 ||
	    *o->number < o->least || *o->number > o->most) {
		fprintf(stderr, "%s: %s is %ld to %ld, not \"%s\"\n", p->name,
			o->name, o->least, o->most, value);
		return -1;
	}
	return 0;
}

static const struct option *find(const char *name)
{
	for (const struct option *o = options; o->name != NULL; o++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

/* Returns where the arguments begin, or -1. */
static int read_options(const struct program *p, int argc, char **argv)
{
	const struct option *o;
	int i = 1;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		o = find(argv[i]);
		if (o == NULL)
			return wrong(p, "no such option: ", argv[i]);
		if (o->value == NULL)
			*o->number = 1;
		else if (++i == argc)
			return wrong(p, "a value is missing: ", o->name);
		else if (read_value(p, o, argv[i]) == -1)
			return -1;
	}
	return i;
}

/* Also for who goes into the background: later nobody would hear of it. */
static int check_poller(const struct program *p)
{
	struct poller *poller = poller_open(set.poller);

	if (poller == NULL)
		return wrong(p,
			     "no such poller: ", set.poller ? set.poller : "");
	poller->close(poller);
	return 0;
}

static int count_arguments(const struct program *p)
{
	int count = 0;

	while (p->arguments[count] != NULL)
		count++;
	return count;
}

/* ---- Listening ------------------------------------------------------------- */

static int complain(const struct program *p, const char *what)
{
	fprintf(stderr, "%s: %s: %s\n", p->name, what, strerror(errno));
	return -1;
}

/* As many descriptors as the connections may need, if the system lets us; or else
 * as many connections as there are descriptors for: who is not let in waits, and
 * whoever is let in shall not find that one is missing. */
static void ask_for_descriptors(const struct program *p)
{
	long each = p->options.parts ? p->options.parts : 1, least, most;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	least = set.connections * each + OWN;
	if (limit.rlim_cur < (rlim_t)least) {
		limit.rlim_cur = limit.rlim_max < (rlim_t)least ? limit.rlim_max
								: (rlim_t)least;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur >= (rlim_t)least || limit.rlim_cur <= OWN)
		return;
	most = ((long)limit.rlim_cur - OWN) / each;
	set.connections = most > 0 ? most : 1;
	fprintf(stderr,
		"%s: with %ld descriptors, %ld connections at a time "
		"(ulimit -n)\n",
		p->name, (long)limit.rlim_cur, set.connections);
}

static int port_of(int listener)
{
	struct sockaddr_storage a;
	socklen_t length = sizeof a;

	if (getsockname(listener, (struct sockaddr *)&a, &length) == -1)
		return -1;
	return ntohs(a.ss_family == AF_INET6
			     ? ((struct sockaddr_in6 *)&a)->sin6_port
			     : ((struct sockaddr_in *)&a)->sin_port);
}

static int start_listening(const struct program *p)
{
	char words[80];
	int listener = socket_listen(set.address, (int)set.port);

	if (listener == -1) {
		snprintf(words, sizeof words, "%.46s, port %ld", set.address,
			 set.port);
		return complain(p, words);
	}
	printf("%s: listening on %s, port %d\n", p->name, set.address,
	       port_of(listener));
	fflush(stdout);
	return listener;
}

//! [background]
/* The parent returns to the shell; the child is the server. A dispatcher must
 * not be open yet: the child would share its epoll. */
static int go_into_background(const struct program *p)
{
	FILE *file = fopen(set.background, "w");
	pid_t child = file == NULL ? -1 : fork();

	if (child == -1)
		return complain(p, set.background);
	if (child > 0) {
		fprintf(file, "%ld\n", (long)child);
		_exit(fclose(file) == 0 ? 0 : 1);
	}
	fclose(file);
	setsid();
	/* Who reads what we print up to its end must not wait for ours. */
	if (freopen("/dev/null", "r", stdin) == NULL ||
	    freopen("/dev/null", "w", stdout) == NULL)
		return complain(p, "/dev/null");
	return 0;
}
//! [background]

/* ---- Running --------------------------------------------------------------- */

static struct server *volatile running;
static volatile sig_atomic_t early; /* stopped before it was running */

static void stop(int number)
{
	(void)number;
	if (running == NULL)
		early = 1;
	else
		server_stop(running);
}

static void catch_signals(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = stop;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void tell(void *ud, struct server *s, int from, int to)
{
	const struct program *const *p = ud;

	fprintf(stderr, "%s: %s, %d connections (%s)\n", (*p)->name,
		server_status_name(to), server_connections(s),
		server_event(from, to));
}

static int serve(const struct program *p, int listener)
{
	struct server_options o = p->options;
	int result;

	o.listener = listener;
	o.poller = set.poller;
	o.connections = (int)set.connections;
	o.stacks = (int)set.stacks;
	o.patience = set.patience * TIMER_MS;
	o.grace = set.grace * TIMER_MS;
	running = server_open(&o);
	if (running == NULL)
		return complain(p, "cannot open the server");
	if (set.verbose)
		server_trace(running, tell, &p);
	if (early)
		server_stop(running);
	result = server_run(running);
	if (result == -1)
		complain(p, "ended");
	return result;
}

int program_main(const struct program *p, int argc, char **argv)
{
	int at, listener;

	add_flag(p);
	at = read_options(p, argc, argv);
	if (at == -1)
		return 2;
	if (set.help || argc == 1) {
		help(p);
		return 0;
	}
	if (argc - at != count_arguments(p)) {
		wrong(p, "wrong number of arguments", "");
		return 2;
	}
	if (check_poller(p) == -1)
		return 2;
	if (p->prepare != NULL && p->prepare(argv + at) == -1)
		return 1;
	catch_signals(); /* who reads that it listens may stop it */
	ask_for_descriptors(p);
	listener = start_listening(p);
	if (listener == -1)
		return 1;
	if (set.background != NULL && go_into_background(p) == -1)
		return 1;
	return serve(p, listener) == -1;
}
