// Building and pushing: what several image commands share.
#include "cli/image_push.hpp"

#include "cli/image_lock.hpp"
#include "datamill/domain/image_place.hpp"
#include "datamill/net/registry.hpp"
#include "datamill/proc/find_tool.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using namespace std::chrono_literals;
using support::ExitCode;
using support::Failure;
using support::FileSource;

namespace {

using Names = std::vector<std::string>;

constexpr std::size_t kLongestConfig = std::size_t{1024} * 1024U;

planner::ImageBuildRequest build_request(const Session& session, const ImageWorkshop& shop, Names names) {
  for (const auto& name : names)
    (void)image_named(session, name);
  const auto& options = session.app().options;
  return {.names = std::move(names),
          .rebuild = options.rebuild,
          .renew_bases = options.renew_bases,
          .builder = shop.builder,
          .store = shop.store,
          .python = shop.python,
          .packages = shop.packages};
}

/// Tools that go into images are got first: plans name them by path.
void get_tools_of(Session& session, const plan::Plan& plan) {
  Names wanted;
  for (const auto& component : plan.components) {
    const auto* image = session.workspace().images.find(component.name);
    if (image == nullptr || component.unchanged) continue;
    wanted.insert(wanted.end(), image->tools.begin(), image->tools.end());
  }
  if (!wanted.empty()) session.get_tools(wanted);
}

/// The plan of whoever holds the lock: after another build much may be there already.
plan::Plan plan_alone(Session& session, const ImageLock& lock, planner::ImageBuildRequest& request) {
  if (lock.waited()) request.store = find_workshop(session).store;
  clear_leftovers(session, request.builder);
  get_tools_of(session, planner::plan_image_build(session.context(), request));
  return planner::plan_image_build(session.context(), request);
}

/// Where docker keeps logins (docker docs: DOCKER_CONFIG); "" where there are none.
std::string credentials_file(const App& app) {
  const auto& environment = app.environment;
  const auto folder =
      environment.has("DOCKER_CONFIG") ? environment.get("DOCKER_CONFIG") : environment.get("HOME") + "/.docker";
  const auto file = folder + "/config.json";
  return app.files.kind(file) == FileSource::Kind::file ? file : std::string();
}

/// The login for a registry out of docker's configuration (docker docs: config.json, auths, credHelpers, credsStore). A
/// helper is a program of the user's; it answers on its standard output, which goes nowhere else.
net::RegistryLogin login_for(Session& session, const std::string& host) {
  const auto file = credentials_file(session.app());
  if (file.empty()) return {};
  const auto config = support::read_json(session.app().files.read(file, kLongestConfig).text.value_or("{}"), file);
  const auto key = host == "registry-1.docker.io" ? std::string("https://index.docker.io/v1/") : host;
  const auto* helper = config.find_path({"credHelpers", key});
  const auto name = std::string(helper != nullptr ? std::string_view(helper->scalar) : config.text_at("credsStore"));
  if (!name.empty()) {
    const auto program = proc::find_executable("docker-credential-" + name, session.app().environment.get("PATH")).path;
    if (program.empty()) return {};
    const command::Command get{
        .program = program, .args = {"get"}, .stdin_text = command::SymbolicText{key}, .sensitive_output = true};
    const auto result = session.capture({get}).front();
    if (!result.ok()) return {};
    const auto answer = support::read_json(result.out, program);
    return {.user = std::string(answer.text_at("Username")), .password = std::string(answer.text_at("Secret"))};
  }
  const auto* auth = config.find_path({"auths", key, "auth"});
  const auto text = auth == nullptr ? std::string() : support::base64_decode(auth->scalar);
  const auto colon = text.find(':');
  if (colon == std::string::npos) return {};
  return {.user = text.substr(0, colon), .password = text.substr(colon + 1)};
}

/// A registry that cannot say so is asked to take it: pushing what is there changes nothing. One that will not take it
/// is said before anything is built.
bool has_image(Session& session, const std::string& reference, const ImageWorkshop& shop) {
  const auto host = net::registry_host(reference);
  const auto answer = net::look_for_tag(reference, login_for(session, host), session.app().environment);
  if (answer.state == net::TagState::refused)
    throw Failure(ExitCode::unreachable, "DM722",
                  fmt::format("the registry {} lets nobody in: {}", host, answer.problem),
                  fmt::format("log in with `docker login {}` or `buildah login --authfile ~/.docker/config.json {}`; "
                              "DOCKER_CONFIG names another folder",
                              host, host));
  // A docker daemon may run elsewhere and see other registries.
  if (answer.state == net::TagState::unreachable && shop.builder.kind == tools::ImageBuilder::Kind::buildah)
    throw Failure(ExitCode::unreachable, "DM723",
                  fmt::format("the registry {} cannot be reached: {}", host, answer.problem),
                  "check its name, the network and its proxy (HTTPS_PROXY, NO_PROXY)");
  if (answer.state == net::TagState::unreachable || answer.state == net::TagState::unknown)
    session.app().say(fmt::format("note: whether the registry has {} is not known ({})", reference, answer.problem));
  return answer.state == net::TagState::present;
}

/// After the steps that build it: under its name there, into the registry.
void add_push(const domain::Image& image, const std::string& registry, const ImageWorkshop& shop,
              const std::string& credentials, plan::Plan& plan) {
  const auto local = domain::image_reference(domain::kLocalRegistry, image);
  const auto remote = domain::image_reference(registry, image);
  std::vector<plan::StepId> needs;
  for (const auto& step : plan.steps) {
    if (step.component == image.name) needs.push_back(step.id);
  }
  if (shop.builder.kind == tools::ImageBuilder::Kind::docker) {
    needs = {plan.add({.component = image.name,
                       .title = fmt::format("Name it {}", remote),
                       .action = plan::RunCommand{.command = tag_image(shop.builder, local, remote)},
                       .needs = needs,
                       .timeout = 60s})};
  }
  (void)plan.add({.component = image.name,
                  .title = fmt::format("Push {}", remote),
                  .action = plan::RunCommand{.command = push_image(shop.builder, local, remote, credentials)},
                  .needs = needs,
                  .timeout = 3600s,
                  .retry = {.attempts = 3, .when_output_has = {"connection reset", "i/o timeout", "EOF", "503"}}});
}

}  // namespace

ExitCode build_images(Session& session, const Names& names) {
  auto& app = session.app();
  const auto shop = find_workshop(session);
  auto request = build_request(session, shop, names);
  auto plan = planner::plan_image_build(session.context(), request);
  if (app.options.dry_run) {
    app.print(plan::print_text(plan, {.symbols = session.symbols()}));
    return ExitCode::ok;
  }
  if (plan.steps.empty()) {
    app.say(
        fmt::format("Nothing to do: {} unchanged", plan.components.size() == 1 ? "the image is" : "all images are"));
    return ExitCode::ok;
  }
  const ImageLock lock(session);
  plan = plan_alone(session, lock, request);
  if (plan.steps.empty()) {
    app.say("Nothing to do: the other build did it");
    return ExitCode::ok;
  }
  const auto result = session.execute(plan);
  if (!result.ok()) return exec::exit_code_of(result);
  for (const auto& component : plan.components) {
    if (!component.unchanged) app.say("built " + component.reason);
  }
  return ExitCode::ok;
}

ExitCode push_images(Session& session, const Names& names, const std::string& registry) {
  auto& app = session.app();
  const auto shop = find_workshop(session);
  const auto& graph = session.workspace().images;
  const auto wanted = names.empty() ? graph.order : names;
  Names missing;
  for (const auto& name : wanted) {
    const auto reference = domain::image_reference(registry, image_named(session, name));
    if (has_image(session, reference, shop))
      app.say(fmt::format("{} is there already", reference));
    else
      missing.push_back(name);
  }
  if (missing.empty()) {
    app.say("Nothing to do: the registry has them");
    return ExitCode::ok;
  }
  auto request = build_request(session, shop, missing);
  const auto with_pushes = [&](plan::Plan plan) {
    plan.title = fmt::format("Push {} to {}", support::join(missing, ", "), registry);
    for (const auto& name : missing)
      add_push(graph.images.at(name), registry, shop, credentials_file(app), plan);
    return plan;
  };
  if (app.options.dry_run) {
    const auto plan = with_pushes(planner::plan_image_build(session.context(), request));
    app.print(plan::print_text(plan, {.symbols = session.symbols()}));
    return ExitCode::ok;
  }
  const ImageLock lock(session);
  const auto plan = with_pushes(plan_alone(session, lock, request));
  const auto result = session.execute(plan);
  return result.ok() ? ExitCode::ok : exec::exit_code_of(result);
}

std::string clean_revision(Session& session) {
  const auto root = session.places().root;
  const auto git = [&](std::vector<std::string> words) {
    std::vector<std::string> args{"-C", root};
    args.insert(args.end(), words.begin(), words.end());
    const auto program = proc::find_executable("git", session.app().environment.get("PATH")).path;
    return session.capture({{.program = program.empty() ? "git" : program, .args = std::move(args)}}).front();
  };
  const auto head = git({"rev-parse", "--short=12", "HEAD"});
  if (!head.ok())
    throw Failure(ExitCode::usage, "DM720", fmt::format("{} is no git repository with a commit", root),
                  "a release names the revision it was made of: commit first");
  const auto changed = git({"status", "--porcelain", "--", "images"});
  if (!changed.ok() || !support::trim(changed.out).empty())
    throw Failure(ExitCode::usage, "DM720", "images/ has changes that are not committed",
                  "commit them first: a release names the revision it was made of");
  return std::string(support::trim(head.out));
}

std::string chosen_registry(const Session& session) {
  const auto& options = session.app().options;
  if (!options.registry.empty()) {
    if (domain::is_image_place(options.registry)) return options.registry;
    throw Failure(ExitCode::usage, "DM721", fmt::format("\"{}\" is no place for images", options.registry),
                  domain::kImagePlaceHint);
  }
  if (!session.workspace().image_registry.empty()) return session.workspace().image_registry;
  throw Failure(ExitCode::usage, "DM717", "no registry is named",
                "give --registry HOST/PATH, or write `images: {registry: HOST/PATH}` into the flavour");
}

const domain::Image& image_named(const Session& session, const std::string& name) {
  const auto& graph = session.workspace().images;
  if (const auto* image = graph.find(name)) return *image;
  auto hint = support::did_you_mean(name, graph.order);
  if (hint.empty()) hint = fmt::format("images here: {}", support::join(graph.order, ", "));
  throw Failure(ExitCode::usage, "DM712", fmt::format("there is no image \"{}\"", name), hint);
}

}  // namespace datamill::cli
