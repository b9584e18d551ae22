/*
 * Prints a lesson's state diagram for Graphviz: `states 5`. The moves and their
 * events are the code's own, from coroutine_event() or server_event(); only what
 * a lesson adds to them (new, frames, values) is said here. draw.sh makes the
 * pictures.
 *
 * `states moves` prints the library's table itself, one move a line: from, to,
 * event.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../coroutine.h"
#include "../lessons/12-servers/server.h"

/* The colour of what is new; picture.awk has another for it in the dark. */
#define NEW_TEXT "<FONT COLOR=\"#a34a00\">"

struct table {
	const char *(*name)(int state);
	const char *(*event)(int from, int to);
};

/* In each of them: where a life ends, and where it begins; side by side. */
enum { END = COROUTINE_DEAD, START = COROUTINE_READY };

static const struct table coroutine = { coroutine_status_name,
					coroutine_event };
static const struct table server = { server_status_name, server_event };

struct lesson {
	int number;
	const struct table *table;
	int states; /* those below this one are known */
	const char *title;
	int (*is_new)(int from, int to); /* from == to: a state */
	const char *(*state_note)(int state);
	const char *(*move_note)(int from, int to);
};

static int everything(int from, int to)
{
	(void)from;
	(void)to;
	return 1;
}

static int nothing(int from, int to)
{
	(void)from;
	(void)to;
	return 0;
}

static int with_normal(int from, int to)
{
	return from == COROUTINE_NORMAL || to == COROUTINE_NORMAL;
}

static const char *no_state_note(int state)
{
	(void)state;
	return NULL;
}

static const char *no_move_note(int from, int to)
{
	(void)from;
	(void)to;
	return NULL;
}

static const char *frames(int state)
{
	static const char *const where[] = {
		"no frames", "no frames yet", "frames on the stack",
		"frames on the stack,<BR/>or in the image"
	};

	return where[state];
}

static const char *frames_move(int from, int to)
{
	if (from == COROUTINE_SUSPEND && to == COROUTINE_RUNNING)
		return "back from<BR/>the image";
	if (from == COROUTINE_RUNNING && to == COROUTINE_SUSPEND)
		return "out to the image when<BR/>another needs the stack";
	return NULL;
}

static const char *values(int from, int to)
{
	if (to == COROUTINE_RUNNING)
		return "a value in";
	if (from != COROUTINE_RUNNING)
		return NULL;
	return to == COROUTINE_DEAD ? "NULL out" : "a value out";
}

static int to_wait(int from, int to)
{
	return (from == COROUTINE_RUNNING && to == COROUTINE_SUSPEND) ||
	       (from == COROUTINE_SUSPEND && to == COROUTINE_RUNNING);
}

static const char *line(int state)
{
	return state == COROUTINE_SUSPEND ? "perhaps in the line<BR/>of a cond"
					  : NULL;
}

static const char *waits(int from, int to)
{
	if (!to_wait(from, to))
		return NULL;
	return to == COROUTINE_SUSPEND ? "or waits" : "looks: woken?";
}

static const char *in_vain(int from, int to)
{
	if (!to_wait(from, to))
		return NULL;
	return to == COROUTINE_SUSPEND ? "not woken:<BR/>waits on"
				       : "perhaps in vain";
}

static const struct lesson lessons[] = {
	{ 0, &coroutine, COROUTINE_STATES, "The life of a coroutine", nothing,
	  no_state_note, no_move_note }, /* the whole of it, for the README */
	{ 3, &coroutine, COROUTINE_NORMAL, "The states of a coroutine",
	  everything, no_state_note, no_move_note },
	{ 4, &coroutine, COROUTINE_NORMAL,
	  "The states, and where the frames are", nothing, frames,
	  frames_move },
	{ 5, &coroutine, COROUTINE_STATES,
	  "The states, with NORMAL: a caller that waits", with_normal,
	  no_state_note, no_move_note },
	{ 6, &coroutine, COROUTINE_STATES,
	  "The states, and the values that come with a move", nothing,
	  no_state_note, values },
	{ 7, &coroutine, COROUTINE_STATES,
	  "The states, and what it is to wait on a cond", to_wait, line,
	  waits },
	{ 8, &coroutine, COROUTINE_STATES,
	  "The states, and a resume that was in vain", to_wait, no_state_note,
	  in_vain },
	{ 12, &server, SERVER_STATES, "The states of a server", everything,
	  no_state_note, no_move_note },
};

/* Graphviz keeps a space at an edge's side only where it may not break. */
#define SPACE "&nbsp;"

/* How many letters fit into a line of a label: a narrow picture can be read on
 * a narrow page. But there is room on the way up. */
enum { LINE_LETTERS = 10, UP_LETTERS = 16 };

static void print_words(const char *words, size_t letters, const char *margin)
{
	size_t column = 0;

	printf("%s", margin);
	for (; *words; words++, column++) {
		if (*words != ' ') {
			putchar(*words);
		} else if (column + strcspn(words + 1, " ") < letters) {
			printf(SPACE);
		} else {
			printf("%s<BR/>%s", margin, margin);
			column = (size_t)-1;
		}
	}
	printf("%s", margin);
}

static void state(const struct lesson *lesson, int which)
{
	const char *note = lesson->state_note(which);

	printf("\t%s [label=<", lesson->table->name(which));
	print_words(lesson->table->name(which), LINE_LETTERS, "");
	if (note)
		printf("<BR/>" NEW_TEXT "%s</FONT>", note);
	printf(">%s]\n", lesson->is_new(which, which) ? ", class=\"new\"" : "");
}

/* Life runs down the page. A move up to the state where it ends is drawn as its
 * opposite with the arrow at the other end, so that it does not bend the rest. */
static void move(const struct lesson *lesson, int from, int to)
{
	const char *note = lesson->move_note(from, to);
	int up = to == END && from != START;

	printf("\t%s -> %s [label=<", lesson->table->name(up ? to : from),
	       lesson->table->name(up ? from : to));
	print_words(lesson->table->event(from, to),
		    up ? UP_LETTERS : LINE_LETTERS, SPACE);
	if (note)
		printf("<BR/>" NEW_TEXT SPACE "%s" SPACE "</FONT>", note);
	printf(">%s%s]\n", up ? ", dir=back" : "",
	       lesson->is_new(from, to) ? ", class=\"new\"" : "");
}

static void draw(const struct lesson *lesson)
{
	printf("// title: %s\n", lesson->title);
	printf("digraph states {\n");
	printf("\t{ rank=same; %s; %s }\n", lesson->table->name(END),
	       lesson->table->name(START));
	for (int s = 0; s < lesson->states; s++)
		state(lesson, s);
	for (int from = 0; from < lesson->states; from++)
		for (int to = 0; to < lesson->states; to++)
			if (lesson->table->event(from, to))
				move(lesson, from, to);
	printf("}\n");
}

static void print_moves(void)
{
	for (int from = 0; from < COROUTINE_STATES; from++)
		for (int to = 0; to < COROUTINE_STATES; to++)
			if (coroutine_event(from, to))
				printf("%s %s %s\n",
				       coroutine_status_name(from),
				       coroutine_status_name(to),
				       coroutine_event(from, to));
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "moves") == 0) {
		print_moves();
		return 0;
	}
	for (size_t i = 0; i < sizeof(lessons) / sizeof(lessons[0]); i++) {
		if (argc == 2 && atoi(argv[1]) == lessons[i].number) {
			draw(&lessons[i]);
			return 0;
		}
	}
	fprintf(stderr, "usage: states moves|LESSON\n");
	return 2;
}
