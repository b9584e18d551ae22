# What bench.sh measured, as the notes print theirs: a column for each number of
# connections.
#   floor NS
#   time CONNECTIONS NAME MESSAGES_PER_SECOND NS
#   calls CONNECTIONS NAME MESSAGES_PER_SECOND NS CALLS SWITCHES

function sort(a, n,    i, j, x) {
	for (i = 2; i <= n; i++) {
		x = a[i]
		for (j = i - 1; j > 0 && a[j] > x; j--)
			a[j + 1] = a[j]
		a[j + 1] = x
	}
}

function middle(a, n) {
	sort(a, n)
	return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
}

# Sets the median, the lowest and the highest of what was measured as `key`.
function summarize(key,    i, a, n) {
	n = count[key]
	for (i = 1; i <= n; i++)
		a[i] = value[key, i]
	median[key] = middle(a, n)
	lowest[key] = a[1]
	highest[key] = a[n]
}

function add(key, number) {
	value[key, ++count[key]] = number + 0
}

$1 == "floor" { add("floor", $2) }
$1 == "time" { add($2 " " $3, $5) }
$1 == "calls" { calls[$2 " " $3] = $6; switches[$2 " " $3] = $7 }

function row(label, what, name,    i, key, cell) {
	printf "%-13s", label
	for (i = 1; i <= width; i++) {
		key = column[i] " " name
		cell = "-"
		if (what == "calls")
			cell = key in calls ? sprintf("%.2f", calls[key]) : "-"
		else if (what == "switches")
			cell = key in calls ? sprintf("%.2f", switches[key]) : "-"
		else if (key in count && what == "rate")
			cell = sprintf("%.0f", 1e9 / median[key])
		else if (key in count && what == "time")
			cell = sprintf("%.0f", median[key])
		else if (key in count && what == "lowest")
			cell = sprintf("%.0f", lowest[key])
		else if (key in count && what == "highest")
			cell = sprintf("%.0f", highest[key])
		else if (key in count && what == "loss")
			cell = loss(column[i], key)
		printf " %6s", cell
	}
	print ""
}

# To libevent; where that is not installed, to the callbacks. The median of what
# each round says, whose runs stood beside each other: a machine that is slower
# for a while is so for both.
function loss(n, key,    best, i, a, x) {
	best = n " " rival
	if (!(best in count) || count[best] != count[key])
		return "-"
	for (i = 1; i <= count[key]; i++)
		a[i] = 1 - value[best, i] / value[key, i]
	x = 100 * middle(a, count[key])
	return int(x < 0 ? x - 0.5 : x + 0.5) " %"
}

function rows(title, what,    i) {
	print ""
	print title
	for (i = 1; i <= rivals; i++)
		row("  " label[name[i]], what, name[i])
}

function print_plain(    i, j, key) {
	for (i = 1; i <= width; i++)
		for (j = 1; j <= rivals; j++) {
			key = column[i] " " name[j]
			if (key in count)
				print "time", key, median[key], lowest[key], \
					highest[key]
			if (key in calls)
				print "calls", key, calls[key], switches[key]
		}
}

function print_table(    i) {
	printf "%-13s", "connections"
	for (i = 1; i <= width; i++)
		printf " %6s", column[i]
	print ""
	if ("floor" in count) {
		rows("messages in a second of the proxy's CPU time", "rate")
		rows("loss to " label[rival], "loss")
		rows("CPU time of a message, ns", "time")
		rows("  the lowest", "lowest")
		rows("  the highest", "highest")
	}
	rows("system calls of a message: read, write, wait", "calls")
	rows("switches of a message, each one system call more", "switches")
	print ""
	if ("floor" in count)
		printf "A bare swapcontext() takes %.0f ns here.\n", \
			median["floor"]
	print "epoll, libevent: callbacks. The others: the proxy of lesson 12."
	if (rival != "libevent")
		print "libevent is not installed."
}

END {
	label["callback"] = "epoll"
	label["libevent"] = "libevent"
	label["own"] = "own stacks"
	label["one"] = "one stack"
	label["loop"] = "by the loop"
	width = split(columns, column, " ")
	rivals = split(candidates, name, " ")
	rival = candidates ~ /libevent/ ? "libevent" : "callback"
	for (key in count)
		summarize(key)
	if (plain)
		print_plain()
	else
		print_table()
}
