#pragma once

#include <cstdint>
#include <string_view>

namespace datamill::exec {

/// What a line of a Kubernetes tool says about trying again.
enum class Transient : std::uint8_t {
  no,
  passing,      ///< it goes by itself: 429, a webhook that does not answer yet, a leader that changes
  unreachable,  ///< the API server was not reached, or broke off
};

/// Judges one line of kubectl's or helm's output.
[[nodiscard]] Transient transient_of(std::string_view line);

}  // namespace datamill::exec
