#pragma once

#include "datamill/tools/helm.hpp"
#include "planner/desired.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace datamill::planner {

/// What differs between a component's wanted state and the snapshot.
struct Difference {
  bool rest = false;                           ///< anything but releases
  std::vector<bool> releases{};                ///< by index: must run
  std::vector<std::string> missing_secrets{};  ///< "<namespace>/<name>"
  bool record = false;                         ///< the inventory record must be written
  [[nodiscard]] bool none() const;
};
[[nodiscard]] Difference compare(const DesiredComponent& desired, const Context& context, bool reinstall);

/// The inventory record of a component as it will be; revisions of releases that run are symbols.
[[nodiscard]] domain::InventoryEntry record_of(const DesiredComponent& desired, const Context& context,
                                               const Difference& difference,
                                               const std::vector<std::string>& needed_names);

/// That record as a manifest.
[[nodiscard]] command::SymbolicText record_text(const domain::InventoryEntry& entry);

/// Appends the steps of one component after another, sharing namespaces and Secrets between them.
class StepWriter {
public:
  StepWriter(const Context& context, plan::Plan& plan) : context_(context), plan_(plan) {}

  /// @param record text of the inventory record, written last
  /// @param after last steps of everything the component needs
  /// @returns the steps that others wait for: the last ones before its record
  [[nodiscard]] std::vector<plan::StepId> write(const DesiredComponent& desired, const Difference& difference,
                                                const command::SymbolicText& record,
                                                const std::vector<plan::StepId>& after);

private:
  using Ids = std::vector<plan::StepId>;

  plan::StepId add(plan::Step step, const Ids& needs);
  void add_namespaces(const DesiredComponent& desired);
  void add_images(const DesiredComponent& desired);
  void add_secret(const DesiredSecret& secret, bool missing);
  void add_release(const DesiredRelease& release);
  void add_objects(const DesiredObjects& objects);
  void replace_jobs(const DesiredObjects& objects);
  void add_waits(const DesiredObjects& objects);
  void add_seed(const DesiredSeed& seed);
  void add_crd_wait(const DesiredComponent& desired);
  void repair(const DesiredRelease& release);
  [[nodiscard]] plan::Retry release_retry(const DesiredRelease& release) const;
  [[nodiscard]] tools::HelmRollback rollback_to(const DesiredRelease& release, int revision) const;
  [[nodiscard]] bool helm_applies_on_server() const;
  /// Steps that give the values behind the Secrets a text mentions; adds the reads that are missing.
  [[nodiscard]] Ids sources(const command::SymbolicText& text);

  const Context& context_;
  plan::Plan& plan_;
  std::map<std::string, plan::StepId> namespace_steps_{};
  std::map<std::string, plan::StepId> image_steps_{};
  std::map<std::string, plan::StepId> secret_steps_{};  ///< "<namespace>/<name>": made or read by this step
  std::string component_{};
  std::string ns_{};
  std::chrono::milliseconds release_estimate_{};  ///< of each of the component's releases
  Ids last_{};                                    ///< what the next step of the component needs
};

}  // namespace datamill::planner
