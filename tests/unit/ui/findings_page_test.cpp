// docs/findings.md: every finding as a user sees it, out of the objects of the diagnosis' own tests.
#include "datamill/ui/finding_text.hpp"
#include "support/golden.hpp"
#include "unit/diagnose/sample.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace datamill::ui {
namespace {

namespace fs = std::filesystem;

constexpr auto kHead = R"(# What datamill says when something fails

Each of these is printed by an installation as soon as it is seen, and by `datamill why COMPONENT` at any time; `-o json` has the same
as fields. The texts come from the objects that the rules are tested with. `waiting: has no use` ends a run early.
An API server that throttles (DM809 ApiThrottled) and refused logins (DM859 CredentialsRefused) are seen in what helm and kubectl
print, and told with the step that failed.
)";

std::set<std::string> samples() {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(DATAMILL_SOURCE_DIR "/tests/unit/diagnose/data")) {
    const auto name = entry.path().stem().string();
    if (!name.ends_with(".well")) names.insert(name);
  }
  return names;
}

TEST_CASE("the page of findings has what is printed", "[ui][findings]") {
  std::map<std::pair<std::string, std::string>, std::string> texts;
  for (const auto& sample : samples()) {
    for (const auto& finding : diagnose::Sample(sample).findings())
      texts[{finding.code + " " + finding.name, sample}] += finding_text(finding, {}) + "\n";
  }
  REQUIRE(texts.size() > 60);
  std::string page = kHead;
  std::string last;
  for (const auto& [place, text] : texts) {
    if (std::exchange(last, place.first) != place.first) page += "\n## " + place.first + "\n";
    page += "\n```\n" + text.substr(0, text.find_last_not_of('\n') + 1) + "\n```\n";
  }
  tests::check_golden(fs::path(DATAMILL_SOURCE_DIR) / "docs/findings.md", page);
}

}  // namespace
}  // namespace datamill::ui
