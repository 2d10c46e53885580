// `images prune`: what of the builder's store nothing refers to any more.
#include "cli/image_prune.hpp"

#include "cli/disk_use.hpp"
#include "cli/image_builder.hpp"
#include "cli/image_lock.hpp"
#include "cli/image_release.hpp"
#include "datamill/config/yaml.hpp"
#include "datamill/planner/image_prune.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

namespace datamill::cli {

using planner::ImagePruneRequest;
using planner::StoredImage;
using support::ExitCode;
using support::Failure;
using support::Node;
using tools::ImageBuilder;

namespace {

bool is_docker(const ImageBuilder& builder) {
  return builder.kind == ImageBuilder::Kind::docker;
}

/// "1.234GB" as docker writes sizes (decimal units); 0 for anything else.
std::int64_t docker_bytes(const std::string& text) {
  constexpr std::array kUnits{std::pair("TB", 1e12), std::pair("GB", 1e9), std::pair("MB", 1e6), std::pair("kB", 1e3)};
  const double number = std::strtod(text.c_str(), nullptr);
  for (const auto& [unit, factor] : kUnits) {
    if (text.ends_with(unit)) return static_cast<std::int64_t>(number * factor);
  }
  return static_cast<std::int64_t>(number);
}

/// Of the whole store: images share layers, so that the sum of their sizes says nothing. nullopt: not to be had.
std::optional<std::int64_t> store_bytes(Session& session, const ImageBuilder& builder) {
  const auto wheels = disk_use(session.places().cache + "/images/wheels");
  if (!is_docker(builder)) return wheels + disk_use(session.places().cache + "/images/store");
  const auto answer = session.capture({docker_disk_use(builder)}).front();
  for (const auto& line : support::split_lines(answer.out)) {
    constexpr std::string_view kImages = "Images|";
    if (line.starts_with(kImages)) return wheels + docker_bytes(line.substr(kImages.size()));
  }
  return std::nullopt;
}

ImagePruneRequest look(Session& session, const ImageBuilder& builder) {
  const auto answers = session.capture({describe_images(builder, {}),
                                        describe_images(builder, fmt::format("label={}", planner::kImageLabel)),
                                        describe_images(builder, "dangling=true")});
  if (!answers.front().ok())
    throw Failure(
        ExitCode::tool, "DM710",
        fmt::format("{} does not say which images it has: {}", builder.program, support::trim(answers.front().err)));
  ImagePruneRequest request{.builder = builder, .stored = planner::parse_described_images(answers[0].out)};
  for (const auto& image : planner::parse_described_images(answers[1].out))
    request.labelled.insert(image.reference);
  request.has_nameless = !is_docker(builder) && !support::trim(answers[2].out).empty();
  const auto& files = session.app().files;
  auto texts = files_with_references(session.places().root, files);
  texts.push_back(session.places().root + "/images/released.yaml");
  for (const auto& file : texts)
    request.mentions.push_back(files.read(file, config::kMaxFileBytes).text.value_or(""));
  request.wheels = files.list(session.places().cache + "/images/wheels");
  return request;
}

void list(const App& app, const std::vector<StoredImage>& images, const plan::Plan& plan) {
  std::vector<std::vector<std::string>> rows{{"IMAGE", "MADE", "SIZE"}};
  for (const auto& image : images)
    rows.push_back({image.reference, image.made.substr(0, std::string_view("2026-11-21 17:58:33").size()), image.size});
  auto text = rows.size() > 1 ? ui::render_table(rows, 0) : std::string();
  for (auto i = images.size(); i < plan.steps.size(); ++i)
    text += plan.steps[i].title + "\n";  // what is no image
  app.print(text);
}

void confirm(const App& app, std::size_t count) {
  if (app.options.yes) return;
  if (app.options.no_input || !ui::can_ask(app.err))
    throw Failure(ExitCode::usage, "DM009", fmt::format("{} removals need a yes", count),
                  "add --yes: nobody can be asked here; --dry-run lists them");
  if (!ui::confirm("Remove all of that? Older versions would have to be built again.", app.err))
    throw Failure(ExitCode::usage, "DM009", "not confirmed: nothing was removed", "answer y to go on, or add --yes");
}

void report(const App& app, const std::vector<StoredImage>& images, std::optional<std::int64_t> freed) {
  if (!app.json()) {
    if (freed) app.print(fmt::format("{} came free\n", support::format_bytes(std::max<std::int64_t>(*freed, 0))));
    return;
  }
  auto list = Node::sequence();
  for (const auto& image : images) {
    auto node = Node::map();
    node.set("reference", Node::text(image.reference));
    node.set("made", Node::text(image.made));
    node.set("size", Node::text(image.size));
    list.items.push_back(std::move(node));
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("type", Node::text("pruned"));
  document.set("dry_run", Node::boolean(app.options.dry_run));
  document.set("images", std::move(list));
  document.set("freed_bytes", Node::integer(freed.value_or(0)));
  app.print(support::write_json(document) + "\n");
}

}  // namespace

ExitCode prune_images(Session& session) {
  const auto& app = session.app();
  const auto builder = find_workshop(session).builder;
  if (app.files.kind(builder.program) == support::FileSource::Kind::missing) {
    app.say("Nothing to do: nothing here has built images");
    return ExitCode::ok;
  }
  // Nothing is built meanwhile, and nothing that was killed holds an image.
  std::optional<ImageLock> lock;
  if (!app.options.dry_run) {
    lock.emplace(session);
    clear_leftovers(session, builder);
  }
  const auto request = look(session, builder);
  const auto unused = unused_images(session.workspace().images, request);
  const auto plan = plan_image_prune(session.context(), request);
  if (!app.json()) list(app, unused, plan);
  if (plan.steps.empty()) app.say("Nothing to do: every image is in use");
  if (app.options.dry_run || plan.steps.empty()) {
    if (app.json()) report(app, unused, 0);
    return ExitCode::ok;
  }
  confirm(app, plan.steps.size());
  const auto before = store_bytes(session, builder);
  const auto result = session.execute(plan);
  const auto after = store_bytes(session, builder);
  report(app, unused, before && after ? std::optional(*before - *after) : std::nullopt);
  return exec::exit_code_of(result);
}

}  // namespace datamill::cli
