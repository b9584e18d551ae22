#ifndef ALARM_H
#define ALARM_H

#include <stddef.h>

enum { ALARMS = 1024 };

/* One alarm. Zeroed, it is in no heap. */
struct alarm {
	long long when;
	unsigned long long
		order; /* yours: what decides between equal moments */
	size_t place;  /* its index + 1; 0: it is in no heap */
};

/* A binary min-heap of alarms. Zeroed, it is empty. */
struct alarms {
	struct alarm *at[ALARMS]; /* at[0] is the earliest */
	size_t count;
	unsigned long long set; /* yours: how many have ever been set */
	unsigned long long steps;
};

/* Puts an alarm at an index of the array, and notes its place. All that moves
 * goes through here, so that the test can count. */
static inline void alarms_put(struct alarms *h, size_t index, struct alarm *a)
{
	h->at[index] = a;
	a->place = index + 1;
	h->steps++;
}

/*
 * Sets an alarm; there is room for it. One that is set already is set to the
 * new moment. Alarms of equal moments ring in the order in which they were set.
 */
void alarms_set(struct alarms *h, struct alarm *a, long long when);

/* Takes an alarm out, from wherever it stands; nothing happens when it is in no
 * heap. */
void alarms_stop(struct alarms *h, struct alarm *a);

#endif
