#include "watch/json_stream.hpp"

#include <algorithm>
#include <vector>

namespace datamill::watch {

namespace {

/// Copies JSON but for some members.
class Copier {
public:
  Copier(std::string_view json, std::span<const std::string_view> keys) : json_(json), keys_(keys) {
    out_.reserve(json.size());
  }

  std::string copy() {
    while (at_ < json_.size()) {
      const char c = json_[at_];
      if (c == '"')
        take_string();
      else
        take_sign(c);
    }
    return std::move(out_);
  }

private:
  [[nodiscard]] std::size_t end_of_string(std::size_t at) const {
    for (++at; at < json_.size(); ++at) {
      if (json_[at] == '\\')
        ++at;
      else if (json_[at] == '"')
        return at + 1;
    }
    return json_.size();
  }

  /// Index behind the value that starts at or after `at`.
  [[nodiscard]] std::size_t end_of_value(std::size_t at) const {
    std::size_t depth = 0;
    while (at < json_.size()) {
      const char c = json_[at];
      if (c == '"') {
        at = end_of_string(at);
        continue;
      }
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') {
        if (depth == 0) return at;
        --depth;
      }
      if (c == ',' && depth == 0) return at;
      ++at;
    }
    return at;
  }

  void take_string() {
    const auto end = end_of_string(at_);
    const auto word = json_.substr(at_ + 1, end - at_ - 2);
    const bool key = !open_.empty() && open_.back() == '{' && expects_key_;
    expects_key_ = false;
    if (!key || std::find(keys_.begin(), keys_.end(), word) == keys_.end()) {
      out_ += json_.substr(at_, end - at_);
      at_ = end;
      return;
    }
    at_ = end_of_value(end);
    if (at_ < json_.size() && json_[at_] == ',') {
      ++at_;
      expects_key_ = true;
    } else if (!out_.empty() && out_.back() == ',') {
      out_.pop_back();
    }
  }

  void take_sign(char c) {
    ++at_;
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') return;
    if (c == '{' || c == '[') open_.push_back(c);
    if ((c == '}' || c == ']') && !open_.empty()) open_.pop_back();
    expects_key_ = c == '{' || c == ',';
    out_ += c;
  }

  std::string_view json_;
  std::span<const std::string_view> keys_;
  std::string out_{};
  std::string open_{};  ///< brackets that are open
  std::size_t at_ = 0;
  bool expects_key_ = false;
};

}  // namespace

std::string without_keys(std::string_view json, std::span<const std::string_view> keys) {
  return Copier(json, keys).copy();
}

void ListReader::feed(std::string_view piece, const Item& item) {
  for (const char c : piece)
    take(c, item);
}

/// Depth 1 is the list's own level, 2 that of the items.
void ListReader::take(char c, const Item& item) {
  const bool inside = in_items_ && depth_ >= 2 && (depth_ > 2 || c == '{');
  std::string& text = inside ? item_ : head_;
  if (in_string_) {
    text += c;
    if (escaped_)
      escaped_ = false;
    else if (c == '\\')
      escaped_ = true;
    else if (c == '"')
      in_string_ = false;
    else if (depth_ == 1)
      word_ += c;
    return;
  }
  if (in_items_ && depth_ == 2 && c != '{' && c != ']') return;  // commas and blanks between items
  if (c == '"') {
    in_string_ = true;
    if (depth_ == 1) word_.clear();
  }
  if (c == '{' || c == '[') {
    if (depth_ == 1 && c == '[' && word_ == "items") in_items_ = true;
    ++depth_;
  }
  if ((c == '}' || c == ']') && depth_ > 0) --depth_;
  text += c;
  if (in_items_ && depth_ == 1) in_items_ = false;
  if (inside && depth_ == 2) {
    item(item_);
    item_.clear();
  }
}

std::string_view ListReader::head() const {
  return depth_ == 0 && !head_.empty() ? std::string_view(head_) : std::string_view();
}

void ListReader::reset() {
  *this = {};
}

}  // namespace datamill::watch
