#include "cli/object_diff.hpp"

#include "cli/rendered_objects.hpp"
#include "datamill/planner/rendering.hpp"
#include "datamill/support/diagnostic.hpp"
#include "datamill/support/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace datamill::cli {

using support::ExitCode;
using support::Failure;
using support::Node;

namespace {

constexpr std::string_view kFileLine = "diff -N -U";
constexpr std::array<std::string_view, 7> kCounted{"metadata.generation",
                                                   "metadata.resourceVersion",
                                                   "metadata.uid",
                                                   "metadata.creationTimestamp",
                                                   "metadata.managedFields",
                                                   "metadata.selfLink",
                                                   "metadata.annotations[deployment.kubernetes.io/revision]"};
constexpr std::array<std::string_view, 6> kSecretWords{"password", "passwd", "secret", "token", "credential", "apikey"};

/// Where somebody else writes, or where only the sum of something else stands.
bool is_left_out(const std::string& path) {
  if (path == "status" || path.ends_with(".caBundle")) return true;
  if (support::contains(path, ".annotations[checksum/")) return true;
  return std::find(kCounted.begin(), kCounted.end(), path) != kCounted.end();
}

bool sounds_secret(const std::string& path) {
  std::string lower;
  for (const char c : path.substr(path.find_last_of(".[") + 1))
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::any_of(kSecretWords.begin(), kSecretWords.end(),
                     [&](std::string_view word) { return support::contains(lower, word); });
}

bool holds_placeholder(const Node& node) {
  if (support::contains(node.scalar, planner::kPlaceholder)) return true;
  return std::any_of(node.items.begin(), node.items.end(), holds_placeholder) ||
         std::any_of(node.entries.begin(), node.entries.end(),
                     [](const auto& entry) { return holds_placeholder(entry.value); });
}

std::string joined(const std::string& path, const std::string& key) {
  // Keys of labels and annotations have dots of their own.
  if (key.find_first_of("./") != std::string::npos) return fmt::format("{}[{}]", path, key);
  return path.empty() ? key : fmt::format("{}.{}", path, key);
}

bool all_named(const Node& list) {
  return !list.items.empty() && std::all_of(list.items.begin(), list.items.end(), [](const Node& item) {
    return item.is_map() && !item.text_at("name").empty();
  });
}

class Comparer {
public:
  Comparison result{};

  void compare(const std::string& path, const Node* live, const Node* wanted) {
    if (is_left_out(path)) return;
    if (live != nullptr && wanted != nullptr) {
      if (support::same_data(*live, *wanted)) return;
      if (live->is_map() && wanted->is_map()) return compare_maps(path, *live, *wanted);
      if (live->is_sequence() && wanted->is_sequence()) return compare_lists(path, *live, *wanted);
    }
    add(path, live, wanted);
  }

private:
  void compare_maps(const std::string& path, const Node& live, const Node& wanted) {
    for (const auto& entry : live.entries)
      compare(joined(path, entry.key), &entry.value, wanted.find(entry.key));
    for (const auto& entry : wanted.entries) {
      if (live.find(entry.key) == nullptr) compare(joined(path, entry.key), nullptr, &entry.value);
    }
  }

  void compare_lists(const std::string& path, const Node& live, const Node& wanted) {
    if (all_named(live) && all_named(wanted)) return compare_named(path, live, wanted);
    const auto count = std::max(live.items.size(), wanted.items.size());
    for (std::size_t i = 0; i < count; ++i)
      compare(fmt::format("{}[{}]", path, i), i < live.items.size() ? &live.items[i] : nullptr,
              i < wanted.items.size() ? &wanted.items[i] : nullptr);
  }

  void compare_named(const std::string& path, const Node& live, const Node& wanted) {
    const auto find = [](const Node& list, std::string_view name) -> const Node* {
      const auto found = std::find_if(list.items.begin(), list.items.end(),
                                      [&](const Node& item) { return item.text_at("name") == name; });
      return found == list.items.end() ? nullptr : &*found;
    };
    for (const auto& item : live.items)
      compare(fmt::format("{}[{}]", path, item.text_at("name")), &item, find(wanted, item.text_at("name")));
    for (const auto& item : wanted.items) {
      if (find(live, item.text_at("name")) == nullptr)
        compare(fmt::format("{}[{}]", path, item.text_at("name")), nullptr, &item);
    }
  }

  void add(const std::string& path, const Node* live, const Node* wanted) {
    if (wanted != nullptr && holds_placeholder(*wanted)) {
      result.secret_paths.push_back(path);
      return;
    }
    FieldChange change{.path = path, .hidden = sounds_secret(path)};
    if (!change.hidden) {
      if (live != nullptr) change.live = support::write_json(*live);
      if (wanted != nullptr) change.wanted = support::write_json(*wanted);
    }
    result.changes.push_back(std::move(change));
  }
};

Node tree_of(const std::string& text) {
  auto found = read_objects_of(text);
  if (found.unreadable > 0 || found.objects.size() > 1)
    throw Failure(ExitCode::step_failed, "DM871", "what kubectl diff printed cannot be read",
                  "is KUBECTL_EXTERNAL_DIFF or `diff` something unusual here?");
  return found.objects.empty() ? Node{} : std::move(found.objects.front());
}

/// The texts of one object while its lines are read.
struct Pages {
  std::string file{};
  std::string live{};
  std::string wanted{};
  bool in_text = false;
};

void take_line(const std::string& line, Pages& pages) {
  if (line.starts_with("@@")) {
    pages.in_text = true;
    return;
  }
  if (!pages.in_text || line.empty()) return;
  const auto text = line.substr(1) + "\n";
  if (line.front() == ' ' || line.front() == '-') pages.live += text;
  if (line.front() == ' ' || line.front() == '+') pages.wanted += text;
}

}  // namespace

std::vector<ObjectDiff> parse_diff(std::string_view output) {
  std::vector<Pages> pages;
  for (const auto& line : support::split_lines(output)) {
    if (line.starts_with(kFileLine)) {
      pages.push_back({.file = line.substr(line.rfind('/') + 1)});
    } else if (!pages.empty()) {
      take_line(line, pages.back());
    }
  }
  std::vector<ObjectDiff> objects;
  for (const auto& page : pages)
    objects.push_back({.file = page.file, .live = tree_of(page.live), .wanted = tree_of(page.wanted)});
  return objects;
}

Comparison compare_objects(const Node& live, const Node& wanted) {
  Comparer comparer;
  comparer.compare("", &live, &wanted);
  return std::move(comparer.result);
}

}  // namespace datamill::cli
