#pragma once

#include "datamill/domain/image.hpp"
#include "datamill/plan/plan.hpp"
#include "datamill/planner/context.hpp"
#include "datamill/tools/image_builder.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::planner {

/// What a builder has, as one value: reference -> id.
struct ImageStore {
  std::map<std::string, std::string> ids{};
  [[nodiscard]] bool has(const std::string& reference) const { return ids.count(reference) != 0; }
};
/// Reads the output of tools::list_images.
[[nodiscard]] ImageStore parse_image_list(std::string_view text);

/// On every image that datamill builds, with its name.
inline constexpr std::string_view kImageLabel = "io.datamill.image";
/// Where in <cache>/images/wheels the wheels of an image lie, by what its requirements say; "" where it has none.
[[nodiscard]] std::string wheels_folder(const domain::Image& image);

struct ImageBuildRequest {
  std::vector<std::string> names{};  ///< with their bases; empty: all
  bool rebuild = false;              ///< also what is unchanged, without layers of earlier builds
  bool renew_bases = false;          ///< asks registries for outside bases again
  tools::ImageBuilder builder{};
  ImageStore store{};
  std::string python = "/usr/bin/python3";  ///< that of the machine, with pip
  std::vector<std::string> packages{};      ///< "NAME=FILE" of Debian packages to install first where FILE is missing
};

/// The steps that build what the store does not have, bases first, the rest side by side. Empty: nothing to do.
[[nodiscard]] plan::Plan plan_image_build(const Context& context, const ImageBuildRequest& request);

/// Steps that build an image of ours and bring it to where the cluster's nodes find it: into the cluster by the
/// provider, or to the registry. What is there already is skipped.
/// @param component for whom, "" for nobody in particular
/// @returns the id of the last one
[[nodiscard]] plan::StepId add_image_delivery(const Context& context, const domain::Image& image,
                                              const std::string& component, plan::Plan& plan);

}  // namespace datamill::planner
