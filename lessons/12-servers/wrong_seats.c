/* WRONG ON PURPOSE: a seat is looked at before a wait, and taken after it. */
#include "../11-epoll-dispatcher/net.h"

static int bank[2]; /* a connection to the bank: our end, and its end */
static int seats = 1;

/* Asks the bank, and waits for its answer. */
static int pay(void)
{
	char answer;

	return socket_write_some(N, bank[0], "$", 1) == 1 &&
	       socket_read(N, bank[0], &answer, 1) == 1;
}

//! [customer]
static void buy(const char *name)
{
	int paid;

	if (seats == 0) {
		printf("%s is too late\n", name);
		return;
	}
	printf("%s looks: there is a seat\n", name);
#ifdef MENDED
	seats--; /* taken first; and given back when it cannot be paid */
	paid = pay();
	seats += !paid;
#else
	paid = pay();
	seats -= paid;
#endif
	if (paid)
		printf("%s has paid for it\n", name);
}
//! [customer]

static void *customer(struct dispatcher *d, void *ud)
{
	static int customers = 2;

	buy(dispatcher_name(d, dispatcher_self(d)));
	if (--customers == 0)
		socket_close(N, bank[0]);
	return ud;
}

static void *teller(struct dispatcher *d, void *ud)
{
	char money;

	(void)d;
	while (socket_read(N, bank[1], &money, 1) == 1)
		socket_write_some(N, bank[1], "!", 1);
	return ud;
}

int main(void)
{
	begin(NULL, poller_open(NULL));
	connection(bank);
	start("bank", teller, NULL);
	start("ann", customer, NULL);
	start("bob", customer, NULL);
	must(dispatcher_run(D) == 0, "run");
	finish();
	printf("seats: %d\n", seats);
	return seats != 0;
}
