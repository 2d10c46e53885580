#include "datamill/support/diagnostic.hpp"
#include "exec/in_process.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace datamill::exec {
namespace {

namespace fs = std::filesystem;
using tests::TempFolder;

template <class Action>
std::string code_of(Action action) {
  try {
    action();
  } catch (const support::Failure& failure) {
    return failure.diagnostics().items().at(0).code;
  }
  return "";
}

unsigned mode_of(const std::string& path) {
  return static_cast<unsigned>(fs::status(path).permissions());
}

TEST_CASE("a file is written whole, with its mode, in folders of its own", "[exec][files]") {
  const TempFolder folder;
  SecretStore secrets;
  secrets.put({.ns = "n", .secret = "s", .key = "k"}, command::Secret{"value"});
  plan::WriteFile file{.path = folder.path("a/b/c.yaml"), .content = command::SymbolicText{"x: "}, .mode = 0640};
  file.content.parts.emplace_back(command::SecretPart{.ref = {.ns = "n", .secret = "s", .key = "k"}});
  const mode_t mask = umask(0077);
  write_file(file, secrets);
  umask(mask);
  CHECK(TempFolder::read(file.path) == "x: value");
  CHECK(mode_of(file.path) == 0640);
  CHECK(mode_of(folder.path("a")) == 0700);
  CHECK(mode_of(folder.path("a/b")) == 0700);
}

TEST_CASE("a file is replaced, not written into", "[exec][files]") {
  const TempFolder folder;
  const std::string path = folder.write("f", "a longer old text");
  const int reader = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  write_atomically(path, "new", 0600);
  char bytes[64]{};
  CHECK(read(reader, static_cast<void*>(bytes), sizeof bytes) == 17);  // whoever had it open still reads the old one
  close(reader);
  CHECK(TempFolder::read(path) == "new");
  CHECK(std::distance(fs::directory_iterator{folder.path()}, fs::directory_iterator{}) == 1);
}

TEST_CASE("a file that cannot be written is told, and leaves nothing (DM520)", "[exec][files]") {
  const TempFolder folder;
  folder.write("file", "");
  CHECK(code_of([&]() { write_atomically(folder.path("file/below"), "x", 0600); }) == "DM520");
  CHECK(code_of([&]() { write_atomically(folder.path(), "x", 0600); }) == "DM520");
  CHECK(code_of([&]() { write_atomically("/proc/none/x", "x", 0600); }) == "DM520");
  CHECK(std::distance(fs::directory_iterator{folder.path()}, fs::directory_iterator{}) == 1);
}

TEST_CASE("a path is removed with all in it, links are not followed", "[exec][files]") {
  const TempFolder folder;
  folder.write("keep/file", "x");
  folder.write("tree/deep/file", "x");
  fs::create_directory_symlink(folder.path("keep"), folder.path("tree/link"));
  remove_path({folder.path("tree")});
  CHECK_FALSE(fs::exists(folder.path("tree")));
  CHECK(fs::exists(folder.path("keep/file")));
  remove_path({folder.path("tree")});  // absent is fine
  CHECK(code_of([]() { remove_path({""}); }) == "DM521");
  CHECK(code_of([]() { remove_path({"/"}); }) == "DM521");
  CHECK(code_of([]() { remove_path({"/tmp/../"}); }) == "DM521");
  CHECK(code_of([]() { remove_path({"/proc/self/status"}); }) == "DM521");
}

TEST_CASE("a guard looks for its path", "[exec][files]") {
  const TempFolder folder;
  plan::Step step;
  CHECK_FALSE(is_already_done(step));
  step.guard = plan::SkipIfExists{folder.path("x")};
  CHECK_FALSE(is_already_done(step));
  folder.write("x", "");
  CHECK(is_already_done(step));
}

TEST_CASE("values are made once, derived ones follow", "[exec][files]") {
  SecretStore secrets;
  const command::SecretRef known{.ns = "n", .secret = "s", .key = "known"};
  const command::SecretRef fresh{.ns = "n", .secret = "s", .key = "fresh"};
  const command::SecretRef uri{.ns = "n", .secret = "s", .key = "uri"};
  secrets.put(known, command::Secret{"kept-value"});
  plan::CreateSecret create;
  create.generate = {{.ref = known}, {.ref = fresh}};
  command::SymbolicText text{"db://"};
  text.parts.emplace_back(command::SecretPart{.ref = known, .encoding = command::Encoding::raw});
  create.derived = {{uri, text}};
  make_values(create, secrets);
  CHECK(secrets.secret(known).reveal() == "kept-value");
  CHECK(secrets.secret(fresh).reveal().size() == 24);
  CHECK(secrets.secret(uri).reveal() == "db://kept-value");
}

TEST_CASE("the revision comes out of what helm prints", "[exec][files]") {
  const std::string json = R"({"name":"lake","version":3,"manifest":"a\n{\"version\":9}"})";
  CHECK(value_from_output("revision:n/lake", json + "\n") == "3");
  CHECK(value_from_output("revision:n/lake", "warning: {old} cache\n" + json + "\n") == "3");
  CHECK(value_from_output("other", "  text \n") == "text");
  for (const std::string bad : {"", "oops", "{\"name\":\"x\"}", "{\"version\":"})
    CHECK(code_of([&]() { (void)value_from_output("revision:n/lake", bad); }) == "DM522");
}

}  // namespace
}  // namespace datamill::exec
