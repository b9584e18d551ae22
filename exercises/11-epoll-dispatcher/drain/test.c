#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "drain.h"

static int fd[2];
static int disturb, at; /* the errno of the at-th read; 0: none */
static int reads;
static char taken[256];
static size_t length;

ssize_t drain_read(int from, void *bytes, size_t size)
{
	check_int("the descriptor that is read", from, fd[0]);
	check_true("reads of 1 to DRAIN_PIECE bytes",
		   size >= 1 && size <= DRAIN_PIECE);
	if (disturb != 0 && ++reads == at) {
		errno = disturb;
		return -1;
	}
	return read(from, bytes, size);
}

static void take(void *ud, const char *bytes, size_t count)
{
	check_true("ud is handed to take", ud == taken);
	check_true("pieces of 1 to DRAIN_PIECE bytes",
		   count >= 1 && count <= DRAIN_PIECE);
	memcpy(taken + length, bytes, count);
	length += count;
	errno = 0; /* as other calls in it might leave it */
}

/* SOCK_SEQPACKET: each read brings one message at most. */
static void open_pair(int type)
{
	if (socketpair(AF_UNIX, type, 0, fd) == -1 ||
	    fcntl(fd[0], F_SETFL, O_NONBLOCK) == -1)
		check_fail("no pair of sockets could be opened");
}

static void come(const char *bytes, size_t count)
{
	if (write(fd[1], bytes, count) != (ssize_t)count)
		check_fail("the other side could not write");
}

static void check_taken(const char *wanted, size_t count)
{
	check_int("how many bytes were handed over", (long long)length,
		  (long long)count);
	check_true("the bytes are those that came",
		   memcmp(taken, wanted, count) == 0);
}

static void check_drained(int wanted)
{
	int result = drain(fd[0], take, taken);

	check_int("what drain returns", result, wanted);
}

static const char hundred[] = "0123456789012345678901234567890123456789"
			      "0123456789012345678901234567890123456789"
			      "01234567890123456789";

static void all_of_it(void)
{
	open_pair(SOCK_STREAM);
	come(hundred, 100);
	drain(fd[0], take, taken);
	check_taken(hundred, 100);
}

static void nothing_left(void)
{
	open_pair(SOCK_STREAM);
	check_drained(DRAIN_AGAIN);
	come("abc", 3);
	check_drained(DRAIN_AGAIN);
}

static void short_pieces(void)
{
	open_pair(SOCK_SEQPACKET);
	come("one", 3);
	come("two", 3);
	come("three", 5);
	drain(fd[0], take, taken);
	check_taken("onetwothree", 11);
}

static void counted(void)
{
	open_pair(SOCK_STREAM);
	come("a\0b\0\0c", 6);
	drain(fd[0], take, taken);
	check_taken("a\0b\0\0c", 6);
}

static void the_end(void)
{
	open_pair(SOCK_STREAM);
	come("last", 4);
	close(fd[1]);
	check_drained(DRAIN_END);
	check_taken("last", 4);
}

static void interrupted(void)
{
	open_pair(SOCK_STREAM);
	come(hundred, 100);
	disturb = EINTR;
	at = 3;
	check_drained(DRAIN_AGAIN);
	check_taken(hundred, 100);
}

static void failed(void)
{
	open_pair(SOCK_STREAM);
	come(hundred, 100);
	disturb = ECONNRESET;
	at = 3;
	check_drained(-1);
	check_true("errno is what drain_read said", errno == ECONNRESET);
	check_taken(hundred, 2 * (size_t)DRAIN_PIECE);
}

int main(void)
{
	static const struct check tests[] = {
		{ "when nothing is left it says so, and returns", nothing_left,
		  "EAGAIN is no error, and nothing to wait for here" },
		{ "all that has come is handed over", all_of_it,
		  "one read is not enough: the edge is told once" },
		{ "a short piece is not the last one", short_pieces,
		  "a message may end there; only EAGAIN says: no more" },
		{ "a byte of zero is a byte", counted,
		  "how many bytes there are is what the read returned" },
		{ "the end of the other side is told", the_end,
		  "a read that returns 0 will do so for ever" },
		{ "an interrupted read is made again", interrupted,
		  "EINTR: nothing was read, and there may be more" },
		{ "an error is told as an error", failed,
		  "of all errno only EAGAIN and EINTR are harmless" },
	};

	return check_exercise("drain", tests, sizeof tests / sizeof *tests);
}
