/* The promises of lesson 12's reader of a request's head. Every sample is read at
 * once, byte by byte and split in two at every place, and asked for all that
 * fuzz/http_check.h knows must hold.
 *
 * Linked with the allocations wrapped, see starve.h. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64 /* or readdir() fails on some 32-bit machines */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "settings.h"
#include "starve.h"

#include "fuzz/http_check.h"

#include <dirent.h>

enum {
	ALL_SPLITS = 512, /* a longer sample is split at some places only */
	BYTES = 256,
	PATH = 512,
	SAMPLE = 10240 /* more than any head, and than a file of the corpus */
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* A string with NULs in it. */
#define RAW(text)                     \
	{                             \
		text, sizeof text - 1 \
	}

/* A good request with more fields. */
#define WITH(fields) "GET / HTTP/1.1\r\nHost: a\r\n" fields "\r\n"

#define TOKEN                                                 \
	"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz"
#define VISIBLE TOKEN "\"(),/:;<=>?@[\\]{}"

static struct {
	struct http_request r; /* the last that was read */
	char bytes[SAMPLE];
} it;

/* ---- How a sample is read ------------------------------------------------- */

static void check(const char *bytes, size_t count, size_t piece, size_t other)
{
	const char *wrong = http_check(bytes, count, piece, other);

	if (wrong != NULL)
		fail_msg("%s, in pieces of %zu and %zu: %.60s", wrong, piece,
			 other, bytes);
}

static int read_raw(const char *bytes, size_t count)
{
	size_t step = count > ALL_SPLITS ? count / 16 : 1;

	check(bytes, count, 1, 1);
	for (size_t at = 1; at < count; at += step)
		check(bytes, count, at, count);
	memset(&it.r, 0, sizeof it.r);
	return look(&it.r, bytes, count);
}

static int read_string(const char *string)
{
	return read_raw(string, strlen(string));
}

static int read_format(const char *format, ...)
{
	va_list list;
	int count;

	va_start(list, format);
	count = vsnprintf(it.bytes, sizeof it.bytes, format, list);
	va_end(list);
	assert_in_range(count, 0, sizeof it.bytes - 1);
	return read_raw(it.bytes, (size_t)count);
}

static void assert_whole(const char *string)
{
	int head = read_string(string);

	if (head != (int)strlen(string))
		fail_msg("%d (%s) for: %.60s", head,
			 it.r.wrong ? it.r.wrong : "well", string);
}

static void assert_refused(int status, const char *wrong, const char *string)
{
	int head = read_string(string);

	if (head != -status || strcmp(it.r.wrong, wrong) != 0)
		fail_msg("%d (%s) for: %.60s", head,
			 it.r.wrong ? it.r.wrong : "well", string);
}

static void all_refused(int status, const char *wrong,
			const char *const *strings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_refused(status, wrong, strings[i]);
}

static void assert_part(struct http_part part, const char *head,
			const char *words)
{
	if (!http_is(head, part, words))
		fail_msg("\"%.*s\" in place of \"%s\"", part.length,
			 head + part.at, words);
}

/* Which of all bytes are let through where the format has its %c. */
static void assert_letters(const char *format, const char *allowed)
{
	for (int c = 0; c < BYTES; c++) {
		int head = read_format(format, c);

		if ((head > 0) != (c && strchr(allowed, c) != NULL))
			fail_msg("byte %d gets %d in: %s", c, head, format);
	}
}

/* ---- The request line ------------------------------------------------------ */

static void a_request_is_read(void **state)
{
	static const char head[] = "POST /a/b?c=d HTTP/1.1\r\n"
				   "Host: example:8080\r\n"
				   "Content-Length: 12\r\n"
				   "Expect: 100-continue\r\n\r\n";

	(void)state;
	assert_whole(head);
	assert_part(it.r.method, head, "POST");
	assert_part(it.r.target, head, "/a/b?c=d");
	assert_int_equal(it.r.version, 11);
	assert_int_equal(it.r.keep, 1);
	assert_int_equal(it.r.expects, 1);
	assert_int_equal(it.r.body, 12);
	assert_null(it.r.wrong);
}

static void a_request_begins_with_a_method(void **state)
{
	static const char *const heads[] = {
		" GET / HTTP/1.1\r\n\r\n",  "\tGET / HTTP/1.1\r\n\r\n",
		"\nGET / HTTP/1.1\r\n\r\n", "(GET / HTTP/1.1\r\n\r\n",
		"GET\t/ HTTP/1.1\r\n\r\n",  "GET/ HTTP/1.1\r\n\r\n",
		"GET: / HTTP/1.1\r\n\r\n",  "GET\r\n\r\n",
		"\r\n GET / HTTP/1.1\r\n",  "\r\n\x80",
		"\x16\x03\x01\x02",         " \r\n",
	};

	(void)state;
	all_refused(400, "a request begins with a method", heads, COUNT(heads));
}

static void the_first_byte_tells(void **state)
{
	char byte;

	(void)state;
	for (int c = 0; c < BYTES; c++) {
		byte = (char)c;
		memset(&it.r, 0, sizeof it.r);
		assert_int_equal(look(&it.r, &byte, 1),
				 c && strchr(TOKEN "\r", c) ? 0 : -400);
	}
}

static void a_target_is_one_word(void **state)
{
	static const char *const heads[] = {
		"GET  / HTTP/1.1\r\n\r\n",
		"GET \t/ HTTP/1.1\r\n\r\n",
		"GET \r\n\r\n",
		"GET /\tHTTP/1.1\r\n\r\n",
		"GET /a#b HTTP/1.1\r\n\r\n",
		"GET # HTTP/1.1\r\n\r\n",
		"GET /\xc3\xa4 HTTP/1.1\r\n\r\n",
	};

	(void)state;
	all_refused(400, "behind the method stands a target", heads,
		    COUNT(heads));
}

static void the_line_ends_in_a_version(void **state)
{
	static const char *const heads[] = {
		"GET / HTTP/1.1 \r\n\r\n",   "GET /  HTTP/1.1\r\n\r\n",
		"GET / http/1.1\r\n\r\n",    "GET / HTTP/1\r\n\r\n",
		"GET / HTTP/1.\r\n\r\n",     "GET / HTTP/11\r\n\r\n",
		"GET / HTTP/1.10\r\n\r\n",   "GET / HTTP/01.1\r\n\r\n",
		"GET / HTTP/1,1\r\n\r\n",    "GET / HTTP/a.1\r\n\r\n",
		"GET / HTTP/1.a\r\n\r\n",    "GET / HTTP/-1.1\r\n\r\n",
		"GET / HTTPS/1.1\r\n\r\n",   "GET / HTTP1.1\r\n\r\n",
		"GET /a b HTTP/1.1\r\n\r\n", "GET / \r\n\r\n",
		"GET / HTTP/1./\r\n\r\n",    "GET / HTTP/1.:\r\n\r\n",
		"GET / HTTP/\xb1.1\r\n\r\n", "GET /\r\n\r\n",
	};

	(void)state;
	all_refused(400, "the request line ends in HTTP/1.1", heads,
		    COUNT(heads));
}

static void one_is_the_only_major_version(void **state)
{
	(void)state;
	for (int major = 0; major <= 9; major++)
		for (int minor = 0; minor <= 9; minor++) {
			int head = read_format("GET / HTTP/%d.%d\r\n"
					       "Host: a\r\n\r\n",
					       major, minor);

			if (major != 1) {
				assert_int_equal(head, -505);
				assert_string_equal(
					it.r.wrong,
					"this server speaks HTTP/1.1");
				continue;
			}
			assert_true(head > 0);
			assert_int_equal(it.r.version, minor ? 11 : 10);
		}
}

static void letters_of_the_line(void **state)
{
	(void)state;
	assert_letters("G%cT / HTTP/1.0\r\n\r\n", TOKEN);
	assert_letters("GET /%c HTTP/1.0\r\n\r\n",
		       "!$%&'*+-.^_`|~0123456789"
		       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		       "\"(),/:;<=>?@[\\]{}");
}

static void the_host_is_cut_from_a_target(void **state)
{
	static const struct {
		const char *head;
		const char *target;
	} good[] = {
		{ "GET / HTTP/1.0\r\n\r\n", "/" },
		{ "GET //a/?b=http://c/d HTTP/1.0\r\n\r\n",
		  "//a/?b=http://c/d" },
		{ "OPTIONS * HTTP/1.0\r\n\r\n", "*" },
		{ "GET http://a HTTP/1.0\r\n\r\n", "" },
		{ "GET http://a/ HTTP/1.0\r\n\r\n", "/" },
		{ "GET HttP://a.b:80/c?d HTTP/1.0\r\n\r\n", "/c?d" },
		{ "GET http://[::1]:80/c HTTP/1.0\r\n\r\n", "/c" },
		{ "GET http://a?b=c/d HTTP/1.0\r\n\r\n", "?b=c/d" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_whole(good[i].head);
		assert_part(it.r.target, good[i].head, good[i].target);
	}
}

static void other_targets_are_refused(void **state)
{
	static const char *const heads[] = {
		"GET a HTTP/1.1\r\n\r\n",
		"CONNECT a:80 HTTP/1.1\r\n\r\n",
		"GET ** HTTP/1.1\r\n\r\n",
		"GET */ HTTP/1.1\r\n\r\n",
		"GET ?a HTTP/1.1\r\n\r\n",
		"GET http:/a HTTP/1.1\r\n\r\n",
		"GET http:// HTTP/1.1\r\n\r\n",
		"GET http:///a HTTP/1.1\r\n\r\n",
		"GET http://?a HTTP/1.1\r\n\r\n",
		"GET http HTTP/1.1\r\n\r\n",
		"GET ://a/ HTTP/1.1\r\n\r\n",
		"GET https://a/ HTTP/1.1\r\n\r\n",
		"GET a?b=http://c/d HTTP/1.1\r\n\r\n",
		"GET http://a@b/ HTTP/1.1\r\n\r\n",
		"GET http://a\\b/ HTTP/1.1\r\n\r\n",
	};

	(void)state;
	all_refused(400, "the target begins with a slash", heads, COUNT(heads));
}

/* ---- Lines ------------------------------------------------------------------ */

static void a_line_ends_with_cr_lf(void **state)
{
	static const char *const heads[] = {
		"GET / HTTP/1.1\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\n\n",
		"GET / HTTP/1.1\r\n\nHost: a\r\n\r\n",
		"\r\nG\n",
	};

	(void)state;
	all_refused(400, "a line ends with CR LF", heads, COUNT(heads));
}

static void a_line_is_text(void **state)
{
	static const struct {
		const char *bytes;
		size_t count;
	} heads[] = {
		RAW("GET / HTTP/1.1\r\r\n"),
		RAW("GET /\rHTTP/1.1\r\n"),
		RAW("\rGET / HTTP/1.1\r\n"),
		RAW("\r\r\n"),
		RAW("GET / HTTP/1.1\r\nHost: a\rContent-Length: 1\r\n\r\n"),
		RAW("GET / HTTP/1.1\r\nHost: a\r\n\r\r\n"),
		RAW("GET / HTTP/1.1\r\nHost: a\r\n\rX: a\r\n\r\n"),
		RAW("GET /\0 HTTP/1.1\r\n"),
		RAW("GET / HTTP/1.1\r\nHost: a\0\r\n"),
		RAW("GET / HTTP/1.1\r\nHo\0st: a\r\n"),
		RAW("GET / HTTP/1.1\r\nX: \x7f\r\n"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		assert_int_equal(read_raw(heads[i].bytes, heads[i].count),
				 -400);
		assert_string_equal(it.r.wrong, "that is no text");
	}
}

static void empty_lines_before_are_passed_over(void **state)
{
	static const char head[] = "\r\n\r\n\r\nGET /a HTTP/1.0\r\n\r\n";

	(void)state;
	assert_whole(head);
	assert_part(it.r.method, head, "GET");
	assert_part(it.r.target, head, "/a");
	assert_int_equal(read_string("\r\n"), 0);
	assert_int_equal(read_string("\r\n\r"), 0);
}

static void what_has_not_come_is_waited_for(void **state)
{
	static const char head[] = WITH("Content-Length: 3\r\n");

	(void)state;
	for (size_t count = 0; count < sizeof head - 1; count++)
		assert_int_equal(read_raw(head, count), 0);
	assert_whole(head);
}

static void the_next_request_is_left_alone(void **state)
{
	static const char bytes[] = "GET /a HTTP/1.0\r\n\r\n"
				    "HEAD /bc HTTP/1.1\r\nHost: d\r\n\r\n"
				    "no\nthing \r\rof HTTP\1\r\n\r\n";
	static const int heads[] = { 19, 30, -400 };
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		assert_int_equal(read_string(bytes + at), heads[i]);
		at += (size_t)heads[i];
	}
}

/* ---- Fields ------------------------------------------------------------------ */

static void a_field_is_a_name_a_colon_a_value(void **state)
{
	static const char *const heads[] = {
		WITH("Content-Length : 3\r\n"),
		WITH("Content-Length\t: 3\r\n"),
		WITH(" Content-Length: 3\r\n"),
		WITH("X: a\r\n\tb: c\r\n"),
		WITH("X: a\r\n \r\n"),
		WITH("X\r\n"),
		WITH("X a\r\n"),
		WITH(": a\r\n"),
		WITH("X;: a\r\n"),
		WITH("\xc3\xa4: a\r\n"),
		"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
	};

	(void)state;
	all_refused(400, "a field is a name, a colon, a value", heads,
		    COUNT(heads));
}

static void letters_of_a_field(void **state)
{
	char values[BYTES] = "\t ";

	(void)state;
	assert_letters("GET / HTTP/1.0\r\nX%cY: a\r\n\r\n", TOKEN ":");
	for (int c = 33; c < BYTES; c++) {
		char text[2] = { (char)c, '\0' };

		if (c != 127)
			strcat(values, text);
	}
	assert_letters("GET / HTTP/1.0\r\nX: a%cb\r\n\r\n", values);
}

static void fields_without_meaning_here_are_passed_over(void **state)
{
	static const char *const heads[] = {
		WITH("X:\r\n"),
		WITH("X: \t \r\n"),
		WITH("X: :\r\nx: : :\r\n"),
		WITH("Hos: a b\r\nHostt: a b\r\nXHost: a b\r\n"),
		WITH("Content-Lengt: x\r\nContent-Length-: x\r\n"),
		WITH("Content_Length: x\r\nXContent-Length: x\r\n"),
		WITH("Transfer-Encodin: a\r\nTransfer-Encodings: a\r\n"),
		WITH("Expec: a\r\nExpects: a\r\n"),
		WITH("TE: trailers\r\n"),
		WITH("Connectio: close\r\nConnections: close\r\n"),
	};

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		assert_whole(heads[i]);
		assert_int_equal(it.r.body, 0);
		assert_int_equal(it.r.keep, 1);
		assert_int_equal(it.r.expects, 0);
	}
}

static void a_name_is_written_in_any_case(void **state)
{
	(void)state;
	assert_whole("GET / HTTP/1.1\r\nhOsT: a\r\nCONTENT-LENGTH: 7\r\n"
		     "eXPECT: 100-CONTINUE\r\ncOnnection: cLOSE\r\n\r\n");
	assert_int_equal(it.r.body, 7);
	assert_int_equal(it.r.expects, 1);
	assert_int_equal(it.r.keep, 0);
	assert_int_equal(read_string(WITH("tRANSFER-eNCODING: a\r\n")), -501);
}

static void blanks_around_a_value_are_none_of_it(void **state)
{
	(void)state;
	assert_whole("GET / HTTP/1.1\r\nHost: \t a\t \r\n"
		     "Content-Length:7\t\t\r\nExpect:\t100-continue \r\n\r\n");
	assert_int_equal(it.r.body, 7);
	assert_int_equal(it.r.expects, 1);
}

/* ---- Host ---------------------------------------------------------------------- */

static void one_host_and_one_word(void **state)
{
	static const char *const heads[] = {
		WITH("Host: a\r\n"),
		WITH("hOST: b\r\n"),
		"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost:\r\nHost:\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
		"GET / HTTP/1.0\r\nHost: a\tb\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: http://a\r\n\r\n",
		"GET http://a/ HTTP/1.1\r\nHost: a/\r\n\r\n",
	};

	(void)state;
	all_refused(400, "there is one Host, and it is one word", heads,
		    COUNT(heads));
}

static void a_host_is_missing(void **state)
{
	static const char *const heads[] = {
		"GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.9\r\nX: Host: a\r\n\r\n",
		"GET http://a/ HTTP/1.1\r\nXHost: a\r\n\r\n",
	};

	(void)state;
	all_refused(400, "a Host is missing", heads, COUNT(heads));
	assert_whole("GET / HTTP/1.0\r\n\r\n");
	assert_whole("GET / HTTP/1.1\r\nHost:\r\n\r\n");
	assert_whole("GET / HTTP/1.1\r\nHost: \t \r\n\r\n");
	assert_whole("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");
	assert_whole("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n");
}

static void letters_of_a_host(void **state)
{
	static const char letters[] =
		"!$%&'()*+,-.:;=[]_~0123456789"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	char in_target[BYTES];

	(void)state;
	assert_letters("GET / HTTP/1.0\r\nHost: a%cb\r\n\r\n", letters);
	snprintf(in_target, sizeof in_target, "%s/?", letters);
	assert_letters("GET http://a%cb HTTP/1.0\r\n\r\n", in_target);
}

/* ---- How long the body is -------------------------------------------------------- */

static void one_length_and_a_number(void **state)
{
	static const char *const heads[] = {
		WITH("Content-Length: 3\r\nContent-Length: 4\r\n"),
		WITH("Content-Length: 3\r\nX: a\r\ncontent-length: 3\r\n"),
		WITH("Content-Length: 0\r\nContent-Length: 0\r\n"),
		WITH("Content-Length: 3, 3\r\n"),
		WITH("Content-Length: 3,\r\n"),
		WITH("Content-Length: 3 3\r\n"),
		WITH("Content-Length: 3\t3\r\n"),
		WITH("Content-Length: +3\r\n"),
		WITH("Content-Length: -3\r\n"),
		WITH("Content-Length: -0\r\n"),
		WITH("Content-Length: 0x3\r\n"),
		WITH("Content-Length: 3a\r\n"),
		WITH("Content-Length: 3.0\r\n"),
		WITH("Content-Length: 3/\r\n"),
		WITH("Content-Length: 3:\r\n"),
		WITH("Content-Length: 1e1\r\n"),
		WITH("Content-Length: \"3\"\r\n"),
		WITH("Content-Length: \xb3\r\n"),
		WITH("Content-Length: x\r\n"),
		WITH("Content-Length:\r\n"),
		WITH("Content-Length:  \r\n"),
	};

	(void)state;
	all_refused(400, "there is one Content-Length, a number", heads,
		    COUNT(heads));
}

static void lengths_up_to_the_limit(void **state)
{
	static const struct {
		const char *words;
		int body; /* -1: refused */
	} lengths[] = {
		{ "0", 0 },
		{ "9", 9 },
		{ "10", 10 },
		{ "1048575", HTTP_BODY_MAX - 1 },
		{ "1048576", HTTP_BODY_MAX },
		{ "000000000000000000000000000001048576", HTTP_BODY_MAX },
		{ "1048577", -1 },
		{ "1048580", -1 },
		{ "10485760", -1 },
		{ "4294967296", -1 },
		{ "4294967297", -1 },
		{ "18446744073709551617", -1 },
		{ "99999999999999999999999999999999999999", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		int head = read_format(WITH("Content-Length: %s\r\n"),
				       lengths[i].words);

		if (lengths[i].body == -1) {
			assert_int_equal(head, -413);
			assert_string_equal(it.r.wrong,
					    "the body is too large");
			continue;
		}
		assert_true(head > 0);
		assert_int_equal(it.r.body, lengths[i].body);
	}
}

static void a_coding_is_not_known(void **state)
{
	static const char *const heads[] = {
		WITH("Transfer-Encoding: chunked\r\n"),
		WITH("Transfer-Encoding: gzip, chunked\r\n"),
		WITH("Transfer-Encoding: identity\r\n"),
		WITH("Transfer-Encoding:\r\n"),
		WITH("Transfer-Encoding: a\r\nTransfer-Encoding: b\r\n"),
	};

	(void)state;
	all_refused(501, "send a Content-Length instead", heads, COUNT(heads));
}

static void a_coding_and_a_length_contradict(void **state)
{
	static const char *const heads[] = {
		WITH("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"),
		WITH("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
		WITH("Content-Length: 0\r\ntransfer-encoding: a\r\n"),
		"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
	};

	(void)state;
	all_refused(400, "how long is the body?", heads, COUNT(heads));
}

/* ---- What becomes of the connection ------------------------------------------- */

static void who_is_kept(void **state)
{
	static const struct {
		int minor;
		const char *fields;
		int keep;
	} connections[] = {
		{ 1, "", 1 },
		{ 1, "Connection: keep-alive\r\n", 1 },
		{ 1, "Connection: close\r\n", 0 },
		{ 1, "Connection: CLOSE\r\n", 0 },
		{ 1, "Connection: keep-alive, close\r\n", 0 },
		{ 1, "Connection: close, keep-alive\r\n", 0 },
		{ 1, "Connection: a,close\r\n", 0 },
		{ 1, "Connection: a\t, \tclose\t ,b\r\n", 0 },
		{ 1, "Connection: ,,close,\r\n", 0 },
		{ 1, "Connection: close\r\nConnection: keep-alive\r\n", 0 },
		{ 1, "Connection: a\r\nConnection: close\r\n", 0 },
		{ 1, "Connection: closed, disclose, clos, close-\r\n", 1 },
		{ 1, "Connection:\r\n", 1 },
		{ 1, "X: close\r\n", 1 },
		{ 0, "", 0 },
		{ 0, "Connection: a\r\n", 0 },
		{ 0, "Connection: close\r\n", 0 },
		{ 0, "Connection: keep-alive\r\n", 1 },
		{ 0, "Connection: Keep-Alive\r\n", 1 },
		{ 0, "Connection: a, keep-alive\r\n", 1 },
		{ 0, "Connection: keep-alive, close\r\n", 0 },
		{ 0, "Connection: keep-alive\r\nConnection: close\r\n", 0 },
		{ 0, "Connection: keep-alive2, xkeep-alive, keep\r\n", 0 },
		{ 0, "Keep-Alive: 300\r\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(connections); i++) {
		assert_true(read_format("GET / HTTP/1.%d\r\nHost: a\r\n%s\r\n",
					connections[i].minor,
					connections[i].fields) > 0);
		if (it.r.keep != connections[i].keep)
			fail_msg("keep is %d: HTTP/1.%d, %s", it.r.keep,
				 connections[i].minor, connections[i].fields);
	}
}

static void who_waits_for_a_word(void **state)
{
	(void)state;
	assert_whole(WITH(""));
	assert_int_equal(it.r.expects, 0);
	assert_whole(WITH("Expect: 100-Continue\r\nContent-Length: 3\r\n"));
	assert_int_equal(it.r.expects, 1);
	assert_whole(WITH("Expect: 100-continue\r\nExpect: 100-continue\r\n"));
	assert_int_equal(it.r.expects, 1);
	assert_whole("PUT / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n");
	assert_int_equal(it.r.expects, 0);
}

static void other_expectations_are_refused(void **state)
{
	static const char *const heads[] = {
		WITH("Expect: 100\r\n"),
		WITH("Expect: 100-continued\r\n"),
		WITH("Expect: 100-continue, a\r\n"),
		WITH("Expect: 200-ok\r\n"),
		WITH("Expect:\r\n"),
		WITH("Expect: 100-continue\r\nExpect: a\r\n"),
		"GET / HTTP/1.0\r\nExpect: a\r\n\r\n",
	};

	(void)state;
	all_refused(417, "only 100-continue can be expected", heads,
		    COUNT(heads));
}

/* ---- The limits, to the byte ---------------------------------------------------- */

static const char *many(char letter, int count)
{
	static char letters[SAMPLE];

	assert_in_range(count, 0, SAMPLE - 1);
	memset(letters, letter, (size_t)count);
	letters[count] = '\0';
	return letters;
}

static void a_target_to_the_byte(void **state)
{
	const int less = (int)strlen("http://a/");

	(void)state;
	for (int over = -1; over <= 1; over++) {
		int head = read_format("GET /%s HTTP/1.0\r\n\r\n",
				       many('a', HTTP_TARGET_MAX + over - 1));

		assert_int_equal(head < 0 ? head : 0, over > 0 ? -414 : 0);
		head = read_format("GET http://a/%s HTTP/1.0\r\n\r\n",
				   many('a', HTTP_TARGET_MAX + over - less));
		assert_int_equal(head < 0 ? head : 0, over > 0 ? -414 : 0);
	}
	assert_string_equal(it.r.wrong, "the target is too long");
}

/* How it goes with a head of so many bytes, and with bytes behind it. */
static int read_of_length(int count, const char *behind)
{
	const int least = (int)strlen("GET / HTTP/1.0\r\nX: \r\n\r\n");

	return read_format("GET / HTTP/1.0\r\nX: %s\r\n\r\n%s",
			   many('a', count - least), behind);
}

static void a_head_to_the_byte(void **state)
{
	(void)state;
	for (int over = -1; over <= 1; over++) {
		int count = HTTP_HEAD_MAX + over;

		assert_int_equal(read_of_length(count, ""),
				 over > 0 ? -431 : count);
		assert_int_equal(read_of_length(count, "GET / HTTP/1.0\r\n"),
				 over > 0 ? -431 : count);
	}
	assert_string_equal(it.r.wrong, "the head is too long");
}

static void a_head_without_end(void **state)
{
	static const char line[] = "GET / HTTP/1.0\r\n";
	const int less = (int)sizeof line - 1;

	(void)state;
	assert_int_equal(read_string(many('a', HTTP_HEAD_MAX - 1)), 0);
	assert_int_equal(read_string(many('a', HTTP_HEAD_MAX)), -414);
	assert_int_equal(read_string(many('a', HTTP_HEAD_MAX + 1)), -414);
	assert_int_equal(
		read_format("%s%s", line, many('a', HTTP_HEAD_MAX - 1 - less)),
		0);
	assert_int_equal(
		read_format("%s%s", line, many('a', HTTP_HEAD_MAX - less)),
		-431);
	assert_string_equal(it.r.wrong, "the head is too long");
}

static void empty_lines_have_a_limit(void **state)
{
	static char lines[HTTP_HEAD_MAX];

	(void)state;
	for (int i = 0; i < HTTP_HEAD_MAX; i++)
		lines[i] = "\r\n"[i % 2];
	assert_int_equal(read_raw(lines, HTTP_HEAD_MAX - 1), 0);
	assert_int_equal(read_raw(lines, HTTP_HEAD_MAX), -414);
}

/* ---- Around it -------------------------------------------------------------------- */

static void no_memory_is_asked_for(void **state)
{
	static const char head[] = WITH("Content-Length: 3\r\n");

	(void)state;
	memset(&it.r, 0, sizeof it.r);
	starve(0, 0);
	assert_int_equal(http_read(&it.r, head, (int)sizeof head - 1),
			 sizeof head - 1);
	assert_int_equal(memory.asked, 0);
}

static void a_word_is_compared_to_the_letter(void **state)
{
	static const char bytes[] = "xGETx";
	struct http_part part = { 1, 3 }, empty = { 5, 0 };

	(void)state;
	assert_int_equal(http_is(bytes, part, "GET"), 1);
	assert_int_equal(http_is(bytes, part, "GEt"), 0);
	assert_int_equal(http_is(bytes, part, "GE"), 0);
	assert_int_equal(http_is(bytes, part, "GETx"), 0);
	assert_int_equal(http_is(bytes, part, ""), 0);
	assert_int_equal(http_is(bytes, empty, ""), 1);
}

static void a_status_has_a_reason(void **state)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {
		{ 200, "OK" },
		{ 400, "Bad Request" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 417, "Expectation Failed" },
		{ 431, "Request Header Fields Too Large" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
		{ 299, "Status" },
		{ 599, "Status" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++)
		assert_string_equal(http_reason(known[i].status),
				    known[i].reason);
}

static size_t read_sample(const char *name)
{
	char path[PATH];
	FILE *file;
	size_t count;

	snprintf(path, sizeof path, "tests/fuzz/corpus/%s", name);
	file = fopen(path, "rb");
	assert_non_null(file);
	count = fread(it.bytes, 1, sizeof it.bytes, file);
	fclose(file);
	return count;
}

static void the_samples_of_the_fuzzers(void **state)
{
	DIR *corpus = opendir("tests/fuzz/corpus");
	struct dirent *entry;
	int samples = 0;

	(void)state;
	assert_non_null(corpus);
	while ((entry = readdir(corpus)) != NULL) {
		const char *name = entry->d_name, *wrong;
		size_t count;

		if (name[0] == '.')
			continue;
		count = read_sample(name);
		assert_in_range(count, 3, SAMPLE - 1);
		wrong = http_check_sample(it.bytes, count);
		if (wrong != NULL)
			fail_msg("%s: %s", name, wrong);
		read_raw(it.bytes + 2, count - 2);
		samples++;
	}
	closedir(corpus);
	assert_in_range(samples, 12, 100);
}

int main(void)
{
	static const struct entry entries[] = {
		ONCE("a request is read", a_request_is_read),
		ONCE("a request begins with a method",
		     a_request_begins_with_a_method),
		ONCE("the first byte tells", the_first_byte_tells),
		ONCE("a target is one word", a_target_is_one_word),
		ONCE("the line ends in a version", the_line_ends_in_a_version),
		ONCE("1 is the only major version",
		     one_is_the_only_major_version),
		ONCE("a method and a target have their letters",
		     letters_of_the_line),
		ONCE("the host is cut from a target",
		     the_host_is_cut_from_a_target),
		ONCE("other targets are refused", other_targets_are_refused),
		ONCE("a line ends with CR LF", a_line_ends_with_cr_lf),
		ONCE("a line is text", a_line_is_text),
		ONCE("empty lines before are passed over",
		     empty_lines_before_are_passed_over),
		ONCE("what has not come is waited for",
		     what_has_not_come_is_waited_for),
		ONCE("the next request is left alone",
		     the_next_request_is_left_alone),
		ONCE("a field is a name, a colon, a value",
		     a_field_is_a_name_a_colon_a_value),
		ONCE("a field has its letters", letters_of_a_field),
		ONCE("fields without meaning here are passed over",
		     fields_without_meaning_here_are_passed_over),
		ONCE("a name is written in any case",
		     a_name_is_written_in_any_case),
		ONCE("blanks around a value are none of it",
		     blanks_around_a_value_are_none_of_it),
		ONCE("there is one Host, and it is one word",
		     one_host_and_one_word),
		ONCE("HTTP/1.1 has a Host", a_host_is_missing),
		ONCE("a Host has its letters", letters_of_a_host),
		ONCE("there is one length, a number", one_length_and_a_number),
		ONCE("a length has its limit", lengths_up_to_the_limit),
		ONCE("no coding is known", a_coding_is_not_known),
		ONCE("a coding and a length contradict each other",
		     a_coding_and_a_length_contradict),
		ONCE("who is kept", who_is_kept),
		ONCE("who waits for a word", who_waits_for_a_word),
		ONCE("other expectations are refused",
		     other_expectations_are_refused),
		ONCE("a target has its limit, to the byte",
		     a_target_to_the_byte),
		ONCE("a head has its limit, to the byte", a_head_to_the_byte),
		ONCE("a head without end is refused at its limit",
		     a_head_without_end),
		ONCE("empty lines have a limit", empty_lines_have_a_limit),
		ONCE("no memory is asked for", no_memory_is_asked_for),
		ONCE("a word is compared to the letter",
		     a_word_is_compared_to_the_letter),
		ONCE("a status has a reason", a_status_has_a_reason),
		ONCE("the samples of the fuzzer keep what must hold",
		     the_samples_of_the_fuzzers),
	};

	return run_entries("http", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
