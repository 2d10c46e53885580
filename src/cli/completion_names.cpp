#include "cli/completion_names.hpp"

#include "datamill/config/yaml.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

namespace {

constexpr std::string_view kEnding = ".yaml";
constexpr std::string_view kSummary = "summary:";

/// A component's file by its first column alone: a tenth of a millisecond each, where reading them as YAML would take
/// as long as the whole answer may. One with a summary can be installed; retired ones have only a reason.
std::string summary_of(const std::string& path, const support::FileSource& files) {
  for (const auto& line : support::split_lines(files.read(path, config::kMaxFileBytes).text.value_or(""))) {
    if (!line.starts_with(kSummary)) continue;
    auto text = std::string(support::trim(std::string_view(line).substr(kSummary.size())));
    return support::replace_all(std::move(text), "\"", "");
  }
  return {};
}

}  // namespace

std::vector<Candidate> file_names(const std::string& folder, const support::FileSource& files) {
  std::vector<Candidate> names;
  for (const auto& name : files.list(folder)) {
    if (name.ends_with(kEnding)) names.push_back({.word = name.substr(0, name.size() - kEnding.size())});
  }
  return names;
}

std::vector<Candidate> component_names(const std::string& root, const std::string& prefix,
                                       const support::FileSource& files) {
  std::vector<Candidate> names;
  const auto folder = root + "/components";
  for (const auto& name : files.list(folder)) {
    if (!name.starts_with(prefix)) continue;
    auto summary = summary_of(fmt::format("{}/{}/component.yaml", folder, name), files);
    if (!summary.empty()) names.push_back({.word = name, .meaning = std::move(summary)});
  }
  return names;
}

std::vector<Candidate> tool_names(const std::string& root, const support::FileSource& files) {
  std::vector<Candidate> names;
  support::Diagnostics ignored;
  const auto text = files.read(root + "/tools.yaml", config::kMaxFileBytes).text.value_or("");
  const auto documents = config::parse_yaml(text, "tools.yaml", config::Documents::one, ignored);
  const auto* tools = !documents || documents->empty() ? nullptr : documents->front().find("tools");
  if (tools == nullptr) return names;
  for (const auto& entry : tools->entries)
    names.push_back({.word = entry.key});
  return names;
}

std::vector<Candidate> image_names(const std::string& root, const support::FileSource& files) {
  std::vector<Candidate> names;
  const auto folder = root + "/images";
  for (const auto& name : files.list(folder)) {
    if (files.kind(fmt::format("{}/{}/Dockerfile", folder, name)) != support::FileSource::Kind::file) continue;
    names.push_back({.word = name, .meaning = summary_of(fmt::format("{}/{}/image.yaml", folder, name), files)});
  }
  return names;
}

}  // namespace datamill::cli
