#pragma once

#include "datamill/node/spec.hpp"
#include "datamill/proc/process.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::node {

/// What is remembered of a part beyond its process.
struct PartRecord {
  std::string name{};
  std::int64_t restarts = 0;     ///< how often it ended, to be started again, since the node was started
  std::string last_end{};        ///< "exit code 1", "killed by SIGSEGV"; "" if it never ended
  std::int64_t last_end_at = 0;  ///< seconds since 1970
  friend bool operator==(const PartRecord&, const PartRecord&) = default;
};

/// <folder>/state.json: written by the supervisor whenever it changes, as a whole or not at all.
struct NodeRecord {
  std::string digest{};  ///< of the specification that the supervisor works by
  std::vector<PartRecord> parts{};
  /// The part's own, made where there is none.
  [[nodiscard]] PartRecord& part(std::string_view name);
};

/// The supervisor itself is a part of this name.
inline constexpr std::string_view kSupervisor = "supervisor";

/// An empty record where there is no file, or none that can be read.
[[nodiscard]] NodeRecord read_record(const std::string& folder);
void write_record(const std::string& folder, const NodeRecord& record);
/// Of everything in it.
[[nodiscard]] std::string digest_of(const Spec& spec);

/// Writes <folder>/pids/NAME.pid.
void note_process(const std::string& folder, std::string_view name, const proc::ProcessIdentity& identity);
void forget_process(const std::string& folder, std::string_view name);
/// What stands in a pid file, whether it lives or not.
[[nodiscard]] std::optional<proc::ProcessIdentity> last_process(const std::string& folder, std::string_view name);
/// The process of a pid file, if it still is that very one.
[[nodiscard]] std::optional<proc::ProcessIdentity> noted_process(const std::string& folder, std::string_view name);
/// The process of a part: that of its pid file, or one that was started just before the file could be written.
[[nodiscard]] std::optional<proc::ProcessIdentity> process_of(const std::string& folder, const Part& part);
/// Names with a pid file that are neither parts nor the supervisor: parts of an older specification.
[[nodiscard]] std::vector<std::string> retired_parts(const Spec& spec);

/// A part as people ask for it.
struct PartHealth {
  PartRecord record{};
  bool running = false;
  std::int64_t since = 0;  ///< seconds since 1970; 0 where it does not run
  std::int64_t resident_bytes = 0;
};
/// Of every part of the node below `folder`, the supervisor first; empty where it was never started.
[[nodiscard]] std::vector<PartHealth> health_of(const std::string& folder);

}  // namespace datamill::node
