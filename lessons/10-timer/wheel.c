/*
 * A timing wheel as libco has it. Slot i holds the timers of all milliseconds
 * that are i modulo WHEEL_SLOTS; those of later turns wait their turn.
 */
#include "wheel.h"

#include <stddef.h>
#include <stdlib.h>

int wheel_init(struct wheel *w, long long now)
{
	*w = (struct wheel){ NULL, now, 0 };
	w->slots = malloc(WHEEL_SLOTS * sizeof *w->slots);
	if (w->slots == NULL)
		return -1;
	for (int i = 0; i < WHEEL_SLOTS; i++)
		w->slots[i].next = w->slots[i].previous = &w->slots[i];
	return 0;
}

void wheel_free(struct wheel *w)
{
	free(w->slots);
	w->slots = NULL;
}

static struct wheel_node *slot_of(const struct wheel *w, long long when)
{
	return &w->slots[when % WHEEL_SLOTS];
}

void wheel_add(struct wheel *w, struct wheel_node *node, long long when)
{
	long long at = when;
	struct wheel_node *slot;

	wheel_remove(w, node);
	if (at <= w->now)
		at = w->now + 1; /* this millisecond's slot has had its turn */
	if (at - w->now >= WHEEL_SLOTS)
		at = w->now + WHEEL_SLOTS - 1; /* it is asked again there */
	slot = slot_of(w, at);
	node->when = when;
	node->next = slot;
	node->previous = slot->previous;
	node->previous->next = node;
	slot->previous = node;
	w->steps++;
}

void wheel_remove(struct wheel *w, struct wheel_node *node)
{
	if (node->previous == NULL)
		return;
	node->previous->next = node->next;
	node->next->previous = node->previous;
	node->previous = NULL;
	w->steps++;
}

struct wheel_node *wheel_turn(struct wheel *w, long long now)
{
	struct wheel_node *slot, *node;

	for (;; w->now++, w->steps++) {
		slot = slot_of(w, w->now);
		while ((node = slot->next) != slot) {
			if (node->when <= w->now) {
				wheel_remove(w, node);
				return node;
			}
			wheel_add(w, node, node->when); /* another turn */
		}
		if (w->now >= now)
			return NULL;
	}
}
