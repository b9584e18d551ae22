/* What count.c counts, in a file of this size that is open as descriptor number
 * $BENCH_COUNTS_FD. */
#ifndef COUNT_H
#define COUNT_H

#define COUNTS_FD "BENCH_COUNTS_FD"

struct counts {
	unsigned long long calls;    /* to read, write, or know what is ready */
	unsigned long long switches; /* of contexts, each one call more */
};

#endif
