#include "cli/program_name.hpp"

#include "support/catch.hpp"

#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace datamill::cli {

TEST_CASE("what to type depends on PATH and the working directory", "[cli]") {
  const auto scratch = std::filesystem::temp_directory_path() / ("datamill-name-" + std::to_string(getpid()));
  std::filesystem::create_directories(scratch / "a b" / "build");
  const auto executable = scratch / "a b" / "build" / "datamill";
  std::ofstream(executable.string()) << "x";
  const auto name = [&](const std::string& path, const std::filesystem::path& directory) {
    return program_name(executable.string(), directory.string(), support::Environment({{"PATH", path}}));
  };
  CHECK(name("/nowhere::" + executable.parent_path().string(), scratch) == "datamill");
  CHECK(name("/nowhere", scratch / "a b") == "build/datamill");
  CHECK(name("/nowhere", "/elsewhere") == "'" + executable.string() + "'");
  CHECK(program_name("", "/elsewhere", support::Environment()) == "datamill");
  std::filesystem::remove_all(scratch);
}

}  // namespace datamill::cli
