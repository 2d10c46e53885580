#include "config/shape.hpp"

#include "datamill/domain/target.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::config {

using domain::Condition;
using domain::Template;
using support::MapReader;
using support::Node;

namespace {

std::vector<std::string> fact_names() {
  std::vector<std::string> names;
  for (const auto& fact : domain::Facts{}.all())
    names.push_back(fact.first);
  return names;
}

void check_fact(const Condition& condition, support::Diagnostics& diagnostics) {
  static const std::vector<std::string> known = fact_names();
  if (std::find(known.begin(), known.end(), condition.name) != known.end()) return;
  std::string hint = support::did_you_mean(condition.name, known);
  if (hint.empty()) hint = fmt::format("known facts: {}", support::join(known, ", "));
  diagnostics.error("DM136", condition.at, fmt::format("there is no fact \"{}\"", condition.name), hint);
}

/// The scalar as conditions compare it: booleans in lower case.
std::string comparable(const Node& node) {
  if (support::scalar_type(node) != support::ScalarType::boolean) return node.scalar;
  return node.scalar.front() == 't' || node.scalar.front() == 'T' ? "true" : "false";
}

}  // namespace

Template read_template(MapReader& reader, std::string_view key) {
  auto text = reader.text(key);
  if (!text) return {};
  return {.text = std::move(*text), .at = reader.at(key)};
}

std::vector<Template> read_templates(MapReader& reader, std::string_view key) {
  const Node* value = reader.node(key);
  if (value == nullptr) return {};
  if (value->is_scalar()) return {{.text = value->scalar, .at = value->at}};
  std::vector<Template> out;
  for (const auto& item : reader.items(key)) {
    if (item.is_scalar())
      out.push_back({.text = item.scalar, .at = item.at});
    else
      reader.diagnostics().error("DM121", item.at,
                                 fmt::format("an item of \"{}\" of {} must be text", key, reader.what()));
  }
  return out;
}

std::optional<Condition> read_condition(MapReader& reader) {
  using Subject = Condition::Subject;
  constexpr std::array<std::pair<std::string_view, Subject>, 3> kSubjects{
      {{"fact", Subject::fact}, {"setting", Subject::setting}, {"capability", Subject::capability}}};
  const Node* node = reader.node("when");
  if (node == nullptr) return std::nullopt;
  MapReader when(*node, fmt::format("\"when\" of {}", reader.what()), reader.diagnostics());
  Condition condition{.is = "true", .at = node->at};
  int subjects = 0;
  for (const auto& [key, subject] : kSubjects) {
    const auto name = when.text(key);
    if (!name) continue;
    condition.subject = subject;
    condition.name = *name;
    condition.at = when.at(key);
    ++subjects;
  }
  const Node* is = when.node("is");
  if (is != nullptr && is->is_scalar())
    condition.is = comparable(*is);
  else
    (void)when.text("is");  // reports a list or a map
  when.finish();
  if (subjects != 1) {
    reader.diagnostics().error("DM136", node->at,
                               fmt::format("{} must name one of fact, setting, capability", when.what()),
                               "write for example {fact: simulated, is: false}");
    return std::nullopt;
  }
  if (condition.subject == Subject::fact) check_fact(condition, reader.diagnostics());
  return condition;
}

bool is_quantity(std::string_view text) {
  constexpr std::array<std::string_view, 16> kSuffixes{"",  "m", "k", "K",  "M",  "G",  "T",  "P",
                                                       "E", "n", "u", "Ki", "Mi", "Gi", "Ti", "Pi"};
  constexpr std::string_view kDigits = "0123456789";
  const auto whole = std::min(text.find_first_not_of(kDigits), text.size());
  if (whole == 0) return false;
  text.remove_prefix(whole);
  if (!text.empty() && text.front() == '.') {
    const auto fraction = std::min(text.find_first_not_of(kDigits, 1), text.size());
    if (fraction == 1) return false;
    text.remove_prefix(fraction);
  }
  return std::find(kSuffixes.begin(), kSuffixes.end(), text) != kSuffixes.end();
}

}  // namespace datamill::config
