#include "cli/node_log.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace datamill::cli {

namespace {

constexpr std::streamoff kMostBytes = 16 * 1024 * 1024;

std::string now_text() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

NodeLog::NodeLog(std::string folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
}

void NodeLog::write(const std::string& part, std::string_view line) {
  const auto path = fmt::format("{}/{}.log", folder_, part);
  auto& file = files_[part];
  if (!file.is_open()) file.open(path, std::ios::app);
  if (file.tellp() > kMostBytes) {
    file.close();
    std::error_code error;
    std::filesystem::rename(path, path + ".1", error);
    file.open(path, std::ios::trunc);
  }
  file << now_text() << ' ' << line << '\n' << std::flush;
}

void NodeLog::take_standard_streams() const {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int log = open((folder_ + "/supervisor.log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (nothing >= 0) (void)dup2(nothing, STDIN_FILENO);
  if (log >= 0) {
    (void)dup2(log, STDOUT_FILENO);
    (void)dup2(log, STDERR_FILENO);
  }
}

}  // namespace datamill::cli
