#include "datamill/support/diagnostic.hpp"
#include "datamill/support/node.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace datamill::support {

namespace {

// Trees are copied and destroyed recursively; no tool nests deeper than a few dozen.
constexpr std::size_t kDeepest = 500;

/// Builds a Node out of the parser's events, numbers as they are written.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
  bool null() override { return add({}); }
  bool boolean(bool value) override { return add(Node::boolean(value)); }
  bool number_integer(number_integer_t value) override { return add(Node::plain(std::to_string(value))); }
  bool number_unsigned(number_unsigned_t value) override { return add(Node::plain(std::to_string(value))); }
  bool number_float(number_float_t /*value*/, const string_t& text) override { return add(Node::plain(text)); }
  bool string(string_t& value) override { return add(Node::text(std::move(value))); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool key(string_t& value) override {
    keys_.back() = std::move(value);
    return true;
  }
  bool start_object(std::size_t /*count*/) override { return open(Node::map()); }
  bool start_array(std::size_t /*count*/) override { return open(Node::sequence()); }
  bool end_object() override {
    keep_last_of_repeated_keys(stack_.back().entries);
    return close();
  }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string& /*token*/, const nlohmann::detail::exception&) override {
    problem_ = fmt::format("at byte {}", position);
    return false;
  }

  [[nodiscard]] Node take() { return std::move(root_); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

private:
  bool open(Node node) {
    if (stack_.size() >= kDeepest) {
      problem_ = fmt::format("nested deeper than {}", kDeepest);
      return false;
    }
    stack_.push_back(std::move(node));
    keys_.emplace_back();
    return true;
  }

  bool close() {
    Node done = std::move(stack_.back());
    stack_.pop_back();
    keys_.pop_back();
    return add(std::move(done));
  }

  bool add(Node node) {
    if (stack_.empty()) {
      root_ = std::move(node);
    } else if (stack_.back().is_map()) {
      stack_.back().entries.push_back({.key = std::move(keys_.back()), .key_at = {}, .value = std::move(node)});
    } else {
      stack_.back().items.push_back(std::move(node));
    }
    return true;
  }

  static void keep_last_of_repeated_keys(std::vector<Entry>& entries) {
    std::vector<std::size_t> order(entries.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return entries[a].key < entries[b].key; });
    std::vector<std::size_t> repeated;
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (entries[order[i]].key == entries[order[i - 1]].key) repeated.push_back(order[i - 1]);
    }
    std::sort(repeated.rbegin(), repeated.rend());
    for (const std::size_t index : repeated)
      entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(index));
  }

  Node root_{};
  std::vector<Node> stack_{};
  std::vector<std::string> keys_{};  ///< per open container, the key whose value comes next
  std::string problem_{};
};

}  // namespace

Node read_json(std::string_view text, std::string_view what) {
  Builder builder;
  if (nlohmann::json::sax_parse(text, &builder)) return builder.take();
  throw Failure(ExitCode::step_failed, "DM110", fmt::format("{} is not JSON ({})", what, builder.problem()));
}

}  // namespace datamill::support
