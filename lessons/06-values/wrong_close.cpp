/* WRONG ON PURPOSE: a schedule is closed over a suspended coroutine that owns
 * something, and trusts its destructor to give it back. */
#include "coroutine.h"

#include <cstdio>

static char stop; /* its address means: end yourself */

struct door {
	door()
	{
		std::puts("the door opens");
	}
	~door()
	{
		std::puts("the door closes");
	}
};

//! [body]
static void visit(schedule *S, void *)
{
	door own;

	do
		coroutine_yield(S);
	while (coroutine_value(S) != &stop);
}
//! [body]

int main()
{
	schedule *S = coroutine_open();
	int id = coroutine_new(S, visit, nullptr);

	coroutine_resume(S, id);
#ifdef MENDED
	coroutine_resume_with(S, id, &stop);
#endif
	coroutine_close(S);
	std::puts("the schedule is closed");
}
