#!/bin/sh
# Makes the files of a new exercise, for whoever writes one:
#
#   sh exercises/new.sh NAME NN      (make new-exercise NAME=x LESSON=NN)
#
# From the top folder. They compile, the starter fails and the solution passes:
# an exercise that finds the larger of two numbers, to be replaced piece by piece.

name=$1
number=$2

refuse() {
	printf '%s\n' "$1" >&2
	exit 1
}

case $number in
[1-9]) number=0$number ;;
esac
case $name in
"" | [!a-z]* | *[!a-z0-9_]*)
	refuse "NAME=$name: it is a function of C: small letters, digits and _" ;;
esac
# shellcheck disable=SC2194
case " auto break case char const continue default do double else enum extern \
float for goto if inline int long main register restrict return short signed \
sizeof static struct switch typedef union unsigned void volatile while " in
*" $name "*) refuse "NAME=$name: that is a word of C" ;;
esac
[ ${#name} -le 32 ] || refuse "NAME=$name: no more than 32 letters"
lesson=
for folder in exercises/"$number"-*/; do
	[ -f "$folder/README.md" ] && lesson=${folder%/}
done
[ "$lesson" ] || refuse "LESSON=$number: there are no exercises for that lesson"
grep -q '^<!-- exercises:.* -->' "$lesson/README.md" ||
	refuse "$lesson/README.md has no line <!-- exercises: -->"
# Names are unique in the whole course: WORD=name finds it, and so does the proof.
for folder in exercises/*/"$name" "$lesson/$name.c"; do
	[ ! -e "$folder" ] || refuse "NAME=$name: there is $folder already"
done

parts=$lesson/$name
guard=$(printf %s "$name" | tr '[:lower:]' '[:upper:]')_H
mkdir -p "$parts/wrong" || exit 1

cat >"$parts/$name.h" <<end
#ifndef $guard
#define $guard

/* Returns the larger of two numbers. */
int $name(int a, int b);

#endif
end

# answer FILE COMMENT BODY: a function whose body is one statement or several.
answer() {
	printf '%s\n#include "%s.h"\n\nint %s(int a, int b)\n{\n%s\n}\n' \
		"$2" "$name" "$name" "$3" >"$1"
}

answer "$parts/starter.c" "/* Exercise $name: the larger of two numbers. */" \
	'	/* TODO: the larger one. */
	(void)a;
	(void)b;
	return 0;'
answer "$parts/solution.c" "/* Exercise $name: the larger of two numbers. */" \
	'	return a > b ? a : b;'
answer "$parts/wrong/first.c" '/* Misconception: the first one is the larger one. */
/* Rejected by: the larger one comes out */' \
	'	(void)b;
	return a;'
cp "$parts/starter.c" "$parts.c"

cat >"$parts/test.c" <<end
#include "check.h"
#include "$name.h"

static void one_of_two(void)
{
	check_int("the larger of 2 and 3", $name(2, 3), 3);
	check_int("the larger of 4 and 2", $name(4, 2), 4);
}

int main(void)
{
	static const struct check tests[] = {
		{ "the larger one comes out", one_of_two,
		  "what do you know of a when b is the smaller one?" },
	};

	return check_exercise("$name", tests, sizeof tests / sizeof *tests);
}
end

cat >"$parts/hints.md" <<end
## Hint 1

Which question decides between the two?

## Hint 2

One comparison is enough.

## Hint 3

    return /* is a larger? */ ? a : b;
end

# The order of the names in the first line is the order in which they are offered.
sed "s/^\(<!-- exercises:.*\) -->/\1 $name -->/" \
	"$lesson/README.md" >"$parts/README.new" &&
	cat >>"$parts/README.new" <<end && mv "$parts/README.new" "$lesson/README.md"

## $name: the larger of two numbers

File: [$name.c]($name.c). Write \`$name\`, which returns the larger of its two
numbers.
end

cat <<end
$parts.c and $parts/ are made, and the task in $lesson/README.md.
Next: write the test and the solution, then at least six answers in
$parts/wrong; .github/CONTRIBUTING.md tells how they are checked
end
