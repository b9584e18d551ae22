# Draws who runs when, for Graphviz: time goes down, each row is one stretch of
# somebody running, and says how it ends. Reads the table (`states moves`), then
# the moves that tests/record.c recorded; or those of a dispatcher's coroutines,
# `states_dispatcher moves` and tests/record_dispatcher.c. Give it -v title=...

# A column is as wide as its widest words; that is known at the end.
function cell(colour, words, text, column,    w) {
	if ((w = width(words) + 8) > wide[column])
		wide[column] = w
	words = words == "" ? "" : "<FONT COLOR=\"" text "\">" words "</FONT>"
	return sprintf("<TD FIXEDSIZE=\"TRUE\" WIDTH=\"@%s@\" HEIGHT=\"20\"%s>" \
		"%s</TD>", column, colour ? " BGCOLOR=\"" colour "\"" : "", words)
}

# Of words, about, in points.
function width(words,    narrow, capitals, broad) {
	narrow = gsub(/[ ,.ijlt]/, "", words)
	capitals = gsub(/[A-Z_]/, "", words)
	broad = gsub(/[mw]/, "", words)
	return narrow * 4.5 + capitals * 9.6 + broad * 12.5 + \
		length(words) * 8.4
}

function put_widths(line,    c) {
	for (c in wide)
		gsub("@" c "@", int(wide[c]), line)
	return line
}

# A column of a row: what the coroutine is while somebody runs; the name of a
# state stands where it begins.
function column(c, words, colour,    name) {
	name = shown[c] == state[c] || state[c] == "GONE" ? "" : state[c]
	shown[c] = state[c]
	if (state[c] == "RUNNING")
		return cell(colour, words, ON_RUN, c)
	if (state[c] == "NORMAL")
		return cell(WAIT, name, INK, c)
	if (state[c] == "SUSPEND" || state[c] ~ /^ON_/)
		return cell(OFF, name, INK, c)
	if (state[c] == "INTERRUPTED")
		return cell(OFF, name, NEW, c)
	return cell("", name, DIM, c)
}

# Ends the stretch of whoever runs now; what it made, closed or woke has a row
# before, and is that from the next row on.
function stretch(words, colour,    c) {
	if (gathered != "")
		row_of(gathered, RUN)
	gathered = ""
	for (c in later)
		state[c] = later[c]
	split("", later)
	if (words != "")
		row_of(words, colour ? colour : RUN)
}

function row_of(words, colour,    c, line) {
	if (timed)
		line = cell("", told == moment ? "" : clock(moment), DIM, "time")
	told = moment
	line = line (running() == "main" ? cell(colour, words, ON_RUN, "main") \
		: cell(WAIT, "", INK, "main"))
	for (c = 0; c < count; c++)
		line = line column(c, words, colour)
	row[++rows] = line
}

# A moment, from nanoseconds.
function clock(ns,    s) {
	if (ns == "-")
		return ""
	s = ns / 1000000000
	if (s == 0)
		return "0"
	if (s < 1)
		return ns / 1000000 " ms"
	if (s < 60)
		return s " s"
	if (s < 3600)
		return int(s / 60) " min" (s % 60 ? " " s % 60 " s" : "")
	return int(s / 3600) " h" (s % 3600 ? " " int(s % 3600 / 60) " min" : "")
}

function running(    c) {
	for (c = 0; c < count; c++)
		if (state[c] == "RUNNING")
			return c
	return "main"
}

# Several that one makes, or closes, or wakes, in one stretch; a row for as many
# as fit.
function gather(event, who) {
	if (gathered == "")
		gathered = event " " who
	else if (event == last && width(gathered ", " who) < 115)
		gathered = gathered ", " who
	else {
		stretch("")
		gathered = event " " who
	}
	last = event
}

BEGIN {
	RUN = "#1f6f8b"; ON_RUN = "#ffffff"
	WAIT = "#c9e3ea"; OFF = "#e3e8ed"
	INK = "#1f2a37"; DIM = "#5b6775"; NEW = "#a34a00"
	count = 0
}

NF >= 3 && $1 !~ /^[0-9]+$/ {
	from_to = $1 " " $2
	$1 = $2 = ""
	sub(/^ +/, "")
	event[from_to] = $0
	dispatched = dispatched || from_to ~ /GONE/
	least = dispatched ? 72 : 96
	next
}

{
	moves[++made] = $0
	if (!($1 in column_of)) {
		column_of[$1] = count
		name_of[count] = $1
		wide[count++] = least
		if (dispatched && NF > 4) {
			line = $0
			sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ /, "", line)
			name_of[count - 1] = line
		}
	}
	if (dispatched && $4 ~ /^[0-9]+$/)
		timed = 1
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
		if (m[4] == "in")
			stretch("in vain", NEW)
		else
			stretch(event[m[2] " " m[3]])
	} else if (m[3] != "RUNNING") {
		gather(event[m[2] " " m[3]], m[1])
	}
	if (m[3] == "RUNNING")
		nested = 0
	state[column_of[m[1]]] = m[3]
}

# A dispatcher's coroutines: who is resumed is seen in the next row, and why a
# join ends in the row of the other's exit. What a clock tells is the moment at
# which a stretch ends. Of "exit, detached" the first word will do.
function make_task(line,    m, c, words) {
	split(line, m, " ")
	c = column_of[m[1]]
	if (gathered != "" && (m[4] != moment || c in later))
		stretch("")
	moment = m[4]
	words = event[m[2] " " m[3]]
	sub(/,.*/, "", words)
	if (m[2] == "RUNNING") {
		stretch(words)
	} else if (m[3] == "RUNNING") {
		stretch("")
	} else if (m[2] != "ENDED" && !(m[2] == "ON_JOIN" && m[3] == "READY")) {
		gather(words, name_of[c])
		later[c] = m[3]
		return
	}
	state[c] = m[3]
}

END {
	for (i = 1; i <= made; i++) {
		if (dispatched)
			make_task(moves[i])
		else
			make(moves[i], moves[i + 1])
	}
	stretch("")
	wide["main"] = wide["main"] < least ? least : wide["main"]
	head = (timed ? cell("", "", INK, "time") : "") \
		cell("", "main", INK, "main")
	for (c = 0; c < count; c++)
		head = head cell("", (dispatched ? "" : "coroutine ") name_of[c], \
			INK, c)
	print "// title: " title
	print "digraph timeline {"
	print "t [shape=plain, label=<<TABLE BORDER=\"0\" CELLSPACING=\"2\" " \
		"CELLPADDING=\"0\" CELLBORDER=\"0\">"
	print "<TR>" put_widths(head) "</TR>"
	for (i = 1; i <= rows; i++)
		print "<TR>" put_widths(row[i]) "</TR>"
	print "</TABLE>>]\n}"
}
