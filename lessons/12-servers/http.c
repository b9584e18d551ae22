/*
 * The head of a request. The story, top to bottom: letters and words; the
 * request line; the fields; line after line as they come in.
 */
#include "http.h"

#include <string.h>

/* Which fields a request has had. */
enum { HOST = 1, LENGTH = 2, CODING = 4, CLOSE = 8, KEEP = 16 };

static int refuse(struct http_request *r, int status, const char *wrong)
{
	r->wrong = wrong;
	return -status;
}

/* ---- Letters and words ----------------------------------------------------- */

static int is_letter_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* Behind a '#' stands what concerns only who asks, and is never sent. */
static int is_letter_of_target(char c)
{
	return c > ' ' && c < 127 && c != '#';
}

static int is_letter_of_host(char c)
{
	return is_letter_of_target(c) && strchr("/?@\\\"<>^`{|}", c) == NULL;
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* How many letters of a kind there are from here on. */
static int span(const char *from, const char *end, int (*is)(char))
{
	const char *c = from;

	while (c < end && is(*c))
		c++;
	return (int)(c - from);
}

/* A word in lower case, written in any. */
static int is_word(const char *from, int length, const char *word)
{
	for (int i = 0; i < length; i++)
		if (lower(from[i]) != word[i]) /* a shorter word ends in NUL */
			return 0;
	return word[length] == '\0';
}

int http_is(const char *bytes, struct http_part part, const char *word)
{
	return strlen(word) == (size_t)part.length &&
	       memcmp(bytes + part.at, word, (size_t)part.length) == 0;
}

/* ---- The request line ------------------------------------------------------- */

static int read_version(struct http_request *r, const char *from,
			const char *end)
{
	if (end - from != 8 || memcmp(from, "HTTP/", 5) != 0 ||
	    !is_digit(from[5]) || from[6] != '.' || !is_digit(from[7]))
		return refuse(r, 400, "the request line ends in HTTP/1.1");
	if (from[5] != '1')
		return refuse(r, 505, "this server speaks HTTP/1.1");
	r->version = from[7] == '0' ? 10 : 11;
	return 0;
}

/* Of "http://host/path" the path only: what host it is matters to a proxy. */
static int read_target(struct http_request *r, const char *bytes)
{
	const char *from = bytes + r->target.at;
	int length = r->target.length, host = 7; /* behind "http://" */

	if (length > HTTP_TARGET_MAX)
		return refuse(r, 414, "the target is too long");
	if (*from == '/' || http_is(bytes, r->target, "*"))
		return 0;
	if (length > host && is_word(from, host, "http://"))
		host += span(from + host, from + length, is_letter_of_host);
	if (host == 7 || (host < length && !strchr("/?", from[host])))
		return refuse(r, 400, "the target begins with a slash");
	r->target.at += host;
	r->target.length -= host;
	return 0;
}

/* "GET /index HTTP/1.1": three words, one blank between two of them. */
static int read_request_line(struct http_request *r, const char *bytes,
			     const char *from, const char *end)
{
	const char *at = from;
	int status;

	r->method.at = (int)(at - bytes);
	r->method.length = span(at, end, is_letter_of_name);
	at += r->method.length;
	if (at == end || *at++ != ' ')
		return refuse(r, 400, "a request begins with a method");
	r->target.at = (int)(at - bytes);
	r->target.length = span(at, end, is_letter_of_target);
	at += r->target.length;
	if (r->target.length == 0 || (at < end && *at != ' '))
		return refuse(r, 400, "behind the method stands a target");
	if (at++ == end)
		return refuse(r, 400, "the request line ends in HTTP/1.1");
	status = read_version(r, at, end);
	return status ? status : read_target(r, bytes);
}

/* ---- Fields ------------------------------------------------------------------ */

static int read_host(struct http_request *r, const char *from, int length)
{
	if (r->fields & HOST ||
	    span(from, from + length, is_letter_of_host) != length)
		return refuse(r, 400, "there is one Host, and it is one word");
	r->fields |= HOST;
	return 0;
}

/* Two lengths, or one with a sign or a comma, and two programs disagree about
 * where the next request begins. */
static int read_length(struct http_request *r, const char *from, int length)
{
	int value = 0;

	if (r->fields & LENGTH || length == 0 ||
	    span(from, from + length, is_digit) != length)
		return refuse(r, 400, "there is one Content-Length, a number");
	r->fields |= LENGTH;
	for (int i = 0; i < length && value <= HTTP_BODY_MAX; i++)
		value = value * 10 + (from[i] - '0');
	if (value > HTTP_BODY_MAX)
		return refuse(r, 413, "the body is too large");
	r->body = value;
	return 0;
}

/* "keep-alive, upgrade": words with commas and blanks between them. */
static void read_connection(struct http_request *r, const char *from,
			    int length)
{
	const char *end = from + length;
	int word;

	for (; from < end; from += word + 1) {
		word = span(from, end, is_letter_of_name);
		if (is_word(from, word, "close"))
			r->fields |= CLOSE;
		if (is_word(from, word, "keep-alive"))
			r->fields |= KEEP;
	}
}

static int read_expect(struct http_request *r, const char *from, int length)
{
	if (!is_word(from, length, "100-continue"))
		return refuse(r, 417, "only 100-continue can be expected");
	r->expects = 1;
	return 0;
}

static int read_value(struct http_request *r, const char *name, int length,
		      const char *value, int value_length)
{
	if (is_word(name, length, "host"))
		return read_host(r, value, value_length);
	if (is_word(name, length, "content-length"))
		return read_length(r, value, value_length);
	if (is_word(name, length, "expect"))
		return read_expect(r, value, value_length);
	if (is_word(name, length, "transfer-encoding"))
		r->fields |= CODING;
	if (is_word(name, length, "connection"))
		read_connection(r, value, value_length);
	return 0;
}

/* "Host: example". A line that begins with a blank would continue the one
 * before: nobody sends that any more but to deceive. */
static int read_field(struct http_request *r, const char *from, const char *end)
{
	int length = span(from, end, is_letter_of_name);
	const char *value = from + length;

	if (length == 0 || value == end || *value++ != ':')
		return refuse(r, 400, "a field is a name, a colon, a value");
	value += span(value, end, is_blank);
	while (end > value && is_blank(end[-1]))
		end--;
	return read_value(r, from, length, value, (int)(end - value));
}

/* The empty line: what do the fields mean together? Returns 1, or the status. */
static int finish(struct http_request *r)
{
	if (r->version == 11 && !(r->fields & HOST))
		return refuse(r, 400, "a Host is missing");
	if (r->fields & CODING && (r->fields & LENGTH || r->version == 10))
		return refuse(r, 400, "how long is the body?");
	if (r->fields & CODING)
		return refuse(r, 501, "send a Content-Length instead");
	if (r->version == 10)
		r->expects = 0;
	r->keep =
		!(r->fields & CLOSE) && (r->version == 11 || r->fields & KEEP);
	return 1;
}

/* ---- Line after line ------------------------------------------------------- */

static int is_allowed(char c)
{
	return (unsigned char)c >= ' ' ? c != 127 : c == '\t';
}

/* A whole line without its LF. Returns 1 for the empty one that ends the head,
 * 0 for another, or the status. */
static int read_line(struct http_request *r, const char *bytes,
		     const char *from, const char *end)
{
	if (end == from || *--end != '\r')
		return refuse(r, 400, "a line ends with CR LF");
	if (span(from, end, is_allowed) != end - from)
		return refuse(r, 400, "that is no text");
	if (from == end && r->lines == 0)
		return 0; /* some send one behind the body before */
	if (from == end)
		return finish(r);
	return r->lines++ == 0 ? read_request_line(r, bytes, from, end)
			       : read_field(r, from, end);
}

/* The first byte tells already who speaks something else, TLS perhaps, and would
 * wait for long without an answer. */
static int judge_start(struct http_request *r, const char *from,
		       const char *end)
{
	if (r->lines == 0 && from < end && *from != '\r' &&
	    !is_letter_of_name(*from))
		return refuse(r, 400, "a request begins with a method");
	return 0;
}

//! [read]
int http_read(struct http_request *r, const char *bytes, int count)
{
	const char *from, *end;
	int status = 0;

	if (count > HTTP_HEAD_MAX)
		count = HTTP_HEAD_MAX;
	while (status == 0) {
		from = bytes + r->done;
		status = judge_start(r, from, bytes + count);
		if (status)
			return status;
		end = memchr(from, '\n', (size_t)(count - r->done));
		if (end == NULL)
			break;
		status = read_line(r, bytes, from, end);
		r->done = (int)(end + 1 - bytes);
	}
	if (status == 0 && count == HTTP_HEAD_MAX)
		return refuse(r, r->lines ? 431 : 414, "the head is too long");
	return status == 1 ? r->done : status;
}
//! [read]

const char *http_reason(int status)
{
	static const struct {
		int status;
		const char *words;
	} reasons[] = {
		{ 200, "OK" },
		{ 400, "Bad Request" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 413, "Content Too Large" },
		{ 414, "URI Too Long" },
		{ 417, "Expectation Failed" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].words;
	return "Status";
}
