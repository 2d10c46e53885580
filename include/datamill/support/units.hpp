#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace datamill::support {

struct Mebibytes {
  std::int64_t count = 0;
  friend auto operator<=>(const Mebibytes&, const Mebibytes&) = default;
};

/// "16Gi", "60G", "512Mi", "16288" (plain numbers are MiB, as data-mill had it). Suffixes K M G T are decimal, Ki Mi Gi
/// Ti binary; the result is rounded up to whole MiB. nullopt for anything else, for zero, or beyond 2^53 bytes.
[[nodiscard]] std::optional<Mebibytes> parse_mebibytes(std::string_view text);

/// Go duration: "30m", "1h30m", "90s", "1500ms" (rounded up to whole seconds). nullopt for anything else or <= 0.
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text);
/// Go duration text: "10m0s" style without zero parts: 600 s -> "10m".
[[nodiscard]] std::string format_duration(std::chrono::seconds duration);
/// For people: "3.2s", "1m 05s", "2h 03m".
[[nodiscard]] std::string format_elapsed(std::chrono::milliseconds elapsed);

/// For people: "0 B", "1.2 KiB", "64.0 MiB".
[[nodiscard]] std::string format_bytes(std::int64_t count);

/// A whole decimal number without sign tricks or leading zeros.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace datamill::support
