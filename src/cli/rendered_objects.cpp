#include "cli/rendered_objects.hpp"

#include "datamill/config/yaml.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace datamill::cli {

using support::Node;

namespace {

constexpr std::array<std::string_view, 6> kTrue{"yes", "Yes", "YES", "on", "On", "ON"};
constexpr std::array<std::string_view, 6> kFalse{"no", "No", "NO", "off", "Off", "OFF"};

bool is_octal(std::string_view text) {
  return text.size() > 1 && text.front() == '0' && text.find_first_not_of("01234567") == std::string_view::npos;
}

void as_kubectl_reads(Node& node) {
  for (auto& item : node.items)
    as_kubectl_reads(item);
  for (auto& entry : node.entries)
    as_kubectl_reads(entry.value);
  if (!node.is_scalar() || node.quoted) return;
  if (std::find(kTrue.begin(), kTrue.end(), node.scalar) != kTrue.end()) node.scalar = "true";
  if (std::find(kFalse.begin(), kFalse.end(), node.scalar) != kFalse.end()) node.scalar = "false";
  if (is_octal(node.scalar)) node.scalar = fmt::format("{}", std::strtoll(node.scalar.c_str(), nullptr, 8));
}

void add(Node object, RenderedObjects& found) {
  if (!object.is_map()) return;
  as_kubectl_reads(object);
  const auto* items = object.find("items");
  if (items != nullptr && object.text_at("kind").ends_with("List")) {
    found.objects.insert(found.objects.end(), items->items.begin(), items->items.end());
  } else {
    found.objects.push_back(std::move(object));
  }
}

/// At lines that begin with "---": within a document such a line cannot stand, for its text is indented.
std::vector<std::string> documents_of(std::string_view text) {
  std::vector<std::string> documents(1);
  for (const auto& line : support::split_lines(text)) {
    if (line.starts_with("---")) {
      documents.emplace_back();
    } else {
      documents.back() += line + "\n";
    }
  }
  return documents;
}

}  // namespace

RenderedObjects read_objects_of(std::string_view text) {
  RenderedObjects found;
  const auto trimmed = support::trim(text);
  if (trimmed.starts_with('{')) {
    for (const auto& line : support::split_lines(trimmed))
      add(support::read_json(line, "an object of the plan"), found);
    return found;
  }
  for (const auto& document : documents_of(text)) {
    support::Diagnostics problems;
    auto nodes = config::parse_yaml(document, "rendered objects", config::Documents::many, problems);
    if (!nodes) {
      ++found.unreadable;
      continue;
    }
    for (auto& node : *nodes)
      add(std::move(node), found);
  }
  return found;
}

}  // namespace datamill::cli
