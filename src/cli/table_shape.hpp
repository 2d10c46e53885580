#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// What all values of a column so far can be read as.
class ColumnType {
public:
  /// A value that is there: empty ones say nothing.
  void see(std::string_view value);
  /// PostgreSQL's name: integer, bigint, double precision, boolean, date, timestamp, timestamptz or text.
  [[nodiscard]] std::string_view name() const;

private:
  bool any_ = false;
  bool integer_ = true;
  bool bigint_ = true;
  bool real_ = true;
  bool boolean_ = true;
  bool date_ = true;
  bool local_time_ = true;  ///< dates count as midnight
  bool zoned_time_ = true;
};

struct TableColumn {
  std::string name{};
  std::string_view type{};
};

/// What a CSV file comes to as a table.
struct TableShape {
  std::vector<TableColumn> columns{};
  std::int64_t rows = 0;
  char delimiter = ',';  ///< what the first line is separated by: comma, semicolon or tab
};

/// Reads the whole file once, without holding it.
/// @throws Failure exit 2, DM062: unreadable, no header, bad or repeated names, ragged rows (the first ten, with their
/// lines), quotes that do not end, a line that ends COPY's input
[[nodiscard]] TableShape read_table_shape(const std::string& path);

}  // namespace datamill::cli
