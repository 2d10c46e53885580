#pragma once

// What the Boost runner keeps of a child; only boost_runner.cpp includes it.

#include "datamill/proc/runner.hpp"
#include "proc/child_input.hpp"
#include "proc/launch.hpp"
#include "proc/line_buffer.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <sys/wait.h>

#include <chrono>
#include <optional>

namespace datamill::proc {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

/// How long a child's pipes are read after its end where a background grandchild holds them open.
inline constexpr std::chrono::milliseconds kDrain{1000};

/// One of a child's output pipes.
struct Output {
  explicit Output(const Executor& executor) : pipe(executor) {}
  Descriptor pipe;
  LineBuffer lines{};
};

struct Child {
  Child(const Executor& executor, ChildId child_id, Launched& launched)
      : id(child_id), pid(launched.pid), end(executor, launched.pidfd.release()), in(executor), out(executor),
        err(executor), drain(executor) {}

  [[nodiscard]] Output& output(Stream stream) { return stream == Stream::out ? out : err; }

  ChildId id;
  pid_t pid;
  bool interactive = false;
  bool group_was_asked = false;  ///< a signal went to the whole group
  std::optional<Outcome> ended{};
  Descriptor end;  ///< the pidfd
  Descriptor in;
  ChildInput input{};
  Output out;
  Output err;
  Timer drain;
};

/// There is nothing to do about a pipe that does not close.
inline void close_quietly(Descriptor& descriptor) {
  boost::system::error_code error;
  error = descriptor.close(error);
}

inline Outcome outcome_of(int status) {
  if (WIFSIGNALED(status)) return Signalled{.signal = WTERMSIG(status), .core = WCOREDUMP(status) != 0};
  return Exited{.code = WEXITSTATUS(status)};
}

}  // namespace datamill::proc
