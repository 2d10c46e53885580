#pragma once

#include "datamill/domain/image.hpp"
#include "datamill/plan/plan.hpp"
#include "datamill/planner/context.hpp"
#include "datamill/tools/image_builder.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::planner {

/// An image as its builder describes it.
struct StoredImage {
  std::string reference{};
  std::string id{};
  std::string made{};  ///< sorts as text: "2026-11-21 17:58:33 +0000 UTC"
  std::string size{};  ///< "134 MB", with what it shares with others
};
/// Reads the output of tools::describe_images, oldest first; images without a name are left out.
[[nodiscard]] std::vector<StoredImage> parse_described_images(std::string_view text);

struct ImagePruneRequest {
  tools::ImageBuilder builder{};
  std::vector<StoredImage> stored{};    ///< all images with a name, oldest first
  std::set<std::string> labelled{};     ///< references of those that datamill built
  bool has_nameless = false;            ///< of a store of our own
  std::vector<std::string> mentions{};  ///< texts of files that may name images: a released tag stays
  std::vector<std::string> wheels{};    ///< names in <cache>/images/wheels
};

/// What can go, oldest first: images of ours that are neither the present tag of an image of `graph`, under whatever
/// registry's name, nor an outside base of one, nor mentioned. Of a docker daemon only what has our label or stands
/// below datamill.local; a store of our own holds nothing of others.
[[nodiscard]] std::vector<StoredImage> unused_images(const domain::ImageGraph& graph, const ImagePruneRequest& request);

/// The steps that remove them, and wheels that no image of the workspace asks for. Each stands for itself: an image
/// that a container uses does not keep the others. Empty: nothing to do.
[[nodiscard]] plan::Plan plan_image_prune(const Context& context, const ImagePruneRequest& request);

}  // namespace datamill::planner
