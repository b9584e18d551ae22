/**
 * @file
 * A timing wheel as libco has it, to be measured against the heap: a ring of
 * 60,000 slots of one millisecond, each a list of timers.
 *
 * To add and to remove takes one step. But somebody must turn the wheel: each
 * millisecond that passes is a slot to look into, whether it holds a timer or
 * not, and nothing tells how long one may sleep. A moment further off than one
 * turn waits in the last slot, and is put in again when that comes round.
 */
#ifndef COROUTINE_WHEEL_H
#define COROUTINE_WHEEL_H

#ifdef __cplusplus
extern "C" {
#endif

/** How many slots of one millisecond: libco's number, one minute. */
enum { WHEEL_SLOTS = 60000 };

/** A timer; yours to embed and zero. Its fields are the wheel's while it is in
 *  one. */
struct wheel_node {
	struct wheel_node *next;     /**< in its slot */
	struct wheel_node *previous; /**< in its slot; NULL: in no wheel */
	long long when;              /**< milliseconds */
};

/** A wheel; its fields are its own, `steps` yours to read. */
struct wheel {
	struct wheel_node *slots; /**< the heads of the slots' rings */
	long long now;            /**< the millisecond it has been turned to */
	unsigned long long steps; /**< slots and timers looked at, to measure */
};

/**
 * Makes an empty wheel.
 * @param w   the wheel
 * @param now the millisecond it begins with
 * @return 0; -1 with ENOMEM
 */
int wheel_init(struct wheel *w, long long now);

/**
 * Frees what wheel_init() took; the nodes stay yours. Twice does no harm.
 * @param w the wheel
 */
void wheel_free(struct wheel *w);

/**
 * Adds a timer for the millisecond `when`; one that is in the wheel already is
 * moved. A moment that has passed is due at the next millisecond.
 * @param w    the wheel
 * @param node the timer
 * @param when its millisecond
 */
void wheel_add(struct wheel *w, struct wheel_node *node, long long when);

/**
 * Takes a timer out; no harm when it is in no wheel.
 * @param w    the wheel
 * @param node the timer
 */
void wheel_remove(struct wheel *w, struct wheel_node *node);

/**
 * Turns the wheel until a timer is due, but not past the millisecond `now`.
 * Call it until it returns NULL.
 * @param w   the wheel
 * @param now the millisecond it is now
 * @return a timer that is due, taken out of the wheel; NULL when there is none
 *         up to `now`
 */
struct wheel_node *wheel_turn(struct wheel *w, long long now);

#ifdef __cplusplus
}
#endif

#endif
