/* Misconception: a sorted array is as good as a heap. */
/* Rejected by: an alarm is set in few steps */
#include "alarm.h"

void alarms_set(struct alarms *h, struct alarm *a, long long when)
{
	size_t i;

	alarms_stop(h, a);
	a->when = when;
	for (i = h->count++; i > 0 && h->at[i - 1]->when > when; i--)
		alarms_put(h, i, h->at[i - 1]);
	alarms_put(h, i, a);
}

void alarms_stop(struct alarms *h, struct alarm *a)
{
	if (a->place == 0)
		return;
	for (size_t i = a->place; i < h->count; i++)
		alarms_put(h, i - 1, h->at[i]);
	h->count--;
	a->place = 0;
}
