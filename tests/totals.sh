#!/bin/sh
# The totals of build/results: what failed, what was not tested, what took the
# longest, and how many.
# Exit status 1 when a test failed or none ran.

results=build/results
cat $results/*.tap /dev/null 2>/dev/null | awk '
	/^(not )?ok [0-9]+ # SKIP/ { skipped++; next }
	/^ok [0-9]+/ { passed++ }
	/^not ok [0-9]+/ { failed++ }
	END {
		printf "%d passed, %d failed", passed, failed
		if (skipped) printf ", %d skipped", skipped
		print ""
		exit failed > 0 || passed == 0
	}' >build/totals
status=$?

echo
grep -h '^not ok' $results/*.tap 2>/dev/null |
	sed -e 's/^not ok [0-9]* # SKIP /skipped: /' -e 's/^not ok [0-9]* - /failed: /'
cat $results/*.err 2>/dev/null | grep -E '^not (tested|in strict mode): ' |
	sort -u
cat $results/*.time 2>/dev/null | sort -rn | head -n 5 |
	sed 's/\([0-9]*\) \(.*\)/longest: \2, \1 s/'
cat build/totals
exit $status
