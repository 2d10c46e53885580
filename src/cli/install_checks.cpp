#include "cli/install_checks.hpp"

#include "cli/data_file.hpp"
#include "cli/plan_checks.hpp"
#include "cli/rendering.hpp"
#include "datamill/capacity/judge.hpp"
#include "datamill/inventory/status_read.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/kubectl_access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

namespace datamill::cli {

using support::Diagnostics;
using support::ExitCode;
using support::Failure;
using support::Node;
using support::Severity;

namespace {

/// Rights that every chart needs are asked for one by one, as `plan` shows them; these are in the charts' own hands.
constexpr std::array<std::string_view, 5> kAskedAlready{"secrets", "configmaps", "services", "deployments",
                                                        "persistentvolumeclaims"};

std::vector<capacity::GoneImages> gone_images(const Session& session) {
  std::vector<capacity::GoneImages> gone;
  const DataFile file{.name = "data/images_gone.yaml", .says_what = "which images can no longer be had"};
  read_data_file(file, session.places().root, session.app().files, [&](support::MapReader& reader) {
    for (const auto& item : reader.items("images")) {
      support::MapReader row(item, "a row of images", reader.diagnostics());
      gone.push_back({.prefix = row.required_text("prefix"),
                      .since = row.required_text("since"),
                      .what = row.required_text("what"),
                      .instead = row.required_text("instead"),
                      .some_left = row.boolean("some_left").value_or(false)});
      row.finish();
    }
  });
  return gone;
}

/// What was rendered, as what it asks of the cluster.
capacity::Wanted wanted_of(const std::vector<RenderedComponent>& components) {
  capacity::Wanted wanted;
  for (const auto& component : components) {
    const auto& name = component.plan.component;
    const auto before = wanted.workloads.size();
    wanted.custom_resources = false;
    for (const auto& release : component.releases) {
      for (const auto& object : release.objects)
        capacity::add_object(object, name, release.plan.ns, wanted);
    }
    for (const auto& [ns, object] : component.own)
      capacity::add_object(object, name, ns, wanted);
    const auto only_jobs =
        std::all_of(wanted.workloads.begin() + static_cast<std::ptrdiff_t>(before), wanted.workloads.end(),
                    [](const auto& workload) { return workload.object.kind == "Job"; });
    // Pods that an operator will make are in no rendering; component.yaml says how large they are.
    if (!wanted.custom_resources || !only_jobs || component.plan.recorded) continue;
    capacity::Workload assumed{.component = name, .object = {.kind = "Pod", .name = name}, .assumed = true};
    assumed.pod.ns = component.plan.ns;
    assumed.pod.requests = {{"cpu", inventory::parse_milli(component.plan.requests.cpu)},
                            {"memory", inventory::parse_milli(component.plan.requests.memory)},
                            {"pods", 1000}};
    wanted.workloads.push_back(std::move(assumed));
  }
  return wanted;
}

bool is_asked_already(const std::string& resource) {
  return std::find(kAskedAlready.begin(), kAskedAlready.end(), resource) != kAskedAlready.end();
}

void ask_for(const Node& object, const std::string& default_ns, std::set<tools::AccessQuestion>& questions) {
  const auto resource = tools::resource_of_kind(object.text_at("kind"));
  if (resource.empty() || is_asked_already(resource)) return;
  const auto version = object.text_at("apiVersion");
  const auto slash = version.find('/');
  const auto* metadata = object.find("metadata");
  auto ns = metadata == nullptr ? std::string{} : std::string(metadata->text_at("namespace"));
  if (ns.empty() && !resource.starts_with("cluster") && !resource.starts_with("customresource") &&
      !support::contains(resource, "webhook"))
    ns = default_ns;
  questions.insert({.verb = "create",
                    .group = slash == std::string_view::npos ? std::string{} : std::string(version.substr(0, slash)),
                    .resource = resource,
                    .ns = ns});
}

/// Asked only of clusters that others own: of ours we are the administrator.
std::vector<tools::AccessQuestion> questions_of(const Session& session,
                                                const std::vector<RenderedComponent>& components) {
  std::set<tools::AccessQuestion> questions;
  if (session.provider().refusal.empty()) return {};
  for (const auto& component : components) {
    for (const auto& release : component.releases) {
      for (const auto& object : release.objects)
        ask_for(object, release.plan.ns, questions);
    }
    for (const auto& [ns, object] : component.own)
      ask_for(object, ns, questions);
  }
  return {questions.begin(), questions.end()};
}

void judge_rights(const std::vector<tools::AccessQuestion>& refused, Severity severity, Diagnostics& diagnostics) {
  if (refused.empty()) return;
  std::vector<std::string> notes;
  for (const auto& question : refused) {
    const auto group = question.group.empty() ? std::string{} : "." + question.group;
    notes.push_back(fmt::format("{} {}{}{}", question.verb, question.resource, group,
                                question.ns.empty() ? " in the whole cluster" : " in namespace " + question.ns));
  }
  diagnostics.add({.code = "DM867",
                   .severity = severity,
                   .message = fmt::format("the cluster does not let you make {} kind{} of objects that the charts hold",
                                          notes.size(), notes.size() == 1 ? "" : "s"),
                   .hint = "ask whoever runs the cluster for these rights",
                   .notes = std::move(notes)});
}

Severity severity_of_rights(const Session& session) {
  return session.app().options.preflight == Preflight::warn ? Severity::warning : Severity::error;
}

Severity severity_of(const Session& session, const capacity::Cluster& cluster) {
  switch (session.app().options.preflight) {
  case Preflight::refuse: return Severity::error;
  case Preflight::warn:
  case Preflight::off: return Severity::warning;
  case Preflight::automatic: break;
  }
  return session.snapshot().facts.simulated || cluster.autoscaled ? Severity::warning : Severity::error;
}

void judge_room(Session& session, const capacity::Cluster& cluster, const capacity::Wanted& wanted,
                Diagnostics& diagnostics) {
  capacity::Surroundings around{.severity = severity_of(session, cluster),
                                .images_are_pulled = !session.snapshot().facts.simulated};
  if (!session.provider().node_folder.empty()) {
    std::error_code error;
    const auto space = std::filesystem::space(session.places().cluster, error);
    if (!error) around.free_disk = static_cast<std::int64_t>(space.available);
  }
  diagnostics.take(capacity::judge(cluster, wanted, gone_images(session), around));
}

/// What could not be looked at is said, and refuses nothing: the steps themselves will tell.
void note_unchecked(const std::vector<RenderedComponent>& components, Diagnostics& diagnostics) {
  for (const auto& component : components) {
    for (const auto& release : component.releases) {
      if (!release.problem.empty())
        diagnostics.warning(
            "DM868", {}, fmt::format("release {} was not checked beforehand: {}", release.plan.name, release.problem));
    }
  }
}

void report(App& app, Diagnostics diagnostics) {
  if (diagnostics.has_errors()) throw Failure(ExitCode::preflight, std::move(diagnostics));
  if (diagnostics.items().empty()) return;
  if (app.json())
    app.print(ui::diagnostics_json(diagnostics, 0));
  else if (!app.options.quiet)
    ui::print_diagnostics(diagnostics, app.err);
}

planner::RenderFor render_for(Session& session) {
  auto version = session.snapshot().facts.kubernetes_version;
  if (version.empty()) {
    const auto results = session.capture({inventory::version_read(session.access())});
    if (results.front().ok()) version = inventory::parse_version(results.front().out);
  }
  return {.kube_version = version};
}

std::vector<RenderedComponent> render_changes(Session& session) {
  Diagnostics diagnostics;
  const auto wanted =
      planner::plan_renderings(session.context(), install_request(session), render_for(session), diagnostics);
  if (!wanted) throw Failure(ExitCode::usage, std::move(diagnostics));
  return render(session, *wanted, RenderScope::what_changes);
}

}  // namespace

void check_before_install(Session& session, const plan::Plan& plan) {
  if (plan.steps.empty() || session.app().options.preflight == Preflight::off) return;
  const auto components = render_changes(session);
  std::vector<command::Command> reads{inventory::room_read(session.access())};
  const auto questions = questions_of(session, components);
  if (!questions.empty()) reads.push_back(tools::access_review(questions, session.access()));
  const auto results = session.capture(reads);
  Diagnostics diagnostics;
  note_unchecked(components, diagnostics);
  if (results.front().ok()) {
    const auto cluster =
        capacity::read_cluster(support::read_json(results.front().out, "the cluster's nodes and pods"));
    judge_room(session, cluster, wanted_of(components), diagnostics);
  } else {
    diagnostics.warning("DM868", {},
                        "the room on the nodes was not checked: they, or the pods on them, cannot be read");
  }
  if (!questions.empty() && results.back().ok())
    judge_rights(tools::refused(questions, results.back().out), severity_of_rights(session), diagnostics);
  report(session.app(), std::move(diagnostics));
}

}  // namespace datamill::cli
