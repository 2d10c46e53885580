#include "cli/node_log.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace datamill::cli {

namespace {

constexpr std::uintmax_t kMostBytes = std::uintmax_t{16} << 20U;

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

std::string NodeLog::path(const std::string& part) const {
  return fmt::format("{}/{}.log", folder_, part);
}

void NodeLog::write(const std::string& part, std::string_view line) const {
  std::ofstream(path(part), std::ios::app) << now_text() << ' ' << line << '\n';
}

void NodeLog::trim() const {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code problem;
    if (entry->path().extension() != ".log" || entry->file_size(problem) < kMostBytes || problem) continue;
    fs::copy_file(entry->path(), entry->path().string() + ".1", fs::copy_options::overwrite_existing, problem);
    if (!problem) fs::resize_file(entry->path(), 0, problem);
  }
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
