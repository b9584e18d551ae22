#!/bin/sh
# Draws the pictures: diagrams/*.svg, from the library's own state table, from
# what two lessons' programs were recorded to do, and from the .dot files.
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
library="coroutine.c -I. ${LDFLAGS:-}"
record="tests/record.c -Wl,--wrap=coroutine_open,--wrap=coroutine_open_with"
record="$record -Wl,--wrap=coroutine_trace,--wrap=coroutine_close"

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

# $1: a lesson's program; $2: the picture's name; $3: its title.
timeline() {
	# shellcheck disable=SC2086
	${CC:-cc} -o "$work/program" "$1" $record $library || exit 1
	COROUTINE_MOVES="$work/$2.moves" "$work/program" >/dev/null || exit 1
	"$work/states" moves | cat - "$work/$2.moves" |
		awk -v title="$3" -f diagrams/timeline.awk | picture "$2"
}

# shellcheck disable=SC2086
${CC:-cc} -o "$work/states" diagrams/states.c $library || exit 1
for source in diagrams/*.dot; do
	name=$(basename "$source" .dot)
	picture "$name" <"$source"
done
for lesson in 0 3 4 5 6; do
	"$work/states" $lesson | picture states-0$lesson
done
awk -f diagrams/copy.awk </dev/null | picture copy
timeline lessons/03-schedule/tutorial.c timeline-03 \
	"Who runs when: main resumes coroutines 0 and 1 in turn"
timeline lessons/05-caller/chain.c timeline-05 \
	"Who runs when: main resumes one that resumes another, and back"

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
