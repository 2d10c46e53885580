#include "cli/node_addresses.hpp"

#include "datamill/exec/capture.hpp"
#include "datamill/exec/secret_store.hpp"
#include "datamill/node/service_addresses.hpp"
#include "datamill/node/words.hpp"
#include "datamill/proc/make_runner.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/overloaded.hpp"
#include "datamill/support/text.hpp"
#include "datamill/ui/ui.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <set>

#include <unistd.h>

namespace datamill::cli {

using namespace std::chrono_literals;
using proc::Clock;
using support::ExitCode;

namespace {

constexpr proc::ChildId kWatch = 1;
constexpr std::chrono::milliseconds kPause = 200ms;  ///< one look for all that changes at once
constexpr std::chrono::seconds kAgain = 2s;          ///< after the API server went

void say(const std::string& text) {
  ui::write_all(STDOUT_FILENO, text + "\n");
}

std::string now_text() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

class Addresses {
public:
  explicit Addresses(const std::vector<std::string>& words)
      : address_(words.at(1)), kubectl_{words.at(2), "--kubeconfig", words.at(3)},
        taken_(words.begin() + 4, words.end()) {}

  ExitCode run() {
    start_watch();
    while (signal_ == 0) {
      handle(watch_->wait(due_));
      if (!due_ || Clock::now() < *due_) continue;
      due_.reset();
      if (watching_) {
        look();
      } else {
        start_watch();
      }
    }
    return ExitCode::ok;
  }

private:
  [[nodiscard]] std::vector<std::string> kubectl(const std::vector<std::string>& args) const {
    auto words = kubectl_;
    words.insert(words.end(), args.begin(), args.end());
    return words;
  }

  void start_watch() {
    watching_ = true;
    watch_->start(kWatch,
                  node::resolve_words(kubectl({"get", "services", "--all-namespaces", "--watch", "-o", "name"})));
  }

  void handle(const proc::RunnerEvent& event) {
    std::visit(support::Overloaded{
                   [&](const proc::OutputLine& line) {
                     if (line.stream == proc::Stream::err) return say(line.text);
                     if (!due_) due_ = Clock::now() + kPause;
                   },
                   [&](const proc::ChildEnded&) {
                     watching_ = false;
                     due_ = Clock::now() + kAgain;
                   },
                   [](const proc::DeadlineReached&) {},
                   [](const proc::Resumed&) {},
                   [](const proc::Readable&) {},
                   [&](const proc::Interrupted& interrupt) { signal_ = interrupt.signal; },
               },
               event);
  }

  /// A runner of its own: the watch's lines must wait for their turn.
  static exec::CaptureResult capture(const command::ResolvedCommand& command) {
    const auto runner = proc::make_runner();
    return exec::capture_all(*runner, {{.command = command}}).front();
  }

  void look() {
    const auto list = capture(node::resolve_words(kubectl({"get", "services", "--all-namespaces", "-o", "json"})));
    if (!list.ok()) return say(list.err);
    const auto now = now_text();
    for (const auto& change : node::address_changes(support::read_json(list.out, "Services"), address_, taken_, now)) {
      say(fmt::format("{}/{}: {}", change.ns, change.name, change.problem.empty() ? address_ : change.problem));
      const auto patched = capture(
          node::resolve_words(kubectl({"patch", "service", change.name, "--namespace", change.ns, "--subresource",
                                       "status", "--type", "merge", "--patch", change.patch})));
      if (patched.ok()) {
        if (!change.event.empty()) tell(change.event);
      } else {
        say(patched.err);
        due_ = Clock::now() + kAgain;
      }
    }
  }

  void tell(const std::string& event) const {
    command::Command create{.program = kubectl_.front(),
                            .args = {kubectl_.begin() + 1, kubectl_.end()},
                            .stdin_text = command::SymbolicText{event}};
    create.arg("create").flag("--filename", "-");
    const auto created = capture(command::CommandResolver::resolve(create, kubectl_.front(), exec::SecretStore()));
    if (!created.ok()) say(created.err);
  }

  std::string address_;
  std::vector<std::string> kubectl_;
  std::set<std::string> taken_;
  std::unique_ptr<proc::Runner> watch_ = proc::make_runner();
  std::optional<Clock::time_point> due_{};  ///< when to look, or to watch again
  bool watching_ = false;
  int signal_ = 0;
};

}  // namespace

ExitCode run_addresses(const std::vector<std::string>& words) {
  return Addresses(words).run();
}

}  // namespace datamill::cli
