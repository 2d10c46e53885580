#include "rules.hpp"
#include "support/catch.hpp"

namespace datamill::architecture {

std::string all_problems(Problems (*check)(const SourceFile&)) {
  std::string text;
  for (const auto& file : read_sources(DATAMILL_SOURCE_DIR)) {
    for (const auto& problem : check(file))
      text += problem + "\n";
  }
  return text;
}

TEST_CASE("the scan finds the sources", "[architecture]") {
  const auto files = read_sources(DATAMILL_SOURCE_DIR);
  CHECK(files.size() > 50);
  for (const auto& file : files) {
    INFO(file.path);
    CHECK_FALSE(file.text.empty());
  }
}

TEST_CASE("layers include only what is below them", "[architecture]") {
  CHECK(all_problems(include_problems) == "");
  CHECK(facade_problems(read_sources(DATAMILL_SOURCE_DIR)).size() == 1);
}

TEST_CASE("files stay small", "[architecture]") {
  CHECK(all_problems(size_problems) == "");
}

TEST_CASE("processes, printing and the environment stay in their layers", "[architecture]") {
  CHECK(all_problems(word_problems) == "");
}

}  // namespace datamill::architecture
