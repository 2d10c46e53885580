#include "cli/image_builder.hpp"

#include "cli/disk_use.hpp"
#include "datamill/proc/find_tool.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace datamill::cli {

using namespace std::chrono_literals;
using command::Command;
using support::ExitCode;
using support::Failure;
using support::FileSource;
using tools::ImageBuilder;

namespace {

constexpr std::chrono::milliseconds kLongestPull = 10min;
constexpr std::chrono::milliseconds kLongestBootstrap = 15min;

std::string path_of(const App& app, std::string_view program) {
  return proc::find_executable(program, app.environment.get("PATH")).path;
}

exec::CaptureResult capture(Session& session, const Command& command, std::chrono::milliseconds timeout) {
  return exec::capture_all(session.runner(), {{.command = session.resolve(command), .timeout = timeout}}).front();
}

bool docker_answers(Session& session, const std::string& wanted, ImageBuilder& docker) {
  const auto& app = session.app();
  const bool may_answer = wanted == "docker" || !app.environment.get("DOCKER_HOST").empty() ||
                          app.files.kind("/var/run/docker.sock") == FileSource::Kind::other;
  docker.program = path_of(app, "docker");
  return may_answer && !docker.program.empty() && capture(session, probe_builder(docker), 10s).ok();
}

[[noreturn]] void refuse(const std::string& wanted) {
  throw Failure(ExitCode::tool, "DM710",
                wanted.empty() ? "nothing here can build images: no docker daemon answers, and buildah is not installed"
                               : fmt::format("DATAMILL_IMAGE_BUILDER asks for {}, which is not to be had here", wanted),
                "start docker, or install buildah; as root on Debian or Ubuntu datamill installs it by itself");
}

void want_package(const App& app, const std::string& name, const std::string& file, ImageWorkshop& shop) {
  if (app.files.kind(file) == FileSource::Kind::missing) shop.packages.push_back(fmt::format("{}={}", name, file));
}

/// Overlay where the file system can do it: else every layer is a whole copy.
void open_store(Session& session, ImageWorkshop& shop, const std::string& program) {
  const auto folder = session.places().cache + "/images";
  for (const std::string_view driver : {"overlay", "vfs"}) {
    shop.builder = tools::private_builder(program, folder, driver);
    const auto listed = capture(session, list_images(shop.builder), 60s);
    if (listed.ok()) {
      shop.store = planner::parse_image_list(listed.out);
      return;
    }
    if (driver == "vfs")
      throw Failure(ExitCode::tool, "DM710", fmt::format("buildah cannot work here: {}", listed.reason()),
                    "start docker instead, or try it by hand: buildah info");
  }
}

void use_buildah(Session& session, ImageWorkshop& shop, const std::string& wanted) {
  const auto& app = session.app();
  const auto program = path_of(app, "buildah");
  const bool can_install = geteuid() == 0 && app.files.kind("/usr/bin/apt-get") == FileSource::Kind::file;
  if (program.empty() && !can_install) refuse(wanted);
  if (can_install) {
    want_package(app, "buildah", "/usr/bin/buildah", shop);
    want_package(app, "mmdebstrap", "/usr/bin/mmdebstrap", shop);
  }
  if (program.empty())
    shop.builder = tools::private_builder("/usr/bin/buildah", session.places().cache + "/images", "overlay");
  else
    open_store(session, shop, program);
}

/// "debian:bookworm-slim" is one of Docker Hub's (docker docs: image references).
std::string full_reference(const std::string& reference) {
  const auto slash = reference.find('/');
  if (slash == std::string::npos) return "docker.io/library/" + reference;
  const auto host = reference.substr(0, slash);
  return host.find_first_of(".:") != std::string::npos || host == "localhost" ? reference : "docker.io/" + reference;
}

/// A small Debian: what `debian:*-slim` images hold, so without documentation and translations.
Command bootstrap(const std::string& suite, const std::string& file) {
  Command make{.program = "/usr/bin/mmdebstrap", .args = {"--quiet", "--variant=minbase"}};
  make.arg("--aptopt=Acquire::Languages \"none\"");
  for (const auto* folder : {"doc", "man", "info", "locale"})
    make.arg(fmt::format("--dpkgopt=path-exclude=/usr/share/{}/*", folder));
  return make.arg("--include=ca-certificates").arg(suite).arg(file);
}

/// @returns "" or what went wrong
std::string make_base(Session& session, const ImageWorkshop& shop, const std::string& suite, const std::string& name) {
  const auto folder = session.places().cache + "/images/bootstrap";
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  std::filesystem::create_directories(folder, error);
  const auto made = capture(session, bootstrap(suite, folder + "/base.tar"), kLongestBootstrap);
  if (!made.ok()) {
    auto reason = full_disk(folder);
    std::filesystem::remove_all(folder, error);
    return fmt::format("mmdebstrap {}: {}", suite, reason.empty() ? made.reason() : reason);
  }
  std::ofstream(folder + "/Dockerfile") << "FROM scratch\nADD base.tar /\nCMD [\"bash\"]\n";
  const tools::BuildImage build{
      .context = folder, .reference = name, .labels = {{"io.datamill.bootstrap", suite}}, .from_scratch = true};
  const auto built = capture(session, to_command(build, shop.builder), kLongestBootstrap);
  std::filesystem::remove_all(folder, error);
  return built.ok() ? std::string{} : fmt::format("making an image of it: {}", built.reason());
}

}  // namespace

ImageWorkshop find_workshop(Session& session) {
  const auto& app = session.app();
  const auto wanted = app.environment.get("DATAMILL_IMAGE_BUILDER");
  ImageWorkshop shop;
  if (wanted != "buildah" && docker_answers(session, wanted, shop.builder)) {
    const auto listed = capture(session, list_images(shop.builder), 60s);
    if (listed.ok()) shop.store = planner::parse_image_list(listed.out);
  } else if (wanted == "docker") {
    refuse(wanted);
  } else {
    use_buildah(session, shop, wanted);
  }
  if (const auto python = path_of(app, "python3"); !python.empty()) shop.python = python;
  const bool has_pip = !path_of(app, "pip3").empty();
  if (!has_pip && geteuid() == 0 && app.files.kind("/usr/bin/apt-get") == FileSource::Kind::file)
    want_package(app, "python3-pip", "/usr/bin/pip3", shop);
  return shop;
}

void get_base(Session& session, const std::string& reference, const std::string& suite, bool renew) {
  const auto& app = session.app();
  const auto shop = find_workshop(session);
  const auto name = domain::outside_reference(reference);
  if (shop.store.has(name) && !renew) return;
  const auto full = full_reference(reference);
  app.say(fmt::format("asking the registry for {}", full));
  const auto pulled = capture(session, pull_image(shop.builder, full), kLongestPull);
  if (pulled.ok()) {
    const auto tagged = capture(session, tag_image(shop.builder, full, name), 60s);
    if (!tagged.ok()) throw Failure(ExitCode::tool, "DM711", fmt::format("cannot name {}: {}", full, tagged.reason()));
    return;
  }
  std::vector<std::string> tried{fmt::format("pull {}: {}", full, pulled.reason())};
  if (shop.store.has(name)) {
    app.say(fmt::format("keeping the {} that is there: {}", reference, tried.front()));
    return;
  }
  if (!suite.empty()) {
    app.say(fmt::format("no registry has it for us ({}); making it from Debian's packages", pulled.reason()));
    const auto problem = make_base(session, shop, suite, name);
    if (problem.empty()) return;
    tried.push_back(problem);
  }
  support::Diagnostics diagnostics;
  const bool no_room = std::any_of(tried.begin(), tried.end(), [](const std::string& line) {
    return support::contains(line, "no space left on device");
  });
  diagnostics.error("DM711", {}, fmt::format("the base {} cannot be had", reference),
                    no_room ? "make room there (`df -h`), then run this again"
                            : "check the network and its proxy (HTTP_PROXY, HTTPS_PROXY), or name another base");
  diagnostics.items().front().notes = std::move(tried);
  throw Failure(ExitCode::tool, std::move(diagnostics));
}

}  // namespace datamill::cli
