# The tests. `make test` builds and runs everything below; each program's TAP
# goes to build/results, and the last line is the total.
#
# A suite is tests/NAME_test.c. The library's suites run in several variants: a
# variant is a compiler, its flags, and what the program runs under.

# What records the moves, in an archive with the mechanisms: a suite gets what it
# has use for.
RECORDERS := $(wildcard tests/record*.c)
RECORD = @tests/record.flags
STARVE = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free
WRAP_CALLS = -Wl,--wrap=read,--wrap=write,--wrap=accept4,--wrap=connect \
	-Wl,--wrap=poll,--wrap=epoll_wait,--wrap=close,--wrap=epoll_create1 \
	-Wl,--wrap=epoll_ctl,--wrap=getsockopt,--wrap=socket,--wrap=bind \
	-Wl,--wrap=listen,--wrap=pipe,--wrap=fcntl
WRAP_socket = $(WRAP_CALLS)
WRAP_server = $(WRAP_CALLS) -Wl,--wrap=timer_deadline
WRAP_relay = $(WRAP_CALLS)
WRAP_loop = $(WRAP_CALLS) -Wl,--wrap=mmap,--wrap=mprotect
WRAP_round = -Wl,--wrap=swapcontext
WRAP_responder = $(WRAP_CALLS)
WRAP_chaos = -Wl,--wrap=read,--wrap=write,--wrap=accept4,--wrap=connect \
	-Wl,--wrap=close,--wrap=poll,--wrap=epoll_wait,--wrap=epoll_ctl \
	-Wl,--wrap=getsockopt,--wrap=socket,--wrap=setsockopt,--wrap=fcntl \
	-Wl,--wrap=shutdown
WRAP_memory = $(STARVE) -Wl,--wrap=mmap,--wrap=munmap,--wrap=mprotect

has = $(shell command -v $(1) 2>/dev/null)
COMPILERS := $(or $(foreach c,gcc clang,$(if $(call has,$(c)),$(c))),$(CC))
FIRST := $(firstword $(COMPILERS))
ABSENT := $(foreach c,gcc clang g++ clang++ valgrind curl socat, \
	$(if $(call has,$(c)),,$(c))) $(if $(call has,ab)$(call has,wrk),,ab)

SUITES := core switch limits memory stress

# The suites of the lessons' mechanisms: all that are neither the library's nor
# one of these, which test programs, texts and exercises, and run once.
HOUSE := $(filter exercises learn install symbols clients book, \
	$(patsubst tests/%_test.c,%,$(wildcard tests/*_test.c)))
COURSE := $(filter-out $(SUITES) $(HOUSE), \
	$(patsubst tests/%_test.c,%,$(wildcard tests/*_test.c)))

$(foreach s,$(COURSE),$(eval WRAP_$(s) += $$(STARVE)))

# $(call variant,NAME,COMPILER,FLAGS,RUNNER,COMPILER OF THE LIBRARY)
define variant
build/$(1)/coroutine.o: coroutine.c coroutine.h
	@mkdir -p $$(@D)
	@$(or $(5),$(2) $(C11)) $(3) -I. -c -o $$@ $$<

$(RECORDERS:tests/%.c=build/$(1)/%.o): build/$(1)/%.o: tests/%.c tests/record.h $(HEADERS)
	@mkdir -p $$(@D)
	@$(2) $(C11) $(3) -I. -c -o $$@ $$<

$(foreach s,$(SUITES) $(COURSE),build/$(1)/$(s)_test): \
		build/$(1)/%_test: tests/%_test.c tests/settings.h \
		tests/starve.h tests/calls.h tests/serving.h \
		tests/fuzz/http_check.h \
		tests/record.flags build/$(1)/coroutine.o \
		build/$(1)/mechanisms.a
	@$(2) $(C11) $(3) -I. -o $$@ $$< build/$(1)/coroutine.o \
		build/$(1)/mechanisms.a $(RECORD) $$(WRAP_$$*) $(LINK)

build/$(1)/lessons/%.o: lessons/%.c $(HEADERS)
	@mkdir -p $$(@D)
	@$(2) $(C11) $(3) -I. -c -o $$@ $$<

build/$(1)/mechanisms.a: $(MECHANISMS:%.c=build/$(1)/%.o) \
		$(RECORDERS:tests/%.c=build/$(1)/%.o)
	@rm -f $$@
	@$(AR) rcs $$@ $$^

$(foreach s,$(SUITES) $(COURSE),build/results/$(s)-$(1).tap): \
		build/results/%-$(1).tap: build/$(1)/%_test
	@$(MOVES) sh tests/result.sh $$*-$(1) $(4) $$<

RESULTS += $(foreach s,$(SUITES) $(COURSE),build/results/$(s)-$(1).tap)
endef

LINK = -lcmocka -pthread -lm
MOVES = COROUTINE_MOVES=build/moves DISPATCHER_MOVES=build/dispatcher-moves \
	SERVER_MOVES=build/server-moves
ASAN = -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
UNDER_VALGRIND = env TEST_SCALE=50 valgrind -q --error-exitcode=99

$(foreach c,$(COMPILERS),$(foreach o,O0 O2,$(eval $(call \
	variant,$(c)-$(o),$(c),-g -$(o) -DCOROUTINE_POISON))))
$(foreach c,$(COMPILERS),$(eval $(call variant,$(c)-asan,$(c),$$(ASAN))))
$(foreach c,$(COMPILERS),$(eval $(call \
	variant,$(c)-tsan,$(c),-g -O1 -fsanitize=thread)))
$(eval $(call variant,plain,$(FIRST),-g -O2))
$(eval $(call variant,heap,$(FIRST),-g -O2 -DCOROUTINE_POISON \
	-DCOROUTINE_NO_GUARD))
ifneq ($(call has,valgrind),)
$(eval $(call variant,valgrind,$(FIRST),-g -O1 -DCOROUTINE_VALGRIND, \
	$(UNDER_VALGRIND)))
endif

# C++17: the library as C++, under the same tests; and programs in C++ on it.
CXX_COMPILERS := $(foreach c,g++ clang++,$(if $(call has,$(c)),$(c)))
$(foreach c,$(firstword $(CXX_COMPILERS)),$(eval $(call variant,as-cxx,$(FIRST), \
	-g -O2 -DCOROUTINE_POISON,,$(c) $(CXX17) -x c++)))

define cxx_variant
build/cxx-$(1)/cxx_test: tests/cxx_test.cpp coroutine.c coroutine.h
	@mkdir -p $$(@D)
	@$(1) $(CXX17) -g -O2 -I. -o $$@ $$< -x c++ coroutine.c -x none $(LINK)

build/results/cxx-$(1).tap: build/cxx-$(1)/cxx_test
	@sh tests/result.sh cxx-$(1) $$<

RESULTS += build/results/cxx-$(1).tap
endef
$(foreach c,$(CXX_COMPILERS),$(eval $(call cxx_variant,$(c))))

# What tests programs, texts and exercises.
$(HOUSE:%=build/tests/%_test): build/tests/%: tests/%.c tests/run.c tests/run.h \
		build/mechanisms.a
	@mkdir -p $(@D)
	@$(CC) $(C11) -g -O1 -I. -o $@ $< tests/run.c build/mechanisms.a $(LINK)

$(HOUSE:%=build/results/%.tap): build/results/%.tap: build/tests/%_test
	@$(MOVES) sh tests/result.sh $* $<

build/results/clients.tap: tests/clients.sh $$(BENCH_PROGRAMS) \
		$(filter build/lessons/12-%,$(PROGRAMS))

# Bytes of no sense, the same ones each time.
FUZZERS := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))

build/results/fuzz.tap: $(wildcard tests/fuzz/*.[ch] tests/fuzz/corpus/*) \
		tests/fuzz/fuzz.sh $(MECHANISMS) $(HEADERS) coroutine.c
	@mkdir -p $(@D)
	@if sh tests/fuzz/fuzz.sh --probe; then \
		sh tests/result.sh fuzz sh tests/fuzz/fuzz.sh --short; \
	else \
		echo "not tested: libFuzzer" | tee build/results/fuzz.err; \
	fi

RESULTS += build/results/fuzz.tap

# The book's tests compare the moves that all the others have made.
build/results/book.tap: $(RESULTS) $(filter-out build/results/book.tap, \
	$(HOUSE:%=build/results/%.tap))

RESULTS += $(HOUSE:%=build/results/%.tap)

.PHONY: test results ports fuzz
results: $(RESULTS)

JOBS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)

test:
	@sh tests/deps.sh --check
	@rm -rf build/results build/*moves
	@mkdir -p build/results
	@for tool in $(ABSENT); do echo "not tested: $$tool"; \
		done | tee build/results/absent.err
	@$(MAKE) --no-print-directory -k -j$(JOBS) results || \
		echo "not ok 0 - everything builds" >build/results/build.tap
	@sh tests/totals.sh

# The same tests on other machines, emulated: make ports PORTS="ppc64 s390x"
PORTS ?= ppc64 s390x
ports:
	@SUITES="$(SUITES) $(COURSE)" MECHANISMS="$(MECHANISMS)" \
		$(foreach s,$(SUITES) $(COURSE),WRAP_$(s)="$(WRAP_$(s))") \
		sh tests/ports/ports.sh $(PORTS)

# Bytes of no sense, and more of them: make fuzz FUZZ=http FUZZ_SECONDS=600
FUZZ ?= $(FUZZERS)
FUZZ_SECONDS ?= 60
fuzz:
	@FUZZ_SECONDS=$(FUZZ_SECONDS) sh tests/fuzz/fuzz.sh $(FUZZ)

# The notes' table, measured again: a proxy on callbacks, on libevent, and ours.
# make bench BENCH_COLUMNS="2 128" BENCH_ROUNDS=3; BENCH=--calls counts only.
BENCH ?=
bench_program = @mkdir -p $(@D); $(CC) $(C11) -D_DEFAULT_SOURCE $(CFLAGS) -o $@
BENCH_HEADERS := $(wildcard tests/bench/*.h)
BENCH_PROGRAMS := $(addprefix build/bench/,load floor callback libevent count.so) \
	build/lessons/12-servers/proxy

build/bench/load build/bench/floor: build/bench/%: tests/bench/%.c $(BENCH_HEADERS)
	$(bench_program) $<

build/bench/callback: tests/bench/callback.c tests/bench/loop_epoll.c $(BENCH_HEADERS)
	$(bench_program) $(filter %.c,$^)

# Where libevent is not installed, there is no such program.
build/bench/libevent: tests/bench/callback.c tests/bench/loop_libevent.c $(BENCH_HEADERS)
	$(bench_program) $(filter %.c,$^) -levent 2>build/libevent.err || \
		! echo '#include <event2/event.h>' | $(CC) -E - >/dev/null 2>&1 || \
		{ cat build/libevent.err; exit 1; }

build/bench/count.so: tests/bench/count.c $(BENCH_HEADERS)
	$(bench_program) -fPIC -shared $< -ldl

.PHONY: bench
bench: $(BENCH_PROGRAMS)
	@sh tests/bench/bench.sh $(BENCH)
