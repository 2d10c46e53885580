#pragma once

#include "datamill/support/file_source.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// One word that may stand at the cursor.
struct Candidate {
  std::string word{};
  std::string meaning{};  ///< one line, "" where the word says it all
};

enum class PathKind : unsigned char { none, files, folders };

struct Completion {
  std::vector<Candidate> candidates{};
  PathKind paths = PathKind::none;  ///< what the shell completes by itself besides
};

/// What may stand at the cursor. `words` are the arguments up to it, without the program; the last one is the word
/// under the cursor ("" where a new one begins). Everything comes from the tables of commands and flags, and from the
/// names of files below `root` ("": none are offered) and of runs in the state folder `state`; only components that
/// cannot be installed are looked into.
[[nodiscard]] Completion complete(const std::vector<std::string>& words, const std::string& root,
                                  const std::string& state, const support::FileSource& files);

/// The script of "bash", "zsh" or "fish".
[[nodiscard]] std::string_view completion_script(std::string_view shell);

}  // namespace datamill::cli
