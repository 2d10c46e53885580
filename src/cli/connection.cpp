#include "cli/connection.hpp"

#include "cli/foreground.hpp"
#include "cli/tunnel.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using namespace std::chrono_literals;
using support::ExitCode;
using support::Failure;

namespace {

constexpr std::string_view kAnnouncement = "Forwarding from 127.0.0.1:";
constexpr auto kPatience = 30s;

}  // namespace

Connection::Connection(Session& session, std::optional<tools::KubectlPortForward> forward)
    : session_(session), runner_(session.runner()), forward_(std::move(forward)) {}

Connection::~Connection() {
  close();
}

void Connection::close() {
  if (running_) end_children(runner_, {kTunnel});
  running_ = false;
}

void Connection::open() {
  if (!forward_) return;
  close();
  port_ = 0;
  broken_ = false;
  last_error_.clear();
  running_ = true;
  runner_.start(kTunnel, session_.resolve(to_command(*forward_, session_.access())));
  const auto end = runner_.now() + kPatience;
  while (running_ && port_ == 0 && signal_ == 0 && runner_.now() < end)
    take(runner_.wait(end));
  check_signal();
  if (port_ != 0) return;
  throw Failure(ExitCode::step_failed, "DM029",
                fmt::format("the forwarding to service/{} in namespace {} cannot be opened: {}", forward_->service,
                            forward_->ns, last_error_.empty() ? "kubectl says nothing" : last_error_),
                fmt::format("`{} status` shows what runs; if the flavour names it otherwise, give it: -f FILE",
                            session_.app().program));
}

std::string Connection::place() const {
  return forward_ ? fmt::format("127.0.0.1:{}", port_) : std::string{};
}

void Connection::take(const proc::RunnerEvent& event) {
  if (const auto* interrupt = std::get_if<proc::Interrupted>(&event)) signal_ = interrupt->signal;
  if (const auto* ended = std::get_if<proc::ChildEnded>(&event); ended != nullptr && ended->child == kTunnel) {
    running_ = false;
    if (last_error_.empty()) last_error_ = proc::to_text(ended->outcome);
  }
  const auto* line = std::get_if<proc::OutputLine>(&event);
  if (line == nullptr || line->child != kTunnel) return;
  if (line->stream == proc::Stream::err) {
    if (!support::trim(line->text).empty()) last_error_ = line->text;
    // kubectl goes on listening where nothing ever comes through again.
    broken_ = broken_ || support::contains(line->text, "an error occurred forwarding") ||
              support::contains(line->text, "lost connection");
    return;
  }
  const auto at = line->text.find(kAnnouncement);
  if (at == std::string::npos) return;
  const auto rest = std::string_view(line->text).substr(at + kAnnouncement.size());
  port_ = static_cast<int>(support::parse_integer(rest.substr(0, rest.find_first_not_of("0123456789"))).value_or(0));
}

bool Connection::go_on() {
  // The runner tells of a deadline before what waits, but not twice in a row.
  int deadlines = 0;
  while (signal_ == 0 && deadlines < 2) {
    const auto event = runner_.wait(runner_.now());
    deadlines = std::holds_alternative<proc::DeadlineReached>(event) ? deadlines + 1 : 0;
    take(event);
  }
  return signal_ == 0;
}

bool Connection::pause(std::chrono::milliseconds time) {
  const auto end = runner_.now() + time;
  while (signal_ == 0 && runner_.now() < end)
    take(runner_.wait(end));
  return signal_ == 0;
}

void Connection::check_signal() const {
  if (signal_ != 0) throw Failure(exit_code_of_signal(signal_), "DM601", "interrupted");
}

}  // namespace datamill::cli
