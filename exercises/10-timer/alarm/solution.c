/* Exercise alarm: a binary min-heap of moments. */
#include "alarm.h"

/* Compared, not subtracted: a difference of two moments may be too large for
 * its type. And the order of setting decides between equal ones. */
static int earlier(const struct alarm *a, const struct alarm *b)
{
	if (a->when != b->when)
		return a->when < b->when;
	return a->order < b->order;
}

/* A hole goes up until `a` may stand in it. */
static void up(struct alarms *h, size_t hole, struct alarm *a)
{
	while (hole > 0 && earlier(a, h->at[(hole - 1) / 2])) {
		alarms_put(h, hole, h->at[(hole - 1) / 2]);
		hole = (hole - 1) / 2;
	}
	alarms_put(h, hole, a);
}

/* A hole goes down, always to the earlier one of the children: the other one
 * will be its child. */
static void down(struct alarms *h, size_t hole, struct alarm *a)
{
	size_t child;

	for (; (child = 2 * hole + 1) < h->count; hole = child) {
		if (child + 1 < h->count &&
		    earlier(h->at[child + 1], h->at[child]))
			child++;
		if (!earlier(h->at[child], a))
			break;
		alarms_put(h, hole, h->at[child]);
	}
	alarms_put(h, hole, a);
}

/* Why it is taken out first: an alarm may be set twice, and a heap in which it
 * stands twice, or in which its moment changes under it, is no heap. */
void alarms_set(struct alarms *h, struct alarm *a, long long when)
{
	alarms_stop(h, a);
	a->when = when;
	a->order = h->set++;
	up(h, h->count++, a);
}

/* Why both ways: the last one comes from another branch. It can be earlier than
 * the parent of the hole. */
void alarms_stop(struct alarms *h, struct alarm *a)
{
	size_t hole = a->place - 1;
	struct alarm *last;

	if (a->place == 0)
		return;
	a->place = 0;
	last = h->at[--h->count];
	if (last == a)
		return; /* it was the last: there is no hole to fill */
	if (earlier(last, a))
		up(h, hole, last);
	else
		down(h, hole, last);
}
