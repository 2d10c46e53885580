#include "cli/data_push.hpp"

#include "cli/local_files.hpp"
#include "cli/transfer_progress.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;
using support::Node;

namespace {

struct Request {
  std::vector<std::string> locals{};
  ObjectPlace place{};
};

struct Result {
  std::size_t sent = 0;
  std::size_t unchanged = 0;
  std::int64_t bytes = 0;
};

bool is_explicit(const std::string& word) {
  return word.starts_with("s3://");
}

/// Whether the last word says where to: always where it begins with s3://, never where it is the only one or a path
/// that is there (then it may still be both).
bool is_destination(const App& app, const std::vector<std::string>& words) {
  const auto& last = words.back();
  if (is_explicit(last)) return true;
  const bool is_path = last.starts_with('/') || last.starts_with("./") || last.starts_with("../");
  return words.size() > 1 && !is_path && app.files.kind(last) == support::FileSource::Kind::missing;
}

ObjectPlace default_place(const ObjectStore& store) {
  const auto& buckets = store.wanted_buckets();
  if (buckets.size() == 1) return {.bucket = buckets.front()};
  throw Failure(ExitCode::usage, "DM052",
                buckets.empty() ? std::string("no component of the flavour has a bucket")
                                : fmt::format("the flavour has several buckets: {}", support::join(buckets, ", ")),
                "say which one is meant: data push LOCAL... BUCKET/PREFIX");
}

/// A folder here may have a bucket's name: who means which of them has to say it.
void refuse_ambiguous(ObjectStore& store, const std::vector<std::string>& words) {
  const auto& last = words.back();
  if (words.size() < 2 || is_explicit(last) || last.starts_with('/') || last.starts_with('.')) return;
  const auto buckets = store.buckets();
  const auto bucket = last.substr(0, last.find('/'));
  if (std::find(buckets.begin(), buckets.end(), bucket) == buckets.end()) return;
  throw Failure(ExitCode::usage, "DM052", fmt::format("\"{}\" is a file or folder here, and also a bucket", last),
                fmt::format("write s3://{} for the bucket, ./{} for what is here", last, last));
}

Request read_request(const App& app, ObjectStore& store, const std::vector<std::string>& words) {
  if (!is_destination(app, words)) {
    refuse_ambiguous(store, words);
    return {.locals = words, .place = default_place(store)};
  }
  if (words.size() == 1)
    throw Failure(ExitCode::usage, "DM052", "data push needs a file or folder to send",
                  fmt::format("write data push LOCAL {}", words.front()));
  return {.locals = {words.begin(), std::prev(words.end())}, .place = read_place(words.back())};
}

class Push {
public:
  Push(Session& session, ObjectStore& store, Request request)
      : session_(session), store_(store), request_(std::move(request)) {}

  ExitCode run() {
    const auto found = find_local_files(request_.locals, request_.place.key);
    for (const auto& path : found.passed)
      session_.app().say(fmt::format("left out: {} (no file, or a folder behind a link)", path));
    read_there();
    std::int64_t bytes = 0;
    for (const auto& file : found.files)
      bytes += file.size;
    {
      TransferProgress progress(session_.app(), found.files.size(), bytes);
      store_.on_sent([&](std::int64_t count) { progress.sent(count); });
      for (const auto& file : found.files)
        send(file, progress);
      store_.on_sent({});
    }
    report();
    return ExitCode::ok;
  }

private:
  /// What is below the prefix; also says early that the bucket is not there. With --force nobody looks at the sizes.
  void read_there() {
    const net::S3ListRequest request{.bucket = request_.place.bucket, .prefix = request_.place.key};
    store_.each_page(request, [&](const net::S3Page& page) {
      for (const auto& object : page.objects)
        there_.emplace(object.key, object);
      return !session_.app().options.force;
    });
  }

  void send(const LocalFile& file, TransferProgress& progress) {
    progress.file(file.path);
    if (!store_.connection().go_on()) interrupted();
    if (is_there(file)) {
      ++result_.unchanged;
      progress.skipped(file.size);
      return;
    }
    const ObjectPlace place{.bucket = request_.place.bucket, .key = file.key};
    const auto status = store_.client().put_file(place.bucket, place.key, file.path, file.size);
    if (status.trouble == net::S3Trouble::interrupted) interrupted();
    store_.check(status, fmt::format("send {} to {}", file.path, place.text()), place);
    ++result_.sent;
    result_.bytes += file.size;
  }

  [[nodiscard]] bool is_there(const LocalFile& file) {
    const auto& options = session_.app().options;
    const auto found = there_.find(file.key);
    if (options.force || found == there_.end()) return false;
    if (options.only_missing) return true;
    if (found->second.size != file.size) return false;
    const auto etag = net::etag_of_file(file.path, file.size, [&] { return store_.connection().go_on(); });
    if (!store_.connection().go_on()) interrupted();
    return etag && *etag == found->second.etag;
  }

  [[noreturn]] void interrupted() {
    session_.app().say(fmt::format("{} files are sent; the same command goes on from there", result_.sent));
    store_.check({.trouble = net::S3Trouble::interrupted}, {}, {});
    throw std::logic_error("an interruption without a signal");
  }

  void report() const {
    const auto& app = session_.app();
    if (!app.json()) {
      return app.print(fmt::format("{}: {} sent ({}), {} unchanged\n", request_.place.text(), result_.sent,
                                   support::format_bytes(result_.bytes), result_.unchanged));
    }
    auto document = Node::map();
    document.set("v", Node::integer(1));
    document.set("type", Node::text("pushed"));
    document.set("bucket", Node::text(request_.place.bucket));
    document.set("prefix", Node::text(request_.place.key));
    document.set("sent", Node::integer(static_cast<long long>(result_.sent)));
    document.set("unchanged", Node::integer(static_cast<long long>(result_.unchanged)));
    document.set("bytes", Node::integer(result_.bytes));
    app.print(support::write_json(document) + "\n");
  }

  Session& session_;
  ObjectStore& store_;
  Request request_;
  Result result_{};
  std::map<std::string, net::S3Object> there_{};
};

}  // namespace

ExitCode push_data(Session& session, const std::vector<std::string>& words) {
  // A missing file is said before a cluster is looked for.
  const auto last = is_destination(session.app(), words) ? std::prev(words.end()) : words.end();
  (void)find_local_files({words.begin(), last}, {});
  ObjectStore store(session);
  return Push(session, store, read_request(session.app(), store, words)).run();
}

}  // namespace datamill::cli
