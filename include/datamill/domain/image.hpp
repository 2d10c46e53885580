#pragma once

#include "datamill/support/source_ref.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace datamill::domain {

/// What a FROM, COPY --from= or RUN --mount=from= of a Dockerfile names, stages of the same file left out.
struct ImageBase {
  std::string reference{};  ///< variables replaced: "debian:bookworm-slim", or the name of one of our images
  bool own = false;         ///< a folder of images/
  std::size_t begin = 0;    ///< where it stands in the Dockerfile's text, as bytes [begin, end)
  std::size_t end = 0;
  support::SourceRef at{};
};

/// A file or folder that comes into the build context besides the image's own folder.
struct ImageFile {
  std::string in_context{};  ///< "examples"
  std::string path{};        ///< where it lies
  support::SourceRef at{};
};

/// What stands in for one of our images where it cannot be brought to the cluster.
struct ImageName {
  std::string repository{};  ///< "quay.io/jupyter/scipy-notebook"
  std::string tag{};
};

/// `images/<name>/`: a Dockerfile and what image.yaml says of it.
struct Image {
  std::string name{};
  std::string directory{};
  support::SourceRef at{};
  std::string summary{};
  std::string version = "0.1.0";
  std::string dockerfile{};          ///< its text
  std::vector<ImageBase> bases{};    ///< every place, in the file's order
  std::string wheels{};              ///< file of Python requirements whose wheels come into the context as `wheels/`
  std::string wheels_digest{};       ///< of that file and the files it includes
  std::vector<std::string> tools{};  ///< programs of tools.yaml that come into the context as `tools/<name>`
  std::vector<ImageFile> files{};
  std::vector<std::pair<std::string, std::string>> args{};  ///< build arguments
  std::string bootstrap{};                                  ///< Debian suite that its outside base can be made from
  ImageName upstream{};                                     ///< "" where nothing else can stand in
  std::string digest{};  ///< sha256 of all of the above and of its bases: equal digests are the same image

  /// "1.0.0-3f9a1c0b2d4e": the version and the first 12 digits of the digest, never a moving name.
  [[nodiscard]] std::string tag() const;
  /// Names of the images of ours that it is built on, each once.
  [[nodiscard]] std::vector<std::string> own_bases() const;
  [[nodiscard]] std::vector<std::string> outside_bases() const;
};

/// All images of a data root.
struct ImageGraph {
  std::map<std::string, Image> images{};
  std::vector<std::string> order{};  ///< every image after its bases

  [[nodiscard]] const Image* find(std::string_view name) const;
  /// These and all that they are built on, in the order of building.
  [[nodiscard]] std::vector<const Image*> with_bases(const std::vector<std::string>& names) const;
  /// These and all that is built on them, in the order of building.
  [[nodiscard]] std::vector<const Image*> with_dependents(const std::vector<std::string>& names) const;
};

/// Repository of images that were built on this machine and pushed nowhere.
inline constexpr std::string_view kLocalRegistry = "datamill.local";

/// "datamill.local/notebook:1.0.0-3f9a1c0b2d4e"
[[nodiscard]] std::string image_reference(std::string_view registry, const Image& image);

/// The name under which an outside base is known to the builder, wherever it came from:
/// "datamill.local/outside/debian:bookworm-slim". A digest becomes a tag.
[[nodiscard]] std::string outside_reference(std::string_view reference);

/// The Dockerfile with every base by its full reference.
[[nodiscard]] std::string dockerfile_with_references(const ImageGraph& graph, const Image& image);

}  // namespace datamill::domain
