# Draws one shared stack and the images of A and B, before, during and after
# the copy (lesson 04), for Graphviz. A place is drawn as its three slices, the
# highest address first, each with the letter of whose frame lies in it.

BEGIN {
	A = "#7a4a8c"; A_WAITS = "#eadcf0"
	B = "#1f6f8b"; B_WAITS = "#c9e3ea"
	OFF = "#e3e8ed"
	INK = "#1f2a37"; DIM = "#5b6775"; PAPER = "#f4f6f8"

	print "// title: One shared stack: A's frames move to its image, " \
		"and B's move from its image to the addresses they came from"
	print "digraph copy {\nt [shape=plain, label=<<TABLE BORDER=\"0\" " \
		"CELLBORDER=\"0\" CELLSPACING=\"3\" CELLPADDING=\"0\">"
	print "<TR>" head("shared stack") head("") head("image of A") \
		head("image of B") "</TR>"
	step("before: A has yielded and still lies on the stack",
		"AA ", "", "   ", "BBB", "")
	step("during: B is resumed, so A is copied out first",
		"AA ", "copied out &#10230;", "AA ", "BBB", "")
	step("during: then B is copied back, to the same addresses",
		"BBB", "&#10229; copied back", "AA ", "BBB", "")
	step("after: B runs, and A waits in its image",
		"BBB", "", "AA ", "   ", "B")
	print "</TABLE>>]\n}"
}

function words(text, colour) {
	return "<FONT COLOR=\"" colour "\">" text "</FONT>"
}

function head(text) {
	return "<TD WIDTH=\"96\" HEIGHT=\"22\">" \
		(text ? words(text, DIM) : "") "</TD>"
}

# One slice of a place; whoever runs is drawn strong.
function slice(owner, runs,    colour) {
	if (owner == " ")
		return "<TR><TD HEIGHT=\"18\" WIDTH=\"92\" BGCOLOR=\"" OFF \
			"\"></TD></TR>"
	colour = owner == "A" ? (runs ? A : A_WAITS) : (runs ? B : B_WAITS)
	return "<TR><TD HEIGHT=\"18\" WIDTH=\"92\" BGCOLOR=\"" colour "\">" \
		words(owner, runs ? "#ffffff" : INK) "</TD></TR>"
}

function place(owners, running,    i, rows) {
	for (i = 1; i <= 3; i++)
		rows = rows slice(substr(owners, i, 1), \
			substr(owners, i, 1) == running)
	return "<TD><TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"1\" " \
		"CELLPADDING=\"0\">" rows "</TABLE></TD>"
}

function step(text, stack, arrow, image_a, image_b, running) {
	print "<TR><TD COLSPAN=\"4\" ALIGN=\"LEFT\" HEIGHT=\"28\" " \
		"VALIGN=\"BOTTOM\">" words(text, INK) "</TD></TR>"
	print "<TR>" place(stack, running) "<TD WIDTH=\"96\">" \
		(arrow ? words(arrow, "#a34a00") : "") "</TD>" \
		place(image_a, "") place(image_b, "") "</TR>"
}
