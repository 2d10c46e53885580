#include "diagnose/rules.hpp"

#include <fmt/format.h>

namespace datamill::diagnose {

Findings load_balancers_pending(const Case& rules) {
  Findings found;
  for (const auto* service : rules.of("Service")) {
    if (text_at(*service, {"spec", "type"}) != "LoadBalancer" || is_being_deleted(*service)) continue;
    if (!items_at(*service, {"status", "loadBalancer", "ingress"}).empty()) continue;
    auto finding = about(rules, *service);
    finding.reason = "Pending";
    finding.message = "the Service has no external address";
    const auto name = finding.chain.back().name;
    const auto ns = finding.chain.back().ns;
    if (const auto* event = rules.warning(*service, {"SyncLoadBalancerFailed", "AllocationFailed"}); event != nullptr) {
      finding.reason = std::string(event->text_at("reason"));
      finding.message = one_line(event->text_at("message"));
      finding.event = event_text(*event);
      finding.cause = "the controller that gives Services their addresses has failed";
      finding.next = fmt::format("kubectl describe service {} -n {}", name, ns);
    } else {
      finding.cause = "no controller has given the Service an address: the cluster has no load balancer, or no free "
                      "address";
      finding.next = fmt::format("install one (MetalLB, the cloud's), or reach it without: kubectl port-forward "
                                 "service/{} -n {} 8080:{}",
                                 name, ns,
                                 items_at(*service, {"spec", "ports"}).empty()
                                     ? std::string_view("80")
                                     : items_at(*service, {"spec", "ports"}).front().text_at("port"));
    }
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace datamill::diagnose
