#include "datamill/support/csv.hpp"

#include <utility>

namespace datamill::support {

void CsvReader::end_field() {
  fields_.push_back(std::exchange(field_, {}));
}

void CsvReader::end_record() {
  end_field();
  take_(fields_, record_line_);
  fields_.clear();
  any_ = false;
}

void CsvReader::take(char c) {
  if (std::exchange(return_pending_, false) && c == '\n') return;
  if (!any_) record_line_ = line_;
  if (std::exchange(quote_pending_, false)) {
    if (c == '"') {
      field_.text += c;
      return;
    }
    in_quotes_ = false;
  }
  if (c == '"') {
    any_ = true;
    field_.quoted = true;
    quote_pending_ = in_quotes_;
    if (!in_quotes_) quote_line_ = line_;
    in_quotes_ = true;
    return;
  }
  const bool line_end = c == '\n' || c == '\r';
  if (line_end) ++line_;
  if (in_quotes_) {
    field_.text += c;
  } else if (line_end) {
    return_pending_ = c == '\r';
    end_record();
  } else if (c == delimiter_) {
    any_ = true;
    end_field();
  } else {
    any_ = true;
    field_.text += c;
  }
}

void CsvReader::feed(std::string_view piece) {
  for (const char c : piece)
    take(c);
}

bool CsvReader::finish() {
  if (in_quotes_ && !quote_pending_) return false;
  if (any_) end_record();
  return true;
}

}  // namespace datamill::support
