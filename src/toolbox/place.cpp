#include "toolbox/place.hpp"

#include "toolbox/files.hpp"
#include "toolbox/find.hpp"
#include "toolbox/probe.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <sys/utsname.h>
#include <utility>

namespace datamill::toolbox {

namespace fs = std::filesystem;

namespace {

std::string move_into_cache(const Services& services, const ToolSpec& tool, const Fetched& fetched) {
  const fs::path target = fetched.tree ? fs::path(cache_folder(tool, services.paths.cache))
                                       : fs::path(cache_path(tool, services.paths.cache));
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  // A folder can only be renamed over an empty one: what is there was found unusable.
  if (fetched.tree) fs::remove_all(target, error);
  fs::rename(fetched.path, target, error);
  return error ? fmt::format("not movable to \"{}\": {}", target.string(), error.message()) : std::string();
}

}  // namespace

std::string place(const Services& services, const Wanted& wanted, const Fetched& fetched) {
  const ToolSpec& tool = *wanted.tool;
  const std::string binary = fetched.tree ? fetched.path + "/" + tool.binary : fetched.path;
  std::error_code error;
  fs::permissions(binary,
                  fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read |
                      fs::perms::others_exec,
                  error);
  if (error) return fmt::format("not usable: it holds no {} ({})", tool.binary, error.message());
  const auto probed = probe_all({{.tool = &tool, .path = binary}}, services.probes, services.runner).front();
  if (!probed.problem.empty()) return fmt::format("not usable: it {}", probed.problem);
  if (auto problem = version_problem(tool, fetched.origin, probed.version); !problem.empty())
    return fmt::format("not usable: it {}", problem);
  if (auto problem = move_into_cache(services, tool, fetched); !problem.empty()) return problem;
  ToolStatus& status = *wanted.status;
  status.origin = fetched.origin;
  status.path = cache_path(tool, services.paths.cache);
  status.version = probed.version;
  status.problem.clear();
  status.code.clear();
  services.probes.put(status.path, probed.version);
  services.probes.save();
  return {};
}

std::string this_platform() {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kMachines{
      {{"x86_64", "amd64"}, {"amd64", "amd64"}, {"aarch64", "arm64"}, {"arm64", "arm64"}}};
  utsname name{};
  if (uname(&name) != 0) return {};
  const std::string_view system = std::string_view(name.sysname) == "Darwin" ? "darwin" : "linux";
  for (const auto& [machine, platform] : kMachines) {
    if (machine == name.machine) return fmt::format("{}-{}", system, platform);
  }
  return {};
}

}  // namespace datamill::toolbox
