#pragma once

#include "cli/session.hpp"
#include "datamill/inventory/component_objects.hpp"
#include "datamill/tools/kubectl_pods.hpp"
#include "datamill/ui/log_text.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace datamill::cli {

/// The logs of a component's containers, each a kubectl, on our standard output.
class LogStreams {
public:
  LogStreams(Session& session, const inventory::Belongings& belongings);

  /// One container after the other. @throws Failure exit 1, DM025, with every log that could not be read
  [[nodiscard]] support::ExitCode print(const inventory::ComponentObjects& objects);
  /// All at once, and those of containers and pods that come later, until a signal comes (130, 143), the reader of our
  /// output goes, or all pods are done. @throws Failure exit 4, DM570, where the cluster is gone for long
  [[nodiscard]] support::ExitCode follow(const inventory::ComponentObjects& objects);

private:
  /// One container of one pod; `place` is the same after it was started anew.
  struct Stream {
    std::string place{};
    inventory::Pod pod{};
    inventory::ContainerState container{};
    std::string error{};  ///< last line kubectl wrote on its stderr
  };
  /// What one knows of a container whose log was followed.
  struct Seen {
    bool running = false;
    int restarts = 0;
    proc::Clock::time_point ended{};
  };

  [[nodiscard]] bool wanted(const inventory::Pod& pod, const inventory::ContainerState& container) const;
  void start(Stream stream, const tools::KubectlLogs& request);
  [[nodiscard]] tools::KubectlLogs request_for(const Stream& stream) const;
  void show(const proc::OutputLine& line);
  void end_stream(const proc::ChildEnded& ended);
  void end_all();
  void look_again();
  void take_objects(const proc::Outcome& outcome);
  void start_new(const inventory::ComponentObjects& objects, bool first);
  void start_one(const inventory::Pod& pod, const inventory::ContainerState& container, bool first);
  [[nodiscard]] bool all_done() const;

  Session& session_;
  const inventory::Belongings& belongings_;
  proc::Runner& runner_;
  ui::LogText text_;
  proc::ChildId next_id_ = 1;  ///< 0 looks for new pods
  std::map<proc::ChildId, Stream> streams_{};
  std::map<std::string, Seen> seen_{};
  std::set<std::string> told_{};  ///< containers said to be waiting
  support::Diagnostics problems_{};
  std::optional<proc::Clock::time_point> look_at_{};
  bool looking_ = false;
  std::string answer_{};
  std::string look_error_{};
  int failed_looks_ = 0;
  std::vector<inventory::Pod> pods_{};
  bool following_ = false;
};

}  // namespace datamill::cli
