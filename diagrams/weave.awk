# Reads one Markdown text for weave.sh, twice.
#
# phase=read   writes the mistakes it sees to `mistakes`, and the commands of
#              the n-th console block as a script to OUT.n.sh
# phase=write  prints the text as it should be: listings from their files,
#              transcripts from OUT.n.k (what the k-th command printed)
#
# Also given: text (the name for messages), folder (where the text lies), out,
# root (how a link reaches lessons/), questions and lessons (the two lists).

BEGIN {
	known["c"] = known["cpp"] = known["console"] = known["text"] = 1
	fence = "```"
	split("cc c++ gcc g++ clang clang++ gdb valgrind make nm strace curl socat", \
	      name, " ")
	for (i in name)
		tool[name[i]]
}

function mistake(line, words) {
	if (phase == "read")
		print text ":" line ": " words >>mistakes
}

# A file between its two marks: fills body[1..size]; returns what is wrong.
function region(file, tag,    path, line, marks, got) {
	size = 0
	path = folder "/" file
	while ((got = (getline line <path)) > 0) {
		if (index(line, "//! [" tag "]"))
			marks++
		else if (marks == 1 && line !~ /^[ \t]*\/\/! \[[^]]*\][ \t]*$/)
			body[++size] = line
	}
	close(path)
	if (got < 0)
		return "no file " file " here"
	if (marks != 2)
		return file " has " marks + 0 " marks //! [" tag "], not two"
	return ""
}

# Takes off what all lines begin with; preprocessor lines have no say.
function dedent(    i, lead, common, seen) {
	for (i = 1; i <= size; i++) {
		if (body[i] ~ /^[ \t]*$/ || body[i] ~ /^#/)
			continue
		match(body[i], /^[ \t]*/)
		lead = substr(body[i], 1, RLENGTH)
		if (!seen++)
			common = lead
		while (substr(lead, 1, length(common)) != common)
			common = substr(common, 1, length(common) - 1)
	}
	for (i = 1; i <= size; i++)
		if (substr(body[i], 1, length(common)) == common)
			body[i] = substr(body[i], length(common) + 1)
}

function listing(    part, wrong, i) {
	if (mark == "") {
		mistake(NR, "this block has no mark; write " \
			"<!-- code: FILE TAG --> on the line above it")
		return
	}
	split(mark, part, " ")
	wrong = region(part[3], part[4])
	if (wrong)
		mistake(NR, wrong)
	dedent()
	if (phase == "write")
		for (i = 1; i <= size; i++)
			print body[i]
}

# What a command printed, as it stands in the text.
function answer(    file, line) {
	file = out "." blocks "." commands
	while ((getline line <file) > 0) {
		if (index(line, fence) == 1)
			line = " " line
		print line
	}
	close(file)
}

# The tools among the commands of a line, which this machine may not have.
function needs(line,    part, i, n) {
	n = split(line, part, /[ \t;&|(){}]+/)
	for (i = 1; i <= n; i++)
		if (part[i] in tool)
			needed = needed part[i] "\n"
}

# One line of a console block. A command that ends in \ goes on in the next
# line, which begins with "> ".
function console(line) {
	if (line ~ /^\$ ./ && !more) {
		if (phase == "write" && commands && !skip)
			answer()
		commands++
		script = script "{ " substr(line, 3) "\n"
		needs(line)
	} else if (!commands) {
		mistake(NR, "a console block begins with \"$ command\"")
		commands = 1
		return
	} else if (more && line ~ /^> /) {
		script = script substr(line, 3) "\n"
	} else {
		if (phase == "write" && skip)
			print line
		return
	}
	more = line ~ /\\$/
	if (!more)
		script = script "} >" out "." blocks "." commands " 2>&1\n"
	if (phase == "write")
		print line
}

function console_end(    file) {
	if (phase == "write") {
		if (!skip)
			answer()
		return
	}
	if (!commands)
		mistake(NR, "a console block begins with \"$ command\"")
	file = out "." blocks ".sh"
	printf "%s", script >file
	close(file)
	file = out "." blocks ".needs"
	printf "%s", needed >file
	close(file)
}

function fence_begin(    file, line) {
	inside = substr($0, 4)
	opened = NR
	if (!(inside in known))
		mistake(NR, "a fence says c, cpp, console or text; not \"" \
			inside "\"")
	if (phase == "write")
		print
	if (inside == "c" || inside == "cpp")
		listing()
	else if (mark != "")
		mistake(NR, "a mark <!-- code: --> stands above a c or cpp block")
	if (inside == "console") {
		blocks++
		commands = more = 0
		script = needed = ""
		file = out "." blocks ".skip"
		skip = (getline line <file) >= 0
		close(file)
	}
	mark = ""
}

function list(name, file,    line) {
	print "<!-- " name " -->\n"
	while ((getline line <file) > 0) {
		gsub(/\]\(@/, "](" root, line)
		print line
	}
	close(file)
	print ""
}

opened && index($0, fence) == 1 {
	if ($0 != fence)
		mistake(NR, "a fence inside the block of line " opened)
	if (inside == "console")
		console_end()
	opened = 0
	if (phase == "write")
		print
	next
}
opened && inside == "console" { console($0); next }
opened && (inside == "c" || inside == "cpp") { next }
opened { if (phase == "write") print; next }

index($0, fence) == 1 { fence_begin(); next }
mark != "" { mistake(NR - 1, "no block follows this mark"); mark = "" }
/^[ \t]+```/ || /^[ \t]*~~~/ {
	mistake(NR, "a fence is ``` at the beginning of a line")
}
/^<!-- code: / {
	mark = $0
	if ($0 !~ /^<!-- code: [^ ]+ [^ ]+ -->$/) {
		mistake(NR, "a mark is <!-- code: FILE TAG -->")
		mark = ""
	}
}
/^<!-- (questions|lessons) -->$/ {
	listed = $2
	opened_list = NR
	if (phase == "write")
		list(listed, listed == "lessons" ? lessons : questions)
}
listed != "" {
	if ($0 != "<!-- /" listed " -->")
		next
	listed = ""
}
phase == "write" { print }

END {
	if (opened)
		mistake(opened, "this fence is never closed")
	if (mark != "")
		mistake(NR, "no block follows this mark")
	if (listed != "")
		mistake(opened_list, "no <!-- /" listed " --> follows")
}
