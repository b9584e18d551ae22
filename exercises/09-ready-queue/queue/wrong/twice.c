/* Misconception: two wakes are two turns. */
/* Rejected by: who is in it is not put twice */
#include "queue.h"

int queue_put(struct queue *q, int id)
{
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

	for (int left = q->count; left > 0; left--)
		if (coroutine_resume(S, queue_take(q)) != -1)
			turns++;
	return turns;
}
