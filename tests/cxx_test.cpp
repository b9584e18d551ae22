/* C++17 on the library: exceptions thrown and caught across yields, destructors
 * and objects of the standard library as locals. Built twice, with coroutine.c
 * compiled as C and as C++.
 *
 * No assertion of CMocka (a longjmp) leaves a frame with destructors: what goes
 * wrong is counted, and compared outside. */
#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>

extern "C" {
#include <cmocka.h>
}

#include "settings.h"

#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

int wrong; /* what should hold and does not */

void expect(bool holds)
{
	wrong += !holds;
}

/* A schedule that closes itself, and runs functions that are objects. */
class Schedule
{
      public:
	Schedule(void **state, int slots) : S(open_under(state, slots))
	{
		expect(S != nullptr);
		wrong = 0;
	}
	~Schedule()
	{
		coroutine_close(S);
	}
	Schedule(const Schedule &) = delete;
	Schedule &operator=(const Schedule &) = delete;

	int add(std::function<void()> body)
	{
		bodies.push_back(std::make_unique<std::function<void()>>(
			std::move(body)));
		return coroutine_new(S, run, bodies.back().get());
	}
	int resume(int id)
	{
		return coroutine_resume(S, id);
	}
	void yield()
	{
		expect(coroutine_yield(S) == 0);
	}
	schedule *get()
	{
		return S;
	}

      private:
	static void run(schedule *, void *ud)
	{
		(*static_cast<std::function<void()> *>(ud))();
	}

	schedule *S;
	std::vector<std::unique_ptr<std::function<void()>>> bodies;
};

/* Resumes them in turn until all are dead; returns the turns. */
int drive(Schedule &S, const std::vector<int> &ids)
{
	int turns = 0;

	for (bool alive = true; alive;) {
		alive = false;
		for (int id : ids)
			if (coroutine_status(S.get(), id) != COROUTINE_DEAD) {
				alive |= S.resume(id) == COROUTINE_SUSPEND;
				turns++;
			}
	}
	return turns;
}

/* ---- exceptions ---------------------------------------------------------- */

/* main | r   r   r   r   ...
 * 0    |   y           y       each throws past a yield and catches its own
 * 1    |       y               */
void throw_across_yields(void **state)
{
	Schedule S(state, 5);
	std::vector<int> ids;

	for (int n = 0; n < 5; n++)
		ids.push_back(S.add([&S, n] {
			int caught = 0;

			for (int i = 0; i < 10; i++) {
				try {
					S.yield();
					throw std::runtime_error(
						std::to_string(100 * n + i));
				} catch (const std::exception &e) {
					caught += std::stoi(e.what());
				}
				S.yield();
			}
			expect(caught == 1000 * n + 45);
		}));
	expect(drive(S, ids) == 5 * 21);
	assert_int_equal(wrong, 0);
}

struct Alive {
	explicit Alive(int &counter) : count(counter)
	{
		++count;
	}
	~Alive()
	{
		--count;
	}
	Alive(const Alive &) = delete;
	Alive &operator=(const Alive &) = delete;
	int &count;
};

/* Down `depth` calls, yielding at each, and up again by an exception. */
void dig(Schedule &S, int depth, int &count, int n)
{
	Alive here(count);
	std::string name(20 + static_cast<size_t>(depth), 'a');

	S.yield();
	if (depth == 0)
		throw n;
	dig(S, depth - 1, count, n);
	expect(false); /* nobody comes by here */
}

/* Two are deep at the same time, and throw from there, each to its own catch.
 * main | r   r   r   r   ...     until both have thrown
 * 0    |   y           y
 * 1    |       y               */
void throw_from_the_deep(void **state)
{
	Schedule S(state, 2);
	static int counts[2];
	std::vector<int> ids;

	counts[0] = counts[1] = 0;
	for (int n = 0; n < 2; n++)
		ids.push_back(S.add([&S, n] {
			for (int round = 0; round < 3; round++) {
				int caught = -1;

				try {
					dig(S, 10 + 5 * n, counts[n], n);
				} catch (int thrown) {
					caught = thrown;
				}
				expect(caught == n && counts[n] == 0);
			}
		}));
	expect(drive(S, ids) == 3 * (11 + 16) + 2);
	assert_int_equal(wrong, 0);
}

/* An exception passes through frames that wait for a nested resume.
 * main | r                 )
 * A    |   try { r   throw } catch
 * B    |           y                   B is left suspended */
void throw_above_a_callee(void **state)
{
	Schedule S(state, 3);
	int b = S.add([&S] { S.yield(); });
	int a = S.add([&S, b] {
		try {
			std::string local("still here");

			expect(S.resume(b) == COROUTINE_SUSPEND);
			throw local;
		} catch (const std::string &text) {
			expect(text == "still here");
		}
		expect(S.resume(b) == COROUTINE_DEAD);
	});

	expect(S.resume(a) == COROUTINE_DEAD);
	assert_int_equal(wrong, 0);
}

/* What a yield is refused with is not an exception; one may follow, though. */
void throw_after_a_refusal(void **state)
{
	Schedule S(state, 2);
	int a = S.add([&S] {
		int caught = 0;

		try {
			if (S.resume(coroutine_running(S.get())) == -1)
				throw std::logic_error("busy");
		} catch (const std::logic_error &) {
			caught = 1;
		}
		expect(caught == 1);
	});

	expect(coroutine_yield(S.get()) == -1);
	expect(S.resume(a) == COROUTINE_DEAD);
	assert_int_equal(wrong, 0);
}

/* An exception thrown and caught by the caller, while another is suspended in
 * a try block of its own.
 * main | r   try { throw } catch   r
 * A    |   try { y                   . throw } catch )       */
void throw_outside_too(void **state)
{
	Schedule S(state, 2);
	int caught = 0;
	int a = S.add([&S, &caught] {
		try {
			S.yield();
			throw 5;
		} catch (int n) {
			caught += n;
		}
	});

	expect(S.resume(a) == COROUTINE_SUSPEND);
	try {
		throw 7L;
	} catch (long n) {
		caught += static_cast<int>(n);
	}
	expect(S.resume(a) == COROUTINE_DEAD);
	expect(caught == 12);
	assert_int_equal(wrong, 0);
}

/* ---- objects ------------------------------------------------------------- */

/* Small strings and functions point into themselves: they must come back to
 * their addresses.
 * main | r   r   r   ...
 * n    |   y   y             five in turn */
void objects_across_yields(void **state)
{
	Schedule S(state, 5);
	std::vector<int> ids;

	for (int n = 0; n < 5; n++)
		ids.push_back(S.add([&S, n] {
			std::string small(3, static_cast<char>('a' + n));
			std::string large(100, static_cast<char>('A' + n));
			std::vector<int> numbers(10);
			std::map<int, std::string> map;
			int base = 10 * n;
			std::function<int(int)> plus = [&base](int i) {
				return base + i;
			};

			std::iota(numbers.begin(), numbers.end(), n);
			for (int i = 0; i < 10; i++) {
				map[i] = small;
				S.yield();
				expect(plus(i) == 10 * n + i);
				expect(map.at(i) == small);
			}
			expect(small ==
			       std::string(3, static_cast<char>('a' + n)));
			expect(large.size() == 100 && large[99] == 'A' + n);
			expect(std::accumulate(numbers.begin(), numbers.end(),
					       0) == 45 + 10 * n);
		}));
	expect(drive(S, ids) == 5 * 11);
	assert_int_equal(wrong, 0);
}

/* Destructors run at the end of a coroutine and when an exception passes; not
 * when a schedule is closed below a suspended one. */
void destructors(void **state)
{
	static int count; /* outlives the one that never returns */
	int seen;

	count = 0;
	{
		Schedule S(state, 3);
		int a = S.add([&S] {
			Alive here(count);

			S.yield();
		});
		int b = S.add([&S] {
			Alive here(count);

			S.yield();
			S.yield();
		});

		S.resume(a);
		S.resume(b);
		expect(count == 2);
		expect(S.resume(a) == COROUTINE_DEAD && count == 1);
		S.resume(b);
		seen = count;
	}
	expect(seen == 1 && count == 1);
	assert_int_equal(wrong, 0);
}

/* Addresses of objects go in and out. */
void values_are_objects(void **state)
{
	Schedule S(state, 1);
	auto text = std::make_unique<std::string>("in");
	int a = S.add([&S] {
		for (;;) {
			auto *in = static_cast<std::string *>(
				coroutine_value(S.get()));

			*in += "-out";
			expect(coroutine_yield_with(S.get(), in) == 0);
		}
	});

	for (int i = 0; i < 3; i++)
		expect(coroutine_resume_with(S.get(), a, text.get()) ==
		       COROUTINE_SUSPEND);
	expect(coroutine_value(S.get()) == text.get());
	expect(*text == "in-out-out-out");
	assert_int_equal(wrong, 0);
}

} /* namespace */

int main()
{
	static const struct entry entries[] = {
		EACH("throw and catch across yields", throw_across_yields),
		EACH("two throw from deep calls", throw_from_the_deep),
		EACH("throw above a suspended callee", throw_above_a_callee),
		EACH("throw after a refusal", throw_after_a_refusal),
		EACH("throw outside while one is in a try block",
		     throw_outside_too),
		EACH("objects across yields", objects_across_yields),
		EACH("destructors run", destructors),
		EACH("values are objects", values_are_objects),
	};

	return run_entries("cxx", entries,
			   sizeof(entries) / sizeof(entries[0]));
}
