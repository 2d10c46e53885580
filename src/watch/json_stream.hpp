#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace datamill::watch {

/// JSON without the members that have one of these keys, wherever they stand. What is not JSON comes back as it
/// is: the reader after it complains.
[[nodiscard]] std::string without_keys(std::string_view json, std::span<const std::string_view> keys);

/// Takes a list as the API server sends it, piece by piece, and hands on its items one by one, so that a list of any
/// length needs no more memory than its longest item.
class ListReader {
public:
  using Item = std::function<void(std::string_view)>;

  void feed(std::string_view piece, const Item& item);
  /// The list without its items, once it ended; "" where it did not.
  [[nodiscard]] std::string_view head() const;
  /// For the next list.
  void reset();

private:
  void take(char c, const Item& item);

  std::string head_{};
  std::string item_{};
  std::string word_{};  ///< the last string of the list's own level
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool in_items_ = false;
};

}  // namespace datamill::watch
