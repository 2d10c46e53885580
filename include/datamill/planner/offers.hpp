#pragma once

#include "datamill/planner/context.hpp"
#include "datamill/planner/selection.hpp"
#include "datamill/support/diagnostic.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace datamill::planner {

/// domain::ClientSpec with its references replaced.
struct OfferedClient {
  std::string pods{};
  std::string container{};
  std::vector<std::string> command{};
  std::string database{};
  std::string secret{};  ///< "" where there is no login
  std::string username_key{};
  std::string password_key{};
};

/// A capability as the people who work with it need it.
struct Offer {
  std::string component{};  ///< "" where a service outside provides it
  std::string ns{};         ///< of the component; for a service outside the flavour's: its Secret is there
  support::Node outputs{};  ///< data/capabilities.yaml names them, all references replaced
  std::optional<OfferedClient> client{};

  /// A scalar output: "endpoint", "secret.name"; "" where there is none.
  [[nodiscard]] std::string output(std::string_view name) const;
};

struct Offers {
  std::map<std::string, Offer> by_capability{};
  std::vector<std::string> buckets{};  ///< all that its components want, each once, sorted

  [[nodiscard]] const Offer* find(const std::string& capability) const;
};

/// What the components of a request offer to people and to programs of theirs. Codes: those of select_components() and
/// of resolving a component.
/// @returns nullopt if and only if an error was added
[[nodiscard]] std::optional<Offers> find_offers(const Context& context, const SelectionRequest& request,
                                                support::Diagnostics& diagnostics);

}  // namespace datamill::planner
