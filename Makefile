# The way in: `make` prints the menu.
#
# The library and the lessons' programs need a C compiler and GNU make. The
# exercises need CMocka, the book Doxygen and Graphviz: `make deps`.

.DEFAULT_GOAL := menu
.DELETE_ON_ERROR:
SHELL = /bin/sh

CFLAGS ?= -O2 -g
CXXFLAGS ?= -O2 -g
AR ?= ar
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := $(shell sed -n 's/^.define COROUTINE_VERSION "\(.*\)"/\1/p' coroutine.h)
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
C11 = -std=c11 $(WARNINGS) -Wstrict-prototypes
CXX17 = -std=c++17 $(WARNINGS)
LEARN = CC="$(CC)" CFLAGS="$(CFLAGS)" MAKE="$(MAKE)" sh exercises/learn.sh

export CC CXX

.PHONY: menu
menu:
	@sh exercises/learn.sh menu

# ---- The library --------------------------------------------------------------

.PHONY: all install uninstall
all: build/libcoroutine.a build/libcoroutine.so build/coroutine.pc

build/coroutine.o: coroutine.c coroutine.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ coroutine.c

build/libcoroutine.a: build/coroutine.o
	@rm -f $@
	$(AR) rcs $@ $<

build/libcoroutine.so: coroutine.c coroutine.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -shared -Wl,-soname,libcoroutine.so.1 \
		$(LDFLAGS) -o $@ coroutine.c

# Made at every call: it tells of PREFIX.
.PHONY: build/coroutine.pc
build/coroutine.pc:
	@mkdir -p $(@D)
	@printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' \
		'includedir=$${prefix}/include' '' 'Name: coroutine' \
		'Description: Coroutines on POSIX ucontext that share copied stacks' \
		'Version: $(VERSION)' 'Libs: -L$${libdir} -lcoroutine' \
		'Cflags: -I$${includedir}' >$@

install: all
	mkdir -p $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
	cp coroutine.h $(DESTDIR)$(PREFIX)/include/
	cp build/libcoroutine.a $(DESTDIR)$(PREFIX)/lib/
	cp build/libcoroutine.so $(DESTDIR)$(PREFIX)/lib/libcoroutine.so.$(VERSION)
	ln -sf libcoroutine.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libcoroutine.so.1
	ln -sf libcoroutine.so.1 $(DESTDIR)$(PREFIX)/lib/libcoroutine.so
	cp build/coroutine.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/include/coroutine.h \
		$(DESTDIR)$(PREFIX)/lib/libcoroutine.a \
		$(DESTDIR)$(PREFIX)/lib/libcoroutine.so* \
		$(DESTDIR)$(PREFIX)/lib/pkgconfig/coroutine.pc

# ---- The lessons ----------------------------------------------------------------

# make lesson-04 STRICT=1: built in a folder of its own, with a library that
# names whoever touches a local of a coroutine that is away.
STRICT ?=
OUT := build$(if $(STRICT),/course-strict)
STRICT_FLAG := $(if $(STRICT),-DCOROUTINE_STRICT)
export STRICT

# A lesson's programs are its *.c and *.cpp. A mechanism has a header of the same
# name beside it, and is linked into every program of its folder and after it.
SOURCES := $(sort $(wildcard lessons/*/*.c))
MECHANISMS := $(foreach c,$(SOURCES),$(if $(wildcard $(c:.c=.h)),$(c)))
PROGRAMS := $(patsubst %.c,$(OUT)/%,$(filter-out $(MECHANISMS),$(SOURCES)))
HEADERS := coroutine.h $(wildcard lessons/*/*.h lessons/*/*.hpp)
CXX_PROGRAMS := $(patsubst %.cpp,$(OUT)/%,$(sort $(wildcard lessons/*/*.cpp)))
HAVE_CXX := $(shell command -v $(firstword $(CXX)) 2>/dev/null)

build/course-strict/coroutine.o: coroutine.c coroutine.h
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(CFLAGS) -DCOROUTINE_STRICT -c -o $@ coroutine.c

$(OUT)/mechanisms.a: $(MECHANISMS:%.c=$(OUT)/%.o) $(OUT)/coroutine.o
	@rm -f $@
	@$(AR) rcs $@ $^

$(MECHANISMS:%.c=$(OUT)/%.o): $(OUT)/%.o: %.c $(HEADERS)
	@mkdir -p $(@D)
	@$(CC) -I. $(CPPFLAGS) $(CFLAGS) $(STRICT_FLAG) -c -o $@ $<

$(PROGRAMS): $(OUT)/%: %.c $(OUT)/mechanisms.a $(HEADERS)
	@mkdir -p $(@D)
	@$(CC) -I. $(CPPFLAGS) $(CFLAGS) $(STRICT_FLAG) -o $@ $< $(OUT)/mechanisms.a \
		$(LDFLAGS) -pthread -lm

$(CXX_PROGRAMS): $(OUT)/%: %.cpp $(OUT)/mechanisms.a $(HEADERS)
	@mkdir -p $(@D)
	@$(CXX) -std=c++17 -I. $(CPPFLAGS) $(CXXFLAGS) -o $@ $< \
		$(OUT)/mechanisms.a $(LDFLAGS) -pthread -lm

.PHONY: learn progress watch
learn progress watch:
	@$(LEARN) $@

programs_of = $(foreach p,$(PROGRAMS) $(if $(HAVE_CXX),$(CXX_PROGRAMS)),\
	$(if $(findstring /$(1)-,$(p)),$(p)))

.SECONDEXPANSION:
lesson-%: $$(call programs_of,$$(if $$(filter 1 2 3 4 5 6 7 8 9,$$*),0)$$*)
	@$(LEARN) lesson $*

# On a terminal the last line is the script's, which tells what to type next, and
# not make's "Error 1".
exercise-% hint-% solution-% reset-%:
	@$(LEARN) $(subst -, ,$@) || [ -t 1 ]

# ---- Set-up -------------------------------------------------------------------

.PHONY: deps
deps:
	@sh tests/deps.sh

# ---- The text, the pictures, the book -------------------------------------------

.PHONY: weave draw book links
weave:
	@sh diagrams/weave.sh

draw:
	@sh diagrams/draw.sh

book:
	@sh diagrams/book.sh

links:
	@sh diagrams/links.sh

# ---- The tests ------------------------------------------------------------------

include tests/tests.mk

# ---- Keeping house ---------------------------------------------------------------

FORMATTED = $(wildcard *.[ch] lessons/*/*.[ch] lessons/*/*.[ch]pp \
	exercises/*.[ch] exercises/*/*.[ch] exercises/*/*/*.[ch] \
	exercises/*/*/*/*.c tests/*.[ch] tests/*.cpp tests/*/*.[ch] \
	tests/*/*.cpp diagrams/*.[ch])

.PHONY: format format-check clean
format:
	@clang-format -i $(FORMATTED)

format-check:
	@clang-format --dry-run -Werror $(FORMATTED)

clean:
	rm -rf build
	find lessons -type f ! -name '*.[!o]*' -exec rm -f {} +
