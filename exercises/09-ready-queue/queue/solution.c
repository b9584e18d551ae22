/* Exercise queue: a ready queue, first in, first out, and its rounds. */
#include "queue.h"

/*
 * Why the places are counted from q->first: those who wait stand in the ring
 * from there on. In the other places lie old ids, of coroutines that have been
 * taken; to find one of these means nothing.
 */
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

/*
 * Why the count is read once: it grows while the round runs, and a round that
 * also ran the newcomers might never end. Why each is taken before its turn:
 * during its turn it may put itself again, and must not find itself there.
 */
int queue_round(struct queue *q, struct schedule *S)
{
	int turns = 0;

	for (int left = q->count; left > 0; left--)
		if (coroutine_resume(S, queue_take(q)) != -1)
			turns++;
	return turns;
}
