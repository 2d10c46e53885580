#include "datamill/watch/cluster_watch.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/tools/kubectl_pods.hpp"
#include "watch/seen_world.hpp"
#include "watch/socket_place.hpp"
#include "watch/step_look.hpp"
#include "watch/watcher.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

namespace datamill::watch {

namespace {

std::vector<plan::Awaited> awaits_of(const plan::Plan& plan) {
  std::vector<plan::Awaited> awaits;
  for (const auto& step : plan.steps)
    awaits.insert(awaits.end(), step.awaits.begin(), step.awaits.end());
  return awaits;
}

/// The proxy's command needs no symbols.
class NoSymbols final : public command::SymbolLookup {
public:
  [[nodiscard]] command::Secret secret(const command::SecretRef& ref) const override {
    throw support::Failure(support::ExitCode::step_failed, "DM510",
                           fmt::format("Secret \"{}/{}\" is not known here", ref.ns, ref.secret));
  }
  [[nodiscard]] std::string output(const command::OutputRef& ref) const override {
    throw support::Failure(support::ExitCode::step_failed, "DM510",
                           fmt::format("output \"{}\" is not known here", ref.name));
  }
};

}  // namespace

struct ClusterWatch::Parts {
  std::vector<plan::Awaited> awaits{};
  ClusterWatchOptions options{};
  SocketPlace socket;
  SeenWorld world{};
  std::optional<ChangeQueue> queue{};
  std::optional<Watcher> watcher{};
  std::map<plan::StepId, StepLook> steps{};
};

ClusterWatch::ClusterWatch(const plan::Plan& plan, ClusterWatchOptions options)
    : parts_(new Parts{.awaits = awaits_of(plan), .options = options, .socket{options.folder, options.short_folder}}) {}

ClusterWatch::~ClusterWatch() = default;

bool ClusterWatch::is_needed(const plan::Plan& plan) {
  return !awaits_of(plan).empty();
}

std::optional<command::ResolvedCommand> ClusterWatch::companion() const {
  if (parts_->socket.path().empty()) return std::nullopt;
  const auto command =
      tools::to_command(tools::KubectlSocketProxy{.socket = parts_->socket.path()}, parts_->options.access);
  return command::CommandResolver::resolve(command, parts_->options.kubectl, NoSymbols{});
}

void ClusterWatch::begin() {
  auto& parts = *parts_;
  parts.queue.emplace();
  parts.watcher.emplace(parts.socket.path(), namespaces_of(parts.awaits), first_feeds(parts.awaits), *parts.queue);
}

int ClusterWatch::wake_descriptor() const {
  return parts_->queue ? parts_->queue->descriptor() : -1;
}

bool ClusterWatch::take() {
  if (!parts_->queue) return false;
  return parts_->world.apply(parts_->queue->take());
}

exec::Observation ClusterWatch::look(const plan::Step& step) {
  auto& parts = *parts_;
  if (step.awaits.empty()) return {};
  const auto [place, added] = parts.steps.try_emplace(step.id, step);
  // After end() what was seen last still counts: for the summary.
  auto* watcher = parts.watcher ? &*parts.watcher : nullptr;
  if (added && watcher != nullptr) place->second.start(parts.world, *watcher);
  return place->second.look(parts.world, watcher);
}

std::optional<proc::Clock::time_point> ClusterWatch::lost_since() const {
  return parts_->watcher ? parts_->watcher->lost_since() : std::nullopt;
}

bool ClusterWatch::answers() const {
  return parts_->watcher && parts_->watcher->has_answer() && !lost_since();
}

void ClusterWatch::end() {
  parts_->watcher.reset();
}

}  // namespace datamill::watch
