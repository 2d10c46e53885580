#include "cli/job_request.hpp"

#include "cli/job_profile.hpp"
#include "cli/suffix.hpp"
#include "datamill/domain/names.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace datamill::cli {

using inventory::JobVariable;
using support::ExitCode;
using support::Failure;

namespace {

namespace fs = std::filesystem;

/// kubernetes docs: a ConfigMap holds at most 1 MiB; base64 makes four bytes of three.
constexpr std::size_t kLargestFile = std::size_t{1} << 20U;
constexpr std::size_t kLongestBase = 50;

/// "500m", "2", "0.5", "512Mi", "4G".
bool is_quantity(const std::string& text) {
  const auto number = text.find_first_not_of("0123456789.");
  if (number == 0 || text.empty() || std::count(text.begin(), text.end(), '.') > 1) return false;
  const auto unit = number == std::string::npos ? std::string{} : text.substr(number);
  const std::vector<std::string> units{"", "m", "k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti"};
  return std::find(units.begin(), units.end(), unit) != units.end();
}

void check_quantity(std::string_view flag, const std::string& value, std::string_view example) {
  if (value.empty() || is_quantity(value)) return;
  throw Failure(ExitCode::usage, "DM070", fmt::format("{} needs a quantity, not \"{}\"", flag, value),
                fmt::format("write for example {} {}", flag, example));
}

std::string name_of(const Options& options, const std::string& base) {
  if (options.name.empty()) {
    auto label = domain::to_dns_label(base).substr(0, kLongestBase);
    return fmt::format("{}-{}", label.empty() ? "job" : label, random_suffix());
  }
  const auto problem = domain::dns_label_problem(options.name);
  if (!problem.empty())
    throw Failure(ExitCode::usage, "DM070", fmt::format("a job cannot be named \"{}\": {}", options.name, problem),
                  fmt::format("write for example --name {}", domain::to_dns_label(options.name)));
  return options.name;
}

std::string read_content(const App& app, const std::string& path) {
  const auto read = app.files.read(path, kLargestFile);
  if (read.text) return *read.text;
  const bool large = support::contains(read.problem, "larger");
  throw Failure(ExitCode::usage, "DM071", fmt::format("\"{}\" cannot be submitted: {}", path, read.problem),
                large ? fmt::format("a job's own file has 1 MiB at most: send what it works on with `{} data push` and "
                                    "read it from S3 in the job",
                                    app.program)
                      : "check the path and its permissions");
}

JobRequest file_request(const Session& session, const std::string& path, const std::vector<std::string>& arguments) {
  const auto& app = session.app();
  const fs::path file(path);
  const auto ending = file.extension().string();
  std::vector<std::string> known;
  const auto profile =
      read_job_profile(ending.empty() ? ending : ending.substr(1), session.workspace().root, app.files, known);
  if (!profile)
    throw Failure(ExitCode::usage, "DM071", fmt::format("nothing is known that runs \"{}\"", path),
                  fmt::format("files that end with {} can be submitted (data/jobs.yaml)", support::join(known, ", ")));
  if (!arguments.empty() && !profile->arguments)
    throw Failure(ExitCode::usage, "DM070", fmt::format("a file that ends with {} takes no arguments", ending),
                  "give it what it needs by -e NAME=VALUE");
  JobRequest request{.content = read_content(app, path)};
  // ConfigMap keys: letters, digits, "-", "_" and "."; the file keeps its ending, which programs look at.
  const auto label = domain::to_dns_label(file.stem().string());
  request.spec.file = (label.empty() ? "job" : label) + ending;
  request.spec.name = name_of(app.options, file.stem().string());
  request.spec.image = app.options.debug_image.empty() ? profile->image : app.options.debug_image;
  if (app.options.debug_image.empty()) request.own = profile->own;
  request.spec.words = profile->command;
  request.spec.words.push_back(fmt::format("{}/{}", inventory::kJobFolder, request.spec.file));
  request.spec.words.insert(request.spec.words.end(), arguments.begin(), arguments.end());
  return request;
}

/// "quay.io/jupyter/scipy-notebook:1" -> "scipy-notebook"
std::string base_of_image(const std::string& image) {
  const auto slash = image.rfind('/');
  auto base = slash == std::string::npos ? image : image.substr(slash + 1);
  return base.substr(0, base.find_first_of(":@"));
}

/// A word that is no file is an image, unless it looks like a file that is missing.
JobRequest image_request(const Session& session, const std::string& image, const std::vector<std::string>& words) {
  const auto& app = session.app();
  std::vector<std::string> known;
  const auto ending = fs::path(image).extension().string();
  if (image.starts_with('.') || image.starts_with('/') ||
      (!ending.empty() && read_job_profile(ending.substr(1), session.workspace().root, app.files, known)))
    throw Failure(ExitCode::usage, "DM071", fmt::format("there is no file \"{}\"", image), "check the path");
  if (!app.options.debug_image.empty())
    throw Failure(ExitCode::usage, "DM070", "--image goes with a file, and an image is given already",
                  "leave out one of them");
  return {.spec = {.name = name_of(app.options, base_of_image(image)), .image = image, .words = words}};
}

bool is_installed(const Session& session, const planner::Offer& offer) {
  if (offer.component.empty()) return true;
  const auto* entry = session.snapshot().entry(offer.ns, offer.component);
  return entry != nullptr && !entry->kept;
}

class Wiring {
public:
  Wiring(Session& session, const planner::Offers& offers, const std::string& ns)
      : session_(session), offers_(offers),
        secrets_(support::split_list(session.read(inventory::secret_names_read(ns, session.access()), "the Secrets"))),
        ns_(ns) {}

  std::vector<JobVariable> run() {
    add_s3();
    add_postgres();
    if (const auto* tracking = usable("tracking", {})) set("MLFLOW_TRACKING_URI", tracking->output("url"));
    for (const auto& [name, value] : session_.app().options.variables) {
      std::erase_if(variables_, [&, key = name](const JobVariable& v) { return v.name == key; });
      set(name, value);
    }
    return std::move(variables_);
  }

private:
  void set(std::string name, std::string value) {
    variables_.push_back({.name = std::move(name), .value = std::move(value)});
  }
  void refer(std::string name, const std::string& secret, std::string key) {
    variables_.push_back({.name = std::move(name), .secret = secret, .key = std::move(key)});
  }

  /// The offer where it can be wired; what it lacks is said.
  const planner::Offer* usable(const std::string& capability, const std::string& secret_output) {
    const auto* offer = offers_.find(capability);
    if (offer == nullptr) return nullptr;
    if (!is_installed(session_, *offer)) {
      session_.app().say(fmt::format("without {}: {} is not installed", capability, offer->component));
      return nullptr;
    }
    return secret_output.empty() || has_secret(offer->output(secret_output), capability) ? offer : nullptr;
  }

  bool has_secret(const std::string& name, std::string_view capability) {
    if (std::find(secrets_.begin(), secrets_.end(), name) != secrets_.end()) return true;
    session_.app().say(fmt::format("without {}: there is no Secret {} in namespace {}", capability, name, ns_));
    return false;
  }

  void add_s3() {
    const auto* s3 = usable("s3", "secret.name");
    if (s3 == nullptr) return;
    const auto secret = s3->output("secret.name");
    set("AWS_ENDPOINT_URL", s3->output("endpoint"));
    set("AWS_DEFAULT_REGION", s3->output("region"));
    refer("AWS_ACCESS_KEY_ID", secret, s3->output("secret.access_key"));
    refer("AWS_SECRET_ACCESS_KEY", secret, s3->output("secret.secret_key"));
    if (offers_.buckets.size() == 1) set("S3_BUCKET", offers_.buckets.front());
  }

  /// libpq's names, which psycopg, SQLAlchemy and psql read (PostgreSQL docs: libpq environment variables).
  void add_postgres() {
    const auto* postgres = usable("postgres", {});
    if (postgres == nullptr) return;
    const auto& client = postgres->client;
    if (!client || client->secret.empty() || !has_secret(client->secret, "postgres")) return;
    set("PGHOST", postgres->output("host"));
    set("PGPORT", postgres->output("port"));
    set("PGDATABASE", client->database);
    refer("PGUSER", client->secret, client->username_key);
    refer("PGPASSWORD", client->secret, client->password_key);
  }

  Session& session_;
  const planner::Offers& offers_;
  std::vector<std::string> secrets_;
  const std::string& ns_;
  std::vector<JobVariable> variables_{};
};

}  // namespace

JobRequest read_job_request(const Session& session, const std::vector<std::string>& words) {
  const auto& options = session.app().options;
  check_quantity("--cpu", options.cpu, "500m");
  check_quantity("--memory", options.memory, "512Mi");
  const std::vector<std::string> arguments(std::next(words.begin()), words.end());
  const bool is_file = session.app().files.kind(words.front()) == support::FileSource::Kind::file;
  auto request =
      is_file ? file_request(session, words.front(), arguments) : image_request(session, words.front(), arguments);
  request.spec.cpu = options.cpu;
  request.spec.memory = options.memory;
  request.spec.gpus = options.gpus.value_or(0);
  request.spec.keep = options.keep;
  return request;
}

std::string job_namespace(const Session& session) {
  const auto& wanted = session.workspace().project.k8s_namespace;
  if (session.snapshot().find_namespace(wanted) != nullptr) return wanted;
  if (session.app().options.k8s_namespace.empty()) return "default";
  throw Failure(ExitCode::usage, "DM070", fmt::format("there is no namespace \"{}\" in the cluster", wanted),
                "leave out -n, or install something there first");
}

std::vector<JobVariable> job_variables(Session& session, const std::string& ns) {
  const auto offers = read_offers(session);
  return Wiring(session, offers, ns).run();
}

}  // namespace datamill::cli
