#include "cli/kubeconfig.hpp"

#include "datamill/config/yaml.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;

std::string current_context(const std::string& kubeconfig, const support::FileSource& files) {
  for (const auto& path : support::split_list(kubeconfig, ":")) {
    const auto read = files.read(path, config::kMaxFileBytes);
    if (!read.text) {
      throw Failure(ExitCode::usage, "DM565",
                    fmt::format("the kubeconfig \"{}\" cannot be read: {}", path, read.problem),
                    "set `hybrid.config` to a kubeconfig that can be read, or give --kubeconfig FILE");
    }
    support::Diagnostics diagnostics;
    const auto documents = config::parse_yaml(*read.text, path, config::Documents::many, diagnostics);
    if (!documents) throw Failure(ExitCode::usage, std::move(diagnostics));
    for (const auto& document : *documents) {
      const auto context = document.text_at("current-context");
      if (!context.empty()) return std::string(context);
    }
  }
  throw Failure(ExitCode::usage, "DM565", fmt::format("the kubeconfig \"{}\" names no current context", kubeconfig),
                "set `hybrid.context`, or give --kube-context NAME");
}

}  // namespace datamill::cli
