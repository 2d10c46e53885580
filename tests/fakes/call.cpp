#include "call.hpp"

#include "datamill/config/yaml.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace datamill::fake {

using support::Node;

namespace {

constexpr std::array kLoggedVariables{"KWOK_WORKDIR",    "KUBECONFIG",       "PATH",
                                      "HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME",
                                      "KUBECACHEDIR",    "NO_PROXY",         "no_proxy"};

std::string read_all(int fd) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (auto size = read(fd, buffer.data(), buffer.size()); size > 0; size = read(fd, buffer.data(), buffer.size()))
    text.append(buffer.data(), static_cast<std::size_t>(size));
  return text;
}

bool is_probe(const Call& call) {
  support::Diagnostics diagnostics;
  const auto path = std::string(DATAMILL_SOURCE_DIR) + "/tools.yaml";
  const auto documents = config::parse_yaml(read_file(path), path, config::Documents::one, diagnostics);
  if (!documents || documents->empty()) return false;
  const auto* probe = documents->front().find_path({"tools", call.tool, "probe"});
  if (probe == nullptr || probe->items.size() != call.args.size()) return false;
  for (std::size_t i = 0; i < call.args.size(); ++i) {
    if (probe->items[i].scalar != call.args[i]) return false;
  }
  return true;
}

Node text_list(const std::vector<std::string>& texts) {
  auto list = Node::sequence();
  for (const auto& text : texts)
    list.items.push_back(Node::text(text));
  return list;
}

}  // namespace

std::string Call::line() const {
  return args.empty() ? tool : fmt::format("{} {}", tool, support::join(args, " "));
}

Call read_call(int argc, char** argv) {
  Call call{.tool = std::filesystem::path(argv[0]).filename().string(), .args = {argv + 1, argv + argc}};
  for (const auto* name : kLoggedVariables) {
    if (const auto* value = std::getenv(name)) call.env[name] = value;
  }
  struct stat info{};
  call.has_input = fstat(STDIN_FILENO, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISREG(info.st_mode));
  if (call.has_input) call.input = read_all(STDIN_FILENO);
  call.probe = call.args.size() <= 2 && is_probe(call);
  return call;
}

CallLog::CallLog(const Call& call) : path_(environment("FAKE_LOG")), id_(fmt::format("{}", getpid())) {
  auto env = Node::map();
  for (const auto& [name, value] : call.env)
    env.set(name, Node::text(value));
  auto node = Node::map();
  node.set("event", Node::text("start"));
  node.set("pid", Node::text(id_));
  node.set("tool", Node::text(call.tool));
  node.set("args", text_list(call.args));
  node.set("env", std::move(env));
  node.set("input", call.has_input ? Node::text(call.input) : Node{});
  node.set("probe", Node::boolean(call.probe));
  append(support::write_json(node));
}

void CallLog::signal(int number) const {
  append(fmt::format(R"({{"event":"signal","pid":"{}","signal":{}}})", id_, number));
}

void CallLog::end(int exit_code) const {
  append(fmt::format(R"({{"event":"end","pid":"{}","exit":{}}})", id_, exit_code));
}

void CallLog::append(std::string line) const {
  if (path_.empty()) return;
  line += '\n';
  const int fd = open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || write(fd, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
  close(fd);
}

std::string Words::value(const std::string& flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() || found->second.empty() ? std::string{} : found->second.back();
}

Words take_apart(const std::vector<std::string>& args, std::string_view switches) {
  const auto without_value = support::split_list(switches, " ");
  Words words;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const auto& word = args[i];
    if (word.size() < 2 || word[0] != '-') {
      words.plain.push_back(word);
      continue;
    }
    const auto equals = word.find('=');
    if (equals != std::string::npos) {
      words.flags[word.substr(0, equals)].push_back(word.substr(equals + 1));
      continue;
    }
    auto& values = words.flags[word];
    const auto is_switch = std::find(without_value.begin(), without_value.end(), word) != without_value.end();
    if (!is_switch && i + 1 < args.size()) values.push_back(args[++i]);
  }
  return words;
}

std::string environment(const char* name) {
  const auto* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_file(const std::string& path, const std::string& text) {
  const std::filesystem::path file(path);
  std::filesystem::create_directories(file.parent_path());
  const auto temporary = fmt::format("{}/.{}-{}", file.parent_path().string(), getpid(), file.filename().string());
  std::ofstream(temporary, std::ios::binary) << text;
  std::filesystem::rename(temporary, path);
}

}  // namespace datamill::fake
