#include "planner/wiring.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::planner {

using domain::Component;
using support::Diagnostics;
using support::Node;

namespace {

const ConditionTest kNoConditions = [](const Node&) { return false; };

/// "s3.endpoint", "s3.secret.name", ... into the scope.
void add_outputs(Scope& scope, const std::string& prefix, const Node& outputs) {
  for (const auto& entry : outputs.entries) {
    const auto name = prefix + "." + entry.key;
    if (entry.value.is_map()) {
      add_outputs(scope, name, entry.value);
    } else {
      scope.set(name, entry.value);
    }
  }
}

Node outputs_of(const Binding& binding, const std::string& capability, const Context& context,
                Diagnostics& diagnostics) {
  if (binding.service != nullptr) return binding.service->outputs;
  const auto scope = provider_scope(*binding.component, context, diagnostics);
  for (const auto& provision : binding.component->provides) {
    if (provision.capability == capability) return substitute(provision.outputs, scope, kNoConditions, diagnostics);
  }
  return Node::map();
}

/// The keys of a capability's Secret are the values of its `secret` output but the name: {name: x, access_key: id}.
std::vector<std::string> keys_in_output(const Node& secret) {
  std::vector<std::string> keys;
  for (const auto& entry : secret.entries) {
    if (entry.key != "name") keys.push_back(entry.value.scalar);
  }
  return keys;
}

bool mentions(const std::vector<domain::Need>& needs, const std::string& capability) {
  return std::any_of(needs.begin(), needs.end(), [&](const auto& need) { return need.name == capability; });
}

/// A database per consumer: its own name and Secret stand for the provider's outputs.
void add_own_database(const Component& component, Scope& scope, Diagnostics& diagnostics) {
  if (component.databases.empty()) return;
  const auto& database = component.databases.front();
  scope.set_text("postgres.database", substitute_text(database.name.text, database.name.at, scope, diagnostics));
  scope.set_text("postgres.secret.name",
                 substitute_text(database.owner_secret.text, database.owner_secret.at, scope, diagnostics));
  scope.set_text("postgres.secret.username", "username");
  scope.set_text("postgres.secret.password", "password");
}

class Wirer {
public:
  Wirer(const SelectedComponent& selected, const Context& context, Diagnostics& diagnostics)
      : selected_(selected), component_(*selected.component), context_(context), diagnostics_(diagnostics) {}

  Wiring run(const Selection& selection) {
    wiring_.scope = base_scope(component_, context_, diagnostics_);
    add_images(component_, context_, wiring_.scope, wiring_.images, diagnostics_);
    auto keys = secret_keys(component_, wiring_.scope, diagnostics_);
    for (const auto& [capability, definition] : context_.workspace.capabilities) {
      const auto binding = selection.bindings.find(capability);
      if (binding == selection.bindings.end() || is_empty(binding->second)) {
        wiring_.scope.set_absent(capability, "nothing provides it in this flavour");
      } else if (uses(capability)) {
        add(binding->second, capability, keys);
      } else {
        wiring_.scope.set_absent(capability,
                                 fmt::format("\"{}\" does not list it under `needs:` or `uses:`", component_.name));
      }
    }
    add_own_database(component_, wiring_.scope, diagnostics_);
    wiring_.scope.set_secrets(selected_.ns, std::move(keys));
    return std::move(wiring_);
  }

private:
  static bool is_empty(const Binding& binding) { return binding.component == nullptr && binding.service == nullptr; }

  [[nodiscard]] bool uses(const std::string& capability) const {
    return mentions(component_.needs, capability) || mentions(component_.uses, capability);
  }

  void add(const Binding& binding, const std::string& capability,
           std::map<std::string, std::vector<std::string>>& keys) {
    const auto outputs = outputs_of(binding, capability, context_, diagnostics_);
    add_outputs(wiring_.scope, capability, outputs);
    const auto* secret = outputs.find("secret");
    if (secret == nullptr || secret->text_at("name").empty() || binding.component == component()) return;
    const auto name = std::string(secret->text_at("name"));
    keys.emplace(name, keys_in_output(*secret));
    if (binding.service != nullptr) return;  // the user put it where it is needed
    const auto from = base_scope(*binding.component, context_, diagnostics_).find("namespace")->scalar;
    if (from != selected_.ns) {
      wiring_.copies.push_back({.from_ns = from, .to_ns = selected_.ns, .name = name, .keys = keys_in_output(*secret)});
    }
  }

  [[nodiscard]] const Component* component() const { return selected_.component; }

  const SelectedComponent& selected_;
  const Component& component_;
  const Context& context_;
  Diagnostics& diagnostics_;
  Wiring wiring_{};
};

}  // namespace

std::map<std::string, std::vector<std::string>> secret_keys(const Component& component, const Scope& scope,
                                                            Diagnostics& diagnostics) {
  std::map<std::string, std::vector<std::string>> keys;
  for (const auto& secret : component.secrets) {
    auto& list = keys[substitute_text(secret.name.text, secret.name.at, scope, diagnostics)];
    for (const auto& [key, value] : secret.keys)
      list.push_back(key);
  }
  return keys;
}

Scope provider_scope(const Component& provider, const Context& context, Diagnostics& diagnostics) {
  auto scope = base_scope(provider, context, diagnostics);
  std::vector<const domain::Image*> images;
  Diagnostics reported_with_the_provider;
  add_images(provider, context, scope, images, reported_with_the_provider);
  auto keys = secret_keys(provider, scope, diagnostics);
  const auto ns = scope.find("namespace")->scalar;
  // Its own outputs too (without Secrets' values), so that a bucket's Job can name the endpoint.
  for (const auto& provision : provider.provides) {
    add_outputs(scope, provision.capability, substitute(provision.outputs, scope, kNoConditions, diagnostics));
  }
  scope.set_secrets(ns, std::move(keys));
  return scope;
}

Wiring wire(const SelectedComponent& selected, const Selection& selection, const Context& context,
            Diagnostics& diagnostics) {
  return Wirer(selected, context, diagnostics).run(selection);
}

}  // namespace datamill::planner
