#pragma once

#include "cli/app.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace datamill::cli {

/// How far a transfer is, on stderr: one line that is written anew on a terminal, elsewhere one every twenty seconds.
/// Nothing with -q or -o json.
class TransferProgress {
public:
  TransferProgress(const App& app, std::size_t files, std::int64_t bytes);
  ~TransferProgress();
  TransferProgress(const TransferProgress&) = delete;
  TransferProgress& operator=(const TransferProgress&) = delete;

  void file(const std::string& name);
  void sent(std::int64_t bytes);
  /// Counts bytes that need not be sent.
  void skipped(std::int64_t bytes) { sent(bytes); }

private:
  void show();

  const App& app_;
  std::size_t files_ = 0;
  std::size_t file_ = 0;
  std::int64_t bytes_ = 0;
  std::int64_t sent_ = 0;
  std::string name_{};
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace datamill::cli
