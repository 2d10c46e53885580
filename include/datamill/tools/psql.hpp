#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace datamill::tools {

/// `psql` in one transaction of -c commands, whose COPY reads standard input (PostgreSQL docs: psql, -1 and -c), or
/// with a script on standard input (--file=-). It stops at the first error (exit status 3), names it by its code
/// (VERBOSITY=verbose), reads no .psqlrc and asks for no password.
struct Psql {
  std::vector<std::string> program{};  ///< "psql" and what it always needs
  std::string database{};
  std::vector<std::string> commands{};  ///< empty: the script on standard input
  bool transaction = false;             ///< all commands in one
  bool bare = false;                    ///< rows without headers, fields separated by "|"
};
[[nodiscard]] std::vector<std::string> words_of(const Psql& psql);

/// `name` as PostgreSQL's quoted identifier, `text` as its literal.
[[nodiscard]] std::string sql_identifier(std::string_view name);
[[nodiscard]] std::string sql_literal(std::string_view text);

}  // namespace datamill::tools
