#include "datamill/planner/offers.hpp"

#include "datamill/support/text.hpp"
#include "planner/wiring.hpp"

#include <algorithm>

namespace datamill::planner {

using domain::Component;
using support::Diagnostics;
using support::Node;

namespace {

std::string text_of(const domain::Template& written, const Scope& scope, Diagnostics& diagnostics) {
  return substitute_text(written.text, written.at, scope, diagnostics);
}

std::optional<OfferedClient> client_of(const Component& component, const std::string& capability, const Scope& scope,
                                       Diagnostics& diagnostics) {
  for (const auto& client : component.clients) {
    if (client.capability != capability) continue;
    return OfferedClient{.pods = text_of(client.pods, scope, diagnostics),
                         .container = text_of(client.container, scope, diagnostics),
                         .command = client.command,
                         .database = text_of(client.database, scope, diagnostics),
                         .secret = text_of(client.secret, scope, diagnostics),
                         .username_key = client.username_key,
                         .password_key = client.password_key};
  }
  return std::nullopt;
}

Offer offer_of(const Component& component, const std::string& capability, const Context& context,
               Diagnostics& diagnostics) {
  const auto scope = provider_scope(component, context, diagnostics);
  Offer offer{.component = component.name,
              .ns = scope.find("namespace")->scalar,
              .client = client_of(component, capability, scope, diagnostics)};
  const auto never = [](const Node&) { return false; };
  for (const auto& provision : component.provides) {
    if (provision.capability == capability) offer.outputs = substitute(provision.outputs, scope, never, diagnostics);
  }
  return offer;
}

void add_buckets(const SelectedComponent& selected, const Selection& selection, const Context& context,
                 std::vector<std::string>& buckets, Diagnostics& diagnostics) {
  if (selected.component->buckets.empty()) return;
  const auto wiring = wire(selected, selection, context, diagnostics);
  for (const auto& bucket : selected.component->buckets)
    buckets.push_back(text_of(bucket.name, wiring.scope, diagnostics));
}

}  // namespace

std::string Offer::output(std::string_view name) const {
  const auto* node = &outputs;
  for (const auto& part : support::split(name, '.')) {
    node = node->find(part);
    if (node == nullptr) return {};
  }
  return node->scalar;
}

const Offer* Offers::find(const std::string& capability) const {
  const auto found = by_capability.find(capability);
  return found == by_capability.end() ? nullptr : &found->second;
}

std::optional<Offers> find_offers(const Context& context, const SelectionRequest& request, Diagnostics& diagnostics) {
  Diagnostics found;
  Offers offers;
  const auto selection = select_components(context, request, found);
  if (selection) {
    for (const auto& [capability, binding] : selection->bindings) {
      if (binding.service != nullptr)
        offers.by_capability[capability] = {.ns = context.workspace.project.k8s_namespace,
                                            .outputs = binding.service->outputs};
      else if (binding.component != nullptr)
        offers.by_capability[capability] = offer_of(*binding.component, capability, context, found);
    }
    for (const auto& selected : selection->components)
      add_buckets(selected, *selection, context, offers.buckets, found);
    std::sort(offers.buckets.begin(), offers.buckets.end());
    offers.buckets.erase(std::unique(offers.buckets.begin(), offers.buckets.end()), offers.buckets.end());
  }
  const bool failed = found.has_errors() || !selection;
  diagnostics.take(std::move(found));
  if (failed) return std::nullopt;
  return offers;
}

}  // namespace datamill::planner
