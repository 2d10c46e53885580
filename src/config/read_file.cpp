#include "config/read_file.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::config {

namespace {

std::string hint_for(const std::string& problem) {
  if (problem == "Is a directory") return "give the file in it";
  if (problem == "Permission denied") return "let yourself read it: chmod u+r";
  return {};
}

}  // namespace

std::optional<std::string> read_text(const support::FileSource& files, const std::string& path,
                                     support::Diagnostics& diagnostics) {
  auto result = files.read(path, kMaxFileBytes);
  if (result.text) return std::move(result.text);
  const bool too_large = support::contains(result.problem, "larger than");
  const support::SourceRef at{.file = support::FileName(path)};
  if (too_large)
    diagnostics.error("DM108", at, fmt::format("the file is {}", result.problem),
                      "configuration files are small; is this the right file?");
  else
    diagnostics.error("DM109", at, fmt::format("the file cannot be read: {}", result.problem),
                      hint_for(result.problem));
  return std::nullopt;
}

std::optional<support::Node> read_yaml(const support::FileSource& files, const std::string& path,
                                       support::Diagnostics& diagnostics) {
  const auto text = read_text(files, path, diagnostics);
  if (!text) return std::nullopt;
  auto documents = parse_yaml(*text, path, Documents::one, diagnostics);
  if (!documents) return std::nullopt;
  if (!documents->empty()) return std::move(documents->front());
  support::Node nothing;
  nothing.at.file = support::FileName(path);
  return nothing;
}

}  // namespace datamill::config
