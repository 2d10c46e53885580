#include "config/paths.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace datamill::config {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kReference = "${env.";

std::optional<std::string> variable(std::string_view name, std::string_view path,
                                    const support::Environment& environment, const support::SourceRef& at,
                                    support::Diagnostics& diagnostics) {
  std::string value = environment.get(name);
  if (!value.empty()) return value;
  diagnostics.error("DM243", at,
                    fmt::format("the path \"{}\" needs the environment variable {}, which is not set", path, name),
                    fmt::format("set {}, or write the path out", name));
  return std::nullopt;
}

}  // namespace

std::string join_path(std::string_view folder, std::string_view path) {
  std::string joined = (fs::path(folder) / fs::path(path)).lexically_normal().string();
  while (joined.size() > 1 && joined.back() == '/')
    joined.pop_back();
  return joined;
}

std::string folder_of(std::string_view file) {
  return fs::path(file).parent_path().string();
}

std::string base_name(std::string_view file) {
  return fs::path(file).filename().string();
}

std::string stem_of(std::string_view file) {
  return fs::path(file).stem().string();
}

bool is_yaml_name(std::string_view file) {
  const auto extension = fs::path(file).extension();
  return extension == ".yaml" || extension == ".yml";
}

std::optional<std::string> expand_path(std::string_view path, const support::Environment& environment,
                                       const support::SourceRef& at, support::Diagnostics& diagnostics) {
  std::string out;
  std::string_view rest = path;
  if (rest == "~" || rest.substr(0, 2) == "~/") {
    const auto home = variable("HOME", path, environment, at, diagnostics);
    if (!home) return std::nullopt;
    out = *home;
    rest.remove_prefix(1);
  }
  for (auto start = rest.find(kReference); start != std::string_view::npos; start = rest.find(kReference)) {
    const auto end = rest.find('}', start);
    if (end == std::string_view::npos) break;
    const auto name = rest.substr(start + kReference.size(), end - start - kReference.size());
    const auto value = variable(name, path, environment, at, diagnostics);
    if (!value) return std::nullopt;
    out += rest.substr(0, start);
    out += *value;
    rest.remove_prefix(end + 1);
  }
  out += rest;
  return out;
}

std::optional<std::string> resolve_path(std::string_view path, const support::Environment& environment,
                                        const support::SourceRef& at, support::Diagnostics& diagnostics) {
  const auto expanded = expand_path(path, environment, at, diagnostics);
  if (!expanded) return std::nullopt;
  return join_path(folder_of(at.file.str()), *expanded);
}

}  // namespace datamill::config
