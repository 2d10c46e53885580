#pragma once

#include "datamill/command/secret.hpp"
#include "datamill/domain/component.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::planner {

/// What the references `${...}` of one component mean: dotted names to values. `secret.NAME.KEY` and outputs of a run
/// become symbols: marked text that to_symbolic() turns into parts.
class Scope {
public:
  void set(std::string name, support::Node value);
  void set_text(std::string name, std::string value) { set(std::move(name), support::Node::text(std::move(value))); }
  /// A name that exists but has no value here, and why: `${s3.endpoint}` where nothing provides s3.
  void set_absent(std::string prefix, std::string why);
  /// Secrets `${secret.NAME.KEY}` may name: name -> keys; they live in `ns`.
  void set_secrets(std::string ns, std::map<std::string, std::vector<std::string>> secrets);

  [[nodiscard]] const support::Node* find(std::string_view name) const;
  [[nodiscard]] std::string why_absent(std::string_view name) const;
  [[nodiscard]] std::optional<command::SecretRef> find_secret(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> names() const;

private:
  std::map<std::string, support::Node, std::less<>> values_{};
  std::map<std::string, std::string, std::less<>> absent_{};
  std::string secret_ns_{};
  std::map<std::string, std::vector<std::string>> secrets_{};
};

/// Replaces references in a text; `$${` is a literal `${`. DM310 unknown reference, DM311 known but without a value
/// here, DM312 not closed, DM313 a map or list inside a text.
[[nodiscard]] std::string substitute_text(std::string_view text, const support::SourceRef& at, const Scope& scope,
                                          support::Diagnostics& diagnostics);
/// In every scalar of a tree. A scalar that is one reference takes the value's type. A map of exactly `when` and
/// `value` is left out where its condition does not hold (`holds` decides), else replaced by the value.
using ConditionTest = std::function<bool(const support::Node& condition)>;
[[nodiscard]] support::Node substitute(const support::Node& node, const Scope& scope, const ConditionTest& holds,
                                       support::Diagnostics& diagnostics);

/// The marks that symbols leave in text, and the way back to parts.
[[nodiscard]] std::string mark(const command::SecretRef& ref);
[[nodiscard]] std::string mark(const command::OutputRef& ref);
[[nodiscard]] command::SymbolicText to_symbolic(std::string_view text);

}  // namespace datamill::planner
