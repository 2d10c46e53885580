#pragma once

#include "datamill/diagnose/findings.hpp"
#include "diagnose/objects.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::diagnose {

using Objects = std::vector<const support::Node*>;

/// What the rules look at: the objects of one scope in their world, and what is said of them. Holds references.
class Case {
public:
  Case(const World& world, const Scope& scope);

  [[nodiscard]] const World& world() const { return world_; }
  [[nodiscard]] const Scope& scope() const { return scope_; }
  /// Objects of the scope of one kind, by namespace and name.
  [[nodiscard]] const Objects& of(std::string_view kind) const;
  /// All of them, in the order of their kinds.
  [[nodiscard]] Objects all() const;
  /// Pods of the scope that are neither done nor being deleted, nor leftovers of a controller that is well again.
  [[nodiscard]] const Objects& pods() const { return pods_; }
  /// Claims of the scope and those that its pods mount.
  [[nodiscard]] Objects claims() const;
  [[nodiscard]] Objects pods_with_claim(const support::Node& claim) const;

  /// The object's controllers and itself: Deployment, ReplicaSet, Pod.
  [[nodiscard]] std::vector<domain::ObjectRef> chain(const support::Node& object) const;
  /// The object that controls it; nullptr where there is none or it is not known.
  [[nodiscard]] const support::Node* controller(const support::Node& object) const;

  /// The newest Warning with one of these reasons about the object; nullptr where there is none.
  [[nodiscard]] const support::Node* warning(const support::Node& object,
                                             std::initializer_list<std::string_view> reasons) const;
  /// All events about the object, oldest first.
  [[nodiscard]] Objects events(const support::Node& object) const;

private:
  void collect_members();
  void collect_events();
  [[nodiscard]] bool is_leftover(const support::Node& pod) const;

  const World& world_;
  const Scope& scope_;
  std::map<std::string, Objects, std::less<>> members_{};
  Objects pods_{};
  std::map<std::string, Objects, std::less<>> events_{};  ///< by "Kind\nnamespace\nname"
};

/// A finding about an object; its code and name come from the table of rules.
[[nodiscard]] domain::Finding about(const Case& rules, const support::Node& object);

/// "Warning FailedMount: ..." on one line.
[[nodiscard]] std::string event_text(const support::Node& event);

}  // namespace datamill::diagnose
