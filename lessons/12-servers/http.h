/**
 * @file
 * The head of an HTTP/1.1 request (RFC 9112), read as it comes in. No input or
 * output here: bytes go in, and what they say comes out.
 *
 * It is strict where leniency would let two programs read one stream in two
 * ways: lines end with CR LF; no blank before a colon; no folded lines; one
 * length of the body, given once.
 */
#ifndef COROUTINE_HTTP_H
#define COROUTINE_HTTP_H

#ifdef __cplusplus
extern "C" {
#endif

/** The bounds, in bytes. A head that exceeds them is refused. */
enum {
	HTTP_HEAD_MAX = 8192,   /**< of a head: status 431 */
	HTTP_TARGET_MAX = 2048, /**< of a target: status 414 */
	HTTP_BODY_MAX = 1048576 /**< of a body: status 413 */
};

/** A part of the bytes. */
struct http_part {
	int at;     /**< from the first byte of the head on */
	int length; /**< bytes of it */
};

/** A request; zeroed before its first byte. */
struct http_request {
	struct http_part method; /**< "GET" */
	struct http_part target; /**< "/index?q=1", or "*"; of "http://host?q=1"
	                              the part after the host, here "?q=1", which
	                              may be empty */
	int version;             /**< 10: HTTP/1.0; 11: HTTP/1.1 or above */
	int keep;    /**< 1: the connection is to be kept open afterwards */
	int expects; /**< 1: the client waits for a word before its body */
	int body;    /**< bytes that follow the head */
	const char *wrong; /**< when it is refused: why, in words */
	/* The rest is the reader's own. */
	int done;   /**< bytes of whole lines that have been read */
	int lines;  /**< how many of them; empty ones at first do not count */
	int fields; /**< which fields there were: bits */
};

/**
 * Reads the head of a request as far as it has come. Called again with the same
 * bytes and more behind them until it does not return 0.
 * @param r     the request, zeroed before the first call
 * @param bytes from the first byte of the head on; may be moved between calls
 * @param count how many have come, 0 or more
 * @return how many bytes the head has, its empty line included; 0: not all of
 *         it has come; below 0: refused, with the status as a negative number:
 *         - -400: not HTTP, or not clear: no Host, two lengths ...
 *         - -413: the body exceeds HTTP_BODY_MAX
 *         - -414: the target exceeds HTTP_TARGET_MAX, or the request line
 *           HTTP_HEAD_MAX
 *         - -417: an expectation other than 100-continue
 *         - -431: the head exceeds HTTP_HEAD_MAX
 *         - -501: a Transfer-Encoding, of which this reader knows none
 *         - -505: HTTP, and not HTTP/1
 */
int http_read(struct http_request *r, const char *bytes, int count);

/**
 * Whether a part is a word, to the letter.
 * @param bytes the head
 * @param part  of it
 * @param word  a string
 * @return 1 or 0
 */
int http_is(const char *bytes, struct http_part part, const char *word);

/**
 * The reason of a status.
 * @param status 100 to 599
 * @return "Not Found"; "Status" for one that is not known here
 */
const char *http_reason(int status);

#ifdef __cplusplus
}
#endif

#endif
