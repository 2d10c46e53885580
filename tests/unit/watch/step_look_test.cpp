#include "datamill/support/node.hpp"
#include "support/catch.hpp"
#include "watch/step_look.hpp"

namespace datamill::watch {
namespace {

/// A Job that has failed, as the API server has it.
support::Node failed_job(const std::string& uid, const std::string& created) {
  return support::read_json(
      R"({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "task", "namespace": "shop",
    "uid": ")" +
          uid + R"(", "creationTimestamp": ")" + created + R"("}, "status": {"failed": 1, "conditions": [
    {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "too often"}]}})",
      "a Job");
}

plan::Step step_for(const char* kind, bool only_waits) {
  plan::Step step;
  step.awaits = {{.object = {.api_version = "batch/v1", .kind = kind, .ns = "shop", .name = "task"}}};
  step.only_waits = only_waits;
  return step;
}

TEST_CASE("what an earlier try left ill is not told, its successor of the same name is", "[watch][step]") {
  SeenWorld seen;
  const auto list = [&](const std::string& uid, const std::string& created) {
    std::vector<Change> changes;
    changes.emplace_back(Put{.object = failed_job(uid, created)});
    changes.emplace_back(Listed{.kind = "Job", .present = {{.ns = "shop", .name = "task"}}});
    (void)seen.apply(std::move(changes));
  };
  const auto step = step_for("Job", false);
  StepLook look(step);
  list("old", "2020-01-01T00:00:00Z");
  CHECK(look.look(seen, nullptr).findings.empty());
  list("new", "2099-01-01T00:00:00Z");
  const auto seen_now = look.look(seen, nullptr);
  REQUIRE(seen_now.findings.size() == 1);
  CHECK(seen_now.findings.front().hopeless);
}

}  // namespace
}  // namespace datamill::watch
