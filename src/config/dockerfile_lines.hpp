#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::config {

/// A word of an instruction and where it stands in the file, as bytes [begin, end).
struct DockerfileWord {
  std::string text{};
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<std::size_t> places{};  ///< of each byte of `text` in the file: quotes are no part of it
};

/// One instruction with its continuation lines, comments inside of it left out.
struct DockerfileInstruction {
  std::string name{};  ///< in capitals
  std::vector<DockerfileWord> words{};
  int line = 0;  ///< 1-based, of its first line
  /// Marks of here-documents that the file does not close.
  std::vector<std::string> open_documents{};
};

/// Takes a Dockerfile apart. Here-documents (<<EOF) and a byte order mark are skipped, quotes keep words together and
/// are taken off.
[[nodiscard]] std::vector<DockerfileInstruction> dockerfile_instructions(std::string_view text);

/// Line and column (1-based, the column in characters) of a byte of `text`.
struct TextPlace {
  int line = 1;
  int column = 1;
};
[[nodiscard]] TextPlace place_of(std::string_view text, std::size_t offset);

}  // namespace datamill::config
