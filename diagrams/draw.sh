#!/bin/sh
# Draws the pictures: diagrams/*.svg, from the library's own state table, from
# what some lessons' programs were recorded to do, and from the .dot files.
#
#   sh diagrams/draw.sh [--check]                      (make draw)
#
# From the repository's top folder; needs a C compiler and Graphviz. --check
# writes nothing and compares: every word, colour and shape must be the same.
# Where a thing lies may differ (the numbers of geometry): Graphviz measures the
# letters, and another release of it or of the fonts measures a little otherwise.
# Without Graphviz: "not tested", exit status 77.

set -u
LC_ALL=C
export LC_ALL
work=build/draw
options="-I. ${LDFLAGS:-}"

if ! command -v dot >/dev/null; then
	echo "not tested: the pictures, which need Graphviz (make deps)" >&2
	exit 77
fi
rm -rf "$work" && mkdir -p "$work" || exit 1

# What every picture has in common; put after the line that opens the graph.
look='	graph [fontname="DejaVu Sans", bgcolor=transparent, pad=0.2,
		ranksep=0.5, nodesep=0.5]
	node [fontname="DejaVu Sans", fontsize=14, shape=box, style=rounded,
		margin="0.14,0.08"]
	edge [fontname="DejaVu Sans", fontsize=12, arrowsize=0.8]'

# stdin: a graph whose first line is "// title: ..."; $1: the picture's name.
picture() {
	cat >"$work/$1.dot" || exit 1
	title=$(sed -n '1s|^// title: ||p' "$work/$1.dot")
	awk -v look="$look" '{ print } /^digraph/ { print look }' \
		"$work/$1.dot" >"$work/$1.look" &&
		dot -Tsvg "$work/$1.look" >"$work/$1.raw" &&
		awk -v title="$title" -f diagrams/picture.awk "$work/$1.raw" \
			>"$work/$1.svg" || exit 1
}

# $1: the picture's name; then what prints its graph.
draw() {
	name=$1
	shift
	"$@" >"$work/graph" || exit 1
	picture "$name" <"$work/graph"
}

# Everything that a program may need, and what records it, in an archive: each
# takes out of it what it uses.
archive() {
	set -- coroutine.c tests/record*.c
	for header in lessons/*/*.h; do
		[ ! -f "${header%.h}.c" ] || set -- "$@" "${header%.h}.c"
	done
	for source; do
		${CC:-cc} -I. -c -o "$work/$(echo "$source" | tr / .).o" "$source" ||
			exit 1
	done
	ar rc "$work/all.a" "$work"/*.o || exit 1
}

# $1: where its program goes; $2: its source.
build() {
	# shellcheck disable=SC2086
	${CC:-cc} -o "$1" "$2" "$work/all.a" @tests/record.flags $options ||
		exit 1
}

# $1: the lesson; $2: its program; $3: the title. From lesson 9 on it is the
# dispatcher's coroutines whose moves are drawn.
timeline() {
	name=timeline-$1
	table=states
	[ "$1" -lt 9 ] || table=states_dispatcher
	build "$work/program" "$2"
	COROUTINE_MOVES="$work/$name.states" \
		DISPATCHER_MOVES="$work/$name.states_dispatcher" \
		"$work/program" >/dev/null
	case $?-$2 in
	0-* | *-*/wrong_*) ;; # who is wrong on purpose says so
	*) exit 1 ;;
	esac
	"$work/$table" moves | cat - "$work/$name.$table" |
		awk -v title="$3" -f diagrams/timeline.awk | picture "$name"
}

archive
build "$work/states" diagrams/states.c
build "$work/states_dispatcher" diagrams/states_dispatcher.c
for source in diagrams/*.dot; do
	name=$(basename "$source" .dot)
	picture "$name" <"$source"
done
for lesson in 0 3 4 5 6 7 8; do
	draw states-0$lesson "$work/states" $lesson
done
draw states-09 "$work/states_dispatcher" 9
draw states-10 "$work/states_dispatcher" 10
draw states-11 "$work/states_dispatcher" 11
draw states-12 "$work/states" 12
draw copy awk -f diagrams/copy.awk </dev/null
timeline 03 lessons/03-schedule/tutorial.c \
	"Who runs when: main resumes coroutines 0 and 1 in turn"
timeline 05 lessons/05-caller/chain.c \
	"Who runs when: main resumes one that resumes another, and back"
timeline 07 lessons/07-cond/bakery.c \
	"Who runs when: 0 waits on a cond, 1 signals it, and main resumes both"
timeline 08 lessons/08-naive-dispatcher/shop.c \
	"Who runs when: the naive dispatcher resumes all in turn, some in vain"
timeline 09 lessons/09-ready-queue/shop.c \
	"Who runs when: who waits on a cond is not resumed before it is woken"
timeline 10 lessons/10-timer/kitchen.c \
	"Who runs when: three sleep, and the clock goes from timeout to timeout"
timeline 11 lessons/11-epoll-dispatcher/idle.c \
	"Who runs when: one waits for a descriptor, and one for time"
timeline 12 lessons/12-servers/wrong_seats.c \
	"Who runs when: both look for the one seat before either has taken it"

# Takes the numbers of geometry out of a picture.
without_numbers() {
	sed -e 's/ \(d\|points\|width\|height\|viewBox\|transform\)="[^"]*"//g' \
		-e 's/ \(x\|y\|cx\|cy\|rx\|ry\)="[^"]*"//g' "$1"
}

stale=
for new in "$work"/*.svg; do
	old=diagrams/${new##*/}
	if [ "${1:-}" != --check ]; then
		cmp -s "$new" "$old" || { cp "$new" "$old" && echo "drawn: $old"; }
		continue
	fi
	[ -f "$old" ] || : >"$work/missing"
	[ -f "$old" ] || old=$work/missing
	without_numbers "$new" >"$work/new"
	without_numbers "$old" >"$work/old"
	diff -u "$work/old" "$work/new" || stale="$stale ${new##*/}"
done
if [ "$stale" ]; then
	echo "draw: other than what the code does:$stale; to draw anew," \
		"type: make draw" >&2
	exit 1
fi
