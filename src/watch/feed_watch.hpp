#pragma once

#include "datamill/net/object_stream.hpp"
#include "watch/changes.hpp"
#include "watch/feed.hpp"
#include "watch/json_stream.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::watch {

using Clock = std::chrono::steady_clock;

/// How long to wait after so many failures in a row (1 = the first): 100 ms, doubled each time, 5 s at most, less up to
/// a half of it so that streams do not come back all at once.
[[nodiscard]] std::chrono::milliseconds pause_after(int failures, std::minstd_rand& random);

/// Follows one feed over one stream at a time: asks what the kind is called, lists, watches, and begins again where the
/// server asks for it. What is known stays known meanwhile. Knows no network and no clock: it is told.
class FeedWatch {
public:
  /// Says what of an object is kept: false for nothing. It may make it smaller.
  using Keep = std::function<bool(support::Node&)>;

  FeedWatch(Feed feed, Keep keep) : feed_(std::move(feed)), keep_(std::move(keep)) {}

  [[nodiscard]] const Feed& feed() const { return feed_; }
  /// Whether it can be asked for single objects.
  [[nodiscard]] bool discovered() const { return !feed_.plural.empty(); }
  /// What to ask next.
  [[nodiscard]] net::StreamRequest next(std::minstd_rand& random) const;
  void on_data(std::string_view data, std::vector<Change>& changes);
  /// Takes in an object that was asked for by itself, where that is newer than what the stream told. What the stream
  /// still tells of the time before is left out then.
  void take_newest(std::string_view text, std::vector<Change>& changes);
  /// @returns how long to wait before next()
  [[nodiscard]] std::chrono::milliseconds on_end(const net::StreamEnd& end, Clock::time_point now,
                                                 std::minstd_rand& random, std::vector<Change>& changes);

private:
  enum class Stage : unsigned char { discover, list, watch };

  [[nodiscard]] Stage stage() const;
  void name_kind(support::Node& object) const;
  void take_item(std::string_view text, std::vector<Change>& changes);
  void take_event(std::string_view line, std::vector<Change>& changes);
  [[nodiscard]] bool is_past(const diagnose::World::Key& key, const std::string& version) const;
  [[nodiscard]] bool finish_discovery();
  [[nodiscard]] bool finish_page(std::vector<Change>& changes);
  [[nodiscard]] std::chrono::milliseconds fail(const net::StreamEnd& end, Clock::time_point now,
                                               std::minstd_rand& random, std::vector<Change>& changes);
  void restart_list();

  Feed feed_;
  Keep keep_;
  ListReader reader_{};
  std::string answer_{};   ///< of the discovery
  std::string version_{};  ///< that the watch goes on from; "" before the first list
  std::string next_page_{};
  std::set<diagnose::World::Key> present_{};
  std::map<diagnose::World::Key, std::string> newest_{};  ///< versions of take_newest()
  bool was_listed_ = false;
  bool expired_ = false;  ///< the server told within the stream to list anew
  bool heard_ = false;    ///< the stream told something
  int failures_ = 0;
  std::optional<Clock::time_point> failing_since_{};
  bool told_unreadable_ = false;
};

}  // namespace datamill::watch
