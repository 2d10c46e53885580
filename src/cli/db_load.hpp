#pragma once

#include "cli/session.hpp"

#include <string>

namespace datamill::cli {

/// `db load FILE.csv|FILE.sql`: one transaction, which is there as a whole or not at all.
/// @throws Failure DM062 the file, DM063 the table is there, DM064 what PostgreSQL says, with file and line, DM065
/// flags, and what DbServer throws
[[nodiscard]] support::ExitCode load_into_database(Session& session, const std::string& path);

}  // namespace datamill::cli
