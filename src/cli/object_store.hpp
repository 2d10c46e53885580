#pragma once

#include "cli/connection.hpp"
#include "cli/offers.hpp"
#include "cli/session.hpp"
#include "datamill/net/s3.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace datamill::cli {

/// "s3://BUCKET/KEY" or "BUCKET/KEY".
struct ObjectPlace {
  std::string bucket{};
  std::string key{};
  [[nodiscard]] std::string text() const;  ///< "s3://datalake/a/b.csv"
};
/// @throws Failure exit 2, DM052, where no bucket is in it
[[nodiscard]] ObjectPlace read_place(const std::string& text);

/// The S3 service of the flavour, or of what is installed: reached, with its keys.
class ObjectStore {
public:
  /// Reads the cluster, the Secret with the keys, and opens the way there.
  /// @throws Failure DM050 nobody provides S3, DM021 its pods are simulated, DM022 not installed, DM058 its Secret, and
  /// what reach_cluster() and Connection throw
  explicit ObjectStore(Session& session);

  [[nodiscard]] net::S3Client& client() { return *client_; }
  [[nodiscard]] Connection& connection() { return *connection_; }
  /// Buckets that the components of the flavour want.
  [[nodiscard]] const std::vector<std::string>& wanted_buckets() const { return offers_.buckets; }
  /// Called with the bytes of each piece that was sent.
  void on_sent(std::function<void(std::int64_t)> sent) { sent_ = std::move(sent); }
  /// Everything below a prefix, a page at a time.
  void each_page(net::S3ListRequest request, const std::function<bool(const net::S3Page&)>& take);
  [[nodiscard]] std::vector<std::string> buckets();

  /// Does nothing where the status is good. `what` is "write s3://datalake/a".
  /// @throws Failure DM053 no such bucket, DM054 no such object, DM055 refused, DM056 not reachable (exit 4), DM057
  /// anything else, DM601
  void check(const net::S3Status& status, const std::string& what, const ObjectPlace& place);
  [[noreturn]] void fail_without_bucket(const std::string& bucket);

private:
  void choose(Session& session);
  void read_keys(net::S3Access& access);
  [[nodiscard]] net::S3Hooks hooks();

  Session& session_;
  planner::Offers offers_{};
  const planner::Offer* offer_ = nullptr;
  std::unique_ptr<Connection> connection_{};
  std::unique_ptr<net::S3Client> client_{};
  std::function<void(std::int64_t)> sent_{};
};

}  // namespace datamill::cli
