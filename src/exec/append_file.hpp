#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace datamill::exec {

/// A file that is only appended to, 0600. What was written survives the end of this process at once; it is put on the
/// disk by a thread of its own where sync_soon() asks for it, so that a slow disk does not keep the writer.
class AppendFile {
public:
  explicit AppendFile(std::string path);
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;
  ~AppendFile();

  void write(std::string_view text);
  /// All that was written up to now gets on the disk as soon as it can be.
  void sync_soon();
  /// Returns when all that was written is on the disk.
  void sync();
  /// errno of the first write or sync that failed; 0: none did.
  [[nodiscard]] int error();
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  void keep_syncing();
  void note(int error);

  std::string path_;
  int fd_ = -1;
  std::mutex mutex_{};
  std::condition_variable work_{};
  int error_ = 0;
  bool asked_ = false;
  bool ending_ = false;
  std::thread syncer_{};  ///< started with the first sync_soon()
};

}  // namespace datamill::exec
