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
/// Those with a label, as only a build gives one.
std::string built() {
  return environment("FAKE_STATE") + "/built-images";
}

void keep(const std::string& reference) {
  write_file(store(), read_file(store()) + reference + "\n");
}

bool has(const std::string& reference) {
  return support::contains("\n" + read_file(store()), "\n" + reference + "\n");
}

/// `docker image ls`: by name and id, or (with "|") with date and size too. Each is a second younger than the one
/// before it.
int list_images(const Words& words) {
  const auto filter = words.value("--filter");
  if (filter == "dangling=true") return 0;
  const auto labelled = "\n" + read_file(built());
  int second = 10;
  for (const auto& reference : support::split_lines(read_file(store()))) {
    ++second;
    const auto id = support::sha256_hex(reference).substr(0, 12);
    if (filter.starts_with("label=") && !support::contains(labelled, "\n" + reference + "\n")) continue;
    if (support::contains(words.value("--format"), "|"))
      std::printf("%s|%s|2026-01-02 03:04:%d +0000 UTC|10MB\n", reference.c_str(), id.c_str(), second);
    else
      std::printf("%s %s\n", reference.c_str(), id.c_str());
  }
  return 0;
}

int remove_image(const std::string& reference) {
  if (!has(reference)) return fail("Error response from daemon: No such image: " + reference);
  auto names = "\n" + read_file(store());
  const auto line = "\n" + reference + "\n";
  names.replace(names.find(line), line.size(), "\n");
  write_file(store(), names.substr(1));
  return 0;
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
    return plain.at(1) == "rm" ? remove_image(plain.back()) : list_images(words);
  } else if (verb == "system") {
    std::printf("Images|%zu0MB\n", support::split_lines(read_file(store())).size());
  } else if (verb == "build") {
    if (!std::filesystem::exists(plain.back() + "/Dockerfile")) return fail("ERROR: no Dockerfile in " + plain.back());
    keep(words.value("--tag"));
    write_file(built(), read_file(built()) + words.value("--tag") + "\n");
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
