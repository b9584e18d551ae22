# Draws who runs when, for Graphviz: time goes down, each row is one stretch of
# somebody running, and says how it ends. Reads the table (`states moves`), then
# the moves that tests/record.c recorded. Give it -v title=...

function cell(colour, words, text) {
	words = words == "" ? "" : "<FONT COLOR=\"" text "\">" words "</FONT>"
	return sprintf("<TD FIXEDSIZE=\"TRUE\" WIDTH=\"96\" HEIGHT=\"20\"%s>" \
		"%s</TD>", colour ? " BGCOLOR=\"" colour "\"" : "", words)
}

# A column of a row: what the coroutine is while somebody runs; the name of a
# state stands where it begins.
function column(id, words,    name) {
	name = shown[id] == state[id] ? "" : state[id]
	shown[id] = state[id]
	if (state[id] == "RUNNING")
		return cell(RUN, words, ON_RUN)
	if (state[id] == "NORMAL")
		return cell(WAIT, name, INK)
	if (state[id] == "SUSPEND")
		return cell(OFF, name, INK)
	return cell("", name, DIM)
}

# Ends the stretch of whoever runs now; what it made or closed has a row before.
function stretch(words) {
	if (gathered != "")
		row_of(gathered)
	gathered = ""
	if (words != "")
		row_of(words)
}

function row_of(words,    id, line) {
	line = running() == "main" ? cell(RUN, words, ON_RUN) : cell(WAIT, "", INK)
	for (id = 0; id < count; id++)
		line = line column(id, words)
	row[++rows] = line
}

function running(    id) {
	for (id = 0; id < count; id++)
		if (state[id] == "RUNNING")
			return id
	return "main"
}

# Several that main makes, or closes, in one stretch.
function gather(event, id) {
	if (gathered == "")
		gathered = event " " id
	else
		gathered = gathered (event == last ? ", " : ", " event " ") id
	last = event
}

BEGIN {
	RUN = "#1f6f8b"; ON_RUN = "#ffffff"
	WAIT = "#c9e3ea"; OFF = "#e3e8ed"
	INK = "#1f2a37"; DIM = "#5b6775"
}

NF >= 3 && $1 !~ /^[0-9]+$/ {
	from_to = $1 " " $2
	$1 = $2 = ""
	sub(/^ +/, "")
	event[from_to] = $0
	next
}

{
	moves[++made] = $0
	if ($1 + 1 > count)
		count = $1 + 1
}

# The stretch that a move ends is drawn before the move is made. What a resume
# inside a coroutine changes are two moves, RUNNING to NORMAL and the other one
# to RUNNING; so are a yield or an exit to a coroutine.
function make(line, next_line,    m, n) {
	split(line, m, " ")
	split(next_line, n, " ")
	if (m[3] == "RUNNING" && m[2] != "NORMAL" && running() == "main" && \
	    !nested) {
		stretch(event[m[2] " " m[3]] " " m[1])
	} else if (m[2] == "RUNNING" && m[3] == "NORMAL") {
		stretch(event[n[2] " " n[3]] " " n[1])
		nested = 1
	} else if (m[2] == "RUNNING") {
		stretch(event[m[2] " " m[3]])
	} else if (m[3] != "RUNNING") {
		gather(event[m[2] " " m[3]], m[1])
	}
	if (m[3] == "RUNNING")
		nested = 0
	state[m[1]] = m[3]
}

END {
	for (i = 1; i <= made; i++)
		make(moves[i], moves[i + 1])
	stretch("")
	print "// title: " title
	print "digraph timeline {"
	printf "t [shape=plain, label=<<TABLE BORDER=\"0\" CELLSPACING=\"2\" " \
		"CELLPADDING=\"0\" CELLBORDER=\"0\">\n<TR>" cell("", "main", INK)
	for (id = 0; id < count; id++)
		printf "%s", cell("", "coroutine " id, INK)
	print "</TR>"
	for (i = 1; i <= rows; i++)
		print "<TR>" row[i] "</TR>"
	print "</TABLE>>]\n}"
}
