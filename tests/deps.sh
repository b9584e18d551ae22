#!/bin/sh
# Installs CMocka, Doxygen and Graphviz with the system's package manager, and
# clients for the servers of lesson 12: curl, socat, and ab or wrk. Behind
# `make deps`. With --check it installs nothing and says what is missing; without
# those clients, the tests do without them and say so.

if [ "${1:-}" = --check ]; then
	missing=
	command -v doxygen >/dev/null || missing="$missing Doxygen"
	command -v dot >/dev/null || missing="$missing Graphviz"
	mkdir -p build
	echo 'int main(void) { return 0; }' >build/probe.c
	${CC:-cc} -o build/probe build/probe.c -lcmocka 2>/dev/null ||
		missing="$missing CMocka"
	rm -f build/probe build/probe.c
	[ -z "$missing" ] && exit 0
	echo "make test: missing:$missing; type: make deps" >&2
	exit 1
fi

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		echo "needs the rights of root:  sudo $*"
		sudo "$@"
	else
		echo "make deps: needs the rights of root; type:  $*" >&2
		return 1
	fi
}

if command -v apt-get >/dev/null; then
	as_root apt-get update -qq &&
		as_root apt-get install -y -qq --no-install-recommends \
			libcmocka-dev doxygen graphviz \
			curl socat apache2-utils
elif command -v dnf >/dev/null; then
	as_root dnf install -y libcmocka-devel doxygen graphviz \
		curl socat httpd-tools
elif command -v zypper >/dev/null; then
	as_root zypper install -y libcmocka-devel doxygen graphviz \
		curl socat apache2-utils
elif command -v pacman >/dev/null; then
	as_root pacman -S --needed --noconfirm cmocka doxygen graphviz \
		curl socat apache
elif command -v pkg >/dev/null; then
	as_root pkg install -y cmocka doxygen graphviz curl socat wrk
elif command -v brew >/dev/null; then
	brew install cmocka doxygen graphviz curl socat wrk
else
	echo "make deps: no package manager that I know; install CMocka," >&2
	echo "Doxygen and Graphviz, then type: make test" >&2
	exit 1
fi
status=$?
[ $status = 0 ] && echo "CMocka, Doxygen, Graphviz and the clients are there. Next: make exercise-01, or make test"
exit $status
