# What Doxygen reads in place of a text, so that one Markdown source is right on
# a forge and in the book: names for the pages, links and pictures that lead to
# them, transcripts with the commands apart from what they print, and the strip
# of lessons on top. In place of examples.dox: a page for every program.

# "/here/lessons/01-context/README.md" -> "lessons/01-context/README.md"
function below_top(path) {
	if (index(path, ENVIRON["PWD"] "/") == 1)
		path = substr(path, length(ENVIRON["PWD"]) + 2)
	return path
}

# A link as seen from the text's folder, as seen from the top.
function resolve(target,    path) {
	path = folder target
	while (sub(/\/\.\//, "/", path))
		;
	while (match(path, /[^\/]+\/\.\.\//) && \
	    substr(path, RSTART, 3) != "../")
		path = substr(path, 1, RSTART - 1) substr(path, RSTART + RLENGTH)
	return path
}

# The name of a text's page.
function page(path) {
	if (path == "README.md")
		return "index"
	if (path == "lessons/README.md")
		return "course"
	if (path ~ /^lessons\//)
		return "lesson-" substr(path, 9, 2)
	return "exercises-" substr(path, 11, 2)
}

# The page that Doxygen makes of a program.
function program(path) {
	if (path ~ /^exercises\/[^\/]*\/[^\/]*\.c$/)
		sub(/\.c$/, "/starter.c", path)
	gsub(/\//, "_2", path)
	gsub(/\./, "_8", path)
	return path "-example"
}

# Where a link leads in the book.
function lead(target,    path) {
	if (target ~ /^[a-z]+:/ || target ~ /^#/)
		return target
	path = resolve(target)
	if (path ~ /\.svg$/) {
		sub(/.*\//, "", path)
		return path
	}
	if (path == "coroutine.h")
		return "coroutine_8h.html"
	if (path ~ /^([^.].*\/)?README\.md$/)
		return page(path) ".html"
	if (path ~ /\.(c|cpp|h|hpp)$/)
		return program(path) ".html"
	return ""
}

# A link to what is not in the book leaves its words.
function relink(line,    done, target, start, size) {
	while (match(line, /\]\([^)]*\)/)) {
		start = RSTART
		size = RLENGTH
		target = lead(substr(line, start + 2, size - 3))
		done = done substr(line, 1, start)
		line = substr(line, start + size)
		if (target != "")
			done = done "(" target ")"
		else if (match(done, /\[[^[]*\]$/))
			done = substr(done, 1, RSTART - 1) \
				substr(done, RSTART + 1, RLENGTH - 2)
	}
	return done line
}

function escape(line) {
	gsub(/&/, "\\&amp;", line)
	gsub(/</, "\\&lt;", line)
	gsub(/>/, "\\&gt;", line)
	return line
}

# A picture alone on its line.
function picture(line,    alt, target) {
	alt = escape(substr(line, 3, index(line, "](") - 3))
	gsub(/"/, "\\&quot;", alt)
	target = substr(line, index(line, "](") + 2)
	print "<img src=\"" lead(substr(target, 1, length(target) - 1)) \
		"\" alt=\"" alt "\"/>"
}

# The numbers of all lessons, the current one marked.
function strip(    list, name, number, here) {
	here = substr(path, index(path, "/") + 1, 2)
	list = "ls lessons/[0-9]*/README.md"
	printf "<div class=\"course\">"
	while ((list | getline name) > 0) {
		number = substr(name, 9, 2)
		printf "<a href=\"lesson-%s.html\" title=\"%s\"%s>%d</a> ", \
			number, substr(name, 12, length(name) - 21), \
			number == here ? " class=\"here\"" : "", number
	}
	close(list)
	print "</div>\n"
}

# The first paragraph of the comment that a file begins with, on one line.
function first_comment(name,    line, words) {
	while ((getline line <name) > 0) {
		if (words == "" && line !~ /^\/[*\/]/)
			break
		if (words != "" && line !~ /^(\/\/| \*) *[^ ]/)
			break
		words = words " " line
		if (line ~ /\*\//)
			break
	}
	close(name)
	sub(/ *\*\/.*/, "", words)
	gsub(/ +(\/\*+|\*|\/\/)( +|$)/, " ", words)
	gsub(/ +\*( |$)/, " ", words)
	gsub(/[\\@#<>%]/, "\\\\&", words)
	return words
}

function examples(    list, name) {
	list = "ls coroutine.c lessons/*/*.[ch]* tests/bench/*.[ch] " \
		"exercises/*/*/starter.c exercises/*/*/*.h 2>/dev/null"
	while ((list | getline name) > 0) {
		print "/** @example " name "\n * @details " first_comment(name) "\n */"
	}
	close(list)
}

# A line of a transcript; what is typed stands out.
function console(line) {
	if (line ~ /^\$ / || more) {
		more = line ~ /\\$/
		line = "<b>" escape(line) "</b>"
	} else {
		line = escape(line)
	}
	print line
}

FILENAME ~ /\.dox$/ { examples(); exit }

FNR == 1 {
	path = below_top(FILENAME)
	folder = path
	sub(/[^\/]*$/, "", folder)
	print $0 " {#" (path == "README.md" ? "mainpage" : page(path)) "}"
	print "\n[TOC]\n"
	if (path ~ /^[a-z]+\/[0-9]/)
		strip()
	next
}
/^```console$/ {
	fenced = transcript = 1
	print "@htmlonly[block]\n<pre class=\"console\">"
	next
}
/^```/ {
	if (transcript) {
		print "</pre>\n@endhtmlonly"
		fenced = transcript = 0
		next
	}
	fenced = !fenced
	print $0 == "```text" ? "```{.unparsed}" : $0
	next
}
transcript { console($0); next }
fenced { print; next }
/^<!--.*-->$/ { next }
/^!\[.*\]\([^)]*\)$/ { picture($0); next }
/\[All lessons\]/ { print "<div class=\"turn\">" relink($0) "</div>"; next }
/^### Q[0-9]+:/ {
	number = $2
	sub(/:/, "", number)
	print $0 " {#" page(path) "-" tolower(number) "}"
	next
}
/^\| Q[0-9]+ \|/ {
	line = relink($0)
	sub(/\.html/, ".html#@-" tolower($2), line)
	match(line, /lesson-[0-9]+/)
	sub(/@/, substr(line, RSTART, RLENGTH), line)
	print line
	next
}
{
	line = relink($0)
	# Doxygen does not see bold around code.
	while (match(line, /\*\*`[^`]*`\*\*/))
		line = substr(line, 1, RSTART - 1) "<b>" \
			substr(line, RSTART + 2, RLENGTH - 4) "</b>" \
			substr(line, RSTART + RLENGTH)
	print line
}
