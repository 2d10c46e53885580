#pragma once

#include "datamill/domain/target.hpp"
#include "datamill/exec/observer.hpp"
#include "datamill/plan/plan.hpp"

#include <memory>
#include <string>
#include <vector>

namespace datamill::watch {

struct ClusterWatchOptions {
  domain::KubeAccess access{};
  std::string kubectl{};              ///< its path
  std::string folder{};               ///< for the proxy's socket; made where it is missing
  std::string short_folder = "/tmp";  ///< a private folder is made in it where that path is too long for a socket
};

/// Looks at the cluster over one `kubectl proxy` that lets through GET alone: one stream for each kind that says why
/// workloads are not ready, and one for each definition and custom resource once a step that awaits it runs. Only what
/// the plan's steps await is watched, in their namespace where there is only one (but for pods: what a node has left
/// depends on all of them). Streams that end are opened again, with growing pauses; what is known stays known.
///
/// fulfilled is nullopt where a kind may not be read (HTTP 403), does not exist, or nothing answered for 10 s; false
/// while its first answer is under way. A wait counts as fulfilled only by a state that is newer than the step's start.
class ClusterWatch final : public exec::Observer {
public:
  ClusterWatch(const plan::Plan& plan, ClusterWatchOptions options);
  ClusterWatch(const ClusterWatch&) = delete;
  ClusterWatch& operator=(const ClusterWatch&) = delete;
  ~ClusterWatch() override;

  /// Whether a step awaits anything; there is no use in watching else.
  [[nodiscard]] static bool is_needed(const plan::Plan& plan);

  /// nullopt where there is no place for the socket.
  [[nodiscard]] std::optional<command::ResolvedCommand> companion() const override;
  void begin() override;
  [[nodiscard]] int wake_descriptor() const override;
  bool take() override;
  [[nodiscard]] exec::Observation look(const plan::Step& step) override;
  [[nodiscard]] std::optional<proc::Clock::time_point> lost_since() const override;
  [[nodiscard]] bool answers() const override;
  void end() override;

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace datamill::watch
