#define _POSIX_C_SOURCE 200112L

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>

#include "check.h"
#include "hello.h"

/* A socket as the system keeps it. What is to come is said before hello(): an
 * errno each, and 0 when all is well. */
static struct {
	int at_once;    /* what connect says, */
	int waiting;    /* what the wait says, */
	int in_the_end; /* how it is when it is writable, */
	int asking;     /* and what the question for that says */

	enum { FRESH, GOES_ON, CONNECTED, FAILED } state;
	int error; /* SO_ERROR; told once */
	int connects, waits;
} sock;

static int fd;
static struct sockaddr_in6 long_address;
static struct sockaddr_in address;
static const void *to = &address;
static socklen_t length = sizeof address;
static int result, error;

static int say(int number)
{
	if (number == 0)
		return 0;
	errno = number;
	return -1;
}

int hello_connect(int of, const struct sockaddr *whom, socklen_t size)
{
	check_int("the descriptor of hello_connect", of, fd);
	check_true("hello_connect gets the address", whom == to);
	check_int("the length that hello_connect gets", size, length);
	if (sock.connects++ > 0)
		check_fail("hello_connect is called again: %s",
			   sock.state == GOES_ON ? "EALREADY" : "EISCONN");
	if (sock.at_once == 0)
		sock.state = CONNECTED;
	else if (sock.at_once == EINTR || sock.at_once == EINPROGRESS)
		sock.state = GOES_ON;
	return say(sock.at_once);
}

/* One whose connect has not begun is writable as well. */
int hello_wait(int of)
{
	check_int("the descriptor of hello_wait", of, fd);
	sock.waits++;
	if (sock.waiting == 0 && sock.state == GOES_ON) {
		sock.state = sock.in_the_end ? FAILED : CONNECTED;
		sock.error = sock.in_the_end;
	}
	return say(sock.waiting);
}

int hello_error(int of, int *answer)
{
	check_int("the descriptor of hello_error", of, fd);
	if (sock.asking == 0) {
		*answer = sock.error;
		sock.error = 0;
	}
	return say(sock.asking);
}

static void call(int at_once, int in_the_end)
{
	fd = open("/dev/null", O_WRONLY);
	sock.at_once = at_once;
	sock.in_the_end = in_the_end;
	errno = 0;
	result = hello(fd, to, length);
	error = errno;
}

static void check_connected(int waits)
{
	check_int("what hello returns", result, 0);
	check_true("the socket is connected when hello returns 0",
		   sock.state == CONNECTED);
	check_int("calls of hello_wait", sock.waits, waits);
}

static void at_once(void)
{
	call(0, 0);
	check_connected(0);
}

static void in_progress(void)
{
	call(EINPROGRESS, 0);
	check_connected(1);
}

static void interrupted(void)
{
	call(EINTR, 0);
	check_connected(1);
}

static void refused(void)
{
	call(EINPROGRESS, ECONNREFUSED);
	check_int("what hello returns", result, -1);
}

static void reason(void)
{
	call(EINPROGRESS, ECONNREFUSED);
	check_str("errno", strerror(error), strerror(ECONNREFUSED));
}

static void interrupted_refused(void)
{
	call(EINTR, ECONNREFUSED);
	check_int("what hello returns", result, -1);
}

static void another_error(void)
{
	call(ENETUNREACH, 0);
	check_int("what hello returns", result, -1);
	check_str("errno", strerror(error), strerror(ENETUNREACH));
}

static void no_room(void)
{
	call(EAGAIN, 0);
	check_int("what hello returns", result, -1);
	check_str("errno", strerror(error), strerror(EAGAIN));
}

static void timed_out(void)
{
	sock.waiting = ETIMEDOUT;
	call(EINPROGRESS, 0);
	check_int("what hello returns", result, -1);
	check_str("errno", strerror(error), strerror(ETIMEDOUT));
}

static void not_asked(void)
{
	sock.asking = EHOSTUNREACH;
	call(EINPROGRESS, EHOSTUNREACH);
	check_int("what hello returns", result, -1);
	check_str("errno", strerror(error), strerror(EHOSTUNREACH));
}

static void stays_open(void)
{
	call(EINPROGRESS, ECONNREFUSED);
	check_true("the descriptor is open", fcntl(fd, F_GETFD) != -1);
}

static void whole_address(void)
{
	to = &long_address;
	length = sizeof long_address;
	call(0, 0);
	check_int("what hello returns", result, 0);
}

int main(void)
{
	static const struct check tests[] = {
		{ "a connect that succeeds at once needs no wait", at_once,
		  "0 says that it is connected" },
		{ "a connect in progress is waited for", in_progress,
		  "EINPROGRESS: wait once, and do not connect again" },
		{ "an interrupted connect goes on by itself", interrupted,
		  "it is no read: wait for it, do not call it again" },
		{ "a socket that is writable may have failed", refused,
		  "ask for SO_ERROR; the answer is in *error" },
		{ "errno tells why the connect has failed", reason,
		  "SO_ERROR is told once, and not in errno" },
		{ "an interrupted connect may fail, too", interrupted_refused,
		  "after EINTR all is as after EINPROGRESS" },
		{ "another error is told at once", another_error,
		  "which errno say that the connect goes on?" },
		{ "EAGAIN is another error", no_room,
		  "connect is no read: after EAGAIN nothing is on its way" },
		{ "a wait that fails is told", timed_out,
		  "a time-out is in errno; the socket knows nothing of it" },
		{ "a socket that cannot be asked is told", not_asked,
		  "hello_error can return -1, too" },
		{ "the descriptor stays open", stays_open,
		  "who opened it closes it" },
		{ "the length of the address is handed on", whole_address,
		  "not every address is as long as a struct sockaddr" },
	};

	return check_exercise("hello", tests, sizeof tests / sizeof *tests);
}
