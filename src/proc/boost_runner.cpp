#include "datamill/proc/make_runner.hpp"
#include "proc/boost_child.hpp"
#include "proc/signal_guard.hpp"

#include <boost/asio/write.hpp>

#include <fcntl.h>
#include <sys/signalfd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <deque>
#include <map>

namespace datamill::proc {
namespace {

using boost::system::error_code;

/// Runner on one Boost.Asio reactor: pipes, timers, pidfds and a signalfd. Handlers get a child's serial number and not
/// a pointer, for they may still be queued when the child is gone.
class BoostRunner final : public Runner {
public:
  explicit BoostRunner(std::vector<std::pair<std::string, std::string>> environment)
      : environment_(std::move(environment)), signals_(context_.get_executor(), guard_.open_descriptor().release()),
        watched_(context_.get_executor()) {
    await_signal();
  }
  BoostRunner(const BoostRunner&) = delete;
  BoostRunner& operator=(const BoostRunner&) = delete;
  ~BoostRunner() override;

  void start(ChildId id, const command::ResolvedCommand& command) override;
  [[nodiscard]] RunnerEvent wait(std::optional<Clock::time_point> deadline) override;
  void signal(ChildId id, int signal, bool whole_group) override;
  void watch_descriptor(int descriptor) override;
  [[nodiscard]] Clock::time_point now() const override { return Clock::now(); }

private:
  using Serial = std::uint64_t;

  [[nodiscard]] Child* find(Serial serial);
  void watch(Serial serial, const command::ResolvedCommand& command, ChildPipes& pipes);
  void await_signal();
  void handle_signal(int signal);
  void pause();
  void await_watched();
  void await_output(Serial serial, Stream stream);
  void await_end(Serial serial);
  void feed_stdin(Serial serial);
  void handle_end(Serial serial, const Outcome& outcome);
  [[nodiscard]] error_code read_once(Child& child, Stream stream);
  void close_output(Child& child, Stream stream);
  void finish_if_complete(Serial serial);

  std::vector<std::pair<std::string, std::string>> environment_;
  SignalGuard guard_{};
  asio::io_context context_{1};
  Descriptor signals_;
  signalfd_siginfo signal_info_{};
  std::array<char, 65536> bytes_{};  ///< read into and emptied within one handler
  std::map<Serial, std::unique_ptr<Child>> children_{};
  Serial next_serial_ = 1;
  std::deque<RunnerEvent> events_{};
  Descriptor watched_;  ///< a copy of what watch_descriptor() was given
  bool watching_ = false;
  bool deadline_told_ = false;  ///< the last event was DeadlineReached
};

BoostRunner::~BoostRunner() {
  for (const auto& [serial, child] : children_) {
    if (child->ended) continue;
    (void)kill(child->interactive ? child->pid : -child->pid, SIGKILL);
    while (waitpid(child->pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

Child* BoostRunner::find(Serial serial) {
  const auto found = children_.find(serial);
  return found == children_.end() ? nullptr : found->second.get();
}

void BoostRunner::start(ChildId id, const command::ResolvedCommand& command) {
  ChildPipes pipes = make_pipes(command);
  Launched launched;
  launched.error = pipes.error;
  if (pipes.error == 0) launched = launch(command, pipes, Bond::thread, environment_);
  if (launched.error != 0) {
    events_.emplace_back(ChildEnded{.child = id, .outcome = NotStarted{.error = launched.error}});
    return;
  }
  const Serial serial = next_serial_++;
  children_.emplace(serial, std::make_unique<Child>(context_.get_executor(), id, launched));
  watch(serial, command, pipes);
}

void BoostRunner::watch(Serial serial, const command::ResolvedCommand& command, ChildPipes& pipes) {
  Child& child = *find(serial);
  child.interactive = command.command().interactive;
  for (const Stream stream : {Stream::out, Stream::err}) {
    Fd& end = (stream == Stream::out ? pipes.out : pipes.err).read_end;
    if (!end.is_open()) continue;
    child.output(stream).pipe.assign(end.release());
    child.output(stream).pipe.non_blocking(true);
    await_output(serial, stream);
  }
  if (pipes.in.write_end.is_open()) {
    child.in.assign(pipes.in.write_end.release());
    child.input = ChildInput(command, std::move(pipes.file));
    feed_stdin(serial);
  }
  await_end(serial);
}

void BoostRunner::await_signal() {
  signals_.async_read_some(asio::buffer(&signal_info_, sizeof signal_info_),
                           [this](const error_code& error, std::size_t count) {
                             if (error) return;
                             if (count == sizeof signal_info_) handle_signal(static_cast<int>(signal_info_.ssi_signo));
                             await_signal();
                           });
}

/// Ahead of output: a flood of lines must not keep Ctrl-C waiting.
void BoostRunner::handle_signal(int signal) {
  if (signal == SIGTSTP) return pause();
  events_.emplace_front(Interrupted{.signal = signal});
}

/// Ctrl-Z reaches only our own group: children in theirs would work on, and helm's time would run out unseen.
void BoostRunner::pause() {
  const auto before = now();
  const auto tell_all = [this](int signal) {
    for (const auto& [serial, child] : children_) {
      if (!child->ended && !child->interactive) (void)kill(-child->pid, signal);
    }
  };
  tell_all(SIGSTOP);
  guard_.stop_here();
  tell_all(SIGCONT);
  events_.emplace_front(Resumed{.paused = std::chrono::duration_cast<std::chrono::milliseconds>(now() - before)});
}

void BoostRunner::watch_descriptor(int descriptor) {
  close_quietly(watched_);
  watching_ = false;
  if (descriptor < 0) return;
  const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  if (copy >= 0) watched_.assign(copy);
}

void BoostRunner::await_watched() {
  if (watching_ || !watched_.is_open()) return;
  watching_ = true;
  watched_.async_wait(Descriptor::wait_read, [this](const error_code& error) {
    if (error) return;  // closed: watch_descriptor() has forgotten it
    watching_ = false;
    events_.emplace_back(Readable{});
  });
}

/// Waits for readiness and reads in the handler, so that no byte is ever under way in a queued handler when the drain
/// ends. One read takes all that a pipe can hold, and Asio runs ready descriptors before timers: however slow the
/// caller is, nothing is lost that was there in time.
void BoostRunner::await_output(Serial serial, Stream stream) {
  find(serial)->output(stream).pipe.async_wait(Descriptor::wait_read, [this, serial, stream](error_code error) {
    Child* child = find(serial);
    if (child == nullptr || !child->output(stream).pipe.is_open()) return;
    if (!error) error = read_once(*child, stream);
    if (!error || error == asio::error::would_block) {
      await_output(serial, stream);
    } else {
      close_output(*child, stream);
      finish_if_complete(serial);
    }
  });
}

/// Never waits in the kernel, as Boost.Process 1.81 does here: Asio may tell a new descriptor what was meant for the
/// one that had its place before, and a child that is still to be fed would then wait for us as we wait for it.
void BoostRunner::await_end(Serial serial) {
  find(serial)->end.async_wait(Descriptor::wait_read, [this, serial](const error_code& error) {
    const Child* child = find(serial);
    if (error || child == nullptr) return;
    int status = 0;
    const pid_t ended = waitpid(child->pid, &status, WNOHANG);
    if (ended == 0) {
      await_end(serial);
    } else {
      handle_end(serial, ended < 0 ? Outcome{NotStarted{.error = errno}} : outcome_of(status));
    }
  });
}

void BoostRunner::feed_stdin(Serial serial) {
  Child& child = *find(serial);
  asio::async_write(child.in, asio::buffer(child.input.piece()), [this, serial](const error_code& error, std::size_t) {
    // An error means that the child wants no more (EPIPE), which is its own business.
    Child* fed = find(serial);
    if (fed == nullptr) return;
    if (!error && fed->input.next()) return feed_stdin(serial);
    close_quietly(fed->in);
    fed->input = ChildInput{};
  });
}

error_code BoostRunner::read_once(Child& child, Stream stream) {
  error_code error;
  const std::size_t count = child.output(stream).pipe.read_some(asio::buffer(bytes_), error);
  std::vector<std::string> lines;
  child.output(stream).lines.feed({bytes_.data(), count}, lines);
  for (auto& line : lines)
    events_.emplace_back(OutputLine{.child = child.id, .stream = stream, .text = std::move(line)});
  return error;
}

void BoostRunner::close_output(Child& child, Stream stream) {
  Output& output = child.output(stream);
  if (auto rest = output.lines.take_rest()) {
    events_.emplace_back(OutputLine{.child = child.id, .stream = stream, .text = std::move(*rest)});
  }
  close_quietly(output.pipe);
}

void BoostRunner::handle_end(Serial serial, const Outcome& outcome) {
  Child* child = find(serial);
  if (child == nullptr) return;
  child->ended = outcome;
  child->drain.expires_after(kDrain);
  child->drain.async_wait([this, serial](const error_code& error) {
    Child* drained = find(serial);
    if (error || drained == nullptr) return;
    for (const Stream stream : {Stream::out, Stream::err}) {
      if (drained->output(stream).pipe.is_open()) close_output(*drained, stream);
    }
    finish_if_complete(serial);
  });
  finish_if_complete(serial);
}

void BoostRunner::finish_if_complete(Serial serial) {
  Child* child = find(serial);
  if (child == nullptr || !child->ended || child->out.pipe.is_open() || child->err.pipe.is_open()) return;
  // Whoever asked the group to stop wants nothing of it to stay. The number is free for about a second at most, and
  // the kernel goes round through all others before it gives one out again.
  if (child->group_was_asked) (void)kill(-child->pid, SIGKILL);
  events_.emplace_back(ChildEnded{.child = child->id, .outcome = *child->ended});
  children_.erase(serial);
}

RunnerEvent BoostRunner::wait(std::optional<Clock::time_point> deadline) {
  if (events_.empty()) await_watched();
  const auto overdue = [&]() { return deadline && now() >= *deadline; };
  if (events_.empty() && overdue())
    context_.poll_one();  // not poll(), which would never return while a child prints without end
  while (events_.empty() && !overdue()) {
    if (deadline) {
      context_.run_one_until(*deadline);
    } else {
      context_.run_one();
    }
  }
  // A deadline comes before output, so that a child that prints without end cannot outlive it; but not twice in a row.
  if (events_.empty() || (overdue() && !deadline_told_)) {
    deadline_told_ = true;
    return DeadlineReached{};
  }
  deadline_told_ = false;
  RunnerEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void BoostRunner::signal(ChildId id, int signal, bool whole_group) {
  for (const auto& [serial, child] : children_) {
    if (child->id != id) continue;
    const bool group = whole_group && !child->interactive;  // an interactive child's group is ours
    if (group) {
      child->group_was_asked = true;
      (void)kill(-child->pid, signal);
    } else if (!child->ended) {
      (void)kill(child->pid, signal);
    }
  }
}

}  // namespace

std::unique_ptr<Runner> make_runner(std::vector<std::pair<std::string, std::string>> environment) {
  return std::make_unique<BoostRunner>(std::move(environment));
}

}  // namespace datamill::proc
