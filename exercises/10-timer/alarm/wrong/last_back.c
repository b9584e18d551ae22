/* Misconception: the last one always fills a hole, its own too. */
/* Rejected by: the last one can be taken out */
#include "alarm.h"

static int earlier(const struct alarm *a, const struct alarm *b)
{
	if (a->when != b->when)
		return a->when < b->when;
	return a->order < b->order;
}

static void up(struct alarms *h, size_t hole, struct alarm *a)
{
	while (hole > 0 && earlier(a, h->at[(hole - 1) / 2])) {
		alarms_put(h, hole, h->at[(hole - 1) / 2]);
		hole = (hole - 1) / 2;
	}
	alarms_put(h, hole, a);
}

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

void alarms_set(struct alarms *h, struct alarm *a, long long when)
{
	alarms_stop(h, a);
	a->when = when;
	a->order = h->set++;
	up(h, h->count++, a);
}

void alarms_stop(struct alarms *h, struct alarm *a)
{
	size_t hole = a->place - 1;
	struct alarm *last;

	if (a->place == 0)
		return;
	a->place = 0;
	last = h->at[--h->count];
	if (earlier(last, a))
		up(h, hole, last);
	else
		down(h, hole, last);
}
