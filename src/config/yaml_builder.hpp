#pragma once

#include "datamill/config/yaml.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::config {

/// What a scalar, sequence or map brings besides its content.
struct YamlProperties {
  std::string anchor{};  ///< "" for none
  std::string tag{};     ///< "" for none
  support::SourceRef at{};
};

/// Makes trees out of the events of a YAML parser and enforces what the format allows but we do not. Events come in
/// the order of the text.
class YamlBuilder {
public:
  YamlBuilder(Documents documents, support::Diagnostics& diagnostics);

  void scalar(const YamlProperties& properties, std::string text, bool plain);
  void alias(const std::string& name, const support::SourceRef& at);
  /// false: nested too deep (DM107), nothing more can be read.
  [[nodiscard]] bool open(const YamlProperties& properties, support::Node::Kind kind);
  void close();
  void end_document();

  [[nodiscard]] std::vector<support::Node> take() { return std::move(documents_); }

private:
  /// What becomes of the value that follows a key.
  enum class KeyUse : std::uint8_t { keep, merge, drop };
  struct Frame {
    support::Node node{};
    std::string anchor{};
    std::string key{};
    support::SourceRef key_at{};
    bool has_key = false;
    KeyUse key_use = KeyUse::keep;
    bool is_key = false;  ///< this tree stands where a key must be
    std::vector<support::Node> merges{};
  };
  struct Anchored {
    support::Node node{};
    std::size_t size = 0;  ///< nodes in it
  };

  void check_properties(const YamlProperties& properties);
  void take_key(support::Node key, bool plain);
  void finish(support::Node node, const std::string& anchor);
  void add(support::Node node);
  void add_merge(Frame& frame, support::Node node);
  void report_duplicates(support::Node& map);

  Documents mode_;
  support::Diagnostics& diagnostics_;
  std::vector<support::Node> documents_{};
  std::vector<Frame> stack_{};
  std::optional<support::Node> root_{};
  std::map<std::string, Anchored> anchors_{};
  std::size_t expanded_ = 0;  ///< nodes that aliases added so far
  bool second_reported_ = false;
};

}  // namespace datamill::config
