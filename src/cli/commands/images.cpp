#include "datamill/planner/images.hpp"
#include "cli/commands/commands.hpp"
#include "cli/image_builder.hpp"
#include "cli/image_environment.hpp"
#include "cli/image_graph_text.hpp"
#include "cli/image_prune.hpp"
#include "cli/image_push.hpp"
#include "cli/image_release.hpp"
#include "cli/session.hpp"
#include "datamill/config/load_workspace.hpp"
#include "datamill/config/yaml.hpp"
#include "datamill/domain/names.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace datamill::cli {

using namespace std::chrono_literals;
using support::ExitCode;
using support::Failure;

namespace {

using Names = std::vector<std::string>;

Names named(const App& app) {
  return {app.options.arguments.begin() + 1, app.options.arguments.end()};
}

ExitCode list(App& app, const Session& session) {
  const auto& graph = session.workspace().images;
  if (app.json()) {
    app.print(support::write_json(graph_node(graph)) + "\n");
    return ExitCode::ok;
  }
  std::vector<std::vector<std::string>> rows{{"NAME", "TAG", "BUILT ON", "SUMMARY"}};
  for (const auto& name : graph.order) {
    const auto& image = graph.images.at(name);
    auto bases = image.own_bases();
    for (const auto& base : image.outside_bases())
      bases.push_back(base);
    rows.push_back({name, image.tag(), support::join(bases, ", "), image.summary});
  }
  app.print(ui::render_table(rows, app.out.width));
  return ExitCode::ok;
}

ExitCode graph(App& app, const Session& session) {
  const auto& images = session.workspace().images;
  if (app.json())
    app.print(support::write_json(graph_node(images)) + "\n");
  else if (app.options.output == Output::dot)
    app.print(graph_dot(images));
  else if (app.options.output == Output::mermaid)
    app.print(graph_mermaid(images));
  else
    app.print(graph_tree(images));
  return ExitCode::ok;
}

ExitCode save(Session& session, const Names& words) {
  const auto& image = image_named(session, words.at(0));
  const auto shop = find_workshop(session);
  const auto reference = domain::image_reference(domain::kLocalRegistry, image);
  const auto part = words.at(1) + ".part";  // under its name it is whole
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(part).parent_path(), error);
  std::filesystem::remove(part, error);  // buildah does not overwrite
  const auto command = session.resolve(save_image(shop.builder, reference, part));
  const auto result = exec::capture_all(session.runner(), {{.command = command, .timeout = 20min}}).front();
  error.clear();
  if (result.ok()) std::filesystem::rename(part, words.at(1), error);
  if (result.ok() && !error) return ExitCode::ok;
  const auto problem = error ? error.message() : std::string(support::trim(result.err));
  std::filesystem::remove(part, error);
  throw Failure(ExitCode::step_failed, "DM713", fmt::format("image {} cannot be saved: {}", reference, problem),
                shop.store.has(reference) ? fmt::format("check the folder of {}, and its disk (`df -h`)", words.at(1))
                                          : fmt::format("build it first: datamill images build {}", image.name));
}

ExitCode base(Session& session, const Names& words) {
  const bool renew = words.back() == "renew" && words.size() > 1;
  const auto suite = words.size() > (renew ? 2U : 1U) ? words[1] : std::string();
  get_base(session, words.front(), suite, renew);
  return ExitCode::ok;
}

void write_file(const std::string& path, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  std::ofstream file(path + ".part");
  file << text;
  file.close();
  if (file) std::filesystem::rename(path + ".part", path, error);
  if (!file || error)
    throw Failure(ExitCode::usage, "DM718", fmt::format("{} cannot be written", path), "check the folder's rights");
}

/// --env FILE --base NAME --name MINE: a folder of images/ like any other, then its build.
ExitCode build_environment(App& app, const Session& session) {
  const auto& options = app.options;
  const auto name = options.name;
  if (name.empty())
    throw Failure(ExitCode::usage, "DM004", "--env needs a name for the new image", "add --name, as: --name mine");
  const auto& base = image_named(session, options.base_image.empty() ? "notebook" : options.base_image);
  support::Diagnostics diagnostics;
  const auto requirements = read_environment(options.environment_file, app.files, diagnostics);
  const auto problem = domain::dns_label_problem(name);
  if (!problem.empty()) diagnostics.error("DM315", {}, fmt::format("image \"{}\" {}", name, problem));
  const auto folder = fmt::format("{}/images/{}", session.places().root, name);
  const auto own = app.files.kind(folder + "/requirements.txt") == support::FileSource::Kind::file;
  if (session.workspace().images.find(name) != nullptr &&
      (!own || name == base.name || base.wheels.starts_with(folder)))
    diagnostics.error("DM719", {}, fmt::format("there is an image \"{}\" already", name), "choose another --name");
  if (diagnostics.has_errors()) {
    config::attach_excerpts(diagnostics, app.files);
    throw Failure(ExitCode::usage, std::move(diagnostics));
  }
  if (!diagnostics.items().empty() && !app.json()) ui::print_diagnostics(diagnostics, app.err);
  const auto shared = app.files.read(session.places().root + "/images/constraints.txt", config::kMaxFileBytes);
  const auto made = environment_image(session.workspace().images, base, name, requirements,
                                      loosened(shared.text.value_or(""), requirements));
  write_file(folder + "/requirements.txt", made.requirements);
  write_file(folder + "/constraints.txt", made.constraints);
  write_file(folder + "/image.yaml", made.description);
  write_file(folder + "/Dockerfile", made.dockerfile);
  app.say(fmt::format("wrote {}", folder));
  Session with_it(app, Session::Use::configuration);
  const auto code = build_images(with_it, {name});
  if (code == ExitCode::ok)
    app.print(fmt::format("Put this into the flavour to use it:\n\nnotebook:\n  image: {}\n", name));
  return code;
}

ExitCode release(App& app, Session& session, const std::string& name) {
  (void)image_named(session, name);
  const auto images = session.workspace().images.with_dependents({name});
  const auto revision = clean_revision(session);
  std::vector<std::string> names;
  for (const auto* image : images)
    names.push_back(image->name);
  const bool pushes = !app.options.registry.empty() || !session.workspace().image_registry.empty();
  const auto registry = pushes ? chosen_registry(session) : std::string(domain::kLocalRegistry);
  const auto code = pushes ? push_images(session, names, registry) : build_images(session, names);
  if (code != ExitCode::ok || app.options.dry_run) return code;
  const auto record = session.places().root + "/images/released.yaml";
  const auto before = app.files.read(record, config::kMaxFileBytes).text.value_or("");
  std::vector<std::string> changed{"images/released.yaml"};
  for (const auto& file : files_with_references(session.places().root, app.files)) {
    const auto text = app.files.read(file, config::kMaxFileBytes).text.value_or("");
    const auto renewed = with_new_tags(text, registry, images);
    if (renewed == text) continue;
    write_file(file, renewed);
    changed.push_back(file.substr(session.places().root.size() + 1));
  }
  // Last: while it is unchanged, a release that was interrupted can be run again.
  write_file(record, release_record(before, registry, revision, images));
  for (const auto* image : images)
    app.say("released " + domain::image_reference(registry, *image));
  app.print(fmt::format("Changed: {}\nCommit it: git add {} && git commit -m \"images: Release {} at {}\"\n",
                        support::join(changed, ", "), support::join(changed, " "), name, revision));
  return ExitCode::ok;
}

ExitCode load(App& app) {
  Session session(app, Session::Use::cluster);
  auto names = named(app);
  if (names.empty()) names = session.workspace().images.order;
  if (session.provider().load_image == nullptr) {
    throw Failure(ExitCode::usage, "DM714",
                  fmt::format("images cannot be loaded into a cluster of provider {}", session.provider().name),
                  "push them to a registry that the cluster can reach: datamill images push --registry HOST/PATH");
  }
  session.take_lock();
  session.get_tools();
  session.ensure_cluster();
  plan::Plan plan{.title = fmt::format("Load {}", support::join(names, ", "))};
  for (const auto& name : names)
    (void)planner::add_image_delivery(session.context(), image_named(session, name), name, plan);
  const auto result = session.execute(plan);
  return result.ok() ? ExitCode::ok : exec::exit_code_of(result);
}

}  // namespace

ExitCode images_command(App& app) {
  const auto& options = app.options;
  const auto& topic = options.arguments.front();
  const bool adds = topic == "build" && !options.environment_file.empty();
  if (!adds && !(options.environment_file + options.base_image + options.name).empty())
    throw Failure(ExitCode::usage, "DM004", "--env, --base and --name belong to one another",
                  "write: datamill images build --env FILE --name MINE [--base NAME]");
  if (adds && options.arguments.size() > 1)
    throw Failure(ExitCode::usage, "DM007",
                  fmt::format("with --env the image's name is that of --name, not \"{}\"", options.arguments[1]),
                  "write: datamill images build --env FILE --name MINE [--base NAME]");
  if (topic == "load") return load(app);
  Session session(app, Session::Use::configuration);
  if (topic == "graph") return graph(app, session);
  if (adds) return build_environment(app, session);
  if (topic == "build") return build_images(session, named(app));
  if (topic == "push") return push_images(session, named(app), chosen_registry(session));
  if (topic == "release") return release(app, session, named(app).front());
  if (topic == "prune") return prune_images(session);
  if (topic == "save") return save(session, named(app));
  if (topic == "base") return base(session, named(app));
  return list(app, session);
}

}  // namespace datamill::cli
