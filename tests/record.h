/* What the recorders of moves share; record.c tells how they are linked. */
#ifndef RECORD_H
#define RECORD_H

/* Appends a line to the file that an environment variable names. */
void record_line(const char *variable, const char *line);

/* A word on the move that is recorded now, " in vain" or "": record_parking.c
 * has one, where a program links it. */
const char *record_note(void);

/* Up to which moment a clock has gone, or -1: record_timer.c knows, where a
 * program brings a clock of its own. */
long long record_moment(void);

#endif
