/* WRONG ON PURPOSE: a schedule is closed over a suspended coroutine that owns
 * something, and trusts its destructor to give it back. */
#include "coroutine.h"

#include <cstdio>

//! [body]
struct door {
	door() { std::puts("the door opens"); }
	~door() { std::puts("the door closes"); }
};

static void visit(schedule *S, void *)
{
	static char stop;
	door own;

	do
		coroutine_yield_with(S, &stop);
	while (coroutine_value(S) != &stop);
}
//! [body]

//! [main]
int main()
{
	schedule *S = coroutine_open();
	int id = coroutine_new(S, visit, nullptr);

	coroutine_resume(S, id);
#ifdef MENDED
	void *stop = coroutine_value(S); /* asked to end, it ends */
	coroutine_resume_with(S, id, stop);
#endif
	coroutine_close(S);
	std::puts("the schedule is closed");
}
//! [main]
