#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace datamill::toolbox {

/// What matters of a version: "v1.36.3+k3s1" is 1.36.3; "4.0.0-rc.1" is older than 4.0.0.
struct Version {
  int major = 0;
  int minor = 0;
  int patch = 0;
  bool final = true;  ///< false: an alpha, beta or release candidate
  friend auto operator<=>(const Version&, const Version&) = default;
};

/// The first x.y.z in a text; where there is none, the first x.y that follows a 'v' or "go" ("go1.26", helm's "v4.3"),
/// with patch 0.
[[nodiscard]] std::optional<Version> find_version(std::string_view text);
/// A text that is a version and nothing else: "1.36.3".
[[nodiscard]] std::optional<Version> parse_version(std::string_view text);
[[nodiscard]] std::string to_text(const Version& version);
/// Replaces {version}, {major}, {minor} and {patch}.
[[nodiscard]] std::string expand_version(std::string text, const Version& version);

}  // namespace datamill::toolbox
