#pragma once

#include "datamill/exec/event.hpp"

#include <functional>
#include <memory>
#include <string>

namespace datamill::exec {

/// The name of the file in runs/<id> that holds all that a step printed: "004-install-release-lake.log".
[[nodiscard]] std::string step_log_name(const plan::Step& step);

/// Keeps a run on disk: <directory>/run.json (what the run is: `head` with its id, title, start, critical path and
/// estimate), plan.json, events.jsonl (one event per line with its time, output left out) and a log per step with its
/// redacted output, 32 MiB of it at most. The folder is made with the first event (0700, files 0600).
///
/// Written ahead: a step's start is in the file before its command starts, and stays there if this process is killed.
/// Where a step's state changed the line is also put on the disk at once, but nobody waits for it: what a loss of power
/// takes is known from the cluster anyway. A write error never stops a run: it is told once, and what can still be
/// written is.
class Journal final : public EventSink {
public:
  using Report = std::function<void(const std::string& problem)>;

  /// `report` is called at most once: "cannot write \"/x/events.jsonl\": No space left on device".
  Journal(std::string directory, Report report, support::Node head = {});
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal() override;
  void on(const Event& event) override;

private:
  class Files;
  std::unique_ptr<Files> files_;
  const plan::Plan* plan_ = nullptr;
};

}  // namespace datamill::exec
