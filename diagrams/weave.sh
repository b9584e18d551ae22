#!/bin/sh
# Weaves code and output into the texts, so that neither can drift.
#
#   sh diagrams/weave.sh [--check] [TEXT.md ...]       (make weave)
#
# From the repository's top folder. In every text (README.md, those of lessons
# and exercises, or the ones named):
#
#   <!-- code: FILE TAG -->    the c or cpp block below it becomes the part of
#                              FILE between its two marks //! [TAG]; a mark
#                              that no text uses is a mistake
#   ```console                 its "$ " lines are run in turn by one sh, and
#                              what they print follows each
#   <!-- lessons -->           up to <!-- /lessons -->: the list of lessons
#   <!-- questions -->         up to <!-- /questions -->: the Q numbers
#
# The commands run in a scratch copy of the tree, in the text's own folder;
# learners' answers are the starters there. `cc` and `c++` are $CC and $CXX.
# A block whose tool is absent stays as it is, and is named as not tested.
# --check writes nothing; it shows the difference and fails.

set -u
umask 022
LC_ALL=C
export LC_ALL
if [ "${WEAVING:-}" ]; then
	echo "weave: a text must not run weave" >&2
	exit 1
fi
WEAVING=1
export WEAVING
unset MAKEFLAGS MFLAGS MAKELEVEL CDPATH ENV

# The files for the moves that programs make; those run in other folders.
recorded=
for variable in COROUTINE_MOVES DISPATCHER_MOVES SERVER_MOVES; do
	eval "path=\${$variable:-}"
	case $path in
	"") continue ;;
	/*) ;;
	*) path=$(pwd)/$path ;;
	esac
	export "$variable=$path"
	recorded=yes
done

check=
if [ "${1:-}" = --check ]; then
	check=1
	shift
fi
if [ $# -eq 0 ]; then
	for text in README.md lessons/README.md lessons/*/README.md \
		exercises/*/README.md; do
		[ -f "$text" ] && set -- "$@" "$text"
	done
fi

top=$(pwd)
work=$top/build/weave/$$
tree=$work/tree
mistakes=$work/mistakes
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$tree" "$work/bin" || exit 1
: >"$mistakes"

# The compilers go by the texts' names, whatever they are here. What they link
# records its moves, if those are wanted: from an archive, so that a program gets
# of it what it has use for.
record=
cc=${CC:-cc}
if [ "$recorded" ] && command -v "${cc%% *}" >/dev/null; then
	for recorder in tests/record*.c; do
		object=$work/$(basename "$recorder" .c).o
		$cc -I. -c -o "$object" "$recorder" &&
			ar rc "$work/record.a" "$object" || exit 1
	done
	record="-x none $work/record.a @$top/tests/record.flags"
fi
compiler() {
	command -v "${2%% *}" >/dev/null || return
	cat >"$work/bin/$1" <<-END
		#!/bin/sh
		PATH="$PATH"
		case " \$* " in
		*" -c "* | *" -S "* | *" -E "*) exec $2 "\$@" ;;
		esac
		exec $2 "\$@" $record
	END
	chmod +x "$work/bin/$1"
}
compiler cc "${CC:-cc}"
compiler c++ "${CXX:-c++}"
have() {
	case $1 in
	cc | c++) [ -x "$work/bin/$1" ] ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

scratch() {
	for entry in "$top"/*; do
		[ "$entry" = "$top/build" ] || cp -Rp "$entry" "$tree/"
	done
	for starter in "$tree"/exercises/*/*/starter.c; do
		[ ! -f "$starter" ] || cp "$starter" "${starter%/starter.c}.c"
	done
}

# What is said of a crash, without what differs from shell to shell.
same_words() {
	sed -e 's/ (core dumped)$//' \
		-e 's/^.*: line [0-9]*: *[0-9]* \([A-Z][a-z ]*[a-z]\)  .*$/\1/' \
		"$1" >"$1.same" && mv "$1.same" "$1"
}

# Runs one console block: $1 text, $2 path of its files without ".sh". After a
# block that cannot run, those below it may lack what it would have built.
limit=
command -v timeout >/dev/null && limit="timeout -k 1 60"
run_block() {
	for tool in $(cat "$2.needs"); do
		have "$tool" && continue
		echo "not tested: $1 from block ${2##*.} on, which needs $tool" >&2
		stopped=1
	done
	if [ "$stopped" ]; then
		: >"$2.skip"
		return
	fi
	(
		cd "$tree/$(dirname "$1")" && ulimit -c 0 &&
			PATH=$work/bin:$PATH exec $limit sh "$2.sh" </dev/null
	) >"$2.rest" 2>&1
	[ $? -ne 124 ] || echo "$1: a block ran for a minute" >>"$mistakes"
	[ ! -s "$2.rest" ] || sed "s|^|$1: |" "$2.rest" >>"$mistakes"
	for answer in "$2".[0-9]*; do
		[ -f "$answer" ] || continue
		same_words "$answer"
		grep -q -F "$top" "$answer" &&
			echo "$1: a block prints this machine's path:" \
				"$(grep -F "$top" "$answer")" >>"$mistakes"
	done
}

# A lesson runs every program it has. A mechanism, which has a header, is none.
all_run() {
	for program in "${1%/*}"/*.c "${1%/*}"/*.cpp; do
		[ -f "$program" ] && [ ! -f "${program%.c}.h" ] || continue
		grep -q "^[$>] .*[ /]$(basename "$program" | sed 's/[.]/[.]/')" "$1" ||
			echo "$1: ${program##*/} is never run in it" >>"$mistakes"
	done
}

# No mark is left over from a listing that is gone: in any source.
all_used() {
	# shellcheck disable=SC2046
	awk -f diagrams/marks.awk \
		$(find README.md lessons exercises -name README.md) \
		$(find coroutine.[ch] lessons exercises -name '*.[ch]' -o \
			-name '*.[ch]pp') >>"$mistakes"
}

# One text: its new form goes to a file in build/weave.
weave() {
	name=$work/$(echo "$1" | tr / .)
	case $1 in
	lessons/*/*) root=../ ;;
	lessons/*) root= ;;
	*/*) root=../lessons/ ;;
	*) root=lessons/ ;;
	esac
	set -- "$1" -f diagrams/weave.awk -v text="$1" -v out="$name" \
		-v folder="$(dirname "$1")" -v root="$root" \
		-v lessons="$work/lessons" -v questions="$work/questions" \
		-v mistakes="$mistakes"
	text=$1
	shift
	awk "$@" -v phase=read "$text" || exit 1
	case $text in
	lessons/*/README.md) all_run "$text" ;;
	esac
	stopped=
	block=1
	while [ -f "$name.$block.sh" ]; do
		run_block "$text" "$name.$block"
		block=$((block + 1))
	done
	awk "$@" -v phase=write "$text" >"$name.new" || exit 1
}

scratch
all_used
found=
for lesson in lessons/*/README.md; do
	[ -f "$lesson" ] && found="$found $lesson"
done
# shellcheck disable=SC2086
awk -f diagrams/index.awk -v lessons="$work/lessons" \
	-v questions="$work/questions" -v mistakes="$mistakes" \
	$found </dev/null || exit 1
for text in "$@"; do
	weave "$text"
done

if [ -s "$mistakes" ]; then
	cat "$mistakes" >&2
	echo "weave: nothing is written; mend these first" >&2
	exit 1
fi
drifted=
for text in "$@"; do
	new=$work/$(echo "$text" | tr / .).new
	cmp -s "$text" "$new" && continue
	drifted="$drifted $text"
	if [ "$check" ]; then
		diff -u "$text" "$new"
	else
		cat "$new" >"$text" && echo "woven: $text"
	fi
done
if [ "$check" ] && [ "$drifted" ]; then
	echo "weave: the code or its output is not what stands in$drifted;" \
		"to take over what is real, type: make weave" >&2
	exit 1
fi
