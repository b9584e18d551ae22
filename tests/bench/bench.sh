#!/bin/sh
# The notes' table, measured again: what a message through a proxy costs, with
# callbacks and with coroutines. What `make bench` calls.
#
#   sh tests/bench/bench.sh [--calls] [--plain] [--poller NAME]
#
# --calls counts the system calls only: a second for each column. --plain prints
# a line for each candidate and column, its fields parted by blanks:
#
#   time CONNECTIONS CANDIDATE NANOSECONDS LOWEST HIGHEST
#   calls CONNECTIONS CANDIDATE CALLS SWITCHES
#
# NANOSECONDS of the proxy's CPU time, and CALLS to read, write and wait, for
# each message and its answer; SWITCHES are the calls of swapcontext(), each of
# which is one system call more. From the environment: BENCH_COLUMNS, how many
# connections; BENCH_ROUNDS; BENCH_MS, how long each run is; BENCH_CORES=1: the
# proxy shares a processor with its clients and its server, even if there are
# two: then nobody sleeps while others compute, and what comes, comes together.
#
# The candidates take turns in every round; what is told is the median, and the
# median of what each round says of the loss.
set -u

columns=${BENCH_COLUMNS:-2 4 8 16 32 64 128 256 512 1024}
rounds=${BENCH_ROUNDS:-5}
span=${BENCH_MS:-400}
cores=
[ "${BENCH_CORES:-2}" = 1 ] && cores=--one
build=build/bench
results=$build/results
proxy=build/lessons/12-servers/proxy
calls_only=0 plain=0 poller=

while [ $# -gt 0 ]; do
	case $1 in
	--calls) calls_only=1 ;;
	--plain) plain=1 ;;
	--poller) poller="--poller $2" && shift ;;
	*) echo "bench.sh: what is $1?" >&2 && exit 1 ;;
	esac
	shift
done

candidates='callback libevent own one loop'
[ -x $build/libevent ] || candidates='callback own one loop'

# The command line of a candidate: NAME CONNECTIONS.
command_of() {
	case $1 in
	own) echo "$proxy $poller" ;;
	one) echo "$proxy --stacks 1 $poller" ;;
	loop) echo "$proxy --stacks 1 --by-loop $poller" ;;
	*) echo "$build/$1" ;;
	esac
}

# On a terminal, one line that is written anew.
progress() {
	[ -t 2 ] && printf '\r\033[K%s' "$*" >&2
	return 0
}

# One run of a candidate: KIND CONNECTIONS NAME MILLISECONDS [OPTION...]. What
# was not measured is missing in the table, and stderr says why.
run() {
	kind=$1 connections=$2 name=$3 milliseconds=$4
	shift 4
	# shellcheck disable=SC2046,SC2086
	if line=$($build/load $cores "$@" "$connections" "$milliseconds" \
		$(command_of "$name")); then
		echo "$kind $connections $name $line" >>$results
	else
		echo "$connections connections, $name: not measured" >&2
		failed=1
	fi
}

time_all() {
	round=0
	while [ $((round += 1)) -le "$rounds" ]; do
		echo "floor $($build/floor)" >>$results
		for n in $columns; do
			for c in $candidates; do
				progress "round $round of $rounds:" \
					"$n connections, $c"
				run time "$n" "$c" "$span"
			done
		done
	done
}

count_all() {
	for n in $columns; do
		for c in $candidates; do
			progress "system calls: $n connections, $c"
			run calls "$n" "$c" 100 --count $build/count.so
		done
	done
}

: >$results
failed=0
[ $calls_only = 1 ] || time_all
count_all
progress
awk -v columns="$columns" -v candidates="$candidates" -v plain=$plain \
	-f tests/bench/table.awk $results
exit $failed
