/* A pipeline: source -> filter -> sink. The filter pulls at one end (resume
 * brings a value out) and pushes at the other (resume takes a value in). */
#include "coroutine.h"

#include <stdio.h>
#include <string.h>

static char words[][12] = {
	"one", "context", "is", "one", "place", "to", "be"
};

static void source(struct schedule *S, void *ud)
{
	(void)ud;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		coroutine_yield_with(S, words[i]);
}

//! [filter]
struct ends {
	int source, sink;
};

static void filter(struct schedule *S, void *ud)
{
	const struct ends *ends = ud;

	while (coroutine_resume(S, ends->source) == COROUTINE_SUSPEND) {
		char *word = coroutine_value(S);

		if (strlen(word) > 2)
			coroutine_resume_with(S, ends->sink, word);
	}
	coroutine_resume_with(S, ends->sink, NULL);
}
//! [filter]

//! [sink]
static void sink(struct schedule *S, void *ud)
{
	const char *word;
	int count = 0;

	(void)ud;
	while ((word = coroutine_value(S)) != NULL) {
		printf("%d %s\n", ++count, word);
		coroutine_yield(S);
	}
	printf("%d words\n", count);
}
//! [sink]

int main(void)
{
	struct schedule *S = coroutine_open();
	struct ends ends = { coroutine_new(S, source, NULL),
			     coroutine_new(S, sink, NULL) };

	coroutine_resume(S, coroutine_new(S, filter, &ends));
	return coroutine_close(S);
}
