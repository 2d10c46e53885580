#pragma once

#include "cli/offers.hpp"
#include "cli/session.hpp"
#include "datamill/tools/psql.hpp"

#include <string>
#include <vector>

namespace datamill::cli {

/// How a psql in the server's pod ended.
struct PsqlResult {
  proc::Outcome outcome{};
  std::string out{};
  std::string err{};
  [[nodiscard]] bool ok() const { return proc::succeeded(outcome); }
  /// "42P01" of the first error, "" where there is none.
  [[nodiscard]] std::string code() const;
  /// The first error without code: "relation \"t\" does not exist", else kubectl's last line.
  [[nodiscard]] std::string problem() const;
  /// N of the first "COPY t, line N" or "psql:<stdin>:N:"; 0 where none is named.
  [[nodiscard]] int line() const;
};

/// The PostgreSQL server of the flavour, or of what is installed: psql in its pod, through `kubectl exec`.
class DbServer {
public:
  /// @throws Failure DM050 nobody provides PostgreSQL, DM061 it is outside of the cluster, or no pod of it runs, and
  /// what reach_cluster() throws
  explicit DbServer(Session& session);

  [[nodiscard]] const std::string& database() const { return database_; }
  /// Runs psql with these commands, or with a script; `input` comes on its standard input.
  /// @throws Failure DM601; DM066 where the database is not there
  [[nodiscard]] PsqlResult run(tools::Psql psql, std::optional<command::StdinFile> input);

private:
  void choose(Session& session);
  void find_pod();
  [[noreturn]] void fail_without_database();

  Session& session_;
  planner::Offers offers_{};
  const planner::Offer* offer_ = nullptr;
  std::string pod_{};
  std::string database_{};
};

}  // namespace datamill::cli
