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

template <typename T> class generator
{
      public:
	struct sink;

      private:
	/* Thrown at a yield, to unwind the body. */
	struct stopped {
	};

	//! [job]
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

	//! [entry]
	/* No exception may leave a coroutine's function: the caller is not
	 * above it on this stack. It is kept, and next() throws it again. */
	static void entry(schedule *S, void *ud)
	{
		job *j = static_cast<job *>(ud);

		if (coroutine_value(S) != nullptr)
			return; /* told to stop before it began */
		try {
			sink yield{ j };
			j->body(yield);
		} catch (const stopped &) {
		} catch (...) {
			j->error = std::current_exception();
		}
	}
	//! [entry]

	static int check(int result)
	{
		if (result == -1)
			throw std::system_error(errno, std::generic_category());
		return result;
	}

      public:
	//! [sink]
	/* What the body yields through: `yield(value)`. */
	struct sink {
		job *to;

		void operator()(T value)
		{
			to->value.emplace(std::move(value));
			check(coroutine_yield_with(to->S, &*to->value));
			if (coroutine_value(to->S) != nullptr)
				throw stopped{};
		}
	};
	//! [sink]

	generator(schedule *S, std::function<void(sink &)> body)
	    : job_(new job{ S, std::move(body) })
	{
		job_->id = check(coroutine_new(S, entry, job_.get()));
	}

	generator(generator &&) = default;

	//! [life]
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

	/* What a range-for needs. */
	struct end_mark {
	};
	struct iterator {
		generator *from;
		T *item;

		T &operator*() const
		{
			return *item;
		}
		void operator++()
		{
			item = from->next();
		}
		bool operator!=(end_mark) const
		{
			return item != nullptr;
		}
	};
	iterator begin()
	{
		return { this, next() };
	}
	end_mark end()
	{
		return {};
	}
};

#endif
