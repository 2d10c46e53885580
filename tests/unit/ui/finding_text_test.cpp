#include "datamill/ui/finding_text.hpp"

#include "support/catch.hpp"

#include "datamill/support/text.hpp"

using namespace datamill;
using support::contains;

namespace {

const domain::Finding kCrash{
    .code = "DM820",
    .name = "CrashLoop",
    .chain = {{.kind = "Deployment", .ns = "shop", .name = "web"}, {.kind = "Pod", .ns = "shop", .name = "web-0"}},
    .count = 3,
    .container = "app",
    .reason = "CrashLoopBackOff",
    .message = "back-off 5m0s",
    .exit_code = 1,
    .last_log = {"starting", "no \x1b[31mconfig"},
    .event = "Warning BackOff: again",
    .cause = "the program ends with an error",
    .next = "kubectl logs web-0"};

}  // namespace

TEST_CASE("a finding for people has all that is known", "[ui][finding]") {
  CHECK(ui::finding_text(kCrash, {}) ==
        "DM820 CrashLoop  Deployment web → Pod web-0 → container app (and 2 more like it)\n"
        "  reason:  CrashLoopBackOff: back-off 5m0s\n"
        "  exited:  with code 1\n"
        "  last lines of its log:\n"
        "    starting\n"
        "    no config\n"
        "  event:   Warning BackOff: again\n"
        "  likely:  the program ends with an error\n"
        "  next:    kubectl logs web-0\n");
  CHECK(ui::finding_line(kCrash) == "DM820 CrashLoop  Deployment web: the program ends with an error");
}

TEST_CASE("an event that repeats the message is left out, and a hopeless state says so", "[ui][finding]") {
  auto finding = kCrash;
  finding.event = "Warning BackOff: back-off 5m0s";
  finding.hopeless = true;
  const auto text = ui::finding_text(finding, {});
  CHECK_FALSE(contains(text, "event:"));
  CHECK(contains(text, "  waiting: has no use"));
}

TEST_CASE("nodes that lack the same share a row", "[ui][finding]") {
  domain::Finding finding{.code = "DM847", .name = "Unschedulable", .chain = {{.kind = "Pod", .name = "a"}}};
  for (const auto* name : {"n1", "n2", "n3", "n4", "n5"})
    finding.nodes.push_back({.node = name, .lacks = {{"cpu", "needs 4, 1 of 2 free"}, {"taint", "a=b:NoSchedule"}}});
  finding.nodes.push_back({.node = "gpu-1", .lacks = {{"cordoned", "no new pods"}}});
  const auto text = ui::finding_text(finding, {});
  CHECK(contains(text, "    NODE                   LACKS\n"
                       "    n1, n2, n3 and 2 more  cpu: needs 4, 1 of 2 free; taint: a=b:NoSchedule\n"
                       "    gpu-1                  cordoned: no new pods\n"));
}

TEST_CASE("colours mark the code and what to do", "[ui][finding]") {
  const auto text = ui::finding_text(kCrash, {.color = true});
  CHECK(contains(text, "\x1b["));
  CHECK_FALSE(contains(text, "\x1b[31mconfig"));
}
