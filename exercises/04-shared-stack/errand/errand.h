/* Shared by your answer and its test: a question for somebody else. */
#ifndef ERRAND_H
#define ERRAND_H

#include "coroutine.h"

#include <stdlib.h>

struct errand {
	int question;
	int answer;          /* written by the clerk... */
	int answered;        /* ...who then makes this 1 */
	struct errand *next; /* the desk's; leave it alone */
};

struct desk;

/* Given: lays an errand on the desk. The clerk, a coroutine of the same
 * schedule, reads and writes it while you are suspended; by the time answered
 * is 1 he is through with it. */
void desk_put(struct desk *desk, struct errand *errand);

/* Yours. Called in a coroutine, whose stack is shared: lays an errand on the
 * desk, yields until it is answered, stores the answer in *answer. Returns 0;
 * -1 when there is no memory, and then nothing lies on the desk. */
int ask(struct schedule *S, struct desk *desk, int question, int *answer);

/* The test counts what you take from the heap and what you give back. */
void *errand_malloc(size_t size);
void errand_free(void *memory);
#ifndef ERRAND_TEST
#define malloc(size) errand_malloc(size)
#define calloc(count, size) errand_malloc((count) * (size))
#define free(memory) errand_free(memory)
#endif

#endif
