#pragma once

#include "datamill/support/node.hpp"
#include "datamill/support/source_ref.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace datamill::domain {

using support::Node;
using support::SourceRef;

/// Text of a component file that may hold references (`${settings.x}`), kept as written together with its place.
struct Template {
  std::string text{};
  SourceRef at{};
  [[nodiscard]] bool empty() const { return text.empty(); }
};

/// `when: {fact: simulated, is: false}`: holds if the subject's value equals `is`. A capability's value is "true"
/// where the flavour has a provider for it.
struct Condition {
  enum class Subject : std::uint8_t { fact, setting, capability };
  Subject subject = Subject::fact;
  std::string name{};
  std::string is{};  ///< "true" where the file leaves it out
  SourceRef at{};
};

enum class SettingType : std::uint8_t { string, name, integer, boolean, quantity, duration, list, map };

/// One entry of `settings:`; `default_value` is null where the user must give one.
struct SettingSpec {
  std::string name{};
  SettingType type = SettingType::string;
  Node default_value{};
  std::string doc{};
  SourceRef at{};
};

/// What this component provides of a capability: its outputs by name (data/capabilities.yaml fixes the set). The
/// output `secret` is a map of templates (name, access_key, ...), all others are scalars.
struct Provision {
  std::string capability{};
  Node outputs{};
  SourceRef at{};
};

/// An entry of needs, uses, after or conflicts: a capability or a component.
struct Need {
  std::string name{};
  std::optional<Condition> when{};
  SourceRef at{};
};

/// How the value of one key of a generated Secret comes about.
struct RandomValue {
  enum class Alphabet : std::uint8_t { alnum, hex, base64 };
  int bytes = 24;  ///< length of the text for alnum, number of random bytes for hex and base64; 8 to 256
  Alphabet alphabet = Alphabet::alnum;
};
struct CopiedValue {
  Template secret{};
  std::string key{};
};
/// A literal or a text with references, `${secret.<name>.<key>}` among them.
using SecretValue = std::variant<Template, RandomValue, CopiedValue>;

/// A Kubernetes Secret that is generated once and kept over later runs.
struct SecretSpec {
  Template name{};
  std::string type = "Opaque";
  std::vector<std::pair<std::string, SecretValue>> keys{};
  std::optional<Condition> when{};
  SourceRef at{};
};

/// Exactly one of repo+name, oci and path is set. `path` is relative to the data root (charts/NAME).
struct ChartRef {
  std::string repo{};  ///< https URL of a chart repository
  std::string oci{};   ///< oci://host/path of the chart itself
  std::string path{};
  std::string name{};
  std::string version{};
  std::string sha256{};  ///< of the packaged chart, optional
  SourceRef at{};
};

struct Release {
  Template name{};
  ChartRef chart{};
  std::vector<Template> values{};  ///< file names, fallback rule 3; later files win
  Node set{};                      ///< typed values with references; wins over the files
  std::chrono::seconds timeout{600};
  std::optional<Condition> when{};
  SourceRef at{};
};

/// Something to wait for after objects were applied: `condition` (as kubectl wait --for=condition=) or `jsonpath` +
/// `value`.
struct Wait {
  Template resource{};  ///< kind/name, kind.group/name
  std::string condition{};
  std::string jsonpath{};
  std::string value{};
  std::chrono::seconds timeout{600};
  std::optional<Condition> when{};
  SourceRef at{};
};

/// How an object that holds data is put to rest instead of being deleted: an annotation, then a wait.
struct KeepPolicy {
  std::string annotation{};  ///< "key=value"; empty: left alone
  std::string condition{};   ///< waited for after the annotation; empty: no wait
};

enum class Phase : std::uint8_t { before, after };

/// Objects applied with server-side apply, before or after the component's releases.
struct ManifestSet {
  std::string file{};  ///< fallback rule 3; exactly one of file, url and kustomize
  std::string url{};
  std::string sha256{};  ///< required with url
  std::string kustomize{};
  bool is_template = false;  ///< references allowed in its scalars
  Phase phase = Phase::after;
  bool holds_data = false;  ///< `data: true`: kept on uninstall unless --purge-data (PersistentVolumeClaims always are)
  std::optional<KeepPolicy> keep{};
  std::vector<Wait> waits{};
  std::optional<Condition> when{};
  SourceRef at{};
};

}  // namespace datamill::domain
