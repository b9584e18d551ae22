/* Exercise heads: find the requests in a stream of bytes. */
#include "heads.h"

long heads_next(struct heads *h, char *head)
{
	/* TODO: look for an empty line, read while there is none, hand over. */
	(void)h;
	(void)head;
	return -1;
}
