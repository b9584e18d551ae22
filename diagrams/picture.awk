# Turns Graphviz's SVG into one that a forge and the book can show: a title;
# light and dark by the reader's setting; a panel behind it all, because a page
# may be dark while that setting is light; and no word of the version which
# drew it. Give it -v title=...

# The sources use the light colours; they are names for what dark puts there.
function styles() {
	name["paper"] = "#f4f6f8 #1b222b"
	name["ink"] = "#1f2a37 #e6eaef"
	name["line"] = "#5b6775 #a4b0bd"
	name["fill"] = "#ffffff #28313c"
	name["new"] = "#a34a00 #ffb86b"
	name["newfill"] = "#fff1db #47341d"
	name["run"] = "#1f6f8b #8fd3ea"
	name["onrun"] = "#ffffff #10222b"
	name["wait"] = "#c9e3ea #2f5866"
	name["off"] = "#e3e8ed #303a46"
	name["other"] = "#7a4a8c #d9b3e6"
	name["otherwait"] = "#eadcf0 #54405c"
	printf "<style>:root{"
	for (i = 1; i <= n; i++)
		printf "--%s:%s;", order[i], colour(order[i], 1)
	printf "}\n@media(prefers-color-scheme:dark){:root{"
	for (i = 1; i <= n; i++)
		printf "--%s:%s;", order[i], colour(order[i], 2)
	print "}}"
	print "text{fill:var(--ink);font-family:\"DejaVu Sans\",Verdana,sans-serif}"
	print ".paper{fill:var(--paper)}"
	print ".node path{fill:var(--fill);stroke:var(--line)}"
	print ".edge path{stroke:var(--line)}"
	print ".edge polygon{fill:var(--line);stroke:var(--line)}"
	print ".new text{fill:var(--new)}"
	print ".node.new path{fill:var(--newfill);stroke:var(--new);stroke-width:2}"
	print ".edge.new path{stroke:var(--new);stroke-width:1.6}"
	print ".edge.new polygon{fill:var(--new);stroke:var(--new)}"
	for (i = 4; i <= n; i++)
		printf "[fill=\"%s\"]{fill:var(--%s)}", \
			colour(order[i], 1), order[i]
	print "</style>"
}

function colour(which, mode,    part) {
	split(name[which], part, " ")
	return part[mode]
}

BEGIN {
	n = split("paper fill newfill ink line new run onrun wait off other " \
		"otherwait", order, " ")
}

/^<svg/ { begun = 1 }
!begun { next }
/^<!--.*-->$/ { next }
/^ *<title>.*<\/title>$/ { next }
/^<title>/ { next }
/^<svg/ { next }
/viewBox=/ {
	match($0, /viewBox="[^"]*"/)
	split(substr($0, RSTART + 9, RLENGTH - 10), box, " ")
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
	printf "width=\"%d\" height=\"%d\" viewBox=\"%s\">\n", box[3], box[4], \
		box[1] " " box[2] " " box[3] " " box[4]
	print "<title>" title "</title>"
	styles()
	printf "<rect class=\"paper\" fill=\"#f4f6f8\" width=\"%s\" " \
		"height=\"%s\" rx=\"10\"/>\n", box[3], box[4]
	next
}
/^<polygon fill="(white|transparent)" stroke="transparent"/ && !ground++ { next }
{
	sub(/stroke="transparent"/, "stroke=\"none\"")
	print
}
