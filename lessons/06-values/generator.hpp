/* generator<T>: a coroutine that a range-for can walk, over the same C calls.
 * It must die before its schedule, and on the thread of its schedule. */
#ifndef GENERATOR_HPP
#define GENERATOR_HPP

#include "coroutine.h"

#include <cerrno>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

template <typename T> class generator {
	struct stopped {}; /* thrown at a yield, to unwind the body */

//! [job]
public:
	class sink;

private:
	/* All that both sides use lies on the heap: a generator may be a local
	 * of a coroutine, and is copied out of the way with it. */
	struct job {
		schedule *S;
		std::function<void(sink &)> body;
		int id = -1;
		std::optional<T> value{};
		std::exception_ptr error{};
	};
	std::unique_ptr<job> job_;
//! [job]

//! [sink]
public:
	/* What the body yields through: `yield(value)`. */
	class sink {
		job *job_;

	public:
		explicit sink(job *j) : job_(j) {}

		void operator()(T value)
		{
			job_->value.emplace(std::move(value));
			check(coroutine_yield_with(job_->S, &*job_->value));
			if (coroutine_value(job_->S) != nullptr)
				throw stopped{};
		}
	};
//! [sink]

//! [entry]
private:
	/* No exception may leave a coroutine's function: the caller is not
	 * below it on this stack. It is kept, and next() throws it again. */
	static void entry(schedule *S, void *ud)
	{
		job *j = static_cast<job *>(ud);

		if (coroutine_value(S) != nullptr)
			return; /* told to stop before it began */
		try {
			sink yield(j);
			j->body(yield);
		} catch (const stopped &) {
		} catch (...) {
			j->error = std::current_exception();
		}
	}

	static int check(int result)
	{
		if (result == -1)
			throw std::system_error(errno, std::generic_category());
		return result;
	}
//! [entry]

//! [life]
public:
	generator(schedule *S, std::function<void(sink &)> body)
		: job_(new job{S, std::move(body)})
	{
		job_->id = check(coroutine_new(S, entry, job_.get()));
	}

	generator(generator &&) = default;

	/* An unfinished body is resumed once more, with a value that means
	 * "stop": its frames end in order, and their destructors run. */
	~generator()
	{
		if (job_ && job_->id != -1)
			coroutine_resume_with(job_->S, job_->id, job_.get());
	}
//! [life]

//! [next]
	/* The next value, good until the next call; null at the end. Throws
	 * what the body threw, and std::system_error for a refused resume. */
	T *next()
	{
		if (job_->id == -1)
			return nullptr;
		if (check(coroutine_resume(job_->S, job_->id)) !=
		    COROUTINE_DEAD)
			return static_cast<T *>(coroutine_value(job_->S));
		job_->id = -1; /* never ask for it again: ids repeat one day */
		if (job_->error)
			std::rethrow_exception(std::exchange(job_->error, {}));
		return nullptr;
	}
//! [next]

//! [range]
	struct end_mark {};
	struct iterator {
		generator *from;
		T *item;

		T &operator*() const { return *item; }
		void operator++() { item = from->next(); }
		bool operator!=(end_mark) const { return item != nullptr; }
	};
	iterator begin() { return {this, next()}; }
	end_mark end() { return {}; }
//! [range]
};

#endif
