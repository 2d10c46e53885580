#include "cli/image_release.hpp"

#include "datamill/config/yaml.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <map>

namespace datamill::cli {

using support::FileSource;

namespace {

constexpr int kDeepest = 6;

bool is_tag_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

std::size_t end_of_tag(std::string_view text, std::size_t at) {
  while (at < text.size() && is_tag_character(text[at]))
    ++at;
  constexpr std::string_view kDigest = "@sha256:";
  if (!text.substr(at).starts_with(kDigest)) return at;
  at += kDigest.size();
  while (at < text.size() && is_tag_character(text[at]))
    ++at;
  return at;
}

void add_files(const std::string& folder, int depth, const FileSource& files, std::vector<std::string>& found) {
  for (const auto& name : files.list(folder)) {
    const auto path = fmt::format("{}/{}", folder, name);
    if (files.kind(path) == FileSource::Kind::directory) {
      if (depth < kDeepest) add_files(path, depth + 1, files, found);
    } else if (name.ends_with(".yaml") || name.ends_with(".yml")) {
      found.push_back(path);
    }
  }
}

}  // namespace

std::string with_new_tags(std::string_view text, std::string_view registry,
                          const std::vector<const domain::Image*>& images) {
  std::string result(text);
  for (const auto* image : images) {
    const auto name = fmt::format("{}/{}:", registry, image->name);
    for (auto at = result.find(name); at != std::string::npos; at = result.find(name, at + name.size())) {
      const auto begin = at + name.size();
      // "x.example/acme/notebook" is no reference into "example/acme".
      if (at > 0 && (is_tag_character(result[at - 1]) || result[at - 1] == '/')) continue;
      const auto end = end_of_tag(result, begin);
      if (end > begin) result.replace(begin, end - begin, image->tag());
    }
  }
  return result;
}

std::string release_record(std::string_view before, std::string_view registry, std::string_view revision,
                           const std::vector<const domain::Image*>& images) {
  std::map<std::string, std::string> rows;
  support::Diagnostics unread;
  if (const auto documents = config::parse_yaml(before, "released.yaml", config::Documents::one, unread);
      documents && !documents->empty()) {
    if (const auto* list = documents->front().find("images")) {
      for (const auto& entry : list->entries)
        rows[entry.key] = fmt::format("{{reference: \"{}\", revision: \"{}\"}}", entry.value.text_at("reference"),
                                      entry.value.text_at("revision"));
    }
  }
  for (const auto* image : images)
    rows[image->name] =
        fmt::format("{{reference: \"{}\", revision: \"{}\"}}", image_reference(registry, *image), revision);
  std::string text =
      "# What `datamill images release` released last, and at which revision of this repository.\nimages:\n";
  for (const auto& [name, row] : rows)
    text += fmt::format("  {}: {}\n", name, row);
  return text;
}

std::vector<std::string> files_with_references(const std::string& root, const FileSource& files) {
  std::vector<std::string> found;
  for (const auto* folder : {"components", "flavours", "k8s-targets", "charts"})
    add_files(fmt::format("{}/{}", root, folder), 0, files, found);
  return found;
}

}  // namespace datamill::cli
