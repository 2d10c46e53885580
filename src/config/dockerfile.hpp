#pragma once

#include "datamill/domain/image.hpp"
#include "datamill/support/diagnostic.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::config {

/// A source of COPY or ADD that must lie in the build context.
struct CopiedPath {
  std::string path{};
  support::SourceRef at{};
};

/// What the image graph and the checks before a build need of a Dockerfile.
struct Dockerfile {
  std::vector<domain::ImageBase> bases{};
  std::vector<CopiedPath> copied{};  ///< without wildcards and variables: what can be looked up
};

/// Reads a Dockerfile (Dockerfile reference of Docker: parser directives, continuation lines, here-documents, ARG
/// before FROM) as far as its bases and the files it copies. `args` win over the defaults of ARG.
///
/// DM701 no FROM, or something before it; DM702 unknown instruction; DM703 FROM that names nothing or a variable
/// without a value; DM704 a here-document that does not end
/// @returns nullopt if and only if an error was added
[[nodiscard]] std::optional<Dockerfile> parse_dockerfile(std::string_view text, const std::string& file_name,
                                                         const std::map<std::string, std::string>& args,
                                                         support::Diagnostics& diagnostics);

}  // namespace datamill::config
