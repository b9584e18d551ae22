/* A range-for over coroutines: any type, an early end, an exception. */
#include "generator.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

using owned_schedule = std::unique_ptr<schedule, int (*)(schedule *)>;

/* Says when it begins and when its destructor runs. */
struct guest {
	guest()
	{
		std::puts("  (the body begins)");
	}
	~guest()
	{
		std::puts("  (the body's destructors run)");
	}
};

//! [bodies]
static generator<std::string> stairs(schedule *S, int steps)
{
	auto body = [steps](auto &yield) {
		guest inside;
		std::string stair;

		for (int n = 0; n < steps; n++)
			yield(stair += '#');
	};

	return { S, body };
}
//! [bodies]

static generator<double> halves(schedule *S)
{
	auto body = [](auto &yield) {
		guest inside;

		for (double x = 1; x > 0.2; x /= 2)
			yield(x);
		throw std::runtime_error("too small to halve");
	};

	return { S, body };
}

//! [whole]
static void whole(schedule *S)
{
	for (const std::string &stair : stairs(S, 3))
		std::printf("%s\n", stair.c_str());
}
//! [whole]

static void early(schedule *S)
{
	for (const std::string &stair : stairs(S, 1000000)) {
		std::printf("%s\n", stair.c_str());
		if (stair.size() == 2)
			break;
	}
}

static void unused(schedule *S)
{
	generator<std::string> never = stairs(S, 3);
}

static void thrown(schedule *S)
{
	try {
		for (double half : halves(S))
			std::printf("%g\n", half);
	} catch (const std::exception &error) {
		std::printf("caught in main: %s\n", error.what());
	}
}

static void both(schedule *S)
{
	generator<std::string> rows = stairs(S, 3);
	generator<double> sizes = halves(S);

	while (const std::string *row = rows.next()) {
		const double *size = sizes.next();

		std::printf("%s and %g\n", row->c_str(), *size);
	}
}

int main()
{
	owned_schedule S(coroutine_open(), coroutine_close);

	std::puts("to the end:");
	whole(S.get());
	std::puts("left early:");
	early(S.get());
	std::puts("never begun:");
	unused(S.get());
	std::puts("an exception:");
	thrown(S.get());
	std::puts("two at once on one stack:");
	both(S.get());
}
