#include "cli/object_store.hpp"

#include "cli/pods.hpp"
#include "datamill/planner/lifecycle.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::cli {

using namespace std::chrono_literals;
using net::S3Status;
using net::S3Trouble;
using support::ExitCode;
using support::Failure;

namespace {

constexpr int kMostAttempts = 4;

/// The parts of "http://object-store.data-mill.svc:7070".
struct Endpoint {
  bool tls = false;
  std::string host{};
  int port = 0;
};

Endpoint read_endpoint(const std::string& url) {
  Endpoint endpoint{.tls = url.starts_with("https://")};
  const auto scheme = url.find("://");
  auto rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
  rest = rest.substr(0, rest.find('/'));
  const auto colon = rest.rfind(':');
  endpoint.host = rest.substr(0, colon);
  endpoint.port = endpoint.tls ? 443 : 80;
  if (colon != std::string::npos)
    endpoint.port = static_cast<int>(support::parse_integer(rest.substr(colon + 1)).value_or(endpoint.port));
  return endpoint;
}

/// NAME.NAMESPACE.svc, with or without the cluster's domain (kubernetes docs: DNS for Services); nullopt for any other
/// host, which is reached directly.
std::optional<tools::KubectlPortForward> forward_to(const Endpoint& endpoint) {
  const auto parts = support::split(endpoint.host, '.');
  if (parts.size() < 3 || parts[2] != "svc") return std::nullopt;
  return tools::KubectlPortForward{.ns = parts[1], .service = parts[0], .port = endpoint.port};
}

}  // namespace

std::string ObjectPlace::text() const {
  return fmt::format("s3://{}/{}", bucket, key);
}

ObjectPlace read_place(const std::string& text) {
  constexpr std::string_view kScheme = "s3://";
  const std::string_view rest = std::string_view(text).substr(text.starts_with(kScheme) ? kScheme.size() : 0);
  const auto slash = rest.find('/');
  ObjectPlace place{.bucket = std::string(rest.substr(0, slash))};
  if (slash != std::string_view::npos) place.key = std::string(rest.substr(slash + 1));
  if (place.bucket.empty())
    throw Failure(ExitCode::usage, "DM052", fmt::format("\"{}\" names no bucket", text),
                  "write BUCKET/KEY or s3://BUCKET/KEY");
  return place;
}

ObjectStore::ObjectStore(Session& session) : session_(session) {
  const bool by_flavour = !session.workspace().flavour_file.empty();
  if (by_flavour) choose(session);
  reach_cluster(session);
  if (!by_flavour) choose(session);
  if (!offer_->component.empty()) refuse_simulated(session);
  check_installed(session, *offer_);
  const auto url = offer_->output("endpoint");
  connection_ = std::make_unique<Connection>(session, forward_to(read_endpoint(url)));
  net::S3Access access{
      .endpoint = url, .region = offer_->output("region"), .path_style = offer_->output("path_style") != "false"};
  read_keys(access);
  connection_->open();
  access.connect_to = connection_->place();
  client_ = std::make_unique<net::S3Client>(std::move(access), session.app().environment, hooks());
}

void ObjectStore::choose(Session& session) {
  offers_ = read_offers(session);
  offer_ = &need_offer(session, offers_, "s3", "DM050");
  if (!offer_->component.empty()) refuse_simulated(session);
}

/// The values go from kubectl's output into the client, and nowhere else.
void ObjectStore::read_keys(net::S3Access& access) {
  const auto name = offer_->output("secret.name");
  const auto result =
      session_.capture({to_command(tools::KubectlGetSecret{.ns = offer_->ns, .name = name}, session_.access())})
          .front();
  if (!result.ok()) {
    const auto lines = support::split_lines(support::trim(result.err));
    throw Failure(ExitCode::step_failed, "DM058",
                  fmt::format("the Secret {}/{} with the keys of S3 cannot be read: {}", offer_->ns, name,
                              lines.empty() ? proc::to_text(result.outcome) : lines.back()),
                  offer_->component.empty() ? "make it: the flavour names it under `services:`"
                                            : fmt::format("`{}` makes it", session_.typed("install")));
  }
  const auto secret = support::read_json(result.out, "the Secret with the keys of S3");
  const auto value = [&](std::string_view output) {
    const auto key = offer_->output(output);
    const auto* node = secret.find_path({"data", key});
    if (node != nullptr && !node->scalar.empty()) return support::base64_decode(node->scalar);
    throw Failure(ExitCode::step_failed, "DM058",
                  fmt::format("the Secret {}/{} has no key \"{}\"", offer_->ns, name, key),
                  "it must hold the access key and the secret key of the S3 service");
  };
  access.access_key = value("secret.access_key");
  access.secret_key = value("secret.secret_key");
}

net::S3Hooks ObjectStore::hooks() {
  return {.keep_going = [this] { return connection_->go_on(); },
          .reconnect = [this](int attempt) -> std::optional<std::string> {
            if (attempt >= kMostAttempts || !connection_->pause(attempt * 500ms)) return std::nullopt;
            if (!connection_->alive() || attempt > 1) connection_->open();
            return connection_->place();
          },
          .sent =
              [this](std::int64_t bytes) {
                if (sent_) sent_(bytes);
              }};
}

void ObjectStore::each_page(net::S3ListRequest request, const std::function<bool(const net::S3Page&)>& take) {
  const ObjectPlace place{.bucket = request.bucket, .key = request.prefix};
  while (true) {
    const auto page = client_->list(request);
    check(page.status, "list " + place.text(), place);
    if (!take(page) || page.next.empty()) return;
    request.token = page.next;
  }
}

std::vector<std::string> ObjectStore::buckets() {
  auto buckets = client_->list_buckets();
  check(buckets.status, "list the buckets", {});
  return std::move(buckets.names);
}

void ObjectStore::fail_without_bucket(const std::string& bucket) {
  const auto there = client_->list_buckets().names;
  auto hint = support::did_you_mean(bucket, there);
  if (hint.empty())
    hint = there.empty() ? "components make buckets: `buckets:` in their component.yaml"
                         : fmt::format("there are: {}", support::elide_middle(support::join(there, ", "), 300));
  throw Failure(ExitCode::step_failed, "DM053", fmt::format("there is no bucket \"{}\"", bucket), hint);
}

void ObjectStore::check(const S3Status& status, const std::string& what, const ObjectPlace& place) {
  const auto endpoint = offer_->output("endpoint");
  switch (status.trouble) {
  case S3Trouble::none: return;
  case S3Trouble::interrupted: break;
  case S3Trouble::no_bucket: fail_without_bucket(place.bucket);
  case S3Trouble::no_object:
    throw Failure(ExitCode::step_failed, "DM054", fmt::format("there is no {}", place.text()),
                  fmt::format("`{} data ls {}` shows what is there", session_.app().program, place.bucket));
  case S3Trouble::denied:
    throw Failure(ExitCode::step_failed, "DM055", fmt::format("{} refuses to {}: {}", endpoint, what, status.problem),
                  fmt::format("the keys are those of Secret {}/{}: are they this service's, and may they do that?",
                              offer_->ns, offer_->output("secret.name")));
  case S3Trouble::unreachable:
    connection_->check_signal();
    throw Failure(ExitCode::unreachable, "DM056",
                  fmt::format("cannot {}: {} does not answer: {}", what, endpoint, status.problem),
                  offer_->component.empty()
                      ? "is the address right, and does a firewall or proxy stand between?"
                      : fmt::format("`{} logs {}` may say why", session_.app().program, offer_->component));
  case S3Trouble::local:
  case S3Trouble::server:
    throw Failure(ExitCode::step_failed, "DM057", fmt::format("cannot {}: {}", what, status.problem),
                  status.trouble == S3Trouble::local
                      ? "run it again: what has arrived is not sent twice"
                      : "nothing is half written: an object is there as a whole or as it was before");
  }
  connection_->check_signal();
  throw Failure(ExitCode::interrupted, "DM601", "interrupted");
}

}  // namespace datamill::cli
