/**
 * @file
 * A binary min-heap of moments: the earliest is always on top.
 *
 * Nodes are yours and are linked, not copied: a node knows its place, so that
 * one can be taken out of the middle. Equal moments come out in the order in
 * which they went in. (libevent keeps its timers so.)
 */
#ifndef COROUTINE_HEAP_H
#define COROUTINE_HEAP_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One moment; yours to embed and zero. Its fields are the heap's while it is
 *  in one. */
struct heap_node {
	long long when;           /**< the moment */
	unsigned long long order; /**< decides between equal moments */
	size_t place;             /**< index + 1; 0: in no heap */
};

/** A heap; its fields are its own, `count` and `steps` yours to read. */
struct heap {
	struct heap_node **nodes; /**< nodes[0] is the earliest */
	size_t room;              /**< how many fit */
	size_t count;             /**< how many are in it */
	unsigned long long order; /**< how many have ever been added */
	unsigned long long steps; /**< nodes moved in all, to measure it */
};

/**
 * Makes an empty heap of a fixed size.
 * @param h    the heap
 * @param room how many nodes it must hold, 1 or more
 * @return 0; -1 with ENOMEM, or EINVAL for 0
 */
int heap_init(struct heap *h, size_t room);

/**
 * Frees what heap_init() took; the nodes stay yours. Twice does no harm.
 * @param h the heap
 */
void heap_free(struct heap *h);

/**
 * Adds a node; one that is in the heap already is moved to its new moment.
 * Takes O(log n) steps, and no memory.
 * @param h    the heap
 * @param node the node
 * @param when its moment
 * @return 0; -1 with ENOSPC: the heap is full
 */
int heap_add(struct heap *h, struct heap_node *node, long long when);

/**
 * Takes a node out, wherever it stands; no harm when it is in no heap. Takes
 * O(log n) steps.
 * @param h    the heap
 * @param node the node
 */
void heap_remove(struct heap *h, struct heap_node *node);

/**
 * Looks at the earliest node, which stays in the heap.
 * @param h the heap
 * @return the node; NULL when the heap is empty
 */
struct heap_node *heap_first(const struct heap *h);

#ifdef __cplusplus
}
#endif

#endif
