#pragma once

#include "datamill/diagnose/findings.hpp"

#include <fstream>
#include <iterator>
#include <string>

namespace datamill::diagnose {

/// A world of data/NAME.json: objects as the API server has them, what was read without having any, and logs.
struct Sample {
  World world{};
  Scope scope{.holdings = {.releases = {{.ns = "shop", .name = "web"}}}, .namespaces = {"shop"}};
  bool there = false;

  explicit Sample(const std::string& name) {
    std::ifstream file(std::string(DATAMILL_SOURCE_DIR) + "/tests/unit/diagnose/data/" + name + ".json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (text.empty()) return;
    there = true;
    auto list = support::read_json(text, name);
    read_extras(list);
    world.put_list(std::move(list));
  }

  [[nodiscard]] std::vector<domain::Finding> findings() const { return find(world, scope); }
  /// "DM820 DM847"
  [[nodiscard]] std::string codes() const {
    std::string text;
    for (const auto& finding : findings())
      text += (text.empty() ? "" : " ") + finding.code;
    return text;
  }

private:
  void read_extras(const support::Node& list) {
    if (const auto* known = list.find("known"); known != nullptr) {
      for (const auto& kind : known->items)
        world.mark_known(kind.scalar);
    }
    if (const auto* logs = list.find("logs"); logs != nullptr) {
      for (const auto& log : logs->items)
        put_log(log);
    }
    if (const auto* objects = list.find("objects"); objects != nullptr) {
      for (const auto& object : objects->items)
        scope.holdings.objects.push_back({.api_version = std::string(object.text_at("apiVersion")),
                                          .kind = std::string(object.text_at("kind")),
                                          .ns = std::string(object.text_at("namespace")),
                                          .name = std::string(object.text_at("name"))});
    }
  }

  void put_log(const support::Node& log) {
    std::vector<std::string> lines;
    for (const auto& line : log.find("lines")->items)
      lines.push_back(line.scalar);
    world.put_log({.ns = "shop",
                   .pod = std::string(log.text_at("pod")),
                   .container = std::string(log.text_at("container")),
                   .previous = log.text_at("previous") == "true"},
                  std::move(lines));
  }
};

}  // namespace datamill::diagnose
