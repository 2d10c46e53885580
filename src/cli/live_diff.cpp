#include "cli/live_diff.hpp"

#include "cli/diff_objects.hpp"
#include "cli/rendered_objects.hpp"
#include "datamill/support/text.hpp"
#include "datamill/tools/helm.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace datamill::cli {

using domain::ObjectRef;
using support::Node;

namespace {

constexpr std::chrono::seconds kDiffTime{120};
constexpr std::string_view kHelm = "helm";

/// Objects that one kubectl compares.
struct Batch {
  std::size_t component = 0;
  std::string ns{};
  std::string manager{};
  std::string what{};  ///< "release lake", for problems
  std::vector<ObjectRef> refs{};
  std::vector<std::string> documents{};
};

/// An object that is only looked for.
struct Lookup {
  std::size_t component = 0;
  ObjectRef object{};
  std::string why{};
  bool may_be_gone = false;
};

class LiveDiff {
public:
  LiveDiff(Session& session, const std::vector<RenderedComponent>& components, const Kinds& kinds)
      : session_(session), components_(components), kinds_(kinds) {}

  std::vector<DiffComponent> run() {
    for (std::size_t i = 0; i < components_.size(); ++i)
      prepare(i);
    look_up();
    compare();
    find_removed();
    for (auto& component : found_)
      std::stable_sort(component.objects.begin(), component.objects.end(),
                       [](const DiffObject& a, const DiffObject& b) { return a.action < b.action; });
    return std::move(found_);
  }

private:
  void prepare(std::size_t index) {
    const auto& component = components_[index];
    found_.push_back({.name = component.plan.component, .ns = component.plan.ns, .planned = component.plan.changes});
    for (const auto& release : component.releases) {
      if (!release.problem.empty())
        found_[index].problems.push_back(fmt::format("release {}: {}", release.plan.name, release.problem));
      Batch batch{.component = index,
                  .ns = release.plan.ns,
                  .manager = std::string(kHelm),
                  .what = "release " + release.plan.name};
      for (const auto& object : release.objects)
        sort(as_helm_applies(object, release.plan), release.plan.ns, batch);
      batches_.push_back(std::move(batch));
    }
    for (const auto& [ns, object] : component.own) {
      Batch batch{.component = index, .ns = ns, .manager = std::string(tools::kFieldManager), .what = "own objects"};
      sort(object, ns, batch);
      batches_.push_back(std::move(batch));
    }
    for (const auto& title : component.unknown)
      found_[index].not_compared.push_back({.what = title, .why = "it is not rendered here"});
    for (const auto& secret : component.plan.secrets) {
      const auto slash = secret.find('/');
      const ObjectRef object{
          .api_version = "v1", .kind = "Secret", .ns = secret.substr(0, slash), .name = secret.substr(slash + 1)};
      lookups_.push_back({.component = index, .object = object, .why = "values that are secret"});
    }
  }

  [[nodiscard]] bool can_be_asked_for(const ObjectRef& object) const {
    if (!kinds_.contains(fmt::format("{} {}", object.api_version, object.kind))) return false;
    return object.ns.empty() || session_.snapshot().find_namespace(object.ns) != nullptr;
  }

  void sort(const Node& object, const std::string& ns, Batch& batch) {
    auto ref = ref_of(object, ns, kinds_);
    if (ref.name.empty()) return;
    auto& component = found_[batch.component];
    const auto& plan = components_[batch.component].plan;
    if (annotation(object, "helm.sh/hook") != nullptr) {
      component.not_compared.push_back({.what = display_name(ref), .why = "hooks, which run when the release changes"});
    } else if (!can_be_asked_for(ref)) {
      component.objects.push_back({.action = DiffAction::add, .object = std::move(ref)});
    } else if (ref.kind == "Secret") {
      lookups_.push_back({.component = batch.component, .object = std::move(ref), .why = "values that are secret"});
    } else if (ref.kind == "Job") {
      lookups_.push_back({.component = batch.component,
                          .object = std::move(ref),
                          .why = "jobs, which run once",
                          .may_be_gone = plan.recorded && !plan.rest_changes});
    } else {
      batch.refs.push_back(std::move(ref));
      batch.documents.push_back(support::write_json(object));
    }
  }

  /// One process for all Secrets and Jobs; their content stays where it is.
  void look_up() {
    tools::KubectlFind find;
    for (const auto& lookup : lookups_) {
      if (can_be_asked_for(lookup.object)) find.objects.push_back(lookup.object);
    }
    std::set<std::string> there;
    if (!find.objects.empty()) {
      for (const auto& line :
           support::split_lines(session_.read(to_command(find, session_.access()), "Secrets and Jobs")))
        there.insert(line);
    }
    for (const auto& lookup : lookups_) {
      const auto& object = lookup.object;
      auto& component = found_[lookup.component];
      const bool is_there = there.contains(fmt::format("{} {} {}", object.kind, object.ns, object.name));
      if (is_there || lookup.may_be_gone) {
        component.not_compared.push_back({.what = display_name(object), .why = lookup.why});
      } else {
        component.objects.push_back({.action = DiffAction::add, .object = object});
      }
    }
  }

  void compare() {
    merge_batches();
    std::vector<command::Command> commands;
    for (const auto& batch : batches_)
      commands.push_back(to_command(
          tools::KubectlDiff{.objects = support::join(batch.documents, "\n"), .ns = batch.ns, .manager = batch.manager},
          session_.access()));
    const auto results = capture_some_at_a_time(session_, commands, kDiffTime);
    for (std::size_t i = 0; i < batches_.size(); ++i)
      take(batches_[i], results[i]);
  }

  /// Own objects of one component and namespace go together; empty batches go.
  void merge_batches() {
    std::vector<Batch> merged;
    for (auto& batch : batches_) {
      if (batch.refs.empty()) continue;
      const auto same = std::find_if(merged.begin(), merged.end(), [&](const Batch& other) {
        return other.component == batch.component && other.ns == batch.ns && other.what == batch.what;
      });
      if (same == merged.end()) {
        merged.push_back(std::move(batch));
        continue;
      }
      same->refs.insert(same->refs.end(), batch.refs.begin(), batch.refs.end());
      same->documents.insert(same->documents.end(), batch.documents.begin(), batch.documents.end());
    }
    batches_ = std::move(merged);
  }

  void take(const Batch& batch, const exec::CaptureResult& result) {
    auto& component = found_[batch.component];
    const auto* exited = std::get_if<proc::Exited>(&result.outcome);
    // kubectl docs: 0 nothing differs, 1 something does, above: an error. Errors of the API end with 1 too, and say so.
    if (exited == nullptr || exited->code > 1 || (exited->code == 1 && result.out.empty())) {
      const auto lines = support::split_lines(support::trim(result.err));
      component.problems.push_back(
          fmt::format("{}: {}", batch.what, lines.empty() ? proc::to_text(result.outcome) : lines.back()));
      return;
    }
    std::map<std::string, ObjectDiff> diffs;
    for (auto& diff : parse_diff(result.out))
      diffs.emplace(diff.file, std::move(diff));
    for (const auto& ref : batch.refs) {
      const auto diff = diffs.find(file_of(ref));
      component.objects.push_back(diff == diffs.end() ? DiffObject{.object = ref}
                                                      : judge(ref, diff->second, component));
    }
  }

  static DiffObject judge(const ObjectRef& ref, const ObjectDiff& diff, DiffComponent& component) {
    if (diff.live.is_null()) return {.action = DiffAction::add, .object = ref};
    auto comparison = compare_objects(diff.live, diff.wanted);
    for (const auto& path : comparison.secret_paths)
      component.not_compared.push_back(
          {.what = fmt::format("{} {}", display_name(ref), path), .why = "values that are secret"});
    if (comparison.changes.empty()) return {.object = ref};
    return {.action = DiffAction::change, .object = ref, .changes = std::move(comparison.changes)};
  }

  /// What the release has now and will not have: only where helm would run.
  void find_removed() {
    std::vector<command::Command> commands;
    std::vector<std::pair<std::size_t, const RenderedRelease*>> asked;
    for (std::size_t i = 0; i < components_.size(); ++i) {
      for (const auto& release : components_[i].releases) {
        if (!release.plan.changes || !release.plan.exists || !release.problem.empty()) continue;
        commands.push_back(
            to_command(tools::HelmGetManifest{.release = release.plan.name, .ns = release.plan.ns}, session_.access()));
        asked.emplace_back(i, &release);
      }
    }
    const auto results = capture_some_at_a_time(session_, commands, kDiffTime);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (results[i].ok()) add_removed(found_[asked[i].first], *asked[i].second, results[i].out);
    }
  }

  void add_removed(DiffComponent& component, const RenderedRelease& release, std::string_view manifest) const {
    std::set<std::string> wanted;
    for (const auto& object : release.objects)
      wanted.insert(file_of(ref_of(object, release.plan.ns, kinds_)));
    for (const auto& object : read_objects_of(manifest).objects) {
      auto ref = ref_of(object, release.plan.ns, kinds_);
      const auto* policy = annotation(object, "helm.sh/resource-policy");
      const bool kept = policy != nullptr && policy->scalar == "keep";
      if (!kept && !wanted.contains(file_of(ref)))
        component.objects.push_back({.action = DiffAction::remove, .object = std::move(ref)});
    }
  }

  Session& session_;
  const std::vector<RenderedComponent>& components_;
  const Kinds& kinds_;
  std::vector<DiffComponent> found_{};
  std::vector<Batch> batches_{};
  std::vector<Lookup> lookups_{};
};

}  // namespace

std::vector<DiffComponent> diff_live(Session& session, const std::vector<RenderedComponent>& components,
                                     const Kinds& kinds) {
  return LiveDiff(session, components, kinds).run();
}

}  // namespace datamill::cli
