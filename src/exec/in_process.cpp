#include "exec/in_process.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <system_error>

namespace datamill::exec {
namespace {

namespace fs = std::filesystem;
using support::ExitCode;
using support::Failure;

std::string reason(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void refuse(std::string_view what, const std::string& path, int error) {
  throw Failure{ExitCode::step_failed, "DM520", fmt::format("cannot {} \"{}\": {}", what, path, reason(error)),
                error == ENOSPC || error == EDQUOT ? "make room on that disk (`df -h` shows how much is left)"
                                                   : "check that the folder exists and belongs to you"};
}

void make_folders(const fs::path& folder) {
  std::error_code ignored;
  if (folder.empty() || fs::is_directory(folder, ignored)) return;
  make_folders(folder.parent_path());
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) refuse("make the folder", folder.string(), errno);
}

/// 0, or errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

int fill_file(int fd, const std::string& content, unsigned mode) {
  if (fchmod(fd, mode) != 0) return errno;
  if (const int error = write_all(fd, content); error != 0) return error;
  return fsync(fd) == 0 ? 0 : errno;
}

}  // namespace

bool is_already_done(const plan::Step& step) {
  std::error_code ignored;
  return step.guard && fs::exists(step.guard->path, ignored);
}

void write_atomically(const std::string& path, const std::string& content, unsigned mode) {
  make_folders(fs::path{path}.parent_path());
  std::string temporary = path + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) refuse("write", path, errno);
  int error = fill_file(fd, content, mode);
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return;
  (void)::unlink(temporary.c_str());
  refuse("write", path, error);
}

void write_file(const plan::WriteFile& file, const SecretStore& secrets) {
  const command::Secret content = command::CommandResolver::resolve_text(file.content, secrets);
  write_atomically(file.path, content.reveal(), file.mode);
}

void remove_path(const plan::RemovePath& path) {
  if (path.path.empty() || fs::path{path.path}.lexically_normal() == fs::path{"/"}) {
    throw Failure{ExitCode::step_failed, "DM521", fmt::format("\"{}\" must not be removed", path.path)};
  }
  std::error_code error;
  fs::remove_all(path.path, error);
  if (!error) return;
  throw Failure{ExitCode::step_failed, "DM521",
                fmt::format("cannot remove \"{}\": {}", path.path, reason(error.value())),
                fmt::format("remove it with `rm -rf {}`", command::shell_quote(path.path))};
}

void make_values(const plan::CreateSecret& create, SecretStore& secrets) {
  for (const auto& value : create.generate) {
    if (!secrets.has(value.ref)) secrets.generate(value.ref, value.random);
  }
  for (const auto& [ref, text] : create.derived)
    secrets.put(ref, command::CommandResolver::resolve_text(text, secrets));
}

std::string value_from_output(const std::string& output, const std::string& text) {
  if (output.rfind("revision:", 0) != 0) return std::string{support::trim(text)};
  // A plugin or a warning may have printed something before the JSON.
  const auto start = ('\n' + text).find("\n{");
  if (start != std::string::npos) {
    try {
      const std::string version{support::read_json(std::string_view{text}.substr(start), "helm").text_at("version")};
      if (!version.empty()) return version;
    } catch (const Failure&) {  // NOLINT(bugprone-empty-catch): told below, without helm's text, which may hold secrets
    }
  }
  throw Failure{ExitCode::step_failed, "DM522", "helm ended well, but what it printed holds no revision of the release",
                "check the version of helm with `datamill doctor`"};
}

}  // namespace datamill::exec
