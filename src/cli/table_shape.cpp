#include "cli/table_shape.hpp"

#include "datamill/support/csv.hpp"
#include "datamill/support/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace datamill::cli {

using support::CsvReader;
using support::ExitCode;
using support::Failure;
using support::SourceRef;

namespace {

constexpr std::size_t kMostProblems = 10;
constexpr std::size_t kLongestName = 63;    // PostgreSQL docs: NAMEDATALEN - 1
constexpr std::size_t kMostColumns = 1600;  // PostgreSQL docs: limits
constexpr std::string_view kMark = "\xEF\xBB\xBF";

class Shaper {
public:
  explicit Shaper(const std::string& path) : path_(path) {}

  TableShape read() {
    const int fd = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) unreadable(errno);
    ssize_t count = 0;
    do {
      count = ::read(fd, buffer_.data(), buffer_.size());
      if (count > 0) feed({buffer_.data(), static_cast<std::size_t>(count)});
    } while ((count > 0 || (count < 0 && errno == EINTR)) && problems_.items().size() < kMostProblems);
    const int error = errno;
    close(fd);
    if (count < 0) unreadable(error);
    finish(count == 0);
    return std::move(shape_);
  }

private:
  [[noreturn]] void unreadable(int error) const {
    throw Failure(ExitCode::usage, "DM062",
                  fmt::format("\"{}\" cannot be read: {}", path_, std::generic_category().message(error)),
                  "check the path and its permissions");
  }

  void problem(std::int64_t line, std::string text, std::string hint) {
    if (problems_.items().size() < kMostProblems)
      problems_.error("DM062", SourceRef{.file = support::FileName(path_), .line = static_cast<int>(line), .column = 1},
                      std::move(text), std::move(hint));
  }

  void feed(std::string_view piece) {
    if (reader_) return reader_->feed(piece);
    // The first line decides what separates; a file of one line ends without one.
    head_ += piece;
    if (head_.find('\n') != std::string::npos || head_.size() > buffer_.size()) start();
  }

  void start() {
    if (head_.starts_with(kMark)) head_.erase(0, kMark.size());
    const auto line = std::string_view(head_).substr(0, head_.find_first_of("\r\n"));
    shape_.delimiter = ',';
    auto most = std::count(line.begin(), line.end(), ',');
    for (const char candidate : {';', '\t'}) {
      const auto found = std::count(line.begin(), line.end(), candidate);
      if (most == 0 && found > 0) {
        most = found;
        shape_.delimiter = candidate;
      }
    }
    reader_.emplace(shape_.delimiter, [this](const CsvReader::Fields& fields, std::int64_t at) { take(fields, at); });
    reader_->feed(head_);
    head_.clear();
  }

  void finish(bool complete) {
    if (!reader_) start();
    if (complete && !reader_->finish())
      problem(reader_->unclosed_line(), "the quote that begins here does not end", "add the closing \"");
    if (shape_.columns.empty() && !problems_.has_errors())
      problem(1, "the file is empty: the first line must name the columns", "");
    if (problems_.has_errors()) throw Failure(ExitCode::usage, std::move(problems_));
    for (std::size_t i = 0; i < types_.size(); ++i)
      shape_.columns[i].type = types_[i].name();
  }

  void take(const CsvReader::Fields& fields, std::int64_t line) {
    if (shape_.columns.empty()) return take_header(fields, line);
    ++shape_.rows;
    if (fields.size() == 1 && fields[0].text == "\\.")
      return problem(line, "a line that is \\. ends the input of PostgreSQL's COPY", "put it in quotes: \"\\.\" ");
    if (fields.size() != types_.size())
      return problem(line,
                     fmt::format("the row has {} value{}, the header has {}", fields.size(),
                                 fields.size() == 1 ? "" : "s", types_.size()),
                     "a value that holds the delimiter or a line end must be in quotes");
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!fields[i].text.empty() || fields[i].quoted) types_[i].see(fields[i].text);
    }
  }

  void take_header(const CsvReader::Fields& fields, std::int64_t line) {
    if (fields.size() > kMostColumns)
      problem(line, fmt::format("{} columns are more than a table may have ({})", fields.size(), kMostColumns), "");
    for (const auto& field : fields) {
      const bool twice = std::any_of(shape_.columns.begin(), shape_.columns.end(),
                                     [&](const TableColumn& column) { return column.name == field.text; });
      if (field.text.empty())
        problem(line, fmt::format("column {} has no name", shape_.columns.size() + 1), "name it in the first line");
      else if (twice)
        problem(line, fmt::format("two columns are named \"{}\"", field.text), "rename one of them");
      else if (field.text.size() > kLongestName)
        problem(line, fmt::format("the column name \"{}\" is longer than {} bytes", field.text, kLongestName),
                "shorten it");
      shape_.columns.push_back({.name = field.text});
    }
    types_.resize(fields.size());
  }

  const std::string& path_;
  std::array<char, 65536> buffer_{};
  std::string head_{};
  std::optional<CsvReader> reader_{};
  TableShape shape_{};
  std::vector<ColumnType> types_{};
  support::Diagnostics problems_{};
};

}  // namespace

TableShape read_table_shape(const std::string& path) {
  return Shaper(path).read();
}

}  // namespace datamill::cli
