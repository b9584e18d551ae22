/* What the recorders of moves share; record.c tells how they are linked. */
#ifndef RECORD_H
#define RECORD_H

/* More open at a time in a thread than RECORDED_MAX are not recorded: their
 * programs are about something else. */
enum { RECORDED_MAX = 256, RECORDED_STATES = 16 };

/* One whose moves are recorded, and the trace its program asked for. */
struct recorded {
	const void *what; /* a schedule, a dispatcher, a server; NULL: none */
	void (*tracer)(void); /* of the type that it has there */
	void *ud;
};

/* All of a kind; they belong to their thread, and so does the record of them. */
struct record {
	const char *variable; /* names the file */
	struct recorded all[RECORDED_MAX];
	int moves;
	int seen[RECORDED_STATES][RECORDED_STATES];
};

/* Begins with one that was opened, or was not: NULL. Returns NULL when it is
 * not to be recorded. */
struct recorded *record_begin(struct record *record, const void *what);

struct recorded *record_find(struct record *record, const void *what);

/* Once it is closed. */
void record_end(struct record *record, const void *what);

/* Whether a move that was made now is to be written. */
int record_wants(struct record *record, int from, int to);

/* Appends a line to the file that an environment variable names. */
void record_line(const char *variable, const char *line);

/* A word on the move that is recorded now, " in vain" or "": record_parking.c
 * has one, where a program links it. */
const char *record_note(void);

/* Up to which moment a clock has gone, or -1: record_timer.c knows, where a
 * program brings a clock of its own. */
long long record_moment(void);

#endif
