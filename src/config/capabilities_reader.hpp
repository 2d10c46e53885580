#pragma once

#include "datamill/domain/workspace.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/file_source.hpp"

#include <map>
#include <string>
#include <vector>

namespace datamill::config {

struct Capabilities {
  std::map<std::string, domain::Capability> by_name{};
  std::map<std::string, support::Node> defaults{};  ///< outputs that an outside service may leave out, by capability

  [[nodiscard]] std::vector<std::string> names() const;
};

/// Reads data/capabilities.yaml of the data root. Codes of read_yaml and MapReader.
[[nodiscard]] Capabilities read_capabilities(const std::string& root, const support::FileSource& files,
                                             support::Diagnostics& diagnostics);

/// The names of outputs in a tree: {a: x, secret: {name: y}} has "a" and "secret.name".
[[nodiscard]] std::vector<std::string> output_names(const support::Node& outputs);

/// Reports outputs that `capability` does not have or that are missing, under `code`; `who` is the provider.
void check_outputs(const domain::Capability& capability, const support::Node& outputs, const support::SourceRef& at,
                   const std::string& who, std::string_view code, support::Diagnostics& diagnostics);

}  // namespace datamill::config
