/*
 * A binary min-heap in an array: the children of index i are 2i + 1 and 2i + 2,
 * and no child is earlier than its parent. Each node knows its place, so one
 * that is no longer wanted is taken out of the middle.
 */
#include "heap.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

int heap_init(struct heap *h, size_t room)
{
	*h = (struct heap){ NULL, room, 0, 0, 0 };
	if (room == 0 || room > SIZE_MAX / sizeof *h->nodes) {
		errno = room ? ENOMEM : EINVAL;
		return -1;
	}
	h->nodes = malloc(room * sizeof *h->nodes);
	return h->nodes == NULL ? -1 : 0;
}

void heap_free(struct heap *h)
{
	free(h->nodes);
	*h = (struct heap){ NULL, 0, 0, 0, 0 };
}

/* Equal moments come out in the order in which they went in. */
static int earlier(const struct heap_node *a, const struct heap_node *b)
{
	if (a->when != b->when)
		return a->when < b->when; /* a difference could overflow */
	return a->order < b->order;
}

static void put(struct heap *h, size_t index, struct heap_node *node)
{
	h->nodes[index] = node;
	node->place = index + 1;
	h->steps++;
}

/* The node goes up from `index`, past each parent that is later. */
static void sift_up(struct heap *h, size_t index, struct heap_node *node)
{
	while (index > 0 && earlier(node, h->nodes[(index - 1) / 2])) {
		put(h, index, h->nodes[(index - 1) / 2]);
		index = (index - 1) / 2;
	}
	put(h, index, node);
}

/* The node goes down from `index`, past each child that is earlier. */
static void sift_down(struct heap *h, size_t index, struct heap_node *node)
{
	size_t child;

	while ((child = 2 * index + 1) < h->count) {
		if (child + 1 < h->count &&
		    earlier(h->nodes[child + 1], h->nodes[child]))
			child++;
		if (!earlier(h->nodes[child], node))
			break;
		put(h, index, h->nodes[child]);
		index = child;
	}
	put(h, index, node);
}

int heap_add(struct heap *h, struct heap_node *node, long long when)
{
	heap_remove(h, node);
	if (h->count == h->room) {
		errno = ENOSPC;
		return -1;
	}
	node->when = when;
	node->order = h->order++;
	sift_up(h, h->count++, node);
	return 0;
}

void heap_remove(struct heap *h, struct heap_node *node)
{
	size_t hole = node->place - 1;
	struct heap_node *last;

	if (node->place == 0)
		return;
	node->place = 0;
	last = h->nodes[--h->count];
	if (last == node)
		return;
	/* The last one fills the hole. It comes from another branch: it may be
	 * too early for the place as well as too late. */
	if (earlier(last, node))
		sift_up(h, hole, last);
	else
		sift_down(h, hole, last);
}

struct heap_node *heap_first(const struct heap *h)
{
	return h->count == 0 ? NULL : h->nodes[0];
}
