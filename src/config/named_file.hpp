#pragma once

#include "datamill/support/diagnostic.hpp"
#include "datamill/support/file_source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace datamill::config {

/// A kind of file that users give by path or by name.
struct NamedFiles {
  std::string what{};    ///< "flavour", "target"
  std::string folder{};  ///< "flavours", "k8s-targets"
  std::string code{};    ///< of the error where there is none
};

/// The file that `given` means: the path itself, else below the data root, else in the kind's folder, with or without
/// ".yaml". Reports the kind's code and lists what there is where it means none.
[[nodiscard]] std::optional<std::string> find_named_file(const NamedFiles& kind, const std::string& given,
                                                         const std::string& root, const support::FileSource& files,
                                                         const support::SourceRef& at,
                                                         support::Diagnostics& diagnostics);

/// Names in the kind's folder, without ".yaml".
[[nodiscard]] std::vector<std::string> available(const NamedFiles& kind, const std::string& root,
                                                 const support::FileSource& files);

/// "available targets: a, b", or where to put one.
[[nodiscard]] std::string available_text(const NamedFiles& kind, const std::string& root,
                                         const support::FileSource& files);

}  // namespace datamill::config
