/* The signal mask travels with the context. */
#define _XOPEN_SOURCE 600
#include <signal.h>
#include <stdio.h>
#include <ucontext.h>

static ucontext_t here, there;
static char stack[65536];
static volatile sig_atomic_t arrived;

static void on_signal(int number)
{
	(void)number;
	arrived = 1;
}

static void mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(how, &set, NULL);
}

static void tell(const char *who)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("%s SIGUSR1 is %s, %s\n", who,
	       sigismember(&now, SIGUSR1) ? "blocked" : "let in",
	       arrived ? "one has arrived" : "none has arrived");
}

//! [guest]
static void guest(void)
{
	tell("\tguest:");
	raise(SIGUSR1);
	tell("\tguest, after raise:");
	swapcontext(&there, &here);
	tell("\tguest:");
}
//! [guest]

int main(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	//! [born]
	mask(SIG_BLOCK);
	getcontext(&there); /* the guest's mask is taken here */
	mask(SIG_UNBLOCK);
	//! [born]
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, guest, 0);

	//! [switches]
	tell("main:");
	swapcontext(&here, &there);
	tell("main:");
	swapcontext(&here, &there);
	tell("main:");
	//! [switches]
	return 0;
}
