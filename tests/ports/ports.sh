#!/bin/sh
# Runs the tests of the library and of the lessons' mechanisms on other machines,
# emulated: what `make ports` calls.
#
#   tests/ports/ports.sh NAME...      names as in target()
#
# From the environment: SUITES, the suites; MECHANISMS, the sources that all are
# linked with; WRAP_suite, the flags for one of them.
#
# Everything is built with the cross compiler, dynamically linked (the POWER
# hazards hide in the stubs of calls into shared libraries), at -O0 and -O2,
# with every stack poisoned before each entry, and run by qemu-user with a malloc
# that fills what it hands out. Each result is build/results/port-*.tap.
#
# A compiler or an emulator that is absent is named "not tested". A program that
# ends early has not passed, whatever its status: its plan is counted.
#
# CMocka is one file: it is compiled for each target from Debian's source
# package, fetched below build/ports with package lists of its own; or from
# CMOCKA_SOURCE, a folder that holds it unpacked.
set -u

build=build/ports
results=build/results
failed=0
cd "$(dirname "$0")/../.." || exit 1
top=$PWD

warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes'
# What its configure step would find on every glibc.
cmocka_flags='-DHAVE_STDINT_H=1 -DHAVE_INTTYPES_H=1 -DHAVE_STRINGS_H=1
	-DHAVE_UNISTD_H=1 -DHAVE_SIGNAL_H=1 -DHAVE_SETJMP_H=1 -DHAVE_TIME_H=1
	-DHAVE_STRUCT_TIMESPEC=1 -DHAVE_CLOCK_GETTIME=1
	-DHAVE_CLOCK_GETTIME_REALTIME=1 -DHAVE_UINTPTR_T=1
	-D_UINTPTR_T_DEFINED=1'

# Sets triplet, emulator and Debian's name of the C library for a port.
target() {
	case $1 in
	ppc64) triplet=powerpc64-linux-gnu emulator=ppc64 libc=ppc64 ;;
	ppc64le) triplet=powerpc64le-linux-gnu emulator=ppc64le libc=ppc64el ;;
	ppc) triplet=powerpc-linux-gnu emulator=ppc libc=powerpc ;;
	s390x) triplet=s390x-linux-gnu emulator=s390x libc=s390x ;;
	aarch64) triplet=aarch64-linux-gnu emulator=aarch64 libc=arm64 ;;
	riscv64) triplet=riscv64-linux-gnu emulator=riscv64 libc=riscv64 ;;
	armhf) triplet=arm-linux-gnueabihf emulator=arm libc=armhf ;;
	i686) triplet=i686-linux-gnu emulator=i386 libc=i386 ;;
	mips64) triplet=mips64-linux-gnuabi64 emulator=mips64 libc=mips64 ;;
	mips64el)
		triplet=mips64el-linux-gnuabi64 emulator=mips64el libc=mips64el
		;;
	m68k) triplet=m68k-linux-gnu emulator=m68k libc=m68k ;;
	*) return 1 ;;
	esac
	compiler=$triplet-gcc
	emulator=qemu-$emulator-static
	package=gcc-$(echo "$triplet" | tr _ -)
}

# The machine's own Debian lists, turned into lists of sources.
source_lists() {
	mkdir -p "$build/apt/parts" "$build/apt/lists/partial" \
		"$build/apt/archives/partial"
	: >"$build/apt/sources.list"
	if [ -f /etc/apt/sources.list ]; then
		sed -n 's/^deb /deb-src /p' /etc/apt/sources.list \
			>"$build/apt/sources.list"
	fi
	for list in /etc/apt/sources.list.d/debian.sources \
		/etc/apt/sources.list.d/ubuntu.sources; do
		[ -f "$list" ] || continue
		sed 's/^Types:.*/Types: deb-src/' "$list" \
			>"$build/apt/parts/${list##*/}"
	done
}

own_apt() {
	apt-get -o Dir::Etc::SourceList="$top/$build/apt/sources.list" \
		-o Dir::Etc::SourceParts="$top/$build/apt/parts" \
		-o Dir::State::Lists="$top/$build/apt/lists" \
		-o Dir::Cache="$top/$build/apt" -o APT::Sandbox::User=root \
		"$@"
}

fetch_cmocka() {
	source_lists
	own_apt -q update >"$build/apt/log" 2>&1 || return 1
	(cd "$build" && own_apt -q source --download-only cmocka) \
		>>"$build/apt/log" 2>&1 || return 1
	mkdir -p "$build/cmocka"
	for archive in "$build"/cmocka_*.orig.tar.*z*; do
		case $archive in *.asc) continue ;; esac
		tar -xf "$archive" -C "$build/cmocka" --strip-components=1
	done
}

# Sets cmocka to a folder with src/cmocka.c.
find_cmocka() {
	cmocka=${CMOCKA_SOURCE:-$build/cmocka}
	[ -f "$cmocka/src/cmocka.c" ] && return 0
	[ -z "${CMOCKA_SOURCE:-}" ] && fetch_cmocka &&
		[ -f "$cmocka/src/cmocka.c" ]
}

cross() {
	# shellcheck disable=SC2086
	"$compiler" -std=c11 $warnings -Werror "$level" -g -DCOROUTINE_POISON \
		-I. -isystem "$cmocka/include" "$@"
}

# What all test programs of the port at hand are linked with.
compile_archive() {
	archive=$build/$port/all$level.a
	rm -f "$archive"
	for source in coroutine.c $MECHANISMS; do
		object=$build/$port/$(echo "$source" | tr / .)$level.o
		cross -c -o "$object" "$source" &&
			"$triplet-ar" rc "$archive" "$object" || return
	done
}

# Compiles one test program for the port at hand.
compile() {
	eval "link=\$WRAP_$1"
	# shellcheck disable=SC2086,SC2154
	cross $link -o "$build/$port/$1$level" "tests/$1_test.c" \
		"$archive" "$build/$port/libcmocka.so" \
		-Wl,-rpath,"$top/$build/$port" -lm -pthread
}

# A result counts when its plan is fulfilled; otherwise a line says what is not:
# FILE STATUS.
check_plan() {
	awk -v status="$2" '
		/^1\.\.[0-9]+/ { plan += substr($1, 4) }
		/^(not )?ok / { lines++ }
		/^not ok / { bad++ }
		END {
			if (plan == 0 || plan != lines)
				print "not ok 0 - ended early: " lines + 0 " of " \
					plan + 0 " tests, status " status
			else if (status != 0 && bad == 0)
				print "not ok 0 - ended with status " status
		}' "$1" >"$1.end"
	cat "$1.end" >>"$1"
	rm -f "$1.end"
	! grep -q '^not ok' "$1"
}

# Says that the port at hand is not tested and what is missing; the totals repeat
# it.
absent() {
	mkdir -p "$results"
	echo "not tested: $port ($1)" | tee "$results/port-$port.err"
}

# Runs a program of the port at hand. An x86-64 machine is an i686 too; qemu's
# hangs when a program starts threads.
run_there() {
	case $port-$(uname -m) in
	i686-x86_64)
		MALLOC_PERTURB_=165 timeout 300 "/usr/$triplet/lib/ld-linux.so.2" \
			--library-path "/usr/$triplet/lib" "$1"
		;;
	*)
		timeout 300 "$emulator" -E MALLOC_PERTURB_=165 \
			-L "/usr/$triplet" "$1"
		;;
	esac
}

# Builds and runs one program. Its line tells the result and the seconds.
run_one() {
	name=port-$port$level-$1
	tap=$results/$name.tap
	log=$build/$port/$1$level.log
	if ! compile "$1" >"$log" 2>&1; then
		echo "not ok 0 - does not compile" | tee "$tap"
		cat "$log"
		return 1
	fi
	began=$(date +%s)
	TEST_SCALE=100 STRESS_OPS=5000 CMOCKA_MESSAGE_OUTPUT=TAP \
		run_there "$build/$port/$1$level" >"$tap" 2>"$log"
	check_plan "$tap" $?
	good=$?
	seconds=$(($(date +%s) - began))
	echo "$seconds $name" >"$results/$name.time"
	printf '%-34s %-22s %4d s\n' "$name" \
		"$(grep -c '^ok ' "$tap") passed" $seconds
	[ $good = 0 ] && return
	grep '^not ok' "$tap"
	cat "$log"
	return 1
}

# Every program of the level at hand.
run_level() {
	compile_archive || return
	status=0
	for program in $SUITES; do
		run_one "$program" || status=1
	done
	return $status
}

# Both levels at once.
run_port() {
	levels=
	mkdir -p "$build/$port" "$results"
	# shellcheck disable=SC2086
	if ! "$compiler" -O1 -w $cmocka_flags -I"$cmocka/include" \
		-I"$cmocka/src" "$cmocka/src/cmocka.c" \
		-fPIC -shared -o "$build/$port/libcmocka.so"; then
		failed=1
		return
	fi
	for level in -O0 -O2; do
		run_level &
		levels="$levels $!"
	done
	for one in $levels; do
		wait "$one" || failed=1
	done
}

# Whether the compiler and its C library are there, and the emulator.
have() {
	mkdir -p "$build"
	echo '#include <stdio.h>
int main(void) { return puts("") < 0; }' >"$build/have.c"
	if ! command -v "$compiler" >/dev/null; then
		absent "package $package"
	elif ! "$compiler" -o "$build/have" "$build/have.c" 2>/dev/null; then
		absent "package libc6-dev-$libc-cross"
	elif ! command -v "$emulator" >/dev/null; then
		absent "package qemu-user-static"
	elif ! run_there "$build/have" >/dev/null 2>&1; then
		absent "nothing runs its programs here"
	else
		return 0
	fi
	return 1
}

for port in "$@"; do
	rm -f "$results/port-$port"-O*.t* "$results/port-$port.err"
	if ! target "$port"; then
		echo "no such port: $port" >&2
		failed=1
	elif ! have; then
		:
	elif ! find_cmocka; then
		absent "the source package of cmocka; see $build/apt/log"
	else
		run_port
	fi
done
exit $failed
