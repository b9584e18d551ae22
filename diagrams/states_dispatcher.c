/*
 * Prints the states of a dispatcher's coroutine for Graphviz, as far as a
 * lesson knows them: `states_dispatcher 10`. The moves and their events are the
 * dispatcher's own, from dispatcher_event(); known.h tells from which lesson on
 * they are known. Only their places are said here: a ladder, READY and GONE on
 * its left, RUNNING on its right, and a rung for each way between them. What
 * all parked states have in common is drawn once, from the box around them.
 *
 * `states_dispatcher moves` prints the table itself, as `states moves` does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "known.h"

/* Lengths in points; y goes down. */
enum {
	RUNG = 46,        /* from one to the next; the words stand above it */
	HALF = 17,        /* of a state's height */
	SIDE = 62,        /* READY and GONE */
	LEFT_WORDS = 68,  /* between them and the box */
	RIGHT_WORDS = 62, /* between the box and RUNNING */
	RUNNING = 82,     /* how wide it is */
	LETTER = 9,       /* a capital */
	MARGIN = 7,       /* of the box */
	GAP = 44,         /* between READY and GONE */
	LINE = 14,        /* of words */
	LINE_LETTERS = 9  /* how many fit into the words' places */
};

struct picture {
	int lesson;
	int y[DISPATCHER_STATES]; /* the rung of a state in the middle */
	int parked;               /* the last rung of a parked state */
	int box;                  /* the rung that is the box's own */
	int bottom;               /* the last rung of all */
	int left, right;          /* the sides of the states in the middle */
	int points;               /* made so far */
};

static int known(const struct picture *p, int from, int to)
{
	return dispatcher_event(from, to) && move_lesson(from, to) <= p->lesson;
}

static int is_left(int state)
{
	return state == DISPATCHER_READY || state == DISPATCHER_GONE;
}

static int is_middle(int state)
{
	return !is_left(state) && state != DISPATCHER_RUNNING;
}

static int is_parked(const struct picture *p, int state)
{
	return is_middle(state) && known(p, state, DISPATCHER_READY);
}

/* ---- Shapes ---------------------------------------------------------------- */

static const char *mark(int is_new)
{
	return is_new ? ", class=\"new\"" : "";
}

static void shape(const char *name, const char *more, int left, int right,
		  int top, int bottom)
{
	printf("\t%s [pos=\"%g,%g!\", width=%g, height=%g, fixedsize=true%s]\n",
	       name, (left + right) / 2.0, -(top + bottom) / 2.0,
	       (right - left) / 72.0, (bottom - top) / 72.0, more);
}

static void state(const struct picture *p, int which, int left, int right,
		  int top, int bottom)
{
	shape(dispatcher_status_name(which),
	      mark(state_lesson(which) == p->lesson), left, right, top - HALF,
	      bottom + HALF);
}

/* Words in the middle of x, above y; in lines of so many letters. */
static void words(struct picture *p, const char *text, int letters, int is_new,
		  int x, int y)
{
	char label[128];
	int lines = 1, column = 0;

	snprintf(label, sizeof label, "%s", text);
	for (char *c = label; *c; c++, column++) {
		size_t more = *c == ' ' ? strcspn(c + 1, " ") + 1 : 0;

		if (more == 0 || column + (int)more <= letters)
			continue;
		*c = '\n';
		lines++;
		column = -1;
	}
	printf("\tp%d [shape=plain, fontsize=12, pos=\"%d,%d!\"%s, "
	       "label=\"%s\"]\n",
	       p->points++, x, -(y - 2 - lines * LINE / 2), mark(is_new),
	       label);
}

static int point(struct picture *p, int x, int y)
{
	printf("\tp%d [shape=point, style=invis, width=0, height=0, "
	       "pos=\"%d,%d!\"]\n",
	       p->points, x, -y);
	return p->points++;
}

static void arrow(struct picture *p, int is_new, int x, int y, int to_x,
		  int to_y)
{
	int from = point(p, x, y), to = point(p, to_x, to_y);

	printf("\tp%d -> p%d [arrowhead=normal%s]\n", from, to, mark(is_new));
}

/* ---- States ------------------------------------------------------------------ */

/* The rungs from above: resume, yield, one for each parked state and one for
 * their box, one for each other state in the middle, and the exit to GONE. */
static void lay_out(struct picture *p)
{
	size_t letters = 0, length;
	int y = RUNG;

	for (int s = 0; s < DISPATCHER_STATES; s++) {
		length = strlen(dispatcher_status_name(s));
		if (is_middle(s) && state_lesson(s) <= p->lesson &&
		    length > letters)
			letters = length;
		if (is_parked(p, s))
			p->y[s] = y += RUNG;
	}
	p->parked = y;
	p->box = y + 2 * HALF + GAP;
	y = p->box +
	    (state_lesson(DISPATCHER_INTERRUPTED) <= p->lesson ? LINE : 0);
	for (int s = 0; s < DISPATCHER_STATES; s++) {
		if (!is_middle(s) || is_parked(p, s) ||
		    state_lesson(s) > p->lesson)
			continue;
		p->y[s] = y += RUNG + LINE / 2;
	}
	p->bottom = y + RUNG - HALF / 2;
	p->left = SIDE + LEFT_WORDS + MARGIN;
	p->right = p->left + (int)letters * LETTER + 3 * MARGIN;
}

static int running_side(const struct picture *p)
{
	return p->right + MARGIN + RIGHT_WORDS;
}

static void draw_states(struct picture *p)
{
	int side = running_side(p);

	shape("box",
	      ", shape=box, style=filled, fillcolor=\"#e3e8ed\", "
	      "color=transparent, label=\"\"",
	      p->left - MARGIN, p->right + MARGIN, 2 * RUNG - HALF - MARGIN,
	      p->box + MARGIN);
	words(p, "parked", LINE_LETTERS, p->lesson == 9,
	      (p->left + p->right) / 2, p->box);
	state(p, DISPATCHER_READY, 0, SIDE, 0, p->parked);
	state(p, DISPATCHER_GONE, 0, SIDE, p->box, p->bottom);
	state(p, DISPATCHER_RUNNING, side, side + RUNNING, 0, p->bottom);
	for (int s = 0; s < DISPATCHER_STATES; s++)
		if (p->y[s])
			state(p, s, p->left, p->right, p->y[s], p->y[s]);
}

/* ---- Moves ------------------------------------------------------------------- */

/* Up and down between READY and GONE. */
static void climb(struct picture *p, int from, int to, int is_new)
{
	int down = from == DISPATCHER_READY;
	int x = SIDE / 2 + (down ? 9 : -9);
	int ready = p->parked + HALF, gone = p->box - HALF;

	arrow(p, is_new, x, down ? ready : gone, x, down ? gone : ready);
	words(p, dispatcher_event(from, to), LINE_LETTERS, is_new,
	      x + (down ? 22 : -17), (ready + gone + LINE) / 2);
}

/* What moves all who are parked to that state: the words that hold the others'
 * words; NULL when some have no such move, or have words of their own. */
static const char *shared_event(const struct picture *p, int to)
{
	const char *all = "";

	for (int s = 0; s < DISPATCHER_STATES; s++) {
		const char *event = dispatcher_event(s, to);

		if (!is_parked(p, s))
			continue;
		if (event == NULL)
			return NULL;
		if (strstr(event, all))
			all = event;
		else if (!strstr(all, event))
			return NULL;
	}
	return all;
}

/* From the box, for all who are parked: to GONE on the left, or down. */
static void leave_box(struct picture *p, int to, int is_new)
{
	const char *event = shared_event(p, to);
	int x = (p->left + p->right) / 2, bottom = p->box + MARGIN;

	if (to == DISPATCHER_GONE) {
		arrow(p, is_new, p->left - MARGIN, p->box, SIDE, p->box);
		words(p, event, LINE_LETTERS, is_new, SIDE + LEFT_WORDS / 2,
		      p->box);
		return;
	}
	arrow(p, is_new, x, bottom, x, p->y[to] - HALF);
	words(p, event, LINE_LETTERS, is_new, x + 30,
	      (bottom + p->y[to] - HALF + LINE) / 2 + 2);
}

static int is_first_parked(const struct picture *p, int state)
{
	while (--state >= 0)
		if (is_parked(p, state))
			return 0;
	return 1;
}

/* Where a state is met by an arrow between it and another. */
static int edge_of(const struct picture *p, int which, int other)
{
	if (is_left(which))
		return SIDE;
	if (!is_middle(which))
		return running_side(p);
	return is_left(other) ? p->left : p->right;
}

/* Along a rung. */
static void cross(struct picture *p, int from, int to, int is_new)
{
	const char *event = dispatcher_event(from, to);
	int whole = !is_middle(from) && !is_middle(to);
	int left = is_left(from) || is_left(to);
	int y = is_middle(from) ? p->y[from] : p->y[to];
	int x = left ? SIDE + LEFT_WORDS / 2
		     : running_side(p) - RIGHT_WORDS / 2;

	if (whole) {
		y = to == DISPATCHER_RUNNING ? 0
		    : to == DISPATCHER_READY ? RUNG
					     : p->bottom;
		x = (p->left + p->right) / 2;
	}
	arrow(p, is_new, edge_of(p, from, to), y, edge_of(p, to, from), y);
	words(p, event, whole ? 99 : LINE_LETTERS, is_new, x, y);
}

static int move(struct picture *p, int from, int to)
{
	int is_new = move_lesson(from, to) == p->lesson;

	if (is_left(from) && is_left(to)) {
		climb(p, from, to, is_new);
	} else if (is_parked(p, from) && shared_event(p, to)) {
		if (is_first_parked(p, from))
			leave_box(p, to, is_new);
	} else if (is_middle(from) && is_middle(to)) {
		fprintf(stderr, "states_dispatcher: no place for %s -> %s\n",
			dispatcher_status_name(from),
			dispatcher_status_name(to));
		return -1;
	} else {
		cross(p, from, to, is_new);
	}
	return 0;
}

static int draw(int lesson)
{
	struct picture p = { .lesson = lesson };
	int failed = 0;

	lay_out(&p);
	printf("// title: The states of a dispatcher's coroutine%s\n",
	       lesson == 10 ? ", with time: who sleeps, whose wait failed"
			    : "");
	printf("digraph states {\n");
	printf("\tlayout=neato\n\tinputscale=72\n\tsplines=line\n");
	draw_states(&p);
	for (int from = 0; from < DISPATCHER_STATES; from++)
		for (int to = 0; to < DISPATCHER_STATES; to++)
			if (known(&p, from, to))
				failed |= move(&p, from, to);
	printf("}\n");
	return failed ? 1 : 0;
}

static void print_moves(void)
{
	for (int from = 0; from < DISPATCHER_STATES; from++)
		for (int to = 0; to < DISPATCHER_STATES; to++)
			if (dispatcher_event(from, to))
				printf("%s %s %s\n",
				       dispatcher_status_name(from),
				       dispatcher_status_name(to),
				       dispatcher_event(from, to));
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "moves") == 0) {
		print_moves();
		return 0;
	}
	if (argc == 2 && atoi(argv[1]) >= 9)
		return draw(atoi(argv[1]));
	fprintf(stderr, "usage: states_dispatcher moves|LESSON\n");
	return 2;
}
