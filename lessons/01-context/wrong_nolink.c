/* WRONG ON PURPOSE: a context without uc_link, whose function returns. */
#include <stdio.h>
#include <ucontext.h>

static ucontext_t suite, test;
static char stack[65536];
static int failed;

static void sum_is_right(void)
{
	failed += 1 + 1 != 2;
}

static void product_is_right(void)
{
	failed += 2 * 2 != 5; /* a bug for the suite to find */
}

//! [run]
static void run(const char *name, void (*function)(void))
{
	printf("testing: %s\n", name);
	getcontext(&test);
	test.uc_stack.ss_sp = stack;
	test.uc_stack.ss_size = sizeof(stack);
#ifdef MENDED
	test.uc_link = &suite;
#else
	test.uc_link = NULL;
#endif
	makecontext(&test, function, 0);
	swapcontext(&suite, &test);
}
//! [run]

//! [main]
int main(void)
{
	run("the sum is right", sum_is_right);
	run("the product is right", product_is_right);
	printf("%d failed\n", failed);
	return failed != 0;
}
//! [main]
