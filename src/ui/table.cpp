#include "datamill/ui/ui.hpp"
#include "ui/screen_text.hpp"

#include <algorithm>

namespace datamill::ui {

namespace {

using Row = std::vector<std::string>;

constexpr std::size_t kGap = 2;

std::vector<std::size_t> column_widths(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  return widths;
}

std::string table_line(const Row& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    line += row[i];
    if (i + 1 < row.size()) line.append(widths[i] - display_width(row[i]) + kGap, ' ');
  }
  // An empty last cell leaves blanks behind.
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string render_table(const std::vector<std::vector<std::string>>& rows, int width) {
  std::vector<Row> shown = rows;
  for (auto& row : shown) {
    for (auto& cell : row)
      cell = harmless(cell);
  }
  const auto widths = column_widths(shown);
  std::string text;
  for (const auto& row : shown) {
    const auto line = table_line(row, widths);
    text += (width > 0 ? fit(line, static_cast<std::size_t>(width)) : line) + "\n";
  }
  return text;
}

}  // namespace datamill::ui
