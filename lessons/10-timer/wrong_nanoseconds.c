/* WRONG ON PURPOSE: seconds and nanoseconds of a duration, as lthread has it. */
#include <stdio.h>

enum { CASES = 3 };

//! [split]
static void split(long long us, long long *seconds, long long *nanoseconds)
{
	*seconds = us / 1000000;
	*nanoseconds = us * 1000; /* right below one second */
	if (*seconds > 0)
#ifdef MENDED
		*nanoseconds = us % 1000000 * 1000;
#else
		*nanoseconds = us % 1000 * 1000000;
#endif
}
//! [split]

int main(void)
{
	static const long long asked[CASES] = { 500000, 1500000, 1499995 };
	int wrong = 0;

	for (int i = 0; i < CASES; i++) {
		long long seconds, nanoseconds, got;

		split(asked[i], &seconds, &nanoseconds);
		got = seconds * 1000000 + nanoseconds / 1000;
		printf("asked for %7lld us: %lld s and %9lld ns, %+7lld us\n",
		       asked[i], seconds, nanoseconds, got - asked[i]);
		wrong += got != asked[i];
	}
	return wrong > 0;
}
