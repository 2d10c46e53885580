#include "planner/desired.hpp"

#include "datamill/domain/names.hpp"
#include "datamill/support/overloaded.hpp"
#include "datamill/support/text.hpp"
#include "planner/desired_charts.hpp"
#include "planner/desired_objects.hpp"
#include "planner/wiring.hpp"

#include <fmt/format.h>

namespace datamill::planner {

using command::SecretRef;
using command::SymbolicText;
using domain::Component;
using domain::ManifestSet;
using domain::ObjectRef;
using support::Diagnostics;
using support::Node;
using support::Overloaded;

namespace {

class Desirer {
public:
  Desirer(const SelectedComponent& selected, const Selection& selection, const Context& context,
          Diagnostics& diagnostics)
      : component_(*selected.component), selection_(selection), context_(context), diagnostics_(diagnostics),
        wiring_(wire(selected, selection, context, diagnostics)) {
    desired_.component = &component_;
    desired_.ns = selected.ns;
    desired_.namespaces.push_back(selected.ns);
    desired_.crds = component_.crds;
    desired_.images = wiring_.images;
  }

  DesiredComponent run() {
    for (const auto& secret : component_.secrets) {
      if (condition_holds(secret.when)) add_secret(secret);
    }
    add_provisions();
    for (const auto& copy : wiring_.copies)
      add_copy(copy);
    add_stages();
    for (const auto& manifest : component_.manifests) {
      if (condition_holds(manifest.when)) {
        desired_.objects.push_back(objects_of(manifest, component_, wiring_.scope, desired_.ns, {}));
      }
    }
    for (const auto& release : component_.releases) {
      if (condition_holds(release.when)) add_release(release);
    }
    desired_.digest = rest_digest(desired_);
    return std::move(desired_);
  }

private:
  bool condition_holds(const std::optional<domain::Condition>& condition) const {
    return !condition || holds(*condition, component_, context_, selection_.bindings);
  }

  ConditionTest condition_test() {
    return [this](const Node& node) { return holds(node, component_, context_, selection_.bindings, diagnostics_); };
  }

  std::string text(const domain::Template& written, const Scope& scope) {
    return substitute_text(written.text, written.at, scope, diagnostics_);
  }

  void check_name(const std::string& name, const support::SourceRef& at, std::string_view what, bool release) {
    const auto problem = release ? domain::release_name_problem(name) : domain::object_name_problem(name);
    if (!problem.empty()) {
      diagnostics_.error("DM315", at, fmt::format("{} \"{}\" of \"{}\" {}", what, name, component_.name, problem),
                         "use lower-case letters, digits and \"-\"");
    }
  }

  void add_secret(const domain::SecretSpec& spec) {
    DesiredSecret secret{.ns = desired_.ns, .name = text(spec.name, wiring_.scope), .type = spec.type};
    check_name(secret.name, spec.name.at, "Secret", false);
    for (const auto& [key, value] : spec.keys) {
      const SecretRef ref{.ns = secret.ns, .secret = secret.name, .key = key};
      secret.keys.push_back(key);
      std::visit(
          Overloaded{
              [&](const domain::Template& written) {
                secret.derived.emplace_back(ref, raw_symbolic(text(written, wiring_.scope)));
              },
              [&](const domain::RandomValue& random) { secret.generate.push_back({.ref = ref, .random = random}); },
              [&](const domain::CopiedValue& copied) {
                const SecretRef from{.ns = secret.ns, .secret = text(copied.secret, wiring_.scope), .key = copied.key};
                secret.derived.emplace_back(ref, raw_symbolic(mark(from)));
              },
          },
          value);
    }
    desired_.secrets.push_back(std::move(secret));
  }

  void add_copy(const SecretCopy& copy) {
    DesiredSecret secret{.ns = copy.to_ns, .name = copy.name, .type = copy.type, .keys = copy.keys};
    for (const auto& key : copy.keys) {
      const SecretRef from{.ns = copy.from_ns, .secret = copy.name, .key = key};
      const SecretRef to{.ns = copy.to_ns, .secret = copy.name, .key = key};
      secret.derived.emplace_back(to, raw_symbolic(mark(from)));
    }
    if (copy.to_ns != desired_.ns) desired_.namespaces.push_back(copy.to_ns);
    desired_.secrets.push_back(std::move(secret));
  }

  /// Who makes buckets or databases; nullptr where an outside service does not need us to.
  const Component* maker(const std::string& capability) const {
    const auto binding = selection_.bindings.find(capability);
    return binding == selection_.bindings.end() ? nullptr : binding->second.component;
  }

  void add_provisions() {
    if (const auto* provider = maker("s3")) {
      for (const auto& bucket : component_.buckets) {
        auto scope = provider_scope(*provider, context_, diagnostics_);
        const auto name = text(bucket.name, wiring_.scope);
        scope.set_text("bucket.name", name);
        scope.set_text("bucket.consumer", component_.name);
        provision(*provider, provider->per_bucket, scope, fmt::format("bucket {}", name), bucket.at);
        if (auto seed = seed_of(bucket, name, component_, context_)) desired_.seeds.push_back(std::move(*seed));
      }
    }
    if (const auto* provider = maker("postgres")) {
      for (const auto& database : component_.databases)
        add_database(*provider, database);
    }
  }

  void add_database(const Component& provider, const domain::DatabaseNeed& database) {
    auto scope = provider_scope(provider, context_, diagnostics_);
    const auto provider_ns = scope.find("namespace")->scalar;
    const auto name = text(database.name, wiring_.scope);
    const auto owner_secret = text(database.owner_secret, wiring_.scope);
    scope.set_text("database.name", name);
    scope.set_text("database.owner_secret", owner_secret);
    scope.set_text("database.consumer", component_.name);
    if (provider_ns != desired_.ns) {
      wiring_.copies.push_back({.from_ns = desired_.ns,
                                .to_ns = provider_ns,
                                .name = owner_secret,
                                .keys = {"username", "password"},
                                .type = "kubernetes.io/basic-auth"});
    }
    provision(provider, provider.per_database, scope, fmt::format("database {}", name), database.at);
  }

  void provision(const Component& provider, const std::vector<ManifestSet>& manifests, const Scope& scope,
                 const std::string& what, const support::SourceRef& at) {
    if (manifests.empty()) {
      diagnostics_.error(
          "DM318", at,
          fmt::format("\"{}\" wants {}, but \"{}\" says no way to make one", component_.name, what, provider.name),
          fmt::format("give components/{}/component.yaml a `per_bucket:` or `per_database:`", provider.name));
    }
    for (const auto& manifest : manifests) {
      if (manifest.when && !holds(*manifest.when, provider, context_, selection_.bindings)) continue;
      desired_.provisions.push_back(objects_of(manifest, provider, scope, scope.find("namespace")->scalar, what));
    }
  }

  /// Simulated pods: stages give the component's custom resources the status that nobody else will write. They come
  /// after the definitions (kwok 0.8 never looks again for a kind that it did not find) and before the resources.
  void add_stages() {
    const auto* stages = stages_of(component_);
    if (!context_.facts.simulated || stages == nullptr) return;
    DesiredObjects objects{.title = "simulated behaviour (simulate.yaml)"};
    std::vector<std::string> documents;
    for (const auto& document : *stages) {
      documents.push_back(support::write_json(document));
      objects.objects.push_back(object_ref(document, ""));
    }
    objects.text = SymbolicText{support::join(documents, "\n")};
    desired_.objects.push_back(std::move(objects));
  }

  const std::vector<Node>* stages_of(const Component& owner) const {
    const auto config = context_.workspace.configs.find(owner.name);
    if (config == context_.workspace.configs.end() || config->second.simulate.empty()) return nullptr;
    return &config->second.simulate;
  }

  DesiredObjects objects_of(const ManifestSet& manifest, const Component& owner, const Scope& scope,
                            const std::string& ns, const std::string& what) {
    DesiredObjects objects{.ns = ns, .phase = manifest.phase};
    const auto& named = !manifest.file.empty()  ? manifest.file
                        : !manifest.url.empty() ? manifest.url
                                                : manifest.kustomize;
    objects.title = what.empty() ? named : what;
    if (manifest.file.empty()) {
      objects.source = named;
      objects.kustomize = !manifest.kustomize.empty();
    } else {
      fill_from_file(manifest, owner, scope, objects);
    }
    for (const auto& wait : manifest.waits) {
      if (!wait.when || holds(*wait.when, owner, context_, selection_.bindings)) {
        objects.waits.push_back(desired_wait(wait, owner, scope, ns));
      }
    }
    return objects;
  }

  void fill_from_file(const ManifestSet& manifest, const Component& owner, const Scope& scope,
                      DesiredObjects& objects) {
    const auto config = context_.workspace.configs.find(owner.name);
    if (config == context_.workspace.configs.end()) return;
    const auto file = config->second.files.find(manifest.file);
    if (file == config->second.files.end()) return;  // reported while loading
    std::vector<std::string> documents;
    for (const auto& written : file->second.documents) {
      const auto document = manifest.is_template ? substitute(written, scope, condition_test(), diagnostics_) : written;
      auto object = object_ref(document, objects.ns);
      check_object(object, written, file->second.path);
      object.holds_data = object.holds_data || manifest.holds_data;
      if (manifest.keep) {
        object.keep_annotation = manifest.keep->annotation;
        object.keep_condition = manifest.keep->condition;
      }
      objects.objects.push_back(std::move(object));
      documents.push_back(support::write_json(document));
    }
    // Files without references go to kubectl as they are: it knows YAML 1.1's odd scalars (0644, yes) better than we
    // should.
    objects.text =
        manifest.is_template ? to_symbolic(support::join(documents, "\n")) : SymbolicText{file->second.content};
  }

  void check_object(const ObjectRef& object, const Node& document, const std::string& path) {
    if (object.kind.empty() || object.api_version.empty() || object.name.empty()) {
      diagnostics_.error("DM316", document.at,
                         fmt::format("an object in \"{}\" has no apiVersion, kind or metadata.name", path),
                         "every document of a manifest needs all three");
    }
  }

  DesiredWait desired_wait(const domain::Wait& wait, const Component& owner, const Scope& scope,
                           const std::string& ns) {
    DesiredWait desired{.resource = text(wait.resource, scope),
                        .ns = ns,
                        .condition = wait.condition,
                        .jsonpath = wait.jsonpath,
                        .value = wait.value,
                        .timeout = wait.timeout};
    const auto kind = desired.resource.substr(0, desired.resource.find('/'));
    const auto custom = support::contains(kind, ".");
    desired.skipped = context_.facts.simulated && custom && stages_of(owner) == nullptr;
    return desired;
  }

  void add_release(const domain::Release& release) {
    DesiredRelease desired{.ns = desired_.ns, .name = text(release.name, wiring_.scope), .timeout = release.timeout};
    check_name(desired.name, release.name.at, "release", true);
    const auto& config = context_.workspace.configs.at(component_.name);
    locate_chart(release.chart, config, context_, desired);
    std::vector<std::string> contents;
    for (const auto& values : release.values) {
      const auto file = config.files.find(values.text);
      if (file == config.files.end()) continue;  // reported while loading
      desired.values.push_back(file->second.path);
      contents.push_back(file->second.content);
    }
    if (!release.set.is_null()) {
      const auto set = substitute(release.set, wiring_.scope, condition_test(), diagnostics_);
      desired.set = to_symbolic(support::write_json(set));
    }
    desired.digest = release_digest(desired, contents, chart_digest(release.chart, config));
    desired_.releases.push_back(std::move(desired));
  }

  const Component& component_;
  const Selection& selection_;
  const Context& context_;
  Diagnostics& diagnostics_;
  Wiring wiring_;
  DesiredComponent desired_{};
};

}  // namespace

DesiredComponent desire(const SelectedComponent& selected, const Selection& selection, const Context& context,
                        Diagnostics& diagnostics) {
  return Desirer(selected, selection, context, diagnostics).run();
}

}  // namespace datamill::planner
