#include "config/component_reader.hpp"
#include "config/shape.hpp"
#include "datamill/support/enum_names.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using domain::CopiedValue;
using domain::RandomValue;
using domain::SecretSpec;
using domain::SecretValue;
using domain::Template;
using support::MapReader;
using support::Node;

namespace {

using Alphabet = RandomValue::Alphabet;

constexpr support::EnumTable<Alphabet, 3> kAlphabets{
    {{Alphabet::alnum, "alnum"}, {Alphabet::hex, "hex"}, {Alphabet::base64, "base64"}}};

RandomValue read_random(const Node& node, const std::string& what, support::Diagnostics& diagnostics) {
  constexpr std::int64_t kFewest = 8;
  constexpr std::int64_t kMost = 256;
  MapReader reader(node, fmt::format("\"random\" of {}", what), diagnostics);
  RandomValue value;
  value.bytes = static_cast<int>(reader.integer("bytes", kFewest, kMost).value_or(value.bytes));
  const auto as = reader.text("as");
  const auto alphabet = as ? support::value_of(kAlphabets, *as) : std::optional(Alphabet::alnum);
  if (!alphabet)
    diagnostics.error("DM137", reader.at("as"), fmt::format("secrets cannot be written as \"{}\"", *as),
                      fmt::format("write one of {}", support::join(support::names_in(kAlphabets), ", ")));
  value.alphabet = alphabet.value_or(Alphabet::alnum);
  reader.finish();
  return value;
}

CopiedValue read_copied(const Node& node, const std::string& what, support::Diagnostics& diagnostics) {
  MapReader reader(node, fmt::format("\"from\" of {}", what), diagnostics);
  (void)reader.required_text("secret");
  CopiedValue value{.secret = read_template(reader, "secret"), .key = reader.required_text("key")};
  reader.finish();
  return value;
}

SecretValue read_value(const Node& node, const std::string& what, support::Diagnostics& diagnostics) {
  if (node.is_scalar()) return Template{.text = node.scalar, .at = node.at};
  MapReader reader(node, what, diagnostics);
  const Node* random = node.is_map() ? node.find("random") : nullptr;
  const Node* from = reader.node("from");
  const auto text = reader.text("template");
  reader.ignore("random");
  reader.finish();
  const int given = (random != nullptr ? 1 : 0) + (from != nullptr ? 1 : 0) + (text ? 1 : 0);
  if (given != 1) {
    diagnostics.error("DM137", node.at, fmt::format("{} must be a text or one of random, from, template", what),
                      "write for example {random: {bytes: 24, as: alnum}}");
    return Template{};
  }
  if (random != nullptr) return read_random(*random, what, diagnostics);
  if (from != nullptr) return read_copied(*from, what, diagnostics);
  return Template{.text = *text, .at = reader.at("template")};
}

SecretSpec read_secret(const Node& item, const std::string& owner, support::Diagnostics& diagnostics) {
  MapReader reader(item, fmt::format("a secret of {}", owner), diagnostics);
  (void)reader.required_text("name");
  SecretSpec secret{.name = read_template(reader, "name"), .at = item.at};
  const std::string what = fmt::format("secret \"{}\" of {}", secret.name.text, owner);
  secret.type = reader.text_or("type", secret.type);
  for (const auto& entry : reader.entries("keys"))
    secret.keys.emplace_back(entry.key,
                             read_value(entry.value, fmt::format("key \"{}\" of {}", entry.key, what), diagnostics));
  if (secret.keys.empty() && item.is_map())
    diagnostics.error("DM137", item.at, fmt::format("{} has no keys", what), "write keys: {NAME: {random: {}}}");
  secret.when = read_condition(reader);
  reader.finish();
  return secret;
}

}  // namespace

std::vector<SecretSpec> read_secrets(MapReader& component) {
  std::vector<SecretSpec> secrets;
  for (const auto& item : component.items("secrets")) {
    secrets.push_back(read_secret(item, component.what(), component.diagnostics()));
    const SecretSpec& added = secrets.back();
    const auto same = [&](const SecretSpec& s) { return s.name.text == added.name.text && !s.when && !added.when; };
    if (std::count_if(secrets.begin(), secrets.end(), same) > 1)
      component.diagnostics().error("DM139", added.name.at,
                                    fmt::format("{} has the secret \"{}\" twice", component.what(), added.name.text));
  }
  return secrets;
}

}  // namespace datamill::config
