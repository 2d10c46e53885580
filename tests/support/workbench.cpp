#include "support/workbench.hpp"

#include "datamill/support/text.hpp"
#include "datamill/support/units.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

namespace datamill::tests {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using support::Node;

namespace {

constexpr std::array<std::string_view, 11> kClusterCommands{
    "debug", "install", "uninstall", "start", "stop", "destroy", "plan", "validate", "status", "doctor", "run"};

bool has_any(const std::vector<std::string>& arguments, const std::vector<std::string_view>& words) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const auto& a) { return std::find(words.begin(), words.end(), a) != words.end(); });
}

ToolCall read_start(const Node& node, std::size_t place) {
  ToolCall call{.tool = std::string(node.text_at("tool")),
                .probe = node.text_at("probe") == "true",
                .pid = static_cast<pid_t>(support::parse_integer(node.text_at("pid")).value_or(0)),
                .started = place};
  for (const auto& item : node.find("args")->items)
    call.args.push_back(item.scalar);
  for (const auto& entry : node.find("env")->entries)
    call.env[entry.key] = entry.value.scalar;
  if (const auto* input = node.find("input"); input != nullptr && !input->is_null()) call.input = input->scalar;
  return call;
}

int number(const Node& node, std::string_view key) {
  return static_cast<int>(support::parse_integer(node.text_at(key)).value_or(-1));
}

}  // namespace

std::string ToolCall::line() const {
  return args.empty() ? tool : tool + " " + support::join(args, " ");
}

bool ToolCall::has(std::string_view text) const {
  return support::contains(line(), text);
}

bool ToolCall::changes_something() const {
  if (probe) return false;
  if (args.empty()) return true;
  const auto& verb = args.front();
  if (tool == "helm") return verb != "template" && verb != "get";
  if (tool != "kubectl") return true;
  // Questions about rights are answered and never kept.
  if (verb == "create") return !support::contains(input.value_or(""), "SelfSubjectAccessReview");
  return verb != "get" && verb != "wait" && verb != "auth" && verb != "diff" && verb != "api-resources";
}

Workbench::Workbench() {
  fs::create_directories(home());
  environment = {{"HOME", home()},
                 {"PATH", std::string(DATAMILL_FAKES) + "/bin"},
                 {"LC_ALL", "C.UTF-8"},
                 {"DATAMILL_ROOT", DATAMILL_SOURCE_DIR},
                 {"DATAMILL_IMAGE_BUILDER", "docker"},  // never the machine's own
                 {"DATAMILL_VERSITYGW", DATAMILL_FAKES "/bin/versitygw"},
                 {"FAKE_LOG", folder_.path("calls")},
                 {"FAKE_STATE", folder_.path("fakes")},
                 {"FAKE_RULES", folder_.path("rules")}};
  working_directory = folder_.path();
}

std::unique_ptr<Program> Workbench::start(std::vector<std::string> arguments, Terminal terminal) {
  const auto is_cluster_command = !arguments.empty() && std::find(kClusterCommands.begin(), kClusterCommands.end(),
                                                                  arguments.front()) != kClusterCommands.end();
  if (is_cluster_command && !has_any(arguments, {"-t", "--target", "-h", "--location", "-r"})) {
    // Right behind the command: words after "--" are another program's.
    arguments.insert(std::next(arguments.begin()), {"-t", "kwok"});
  }
  arguments.insert(arguments.begin(), DATAMILL_PROGRAM);
  const auto output = folder_.path("run-" + std::to_string(++runs_));
  fs::create_directories(output);
  return std::make_unique<Program>(ProgramCall{.argv = std::move(arguments),
                                               .environment = environment,
                                               .working_directory = working_directory,
                                               .folder = output,
                                               .terminal = terminal});
}

ProgramResult Workbench::run(std::vector<std::string> arguments) {
  auto result = start(std::move(arguments))->wait();
  CHECK_FALSE(result.timed_out);
  CHECK(result.signal == 0);
  // Shown with the next assertion that fails.
  UNSCOPED_INFO("exit " << result.exit_code << "\nstdout: " << result.out << "\nstderr: " << result.err);
  return result;
}

ProgramResult Workbench::operator()(std::string_view line) {
  return run(support::split_list(line, " "));
}

void Workbench::rules(const std::vector<std::string>& lines) const {
  (void)folder_.write("rules", support::join(lines, "\n") + "\n");
}

std::vector<ToolCall> Workbench::calls() const {
  std::vector<ToolCall> calls;
  std::map<std::string, std::size_t> running;
  std::size_t place = 0;
  const auto log = TempFolder::read(folder_.path("calls"));
  // Read while a tool writes, the last line may be half there.
  for (const auto& line : support::split_lines(log.substr(0, log.rfind('\n') + 1))) {
    if (line.empty()) continue;
    const auto node = support::read_json(line, "the log of the fake tools");
    const auto pid = std::string(node.text_at("pid"));
    ++place;
    if (node.text_at("event") == "start") {
      running[pid] = calls.size();
      calls.push_back(read_start(node, place));
    } else if (node.text_at("event") == "signal") {
      calls.at(running.at(pid)).signals.push_back(number(node, "signal"));
    } else {
      calls.at(running.at(pid)).ended = place;
      calls.at(running.at(pid)).exit_code = number(node, "exit");
    }
  }
  return calls;
}

std::vector<ToolCall> Workbench::calls(const std::function<bool(const ToolCall&)>& wanted) const {
  auto all = calls();
  all.erase(std::remove_if(all.begin(), all.end(), [&](const auto& call) { return !wanted(call); }), all.end());
  return all;
}

std::size_t Workbench::count(std::string_view text) const {
  return calls([&](const ToolCall& call) { return !call.probe && call.has(text); }).size();
}

std::vector<std::string> Workbench::changes() const {
  std::vector<std::string> lines;
  for (const auto& call : calls([](const ToolCall& c) { return c.changes_something(); }))
    lines.push_back(call.line());
  return lines;
}

void Workbench::forget_calls() const {
  fs::remove(folder_.path("calls"));
}

bool Workbench::wait_for_call(std::string_view text) const {
  for (int i = 0; i < 2000; ++i) {
    if (count(text) > 0) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

fake::Cluster Workbench::cluster(const std::string& path) const {
  return {folder_.path("fakes"), path.empty() ? kubeconfig() : path};
}

std::string Workbench::secret(const std::string& ns, const std::string& name, const std::string& key) const {
  const auto object = cluster().find("Secret", ns, name);
  if (!object) return {};
  const auto* value = object->body.find_path({"data", key});
  return value == nullptr ? std::string{} : support::base64_decode(value->scalar);
}

Node Workbench::record(const std::string& component, const std::string& ns) const {
  const auto object = cluster().find("ConfigMap", ns, "datamill." + component);
  if (!object) return {};
  return support::read_json(object->body.find_path({"data", "component.json"})->scalar, "a record");
}

int Workbench::revision(const std::string& release, const std::string& ns) const {
  int newest = 0;
  for (const auto& object : cluster().list("Secret", ns)) {
    if (object.label("owner") != "helm" || object.label("name") != release) continue;
    newest = std::max(newest, static_cast<int>(support::parse_integer(object.label("version")).value_or(0)));
  }
  return newest;
}

std::string Workbench::make_root(const std::map<std::string, std::string>& files) const {
  const auto root = folder_.path("root");
  const fs::path source(DATAMILL_SOURCE_DIR);
  for (const auto* name : {"components", "flavours", "k8s-targets"}) {
    fs::create_directories(root + "/" + name);
    for (const auto& entry : fs::directory_iterator(source / name))
      fs::create_symlink(entry.path(), fs::path(root) / name / entry.path().filename());
  }
  for (const auto* name : {"data", "charts", "tools.yaml"})
    fs::create_symlink(source / name, fs::path(root) / name);
  for (const auto& [path, text] : files) {
    const auto place = fs::path(root) / path;
    if (fs::is_symlink(place.parent_path())) {
      // A component of the repository in which one file is to differ.
      const auto target = fs::read_symlink(place.parent_path());
      fs::remove(place.parent_path());
      fs::copy(target, place.parent_path(), fs::copy_options::recursive);
    }
    fs::remove(place);
    (void)folder_.write("root/" + path, text);
  }
  return root;
}

Node json_document(const std::string& text) {
  INFO(text);
  const auto lines = support::split_lines(support::trim(text));
  REQUIRE(lines.size() == 1);
  return support::read_json(lines.front(), "output");
}

}  // namespace datamill::tests
