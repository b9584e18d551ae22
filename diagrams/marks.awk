# Names the marks //! [TAG] of sources that no text uses, for weave.sh: its files
# are all texts, then all sources.

# dir/../file is file.
function plain(path) {
	while (sub(/[^\/]+\/\.\.\//, "", path))
		;
	return path
}

FILENAME ~ /[.]md$/ {
	if ($1 == "<!--" && $2 == "code:") {
		folder = FILENAME
		sub(/[^\/]*$/, "", folder)
		used[plain(folder $3), $4]
	}
	next
}

match($0, /\/\/! \[[^]]*\]/) {
	tag = substr($0, RSTART + 5, RLENGTH - 6)
	if (!((FILENAME, tag) in used))
		print FILENAME ":" FNR ": no text uses the mark //! [" tag "]"
}
