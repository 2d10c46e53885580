#include "cli/suffix.hpp"

#include <random>
#include <string_view>

namespace datamill::cli {

std::string random_suffix() {
  constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
  std::random_device random;
  std::uniform_int_distribution<std::size_t> index(0, kLetters.size() - 1);
  std::string text;
  for (int i = 0; i < 5; ++i)
    text += kLetters[index(random)];
  return text;
}

}  // namespace datamill::cli
