#pragma once

#include "datamill/support/file_source.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace datamill::toolbox {

/// What a file said its version is, remembered by path, size and time of change.
class ProbeCache {
public:
  /// Reads `file` (<cache>/tools/probes.json); anything unreadable in it counts as empty.
  ProbeCache(std::string file, const support::FileSource& files);

  [[nodiscard]] std::optional<std::string> find(const std::string& path) const;
  void put(const std::string& path, const std::string& version);
  /// Writes what is new, atomically. A cache that cannot be written costs time, nothing else: no error.
  void save();

private:
  struct Stamp {
    std::uintmax_t size = 0;
    std::int64_t changed = 0;  ///< ticks of the file clock
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  struct Row {
    Stamp stamp{};
    std::string version{};
  };
  [[nodiscard]] static std::optional<Stamp> stamp_of(const std::string& path);

  std::string file_;
  std::map<std::string, Row> rows_{};
  bool changed_ = false;
};

}  // namespace datamill::toolbox
