#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::support {

struct CsvField {
  std::string text{};
  bool quoted = false;  ///< any part of it was in quotes: "" is an empty text then, and not "no value"
};

/// Takes a CSV text apart as PostgreSQL's COPY does: a quote may stand anywhere in a field and hides delimiters and
/// line ends up to the next one, two quotes in quotes are one. Lines end with \n, \r\n or \r. Fed piece by piece.
class CsvReader {
public:
  using Fields = std::vector<CsvField>;
  /// `line` is that of the record's first character, from 1.
  using Take = std::function<void(const Fields& fields, std::int64_t line)>;

  CsvReader(char delimiter, Take take) : delimiter_(delimiter), take_(std::move(take)) {}

  void feed(std::string_view piece);
  /// Gives the last record. False where the text ends inside of quotes, which began in unclosed_line().
  [[nodiscard]] bool finish();
  [[nodiscard]] std::int64_t unclosed_line() const { return quote_line_; }

private:
  void take(char c);
  void end_field();
  void end_record();

  char delimiter_;
  Take take_;
  Fields fields_{};
  CsvField field_{};
  bool in_quotes_ = false;
  bool quote_pending_ = false;   ///< a quote in quotes: the end of them, or the first of two
  bool return_pending_ = false;  ///< a \r outside of quotes ended the line; its \n belongs to it
  bool any_ = false;             ///< of this record something was read
  std::int64_t line_ = 1;
  std::int64_t record_line_ = 1;
  std::int64_t quote_line_ = 0;
};

}  // namespace datamill::support
