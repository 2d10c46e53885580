#pragma once

#include "datamill/toolbox/toolbox.hpp"
#include "toolbox/probe_cache.hpp"
#include "toolbox/tools_file.hpp"

namespace datamill::toolbox {

/// What every part of the toolbox works with.
struct Services {
  const ToolboxPaths& paths;
  const support::Environment& environment;
  proc::Runner& runner;
  Toolbox::DownloaderFactory make_downloader;
  const ToolsFile& file;
  ProbeCache& probes;
};

/// A tool that is still wanted, with what is known of it.
struct Wanted {
  const ToolSpec* tool = nullptr;
  ToolStatus* status = nullptr;
};

}  // namespace datamill::toolbox
