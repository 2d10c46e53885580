#pragma once

#include "config/capabilities_reader.hpp"
#include "datamill/domain/workspace.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/file_source.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace datamill::config {

/// Every component of a data root.
struct Catalogue {
  std::map<std::string, domain::Component> components{};
  std::map<std::string, std::string> aliases{};  ///< old key -> component

  [[nodiscard]] const domain::Component* find(const std::string& name) const;
  /// Names that can be listed: not retired.
  [[nodiscard]] std::vector<std::string> names() const;
};

/// Reads components/*/component.yaml. DM130 a folder without that file (only where `everything` is checked), DM144 an
/// alias that is taken; codes of read_yaml and read_component.
[[nodiscard]] Catalogue read_catalogue(const std::string& root, const support::FileSource& files, bool everything,
                                       support::Diagnostics& diagnostics);

/// What a component says of others. DM136 condition on an unknown setting or capability, DM140 unknown capability,
/// DM141 its outputs, DM142 unknown need, DM143 unknown use, order or conflict (warning, only where `everything` is
/// checked), DM145 default_for, DM146 database without its secret
void check_catalogue(const Catalogue& catalogue, const Capabilities& capabilities, bool everything,
                     support::Diagnostics& diagnostics);

/// What becomes of a component that exists by name only: a flavour of an older version still loads without it, but
/// who names it alone is told that it cannot be had.
enum class WhereUnavailable : std::uint8_t { refuse, skip };

/// The present name of what a user calls `name`. DM201 unknown, DM203 retired (a warning where it is skipped); warnings
/// DM204 retired with a replacement, DM205 alias.
[[nodiscard]] std::optional<std::string> present_name(const Catalogue& catalogue, const std::string& name,
                                                      const support::SourceRef& at, WhereUnavailable unavailable,
                                                      support::Diagnostics& diagnostics);

}  // namespace datamill::config
