/* Lua's wrap: a coroutine that is called like a function. It walks a tree, and
 * yields from as deep in its recursion as the tree goes. */
#include "coroutine.h"

#include <stdio.h>

//! [wrap]
struct wrap {
	struct schedule *S;
	int id;
};

static struct wrap wrap(struct schedule *S, coroutine_func func, void *ud)
{
	return (struct wrap){ S, coroutine_new(S, func, ud) };
}

/* The next value; NULL at the end, after it, and for any other refusal. */
static void *next(struct wrap *w)
{
	if (coroutine_resume(w->S, w->id) != COROUTINE_SUSPEND)
		return NULL;
	return coroutine_value(w->S);
}
//! [wrap]

struct node {
	struct node *left, *right;
	char name[8];
};

static struct node ant = { NULL, NULL, "ant" };
static struct node cow = { NULL, NULL, "cow" };
static struct node bee = { &ant, &cow, "bee" };
static struct node elk = { NULL, NULL, "elk" };
static struct node dog = { &bee, &elk, "dog" };

//! [walk]
static void walk(struct schedule *S, void *ud)
{
	struct node *node = ud;

	if (node == NULL)
		return;
	walk(S, node->left);
	coroutine_yield_with(S, node->name);
	walk(S, node->right);
}
//! [walk]

int main(void)
{
	struct schedule *S = coroutine_open();
	struct wrap names = wrap(S, walk, &dog);
	const char *name;

	while ((name = next(&names)) != NULL)
		printf("%s\n", name);
	return coroutine_close(S);
}
