/* WRONG ON PURPOSE: a seat is looked at before a wait, and taken after it. */
#include "../11-epoll-dispatcher/net.h"

static int bank[2]; /* a connection to the bank: our end, and its end */
static int seats = 1;

//! [pay]
/* Asks the bank, and waits for its answer. */
static int pay(void)
{
	char answer;

	return socket_write(N, bank[0], "$", 1) == 1 &&
	       socket_read(N, bank[0], &answer, 1) == 1;
}
//! [pay]

//! [customer]
static void *customer(struct dispatcher *d, void *ud)
{
	const char *name = dispatcher_name(d, dispatcher_self(d));
	int paid;

	if (seats == 0) {
		printf("%s is too late\n", name);
		return ud;
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
	return ud;
}
//! [customer]

static void *teller(struct dispatcher *d, void *ud)
{
	char money;

	(void)d;
	while (socket_read(N, bank[1], &money, 1) == 1)
		socket_write(N, bank[1], "!", 1);
	return ud;
}

/* The bank closes when nobody can come any more. */
static void *guard(struct dispatcher *d, void *ud)
{
	const int *customers = ud;

	for (int i = 0; i < 2; i++)
		dispatcher_join(d, customers[i], NULL);
	socket_close(N, bank[0]);
	return NULL;
}

int main(void)
{
	static int customers[2];

	begin(NULL, poller_open(NULL));
	connection(bank);
	start("bank", teller, NULL);
	customers[0] = dispatcher_spawn(D, "ann", customer, NULL);
	customers[1] = dispatcher_spawn(D, "bob", customer, NULL);
	dispatcher_detach(D, dispatcher_spawn(D, "guard", guard, customers));
	must(dispatcher_run(D) == 0, "run");
	finish();
	printf("seats: %d\n", seats);
	return seats != 0;
}
