#pragma once

#include "datamill/domain/image.hpp"
#include "datamill/support/file_source.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace datamill::cli {

/// `text` with every reference `<registry>/<name>:<tag>` to one of the images under its new tag. A reference ends where
/// no character of a tag follows; a digest behind it goes.
[[nodiscard]] std::string with_new_tags(std::string_view text, std::string_view registry,
                                        const std::vector<const domain::Image*>& images);

/// images/released.yaml: which tag of each image was released at which revision, images that are not released now as
/// they stand in `before`.
[[nodiscard]] std::string release_record(std::string_view before, std::string_view registry, std::string_view revision,
                                         const std::vector<const domain::Image*>& images);

/// YAML files of the data root that may name images: of components, flavours, targets and charts.
[[nodiscard]] std::vector<std::string> files_with_references(const std::string& root, const support::FileSource& files);

}  // namespace datamill::cli
