#include "diagnose/containers.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::diagnose {

using domain::Finding;
using support::Node;

namespace {

constexpr std::size_t kLogLines = 10;

const Node* spec_of(const Node& pod, std::string_view list, std::string_view name) {
  const auto& specs = items_at(pod, {"spec", list});
  const auto found = std::find_if(specs.begin(), specs.end(), [&](const Node& s) { return s.text_at("name") == name; });
  return found == specs.end() ? nullptr : &*found;
}

void add_containers(std::vector<Container>& found, const Node& pod, std::string_view statuses, std::string_view specs) {
  for (const auto& status : items_at(pod, {"status", statuses})) {
    Container container{.pod = &pod, .status = &status, .name = std::string(status.text_at("name"))};
    container.spec = spec_of(pod, specs, container.name);
    if (specs == "initContainers") {
      const bool stays = container.spec != nullptr && container.spec->text_at("restartPolicy") == "Always";
      container.role = stays ? Container::Role::sidecar : Container::Role::init;
    }
    found.push_back(std::move(container));
  }
}

std::vector<std::string> last_lines(const std::vector<std::string>& lines) {
  const auto skipped = lines.size() > kLogLines ? lines.size() - kLogLines : 0;
  return {lines.begin() + static_cast<std::ptrdiff_t>(skipped), lines.end()};
}

/// What was read of it: of the run that ended.
std::vector<std::string> log_of(const Case& rules, const Container& container) {
  LogKey key{.ns = namespace_of(*container.pod),
             .pod = name_of(*container.pod),
             .container = container.name,
             .previous = container.ended_now() == nullptr && container.last_end() != nullptr};
  const auto* lines = rules.world().log(key);
  if (lines != nullptr && !lines->empty()) return last_lines(*lines);
  key.previous = !key.previous;
  lines = rules.world().log(key);
  return lines == nullptr ? std::vector<std::string>{} : last_lines(*lines);
}

/// fieldPath is "spec.containers{app}", "spec.initContainers{setup}", or is not there.
bool names(const Node& event, const Container& container) {
  const auto path = text_at(event, {"involvedObject", "fieldPath"});
  return path.empty() || support::contains(path, fmt::format("{{{}}}", container.name));
}

}  // namespace

bool Container::waits_with(std::initializer_list<std::string_view> reasons) const {
  const auto reason = waiting_reason();
  return !reason.empty() && std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

const Node* Container::last_end() const {
  const auto* now = ended_now();
  return now != nullptr ? now : status->find_path({"lastState", "terminated"});
}

std::string Container::image() const {
  const auto wanted = spec == nullptr ? std::string_view{} : spec->text_at("image");
  return std::string(wanted.empty() ? status->text_at("image") : wanted);
}

std::vector<Container> containers_of(const Node& pod) {
  std::vector<Container> found;
  add_containers(found, pod, "initContainerStatuses", "initContainers");
  add_containers(found, pod, "containerStatuses", "containers");
  return found;
}

std::vector<Container> containers(const Case& rules) {
  std::vector<Container> all;
  for (const auto* pod : rules.pods()) {
    for (auto& container : containers_of(*pod))
      all.push_back(std::move(container));
  }
  return all;
}

Finding about(const Case& rules, const Container& container) {
  auto finding = about(rules, *container.pod);
  finding.container = container.name;
  const auto& status = *container.status;
  finding.reason = std::string(container.waiting_reason());
  finding.message = one_line(text_at(status, {"state", "waiting", "message"}));
  if (const auto* end = container.last_end(); end != nullptr) {
    finding.exit_code = number_at(*end, {"exitCode"});
    if (finding.reason.empty()) finding.reason = std::string(end->text_at("reason"));
    if (finding.message.empty()) finding.message = one_line(end->text_at("message"));
    finding.last_log = log_of(rules, container);
  } else if (container.is_running()) {
    finding.last_log = log_of(rules, container);
  }
  return finding;
}

const Node* warning_of(const Case& rules, const Container& container, std::string_view reason,
                       std::initializer_list<std::string_view> parts) {
  const Node* newest = nullptr;
  for (const auto* event : rules.events(*container.pod)) {
    const bool fits = event->text_at("reason") == reason && event->text_at("type") != "Normal" &&
                      names(*event, container) && (parts.size() == 0 || has_any(event->text_at("message"), parts));
    if (fits) newest = event;
  }
  return newest;
}

const Node* killed_by_probe(const Case& rules, const Container& container, std::string_view probe) {
  return warning_of(rules, container, "Unhealthy", {fmt::format("{} probe", probe)});
}

std::string owner_of(const Finding& finding) {
  if (finding.chain.empty()) return {};
  return fmt::format("{} {}", finding.chain.front().kind, finding.chain.front().name);
}

std::string place_of(const Finding& finding) {
  if (finding.container.empty()) return owner_of(finding);
  return fmt::format("container {} of {}", finding.container, owner_of(finding));
}

std::string logs_command(const Finding& finding, Run run) {
  const auto& pod = finding.chain.back();
  return fmt::format("kubectl logs {} -c {} -n {}{}", pod.name, finding.container, pod.ns,
                     run == Run::previous ? " --previous" : "");
}

}  // namespace datamill::diagnose
