#include "datamill/domain/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::domain {

namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestRelease = 53;
constexpr std::size_t kLongestObject = 253;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

std::string length_problem(std::string_view name, std::size_t limit) {
  if (name.empty()) return "it is empty";
  if (name.size() > limit) return fmt::format("it has {} characters, {} are allowed", name.size(), limit);
  return {};
}

std::string label_problem(std::string_view label) {
  for (const char c : label) {
    if (is_upper(c)) return "it has upper-case letters, only lower-case ones are allowed";
    if (!is_alphanumeric(c) && c != '-') return "it may only hold lower-case letters, digits and \"-\"";
  }
  if (label.empty()) return "it has an empty part";
  if (!is_alphanumeric(label.front())) return "it must start with a letter or digit";
  return is_alphanumeric(label.back()) ? std::string() : "it must end with a letter or digit";
}

std::string limited_label_problem(std::string_view name, std::size_t limit) {
  const std::string problem = length_problem(name, limit);
  return problem.empty() ? label_problem(name) : problem;
}

}  // namespace

std::string dns_label_problem(std::string_view name) {
  return limited_label_problem(name, kLongestLabel);
}

std::string release_name_problem(std::string_view name) {
  return limited_label_problem(name, kLongestRelease);
}

std::string object_name_problem(std::string_view name) {
  std::string problem = length_problem(name, kLongestObject);
  while (problem.empty()) {
    const auto dot = name.find('.');
    problem = label_problem(name.substr(0, dot));
    if (dot == std::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  return problem;
}

std::string to_dns_label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char lower = is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    if (is_alphanumeric(lower))
      out += lower;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  out.resize(std::min(out.size(), kLongestLabel));
  while (!out.empty() && out.back() == '-')
    out.pop_back();
  return out;
}

}  // namespace datamill::domain
