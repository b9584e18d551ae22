#!/bin/sh
# Runs one test program and keeps what it says:
#
#   sh tests/result.sh NAME COMMAND [ARGUMENT ...]
#
# Its TAP goes to build/results/NAME.tap, its stderr to NAME.err. A program that
# ends before its plan is fulfilled has failed, whatever its exit status: a lost
# link or an exit(0) would look like success otherwise. A line tells the result
# and the seconds, which NAME.time keeps; the exit status is always 0, so that
# make goes on, and totals.sh decides.

name=$1
shift
results=build/results
mkdir -p $results
began=$(date +%s)
CMOCKA_MESSAGE_OUTPUT=TAP "$@" >$results/$name.tap 2>$results/$name.err
status=$?
seconds=$(($(date +%s) - began))
echo "$seconds $name" >$results/$name.time

awk -v status=$status -v name="$name" \
	-v seconds=$seconds -v tap=$results/$name.tap '
	/^1\.\.[0-9]+/ { planned += substr($1, 4) }
	/^(not )?ok [0-9]+ # SKIP/ { skipped++; next }
	/^ok [0-9]+/ { passed++ }
	/^not ok [0-9]+/ { failed++; print "    " $0 }
	END {
		if (planned == 0 || planned != passed + failed + skipped ||
		    (status == 0) != (failed == 0)) {
			words = name ": ended with status " status " after " \
				passed + failed + skipped " of " planned + 0 " tests"
			print "not ok 0 - " words >>tap
			print "    " words
			failed++
		}
		counts = passed " passed"
		if (failed) counts = counts ", " failed " failed"
		if (skipped) counts = counts ", " skipped " skipped"
		printf "%-34s %-22s %4d s\n", name, counts, seconds
		exit failed > 0
	}' $results/$name.tap || tail -n 40 $results/$name.err
exit 0
