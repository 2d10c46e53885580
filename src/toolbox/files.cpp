#include "toolbox/files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace datamill::toolbox {

namespace fs = std::filesystem;

bool replace_file(const std::string& path, std::string_view text) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const std::string part = fmt::format("{}.part-{}", path, getpid());
  {
    std::ofstream out(part, std::ios::binary | std::ios::trunc);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!out.flush()) error = std::make_error_code(std::errc::io_error);
  }
  if (!error) fs::rename(part, path, error);
  if (!error) return true;
  remove_tree(part);
  return false;
}

std::string make_empty_folder(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (!error) fs::create_directories(path, error);
  return error ? fmt::format("cannot make the folder \"{}\": {}", path, error.message()) : std::string();
}

void remove_tree(const std::string& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace datamill::toolbox
