#!/bin/sh
# Finds dead links, anchors and pictures in the texts and in the book.
#
#   sh diagrams/links.sh [FOLDER]
#
# From the repository's top folder, or for the tree in FOLDER: every Markdown
# text, and every page of build/book when there is one. Prints what is dead,
# and exits with 1 when something is. Addresses on the net are not tried.

set -u
LC_ALL=C
export LC_ALL
cd "${1:-.}" || exit 1

# "FILE LINE TARGET" of every link outside of code, "FILE LINE !TARGET" of a
# picture without words, "FILE #ANCHOR" of every heading as a forge names it.
texts() {
	find . -name build -prune -o -name .git -prune -o -name '*.md' -print |
		sort | while read -r text; do
		awk -v text="$text" '
		/^```/ { fenced = !fenced }
		fenced { next }
		/^#+ / {
			name = tolower($0)
			sub(/^#+ /, "", name)
			gsub(/[^a-z0-9 _-]/, "", name)
			gsub(/ /, "-", name)
			print text, "#" name
		}
		{
			gsub(/`[^`]*`/, "")
			while (match($0, /\]\([^)]*\)/)) {
				target = substr($0, RSTART + 2, RLENGTH - 3)
				empty = substr($0, 1, RSTART) ~ /!\[ *\]$/ ? "!" : ""
				$0 = substr($0, RSTART + RLENGTH)
				print text, FNR, empty target
			}
		}' "$text"
	done
}

# The same of the book: "FILE #ANCHOR" and "FILE LINE TARGET".
pages() {
	for page in build/book/*.html; do
		[ -f "$page" ] || continue
		awk -v page="./$page" '
		{
			line = $0
			while (match(line, / (id|name)="[^"]*"/)) {
				name = substr(line, RSTART, RLENGTH - 1)
				line = substr(line, RSTART + RLENGTH)
				sub(/^[^"]*"/, "", name)
				print page, "#" name
			}
			while (match($0, / (href|src|data)="[^"]*"/)) {
				target = substr($0, RSTART, RLENGTH - 1)
				$0 = substr($0, RSTART + RLENGTH)
				sub(/^[^"]*"/, "", target)
				gsub(/&amp;/, "\\&", target)
				gsub(/ /, "%20", target)
				print page, FNR, target
			}
		}' "$page"
	done
}

dead=$( (
	find . -name .git -prune -o ! -path '* *' -print | sed 's/$/ exists/'
	texts
	pages
) | awk '
$2 == "exists" { exists[$1]; next }
$2 ~ /^#/ { anchor[$1 $2]; next }
{ from[++n] = $1; line[n] = $2; target[n] = $3 }

# Where a target lies, seen from the top.
function resolve(file, to,    path) {
	path = file
	sub(/[^\/]*$/, "", path)
	path = path to
	gsub(/\/\.\//, "/", path)
	while (sub(/\/[^\/.][^\/]*\/\.\.\//, "/", path))
		;
	sub(/\/[^\/.][^\/]*\/\.\.$/, "", path)
	sub(/\/$/, "", path)
	return path
}

function dead(i, words) {
	print substr(from[i], 3) ":" line[i] ": " words
}

END {
	for (i = 1; i <= n; i++) {
		to = target[i]
		if (to ~ /^!/) {
			dead(i, "no words for the picture " substr(to, 2))
			to = substr(to, 2)
		}
		if (to ~ /^[a-z]+:/)
			continue
		name = ""
		if (match(to, /#.*/)) {
			name = substr(to, RSTART)
			to = substr(to, 1, RSTART - 1)
		}
		path = to == "" ? from[i] : resolve(from[i], to)
		if (!(path in exists))
			dead(i, "dead: " target[i])
		else if (name != "" && name != "#" && !((path name) in anchor))
			dead(i, "no such anchor: " target[i])
	}
}')

if [ "$dead" ]; then
	echo "$dead"
	exit 1
fi
