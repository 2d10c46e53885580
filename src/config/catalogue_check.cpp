#include "config/catalogue.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::Component;
using domain::Condition;
using domain::ManifestSet;
using domain::Need;

namespace {

/// Checks one component against the others.
class Check {
public:
  Check(const Component& component, const Catalogue& catalogue, const Capabilities& capabilities,
        support::Diagnostics& diagnostics)
      : component_(component), catalogue_(catalogue), capabilities_(capabilities), diagnostics_(diagnostics) {}

  void provisions() const {
    for (const auto& provision : component_.provides) {
      const auto capability = capabilities_.by_name.find(provision.capability);
      if (capability != capabilities_.by_name.end())
        check_outputs(capability->second, provision.outputs, provision.at, who(), "DM141", diagnostics_);
      else
        unknown_capability("DM140", provision.capability, provision.at);
    }
    for (const auto& name : component_.default_for) {
      const auto same = [&](const domain::Provision& p) { return p.capability == name; };
      if (std::none_of(component_.provides.begin(), component_.provides.end(), same))
        diagnostics_.error("DM145", component_.at,
                           fmt::format("{} is the default for \"{}\", which it does not provide", who(), name));
    }
  }

  void needs() const {
    for (const auto& need : component_.needs) {
      if (is_known(need.name)) continue;
      diagnostics_.error(
          "DM142", need.at,
          fmt::format("{} needs \"{}\", which is neither a capability nor a component", who(), need.name),
          hint_for(need.name));
    }
  }

  void soft_relations() const {
    const auto check = [&](const std::vector<Need>& relations, std::string_view key) {
      for (const auto& relation : relations) {
        if (!is_known(relation.name))
          diagnostics_.warning(
              "DM143", relation.at,
              fmt::format("\"{}\" in \"{}\" of {} is neither a capability nor a component", relation.name, key, who()),
              hint_for(relation.name));
      }
    };
    check(component_.uses, "uses");
    check(component_.after, "after");
    check(component_.conflicts, "conflicts");
  }

  void conditions() const {
    for (const auto* relations : {&component_.needs, &component_.uses, &component_.after, &component_.conflicts}) {
      for (const auto& relation : *relations)
        condition(relation.when);
    }
    for (const auto& secret : component_.secrets)
      condition(secret.when);
    for (const auto& release : component_.releases)
      condition(release.when);
    for (const auto* manifests : {&component_.manifests, &component_.per_bucket, &component_.per_database}) {
      for (const auto& manifest : *manifests)
        manifest_conditions(manifest);
    }
  }

  void databases() const {
    for (const auto& database : component_.databases) {
      const auto same = [&](const domain::SecretSpec& s) { return s.name.text == database.owner_secret.text; };
      if (!database.owner_secret.empty() && std::none_of(component_.secrets.begin(), component_.secrets.end(), same))
        diagnostics_.error("DM146", database.owner_secret.at,
                           fmt::format("{} has no secret \"{}\" for its database", who(), database.owner_secret.text),
                           "add it under secrets, of type kubernetes.io/basic-auth");
    }
  }

private:
  [[nodiscard]] std::string who() const { return fmt::format("component \"{}\"", component_.name); }

  [[nodiscard]] bool is_known(const std::string& name) const {
    if (capabilities_.by_name.count(name) > 0) return true;
    const Component* component = catalogue_.find(name);
    return component != nullptr && !component->retired();
  }

  [[nodiscard]] std::string hint_for(const std::string& name) const {
    const Component* component = catalogue_.find(name);
    if (component != nullptr && !component->replaced_by.empty())
      return fmt::format("\"{}\" is retired; write {}", name, component->replaced_by);
    auto names = catalogue_.names();
    for (auto& capability : capabilities_.names())
      names.push_back(std::move(capability));
    return support::did_you_mean(name, names);
  }

  void unknown_capability(std::string_view code, const std::string& name, const support::SourceRef& at) const {
    std::string hint = support::did_you_mean(name, capabilities_.names());
    if (hint.empty()) hint = "data/capabilities.yaml names them all";
    diagnostics_.error(code, at, fmt::format("there is no capability \"{}\"", name), hint);
  }

  void condition(const std::optional<Condition>& when) const {
    if (!when) return;
    switch (when->subject) {
    case Condition::Subject::fact: return;
    case Condition::Subject::capability:
      if (capabilities_.by_name.count(when->name) == 0) unknown_capability("DM136", when->name, when->at);
      return;
    case Condition::Subject::setting: break;
    }
    std::vector<std::string> names;
    names.reserve(component_.settings.size());
    for (const auto& setting : component_.settings)
      names.push_back(setting.name);
    if (std::find(names.begin(), names.end(), when->name) == names.end())
      diagnostics_.error("DM136", when->at, fmt::format("{} has no setting \"{}\"", who(), when->name),
                         support::did_you_mean(when->name, names));
  }

  void manifest_conditions(const ManifestSet& manifest) const {
    condition(manifest.when);
    for (const auto& wait : manifest.waits)
      condition(wait.when);
  }

  const Component& component_;
  const Catalogue& catalogue_;
  const Capabilities& capabilities_;
  support::Diagnostics& diagnostics_;
};

void check_defaults(const Catalogue& catalogue, support::Diagnostics& diagnostics) {
  std::map<std::string, std::string> chosen;
  for (const auto& [name, component] : catalogue.components) {
    for (const auto& capability : component.default_for) {
      const auto [first, added] = chosen.emplace(capability, name);
      if (!added)
        diagnostics.error("DM145", component.at,
                          fmt::format("components \"{}\" and \"{}\" are both the default for \"{}\"", first->second,
                                      name, capability));
    }
  }
}

}  // namespace

void check_catalogue(const Catalogue& catalogue, const Capabilities& capabilities, bool everything,
                     support::Diagnostics& diagnostics) {
  for (const auto& [name, component] : catalogue.components) {
    if (component.retired()) continue;
    const Check check(component, catalogue, capabilities, diagnostics);
    check.provisions();
    check.needs();
    if (everything) check.soft_relations();
    check.conditions();
    check.databases();
  }
  check_defaults(catalogue, diagnostics);
}

}  // namespace datamill::config
