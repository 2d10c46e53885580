#pragma once

#include "datamill/net/object_stream.hpp"
#include "watch/changes.hpp"
#include "watch/feed.hpp"
#include "watch/feed_watch.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

namespace datamill::watch {

/// Which object's newest state is asked for.
struct Confirm {
  std::string kind{};
  std::string api_version{};
  diagnose::World::Key key{};
};

/// The thread that talks to the proxy. Whoever has it tells it what to do, from any thread, and gets to know what it
/// saw by the queue.
class Watcher final : private net::StreamSink {
public:
  Watcher(const std::string& socket, std::set<std::string> namespaces, const std::vector<Feed>& feeds,
          ChangeQueue& queue);
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher() override;

  /// Follows one more feed; one that is followed already stays as it is.
  void follow(Feed feed) { order(std::move(feed)); }
  /// Asks for the newest state of an object that a followed feed shows; Confirmed tells when it is in.
  void confirm(Confirm confirm) { order(std::move(confirm)); }
  void read_log(diagnose::LogKey key) { order(std::move(key)); }
  /// TimeCame will come then.
  void remind(Clock::time_point when) { order(when); }

  /// Since when every stream has failed, however often it was opened again; nullopt where one works, and where none
  /// ever did: that may be the proxy's fault.
  [[nodiscard]] std::optional<Clock::time_point> lost_since() const;
  /// Whether any stream has brought anything yet.
  [[nodiscard]] bool has_answer() const { return answered_; }

private:
  using Order = std::variant<Feed, Confirm, diagnose::LogKey, Clock::time_point>;

  struct Follower {
    FeedWatch watch;
    std::optional<net::StreamId> stream{};
    Clock::time_point due{};
    Clock::time_point opened{};
    bool failing = false;  ///< its last stream broke, and nothing came since
  };
  /// A single answer that is taken in as a whole.
  struct Question {
    std::variant<Confirm, diagnose::LogKey> what{};
    std::string answer{};
    int failures = 0;
    std::optional<net::StreamId> stream{};
    Clock::time_point due{};
  };

  void on_data(net::StreamId stream, std::string_view data) override;
  void on_end(net::StreamId stream, const net::StreamEnd& end) override;

  void order(Order what);
  void run();
  void take_orders();
  void open_streams();
  void add(Feed feed);
  void remind_if_due();
  void note_loss();
  [[nodiscard]] Follower* follower_of(const Confirm& confirm);
  [[nodiscard]] std::string path_of(const Question& question);
  void answered(Question question, const net::StreamEnd& end);
  [[nodiscard]] Clock::time_point next_deadline() const;

  std::set<std::string> namespaces_;
  ChangeQueue& queue_;
  net::ObjectStreams streams_;
  std::vector<Follower> followers_{};
  std::vector<Question> questions_{};
  std::set<Clock::time_point> reminders_{};
  std::vector<Change> changes_{};
  std::minstd_rand random_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> answered_{false};
  std::atomic<Clock::rep> lost_since_{0};  ///< ticks of the clock; 0: not lost
  std::mutex orders_mutex_{};
  std::vector<Order> orders_{};
  std::thread thread_{};
};

}  // namespace datamill::watch
