#pragma once

#include "datamill/diagnose/world.hpp"
#include "support/catch.hpp"

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

namespace datamill::tests {

inline support::Node json(std::string_view text) {
  return support::read_json(text, "a test's object");
}

/// A world that knows these kinds, as a watch does once it has listed them.
inline diagnose::World known_world(std::initializer_list<std::string_view> objects) {
  diagnose::World known;
  for (const auto* kind :
       {"Pod", "Event", "Job", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "PersistentVolumeClaim",
        "Service", "Node", "StorageClass", "CustomResourceDefinition", "Cluster", "Namespace"})
    known.mark_known(kind);
  for (const auto object : objects)
    known.put(json(object));
  return known;
}

/// The text with one part of it replaced, which it must have.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("the text does not have " + std::string(from));
  return text.replace(at, from.size(), to);
}

}  // namespace datamill::tests
