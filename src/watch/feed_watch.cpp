#include "watch/feed_watch.hpp"

#include "datamill/support/diagnostic.hpp"

#include <algorithm>

namespace datamill::watch {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using support::Node;

// Bookmarks come about once a minute (kubernetes: bookmarkFrequency): a connection that brings none is dead.
constexpr milliseconds kSilence = 150s;
constexpr milliseconds kListSilence = 30s;
constexpr milliseconds kNotForUs = 60s;
/// So long something may be unreadable before it counts as that: the proxy starts, the API server answers late.
constexpr auto kPatience = 10s;
constexpr std::size_t kLongestAnswer = std::size_t{1} << 20U;

int between(int low, int high, std::minstd_rand& random) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

diagnose::World::Key key_of(const Node& object) {
  const Node* metadata = object.find("metadata");
  if (metadata == nullptr) return {};
  return {.ns = std::string(metadata->text_at("namespace")), .name = std::string(metadata->text_at("name"))};
}

/// nullopt where it is not JSON.
std::optional<Node> read(std::string_view text) {
  try {
    return support::read_json(text, "the API server's answer");
  } catch (const support::Failure&) {
    return std::nullopt;
  }
}

std::string version_of(const Node& object) {
  const Node* metadata = object.find("metadata");
  return metadata == nullptr ? std::string{} : std::string(metadata->text_at("resourceVersion"));
}

/// Versions are decimal numbers that grow (kubernetes 1.35 promises it; they have always been).
bool is_older(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

milliseconds pause_after(int failures, std::minstd_rand& random) {
  const int doublings = std::clamp(failures - 1, 0, 6);
  const int longest = std::min(100 << doublings, 5000);
  return milliseconds(between(longest / 2, longest, random));
}

FeedWatch::Stage FeedWatch::stage() const {
  if (feed_.plural.empty()) return Stage::discover;
  return version_.empty() ? Stage::list : Stage::watch;
}

net::StreamRequest FeedWatch::next(std::minstd_rand& random) const {
  switch (stage()) {
  case Stage::discover: return {.path = discovery_path(feed_), .silence = kListSilence};
  case Stage::list:
    // A list that is only as new as the server's memory is fine for the first one, not for going on from a later state.
    return {.path = list_path(feed_, next_page_, was_listed_ || !feed_.name.empty()), .silence = kListSilence};
  case Stage::watch:
    return {.path = watch_path(feed_, version_, between(300, 600, random)), .lines = true, .silence = kSilence};
  }
  return {};
}

void FeedWatch::on_data(std::string_view data, std::vector<Change>& changes) {
  switch (stage()) {
  case Stage::discover:
    if (answer_.size() + data.size() <= kLongestAnswer) answer_ += data;
    return;
  case Stage::list: reader_.feed(data, [&](std::string_view item) { take_item(item, changes); }); return;
  case Stage::watch: take_event(data, changes); return;
  }
}

void FeedWatch::name_kind(Node& object) const {
  const std::string_view root = feed_.root;
  object.set("kind", Node::text(feed_.kind));
  object.set("apiVersion", Node::text(std::string(root.substr(root.find('/', 1) + 1))));
}

void FeedWatch::take_item(std::string_view text, std::vector<Change>& changes) {
  if (feed_.only_new) return;
  auto object = read(without_keys(text, unread_keys(feed_.kind)));
  if (!object) return;
  name_kind(*object);  // items of a list do not say it
  auto key = key_of(*object);
  const auto past = is_past(key, version_of(*object));
  if (!keep_(*object)) return;
  present_.insert(std::move(key));
  if (past) return;
  changes.emplace_back(Put{std::move(*object)});
}

void FeedWatch::take_event(std::string_view line, std::vector<Change>& changes) {
  auto event = read(without_keys(line, unread_keys(feed_.kind)));
  if (!event) return;
  const auto type = std::string(event->text_at("type"));
  const auto place = std::find_if(event->entries.begin(), event->entries.end(),
                                  [](const support::Entry& entry) { return entry.key == "object"; });
  if (place == event->entries.end()) return;
  auto& object = place->value;
  if (type == "ERROR") {
    // 410: the version is too old. Others (an etcd that changes its leader) say only that this stream ends.
    expired_ = expired_ || object.text_at("code") == "410";
    return;
  }
  heard_ = true;
  const auto version = version_of(object);
  if (!version.empty()) version_ = version;
  if (type == "BOOKMARK") return;
  name_kind(object);
  auto key = key_of(object);
  if (is_past(key, version)) return;
  const bool kept = keep_(object);
  if (type == "DELETED" || !kept)
    changes.emplace_back(Removed{.kind = feed_.kind, .key = std::move(key)});
  else
    changes.emplace_back(Put{std::move(object)});
}

void FeedWatch::take_newest(std::string_view text, std::vector<Change>& changes) {
  auto object = read(without_keys(text, unread_keys(feed_.kind)));
  if (!object) return;
  name_kind(*object);
  auto version = version_of(*object);
  auto key = key_of(*object);
  // The watch has told all up to its version, maybe more of this object since.
  if (!version_.empty() && !is_older(version_, version)) return;
  newest_[std::move(key)] = std::move(version);
  if (keep_(*object)) changes.emplace_back(Put{std::move(*object)});
}

bool FeedWatch::is_past(const diagnose::World::Key& key, const std::string& version) const {
  const auto known = newest_.find(key);
  return known != newest_.end() && is_older(version, known->second);
}

bool FeedWatch::finish_discovery() {
  const auto resources = read(answer_);
  answer_.clear();
  const Node* list = resources ? resources->find("resources") : nullptr;
  if (list == nullptr) return false;
  for (const auto& resource : list->items) {
    const auto name = resource.text_at("name");
    if (resource.text_at("kind") != feed_.kind || name.find('/') != std::string_view::npos) continue;
    feed_.plural = std::string(name);
    feed_.namespaced = resource.text_at("namespaced") == "true";
    return true;
  }
  return false;
}

bool FeedWatch::finish_page(std::vector<Change>& changes) {
  const auto head = read(reader_.head());
  const Node* metadata = head ? head->find("metadata") : nullptr;
  reader_.reset();
  if (metadata == nullptr || metadata->text_at("resourceVersion").empty()) return false;
  next_page_ = feed_.only_new ? std::string{} : std::string(metadata->text_at("continue"));
  if (!next_page_.empty()) return true;
  version_ = std::string(metadata->text_at("resourceVersion"));
  was_listed_ = true;
  changes.emplace_back(Listed{.kind = feed_.kind,
                              .ns = feed_.ns,
                              .name = feed_.name,
                              .present = std::exchange(present_, {}),
                              .adds_only = feed_.only_new});
  return true;
}

void FeedWatch::restart_list() {
  version_.clear();
  next_page_.clear();
  present_.clear();
  reader_.reset();
}

milliseconds FeedWatch::on_end(const net::StreamEnd& end, Clock::time_point now, std::minstd_rand& random,
                               std::vector<Change>& changes) {
  const bool complete = end.status >= 200 && end.status <= 299 && end.problem.empty();
  const auto at = stage();
  const bool told = std::exchange(heard_, false);
  const bool expired = std::exchange(expired_, false) || end.status == 410;
  if (expired) restart_list();
  const bool done = at == Stage::discover ? complete && finish_discovery()
                    : at == Stage::list   ? complete && finish_page(changes)
                                          : told && !expired;
  // A watch that broke off after it had told something was no failure to get one; one that ends at once is.
  if (done) {
    failures_ = 0;
    failing_since_.reset();
    told_unreadable_ = false;
    // Ended by the server's time limit, or broken off: not all streams come back in the same moment.
    return at == Stage::watch ? milliseconds(between(20, 200, random)) : 0ms;
  }
  return fail(end, now, random, changes);
}

milliseconds FeedWatch::fail(const net::StreamEnd& end, Clock::time_point now, std::minstd_rand& random,
                             std::vector<Change>& changes) {
  ++failures_;
  answer_.clear();
  if (stage() == Stage::list) restart_list();
  // Definitions may have gone, and with them the kind's place.
  if (end.status == 404 || end.status == 400) restart_list();
  if (!failing_since_) failing_since_ = now;
  const bool forbidden = end.status == 403;
  // What was listed once stays known: the cluster is away for a moment.
  const bool hopeless = forbidden || (!was_listed_ && now - *failing_since_ >= kPatience);
  if (hopeless && !std::exchange(told_unreadable_, true)) changes.emplace_back(Unreadable{.kind = feed_.kind});
  if (forbidden) return kNotForUs;
  return std::max<milliseconds>(pause_after(failures_, random), end.retry_after);
}

}  // namespace datamill::watch
