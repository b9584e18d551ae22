# The tests. `make test` builds and runs everything below; each program's TAP
# goes to build/results, and the last line is the total.
#
# A suite is tests/NAME_test.c. A variant is a compiler, its flags, and what the
# program runs under; the table below says which suites run in which.

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
WRAP_margin = -Wl,--wrap=swapcontext
WRAP_memory = $(STARVE) -Wl,--wrap=mmap,--wrap=munmap,--wrap=mprotect

has = $(shell command -v $(1) 2>/dev/null)
COMPILERS := $(or $(foreach c,gcc clang,$(if $(call has,$(c)),$(c))),$(CC))
FIRST := $(firstword $(COMPILERS))
SECOND := $(word 2,$(COMPILERS))
CXX_COMPILERS := $(foreach c,g++ clang++,$(if $(call has,$(c)),$(c)))
CXX_FIRST := $(firstword $(CXX_COMPILERS))
VALGRIND := $(call has,valgrind)
ABSENT := $(foreach c,gcc clang g++ clang++ valgrind curl socat, \
	$(if $(call has,$(c)),,$(c))) $(if $(call has,ab)$(call has,wrk),,ab)

# The suites of the library; and those of the lessons' mechanisms: all that are
# neither the library's nor of the house, which test programs, texts and
# exercises, and run once.
LIBRARY := core switch limits memory stress
HOUSE := $(filter exercises learn install symbols clients book copies moves, \
	$(patsubst tests/%_test.c,%,$(wildcard tests/*_test.c)))
COURSE := $(filter-out $(LIBRARY) margin strict $(HOUSE), \
	$(patsubst tests/%_test.c,%,$(wildcard tests/*_test.c)))
SUITES := $(LIBRARY) $(COURSE)

$(foreach s,$(COURSE),$(eval WRAP_$(s) += $$(STARVE)))

# $(call variant,NAME,COMPILER,FLAGS,RUNNER,SUITES,COMPILER OF THE LIBRARY)
define variant
build/$(1)/coroutine.o: coroutine.c coroutine.h
	@mkdir -p $$(@D)
	@$(or $(6),$(2) $(C11)) $(3) -I. -c -o $$@ $$<

$(RECORDERS:tests/%.c=build/$(1)/%.o): build/$(1)/%.o: tests/%.c tests/record.h $(HEADERS)
	@mkdir -p $$(@D)
	@$(2) $(C11) $(3) -I. -c -o $$@ $$<

$(5:%=build/$(1)/%_test): build/$(1)/%_test: tests/%_test.c \
		tests/settings.h tests/starve.h tests/calls.h tests/serving.h \
		tests/fuzz/http_check.h tests/record.flags \
		build/$(1)/coroutine.o build/$(1)/mechanisms.a
	@$(2) $(C11) $(3) -I. -o $$@ $$< build/$(1)/coroutine.o \
		build/$(1)/mechanisms.a $(RECORD) $$(WRAP_$$*) $(LINK)

build/$(1)/lessons/%.o: lessons/%.c $(HEADERS)
	@mkdir -p $$(@D)
	@$(2) $(C11) $(3) -I. -c -o $$@ $$<

build/$(1)/mechanisms.a: $(if $(filter $(COURSE),$(5)), \
		$(MECHANISMS:%.c=build/$(1)/%.o)) \
		$(RECORDERS:tests/%.c=build/$(1)/%.o)
	@rm -f $$@
	@$(AR) rcs $$@ $$^

$(5:%=build/results/%-$(1).tap): build/results/%-$(1).tap: build/$(1)/%_test
	@$(MOVES) sh tests/result.sh $$*-$(1) $(4) $$<

RESULTS += $(5:%=build/results/%-$(1).tap)
endef

# A row of the table, unless its compiler is absent; or its runner is.
row = $(if $(strip $(2)),$(eval $(call variant,$(strip $(1)),$(strip $(2)), \
	$(3),$(4),$(strip $(5)),$(6))))

LINK = -lcmocka -pthread -lm
MOVES = COROUTINE_MOVES=build/moves DISPATCHER_MOVES=build/dispatcher-moves \
	SERVER_MOVES=build/server-moves
POISON = -DCOROUTINE_POISON
ASAN = -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
TSAN = -g -O1 -fsanitize=thread
HEAP = -DCOROUTINE_NO_GUARD
AWAY = -DCOROUTINE_STRICT
TOLD = -DCOROUTINE_VALGRIND
WATCH = env TEST_SCALE=50 valgrind -q --error-exitcode=99

# The suites of a row, by what it can find that no other row can:
#
# - The library's suites run in every row. Only the first compiler's TSan leaves
#   out limits and memory, which have no threads and take a minute there; the
#   second compiler's runs them in seconds.
# - A mechanism is plain C on the library's calls. Its suites meet each compiler,
#   each level, and ASan, UBSan and Valgrind. Left out is the second compiler's
#   -O0 (beside its -O2 and the first one's -O0) and its ASan (beside the first
#   one's: the same runtime, and the fuzzers are clang's); TSan but for the suite
#   that has threads, for there are no races without; C++ and stacks from the
#   heap, which change nothing but coroutine.c.
# - Without poison all run, for some do in full there what they do else in part.
# - In strict mode all run: whatever keeps a pointer into a frame that is away is
#   stopped there.
# - margin looks at the frames as compilers make them: no tool's.

#      name            compiler                        flags                     runner    suites                     the library's compiler
$(call row,$(FIRST)-O2,    $(FIRST),                       -g -O2 $(POISON),         ,         $(SUITES) margin)
$(call row,$(FIRST)-O0,    $(FIRST),                       -g -O0 $(POISON),         ,         $(SUITES) margin)
$(call row,$(SECOND)-O2,   $(SECOND),                      -g -O2 $(POISON),         ,         $(SUITES) margin)
$(call row,$(SECOND)-O0,   $(SECOND),                      -g -O0 $(POISON),         ,         $(LIBRARY) margin)
$(call row,$(FIRST)-asan,  $(FIRST),                       $(ASAN),                  ,         $(SUITES))
$(call row,$(SECOND)-asan, $(SECOND),                      $(ASAN),                  ,         $(LIBRARY))
$(call row,$(FIRST)-tsan,  $(FIRST),                       $(TSAN),                  ,         core switch stress server)
$(call row,$(SECOND)-tsan, $(SECOND),                      $(TSAN),                  ,         $(LIBRARY))
$(call row,plain,          $(FIRST),                       -g -O2,                   ,         $(SUITES))
$(call row,strict,         $(FIRST),                       -g -O2 $(AWAY),           ,         $(SUITES))
$(call row,heap,           $(FIRST),                       -g -O2 $(POISON) $(HEAP), ,         $(LIBRARY))
$(call row,valgrind,       $(if $(VALGRIND),$(FIRST)),     -g -O1 $(TOLD),           $(WATCH), $(SUITES))
$(call row,as-cxx,         $(if $(CXX_FIRST),$(FIRST)),    -g -O2 $(POISON),         ,         $(LIBRARY),                $(CXX_FIRST) $(CXX17) -x c++)

# Programs in C++ on the library in C++.
define cxx_variant
build/cxx-$(1)/cxx_test: tests/cxx_test.cpp coroutine.c coroutine.h
	@mkdir -p $$(@D)
	@$(1) $(CXX17) -g -O2 -I. -o $$@ $$< -x c++ coroutine.c -x none $(LINK)

build/results/cxx-$(1).tap: build/cxx-$(1)/cxx_test
	@sh tests/result.sh cxx-$(1) $$<

RESULTS += build/results/cxx-$(1).tap
endef
$(foreach c,$(CXX_COMPILERS),$(eval $(call cxx_variant,$(c))))

# The strict mode itself, the library as C and as C++.
define strict_variant
build/strict-$(1)/strict_test: tests/strict_test.c coroutine.c coroutine.h
	@mkdir -p $$(@D)
	@$(4) -g -$(3) -DCOROUTINE_STRICT -I. -c -o $$(@D)/coroutine.o coroutine.c
	@$(2) $(C11) -g -$(3) -DCOROUTINE_STRICT -I. -o $$@ $$< \
		$$(@D)/coroutine.o $(LINK)

build/results/strict-$(1).tap: build/strict-$(1)/strict_test
	@sh tests/result.sh strict-$(1) $$<

RESULTS += build/results/strict-$(1).tap
endef
$(foreach c,$(COMPILERS),$(foreach o,O0 O2,$(eval $(call \
	strict_variant,$(c)-$(o),$(c),$(o),$(c) $(C11)))))
$(foreach c,$(CXX_FIRST),$(eval $(call \
	strict_variant,as-cxx,$(FIRST),O2,$(c) $(CXX17) -x c++)))

# What tests programs, texts and exercises. The exercises' run lesson by lesson.
$(HOUSE:%=build/tests/%_test): build/tests/%: tests/%.c tests/run.c tests/run.h \
		build/mechanisms.a
	@mkdir -p $(@D)
	@$(CC) $(C11) -g -O1 -I. -o $@ $< tests/run.c build/mechanisms.a $(LINK)

PROOFS := $(foreach l,$(patsubst exercises/%/,%,$(sort $(wildcard \
	exercises/*/))) hostile,build/results/exercises-$(l).tap)
ONCE := $(patsubst %,build/results/%.tap,$(filter-out exercises,$(HOUSE)))

$(ONCE): build/results/%.tap: build/tests/%_test
	@$(MOVES) sh tests/result.sh $* $<

$(PROOFS): build/results/exercises-%.tap: build/tests/exercises_test \
		build/proof/empty
	@sh tests/result.sh exercises-$* $< $*

build/proof/empty: coroutine.c coroutine.h exercises/check.c exercises/check.h
	@rm -rf $(@D)
	@mkdir -p $(@D)
	@: >$@

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

# The longest go first, so that no processor is idle in the end. Only the moves
# that all the others have made are compared last.
LONG := $(filter-out build/results/moves.tap,$(ONCE)) $(PROOFS)
RESULTS := $(LONG) $(filter-out $(LONG),$(RESULTS))

build/results/moves.tap: $(RESULTS)

.PHONY: test results ports fuzz
results: $(RESULTS) build/results/moves.tap

# One more than processors: some wait, for time-outs and for a network.
JOBS := $(shell expr 1 + $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1))

test:
	@sh tests/deps.sh --check
	@rm -rf build/results build/proof build/*moves
	@mkdir -p build/results
	@for tool in $(ABSENT); do echo "not tested: $$tool"; \
		done | tee build/results/absent.err
	@$(MAKE) --no-print-directory -k -j$(JOBS) results || \
		echo "not ok 0 - everything builds" >build/results/build.tap
	@sh tests/totals.sh

# The same tests on other machines, emulated: make ports PORTS="ppc64 s390x"
PORTS ?= ppc64 s390x
ports:
	@SUITES="$(SUITES)" MECHANISMS="$(MECHANISMS)" \
		$(foreach s,$(SUITES),WRAP_$(s)="$(WRAP_$(s))") \
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
