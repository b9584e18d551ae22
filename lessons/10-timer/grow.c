/* A heap of a few moments, as it stands in its array. */
#include <stdio.h>
#include <string.h>

#include "heap.h"

enum { ROOM = 7 };

static void show(const struct heap *h, const char *what, long long when)
{
	printf("%-8s %2lld:", what, when);
	for (size_t i = 0; i < h->count; i++)
		printf(" %2lld", h->nodes[i]->when);
	printf("\n");
}

int main(void)
{
	static const long long moments[ROOM] = { 10, 1, 3, 11, 12, 2, 4 };
	struct heap_node nodes[ROOM];
	struct heap h;

	memset(nodes, 0, sizeof nodes);
	if (heap_init(&h, ROOM) == -1)
		return 1;
	for (int i = 0; i < ROOM; i++) {
		heap_add(&h, &nodes[i], moments[i]);
		show(&h, "add", moments[i]);
	}
	heap_remove(&h, &nodes[3]);
	show(&h, "take out", moments[3]);
	heap_free(&h);
	return 0;
}
