/* Misconception: the one who runs is still the first of the queue. */
/* Rejected by: who puts itself again is in the next round */
#include "queue.h"

int queue_put(struct queue *q, int id)
{
	for (int i = 0; i < q->count; i++)
		if (q->ids[(q->first + i) % QUEUE_ROOM] == id)
			return 0;
	if (q->count == QUEUE_ROOM)
		return -1;
	q->ids[(q->first + q->count) % QUEUE_ROOM] = id;
	q->count++;
	return 1;
}

int queue_take(struct queue *q)
{
	int id;

	if (q->count == 0)
		return -1;
	id = q->ids[q->first];
	q->first = (q->first + 1) % QUEUE_ROOM;
	q->count--;
	return id;
}

int queue_round(struct queue *q, struct schedule *S)
{
	int turns = 0;

	for (int left = q->count; left > 0; left--) {
		if (coroutine_resume(S, q->ids[q->first]) != -1)
			turns++;
		queue_take(q);
	}
	return turns;
}
