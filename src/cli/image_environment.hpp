#pragma once

#include "datamill/domain/image.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/file_source.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// The lines of a requirements.txt, out of one or out of a conda environment.yml: "numpy=1.26" becomes
/// "numpy==1.26.*", what only conda has a name for gets that of PyPI, `python` and `pip` are left out.
/// DM715 not such a file, or a dependency that pip cannot express; DM716 (warning) a Python that is not the image's
[[nodiscard]] std::vector<std::string> read_environment(const std::string& file, const support::FileSource& files,
                                                        support::Diagnostics& diagnostics);

/// The constraints of the base without those on packages that the user asks for in a version of their own.
[[nodiscard]] std::string loosened(std::string_view constraints, const std::vector<std::string>& requirements);

/// What makes an image with more Python packages out of `base`: Dockerfile and image.yaml, as text.
struct ImageFolder {
  std::string dockerfile{};
  std::string description{};
  std::string requirements{};
  std::string constraints{};
};
[[nodiscard]] ImageFolder environment_image(const domain::ImageGraph& graph, const domain::Image& base,
                                            const std::string& name, const std::vector<std::string>& requirements,
                                            const std::string& constraints);

}  // namespace datamill::cli
