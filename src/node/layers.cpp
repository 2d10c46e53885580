#include "datamill/node/layers.hpp"

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"
#include "node/read_text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <sys/mount.h>

namespace datamill::node {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kNative = "native";

std::string note_file(const std::string& folder) {
  return folder + "/snapshotter";
}

std::string imported_file(const std::string& folder) {
  return folder + "/containerd.d/layers.toml";
}

/// Where containerd keeps what it unpacked into overlays.
bool has_overlays(const std::string& folder) {
  std::error_code error;
  const auto snapshots = folder + "/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots";
  return fs::exists(snapshots, error) && !fs::is_empty(snapshots, error);
}

/// Folders of a trial; gone with it.
class Trial {
public:
  explicit Trial(const std::string& folder) : folder_(folder + "/overlay-trial") {
    remove();  // of a process that was killed
    for (const auto* name : {"lower/d", "upper", "work", "merged"})
      fs::create_directories(path(name), error_);
    for (const auto* name : {"lower/a", "lower/d/b"})
      std::ofstream(path(name)) << "below\n";
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  ~Trial() { remove(); }

  std::string run() {
    if (error_) return fmt::format("making folders: {}", error_.message());
    const auto options = fmt::format("lowerdir={},upperdir={},workdir={}", path("lower"), path("upper"), path("work"));
    if (mount("overlay", path("merged").c_str(), "overlay", 0, options.c_str()) != 0)
      return fmt::format("mounting: {}", std::generic_category().message(errno));
    // What is removed leaves a whiteout, and a folder that is made again hides the one below: both are special files
    // or attributes in the upper folder, which not every file system has.
    if (!fs::remove(path("merged/a"), error_)) return fmt::format("removing a file: {}", error_.message());
    fs::remove_all(path("merged/d"), error_);
    if (error_) return fmt::format("removing a folder: {}", error_.message());
    if (!fs::create_directory(path("merged/d"), error_)) return fmt::format("replacing a folder: {}", error_.message());
    if (fs::exists(path("merged/a")) || !fs::is_empty(path("merged/d"), error_))
      return "what was removed is there again";
    return {};
  }

private:
  [[nodiscard]] std::string path(std::string_view name) const { return fmt::format("{}/{}", folder_, name); }
  void remove() const {
    std::error_code ignored;
    (void)umount2(path("merged").c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
    fs::remove_all(folder_, ignored);
  }

  std::string folder_;
  std::error_code error_{};
};

void write(const std::string& path, const std::string& text) {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  std::ofstream file(path + ".part");
  file << text;
  file.close();
  if (file) fs::rename(path + ".part", path, error);
  if (!file || error)
    throw support::Failure(support::ExitCode::usage, "DM610", fmt::format("cannot write \"{}\"", path),
                           "make room there (`df -h`), then start the node again");
}

}  // namespace

std::string overlay_problem(const std::string& folder) {
  return Trial(folder).run();
}

std::optional<Layers> layers_of(const std::string& folder) {
  const auto lines = support::split_lines(read_text(note_file(folder)));
  if (lines.empty()) return has_overlays(folder) ? std::optional(Layers{}) : std::nullopt;
  return Layers{.snapshotter = lines.front(), .reason = lines.size() > 1 ? lines[1] : std::string()};
}

Layers settle_layers(const std::string& folder) {
  auto layers = layers_of(folder);
  if (!layers) {
    layers.emplace();
    layers->reason = overlay_problem(folder);
    if (!layers->reason.empty()) layers->snapshotter = kNative;
  }
  // What containerd reads comes first: a note without it would say what is not so.
  write(imported_file(folder), containerd_layers(*layers));
  write(note_file(folder), fmt::format("{}\n{}\n", layers->snapshotter, layers->reason));
  return *layers;
}

std::string containerd_layers(const Layers& layers) {
  if (layers.snapshotter != kNative) return "version = 3\n";
  return fmt::format(R"(version = 3

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "{0}"

# Without one that is there the service does not start, and pods' images are pulled through it.
[[plugins."io.containerd.transfer.v1.local".unpack_config]]
  platform = "linux"
  snapshotter = "{0}"
)",
                     layers.snapshotter);
}

}  // namespace datamill::node
