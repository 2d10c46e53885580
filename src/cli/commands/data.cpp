#include "cli/commands/commands.hpp"
#include "cli/data_push.hpp"
#include "cli/object_store.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;
using support::Node;

namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kFewNames = 5;

ExitCode list_buckets(const App& app, ObjectStore& store) {
  auto names = Node::sequence();
  std::string text;
  for (const auto& bucket : store.buckets()) {
    names.items.push_back(Node::text(bucket));
    text += bucket + "/\n";
  }
  if (!app.json()) {
    app.print(text);
    return ExitCode::ok;
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("type", Node::text("buckets"));
  document.set("buckets", std::move(names));
  app.print(support::write_json(document) + "\n");
  return ExitCode::ok;
}

Node object_node(const net::S3Object& object) {
  auto node = Node::map();
  node.set("key", Node::text(object.key));
  node.set("size", Node::integer(object.size));
  node.set("modified", Node::text(object.modified));
  node.set("etag", Node::text(object.etag));
  return node;
}

/// "2026-11-21T11:37:22.000Z" without what nobody reads.
std::string short_time(const std::string& modified) {
  return support::replace_all(modified.substr(0, 19), "T", " ");
}

std::string page_text(const net::S3Page& page) {
  std::string text;
  for (const auto& prefix : page.prefixes)
    text += fmt::format("{:19}  {:>10}  {}\n", "", "", prefix);
  for (const auto& object : page.objects)
    text +=
        fmt::format("{:19}  {:>10}  {}\n", short_time(object.modified), support::format_bytes(object.size), object.key);
  return text;
}

ExitCode list_objects(const App& app, ObjectStore& store, const ObjectPlace& place) {
  auto objects = Node::sequence();
  auto prefixes = Node::sequence();
  bool any = false;
  const net::S3ListRequest request{
      .bucket = place.bucket, .prefix = place.key, .delimiter = app.options.recursive ? "" : "/"};
  store.each_page(request, [&](const net::S3Page& page) {
    any = any || !page.objects.empty() || !page.prefixes.empty();
    if (!app.json()) {
      app.print(page_text(page));
      return !ui::reader_is_gone(app.out.fd);
    }
    for (const auto& object : page.objects)
      objects.items.push_back(object_node(object));
    for (const auto& prefix : page.prefixes)
      prefixes.items.push_back(Node::text(prefix));
    return true;
  });
  if (app.json()) {
    auto document = Node::map();
    document.set("v", Node::integer(1));
    document.set("type", Node::text("objects"));
    document.set("bucket", Node::text(place.bucket));
    document.set("prefix", Node::text(place.key));
    document.set("prefixes", std::move(prefixes));
    document.set("objects", std::move(objects));
    app.print(support::write_json(document) + "\n");
  } else if (!any && !place.key.empty()) {
    store.check({.trouble = net::S3Trouble::no_object}, {}, place);
  } else if (!any) {
    app.say(fmt::format("{} is empty", place.text()));
  }
  return ExitCode::ok;
}

ExitCode ls(Session& session, const Words& words) {
  const auto place = words.empty() ? ObjectPlace{} : read_place(words.front());
  ObjectStore store(session);
  return words.empty() ? list_buckets(session.app(), store) : list_objects(session.app(), store, place);
}

/// What one argument of `rm` means: the object itself, or with -r all that begins so.
std::vector<std::string> keys_of(const App& app, ObjectStore& store, const ObjectPlace& place) {
  const auto folder = place.key.empty() || place.key.ends_with('/') ? place.key : place.key + "/";
  std::vector<std::string> keys;
  bool below = false;
  store.each_page({.bucket = place.bucket, .prefix = place.key}, [&](const net::S3Page& page) {
    for (const auto& object : page.objects) {
      const bool inside = object.key.starts_with(folder) && object.key != place.key;
      below = below || inside;
      if (object.key == place.key || (inside && app.options.recursive)) keys.push_back(object.key);
    }
    // Without -r it is known as soon as something lies below.
    return app.options.recursive || !below;
  });
  if (!keys.empty()) return keys;
  if (!below) store.check({.trouble = net::S3Trouble::no_object}, {}, place);
  throw Failure(ExitCode::usage, "DM052", fmt::format("{} is no object: others lie below it", place.text()),
                "add -r to remove all of them");
}

void confirm(const App& app, std::size_t count, const std::string& what) {
  if (app.options.yes) return;
  const auto question = fmt::format("Remove {} objects ({})? They cannot be brought back.", count, what);
  if (app.options.no_input || !ui::can_ask(app.err))
    throw Failure(ExitCode::usage, "DM009", fmt::format("{} objects would be removed ({})", count, what),
                  "add --yes: nobody can be asked here");
  if (!ui::confirm(question, app.err))
    throw Failure(ExitCode::usage, "DM009", "not confirmed: nothing was removed", "answer y to go on, or add --yes");
}

ExitCode rm(Session& session, const Words& words) {
  const auto& app = session.app();
  std::vector<ObjectPlace> places;
  for (const auto& word : words) {
    places.push_back(read_place(word));
    if (places.back().key.empty() && !app.options.recursive)
      throw Failure(ExitCode::usage, "DM052", fmt::format("\"{}\" names a bucket and no object in it", word),
                    "write BUCKET/KEY, or add -r to empty the bucket");
  }
  ObjectStore store(session);
  std::vector<std::pair<ObjectPlace, std::vector<std::string>>> removals;
  std::size_t count = 0;
  std::vector<std::string> names;
  for (const auto& place : places) {
    removals.emplace_back(place, keys_of(app, store, place));
    count += removals.back().second.size();
    if (names.size() < kFewNames) names.push_back(place.text());
  }
  if (places.size() > kFewNames) names.emplace_back("...");
  confirm(app, count, support::join(names, ", "));
  for (const auto& [place, keys] : removals)
    store.check(store.client().remove(place.bucket, keys), "remove " + place.text(), place);
  if (!app.json()) {
    app.print(fmt::format("{} objects removed\n", count));
    return ExitCode::ok;
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("type", Node::text("removed"));
  document.set("objects", Node::integer(static_cast<long long>(count)));
  app.print(support::write_json(document) + "\n");
  return ExitCode::ok;
}

/// All of it to stdout: 0, or errno.
int write_piece(std::string_view text) {
  while (!text.empty()) {
    const auto count = write(STDOUT_FILENO, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return 0;
}

ExitCode cat(Session& session, const Words& words) {
  const auto place = read_place(words.front());
  if (place.key.empty())
    throw Failure(ExitCode::usage, "DM052", fmt::format("\"{}\" names a bucket and no object in it", words.front()),
                  "write BUCKET/KEY");
  ObjectStore store(session);
  int error = 0;
  const auto status = store.client().get(place.bucket, place.key, [&](std::string_view piece) {
    error = write_piece(piece);
    return error == 0;
  });
  if (error == EPIPE) return ExitCode::ok;  // the reader has enough
  if (error != 0)
    throw Failure(ExitCode::step_failed, "DM059",
                  fmt::format("standard output cannot be written: {}", std::generic_category().message(error)),
                  "what it has got is not the whole object; make room and run it again");
  store.check(status, "read " + place.text(), place);
  return ExitCode::ok;
}

/// Flags of one of the four that would do nothing under another.
void refuse_misfits(const Options& options, const std::string& topic) {
  const auto refuse = [&](bool given, std::string_view flag, std::string_view fitting) {
    if (given)
      throw Failure(ExitCode::usage, "DM003", fmt::format("{} does not go with data {}", flag, topic),
                    fmt::format("it goes with data {}", fitting));
  };
  refuse(options.force && topic != "push", "--force", "push");
  refuse(options.only_missing && topic != "push", "--only-missing", "push");
  refuse(options.recursive && topic != "ls" && topic != "rm", "--recursive", "ls and rm");
  refuse(options.output == Output::json && topic == "cat", "--output json", "push, ls and rm");
}

}  // namespace

ExitCode data_command(App& app) {
  const auto& words = app.options.arguments;
  const Words rest(std::next(words.begin()), words.end());
  refuse_misfits(app.options, words.front());
  Session session(app, Session::Use::cluster, app.options.flavour.empty());
  if (words.front() == "push") return push_data(session, rest);
  if (words.front() == "ls") return ls(session, rest);
  return words.front() == "rm" ? rm(session, rest) : cat(session, rest);
}

}  // namespace datamill::cli
