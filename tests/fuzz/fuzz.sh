#!/bin/sh
# Throws bytes at what reads bytes: the targets are tests/fuzz/NAME_fuzz.c.
#
#   tests/fuzz/fuzz.sh NAME...   each for FUZZ_SECONDS, and on from what earlier
#                                runs have kept in build/fuzz
#   tests/fuzz/fuzz.sh --short   the samples and a fixed number of runs, the same
#                                ones each time: a test, which speaks TAP
#   tests/fuzz/fuzz.sh --probe   whether there is what a short run needs
#
# A short run needs clang's libFuzzer; the others do with AFL++ as well. What
# breaks a property is kept in build/fuzz, and the status is 1.
set -u

cd "$(dirname "$0")/../.." || exit 1
top=$PWD
build=build/fuzz
corpus=tests/fuzz/corpus
dictionary=tests/fuzz/http.dict
longest=10240 # bytes: more than the largest head
mkdir -p "$build"

sanitizers='-fsanitize=address,undefined -fno-sanitize-recover=all'

# Whether a compiler links a target.
links() {
	echo 'int LLVMFuzzerTestOneInput(const char *data, unsigned long size);
int LLVMFuzzerTestOneInput(const char *data, unsigned long size)
{ return size > 1000000 && data[0]; }' >"$build/probe.c"
	"$@" -fsanitize=fuzzer -o "$build/probe" "$build/probe.c" 2>/dev/null
	linked=$?
	rm -f "$build/probe" "$build/probe.c"
	return $linked
}

has_libfuzzer() {
	# shellcheck disable=SC2086
	command -v clang >/dev/null && links clang $sanitizers
}

has_afl() {
	command -v afl-cc >/dev/null && command -v afl-fuzz >/dev/null &&
		links afl-cc
}

# Builds a target with a compiler: NAME COMPILER [FLAG ...]. The mechanisms are
# built for the first target, and again when one of them has changed.
build_target() {
	name=$1
	shift
	set -- "$@" -std=c11 -g -O1 -fsanitize=fuzzer -I"$top"
	if [ ! -f "$build/mechanisms.a" ] || [ -n "$(find coroutine.[ch] \
		lessons -name '*.[ch]' -newer "$build/mechanisms.a")" ]; then
		build_mechanisms "$@" || return 1
	fi
	"$@" -o "$build/$name" "tests/fuzz/${name}_fuzz.c" \
		"$build/mechanisms.a" -pthread -lm
}

build_mechanisms() {
	rm -rf "$build/objects" "$build/mechanisms.a"
	mkdir "$build/objects"
	for source in lessons/*/*.c; do
		[ -f "${source%.c}.h" ] && set -- "$@" "$top/$source"
	done
	(cd "$build/objects" && "$@" "$top/coroutine.c" -c) &&
		"${AR:-ar}" rcs "$build/mechanisms.a" "$build"/objects/*.o
}

# A target with libFuzzer: NAME FOLDER [OPTION ...]. It adds to the folder.
run_libfuzzer() {
	name=$1
	folder=$2
	shift 2
	mkdir -p "$folder"
	"$build/$name" -max_len=$longest -timeout=20 -dict=$dictionary \
		-artifact_prefix="$build/$name-" "$@" "$folder" $corpus
}

run_afl() {
	AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_AUTORESUME=1 \
		AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
		afl-fuzz -V "$FUZZ_SECONDS" -i $corpus -o "$build/$1-afl" \
		-x $dictionary -G $longest -m none -- "$build/$1" &&
		[ -z "$(find "$build/$1-afl" -path '*/crashes/id*')" ]
}

# So many runs take a few seconds.
runs_of() {
	case $1 in
	http) echo 50000 ;;
	*) echo 1000 ;;
	esac
}

# NAME NUMBER
short_run() {
	rm -rf "$build/$1-short"
	# shellcheck disable=SC2086
	if build_target "$1" clang $sanitizers >"$build/$1.log" 2>&1 &&
		run_libfuzzer "$1" "$build/$1-short" -seed=1 -reload=0 \
			-runs="$(runs_of "$1")" >"$build/$1.log" 2>&1; then
		echo "ok $2 - $1: samples, and $(runs_of "$1") runs from them"
	else
		echo "not ok $2 - $1: see $build/$1.log"
		tail -n 40 "$build/$1.log" >&2
	fi
}

long_run() {
	if has_libfuzzer; then
		# shellcheck disable=SC2086
		build_target "$1" clang $sanitizers &&
			run_libfuzzer "$1" "$build/$1-corpus" \
				-max_total_time="$FUZZ_SECONDS" \
				-print_final_stats=1
	elif has_afl; then
		export AFL_USE_ASAN=1 AFL_USE_UBSAN=1
		build_target "$1" afl-cc && run_afl "$1"
	else
		echo "not tested: libFuzzer (package clang and its runtime," \
			"libclang-rt-*-dev) or afl-cc (package afl++)" >&2
		return 1
	fi
}

case ${1:-} in
--probe)
	has_libfuzzer
	exit
	;;
--short)
	set -- tests/fuzz/*_fuzz.c
	echo "1..$#"
	number=0
	for target in "$@"; do
		number=$((number + 1))
		target=${target##*/}
		short_run "${target%_fuzz.c}" $number
	done
	exit 0
	;;
esac

: "${FUZZ_SECONDS:=60}"
failed=0
for target in "$@"; do
	long_run "$target" || failed=1
done
exit $failed
