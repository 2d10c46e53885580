#include "cli/folders.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace datamill::cli {

namespace fs = std::filesystem;
using support::Environment;
using support::ExitCode;
using support::Failure;

namespace {

/// XDG Base Directory specification: a relative path in these variables is invalid and must be ignored.
std::string xdg(const Environment& environment, std::string_view variable, std::string_view below_home) {
  const auto value = environment.get(variable);
  if (!value.empty() && value.front() == '/') return value;
  const auto home = environment.get("HOME");
  return home.empty() || home.front() != '/' ? std::string{} : fmt::format("{}/{}", home, below_home);
}

std::string choose(const std::string& explicit_path, const std::string& base, std::string_view fallback_name) {
  if (!explicit_path.empty()) return fs::absolute(explicit_path).lexically_normal().string();
  if (!base.empty()) return base + "/datamill";
  return fmt::format("/var/tmp/datamill-{}/{}", getuid(), fallback_name);
}

[[noreturn]] void refuse(const std::string& path, int error) {
  const std::string reason = std::generic_category().message(error);
  if (error == ENOSPC || error == EDQUOT) {
    throw Failure(ExitCode::usage, "DM561", fmt::format("no space for the state folder \"{}\": {}", path, reason),
                  "free some space there, or choose another place with --state-dir DIR (or DATAMILL_STATE_DIR)");
  }
  throw Failure(ExitCode::usage, "DM560", fmt::format("the state folder \"{}\" cannot be written: {}", path, reason),
                "choose another place with --state-dir DIR (or DATAMILL_STATE_DIR)");
}

void check_owner(const std::string& path) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0) refuse(path, errno);
  if (info.st_uid == getuid()) return;
  throw Failure(ExitCode::usage, "DM562", fmt::format("the state folder \"{}\" belongs to another user", path),
                "choose a folder of your own with --state-dir DIR (or DATAMILL_STATE_DIR)");
}

/// A small file is written, synced and removed: on a full disk making a folder still works.
void prove_writable(const std::string& folder) {
  const auto path = fmt::format("{}/.probe-{}", folder, getpid());
  const int fd = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) refuse(folder, errno);
  constexpr std::array<char, 4096> kBlock{};
  const auto written = write(fd, kBlock.data(), kBlock.size());
  const int error = written == static_cast<ssize_t>(kBlock.size()) ? 0 : (written < 0 ? errno : ENOSPC);
  close(fd);
  unlink(path.c_str());
  if (error != 0) refuse(folder, error);
}

}  // namespace

Folders find_folders(const Options& options, const Environment& environment) {
  Folders folders;
  const auto state = options.state_dir.empty() ? environment.get("DATAMILL_STATE_DIR") : options.state_dir;
  folders.state = choose(state, xdg(environment, "XDG_STATE_HOME", ".local/state"), "state");
  folders.cache = choose(environment.get("DATAMILL_CACHE_DIR"), xdg(environment, "XDG_CACHE_HOME", ".cache"), "cache");
  const auto config = xdg(environment, "XDG_CONFIG_HOME", ".config");
  if (!config.empty()) folders.user_file = config + "/datamill/config.yaml";
  return folders;
}

void prepare_state(const Folders& folders) {
  std::error_code error;
  fs::create_directories(folders.state, error);
  if (error) refuse(folders.state, error.value());
  check_owner(folders.state);
  // Credentials of clusters stand below it.
  if (chmod(folders.state.c_str(), 0700) != 0) refuse(folders.state, errno);
  prove_writable(folders.state);
  for (const auto* name : {"clusters", "runs", "locks"}) {
    const auto folder = folders.state + "/" + name;
    fs::create_directories(folder, error);
    if (error) refuse(folder, error.value());
  }
}

}  // namespace datamill::cli
