// A pretended docker and pip: images are names in a file.
#include "datamill/support/text.hpp"
#include "tools.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace datamill::fake {

namespace {

std::string store() {
  return environment("FAKE_STATE") + "/images";
}

void keep(const std::string& reference) {
  write_file(store(), read_file(store()) + reference + "\n");
}

bool has(const std::string& reference) {
  return support::contains("\n" + read_file(store()), "\n" + reference + "\n");
}

}  // namespace

int docker(const Desk& desk) {
  if (const auto ended = play(desk.rule, desk.call, desk.log)) return *ended;
  const auto words = take_apart(desk.call.args, "--quiet --no-cache");
  const auto& plain = words.plain;
  const auto verb = plain.empty() ? std::string{} : plain.front();
  if (verb == "version") {
    std::printf("28.0.0\n");
  } else if (verb == "image") {
    for (const auto& reference : support::split_lines(read_file(store())))
      std::printf("%s %zu\n", reference.c_str(), reference.size());
  } else if (verb == "build") {
    if (!std::filesystem::exists(plain.back() + "/Dockerfile")) return fail("ERROR: no Dockerfile in " + plain.back());
    keep(words.value("--tag"));
  } else if (verb == "pull" || verb == "push") {
    keep(plain.back());
  } else if (verb == "tag") {
    if (!has(plain.at(1))) return fail("Error response from daemon: No such image: " + plain.at(1));
    keep(plain.at(2));
  } else if (verb == "save") {
    if (!has(plain.back())) return fail("Error response from daemon: No such image: " + plain.back());
    write_file(words.value("--output"), plain.back());
  } else {
    return fail("Error: the fake docker does not know " + desk.call.line());
  }
  return 0;
}

int python(const Desk& desk) {
  if (const auto ended = play(desk.rule, desk.call, desk.log)) return *ended;
  const auto words = take_apart(desk.call.args, "--quiet --disable-pip-version-check");
  std::filesystem::create_directories(words.value("--dest"));
  return 0;
}

}  // namespace datamill::fake
