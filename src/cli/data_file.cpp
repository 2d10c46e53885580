#include "cli/data_file.hpp"

#include "datamill/config/load_workspace.hpp"
#include "datamill/config/yaml.hpp"

#include <fmt/format.h>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;
using support::Node;

void read_data_file(const DataFile& file, const std::string& root, const support::FileSource& files,
                    const std::function<void(support::MapReader&)>& read) {
  const auto path = fmt::format("{}/{}", root, file.name);
  const auto content = files.read(path, config::kMaxFileBytes);
  if (!content.text) {
    throw Failure(ExitCode::usage, "DM109", fmt::format("\"{}\" cannot be read: {}", path, content.problem),
                  fmt::format("it says {}; get it back from datamill's repository", file.says_what));
  }
  support::Diagnostics diagnostics;
  if (const auto documents = config::parse_yaml(*content.text, path, config::Documents::one, diagnostics)) {
    const Node node = documents->empty() ? Node{} : documents->front();
    support::MapReader reader(node, file.name, diagnostics);
    read(reader);
    reader.finish();
  }
  config::attach_excerpts(diagnostics, files);
  if (diagnostics.has_errors()) throw Failure(ExitCode::usage, std::move(diagnostics));
}

}  // namespace datamill::cli
