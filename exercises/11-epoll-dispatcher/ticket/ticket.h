#ifndef TICKET_H
#define TICKET_H

enum { TICKETS = 16 }; /* numbers from 0 to TICKETS - 1 */

/* What is known of a number. */
struct ticket_entry {
	unsigned generation; /* yours: how often it was used, from 1 on */
	int open;            /* whether it is in use now */
};

/* A table of numbers. All zero, none is in use. */
struct tickets {
	struct ticket_entry at[TICKETS];
};

/*
 * A number is in use from now on. Returns a new ticket for it: its generation
 * in the upper 32 bits, the number in the lower 32. 0, and nothing changes, when
 * there is no such number, or it is in use already.
 */
unsigned long long ticket_open(struct tickets *t, int fd);

/*
 * A number is not in use any more. Returns 0; -1, and nothing changes, when
 * there is no such number, or it is not in use.
 */
int ticket_close(struct tickets *t, int fd);

/*
 * Which number a ticket is for. -1 when it was closed since the ticket was
 * returned, even if it is in use again; and for what never was a ticket.
 */
int ticket_fd(const struct tickets *t, unsigned long long ticket);

#endif
