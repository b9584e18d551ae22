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
NM ?= nm
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := $(shell sed -n 's/^.define COROUTINE_VERSION "\(.*\)"/\1/p' coroutine.h)
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
C11 = -std=c11 $(WARNINGS) -Wstrict-prototypes
CXX17 = -std=c++17 $(WARNINGS)

# One word to the shell, whatever is in it.
quoted = '$(subst ','\'',$(1))'

LEARN = CC=$(call quoted,$(CC)) CFLAGS=$(call quoted,$(CFLAGS)) \
	MAKE=$(call quoted,$(MAKE)) sh exercises/learn.sh

export CC CXX

.PHONY: menu
menu:
	@sh exercises/learn.sh menu

# ---- The library --------------------------------------------------------------

.PHONY: all install uninstall
all: build/libcoroutine.a build/libcoroutine.so \
	build/libcoroutine-loop.a build/libcoroutine-loop.so

build/coroutine.o: coroutine.c coroutine.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ coroutine.c

build/libcoroutine.a: build/coroutine.o
	@rm -f $@
	$(AR) rcs $@ $<

build/libcoroutine.so: coroutine.c coroutine.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -shared -Wl,-soname,$(@F).1 \
		$(LDFLAGS) -o $@ coroutine.c

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

# ---- The mechanisms as a library -------------------------------------------------

# All of them and their headers, but for what serves a lesson only. An INTERNAL
# header serves the mechanisms only: it is not installed either, and the shared
# object keeps its functions to itself.
NOT_INSTALLED = counted fake hand naive net program raw scene turns wheel
INTERNAL = heap record task

names_of = $(basename $(notdir $(1)))
without = $(foreach f,$(1),$(if $(filter $(2),$(call names_of,$(f))),,$(f)))

LOOP := $(call without,$(MECHANISMS),$(NOT_INSTALLED))
LOOP_HEADERS := $(call without,$(wildcard lessons/*/*.h), \
	$(NOT_INSTALLED) $(INTERNAL))

build/libcoroutine-loop.a: $(LOOP:%.c=build/%.o)
	@rm -f $@
	$(AR) rcs $@ $^

$(LOOP:%.c=build/pic/%.o): build/pic/%.o: %.c $(HEADERS)
	@mkdir -p $(@D)
	@$(CC) -I. $(CPPFLAGS) $(CFLAGS) -fPIC -c -o $@ $<

# The functions that are called by name in an installed header, and no others.
build/loop.map: $(LOOP:%.c=build/pic/%.o) $(LOOP_HEADERS)
	@{ echo '{ global:'; $(NM) -g $(filter %.o,$^) | \
		sed -n 's/^[0-9a-fA-F]* [A-TV-Z] //p' | sort -u | \
		while read -r f; do \
			cat $(LOOP_HEADERS) | grep -q "\<$$f(" && echo "$$f;"; \
		done; echo 'local: *; };'; } >$@

build/libcoroutine-loop.so: $(LOOP:%.c=build/pic/%.o) build/loop.map \
		build/libcoroutine.so
	$(CC) $(CFLAGS) -shared -Wl,-soname,$(@F).1 -Wl,-rpath,'$$ORIGIN' \
		-Wl,--version-script,build/loop.map $(LDFLAGS) -o $@ \
		$(filter %.o,$^) build/libcoroutine.so -pthread

# ---- Installing -------------------------------------------------------------------

LIBRARIES = coroutine coroutine-loop
INCLUDE_TO = $(call quoted,$(DESTDIR)$(PREFIX)/include)
LIB_TO = $(call quoted,$(DESTDIR)$(PREFIX)/lib)

# $(call put,COMMAND,TO,MODE): what it prints becomes a new file, so that a program
# which runs with the old one keeps that. The mode is the same under every umask.
put = @rm -f $(2) && $(1) >$(2) && chmod $(3) $(2)

# The headers include each other across folders. Installed, they lie in one.
define put_header
	$(call put,sed -e 's|^\(#include "\)\.\./.*/|\1|' \
		-e 's|^\(#include "\)coroutine\.h"|\1../coroutine.h"|' \
		$(1),$(INCLUDE_TO)/coroutine/$(notdir $(1)),644)

endef

define put_library
	$(call put,cat build/lib$(1).a,$(LIB_TO)/lib$(1).a,644)
	$(call put,cat build/lib$(1).so,$(LIB_TO)/lib$(1).so.$(VERSION),755)
	@ln -sf lib$(1).so.$(VERSION) $(LIB_TO)/lib$(1).so.1
	@ln -sf lib$(1).so.1 $(LIB_TO)/lib$(1).so
	$(call put,printf '%s\n' prefix=$(call quoted,$(PREFIX)) \
		'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' '' \
		'Name: $(1)' 'Version: $(VERSION)' $(pc_$(1)) \
		'Cflags: -I"$${includedir}"',$(LIB_TO)/pkgconfig/$(1).pc,644)

endef

pc_coroutine = \
	'Description: Coroutines on POSIX ucontext that share copied stacks' \
	'Libs: -L"$${libdir}" -lcoroutine'
pc_coroutine-loop = \
	'Description: Dispatcher, timers, sockets and servers on coroutines' \
	'Requires: coroutine' 'Libs: -L"$${libdir}" -lcoroutine-loop' \
	'Libs.private: -pthread'

install: check-prefix all
	@umask 022 && mkdir -p $(INCLUDE_TO)/coroutine $(LIB_TO)/pkgconfig
	$(call put,cat coroutine.h,$(INCLUDE_TO)/coroutine.h,644)
	$(foreach h,$(LOOP_HEADERS),$(call put_header,$(h)))
	$(foreach l,$(LIBRARIES),$(call put_library,$(l)))
	@echo Installed under $(call quoted,$(DESTDIR)$(PREFIX))

uninstall: check-prefix
	@rm -f $(INCLUDE_TO)/coroutine.h $(foreach h,$(notdir $(LOOP_HEADERS)), \
		$(INCLUDE_TO)/coroutine/$(h)) $(foreach l,$(LIBRARIES), \
		$(LIB_TO)/lib$(l).a $(LIB_TO)/pkgconfig/$(l).pc \
		$(foreach v,so so.1 so.$(VERSION),$(LIB_TO)/lib$(l).$(v)))
	@rmdir $(INCLUDE_TO)/coroutine 2>/dev/null || :

# Neither a .pc file nor what reads it could tell such a name from its own signs.
.PHONY: check-prefix
check-prefix:
	@case $(call quoted,$(PREFIX)) in \
	*[\"\'\\\`\$$#]*) echo "PREFIX must not have a quote, \\, \$$ or # in it" >&2; \
		exit 1 ;; \
	/*) ;; \
	*) echo "PREFIX must begin with /" >&2; exit 1 ;; \
	esac

# ---- What the learner types -----------------------------------------------------

.PHONY: learn progress watch
learn progress watch:
	@$(LEARN) $@

programs_of = $(foreach p,$(PROGRAMS) $(if $(HAVE_CXX),$(CXX_PROGRAMS)),\
	$(if $(findstring /$(1)-,$(p)),$(p)))

# FORCE: a file that happens to have the name of a goal does not hide it.
.PHONY: FORCE
FORCE:

.SECONDEXPANSION:
lesson-%: $$(call programs_of,$$(if $$(filter 1 2 3 4 5 6 7 8 9,$$*),0)$$*) FORCE
	@$(LEARN) lesson $*

# A rule for each: one rule with four patterns would run once for all of them. On
# a terminal the last line is the script's, which tells what to type next, and not
# make's "Error 1".
define command
$(1)-%: FORCE
	@$$(LEARN) $(1) $$* || [ -t 1 ]
endef
$(foreach c,exercise hint solution reset,$(eval $(call command,$(c))))

# For whoever writes one: make new-exercise NAME=pump LESSON=07
.PHONY: new-exercise
new-exercise:
	@sh exercises/new.sh $(call quoted,$(NAME)) $(call quoted,$(LESSON))

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
