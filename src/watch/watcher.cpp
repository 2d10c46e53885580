#include "watch/watcher.hpp"

#include "datamill/support/overloaded.hpp"
#include "datamill/support/text.hpp"
#include "watch/slim.hpp"

#include <algorithm>
#include <csignal>
#include <pthread.h>
#include <utility>

namespace datamill::watch {

namespace {

using namespace std::chrono_literals;
using support::Overloaded;

constexpr std::size_t kQuestionsAtOnce = 4;
constexpr std::size_t kLongestAnswer = std::size_t{4} << 20U;
constexpr auto kIdle = 1h;

/// Lines without what would move a terminal's cursor.
std::vector<std::string> log_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (auto& line : support::split_lines(support::trim(text))) {
    std::erase_if(line, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; });
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

Watcher::Watcher(const std::string& socket, std::set<std::string> namespaces, const std::vector<Feed>& feeds,
                 ChangeQueue& queue)
    : namespaces_(std::move(namespaces)), queue_(queue), streams_(socket, *this), random_(std::random_device{}()) {
  for (const auto& feed : feeds)
    add(feed);
  // Signals are the main thread's.
  sigset_t all{};
  sigset_t before{};
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Watcher::~Watcher() {
  stop_ = true;
  streams_.wake();
  thread_.join();
}

void Watcher::add(Feed feed) {
  const auto followed = std::any_of(followers_.begin(), followers_.end(), [&](const Follower& follower) {
    const auto& other = follower.watch.feed();
    return other.kind == feed.kind && other.root == feed.root && other.name == feed.name && other.ns == feed.ns;
  });
  if (followed) return;
  followers_.push_back({.watch = FeedWatch(std::move(feed), [this](support::Node& object) {
                          return keep_object(object, namespaces_);
                        })});
}

Watcher::Follower* Watcher::follower_of(const Confirm& confirm) {
  const auto found = std::find_if(followers_.begin(), followers_.end(), [&](const Follower& follower) {
    return shows(follower.watch.feed(), confirm.api_version, confirm.kind, confirm.key.ns, confirm.key.name);
  });
  return found == followers_.end() ? nullptr : &*found;
}

void Watcher::order(Order what) {
  {
    const std::scoped_lock lock(orders_mutex_);
    orders_.push_back(std::move(what));
  }
  streams_.wake();
}

void Watcher::run() {
  if (!streams_.problem().empty()) {
    for (const auto& follower : followers_)
      changes_.emplace_back(Unreadable{.kind = follower.watch.feed().kind});
    queue_.push(std::exchange(changes_, {}));
    return;
  }
  while (!stop_) {
    take_orders();
    remind_if_due();
    open_streams();
    note_loss();
    queue_.push(std::exchange(changes_, {}));
    streams_.turn(next_deadline());
    queue_.push(std::exchange(changes_, {}));
  }
}

void Watcher::take_orders() {
  std::vector<Order> orders;
  {
    const std::scoped_lock lock(orders_mutex_);
    orders = std::exchange(orders_, {});
  }
  for (auto& given : orders) {
    std::visit(Overloaded{
                   [this](Feed& feed) { add(std::move(feed)); },
                   [this](Confirm& confirm) { questions_.push_back({.what = std::move(confirm)}); },
                   [this](diagnose::LogKey& key) { questions_.push_back({.what = std::move(key)}); },
                   [this](Clock::time_point when) { reminders_.insert(when); },
               },
               given);
  }
}

void Watcher::remind_if_due() {
  const auto now = Clock::now();
  while (!reminders_.empty() && *reminders_.begin() <= now) {
    reminders_.erase(reminders_.begin());
    changes_.emplace_back(TimeCame{});
  }
}

/// A stream that stays open for long works, even if nothing happens in the cluster.
void Watcher::note_loss() {
  constexpr auto kWorks = 10s;
  const auto now = Clock::now();
  const auto works = [&](const Follower& follower) {
    return !follower.failing || (follower.stream && now - follower.opened > kWorks);
  };
  if (!answered_ || followers_.empty() || std::any_of(followers_.begin(), followers_.end(), works)) {
    lost_since_ = 0;
  } else if (lost_since_ == 0) {
    lost_since_ = now.time_since_epoch().count();
  }
}

std::optional<Clock::time_point> Watcher::lost_since() const {
  const auto ticks = lost_since_.load();
  return ticks == 0 ? std::nullopt : std::optional(Clock::time_point(Clock::duration(ticks)));
}

/// "" where it cannot be asked yet.
std::string Watcher::path_of(const Question& question) {
  if (const auto* log = std::get_if<diagnose::LogKey>(&question.what))
    return log_path(log->ns, log->pod, log->container, log->previous);
  const auto& confirm = std::get<Confirm>(question.what);
  const auto* follower = follower_of(confirm);
  if (follower == nullptr || !follower->watch.discovered()) return {};
  return object_path(follower->watch.feed(), confirm.key.ns, confirm.key.name);
}

void Watcher::open_streams() {
  const auto now = Clock::now();
  for (auto& follower : followers_) {
    if (follower.stream || follower.due > now) continue;
    follower.stream = streams_.open(follower.watch.next(random_));
    follower.opened = now;
  }
  auto open = static_cast<std::size_t>(std::count_if(
      questions_.begin(), questions_.end(), [](const Question& question) { return question.stream.has_value(); }));
  for (auto& question : questions_) {
    if (question.stream || question.due > now || open >= kQuestionsAtOnce) continue;
    auto path = path_of(question);
    if (path.empty()) continue;
    question.stream = streams_.open({.path = std::move(path), .silence = 20s});
    ++open;
  }
}

Clock::time_point Watcher::next_deadline() const {
  auto deadline = Clock::now() + kIdle;
  for (const auto& follower : followers_) {
    if (!follower.stream) deadline = std::min(deadline, follower.due);
  }
  for (const auto& question : questions_) {
    // Those that are due already wait for an event: a kind that becomes known, another question's end.
    if (!question.stream && question.due > Clock::now()) deadline = std::min(deadline, question.due);
  }
  return reminders_.empty() ? deadline : std::min(deadline, *reminders_.begin());
}

void Watcher::on_data(net::StreamId stream, std::string_view data) {
  for (auto& follower : followers_) {
    if (follower.stream != stream) continue;
    follower.failing = false;
    answered_ = true;
    return follower.watch.on_data(data, changes_);
  }
  for (auto& question : questions_) {
    if (question.stream == stream && question.answer.size() + data.size() <= kLongestAnswer) question.answer += data;
  }
}

void Watcher::on_end(net::StreamId stream, const net::StreamEnd& end) {
  const auto now = Clock::now();
  for (auto& follower : followers_) {
    if (follower.stream != stream) continue;
    follower.stream.reset();
    follower.failing = end.status == 0 || end.status >= 500 || !end.problem.empty();
    follower.due = now + follower.watch.on_end(end, now, random_, changes_);
    return;
  }
  const auto at = std::find_if(questions_.begin(), questions_.end(),
                               [&](const Question& question) { return question.stream == stream; });
  if (at == questions_.end()) return;
  auto question = std::move(*at);
  questions_.erase(at);
  answered(std::move(question), end);
}

void Watcher::answered(Question question, const net::StreamEnd& end) {
  const bool whole = end.status == 200 && end.problem.empty();
  const bool transient = end.status == 0 || end.status == 429 || end.status >= 500 || !end.problem.empty();
  if (const auto* log = std::get_if<diagnose::LogKey>(&question.what)) {
    if (whole) changes_.emplace_back(LogRead{.key = *log, .lines = log_lines(question.answer)});
    return;
  }
  if (!whole && transient) {
    const auto pause = std::max<std::chrono::milliseconds>(pause_after(++question.failures, random_), end.retry_after);
    question.due = Clock::now() + pause;
    question.stream.reset();
    question.answer.clear();
    questions_.push_back(std::move(question));
    return;
  }
  auto& confirm = std::get<Confirm>(question.what);
  if (auto* follower = whole ? follower_of(confirm) : nullptr; follower != nullptr)
    follower->watch.take_newest(question.answer, changes_);
  changes_.emplace_back(Confirmed{.kind = confirm.kind, .key = confirm.key, .answered = whole || end.status == 404});
}

}  // namespace datamill::watch
