#pragma once

#include "cli/options.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/environment.hpp"

#include <string>

namespace datamill::cli {

/// Where we keep things. Losing state or cache loses no platform.
struct Folders {
  std::string state{};      ///< --state-dir > DATAMILL_STATE_DIR > $XDG_STATE_HOME/datamill > ~/.local/state/datamill
  std::string cache{};      ///< DATAMILL_CACHE_DIR > $XDG_CACHE_HOME/datamill > ~/.cache/datamill
  std::string user_file{};  ///< $XDG_CONFIG_HOME/datamill/config.yaml
};

/// Without HOME, state and cache have a default below /var/tmp that belongs to the user alone.
[[nodiscard]] Folders find_folders(const Options& options, const support::Environment& environment);

/// Makes the state folder (0700) and proves that it can be written, before anything is started.
/// @throws Failure exit 2: DM560 not writable, DM561 no space left, DM562 belongs to somebody else
void prepare_state(const Folders& folders);

}  // namespace datamill::cli
