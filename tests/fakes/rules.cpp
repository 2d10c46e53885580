#include "rules.hpp"

#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <filesystem>

#include <unistd.h>

namespace datamill::fake {

using support::Node;
using namespace std::chrono_literals;

namespace {

int number(const Node& node, std::string_view key) {
  return static_cast<int>(support::parse_integer(node.text_at(key)).value_or(0));
}

Rule read_rule(const Node& node) {
  Rule rule{.err = std::string(node.text_at("stderr")),
            .sleep_ms = number(node, "sleep_ms"),
            .linger_ms = number(node, "linger_ms"),
            .ignore_term = node.text_at("ignore_term") == "true",
            .garbage = node.text_at("garbage") == "true",
            .echo_input = node.text_at("echo_input") == "true"};
  if (const auto* has = node.find("has")) {
    for (const auto& part : has->items)
      rule.has.push_back(part.scalar);
  }
  if (node.find("exit") != nullptr) rule.exit = number(node, "exit");
  if (node.find("stdout") != nullptr) rule.out = std::string(node.text_at("stdout"));
  if (node.find("times") != nullptr) rule.times = number(node, "times");
  return rule;
}

/// True for the first `times` calls of the rule, however many run side by side.
bool take_turn(std::size_t index, int times) {
  const auto folder = environment("FAKE_STATE") + "/turns";
  std::filesystem::create_directories(folder);
  for (int turn = 0; turn < times; ++turn) {
    const auto path = fmt::format("{}/{}-{}", folder, index, turn);
    const int fd = open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) continue;
    close(fd);
    return true;
  }
  return false;
}

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&set, signal);
  return set;
}

/// A signal that comes within this time, or 0.
int wait_for_signal(std::chrono::milliseconds time) {
  const auto set = ending_signals();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec limit{.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count() * 1'000'000};
  return std::max(sigtimedwait(&set, nullptr, &limit), 0);
}

/// Sleeps on, however many signals come, and notes each.
void linger(std::chrono::milliseconds time, const CallLog& log) {
  const auto end = std::chrono::steady_clock::now() + time;
  for (auto left = time; left > 0ms;
       left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now())) {
    if (const int signal = wait_for_signal(left); signal != 0) log.signal(signal);
  }
}

void print_garbage() {
  std::string text("\0\x01\xff\xfe\xc3(\x1b[31m", 10);
  text += std::string(100'000, 'x') + "\nno version here\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace

std::optional<Rule> find_rule(const Call& call) {
  const auto line = call.line();
  std::size_t index = 0;
  for (const auto& text : support::split_lines(read_file(environment("FAKE_RULES")))) {
    ++index;
    if (support::trim(text).empty()) continue;
    const auto rule = read_rule(support::read_json(text, "a rule"));
    const auto matches =
        std::all_of(rule.has.begin(), rule.has.end(), [&](const auto& part) { return support::contains(line, part); });
    if (matches && (!rule.times || take_turn(index, *rule.times))) return rule;
  }
  return std::nullopt;
}

std::optional<int> play(const std::optional<Rule>& rule, const Call& call, const CallLog& log) {
  if (!rule) return std::nullopt;
  if (rule->echo_input) {
    std::printf("%s\n", call.input.c_str());
    std::fprintf(stderr, "%s\n", call.input.c_str());
  }
  if (!rule->err.empty()) std::fprintf(stderr, "%s\n", rule->err.c_str());
  std::fflush(stderr);
  if (rule->ignore_term) {
    linger(std::chrono::milliseconds(rule->sleep_ms), log);
  } else if (const int signal = wait_for_signal(std::chrono::milliseconds(rule->sleep_ms)); signal != 0) {
    log.signal(signal);
    linger(std::chrono::milliseconds(rule->linger_ms), log);
    return 128 + signal;
  }
  if (rule->garbage) print_garbage();
  if (rule->out) std::printf("%s\n", rule->out->c_str());
  if (rule->replaces_work()) return rule->exit.value_or(0);
  return std::nullopt;
}

int hold(const CallLog& log) {
  std::fflush(stdout);
  int signal = 0;
  while (signal == 0)
    signal = wait_for_signal(1min);
  log.signal(signal);
  return 128 + signal;
}

void hold_signals() {
  const auto set = ending_signals();
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

void unblock_and_raise(int signal) {
  std::signal(signal, SIG_DFL);
  const auto set = ending_signals();
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
  std::raise(signal);
}

}  // namespace datamill::fake
