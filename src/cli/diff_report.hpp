#pragma once

#include "cli/object_diff.hpp"
#include "datamill/domain/snapshot.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace datamill::cli {

enum class DiffAction : std::uint8_t { add, change, remove, unchanged };

struct DiffObject {
  DiffAction action = DiffAction::unchanged;
  domain::ObjectRef object{};
  std::vector<FieldChange> changes{};
};

/// Something of which the content was not compared.
struct NotCompared {
  std::string what{};  ///< "Secret data-mill/lake-keys"
  std::string why{};   ///< "its values are secret"
};

struct DiffComponent {
  std::string name{};
  std::string ns{};
  bool planned = false;  ///< the files differ from what was installed: install would do something
  std::vector<DiffObject> objects{};
  std::vector<NotCompared> not_compared{};
  std::vector<std::string> problems{};
  [[nodiscard]] std::size_t count(DiffAction action) const;
  [[nodiscard]] bool differs() const { return count(DiffAction::unchanged) < objects.size(); }
};

/// For people; `restore` is what to type to undo changes by hand, without the component.
[[nodiscard]] std::string diff_text(const std::vector<DiffComponent>& components, const std::string& restore);
/// One document: {"v":1,"type":"diff","components":[...],"summary":{...}}.
[[nodiscard]] std::string diff_json(const std::vector<DiffComponent>& components);

}  // namespace datamill::cli
