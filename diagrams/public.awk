# Finds what is public and says nothing of itself, in Doxygen's XML of a header:
# Doxygen's own check passes over the values of an enum.

/<(memberdef|enumvalue) / {
	if ($0 ~ /<memberdef/)
		member = kind = ""
	if (match($0, /kind="[a-z]*"/))
		kind = substr($0, RSTART + 6, RLENGTH - 7)
	inside = $0 ~ /<enumvalue/ ? "enumvalue" : "memberdef"
	said = 0
}
/<name>/ {
	name = $0
	gsub(/.*<name>|<\/name>.*/, "", name)
	if (inside == "memberdef" && member == "")
		member = name
	if (inside == "enumvalue")
		value = name
}
/<(briefdescription|detaileddescription)>/ { describing = 1 }
describing && /<para>/ { said = 1 }
/<\/(briefdescription|detaileddescription)>/ { describing = 0 }
/<\/enumvalue>/ {
	if (!said)
		silent(value)
	inside = "memberdef"
	said = 0
}
/<\/memberdef>/ && !said { silent(member == "" ? "an enum" : member) }

function silent(what) {
	print "undocumented: " what
	failed = 1
}

END { exit failed }
