/* Misconception: it is enough when the earliest is at index 0. */
/* Rejected by: no child is earlier than its parent */
#include "alarm.h"

static void find_first(struct alarms *h)
{
	for (size_t i = 1; i < h->count; i++) {
		struct alarm *first = h->at[0];

		if (h->at[i]->when < first->when) {
			alarms_put(h, 0, h->at[i]);
			alarms_put(h, i, first);
		}
	}
}

void alarms_set(struct alarms *h, struct alarm *a, long long when)
{
	alarms_stop(h, a);
	a->when = when;
	alarms_put(h, h->count++, a);
	find_first(h);
}

void alarms_stop(struct alarms *h, struct alarm *a)
{
	if (a->place == 0)
		return;
	alarms_put(h, a->place - 1, h->at[--h->count]);
	a->place = 0;
	find_first(h);
}
