# Reads all lessons' texts in order, for weave.sh: writes the list of lessons
# to `lessons`, the table of the Q numbers to `questions`, and what is wrong
# with a title or a question's heading to `mistakes`. A link begins with "](@",
# where weave.awk puts the way to lessons/.

function mistake(words) {
	print FILENAME ":" FNR ": " words >>mistakes
}

# "lessons/03-schedule/README.md" -> "03-schedule"
function folder(    part) {
	split(FILENAME, part, "/")
	return part[2]
}

# The first sentence of a paragraph, on one line.
function sentence(words) {
	gsub(/\n/, " ", words)
	if (match(words, /[.?!][*_]*( |$)/))
		words = substr(words, 1, RSTART)
	return words
}

function paragraph() {
	if (words == "")
		return
	if (paragraphs++ == 0)
		printf "%d. [%s](@%s/README.md) - **%s**\n", number, name, \
			folder(), bare(sentence(words)) >lessons
	words = ""
}

function bare(line) {
	gsub(/\*|_/, "", line)
	return line
}

function question(    part, line, id) {
	line = substr($0, 5)
	if (line !~ /^Q[0-9]+: .*\?$/) {
		mistake("a question's heading is ### Q7: text?")
		return
	}
	split(line, part, ":")
	id = substr(part[1], 2) + 0
	if (asked[FILENAME, id]++)
		mistake("Q" id " is answered twice in this lesson")
	line = substr(line, length(part[1]) + 3)
	gsub(/\|/, "\\|", line)
	row[++rows] = sprintf("| Q%d | %s | [%s](@%s/README.md) |", id, line, \
		name, folder())
	order[rows] = id
}

BEGIN {
	printf "" >lessons
	printf "" >questions
}

FNR == 1 {
	number = substr(folder(), 1, 2) + 0
	name = substr(folder(), 4)
	paragraphs = fenced = 0
	words = ""
	if ($0 != "# Lesson " number ": " name)
		mistake("the title is to be # Lesson " number ": " name)
	next
}
/^```/ { fenced = !fenced }
fenced { next }
/^### Q[0-9]/ { question() }
/^$/ || /^[#<!`|-]/ { paragraph(); next }
paragraphs < 1 { words = words == "" ? $0 : words "\n" $0 }

# By number, and in the order of the lessons where two answer one question.
END {
	print "| | asked | answered in |\n|---|---|---|" >questions
	for (i = 2; i <= rows; i++) {
		id = order[i]
		line = row[i]
		for (j = i - 1; j > 0 && order[j] > id; j--) {
			order[j + 1] = order[j]
			row[j + 1] = row[j]
		}
		order[j + 1] = id
		row[j + 1] = line
	}
	for (i = 1; i <= rows; i++)
		print row[i] >questions
}
