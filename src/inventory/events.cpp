#include "datamill/inventory/events.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"
#include "inventory/go_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::inventory {

using domain::ObjectRef;

namespace {

// Four times, of which old and new kinds of events fill different ones; then what is told.
constexpr std::string_view kTemplate =
    "{{range .items}}{{with .series}}{{with .lastObservedTime}}{{.}}{{end}}{{end}}\t{{with "
    ".lastTimestamp}}{{.}}{{end}}\t"
    "{{with .eventTime}}{{.}}{{end}}\t{{.metadata.creationTimestamp}}\t"
    "{{.type}}\t{{.reason}}\t{{.metadata.namespace}}\t{{.involvedObject.kind}}\t{{.involvedObject.name}}\t"
    "{{with .series}}{{.count}}{{else}}{{.count}}{{end}}\t{{with .message}}{{printf \"%q\" "
    ".}}{{end}}{{\"\\n\"}}{{end}}";

constexpr std::size_t kTimes = 4;

/// Orders as the times do: without the final "Z" a second comes before its fractions.
std::string_view sortable(std::string_view time) {
  return time.ends_with('Z') ? time.substr(0, time.size() - 1) : time;
}

std::string newest_time(const std::vector<std::string>& fields) {
  const auto earlier = [](const std::string& a, const std::string& b) { return sortable(a) < sortable(b); };
  std::string newest;
  for (std::size_t i = 0; i < kTimes; ++i)
    newest = std::max(newest, field_at(fields, i), earlier);
  return newest;
}

bool is_short_lived(const std::string& kind) {
  return kind == "Pod" || kind == "ReplicaSet" || kind == "Job";
}

/// Length of the longest object of the list whose name is the beginning of the event's.
std::size_t longest_maker(const ClusterEvent& event, const std::vector<ObjectRef>& objects) {
  constexpr std::array<std::string_view, 5> kMakers{"Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"};
  std::size_t longest = 0;
  for (const auto& object : objects) {
    if (object.ns != event.ns || std::find(kMakers.begin(), kMakers.end(), object.kind) == kMakers.end()) continue;
    if (event.name.starts_with(object.name + "-")) longest = std::max(longest, object.name.size());
  }
  return longest;
}

bool names(const std::vector<ObjectRef>& objects, const ClusterEvent& event) {
  return std::any_of(objects.begin(), objects.end(), [&](const ObjectRef& object) {
    return object.kind == event.kind && object.name == event.name && (object.ns.empty() || object.ns == event.ns);
  });
}

}  // namespace

command::Command events_read(const std::vector<std::string>& namespaces, const domain::KubeAccess& kube) {
  return to_command(tools::KubectlGetTemplate{.kinds = {"events"},
                                              .ns = namespaces.size() == 1 ? namespaces.front() : std::string{},
                                              .go_template = std::string(kTemplate)},
                    kube);
}

std::vector<ClusterEvent> parse_events(std::string_view output, const std::vector<std::string>& namespaces) {
  std::vector<ClusterEvent> events;
  for (const auto& line : support::split_lines(output)) {
    const auto fields = support::split(line, '\t');
    if (fields.size() < 11) continue;
    ClusterEvent event{.time = newest_time(fields),
                       .type = field_at(fields, 4),
                       .reason = field_at(fields, 5),
                       .ns = field_at(fields, 6),
                       .kind = field_at(fields, 7),
                       .name = field_at(fields, 8),
                       .message = unquoted(field_at(fields, 10))};
    if (std::find(namespaces.begin(), namespaces.end(), event.ns) == namespaces.end()) continue;
    event.count = std::max(1, static_cast<int>(support::parse_integer(field_at(fields, 9)).value_or(1)));
    events.push_back(std::move(event));
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const ClusterEvent& a, const ClusterEvent& b) { return sortable(a.time) < sortable(b.time); });
  return events;
}

bool concerns(const ClusterEvent& event, const ComponentObjects& objects) {
  if (names(objects.objects, event)) return true;
  if (!is_short_lived(event.kind) || names(objects.foreign, event)) return false;
  // "lake-fs-0" is of "lake-fs", and not of "lake".
  const auto ours = longest_maker(event, objects.objects);
  return ours > 0 && ours > longest_maker(event, objects.foreign);
}

std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() <= kShape.size() || text.back() != 'Z') return std::nullopt;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (std::size_t i = at; i < at + size; ++i)
      value = value * 10 + (text[i] - '0');
    return value;
  };
  namespace chrono = std::chrono;
  const chrono::year_month_day date{chrono::year{number(0, 4)}, chrono::month{static_cast<unsigned>(number(5, 2))},
                                    chrono::day{static_cast<unsigned>(number(8, 2))}};
  if (!date.ok()) return std::nullopt;
  return chrono::sys_days{date} + chrono::hours{number(11, 2)} + chrono::minutes{number(14, 2)} +
         chrono::seconds{number(17, 2)};
}

std::string format_age(std::chrono::seconds age) {
  const auto count = std::max<std::int64_t>(0, age.count());
  if (count < 120) return fmt::format("{}s", count);
  if (count < 2 * 3600) return fmt::format("{}m", count / 60);
  if (count < 2 * 86400) return fmt::format("{}h", count / 3600);
  return fmt::format("{}d", count / 86400);
}

}  // namespace datamill::inventory
