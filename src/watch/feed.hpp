#pragma once

#include "datamill/domain/snapshot.hpp"
#include "datamill/plan/step.hpp"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::watch {

/// What of a cluster one stream shows.
struct Feed {
  std::string kind{};
  std::string root{};      ///< of its API: "/api/v1", "/apis/apps/v1"
  std::string plural{};    ///< "pods"; "" until the API was asked for it
  bool namespaced = true;  ///< of a kind that was not asked for yet: unknown
  std::string ns{};        ///< only this one's objects; "": all
  std::string name{};      ///< only this object; "": all
  bool only_new = false;   ///< what was there before is not shown
  friend bool operator==(const Feed&, const Feed&) = default;
};

/// The namespaces that the awaited things are in.
[[nodiscard]] std::set<std::string> namespaces_of(const std::vector<plan::Awaited>& awaits);

/// What has to be watched from the start for these: a stream for each kind that says why workloads are not ready.
/// Definitions and custom resources come later, one by one (feed_of).
[[nodiscard]] std::vector<Feed> first_feeds(const std::vector<plan::Awaited>& awaits);

/// The stream of one object of a kind that is not watched as a whole: a definition, a custom resource. A release has
/// none, nor have Kubernetes' other kinds (a Secret), nor objects whose kind's name stands for another kind too
/// ("Service" of Knative).
[[nodiscard]] std::optional<Feed> feed_of(const domain::ObjectRef& object);

/// Whether first_feeds() of a plan may hold this kind, of Kubernetes itself.
[[nodiscard]] bool is_watched_as_a_whole(const domain::ObjectRef& object);

/// Whether an object is one of those that the feed shows.
[[nodiscard]] bool shows(const Feed& feed, std::string_view api_version, std::string_view kind, std::string_view ns,
                         std::string_view name);

[[nodiscard]] std::string discovery_path(const Feed& feed);
/// @param next token of the page before; "" for the first page
/// @param recent the newest state, not what the server has at hand
[[nodiscard]] std::string list_path(const Feed& feed, std::string_view next, bool recent);
[[nodiscard]] std::string watch_path(const Feed& feed, std::string_view version, int seconds);
[[nodiscard]] std::string object_path(const Feed& feed, const std::string& ns, const std::string& name);
[[nodiscard]] std::string log_path(const std::string& ns, const std::string& pod, const std::string& container,
                                   bool previous);

/// Keys whose values no rule reads, however large they are, anywhere in objects of this kind.
[[nodiscard]] std::span<const std::string_view> unread_keys(std::string_view kind);

}  // namespace datamill::watch
