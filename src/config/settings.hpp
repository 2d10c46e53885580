#pragma once

#include "config/flavour_reader.hpp"
#include "datamill/domain/workspace.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/file_source.hpp"

#include <string>

namespace datamill::config {

/// Rule 2: an inline block of the flavour -> components/<c>/<flavour file's base name> ->
/// components/<c>/<component_default_config>. The first that exists is used alone, over the defaults of component.yaml;
/// the others are remembered as losers. Fills settings and settings_origin.
///
/// DM220 unknown setting, DM221 wrong type, DM222 required setting, DM224 a settings file with other keys, DM226 given
/// under two names; warnings DM205 alias, DM223 an old key
void read_settings(const domain::Component& component, const Flavour& flavour, const support::FileSource& files,
                   domain::ComponentConfig& config, support::Diagnostics& diagnostics);

/// Warns of blocks of retired components (DM225): nothing reads them.
void check_retired_blocks(const Flavour& flavour, const Catalogue& catalogue, support::Diagnostics& diagnostics);

}  // namespace datamill::config
