#include <limits.h>
#include <string.h>

#include "check.h"
#include "ticket.h"

/* Neighbours that no index may reach. */
static struct tickets room[3];
static struct tickets *const t = &room[1];

static unsigned long long open_one(int fd)
{
	unsigned long long ticket = ticket_open(t, fd);

	check_true("a number that is not in use gets a ticket", ticket != 0);
	return ticket;
}

static unsigned long long forge(unsigned generation, unsigned fd)
{
	return (unsigned long long)generation << 32 | fd;
}

static void good_ticket(void)
{
	for (int fd = 0; fd < TICKETS; fd++)
		check_int("the number of a ticket", ticket_fd(t, open_one(fd)),
			  fd);
	check_true("a ticket has its number in the lower 32 bits",
		   (ticket_close(t, 5), open_one(5) & 0xffffffff) == 5);
}

static void closed(void)
{
	unsigned long long ticket = open_one(3);

	check_int("what ticket_close returns", ticket_close(t, 3), 0);
	check_int("the number of a ticket whose number is closed",
		  ticket_fd(t, ticket), -1);
}

static void used_again(void)
{
	unsigned long long old = open_one(3), next;

	ticket_close(t, 3);
	next = open_one(3);
	check_int("the number of the old ticket, when it is used again",
		  ticket_fd(t, old), -1);
	check_int("the number of the new one", ticket_fd(t, next), 3);
}

static void others(void)
{
	unsigned long long ann = open_one(3), bob = open_one(4);

	ticket_close(t, 3);
	check_int("the number of bob's ticket, when ann's is closed",
		  ticket_fd(t, bob), 4);
	open_one(3);
	check_int("the number of bob's ticket, when ann's is used again",
		  ticket_fd(t, bob), 4);
	check_int("the number of ann's old ticket", ticket_fd(t, ann), -1);
}

static void opened_twice(void)
{
	unsigned long long ticket = open_one(3);

	check_true("a number in use gets no other ticket",
		   ticket_open(t, 3) == 0);
	check_int("the number of its first ticket", ticket_fd(t, ticket), 3);
}

static void closed_twice(void)
{
	check_int("what closing one returns that was never open",
		  ticket_close(t, 3), -1);
	open_one(3);
	ticket_close(t, 3);
	check_int("what closing one returns that is closed already",
		  ticket_close(t, 3), -1);
}

static void often(void)
{
	unsigned long long first = open_one(3);

	for (int i = 0; i < 70000; i++) {
		ticket_close(t, 3);
		open_one(3);
		if (ticket_fd(t, first) != -1)
			check_fail("after %d more uses of its number, the "
				   "first ticket is good again",
				   i + 1);
	}
}

static void never_issued(void)
{
	open_one(0);
	open_one(3);
	check_int("the number of ticket 0", ticket_fd(t, 0), -1);
	check_int("the number of a ticket of generation 0",
		  ticket_fd(t, forge(0, 5)), -1);
	check_int("the number of a generation to come",
		  ticket_fd(t, forge(2, 3)), -1);
	check_int("the number of a ticket that was not issued yet",
		  ticket_fd(t, forge(1, 5)), -1);
}

static void out_of_range(void)
{
	for (int fd = 0; fd < TICKETS; fd++)
		room[0].at[fd] = room[2].at[fd] = (struct ticket_entry){ 7, 0 };
	check_true("-1 gets no ticket", ticket_open(t, -1) == 0);
	check_true("TICKETS gets no ticket", ticket_open(t, TICKETS) == 0);
	for (int fd = 0; fd < TICKETS; fd++)
		room[0].at[fd].open = room[2].at[fd].open = 1;
	check_int("what closing -1 returns", ticket_close(t, -1), -1);
	check_int("what closing TICKETS returns", ticket_close(t, TICKETS), -1);
	check_int("the number of a ticket for TICKETS",
		  ticket_fd(t, forge(7, TICKETS)), -1);
	check_int("the number of a ticket for -1",
		  ticket_fd(t, forge(7, UINT_MAX)), -1);
}

int main(void)
{
	static const struct check tests[] = {
		{ "a ticket is for its number", good_ticket,
		  "is it 64 bits wide before it is shifted?" },
		{ "a ticket is for nobody when its number is closed", closed,
		  "the generation alone does not tell that it is closed" },
		{ "an old ticket is not good for the next use", used_again,
		  "the generation outlives the use; do not set it back" },
		{ "the others' tickets stay good", others,
		  "each number has a generation of its own" },
		{ "a number in use is not opened again", opened_twice,
		  "refuse it before you count" },
		{ "only what is open can be closed", closed_twice,
		  "-1, and nothing changes" },
		{ "an old ticket is not good after many uses", often,
		  "how many bits does the generation have?" },
		{ "what was never issued is no ticket", never_issued,
		  "generations begin with 1, and who is not open has none" },
		{ "what is no number is refused", out_of_range,
		  "look at the range before you use it as an index" },
	};

	return check_exercise("ticket", tests, sizeof tests / sizeof *tests);
}
