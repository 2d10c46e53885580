#include "datamill/tools/psql.hpp"

#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::tools {

std::vector<std::string> words_of(const Psql& psql) {
  auto words = psql.program;
  words.insert(words.end(), {"--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1",
                             "--set=VERBOSITY=verbose", fmt::format("--dbname={}", psql.database)});
  if (psql.bare) words.insert(words.end(), {"--tuples-only", "--no-align"});
  if (psql.transaction) words.emplace_back("--single-transaction");
  if (psql.commands.empty()) words.emplace_back("--file=-");
  for (const auto& command : psql.commands)
    words.push_back(fmt::format("--command={}", command));
  return words;
}

std::string sql_identifier(std::string_view name) {
  return fmt::format("\"{}\"", support::replace_all(std::string(name), "\"", "\"\""));
}

std::string sql_literal(std::string_view text) {
  // PostgreSQL docs: in E'...' a backslash is always an escape, whatever the server's settings are.
  auto escaped = support::replace_all(std::string(text), "\\", "\\\\");
  return fmt::format("E'{}'", support::replace_all(std::move(escaped), "'", "''"));
}

}  // namespace datamill::tools
