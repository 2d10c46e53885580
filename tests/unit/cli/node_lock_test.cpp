#include "cli/node_lock.hpp"
#include "datamill/support/diagnostic.hpp"

#include "support/catch.hpp"

#include <atomic>
#include <filesystem>
#include <optional>
#include <thread>

#include <unistd.h>

namespace datamill::cli {

namespace {

struct Scratch {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("datamill-lock-" + std::to_string(getpid()));
  Scratch() { std::filesystem::create_directories(folder); }
  ~Scratch() { std::filesystem::remove_all(folder); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

/// Until this process has the file open so often: the other thread is at the lock, and makes no new file any more.
void wait_until_open(const std::filesystem::path& path, int times) {
  for (int open = 0; open < times; std::this_thread::yield()) {
    open = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code closed_meanwhile;
      if (std::filesystem::read_symlink(entry.path(), closed_meanwhile) == path) ++open;
    }
  }
}

}  // namespace

TEST_CASE("one command at a time works on a node", "[node]") {
  const Scratch scratch;
  std::optional<NodeLock> first(scratch.folder.string());
  std::atomic<bool> freed = false;
  bool after = false;
  bool refused = false;
  std::jthread second([&] {
    try {
      const NodeLock lock(scratch.folder.string());
      after = freed;
    } catch (const support::Failure&) {
      refused = true;
    }
  });
  wait_until_open(scratch.folder / "lock", 2);
  SECTION("the next one waits") {
    freed = true;
    first.reset();
    second.join();
    CHECK(after);
    CHECK_FALSE(refused);
  }
  SECTION("and works on nothing that was removed meanwhile") {
    std::filesystem::remove_all(scratch.folder);
    freed = true;
    first->free();
    second.join();
    CHECK(refused);
  }
}

}  // namespace datamill::cli
