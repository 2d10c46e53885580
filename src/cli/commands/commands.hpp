#pragma once

#include "cli/app.hpp"
#include "datamill/support/exit_code.hpp"

namespace datamill::cli {

// One function per subcommand, one file each in this folder; the table in run_command.cpp lists them.
[[nodiscard]] support::ExitCode install_command(App& app);
[[nodiscard]] support::ExitCode uninstall_command(App& app);
[[nodiscard]] support::ExitCode start_command(App& app);
[[nodiscard]] support::ExitCode stop_command(App& app);
[[nodiscard]] support::ExitCode destroy_command(App& app);
[[nodiscard]] support::ExitCode plan_command(App& app);
[[nodiscard]] support::ExitCode diff_command(App& app);
[[nodiscard]] support::ExitCode validate_command(App& app);
[[nodiscard]] support::ExitCode status_command(App& app);
[[nodiscard]] support::ExitCode why_command(App& app);
[[nodiscard]] support::ExitCode logs_command(App& app);
[[nodiscard]] support::ExitCode events_command(App& app);
[[nodiscard]] support::ExitCode open_command(App& app);
[[nodiscard]] support::ExitCode exec_command(App& app);
[[nodiscard]] support::ExitCode proxy_command(App& app);
[[nodiscard]] support::ExitCode kubeconfig_command(App& app);
[[nodiscard]] support::ExitCode debug_command(App& app);
[[nodiscard]] support::ExitCode images_command(App& app);
[[nodiscard]] support::ExitCode data_command(App& app);
[[nodiscard]] support::ExitCode db_command(App& app);
[[nodiscard]] support::ExitCode job_command(App& app);
[[nodiscard]] support::ExitCode graph_command(App& app);
[[nodiscard]] support::ExitCode history_command(App& app);
[[nodiscard]] support::ExitCode runs_command(App& app);
[[nodiscard]] support::ExitCode report_command(App& app);
[[nodiscard]] support::ExitCode list_command(App& app);
[[nodiscard]] support::ExitCode config_command(App& app);
[[nodiscard]] support::ExitCode doctor_command(App& app);
[[nodiscard]] support::ExitCode tools_command(App& app);
[[nodiscard]] support::ExitCode completion_command(App& app);
[[nodiscard]] support::ExitCode complete_command(App& app);
[[nodiscard]] support::ExitCode version_command(App& app);
[[nodiscard]] support::ExitCode node_command(App& app);

}  // namespace datamill::cli
