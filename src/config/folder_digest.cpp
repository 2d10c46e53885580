#include "config/component_files.hpp"
#include "config/paths.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::config {

using support::FileSource;

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} * 1024U * 1024U;
constexpr int kDeepest = 16;

/// The lines "sha256  path" of every file below a folder; with traits "sha256 *path" of an executable one and
/// "link  path -> target" of a symbolic link.
class Listing {
public:
  Listing(const FileSource& files, const FolderDigest& counts, support::Diagnostics& diagnostics)
      : files_(files), counts_(counts), diagnostics_(diagnostics) {}

  /// False where a file cannot be read.
  bool add(const std::string& folder, const std::string& below, int depth) {
    for (const auto& name : files_.list(folder)) {
      if (below.empty() && name == counts_.without) continue;
      const std::string path = fmt::format("{}/{}", folder, name);
      const std::string shown = below.empty() ? name : fmt::format("{}/{}", below, name);
      const auto traits = counts_.traits ? counts_.traits(path) : support::FileTraits{};
      if (traits.link) {
        text_ += fmt::format("link  {} -> {}\n", shown, *traits.link);
        continue;
      }
      if (files_.kind(path) == FileSource::Kind::directory) {
        // A link to a folder above would never end.
        if (depth < kDeepest && !add(path, shown, depth + 1)) return false;
        continue;
      }
      const auto result = files_.read(path, kMostBytes);
      if (!result.text) {
        diagnostics_.error("DM109", {.file = support::FileName(path)},
                           fmt::format("the file cannot be read: {}", result.problem));
        return false;
      }
      text_ += fmt::format("{} {}{}\n", support::sha256_hex(*result.text), traits.executable ? '*' : ' ', shown);
    }
    return true;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

private:
  const FileSource& files_;
  const FolderDigest& counts_;
  support::Diagnostics& diagnostics_;
  std::string text_{};
};

}  // namespace

std::optional<std::string> folder_digest(const std::string& folder, const FileSource& files,
                                         support::Diagnostics& diagnostics, const FolderDigest& counts) {
  Listing listing(files, counts, diagnostics);
  if (!listing.add(folder, {}, 0)) return std::nullopt;
  return support::sha256_hex(listing.text());
}

}  // namespace datamill::config
