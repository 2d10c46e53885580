// The steps of helm releases and of the definitions they bring.
#include "datamill/tools/helm.hpp"
#include "datamill/tools/kubectl.hpp"
#include "planner/component_steps.hpp"
#include "planner/step_helpers.hpp"

#include <fmt/format.h>

namespace datamill::planner {

using namespace std::chrono_literals;
using command::SymbolicText;
using plan::Effect;
using plan::RunCommand;
using plan::Step;

void StepWriter::repair(const DesiredRelease& release) {
  const auto* state = context_.snapshot.release(release.ns, release.name);
  if (state == nullptr) return;
  Step step{.timeout = 330s, .effect = Effect::destroy};
  const auto lock = fmt::format("release:{}/{}", release.ns, release.name);
  const auto pending = state->status.starts_with("pending-");
  if ((pending && state->never_worked) || state->status == "uninstalling" || state->status == "uninstalled") {
    step.title = fmt::format("Remove the unfinished release {} (it is {})", release.name, state->status);
    step.action = RunCommand{
        .command = to_command(tools::HelmUninstall{.release = release.name, .ns = release.ns}, context_.access)};
  } else if (pending && state->good_revision > 0) {
    step.title = fmt::format("Roll back the unfinished upgrade of {}", release.name);
    step.action = RunCommand{.command = to_command(rollback_to(release, state->good_revision), context_.access)};
    step.effect = Effect::change;
  } else {
    return;
  }
  step.locks = {lock};
  last_ = {add(std::move(step), last_)};
}

void StepWriter::add_release(const DesiredRelease& release) {
  repair(release);
  auto needs = last_;
  append_unique(needs, sources(release.set));
  if (release.pull) {
    const plan::SkipIfExists cached{.path = release.chart_path};
    const auto folder = release.chart_path.substr(0, release.chart_path.rfind('/'));
    const auto lock = "chart:" + folder;
    const auto note = add({.title = fmt::format("Make a folder for chart {}", release.chart_name),
                           .action = plan::WriteFile{.path = folder + "/source.txt",
                                                     .content = SymbolicText{fmt::format("{} {}\n", release.chart_name,
                                                                                         release.chart_version)}},
                           .locks = {lock},
                           .guard = cached,
                           .timeout = 30s},
                          {});
    needs.push_back(add(
        {.title = fmt::format("Pull chart {} {}", release.chart_name, release.chart_version),
         .action = RunCommand{.command = *release.pull},
         .locks = {lock},
         .guard = cached,
         .timeout = 180s,
         .estimate = 3s,
         .retry = {.attempts = 3, .when_output_has = {"timeout", "EOF", "connection reset", "TLS handshake", "i/o"}}},
        {note}));
  }
  const tools::HelmUpgrade upgrade{.release = release.name,
                                   .chart = release.chart_path,
                                   .ns = release.ns,
                                   .values = release.values,
                                   .set = release.set,
                                   .timeout = release.timeout,
                                   .labels = {{std::string(tools::kComponentLabel), component_}},
                                   .server_side = helm_applies_on_server()};
  const auto title =
      release.chart_version.empty()
          ? fmt::format("Install release {} ({})", release.name, release.chart_name)
          : fmt::format("Install release {} ({} {})", release.name, release.chart_name, release.chart_version);
  last_ = {add({.title = title,
                .action = RunCommand{.command = to_command(upgrade, context_.access),
                                     .output = fmt::format("revision:{}/{}", release.ns, release.name)},
                .awaits = {{.object = {.kind = "Release", .ns = release.ns, .name = release.name}}},
                .locks = {fmt::format("release:{}/{}", release.ns, release.name)},
                .timeout = release.timeout + 30s,
                .estimate = release_estimate_,
                .retry = release_retry(release)},
               needs)};
}

tools::HelmRollback StepWriter::rollback_to(const DesiredRelease& release, int revision) const {
  return {.release = release.name, .ns = release.ns, .revision = revision, .server_side = helm_applies_on_server()};
}

bool StepWriter::helm_applies_on_server() const {
  return context_.helm_major >= 4;
}

/// An attempt that the API server's trouble cut off leaves the release pending: what worked comes back; what never did
/// goes, and its volumes stay.
plan::Retry StepWriter::release_retry(const DesiredRelease& release) const {
  auto retry = patient_retry();
  const auto* state = context_.snapshot.release(release.ns, release.name);
  const auto good = state == nullptr ? 0 : state->good_revision;
  retry.recover_when = "another operation (install/upgrade/rollback) is in progress";
  retry.recover = good > 0
                      ? to_command(rollback_to(release, good), context_.access)
                      : to_command(tools::HelmUninstall{.release = release.name, .ns = release.ns}, context_.access);
  return retry;
}

void StepWriter::add_crd_wait(const DesiredComponent& desired) {
  if (desired.crds.empty()) return;
  std::vector<std::string> resources;
  std::vector<plan::Awaited> awaits;
  for (const auto& crd : desired.crds) {
    resources.push_back("crd/" + crd);
    awaits.push_back(
        {.object = {.api_version = "apiextensions.k8s.io/v1", .kind = "CustomResourceDefinition", .name = crd},
         .condition = "condition=Established"});
  }
  const tools::KubectlWait wait{.resources = resources, .condition = "Established", .timeout = 60s};
  last_ = {add({.title = fmt::format("Wait for the custom resource definitions of {}", component_),
                .action = RunCommand{.command = to_command(wait, context_.access)},
                .awaits = std::move(awaits),
                .only_waits = true,
                .timeout = 90s,
                .retry = {.attempts = 5, .first_delay = 500ms, .when_output_has = {"NotFound", "not found"}},
                .effect = Effect::read},
               last_)};
}

}  // namespace datamill::planner
