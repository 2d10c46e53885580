#pragma once

#include "datamill/plan/plan.hpp"
#include "toolbox/tools_file.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace datamill::toolbox {

struct BuildContext {
  std::string folder{};                                       ///< of this build alone, absolute, empty
  std::string platform{};                                     ///< "linux-amd64"
  std::vector<std::string> tools{};                           ///< which of the recipe's tools are wanted
  std::vector<std::pair<std::string, std::string>> go_env{};  ///< see go_environment()
  std::string go_language{};                                  ///< "1.26": the go line of a module of our own
  std::string module_file{};  ///< the module's own go.mod, where replacements are needed
};

/// The steps that build the wanted tools: files first, then one command. Results lie in output_folder(). Pure.
[[nodiscard]] std::vector<plan::Step> build_steps(const BuildRecipe& recipe, const BuildContext& context);

/// <folder>/out
[[nodiscard]] std::string output_folder(const BuildContext& context);

/// Prints where the module's own go.mod lies (JSON with "GoMod"), without fetching its sources.
[[nodiscard]] command::Command module_file_command(const BuildRecipe& recipe, const BuildContext& context);

/// `replace` lines for every replacement by a local folder in a go.mod: such folders are not part of a published
/// module, so they become the modules of that name at `version`. In the order of the file.
[[nodiscard]] std::vector<std::string> local_replacements(std::string_view go_mod, std::string_view version);

struct GoSetup {
  bool own = false;  ///< fetched by us: then its caches lie in ours, not in the user's home
  bool has_home = true;
  std::string cache{};  ///< $XDG_CACHE_HOME/datamill
};

/// Additions to the environment of every go command: no cgo, no other toolchain, no workspace around us. GOFLAGS and
/// GOPROXY stay the user's.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> go_environment(const GoSetup& setup);

}  // namespace datamill::toolbox
