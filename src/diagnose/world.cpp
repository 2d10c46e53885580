#include "datamill/diagnose/world.hpp"

#include <utility>

namespace datamill::diagnose {

using support::Node;

namespace {

World::Key key_of(const Node& object) {
  const Node* metadata = object.find("metadata");
  if (metadata == nullptr) return {};
  return {.ns = std::string(metadata->text_at("namespace")), .name = std::string(metadata->text_at("name"))};
}

}  // namespace

void World::put(Node object) {
  const auto kind = std::string(object.text_at("kind"));
  auto key = key_of(object);
  if (kind.empty() || key.name.empty()) return;
  kinds_[kind].insert_or_assign(std::move(key), std::move(object));
}

void World::put_list(Node list) {
  auto kind = std::string(list.text_at("kind"));
  constexpr std::string_view kSuffix = "List";
  if (kind.ends_with(kSuffix)) kind.resize(kind.size() - kSuffix.size());
  if (!kind.empty()) mark_known(kind);
  for (auto& entry : list.entries) {
    if (entry.key != "items") continue;
    for (auto& item : entry.value.items) {
      if (item.find("kind") == nullptr) item.set("kind", Node::text(kind));
      put(std::move(item));
    }
  }
}

void World::remove(std::string_view kind, const Key& key) {
  if (const auto found = kinds_.find(kind); found != kinds_.end()) found->second.erase(key);
}

void World::clear(std::string_view kind) {
  if (const auto found = kinds_.find(kind); found != kinds_.end()) found->second.clear();
}

const World::Objects& World::of(std::string_view kind) const {
  static const Objects none{};
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? none : found->second;
}

const Node* World::find(std::string_view kind, const Key& key) const {
  const auto& objects = of(kind);
  const auto found = objects.find(key);
  return found == objects.end() ? nullptr : &found->second;
}

bool World::knows(std::string_view kind) const {
  return kinds_.contains(kind);
}

void World::mark_known(std::string_view kind) {
  kinds_.try_emplace(std::string(kind));
}

void World::put_log(const LogKey& key, std::vector<std::string> lines) {
  logs_.insert_or_assign(key, std::move(lines));
}

const std::vector<std::string>* World::log(const LogKey& key) const {
  const auto found = logs_.find(key);
  return found == logs_.end() ? nullptr : &found->second;
}

}  // namespace datamill::diagnose
