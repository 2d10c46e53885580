#include "cli/tunnel.hpp"

#include "cli/foreground.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace datamill::cli {

using namespace std::chrono_literals;
using support::ExitCode;
using support::Failure;

namespace {

constexpr int kMaxFailures = 20;

class TunnelKeeper {
public:
  TunnelKeeper(Session& session, const Tunnel& tunnel)
      : session_(session), tunnel_(tunnel), runner_(session.runner()), port_(tunnel.port) {}

  [[nodiscard]] ExitCode keep() {
    start();
    while (true) {
      const auto event = runner_.wait(restart_at_);
      if (const auto* interrupted = std::get_if<proc::Interrupted>(&event)) {
        if (running_) end_children(runner_, {kTunnel});
        return exit_code_of_signal(interrupted->signal);
      }
      // A browser's child may be there too, and is nobody's business.
      const auto* line = std::get_if<proc::OutputLine>(&event);
      if (line != nullptr && line->child == kTunnel) read(*line);
      const auto* ended = std::get_if<proc::ChildEnded>(&event);
      if (ended != nullptr && ended->child == kTunnel) end(ended->outcome);
      if (std::holds_alternative<proc::DeadlineReached>(event) && restart_at_) start();
    }
  }

private:
  void start() {
    restart_at_.reset();
    last_error_.clear();
    taken_ = false;
    running_ = true;
    runner_.start(kTunnel, session_.resolve(tunnel_.command(port_)));
  }

  void read(const proc::OutputLine& line) {
    if (line.stream == proc::Stream::err) return read_error(line.text);
    const auto at = line.text.find(tunnel_.announcement);
    if (at == std::string::npos) return;
    const auto rest = std::string_view(line.text).substr(at + tunnel_.announcement.size());
    const auto port = support::parse_integer(rest.substr(0, rest.find_first_not_of("0123456789")));
    if (!port) return;
    if (failures_ > 0) session_.app().say(fmt::format("{} is open again", tunnel_.what));
    failures_ = 0;
    port_ = static_cast<int>(*port);
    if (!std::exchange(opened_, true)) tunnel_.ready(port_);
  }

  /// kubectl goes on listening where the pod is gone and nothing ever comes through again; a port that is merely
  /// closed in the pod ("connection refused") may open yet.
  void read_error(const std::string& text) {
    if (!support::trim(text).empty()) last_error_ = text;
    taken_ = taken_ || support::contains(text, "address already in use");
    const bool dead = support::contains(text, "an error occurred forwarding") && !support::contains(text, "refused");
    if (dead && opened_) runner_.signal(kTunnel, SIGTERM, true);
  }

  void end(const proc::Outcome& outcome) {
    running_ = false;
    const auto why = last_error_.empty() ? proc::to_text(outcome) : last_error_;
    if (std::holds_alternative<proc::NotStarted>(outcome))
      throw Failure(ExitCode::tool, "DM031", "kubectl " + why, "`datamill tools list` shows which programs are used");
    const bool hopeless = support::contains(why, "NotFound") || failures_ >= kMaxFailures;
    if (!opened_ && !tunnel_.port_origin.empty() && taken_) {
      throw Failure(
          ExitCode::step_failed, "DM032",
          fmt::format("port {} of this machine, which {} asks for, is in use", tunnel_.port, tunnel_.port_origin),
          "give another one with --port N");
    }
    if (!opened_ || hopeless)
      throw Failure(ExitCode::step_failed, "DM029", fmt::format("{} cannot be opened: {}", tunnel_.what, why),
                    tunnel_.hint);
    if (failures_ == 0) session_.app().say(fmt::format("{} is lost ({}): trying again", tunnel_.what, why));
    restart_at_ = runner_.now() + std::min<std::chrono::milliseconds>(500ms * (1 + failures_), 5s);
    ++failures_;
  }

  Session& session_;
  const Tunnel& tunnel_;
  proc::Runner& runner_;
  int port_ = 0;
  bool running_ = false;
  bool opened_ = false;
  int failures_ = 0;  ///< since it last was open
  std::optional<proc::Clock::time_point> restart_at_{};
  bool taken_ = false;  ///< the local port (Go's net package: "bind: address already in use")
  std::string last_error_{};
};

}  // namespace

ExitCode hold_tunnel(Session& session, const Tunnel& tunnel) {
  return TunnelKeeper{session, tunnel}.keep();
}

}  // namespace datamill::cli
