/**
 * @file
 * What the servers' programs have in common: the options and --help, a socket
 * that listens, a stop at SIGINT and SIGTERM.
 */
#ifndef COROUTINE_PROGRAM_H
#define COROUTINE_PROGRAM_H

#include "server.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A server as a program. */
struct program {
	/** "echo": for messages. */
	const char *name;
	/** What it does, in a sentence. */
	const char *does;
	/** The names of its arguments, up to a NULL: "HOST", "PORT". */
	const char *arguments[3];
	/** Called with them before it listens; may be NULL. Returns 0, or -1
	 *  when it has said what is wrong. */
	int (*prepare)(char **arguments);
	/** An option of its own, or NULL: "--by-loop". */
	const char *flag;
	/** What that does, for the help. */
	const char *flag_does;
	/** What it sets to 1. */
	long *flag_set;
	/** What is no option of the command line: serve, ud, parts. */
	struct server_options options;
};

/**
 * Runs a server as a program; for main(), once. Prints a line when it listens.
 * SIGINT and SIGTERM stop it: who is served finishes; a second one cuts them.
 * @param p    the program
 * @param argc as main() has it
 * @param argv as main() has it
 * @return the exit status: 0: stopped, or help was asked for, also by a command
 *         line that is empty; 1: something failed, and stderr says what; 2: the
 *         command line is wrong
 */
int program_main(const struct program *p, int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
