#include "cli/db_load.hpp"

#include "cli/db_server.hpp"
#include "cli/table_shape.hpp"
#include "datamill/config/load_workspace.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace datamill::cli {

namespace fs = std::filesystem;
using support::ExitCode;
using support::Failure;
using support::Node;
using tools::sql_identifier;
using tools::sql_literal;

namespace {

constexpr std::size_t kLongestName = 63;
constexpr std::string_view kDone = "datamill: committed";
constexpr std::string_view kStage = "datamill_load";

/// What is loaded belongs to the database's owner, so that the programs that use the database may read it.
constexpr std::string_view kBecomeOwner =
    "DO $datamill$ BEGIN EXECUTE format('SET ROLE %I', (SELECT pg_get_userbyid(datdba) FROM pg_database "
    "WHERE datname = current_database())); END $datamill$;";

[[noreturn]] void fail_at(const std::string& path, const PsqlResult& result) {
  support::Diagnostics diagnostics;
  const support::SourceRef at{.file = support::FileName(path), .line = result.line(), .column = 1};
  diagnostics.error("DM064", result.line() > 0 ? at : support::SourceRef{},
                    fmt::format("PostgreSQL refuses it: {}", result.problem()),
                    "nothing was changed: all of it is one transaction");
  throw Failure(ExitCode::step_failed, std::move(diagnostics));
}

struct Table {
  std::string schema{};
  std::string name{};
  [[nodiscard]] std::string sql() const {
    return schema.empty() ? sql_identifier(name) : fmt::format("{}.{}", sql_identifier(schema), sql_identifier(name));
  }
};

Table table_of(const Options& options, const std::string& path) {
  const auto dot = options.table.find('.');
  Table table{.name = options.table.empty() ? fs::path(path).stem().string() : options.table};
  if (dot != std::string::npos) table = {.schema = options.table.substr(0, dot), .name = options.table.substr(dot + 1)};
  for (const auto* part : {&table.name, &table.schema}) {
    if (part->size() > kLongestName || (part == &table.name && part->empty()))
      throw Failure(ExitCode::usage, "DM065", fmt::format("a table cannot be named \"{}\"", *part),
                    fmt::format("give a name of 1 to {} bytes: --table NAME", kLongestName));
  }
  return table;
}

class CsvLoad {
public:
  CsvLoad(Session& session, std::string path)
      : session_(session), path_(std::move(path)), table_(table_of(session.app().options, path_)) {}

  ExitCode run() {
    const auto& options = session_.app().options;
    DbServer server(session_);
    const bool exists = is_there(server);
    if (exists && !options.append && !options.replace)
      throw Failure(ExitCode::usage, "DM063",
                    fmt::format("there is a table {} in database {}", table_.sql(), server.database()),
                    "add --append for more rows, --replace for a new table, or --table NAME for another one");
    shape_ = read_table_shape(path_);
    const bool append = exists && options.append;
    const auto result = server.run({.commands = append ? append_commands() : create_commands(), .transaction = true},
                                   command::StdinFile{.path = path_});
    if (!result.ok()) fail_at(path_, result);
    report(server, append);
    return ExitCode::ok;
  }

private:
  bool is_there(DbServer& server) {
    const auto result = server.run(
        {.commands = {fmt::format("SELECT to_regclass({}) IS NOT NULL", sql_literal(table_.sql()))}, .bare = true},
        std::nullopt);
    if (!result.ok())
      throw Failure(ExitCode::step_failed, "DM064", fmt::format("PostgreSQL does not answer: {}", result.problem()),
                    fmt::format("`{} status` shows how the server is", session_.app().program));
    return support::trim(result.out) == "t";
  }

  [[nodiscard]] std::string columns() const {
    std::vector<std::string> names;
    for (const auto& column : shape_.columns)
      names.push_back(sql_identifier(column.name));
    return support::join(names, ", ");
  }

  [[nodiscard]] std::string copy_into(const std::string& table) const {
    return fmt::format("COPY {} ({}) FROM STDIN WITH (FORMAT csv, HEADER true, DELIMITER {})", table, columns(),
                       sql_literal({&shape_.delimiter, 1}));
  }

  /// A connection that breaks off looks like the file's end: what has arrived must be all of it.
  [[nodiscard]] std::string check(const std::string& table) const {
    return fmt::format("DO $datamill$ BEGIN IF (SELECT count(*) FROM {}) <> {} THEN RAISE EXCEPTION 'not all rows "
                       "arrived: % of {}', (SELECT count(*) FROM {}); END IF; END $datamill$",
                       table, shape_.rows, shape_.rows, table);
  }

  [[nodiscard]] std::vector<std::string> create_commands() const {
    std::vector<std::string> definitions;
    for (const auto& column : shape_.columns)
      definitions.push_back(fmt::format("{} {}", sql_identifier(column.name), column.type));
    std::vector<std::string> commands{"SET client_encoding TO 'UTF8'", std::string(kBecomeOwner)};
    if (session_.app().options.replace) commands.push_back(fmt::format("DROP TABLE IF EXISTS {}", table_.sql()));
    commands.push_back(fmt::format("CREATE TABLE {} ({})", table_.sql(), support::join(definitions, ", ")));
    commands.push_back(copy_into(table_.sql()));
    commands.push_back(check(table_.sql()));
    return commands;
  }

  [[nodiscard]] std::vector<std::string> append_commands() const {
    const std::string stage(kStage);
    return {"SET client_encoding TO 'UTF8'",
            std::string(kBecomeOwner),
            fmt::format("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA", stage, columns(),
                        table_.sql()),
            copy_into(stage),
            check(stage),
            fmt::format("INSERT INTO {} ({}) SELECT {} FROM {}", table_.sql(), columns(), columns(), stage)};
  }

  void report(const DbServer& server, bool append) const {
    const auto& app = session_.app();
    if (app.json()) {
      auto document = Node::map();
      document.set("v", Node::integer(1));
      document.set("type", Node::text("loaded"));
      document.set("database", Node::text(server.database()));
      document.set("table", Node::text(table_.schema.empty() ? table_.name : table_.schema + "." + table_.name));
      document.set("rows", Node::integer(shape_.rows));
      document.set("created", Node::boolean(!append));
      auto list = Node::sequence();
      for (const auto& column : shape_.columns) {
        auto node = Node::map();
        node.set("name", Node::text(column.name));
        if (!append) node.set("type", Node::text(std::string(column.type)));
        list.items.push_back(std::move(node));
      }
      document.set("columns", std::move(list));
      return app.print(support::write_json(document) + "\n");
    }
    std::vector<std::string> types;
    for (const auto& column : shape_.columns)
      types.push_back(append ? column.name : fmt::format("{} {}", column.name, column.type));
    app.print(fmt::format("{} rows {} table {} of database {} ({})\n", shape_.rows, append ? "added to" : "in the new",
                          table_.sql(), server.database(), support::join(types, ", ")));
  }

  Session& session_;
  std::string path_;
  Table table_;
  TableShape shape_{};
};

ExitCode load_sql(Session& session, const std::string& path) {
  const auto& app = session.app();
  DbServer server(session);
  // On the script's own first line, so that line numbers are those of the file. A script that does not end where it
  // should (an open quote, a lost connection) never gets to the last lines, and is rolled back.
  const auto result = server.run({}, command::StdinFile{.before = fmt::format("BEGIN; {} ", kBecomeOwner),
                                                        .path = path,
                                                        .after = fmt::format("\nCOMMIT;\n\\echo {}\n", kDone)});
  if (!result.ok()) fail_at(path, result);
  if (!support::contains(result.out, kDone))
    throw Failure(ExitCode::step_failed, "DM064",
                  fmt::format("\"{}\" ends inside of a quote, a comment or COPY data", path),
                  "nothing was changed: all of it is one transaction");
  if (!app.json()) {
    app.print(fmt::format("{} is executed in database {}\n", path, server.database()));
    return ExitCode::ok;
  }
  auto document = Node::map();
  document.set("v", Node::integer(1));
  document.set("type", Node::text("executed"));
  document.set("database", Node::text(server.database()));
  document.set("file", Node::text(path));
  app.print(support::write_json(document) + "\n");
  return ExitCode::ok;
}

void refuse_misfits(const Options& options, bool sql) {
  if (options.append && options.replace)
    throw Failure(ExitCode::usage, "DM065", "--append and --replace contradict each other", "leave out one of them");
  if (!sql || (options.table.empty() && !options.append && !options.replace)) return;
  throw Failure(ExitCode::usage, "DM065",
                "--table, --append and --replace go with CSV files: an SQL file says itself what it does",
                "leave them out");
}

}  // namespace

ExitCode load_into_database(Session& session, const std::string& path) {
  const auto ending = fs::path(path).extension().string();
  const bool sql = ending == ".sql";
  if (!sql && ending != ".csv" && ending != ".tsv")
    throw Failure(ExitCode::usage, "DM062", fmt::format("\"{}\" is neither a CSV nor an SQL file by its name", path),
                  "give a file that ends with .csv, .tsv or .sql");
  if (session.app().files.kind(path) != support::FileSource::Kind::file)
    throw Failure(ExitCode::usage, "DM062", fmt::format("there is no file \"{}\"", path), "check the path");
  refuse_misfits(session.app().options, sql);
  try {
    return sql ? load_sql(session, path) : CsvLoad(session, path).run();
  } catch (const Failure& failure) {
    auto diagnostics = failure.diagnostics();
    config::attach_excerpts(diagnostics, session.app().files);
    throw Failure(failure.exit_code(), std::move(diagnostics));
  }
}

}  // namespace datamill::cli
