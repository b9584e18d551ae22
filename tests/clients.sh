#!/bin/sh
# Ordinary clients meet the programs of lesson 12: curl, ab or wrk, socat.
#
#   sh tests/clients.sh CASE
#
# From the top folder. Exit status 0: all was as it should be; otherwise a line
# tells what was not. A program is ready when it has printed its line; nothing
# here waits for a time to pass. What is left running is killed by who started
# this: all of it is one process group, but for what goes into the background.
set -u

programs=build/lessons/12-servers
dir=build/tests/clients.$$
curl='curl -sS -g --max-time 60'
export no_proxy='*'
mkdir -p "$dir"
trap 'kill -9 $(cat "$dir/number" 2>/dev/null) 2>/dev/null; rm -rf "$dir"' EXIT

fail() {
	echo "$*"
	exit 1
}

# same WHAT WANTED GOT
same() {
	[ "$2" = "$3" ] || fail "$1: wanted \"$2\", got \"$3\""
}

# begin [-n DESCRIPTORS] PROGRAM ARGUMENT...: sets pid and port.
begin() {
	limit=
	[ "$1" = -n ] && limit=$2 && shift 2
	mkfifo "$dir/line"
	(
		exec >"$dir/line" 2>"$dir/$1.err"
		[ -z "$limit" ] || ulimit -n "$limit"
		exec "$programs/$@"
	) &
	pid=$!
	read -r line <"$dir/line" || fail "$*: $(cat "$dir/$1.err")"
	rm "$dir/line"
	port=${line##* }
	url=http://127.0.0.1:$port
}

# end: stops the program that began last.
end() {
	kill -TERM "$pid"
	wait "$pid"
	same "the exit status" 0 $?
}

# So many bytes, as /bytes/N has them.
bytes() {
	yes 0123456789abcdef | tr -d '\n' | head -c "$1"
}

# there_and_back PORT: all comes back after we have said that there is no more.
there_and_back() {
	head -c 3000001 /dev/urandom >"$dir/there"
	socat -t 60 - "TCP:127.0.0.1:$1" <"$dir/there" >"$dir/back" ||
		fail "socat: $?"
	cmp "$dir/there" "$dir/back" || exit 1
}

# in_flight PATH: a request is running when this returns; sets slow. Its
# answer goes to $dir/slow. The request has left before the next one comes, and
# the server reads them in that order.
in_flight() {
	mkfifo "$dir/words"
	$curl -v "$url$1" >"$dir/slow" 2>"$dir/words" &
	slow=$!
	exec 3<"$dir/words"
	while read -r words <&3; do
		case $words in '> GET'*) break ;; esac
	done
	cat <&3 >/dev/null &
	exec 3<&-
	same "a request beside the slow one" hello "$($curl "$url/")"
}

# ---- web and curl ---------------------------------------------------------------

single() {
	begin web --port 0
	same / hello "$($curl "$url/")"
	same "a status" 404 "$($curl -o /dev/null -w '%{http_code}' "$url/x")"
	same HEAD "200 0" "$($curl -I -o /dev/null -w \
		'%{http_code} %{size_download}' "$url/bytes/1000")"
	# With -X it waits for a body, up to the end of the connection.
	same "the body of a HEAD" "200 0" "$($curl -0 -X HEAD -o /dev/null -w \
		'%{http_code} %{size_download}' "$url/bytes/1000" 2>/dev/null)"
	$curl -I "$url/bytes/1000" | grep -q '^Content-Length: 1000' ||
		fail "HEAD tells no length"
	same "five bytes" 5 "$($curl "$url/bytes/5" | wc -c)"
	same "no bytes" "200 0" "$($curl -w '%{http_code} %{size_download}' \
		"$url/bytes/0")"
	end
}

http_1_0() {
	begin web --port 0
	same / hello "$($curl -0 "$url/")"
	$curl -0 -i "$url/" | grep -qi '^Connection: close' ||
		fail "HTTP/1.0 is kept alive"
	$curl -0 -i -H 'Connection: keep-alive' "$url/" |
		grep -qi '^Connection: keep-alive' || fail "not kept alive"
	end
}

keep_alive() {
	begin web --port 0
	same "connections made for three" "1 200 0 200 0 404 " "$($curl \
		-o /dev/null -o /dev/null -o /dev/null \
		-w '%{num_connects} %{http_code} ' \
		"$url/" "$url/bytes/100000" "$url/x")"
	end
}

large() {
	begin web --port 0
	same "50 MB" "$(bytes 50000007 | cksum)" \
		"$($curl "$url/bytes/50000007" | cksum)"
	end
}

posts() {
	begin web --port 0
	bytes 1000000 >"$dir/body"
	bytes 3000000 >"$dir/large"
	for expect in 100-continue ''; do
		same "a POST, Expect: $expect" 405 "$($curl -o /dev/null -w \
			'%{http_code}' -H "Expect: $expect" \
			--data-binary "@$dir/body" "$url/")"
		same "too much, Expect: $expect" 413 "$($curl -o /dev/null \
			-w '%{http_code}' -H "Expect: $expect" \
			--data-binary "@$dir/large" "$url/")"
	done
	end
}

slow_and_fast() {
	begin web --port 0 --grace 1
	in_flight /sleep/60000
	for i in 1 2 3 4 5 6 7 8 9 10; do
		same "fast $i" hello "$($curl "$url/")"
	done
	kill "$slow" || fail "the slow one has ended"
	same "a short sleep" awake "$($curl "$url/sleep/50")"
	end
}

limited_rate() {
	begin web --port 0
	$curl --limit-rate 400k "$url/bytes/600000" >"$dir/slow" &
	slow=$!
	same "beside it" hello "$($curl "$url/")"
	wait $slow
	same "600 kB at their leisure" "$(bytes 600000 | cksum)" \
		"$(cksum <"$dir/slow")"
	end
}

# Keep-alive or not: no request fails. Either tool will do.
load() {
	begin web --port 0
	if command -v ab >/dev/null; then
		for how in -k ''; do
			ab -q $how -n 3000 -c 50 "$url/bytes/100" \
				>"$dir/ab" 2>&1 || fail "$(cat "$dir/ab")"
			grep -q '^Complete requests: *3000$' "$dir/ab" &&
				grep -q '^Failed requests: *0$' "$dir/ab" &&
				! grep -q '^Non-2xx' "$dir/ab" ||
				fail "$(cat "$dir/ab")"
		done
	else
		wrk -t 1 -c 50 -d 2 "$url/bytes/100" >"$dir/wrk" 2>&1
		grep -q 'requests in' "$dir/wrk" &&
			! grep -q -e 'Socket errors' -e 'Non-2xx' "$dir/wrk" ||
			fail "$(cat "$dir/wrk")"
	fi
	end
}

# ---- echo, proxy and socat --------------------------------------------------------

half_close() {
	begin echo --port 0
	there_and_back "$port"
	end
}

# A chain of proxies, one after the other, and the same again through it.
proxies() {
	begin echo --port 0
	for how in '' --by-loop; do
		begin proxy --port 0 $how 127.0.0.1 "$port"
		there_and_back "$port"
		begin proxy --port 0 $how localhost "$port"
		there_and_back "$port"
	done
	end
}

web_behind_proxies() {
	begin web --port 0
	for how in '' '--stacks 1' --by-loop '--by-loop --stacks 1'; do
		begin proxy --port 0 $how 127.0.0.1 "$port"
	done
	same / hello "$($curl "$url/")"
	same "20 MB" "$(bytes 20000000 | cksum)" \
		"$($curl "$url/bytes/20000000" | cksum)"
	end
}

# Who is behind the proxy cannot be reached: that is no empty answer.
nobody_behind() {
	begin echo --port 0
	closed=$port
	end
	for how in '' --by-loop; do
		begin proxy --port 0 $how 127.0.0.1 "$closed"
		$curl "$url/" 2>"$dir/words"
		case $? in
		7 | 56) ;; # reset before curl had a look, or later
		*) fail "no reset: $(cat "$dir/words")" ;;
		esac
		end
	done
}

# ---- Options ----------------------------------------------------------------------

# refused STATUS WORDS PROGRAM ARGUMENT...
refused() {
	wanted=$1 words=$2
	shift 2
	timeout 10 "$programs/$@" >"$dir/out" 2>"$dir/err"
	same "the exit status of $*" "$wanted" $?
	grep -q -e "$words" "$dir/err" ||
		fail "$*: no \"$words\" in \"$(cat "$dir/err")\""
	[ "$wanted" = 1 ] || [ ! -s "$dir/out" ] || fail "$*: $(cat "$dir/out")"
}

options() {
	for program in echo proxy web; do
		"$programs/$program" --help >"$dir/help" 2>"$dir/err" ||
			fail "$program --help: $?"
		[ ! -s "$dir/err" ] || fail "--help: $(cat "$dir/err")"
		grep -q "^usage: $program" "$dir/help" || fail "no usage"
		grep -q -e '--background FILE' "$dir/help" || fail "no options"
		refused 2 'no such option: --prot' $program --prot 0
		refused 2 'a value is missing: --port' $program --port
		refused 2 '--port is 0 to 65535' $program --port 65536
		refused 2 '--port is 0 to 65535' $program --port 80x
		refused 2 '--port is 0 to 65535' $program --port ''
		refused 2 '--connections is 1' $program --connections 0
		refused 2 'wrong number of arguments' $program --port 0 1 2 3
	done
	refused 2 'wrong number of arguments' proxy --port 0 localhost
	refused 2 'wrong number of arguments' proxy --by-loop localhost
	"$programs/proxy" --help | grep -q -e '--by-loop' || fail "no --by-loop"
	for program in echo web; do
		"$programs/$program" --help | grep -q -e '--by-loop' &&
			fail "$program has --by-loop"
		refused 2 'no such option: --by-loop' $program --by-loop
	done
	refused 2 'no such poller: carrier pigeon' web --poller 'carrier pigeon'
	refused 2 'no such poller: carrier pigeon' web --poller 'carrier pigeon' \
		--background "$dir/none"
	refused 1 'here, port 0' web --address here
	refused 1 'nobody.invalid' proxy --port 0 nobody.invalid 80
	refused 1 "$dir/no/number" web --port 0 --background "$dir/no/number"
}

port_in_use() {
	begin echo --port 0
	refused 1 "127.0.0.1, port $port: Address" echo --port "$port"
	end
	same "the port, free again" 0 "$(begin echo --port "$port" >&2 && end
		echo $?)"
}

six() {
	begin web --port 0 --address ::1
	same "over IPv6" hello "$($curl "http://[::1]:$port/")"
	end
	begin web --port 0 --address ::
	same "over IPv6, to all" hello "$($curl "http://[::1]:$port/")"
	begin proxy --port 0 ::1 "$port"
	same "through a proxy" hello "$($curl "$url/")"
	end
}

pollers() {
	for poller in epoll poll; do
		for stacks in '--stacks 1' '--stacks 3' ''; do
			begin web --port 0 --poller $poller $stacks
			same $poller "$(bytes 3000000 | cksum)" \
				"$($curl "$url/bytes/3000000" | cksum)"
			end
			begin echo --port 0 --poller $poller $stacks
			there_and_back "$port"
			end
		done
	done
}

# What it prints can be read up to its end while it runs. The end of its stderr
# is its own end.
background() {
	mkfifo "$dir/words"
	cat "$dir/words" >"$dir/told" &
	reader=$!
	line=$("$programs/web" --verbose --port 0 --background "$dir/number" \
		2>"$dir/words") || fail "status $?"
	same "in the background" hello "$($curl "http://127.0.0.1:${line##* }/")"
	kill -TERM "$(cat "$dir/number")" || fail "no such process"
	wait $reader
	grep -q STOPPED "$dir/told" || fail "$(cat "$dir/told")"
}

# ---- The end ------------------------------------------------------------------------

# Whoever is served gets his answer, and the exit status is 0.
stopped() {
	for signal in INT TERM; do
		begin web --port 0
		in_flight /sleep/700
		kill -$signal "$pid"
		wait "$slow"
		same "who was served" "0 awake" "$? $(cat "$dir/slow")"
		wait "$pid"
		same "the exit status" 0 $?
		$curl "$url/" 2>/dev/null && fail "it answers yet"
		rm "$dir/words"
	done
}

# refuses: turns until nobody is let in any more.
refuses() {
	while $curl "$url/" >/dev/null 2>&1; do
		:
	done
	$curl "$url/" 2>&1 | grep -q 'onnect' || fail "no refusal"
}

# cut: the slow one gets no answer, and curl (28) did not lose its patience.
cut() {
	wait "$slow"
	case $? in
	0) fail "an answer: $(cat "$dir/slow")" ;;
	28) fail "not cut" ;;
	esac
	wait "$pid"
	same "the exit status" 0 $?
}

stopped_twice() {
	begin web --port 0 --grace 86400000
	in_flight /sleep/60000
	kill -TERM "$pid"
	refuses
	kill -0 "$slow" || fail "cut by the first signal"
	kill -TERM "$pid"
	cut
}

# The grace is shorter than the request, which is shorter than the default.
grace() {
	begin web --port 0 --grace 100
	in_flight /sleep/8000
	kill -TERM "$pid"
	cut
}

# Who reads the line may stop it at once.
stopped_at_once() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		begin echo --port 0
		end
	done
}

# ---- Too many, and too slow -----------------------------------------------------------

# hold COUNT WORD: so many connections that say nothing, until the program says
# WORD of itself. Their going is release.
hold() {
	mkfifo "$dir/idle"
	exec 4<>"$dir/idle"
	for i in $(seq "$1"); do
		socat -t 0.1 - "TCP:127.0.0.1:$port" <"$dir/idle" 4>&- &
	done
	until grep -q "$2" "$dir/web.err"; do
		kill -0 "$pid" || fail "it is gone: $(cat "$dir/web.err")"
	done
}

release() {
	exec 4>&-
	rm "$dir/idle"
}

# come COUNT PATH: clients, all at once. served BYTES: each got so many.
come() {
	clients=
	for i in $(seq "$1"); do
		$curl "$url$2" >"$dir/answer.$i" 4>&- &
		clients="$clients $!"
	done
}

served() {
	for client in $clients; do
		wait "$client" || fail "a client: $?"
	done
	for answer in "$dir"/answer.*; do
		same "$answer" "$1" "$(wc -c <"$answer")"
	done
}

few_places() {
	begin web --port 0 --connections 2 --verbose
	hold 2 FULL
	come 50 /bytes/1000
	release
	served 1000
	end
}

# Three of its own, listener, epoll, two of a pipe: five are left.
few_descriptors() {
	begin -n 12 web --port 0 --verbose
	hold 5 SHORT
	come 50 /bytes/1000
	release
	served 1000
	end
}

# A proxy that lets in only whom it can connect: none is cut.
few_pairs() {
	begin web --port 0
	behind=$port
	for descriptors in 40 41; do
		begin -n $descriptors proxy --port 0 127.0.0.1 "$behind"
		come 30 /sleep/1000
		served 6
		end
	done
}

# dribbles: a client that says one letter after the other, as long as it is
# listened to. Its answer goes to $dir/answer.
dribbles() {
	while printf x; do
		sleep 0.02
	done 2>/dev/null | socat -t 0.1 - "TCP:127.0.0.1:$port" \
		>"$dir/answer" 2>/dev/null
}

slow_clients() {
	begin web --port 0 --patience 1000
	dribbles
	same "who dribbles" "HTTP/1.1 408 Request Timeout" \
		"$(head -n 1 "$dir/answer" | tr -d '\r')"
	mkfifo "$dir/idle"
	exec 4<>"$dir/idle"
	socat -t 0.1 - "TCP:127.0.0.1:$port" <"$dir/idle" >"$dir/answer"
	same "who says nothing" "0 0" "$? $(wc -c <"$dir/answer")"
	printf 'GET / HTTP/1.1\r\nHost: x\r\n\r\n' >&4
	socat -t 0.1 - "TCP:127.0.0.1:$port" <"$dir/idle" >"$dir/answer"
	same "who says no more" hello "$(tail -n 1 "$dir/answer")"
	same "others" hello "$($curl "$url/")"
	end
}

# ---- What a message costs ---------------------------------------------------------

# The proxy beside one of callbacks: to read, write and wait, one system call
# more for a message at most; and by the loop, no switch.
calls() {
	BENCH_COLUMNS="2 16 128" sh tests/bench/bench.sh --calls --plain \
		>"$dir/table" || exit 1
	awk '$1 == "calls" { calls[$3 " " $2] = $4; switches[$3 " " $2] = $5 }
		function check(name, n,    ours, theirs) {
			ours = calls[name " " n]
			theirs = calls["callback " n]
			if (ours > 0 && theirs > 0 && ours <= theirs + 1)
				return
			print name ", " n " connections: " ours \
				", with callbacks " theirs
			bad = 1
		}
		END {
			for (n = 2; n <= 128; n *= 8) {
				check("own", n)
				check("loop", n)
				if (switches["loop " n] == "0.00")
					continue
				print n " connections, by the loop: " \
					switches["loop " n] " switches"
				bad = 1
			}
			exit bad
		}' "$dir/table"
}

case ${1:-} in
'' | *[!a-z_0-9]*) fail "usage: sh tests/clients.sh CASE" ;;
esac
"$1"
