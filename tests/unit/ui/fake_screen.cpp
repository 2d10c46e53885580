#include "view_helpers.hpp"

#include <algorithm>
#include <stdexcept>

namespace datamill::ui::testing {

std::string& FakeScreen::line() {
  if (rows_.size() <= row_) rows_.resize(row_ + 1);
  return rows_[row_];
}

void FakeScreen::put(char c) {
  if (column_ == columns_) {
    ++row_;
    column_ = 0;
  }
  auto& text = line();
  if (text.size() <= column_) text.resize(column_ + 1, ' ');
  text[column_++] = c;
}

std::size_t FakeScreen::escape(const std::string& text, std::size_t at) {
  const auto end = text.find_first_of("ABCDJKmhl", at + 2);
  if (text[at + 1] != '[' || end == std::string::npos) throw std::runtime_error("unknown escape sequence");
  const auto number = text.substr(at + 2, end - at - 2);
  if (text[end] == 'A') {
    const std::size_t up = std::stoul(number);
    if (up > row_) throw std::runtime_error("the cursor left the screen");
    row_ -= up;
  } else if (text[end] == 'K') {
    auto& row = line();
    row.resize(std::min(row.size(), column_));
  } else if (text[end] == 'J') {
    auto& row = line();
    row.resize(std::min(row.size(), column_));
    rows_.resize(row_ + 1);
  } else if (text[end] != 'm') {
    throw std::runtime_error("unexpected escape sequence");
  }
  return end + 1;
}

void FakeScreen::feed(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\x1b') {
      i = escape(text, i);
      continue;
    }
    if (text[i] == '\n') {
      ++row_;
      column_ = 0;
    } else if (text[i] == '\r') {
      column_ = 0;
    } else {
      put(text[i]);
    }
    ++i;
  }
}

std::vector<std::string> FakeScreen::lines() const {
  auto rows = rows_;
  for (auto& row : rows)
    row.erase(row.find_last_not_of(' ') + 1);
  while (!rows.empty() && rows.back().empty())
    rows.pop_back();
  return rows;
}

}  // namespace datamill::ui::testing
