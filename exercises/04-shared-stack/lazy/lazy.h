/* Shared by your answer and its test: who copies, and when. */
#ifndef LAZY_H
#define LAZY_H

enum state { DEAD, READY, RUNNING, SUSPEND };

struct coroutine {
	const char *name;
	enum state state; /* kept by the schedule; leave it alone */
};

/* A stack that many share. */
struct stack {
	struct coroutine *owner; /* yours: whose frames are on it, or NULL */
};

/* Given, and counted: from the stack to the image, and back. */
void copy_out(struct coroutine *co);
void copy_in(struct coroutine *co);

/* Yours. Called before each switch to co, from other ground. co is READY
 * (no frames yet) or SUSPEND (its frames are on the stack or in its image). */
void settle(struct stack *stack, struct coroutine *co);

/* Yours. Called when co is DEAD, wherever its frames were. */
void ended(struct stack *stack, struct coroutine *co);

#endif
