#include "datamill/exec/event.hpp"

#include "datamill/support/enum_names.hpp"

#include <algorithm>

namespace datamill::exec {
namespace {

constexpr support::EnumTable<StepStatus, 5> kStatuses{{{StepStatus::done, "done"},
                                                       {StepStatus::already_done, "already_done"},
                                                       {StepStatus::failed, "failed"},
                                                       {StepStatus::skipped, "skipped"},
                                                       {StepStatus::cancelled, "cancelled"}}};

}  // namespace

std::string_view to_name(StepStatus status) {
  return support::name_of(kStatuses, status);
}

bool succeeded(const RunFinished& finished) {
  return finished.failed == 0 && finished.skipped == 0 && finished.cancelled == 0 && finished.signal == 0 &&
         !finished.timed_out;
}

void EventFan::on(const Event& event) {
  for (auto* sink : sinks_)
    sink->on(event);
}

void EventFan::tick(Elapsed elapsed) {
  for (auto* sink : sinks_) {
    if (sink->animated()) sink->tick(elapsed);
  }
}

bool EventFan::animated() const {
  return std::any_of(sinks_.begin(), sinks_.end(), [](const EventSink* sink) { return sink->animated(); });
}

}  // namespace datamill::exec
