# Collects the words of the book's pages for search.js: prints, for each part of
# each page (from a heading to the next), where it is, what stands over it and
# what it says.

function plain(line) {
	gsub(/<[^>]*>/, "", line)
	gsub(/&lt;/, "<", line)
	gsub(/&gt;/, ">", line)
	gsub(/&quot;/, "\"", line)
	gsub(/&#160;|&nbsp;|&#9670;/, " ", line)
	gsub(/&#39;/, "'", line)
	gsub(/&amp;/, "\\&", line)
	gsub(/[ \t]+/, " ", line)
	sub(/^ /, "", line)
	return line
}

function quoted(line) {
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	gsub(/</, "\\u003c", line)
	return "\"" line "\""
}

function part() {
	if (text ~ /[^ ]/ || heading != "")
		printf "[%s,%s,%s,%s],\n", quoted(place), quoted(title), \
			quoted(heading), quoted(text)
	text = heading = ""
}

BEGIN { print "const parts = [" }

FNR == 1 {
	part()
	file = place = FILENAME
	sub(/.*\//, "", file)
	place = file
	inside = title = ""
}
/<div class="title">/ {
	title = plain($0)
	sub(/ *(File Reference)? *$/, "", title)
}
/<div class="contents">/ { inside = 1 }
!inside || /class="ttc"/ { next }
{ sub(/<div class="course">.*<\/a> *<\/div>/, "") }
/class="toc"/ { listed = 1 }
listed {
	listed = $0 !~ /<\/div>/
	next
}
/<a (class="anchor" )?id="[^"]*"/ && !/<div class="textblock">/ {
	part()
	match($0, /id="[^"]*"/)
	place = file "#" substr($0, RSTART + 4, RLENGTH - 5)
	awaited = 1
}
{
	line = plain($0)
	if (awaited && line ~ /[^ ]/) {
		heading = line
		awaited = 0
	} else {
		text = text " " line
	}
}
END {
	part()
	print "];"
}
