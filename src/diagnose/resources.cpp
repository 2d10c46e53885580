#include "diagnose/resources.hpp"

#include "datamill/support/quantity.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace datamill::diagnose {

using support::Node;

namespace {

Amounts amounts_in(const Node* map) {
  Amounts amounts;
  if (map == nullptr) return amounts;
  for (const auto& entry : map->entries) {
    if (const auto amount = support::parse_quantity(entry.value.scalar)) amounts[entry.key] = *amount;
  }
  return amounts;
}

/// Requests default to limits (kubernetes docs, "Resource Management"); the API server writes that down, templates not.
Amounts requests_of_container(const Node& container) {
  auto amounts = amounts_in(container.find_path({"resources", "limits"}));
  for (const auto& [resource, amount] : amounts_in(container.find_path({"resources", "requests"})))
    amounts[resource] = amount;
  return amounts;
}

void add(Amounts& sum, const Amounts& more) {
  for (const auto& [resource, amount] : more)
    sum[resource] += amount;
}

void raise(Amounts& most, const Amounts& other) {
  for (const auto& [resource, amount] : other)
    most[resource] = std::max(most[resource], amount);
}

std::string bytes_text(double bytes) {
  constexpr std::array<std::string_view, 6> kUnits{"", "Ki", "Mi", "Gi", "Ti", "Pi"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  const bool whole = bytes >= 100 || std::floor(bytes) == bytes;
  return whole ? fmt::format("{:.0f}{}", bytes, kUnits[unit]) : fmt::format("{:.1f}{}", bytes, kUnits[unit]);
}

bool is_in_bytes(std::string_view resource) {
  return resource == "memory" || resource == "ephemeral-storage" || resource.starts_with("hugepages-");
}

}  // namespace

Amounts requests_of(const Node& pod) {
  Amounts together;  // of sidecars, then of the containers too
  Amounts greediest;
  for (const auto& container : items_at(pod, {"spec", "initContainers"})) {
    const auto own = requests_of_container(container);
    if (container.text_at("restartPolicy") == "Always") {
      add(together, own);
      raise(greediest, together);
    } else {
      auto peak = together;
      add(peak, own);
      raise(greediest, peak);
    }
  }
  for (const auto& container : items_at(pod, {"spec", "containers"}))
    add(together, requests_of_container(container));
  raise(together, greediest);
  add(together, amounts_in(pod.find_path({"spec", "overhead"})));
  return together;
}

Amounts allocatable_of(const Node& node) {
  return amounts_in(node.find_path({"status", "allocatable"}));
}

std::string amount_text(std::string_view resource, double amount) {
  if (is_in_bytes(resource)) return bytes_text(std::max(0.0, amount));
  if (resource != "cpu") return fmt::format("{:.0f}", amount);
  const double thousandths = std::round(amount * 1000);
  if (thousandths != 0 && std::abs(thousandths) < 1000) return fmt::format("{:.0f}m", thousandths);
  return fmt::format("{:.12g}", std::round(amount * 10) / 10);
}

}  // namespace datamill::diagnose
