#pragma once

#include "datamill/support/file_source.hpp"
#include "datamill/support/map_reader.hpp"

#include <functional>
#include <string>

namespace datamill::cli {

/// One of datamill's own data files: its path below the data root, and what it says, for whoever has lost it.
struct DataFile {
  std::string name{};       ///< "data/jobs.yaml"
  std::string says_what{};  ///< "what runs a job's file"
};

/// Reads it strictly: `read` asks for every key that there may be.
/// @throws Failure exit 2: DM109 unreadable, codes of parse_yaml and MapReader, and whatever `read` reports
void read_data_file(const DataFile& file, const std::string& root, const support::FileSource& files,
                    const std::function<void(support::MapReader&)>& read);

}  // namespace datamill::cli
