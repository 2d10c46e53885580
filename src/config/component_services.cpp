// What a component wants from services of others (buckets, databases), and how its own service is used by hand.
#include "config/component_reader.hpp"
#include "config/shape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace datamill::config {

using support::MapReader;
using support::Node;

namespace {

/// The keys of the login's Secret: {name: x, username: user, password: password}.
void read_login(MapReader& client, domain::ClientSpec& spec) {
  const Node* node = client.node("secret");
  if (node == nullptr) return;
  MapReader secret(*node, fmt::format("\"secret\" of {}", client.what()), client.diagnostics());
  (void)secret.required_text("name");
  spec.secret = read_template(secret, "name");
  spec.username_key = secret.text_or("username", "username");
  spec.password_key = secret.text_or("password", "password");
  secret.finish();
}

}  // namespace

std::vector<domain::BucketNeed> read_buckets(MapReader& reader) {
  const Node* all = reader.node("buckets");
  if (all != nullptr && all->is_scalar()) return {{.name = {.text = all->scalar, .at = all->at}, .at = all->at}};
  std::vector<domain::BucketNeed> buckets;
  for (const auto& item : reader.items("buckets")) {
    if (item.is_scalar()) {
      buckets.push_back({.name = {.text = item.scalar, .at = item.at}, .at = item.at});
      continue;
    }
    MapReader bucket(item, fmt::format("a bucket of {}", reader.what()), reader.diagnostics());
    (void)bucket.required_text("name");
    buckets.push_back({.name = read_template(bucket, "name"), .seed = read_template(bucket, "seed"), .at = item.at});
    bucket.finish();
  }
  return buckets;
}

std::vector<domain::DatabaseNeed> read_databases(MapReader& reader) {
  std::vector<domain::DatabaseNeed> databases;
  for (const auto& item : reader.items("databases")) {
    MapReader database(item, fmt::format("a database of {}", reader.what()), reader.diagnostics());
    (void)database.required_text("name");
    (void)database.required_text("owner_secret");
    databases.push_back({.name = read_template(database, "name"),
                         .owner_secret = read_template(database, "owner_secret"),
                         .at = item.at});
    database.finish();
  }
  return databases;
}

std::vector<domain::ClientSpec> read_clients(MapReader& reader, const std::vector<domain::Provision>& provides) {
  std::vector<domain::ClientSpec> clients;
  for (const auto& entry : reader.entries("clients")) {
    MapReader client(entry.value, fmt::format("client \"{}\" of {}", entry.key, reader.what()), reader.diagnostics());
    domain::ClientSpec spec{.capability = entry.key, .at = entry.key_at};
    for (const auto* key : {"pods", "container"})
      (void)client.required_text(key);
    spec.pods = read_template(client, "pods");
    spec.container = read_template(client, "container");
    spec.command = client.text_list("command");
    spec.database = read_template(client, "database");
    read_login(client, spec);
    client.finish();
    const bool provided = std::any_of(provides.begin(), provides.end(),
                                      [&](const domain::Provision& p) { return p.capability == entry.key; });
    if (!provided)
      reader.diagnostics().error("DM123", entry.key_at,
                                 fmt::format("{} does not provide \"{}\"", reader.what(), entry.key),
                                 "clients are of a capability under `provides:`");
    clients.push_back(std::move(spec));
  }
  return clients;
}

}  // namespace datamill::config
