#include "cli/image_environment.hpp"

#include "datamill/config/yaml.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace datamill::cli {

using support::Diagnostics;
using support::Node;

namespace {

constexpr std::string_view kPython = "3.11";

/// Names of conda-forge that PyPI has under another one.
constexpr auto kOtherNames = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"pytorch", "torch"},
    {"matplotlib-base", "matplotlib"},
    {"msgpack-python", "msgpack"},
    {"opencv", "opencv-python-headless"},
    {"pytables", "tables"},
    {"dask-core", "dask"},
    {"python-graphviz", "graphviz"},
});

/// PyPA, PEP 503: runs of "-", "_" and "." are one "-", case does not count.
std::string normal_name(std::string_view requirement) {
  std::string name;
  for (const char c : requirement) {
    if (c == '-' || c == '_' || c == '.') {
      if (!name.ends_with('-')) name += '-';
    } else if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else {
      break;
    }
  }
  return name;
}

std::string without_comment(const std::string& line) {
  return std::string(support::trim(line.substr(0, line.find('#'))));
}

class CondaReader {
public:
  explicit CondaReader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  std::vector<std::string> run(const Node& document) {
    const auto* list = document.find("dependencies");
    if (list == nullptr || !list->is_sequence()) {
      diagnostics_.error("DM715", document.at, "an environment.yml needs a list `dependencies`",
                         "write for example: dependencies: [numpy=2.1, {pip: [s3fs]}]");
      return {};
    }
    for (const auto& item : list->items) {
      if (item.is_scalar())
        add(item);
      else if (const auto* pip = item.find("pip"))
        add_pip(*pip);
      else
        diagnostics_.error("DM715", item.at, "a dependency is neither a text nor `pip: [...]`");
    }
    return std::move(lines_);
  }

private:
  void add_pip(const Node& pip) {
    for (const auto& item : pip.items) {
      if (item.scalar.starts_with("-"))
        diagnostics_.error("DM715", item.at, fmt::format("\"{}\" is an option of pip, not a package", item.scalar),
                           "name packages only; the index and its certificates are those of the machine");
      else
        lines_.push_back(item.scalar);
    }
  }

  /// conda docs: "name", "name=1.2" (any 1.2.x), "name==1.2.3", "name>=1", "channel::name", "name=1.2=build".
  void add(const Node& item) {
    std::string text(support::trim(item.scalar));
    if (const auto channel = text.find("::"); channel != std::string::npos) text.erase(0, channel + 2);
    const auto end = std::min(text.find_first_of(" =<>!~["), text.size());
    auto name = text.substr(0, end);
    const auto version = std::string(support::trim(text.substr(end)));
    if (name == "python") return check_python(version, item);
    if (name == "pip") return;
    if (version.find('[') != std::string::npos || name.empty()) {
      diagnostics_.error("DM715", item.at, fmt::format("pip has no way to say \"{}\"", item.scalar),
                         "name the package as PyPI does, under `pip:`");
      return;
    }
    for (const auto& [conda, pypi] : kOtherNames) {
      if (name == conda) name = pypi;
    }
    lines_.push_back(name + pip_version(version));
  }

  static std::string pip_version(const std::string& version) {
    if (version.empty() || version.starts_with("==") || version.front() != '=') return version;
    auto wanted = version.substr(1);
    const auto build = wanted.find('=');
    if (build != std::string::npos) return "==" + wanted.substr(0, build);
    return wanted.ends_with("*") ? "==" + wanted : fmt::format("=={}.*", wanted);
  }

  void check_python(const std::string& version, const Node& item) {
    if (version.empty() || support::contains(version, kPython)) return;
    diagnostics_.warning("DM716", item.at, fmt::format("the images have Python {}, not \"{}\"", kPython, item.scalar),
                         "packages are chosen for that one");
  }

  Diagnostics& diagnostics_;
  std::vector<std::string> lines_{};
};

std::vector<std::string> requirement_lines(const std::string& text, const std::string& file, Diagnostics& diagnostics) {
  std::vector<std::string> lines;
  int number = 0;
  for (const auto& line : support::split_lines(text)) {
    ++number;
    const auto words = without_comment(line);
    if (words.empty()) continue;
    if (words.starts_with("-"))
      diagnostics.error("DM715", {.file = support::FileName(file), .line = number, .column = 1},
                        fmt::format("\"{}\" is an option of pip, not a package", words),
                        "name packages only; the index and its certificates are those of the machine");
    lines.push_back(words);
  }
  return lines;
}

/// The user that the base leaves its container to.
std::string user_of(const domain::ImageGraph& graph, const domain::Image& image) {
  std::string user;
  for (const auto& line : support::split_lines(image.dockerfile)) {
    const auto words = support::split_list(line, " \t");
    if (words.size() == 2 && words[0] == "USER") user = words[1];
  }
  if (!user.empty() || image.own_bases().empty()) return user.empty() ? "root" : user;
  return user_of(graph, graph.images.at(image.own_bases().front()));
}

}  // namespace

std::vector<std::string> read_environment(const std::string& file, const support::FileSource& files,
                                          Diagnostics& diagnostics) {
  const auto read = files.read(file, config::kMaxFileBytes);
  const support::SourceRef at{.file = support::FileName(file)};
  if (!read.text) {
    diagnostics.error("DM715", at, fmt::format("it cannot be read: {}", read.problem),
                      "give --env a requirements.txt or an environment.yml");
    return {};
  }
  const bool conda = file.ends_with(".yml") || file.ends_with(".yaml");
  std::vector<std::string> lines;
  if (conda) {
    const auto documents = config::parse_yaml(*read.text, file, config::Documents::one, diagnostics);
    Node nothing;
    nothing.at = at;
    if (documents) lines = CondaReader(diagnostics).run(documents->empty() ? nothing : documents->front());
  } else {
    lines = requirement_lines(*read.text, file, diagnostics);
  }
  if (lines.empty() && !diagnostics.has_errors())
    diagnostics.error("DM715", at, "it names no package", "write one package per line");
  return lines;
}

std::string loosened(std::string_view constraints, const std::vector<std::string>& requirements) {
  std::string text;
  for (const auto& line : support::split_lines(constraints)) {
    const auto name = normal_name(line);
    const auto own = std::any_of(requirements.begin(), requirements.end(), [&](const auto& wanted) {
      return normal_name(wanted) == name && wanted.find_first_of("=<>!~@") != std::string::npos;
    });
    if (!own && !without_comment(line).empty()) text += line + "\n";
  }
  return text;
}

ImageFolder environment_image(const domain::ImageGraph& graph, const domain::Image& base, const std::string& name,
                              const std::vector<std::string>& requirements, const std::string& constraints) {
  ImageFolder folder;
  folder.requirements = "-c constraints.txt\n" + support::join(requirements, "\n") + "\n";
  folder.constraints = constraints;
  folder.description =
      fmt::format("summary: {} with more packages\nversion: {}\nwheels: requirements.txt\n", base.name, base.version);
  const auto user = user_of(graph, base);
  folder.dockerfile =
      fmt::format(R"(# {0} and the packages of requirements.txt. Made by `datamill images build --env`; yours to change.
FROM {0}
COPY requirements.txt constraints.txt /opt/requirements/{1}/
USER root
RUN --mount=type=bind,source=wheels,target=/wheels \
    pip install --no-index --find-links /wheels --no-cache-dir -r /opt/requirements/{1}/requirements.txt
USER {2}
)",
                  base.name, name, user);
  return folder;
}

}  // namespace datamill::cli
