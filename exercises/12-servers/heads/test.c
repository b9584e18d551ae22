#define _POSIX_C_SOURCE 200112L

#include <errno.h>
#include <string.h>

#include "check.h"
#include "heads.h"

#define ONE "GET /1 HTTP/1.1\r\n\r\n"
#define TWO "GET /two HTTP/1.1\r\nHost: b\r\n\r\n"

enum { CLIENTS = 2, PIECES = 8 };

/* What a client sends. One read brings no more than one piece of it; an empty
 * piece is the end, and the last. */
static struct {
	struct {
		const char *bytes;
		size_t count;
		int error; /* or this errno, once */
	} piece[PIECES];
	int pieces, next;
	size_t kept; /* bytes that were read and have not come out */
} client[CLIENTS];

static struct heads h[CLIENTS] = { { .fd = 0 }, { .fd = 1 } };
static char head[HEADS_MOST + 1];

static void sends(int fd, const char *bytes, size_t count)
{
	int i = client[fd].pieces++;

	client[fd].piece[i].bytes = bytes;
	client[fd].piece[i].count = count;
}

static void comes(const char *text)
{
	sends(0, text, strlen(text));
}

static void the_end(void)
{
	sends(0, NULL, 0);
}

static void an_error(int number)
{
	client[0].piece[client[0].pieces++].error = number;
}

ssize_t heads_read(int fd, void *bytes, size_t size)
{
	int i;

	check_true("the descriptor is that of h", fd >= 0 && fd < CLIENTS);
	i = client[fd].next;
	if (i == client[fd].pieces)
		check_fail("it reads on, and nothing more will come");
	if (client[fd].piece[i].error != 0) {
		client[fd].next++;
		errno = client[fd].piece[i].error;
		return -1;
	}
	if (size > client[fd].piece[i].count)
		size = client[fd].piece[i].count;
	client[fd].kept += size;
	if (client[fd].kept > HEADS_MOST)
		check_fail("it reads on, to %d bytes; there is room for %d",
			   (int)client[fd].kept, HEADS_MOST);
	if (size == 0)
		return 0;
	memcpy(bytes, client[fd].piece[i].bytes, size);
	client[fd].piece[i].bytes += size;
	client[fd].piece[i].count -= size;
	client[fd].next += client[fd].piece[i].count == 0;
	return (ssize_t)size;
}

static void check_bytes(int fd, const char *wanted, size_t count)
{
	long size = heads_next(&h[fd], head);

	check_int("what heads_next returns", size, (long long)count);
	client[fd].kept -= count;
	head[count] = '\0';
	if (strlen(wanted) == count)
		check_str("the head", head, wanted);
	check_true("the bytes of the head are those that were sent",
		   memcmp(head, wanted, count) == 0);
}

static void check_head(const char *wanted)
{
	check_bytes(0, wanted, strlen(wanted));
}

static void check_error(int wanted)
{
	int result, error;

	errno = 0;
	result = (int)heads_next(&h[0], head);
	error = errno;
	check_int("what heads_next returns", result, -1);
	check_str("errno", strerror(error), strerror(wanted));
}

static void one(void)
{
	comes(TWO);
	check_head(TWO);
}

static void in_pieces(void)
{
	comes("GET /two HT");
	comes("TP/1.1\r\nHo");
	comes("st: b\r\n\r\n");
	check_head(TWO);
}

static void split_line(void)
{
	comes("GET /1 HTTP/1.1\r\n\r");
	comes("\n");
	check_head(ONE);
}

static void only_this(void)
{
	comes("A: 1\n\nB: 2\n\r\nC: 3\r\n\r\n");
	check_head("A: 1\n\nB: 2\n\r\nC: 3\r\n\r\n");
}

static void two_at_once(void)
{
	comes(ONE TWO);
	check_head(ONE);
}

static void stale(void)
{
	comes(TWO);
	comes("GET");
	comes(" /1 HTTP/1.1\r\n\r\n");
	check_head(TWO);
	check_head(ONE);
}

static void rest(void)
{
	comes(ONE "GET /two HTTP/1.1\r\nHo");
	comes("st: b\r\n\r\n");
	check_head(ONE);
	check_head(TWO);
}

static void no_read(void)
{
	comes(ONE TWO);
	check_head(ONE);
	check_head(TWO);
}

static void zero_byte(void)
{
	static const char zero[] = "GET /\0 HTTP/1.1\r\n\r\n";

	sends(0, zero, sizeof zero - 1);
	check_bytes(0, zero, sizeof zero - 1);
}

/* A head of `count` bytes. */
static char *long_head(size_t count)
{
	static char bytes[2 * HEADS_MOST];

	memset(bytes, 'x', sizeof bytes - 1);
	strcpy(bytes + count - 4, "\r\n\r\n");
	return bytes;
}

static void longest(void)
{
	const char *all = long_head(HEADS_MOST);

	sends(0, all, HEADS_MOST - 2);
	sends(0, all + HEADS_MOST - 2, 2);
	check_head(all);
}

static void too_long(void)
{
	const char *all = long_head(HEADS_MOST + 1);

	sends(0, all, HEADS_MOST / 2);
	comes(all + HEADS_MOST / 2);
	comes(ONE);
	check_error(EMSGSIZE);
}

static void many(void)
{
	for (int i = 0; i < 5; i++)
		comes(TWO);
	for (int i = 0; i < 5; i++)
		check_head(TWO);
}

static void two_clients(void)
{
	sends(0, ONE "GET /t", strlen(ONE "GET /t"));
	sends(1, ONE, strlen(ONE));
	sends(0, "wo HTTP/1.1\r\nHost: b\r\n\r\n", strlen(TWO) - 6);
	check_bytes(0, ONE, strlen(ONE));
	check_bytes(1, ONE, strlen(ONE));
	check_bytes(0, TWO, strlen(TWO));
}

static void end_between(void)
{
	comes(ONE);
	the_end();
	check_head(ONE);
	check_int("what heads_next returns at the end", heads_next(&h[0], head),
		  0);
}

static void end_within(void)
{
	comes("GET /1 HTTP/1.1\r\n");
	the_end();
	check_error(EPROTO);
}

static void failed(void)
{
	an_error(ECONNRESET);
	check_error(ECONNRESET);
}

static void goes_on(void)
{
	comes("GET /1 HT");
	an_error(ETIMEDOUT);
	comes("TP/1.1\r\n\r\n");
	check_error(ETIMEDOUT);
	check_head(ONE);
}

int main(void)
{
	static const struct check tests[] = {
		{ "a head ends with its first empty line", one,
		  "\\r\\n ends a line; an empty line adds another \\r\\n" },
		{ "a head may come in pieces", in_pieces,
		  "no empty line yet: read on, behind what is there" },
		{ "an empty line may come in pieces, too", split_line,
		  "it may have begun in the piece before" },
		{ "an empty line has four bytes, and no others", only_this,
		  "\\r\\n\\r\\n: neither \\n\\n nor \\n\\r\\n will do" },
		{ "two heads that come at once are two", two_at_once,
		  "the first empty line ends it, wherever the bytes end" },
		{ "bytes that are not in use are not searched", stale,
		  "behind h->count stands what was there before" },
		{ "what stands behind a head is kept", rest,
		  "move it to the front, and count it" },
		{ "a head that has come needs no read", no_read,
		  "its client waits for the answer, and sends no more" },
		{ "a byte of zero is a byte", zero_byte,
		  "string functions stop there: memcmp, memcpy" },
		{ "a head of HEADS_MOST bytes is not too long", longest,
		  "look for the empty line before you refuse" },
		{ "a head that is longer is refused", too_long,
		  "no room and no empty line: EMSGSIZE, before the read" },
		{ "the limit is for one head, not for all", many,
		  "a head that went out has left its room" },
		{ "each client has bytes of its own", two_clients,
		  "they are in h; a static variable is everybody's" },
		{ "the end between two heads is the end", end_between,
		  "it has read 0, and nothing has come: return 0" },
		{ "the end in the middle of a head is an error", end_within,
		  "it has read 0, but half a head is there: EPROTO" },
		{ "an error of the read is told", failed,
		  "-1 is not the end; errno is set already" },
		{ "after an error nothing is lost", goes_on,
		  "what has come stays in h, whatever is returned" },
	};

	return check_exercise("heads", tests, sizeof tests / sizeof *tests);
}
