/* Misconception: who yields is true and who ends is false; -1 is a yield. */
/* Rejected by: who was ended by another is struck out */
#include "roundup.h"

int roundup(struct schedule *S, struct roster *r)
{
	int before = r->count, gone[ROSTER] = { 0 }, left = 0;

	for (int i = 0; i < before; i++)
		gone[i] = !coroutine_resume(S, r->ids[i]);
	for (int i = 0; i < r->count; i++)
		if (!gone[i])
			r->ids[left++] = r->ids[i];
	r->count = left;
	return left;
}
