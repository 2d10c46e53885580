#pragma once

#include "datamill/inventory/snapshot_reads.hpp"
#include "datamill/planner/context.hpp"
#include "datamill/planner/uninstall.hpp"

#include <map>
#include <string>
#include <vector>

namespace datamill::planner {

/// Appends the steps that remove components, dependents first.
class UninstallWriter {
public:
  UninstallWriter(const Context& context, const UninstallRequest& request, plan::Plan& plan)
      : context_(context), request_(request), plan_(plan) {}

  void write(const std::vector<const domain::InventoryEntry*>& entries);
  /// Takes a claim off a component that stays.
  void write_unclaim(const domain::InventoryEntry& entry);

private:
  using Ids = std::vector<plan::StepId>;

  void write_entry(const domain::InventoryEntry& entry, const Ids& after);
  void remove_objects(const domain::InventoryEntry& entry);
  void release_orphans(const std::vector<domain::ObjectRef>& objects);
  void rest_object(const domain::ObjectRef& object);
  void remove_releases(const domain::InventoryEntry& entry);
  void purge(const domain::InventoryEntry& entry);
  void purge_definitions(const std::vector<std::string>& names);
  void close_record(const domain::InventoryEntry& entry);
  [[nodiscard]] std::vector<const domain::VolumeClaim*> claims_of(const domain::InventoryEntry& entry) const;
  void add(plan::Step step);

  const Context& context_;
  const UninstallRequest& request_;
  plan::Plan& plan_;
  std::string component_{};
  Ids last_{};
  std::vector<domain::ObjectRef> kept_objects_{};
};

/// Deletes a namespace of ours in which nothing is left; says what is left otherwise.
void clean_namespace(const Context& context, const UninstallRequest& request, const std::string& ns,
                     const std::vector<inventory::LeftoverObject>& objects, plan::Plan& plan);

}  // namespace datamill::planner
