#include "cli/program_name.hpp"

#include "datamill/command/command.hpp"
#include "datamill/support/text.hpp"

#include <filesystem>

namespace datamill::cli {

std::string program_name(const std::string& executable, const std::string& working_directory,
                         const support::Environment& environment) {
  constexpr std::string_view kName = "datamill";
  if (executable.empty()) return std::string(kName);
  std::error_code error;
  for (const auto& folder : support::split(environment.get("PATH"), ':')) {
    const auto candidate = std::filesystem::path(folder) / kName;
    if (!folder.empty() && std::filesystem::equivalent(candidate, executable, error)) return std::string(kName);
  }
  const auto prefix = working_directory + "/";
  const bool below = !working_directory.empty() && executable.compare(0, prefix.size(), prefix) == 0;
  return command::shell_quote(below ? executable.substr(prefix.size()) : executable);
}

}  // namespace datamill::cli
