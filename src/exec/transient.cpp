#include "exec/transient.hpp"

#include "datamill/support/text.hpp"

#include <array>

namespace datamill::exec {
namespace {

struct Row {
  std::string_view part{};
  Transient kind = Transient::passing;
};

/// Texts of client-go, Go's net and net/http, the API server and etcd, as helm 3, helm 4 and kubectl print them. The
/// first that matches counts.
constexpr std::array kRows{
    // Of charts: nothing of these changes by waiting, though the text goes on as that of a broken connection.
    Row{"parse error at (", Transient::no},
    Row{"error converting YAML to JSON", Transient::no},
    // Of the API server, which could not reach the webhook: it is there itself.
    Row{"failed calling webhook", Transient::passing},
    // Helm says of a refused login that the cluster is unreachable.
    Row{"asked for the client to provide credentials", Transient::no},
    Row{"getting credentials: exec", Transient::no},
    Row{"unreachable: Unauthorized", Transient::no},
    Row{"connect: connection refused", Transient::unreachable},
    Row{"The connection to the server", Transient::unreachable},
    Row{"Kubernetes cluster unreachable", Transient::unreachable},
    Row{"connection reset by peer", Transient::unreachable},
    Row{"http2: client connection lost", Transient::unreachable},
    Row{"server sent GOAWAY", Transient::unreachable},
    Row{"TLS handshake timeout", Transient::unreachable},
    Row{"net/http: request canceled while waiting for connection", Transient::unreachable},
    Row{"Client.Timeout exceeded while awaiting headers", Transient::unreachable},
    Row{"unexpected EOF", Transient::unreachable},
    Row{": EOF", Transient::unreachable},
    Row{"connect: no route to host", Transient::unreachable},
    Row{"i/o timeout", Transient::unreachable},
    Row{"etcdserver: leader changed", Transient::passing},
    Row{"etcdserver: request timed out", Transient::passing},
    Row{"etcdserver: no leader", Transient::passing},
    Row{"the server has received too many requests", Transient::passing},
    Row{"Too many requests", Transient::passing},
    Row{"TooManyRequests", Transient::passing},
    Row{"the server is currently unable to handle the request", Transient::passing},
    Row{"the server was unable to return a response in the time allotted", Transient::passing},
    Row{"Internal error occurred", Transient::passing},
    Row{"an error on the server (\"", Transient::passing},
    Row{"(InternalError)", Transient::passing},
    Row{"(ServiceUnavailable)", Transient::passing},
    Row{"(ServerTimeout)", Transient::passing},
    Row{"(Timeout)", Transient::passing},
    Row{"apiserver not ready", Transient::passing},
    Row{"another operation (install/upgrade/rollback) is in progress", Transient::passing},
    // Helm 4 gives up its wait when its own watches break off.
    Row{"not ready. status: Unknown, message:", Transient::passing},
    // Go sends a request again after 429 whose body it has read already: nothing was sent.
    Row{"http: ContentLength=", Transient::passing},
    Row{"no endpoints available for service", Transient::passing},
    Row{"the object has been modified; please apply your changes to the latest version", Transient::passing},
};

}  // namespace

Transient transient_of(std::string_view line) {
  for (const Row& row : kRows) {
    if (support::contains(line, row.part)) return row.kind;
  }
  return Transient::no;
}

}  // namespace datamill::exec
