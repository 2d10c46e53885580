#include "rules.hpp"

#include "datamill/support/file_source.hpp"

#include <algorithm>
#include <filesystem>

namespace datamill::architecture {

std::vector<SourceFile> read_sources(const std::string& root) {
  namespace fs = std::filesystem;
  constexpr std::size_t kMaxBytes = 1U << 20U;
  const support::DiskFileSource disk;
  std::vector<SourceFile> files;
  for (const std::string folder : {"/include", "/src"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root + folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".hpp" && extension != ".cpp") continue;
      const auto path = entry.path().string();
      files.push_back(
          {.path = fs::relative(entry.path(), root).string(), .text = disk.read(path, kMaxBytes).text.value_or("")});
    }
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

}  // namespace datamill::architecture
