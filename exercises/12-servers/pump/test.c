#define _POSIX_C_SOURCE 200112L

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "pump.h"

/* The client sends, the server gets; `from` and `to` are the other ends. */
static int client, server, from, to;

/* What disturbs the pump. */
static struct {
	size_t read_most, write_most; /* bytes of one call */
	int read, write, shutdown;    /* which of them fails; 0: none */
	int error;                    /* and its errno */
	int strict;                   /* each read must find all written */
} set = { .read_most = PUMP_PIECE, .write_most = PUMP_PIECE };

static int reads, writes, shutdowns;
static long long inside; /* bytes that are read and not written */
static int result, error;

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* errno is EAGAIN, as after a wait. */
static ssize_t done(ssize_t count)
{
	errno = EAGAIN;
	return count;
}

static int failed(void)
{
	errno = set.error;
	return -1;
}

ssize_t pump_read(int fd, void *bytes, size_t size)
{
	ssize_t count;

	check_int("the descriptor that is read", fd, from);
	check_true("reads of 1 to PUMP_PIECE bytes",
		   size >= 1 && size <= PUMP_PIECE);
	if (set.strict)
		check_int("bytes that are still to be written at a read",
			  inside, 0);
	if (++reads == set.read)
		return failed();
	count = read(fd, bytes, smaller(size, set.read_most));
	if (count == -1)
		check_fail("`from` cannot be read any more");
	inside += count;
	return done(count);
}

ssize_t pump_write(int fd, const void *bytes, size_t count)
{
	ssize_t written;

	check_int("the descriptor that is written", fd, to);
	if (++writes == set.write)
		return failed();
	written = write(fd, bytes, smaller(count, set.write_most));
	if (written == -1)
		return -1;
	inside -= written;
	return done(written);
}

int pump_shutdown(int fd, int how)
{
	if (++shutdowns == set.shutdown)
		return failed();
	return shutdown(fd, how) == -1 ? -1 : (int)done(0);
}

/* `ours` is never waited for. */
static void open_pair(int *ours, int *other)
{
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == -1 ||
	    fcntl(fd[0], F_SETFL, O_NONBLOCK) == -1)
		check_fail("no pair of sockets could be opened");
	*ours = fd[0];
	*other = fd[1];
}

/* The client sends this and its end, and the pump runs. */
static void run(const char *bytes, size_t count)
{
	signal(SIGPIPE, SIG_IGN);
	open_pair(&client, &from);
	open_pair(&server, &to);
	if (write(client, bytes, count) != (ssize_t)count ||
	    shutdown(client, SHUT_WR) == -1)
		check_fail("the client could not send");
	reads = writes = shutdowns = 0;
	inside = 0;
	result = pump(from, to);
	error = errno;
}

static void check_arrived(const char *wanted, size_t count)
{
	char bytes[256] = "";
	ssize_t got = read(server, bytes, sizeof bytes - 1);

	check_int("how many bytes the server gets", got == -1 ? 0 : got,
		  (long long)count);
	if (strlen(wanted) == count)
		check_str("what the server gets", bytes, wanted);
	check_true("they are those that the client has sent",
		   memcmp(bytes, wanted, count) == 0);
}

/* After all bytes. */
static int server_reads_end(void)
{
	char bytes[256];
	ssize_t got;

	while ((got = read(server, bytes, sizeof bytes)) > 0)
		;
	return got == 0;
}

static const char hundred[] = "0123456789abcdefghijABCDEFGHIJ,.-;:_!?+*"
			      "9876543210jihgfedcbaJIHGFEDCBA*+?!_:;-.,"
			      "0a1b2c3d4e5f6g7h8i9j";

static void one_piece(void)
{
	run("hello", 5);
	check_arrived("hello", 5);
}

static void all_of_it(void)
{
	run(hundred, 100);
	check_arrived(hundred, 100);
}

static void short_pieces(void)
{
	set.read_most = 3;
	run(hundred, 100);
	check_arrived(hundred, 100);
}

static void short_writes(void)
{
	set.write_most = 5;
	run(hundred, 100);
	check_arrived(hundred, 100);
}

static void zero_byte(void)
{
	run("a\0b\0\0c", 6);
	check_arrived("a\0b\0\0c", 6);
}

static void no_faster(void)
{
	set.write_most = 5;
	set.strict = 1;
	run(hundred, 100);
}

static void all_well(void)
{
	run(hundred, 100);
	check_int("what pump returns", result, 0);
}

static void the_end(void)
{
	run("hello", 5);
	check_true("the server reads the end", server_reads_end());
}

static void empty(void)
{
	run("", 0);
	check_true("the server reads the end", server_reads_end());
}

static void other_direction(void)
{
	run("hello", 5);
	check_int("bytes that the server can still write",
		  write(server, "answer", 6), 6);
	check_int("bytes that can still be written to `from`",
		  write(from, "answer", 6), 6);
}

static void read_fails(void)
{
	set.read = 3;
	set.error = ECONNRESET;
	run(hundred, 100);
	check_int("what pump returns", result, -1);
	check_str("errno", strerror(error), strerror(ECONNRESET));
}

static void write_fails(void)
{
	set.write = 3;
	set.error = ETIMEDOUT;
	run(hundred, 100);
	check_int("what pump returns", result, -1);
	check_str("errno", strerror(error), strerror(ETIMEDOUT));
}

static void no_false_end(void)
{
	set.error = ETIMEDOUT;
	set.read = 3;
	run(hundred, 100);
	check_true("after an error of the read the server reads no end",
		   !server_reads_end());
	set.read = 0;
	set.write = 3;
	run(hundred, 100);
	check_true("after an error of the write the server reads no end",
		   !server_reads_end());
}

static void stops(void)
{
	set.write = 3;
	set.error = EPIPE;
	run(hundred, 100);
	check_int("reads until the third write fails", reads, 3);
}

static void shutdown_fails(void)
{
	set.shutdown = 1;
	set.error = ENOTCONN;
	run("hello", 5);
	check_int("what pump returns", result, -1);
	check_str("errno", strerror(error), strerror(ENOTCONN));
}

int main(void)
{
	static const struct check tests[] = {
		{ "what comes in goes out", one_piece,
		  "write as many bytes as the read has brought; then the end" },
		{ "all that comes in goes out", all_of_it,
		  "after a piece comes another one, until a read is 0" },
		{ "a short piece is not the last one", short_pieces,
		  "only 0 is the end" },
		{ "what a write has left is written next", short_writes,
		  "begin behind what is out; how many are left?" },
		{ "a byte of zero is a byte", zero_byte,
		  "how many bytes there are is what the read returned" },
		{ "it reads on when all is written, not before", no_faster,
		  "a read may wait, and what is not written waits with it" },
		{ "when all is passed on it returns 0", all_well,
		  "0 is no count; and errno counts only after a -1" },
		{ "the end is passed on", the_end,
		  "shutdown: of which side, and of which direction of it?" },
		{ "a stream without a byte has an end, too", empty,
		  "the end does not depend on what came before it" },
		{ "the other direction stays open", other_direction,
		  "the answers are still to come: no close, and SHUT_WR only" },
		{ "an error of the reading side is told", read_fails,
		  "a read has three kinds of results; keep its errno" },
		{ "an error of the writing side is told", write_fails,
		  "pump_write returns -1: look before you add" },
		{ "an error is not passed on as an end", no_false_end,
		  "half a stream must not look complete: no shutdown" },
		{ "after a write has failed it reads no more", stops,
		  "nobody takes it: return at once" },
		{ "a shutdown that fails is told", shutdown_fails,
		  "its -1 is an error like the others" },
	};

	return check_exercise("pump", tests, sizeof tests / sizeof *tests);
}
