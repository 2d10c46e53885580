#include "cli/commands/commands.hpp"
#include "cli/db_load.hpp"

namespace datamill::cli {

support::ExitCode db_command(App& app) {
  Session session(app, Session::Use::cluster, app.options.flavour.empty());
  return load_into_database(session, app.options.arguments.at(1));
}

}  // namespace datamill::cli
