#pragma once

#include "datamill/exec/event.hpp"
#include "datamill/net/downloader.hpp"
#include "datamill/proc/runner.hpp"
#include "datamill/support/environment.hpp"
#include "datamill/support/file_source.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::toolbox {

/// One row of tools.yaml.
struct ToolSpec {
  std::string name{};                ///< "helm"
  std::string version{};             ///< pinned: "4.3.1"; "" = any version, never fetched
  std::string minimum{};             ///< accepted from PATH: "3.22.0"; "" = exactly the pinned one
  std::vector<std::string> probe{};  ///< arguments that print the version: {"version", "--short"}
  std::string binary{};              ///< path inside the tool's cache folder: "helm", "go/bin/go"
  bool on_path_ok = true;            ///< false: a copy on PATH is never used
  std::string build{};               ///< name of a recipe in tools.yaml's `builds:`; "" = cannot be built
  std::string hint{};                ///< the exact command or page for people
  struct Download {
    std::string platform{};  ///< "linux-amd64"
    std::string url{};
    std::string sha256{};  ///< "" = not pinned: never downloaded
    std::string member{};  ///< path inside a .tar.gz; "" = the file is the binary
    bool tree = false;     ///< the .tar.gz is unpacked as a whole
  };
  std::vector<Download> downloads{};
};

enum class ToolOrigin : std::uint8_t { environment, path, cache, downloaded, built, missing };
[[nodiscard]] std::string_view to_name(ToolOrigin origin);

struct ToolStatus {
  std::string name{};
  ToolOrigin origin = ToolOrigin::missing;
  std::string path{};                ///< "" where it is missing
  std::string version{};             ///< as probed, "1.36.3"
  std::string problem{};             ///< why it cannot be used: too old, not executable, prints garbage, missing
  std::string code{};                ///< diagnostic code of `problem`: DM401 to DM405
  bool from_environment = false;     ///< DATAMILL_<TOOL> is set, so nothing else is tried
  std::vector<std::string> tried{};  ///< one line per way, for the error
  [[nodiscard]] bool ok() const { return problem.empty(); }
};

struct ToolboxPaths {
  std::string tools_file{};  ///< <root>/tools.yaml
  std::string cache{};       ///< $XDG_CACHE_HOME/datamill
  std::string locks{};       ///< folder for lock files
};

/// Turns a tool's name into the path of a checked binary: explicit path in the environment (DATAMILL_HELM) -> PATH if
/// recent enough -> cache -> download (only with a pinned checksum) -> build of the pinned version -> error. Only
/// this layer knows versions and URLs of tools.
class Toolbox {
public:
  using DownloaderFactory = std::unique_ptr<net::Downloader> (*)(const support::Environment&);

  /// @throws Failure exit 2 with all problems of tools.yaml: DM100 to DM108, DM120 to DM123, DM410 to DM413
  Toolbox(ToolboxPaths paths, const support::Environment& environment, const support::FileSource& files,
          proc::Runner& runner, DownloaderFactory make_downloader);
  ~Toolbox();
  Toolbox(const Toolbox&) = delete;
  Toolbox& operator=(const Toolbox&) = delete;

  /// Every tool of tools.yaml, in its order.
  [[nodiscard]] const std::vector<ToolSpec>& specs() const;
  /// What is there now; gets nothing. Version probes are remembered in the cache by path, size and time, so that a
  /// second call starts no process.
  /// @throws Failure exit 2, DM411 for a name that tools.yaml does not have; DM601 when interrupted
  [[nodiscard]] std::vector<ToolStatus> look(const std::vector<std::string>& names);
  /// Gets what is missing: downloads, then builds side by side, each under a lock, with progress through `sink`.
  /// @returns one status per name, all ok()
  /// @throws Failure exit 3 with one diagnostic per tool: DM401 missing (notes: what was tried; hint: how to install),
  /// DM402 too old, DM403 not executable, DM404 prints garbage, DM405 does not answer; DM411; DM601 when interrupted
  [[nodiscard]] std::vector<ToolStatus> ensure(const std::vector<std::string>& names, exec::EventSink& sink);

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// The variable that names a tool's path: "kube-apiserver" -> "DATAMILL_KUBE_APISERVER".
[[nodiscard]] std::string environment_variable(std::string_view tool);

}  // namespace datamill::toolbox
