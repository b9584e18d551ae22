/* What must hold of http_read(), whatever the bytes are. For the fuzzer and for
 * the tests, which ask it about the same samples.
 *
 * A second reader stands here beside the first. It is slow and plain and believes
 * everything: what the strict one lets through, the two must read alike. */
#ifndef HTTP_CHECK_H
#define HTTP_CHECK_H

#include "../../lessons/12-servers/http.h"

#include <stdlib.h>
#include <string.h>

/* The first thing that does not hold is what is wrong. */
#define HOLDS(words, condition)       \
	do {                          \
		if (!(condition))     \
			return words; \
	} while (0)

/* ---- Read at once, and in pieces -------------------------------------------- */

/* One look at the first `count` bytes, in a block of that size: a sanitizer sees
 * who looks further. The block is another one each time. */
static inline int look(struct http_request *r, const char *bytes, size_t count)
{
	char *block = (char *)malloc(count ? count : 1);
	int result;

	if (block == NULL)
		abort();
	memcpy(block, bytes, count);
	result = http_read(r, block, (int)count);
	free(block);
	return result;
}

/* Pieces of the two sizes in turn, until there is an answer. */
static inline const char *look_in_pieces(struct http_request *r,
					 const char *bytes, size_t count,
					 const size_t sizes[2], int *result)
{
	size_t come = 0;
	int done = 0;

	for (int i = 0; come < count; i++) {
		come += sizes[i % 2];
		if (come > count)
			come = count;
		*result = look(r, bytes, come);
		HOLDS("what is done is not undone", r->done >= done);
		HOLDS("what is done has come", r->done <= (int)come);
		done = r->done;
		if (*result != 0)
			break;
	}
	return NULL;
}

static inline int same_part(struct http_part a, struct http_part b)
{
	return a.at == b.at && a.length == b.length;
}

static inline int same_words(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static inline int same_request(const struct http_request *a,
			       const struct http_request *b)
{
	return same_part(a->method, b->method) &&
	       same_part(a->target, b->target) && a->version == b->version &&
	       a->keep == b->keep && a->expects == b->expects &&
	       a->body == b->body && a->done == b->done &&
	       a->lines == b->lines && a->fields == b->fields &&
	       same_words(a->wrong, b->wrong);
}

/* ---- The plain reader --------------------------------------------------------- */

static inline int is_end_of_line(const char *bytes)
{
	return bytes[0] == '\r' && bytes[1] == '\n';
}

/* Where the request line begins. */
static inline size_t plain_start(const char *bytes, size_t count)
{
	size_t at = 0;

	while (at + 1 < count && is_end_of_line(bytes + at))
		at += 2;
	return at;
}

/* How many bytes the head has, or 0. */
static inline size_t plain_head(const char *bytes, size_t count)
{
	for (size_t at = plain_start(bytes, count); at + 3 < count; at++)
		if (is_end_of_line(bytes + at) &&
		    is_end_of_line(bytes + at + 2))
			return at + 4;
	return 0;
}

/* Whether a string begins with a word, in any case. */
static inline int plain_word(const char *words, const char *word)
{
	for (; *word; words++, word++)
		if ((*words >= 'A' && *words <= 'Z' ? *words + 32 : *words) !=
		    *word)
			return 0;
	return 1;
}

/* How many fields have this name, with the colon; `value` is behind the last.
 * The head is a string. */
static inline int plain_field(const char *head, const char *name,
			      const char **value)
{
	int count = 0;

	for (const char *c = strstr(head, "\r\n"); c != NULL;
	     c = strstr(c + 2, "\r\n"))
		if (plain_word(c + 2, name)) {
			*value = c + 2 + strlen(name);
			count++;
		}
	return count;
}

/* ---- What must hold ------------------------------------------------------------ */

static inline const char *check_line(const struct http_request *r,
				     const char *head)
{
	const char *method = head + r->method.at, *target = head + r->target.at,
		   *version = target + r->target.length;

	HOLDS("a method has letters", r->method.length > 0);
	HOLDS("the method begins the line",
	      r->method.at == (int)plain_start(head, strlen(head)));
	HOLDS("the method ends at the first blank",
	      strcspn(method, " ") == (size_t)r->method.length);
	HOLDS("the target is behind the method",
	      r->target.at > r->method.at + r->method.length);
	HOLDS("the target ends at the second blank",
	      strcspn(target, " \r\n") == (size_t)r->target.length);
	HOLDS("a target is within its limit",
	      r->target.length <= HTTP_TARGET_MAX);
	HOLDS("a target is a path, or a star, or behind a host",
	      target[-1] != ' ' || *target == '/' ||
		      http_is(head, r->target, "*"));
	HOLDS("behind a host is a path, a question or nothing",
	      target[-1] == ' ' || strchr("/? ", *target) != NULL);
	HOLDS("behind the target is HTTP/1",
	      memcmp(version, " HTTP/1.", 8) == 0 &&
		      is_end_of_line(version + 9));
	HOLDS("the version is what stands there",
	      r->version == (version[8] == '0' ? 10 : 11));
	return NULL;
}

static inline const char *check_fields(const struct http_request *r,
				       const char *head)
{
	const char *value = NULL;
	int hosts = plain_field(head, "host:", &value);
	int lengths = plain_field(head, "content-length:", &value);

	HOLDS("there is one length at most", lengths <= 1);
	HOLDS("the length is what stands there",
	      r->body == (lengths ? strtol(value, NULL, 10) : 0));
	HOLDS("a body is within its limit",
	      r->body >= 0 && r->body <= HTTP_BODY_MAX);
	HOLDS("no coding is passed over",
	      plain_field(head, "transfer-encoding:", &value) == 0);
	HOLDS("there is one host", hosts == 1 || (!hosts && r->version == 10));
	HOLDS("who closes is not kept",
	      plain_field(head, "connection: close\r", &value) == 0 ||
		      !r->keep);
	HOLDS("HTTP/1.0 is kept only when asked",
	      r->version == 11 || !r->keep ||
		      plain_field(head, "connection:", &value) > 0);
	HOLDS("who expects says so",
	      r->expects == (r->version == 11 &&
			     plain_field(head, "expect:", &value) > 0));
	return NULL;
}

static inline const char *check_text(const char *head, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		HOLDS("a CR stands before a LF",
		      head[i] != '\r' || head[i + 1] == '\n');
		HOLDS("a LF stands behind a CR",
		      head[i] != '\n' || (i > 0 && head[i - 1] == '\r'));
		HOLDS("nothing but text", (unsigned char)head[i] >= ' ' ||
						  strchr("\t\r\n", head[i]));
	}
	return NULL;
}

/* Of a head that was let through. */
static inline const char *check_head(const struct http_request *r,
				     const char *bytes, size_t count, int head)
{
	static char string[HTTP_HEAD_MAX + 1];
	struct http_request again;
	const char *wrong;

	HOLDS("a head is within its limit", head <= HTTP_HEAD_MAX);
	HOLDS("a head ends at the first empty line",
	      (size_t)head == plain_head(bytes, count));
	HOLDS("all of it is done", r->done == head);
	HOLDS("nothing is wrong", r->wrong == NULL);
	HOLDS("keep is 0 or 1", r->keep == 0 || r->keep == 1);
	memset(&again, 0, sizeof again);
	HOLDS("what is behind the head plays no part",
	      look(&again, bytes, (size_t)head) == head &&
		      same_request(r, &again));
	memcpy(string, bytes, (size_t)head);
	string[head] = '\0';
	wrong = check_text(string, (size_t)head);
	if (wrong == NULL)
		wrong = check_line(r, string);
	return wrong ? wrong : check_fields(r, string);
}

/* Of one that was refused, or has not come. */
static inline const char *check_rest(const struct http_request *r,
				     const char *bytes, size_t count,
				     int result)
{
	static const int statuses[] = { 0,    -400, -413, -414,
					-417, -431, -501, -505 };
	size_t i = 0;

	while (i < sizeof statuses / sizeof *statuses && statuses[i] != result)
		i++;
	HOLDS("a status is one of those",
	      i < sizeof statuses / sizeof *statuses);
	HOLDS("a status has a reason",
	      result == 0 || strcmp(http_reason(-result), "Status") != 0);
	HOLDS("why is said", (result == 0) == (r->wrong == NULL));
	HOLDS("one that has not come has no end",
	      result != 0 || plain_head(bytes, count) == 0);
	HOLDS("one without end ends at the limit",
	      result != 0 || count < HTTP_HEAD_MAX);
	return NULL;
}

/* Says what does not hold, or NULL. */
static inline const char *http_check(const char *bytes, size_t count,
				     size_t piece, size_t other)
{
	size_t sizes[2] = { piece ? piece : 1, other ? other : 1 };
	struct http_request r, s;
	int result, in_pieces = 0;
	const char *wrong;

	memset(&r, 0, sizeof r);
	memset(&s, 0, sizeof s);
	result = look(&r, bytes, count);
	wrong = look_in_pieces(&s, bytes, count, sizes, &in_pieces);
	if (wrong != NULL)
		return wrong;
	HOLDS("in pieces it is the same as at once",
	      result == in_pieces && same_request(&r, &s));
	return result > 0 ? check_head(&r, bytes, count, result)
			  : check_rest(&r, bytes, count, result);
}

/* A sample: its first two bytes are the sizes of the pieces. */
static inline const char *http_check_sample(const char *data, size_t size)
{
	if (size < 2)
		return NULL;
	return http_check(data + 2, size - 2, (unsigned char)data[0],
			  (unsigned char)data[1]);
}

#endif
