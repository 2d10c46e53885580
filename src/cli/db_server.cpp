#include "cli/db_server.hpp"

#include "cli/foreground.hpp"
#include "cli/pods.hpp"
#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "datamill/tools/kubectl.hpp"
#include "datamill/tools/kubectl_debug.hpp"

#include <fmt/format.h>

#include <chrono>

namespace datamill::cli {

using namespace std::chrono_literals;
using support::ExitCode;
using support::Failure;

namespace {

constexpr proc::ChildId kPsql = 5;
constexpr auto kHeartbeat = 20s;
constexpr std::string_view kNoDatabase = "does not exist";
/// Longer output is nothing that anybody wants to keep in memory.
constexpr std::size_t kMostOutput = std::size_t{1} << 20U;

/// What stands behind "ERROR:  42P01: ".
std::string_view behind_error(std::string_view text) {
  for (const std::string_view mark : {"ERROR:  ", "FATAL:  "}) {
    if (const auto at = text.find(mark); at != std::string_view::npos) return text.substr(at + mark.size());
  }
  return {};
}

bool is_code(std::string_view text) {
  return text.size() > 7 && text.substr(5, 2) == ": " &&
         text.substr(0, 5).find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

int number_behind(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return 0;
  const auto rest = text.substr(at + mark.size());
  return static_cast<int>(support::parse_integer(rest.substr(0, rest.find_first_not_of("0123456789"))).value_or(0));
}

}  // namespace

std::string PsqlResult::code() const {
  const auto rest = behind_error(err);
  return is_code(rest) ? std::string(rest.substr(0, 5)) : std::string{};
}

std::string PsqlResult::problem() const {
  auto rest = behind_error(err);
  if (is_code(rest)) rest.remove_prefix(7);
  if (!rest.empty()) return std::string(rest.substr(0, rest.find('\n')));
  const auto lines = support::split_lines(support::trim(err));
  return lines.empty() ? proc::to_text(outcome) : lines.back();
}

int PsqlResult::line() const {
  if (const auto copy = err.find("CONTEXT:  COPY "); copy != std::string::npos)
    return number_behind(std::string_view(err).substr(copy), ", line ");
  return number_behind(err, "psql:<stdin>:");
}

DbServer::DbServer(Session& session) : session_(session) {
  const bool by_flavour = !session.workspace().flavour_file.empty();
  if (by_flavour) choose(session);
  reach_cluster(session);
  if (!by_flavour) choose(session);
  refuse_simulated(session);
  check_installed(session, *offer_);
  const auto& wanted = session.app().options.database;
  database_ = wanted.empty() ? offer_->client->database : wanted;
  find_pod();
}

void DbServer::choose(Session& session) {
  offers_ = read_offers(session);
  offer_ = &need_offer(session, offers_, "postgres", "DM050");
  if (offer_->component.empty())
    throw Failure(ExitCode::usage, "DM061",
                  fmt::format("PostgreSQL is outside of the cluster ({})", offer_->output("host")),
                  "load it with psql itself: psql --host HOST --file FILE");
  if (!offer_->client)
    throw Failure(ExitCode::usage, "DM061",
                  fmt::format("{} does not say how psql can be started there", offer_->component),
                  fmt::format("give components/{}/component.yaml a `clients:`", offer_->component));
  refuse_simulated(session);
}

void DbServer::find_pod() {
  const auto read = to_command(
      tools::KubectlGetTemplate{
          .kinds = {"pods"},
          .ns = offer_->ns,
          .selector = offer_->client->pods,
          .go_template = "{{range .items}}{{if eq .status.phase \"Running\"}}{{.metadata.name}} {{end}}{{end}}"},
      session_.access());
  const auto names = support::split_list(session_.read(read, "the pods of the server"));
  if (names.empty())
    throw Failure(ExitCode::step_failed, "DM061",
                  fmt::format("no pod of {} runs in namespace {} (looked for {})", offer_->component, offer_->ns,
                              offer_->client->pods),
                  fmt::format("`{} status` and `{} events {}` may say why", session_.app().program,
                              session_.app().program, offer_->component));
  pod_ = names.front();
}

PsqlResult DbServer::run(tools::Psql psql, std::optional<command::StdinFile> input) {
  psql.program = offer_->client->command;
  if (psql.database.empty()) psql.database = database_;
  auto command = to_command(tools::KubectlExecIn{.ns = offer_->ns,
                                                 .pod = pod_,
                                                 .container = offer_->client->container,
                                                 .input = input.has_value(),
                                                 .words = words_of(psql)},
                            session_.access());
  if (input) command.stdin_text = std::move(*input);
  auto& runner = session_.runner();
  runner.start(kPsql, session_.resolve(command));
  PsqlResult result;
  const auto begun = runner.now();
  auto next = begun + kHeartbeat;
  while (true) {
    const auto event = runner.wait(next);
    if (const auto* line = std::get_if<proc::OutputLine>(&event)) {
      auto& text = line->stream == proc::Stream::out ? result.out : result.err;
      // The first error is what counts on stderr, the end on stdout.
      if (line->stream == proc::Stream::out && text.size() > kMostOutput) text.clear();
      if (text.size() <= kMostOutput) text += line->text + "\n";
    } else if (const auto* ended = std::get_if<proc::ChildEnded>(&event)) {
      result.outcome = ended->outcome;
      break;
    } else if (const auto* interrupt = std::get_if<proc::Interrupted>(&event)) {
      end_children(runner, {kPsql});
      throw Failure(exit_code_of_signal(interrupt->signal), "DM601", "interrupted; the transaction is not committed");
    } else {
      session_.app().say(fmt::format(
          "still loading, {}",
          support::format_elapsed(std::chrono::duration_cast<std::chrono::milliseconds>(runner.now() - begun))));
      next = runner.now() + kHeartbeat;
    }
  }
  const bool no_database = support::contains(result.err, fmt::format("database \"{}\" {}", psql.database, kNoDatabase));
  if (!result.ok() && no_database && psql.database == database_) fail_without_database();
  return result;
}

void DbServer::fail_without_database() {
  const auto there = run({.database = "postgres",
                          .commands = {"SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname"},
                          .bare = true},
                         std::nullopt);
  const auto names = support::split_list(there.out, "\n");
  auto hint = support::did_you_mean(database_, names);
  if (hint.empty() && !names.empty()) hint = fmt::format("there are: {}", support::join(names, ", "));
  throw Failure(ExitCode::usage, "DM066", fmt::format("there is no database \"{}\"", database_), hint);
}

}  // namespace datamill::cli
