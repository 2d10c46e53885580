#!/usr/bin/env bash
# Upstream charts, packaged: every release deployed in dependency order, a second run changes nothing, a full purge leaves nothing.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
begin charts
need_charts
# One flavour through a repository on loopback, the other through the folder itself.
python3 - "$charts" "$scratch/port" <<'PY' &
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
    open(sys.argv[2], "w").write(str(server.server_port))
    server.serve_forever()
PY
server=$!
trap 'code=$?; kill "$server" 2>/dev/null || true; clean_up "$code"' EXIT
for _ in $(seq 50); do
  [ ! -s "$scratch/port" ] || break
  sleep 0.1
done

XDG_CACHE_HOME=$XDG_CACHE_HOME DATAMILL_CHART_MIRROR=http://127.0.0.1:$(cat "$scratch/port") dm install -f datalake -t kwok
expect_releases cnpg-operator lakefs seaweedfs
export DATAMILL_CHART_MIRROR=$charts
dm install -f datalake -t kwok
out_has 'Nothing to do'
dm install -f ds -t kwok
expect_releases cnpg-operator jupyterhub lakefs mlflow seaweedfs 2>/dev/null || {
  # ds sets other sizes than datalake: seaweedfs is upgraded once.
  [ "$(releases | awk '$2 == "deployed" {print $1}' | tr '\n' ' ')" = 'cnpg-operator jupyterhub lakefs mlflow seaweedfs ' ] || fail "releases are: $(releases)"
}
[ "$(k get databases.postgresql.cnpg.io -n data-mill -o jsonpath='{.items[*].spec.name}')" = 'lakefs mlflow' ] || fail 'databases are missing'
before=$(versions)
dm install -f ds -t kwok
out_has 'Nothing to do'
[ "$(versions)" = "$before" ] || fail 'a second install changed something'

# Two flavours share the cluster: what the other one claims stays.
dm uninstall --yes -f ds -t kwok
out_has 'kubectl delete'
[ "$(releases | awk '$2 == "deployed" {print $1}' | tr '\n' ' ')" = 'cnpg-operator lakefs seaweedfs ' ] || fail "releases are: $(releases)"
# Over kept volumes and a database that was put to rest.
dm uninstall --yes -f datalake -t kwok
dm install -f ds -t kwok
dm uninstall --yes --purge-data --purge-crds -f ds -t kwok
dm uninstall --yes --purge-data --purge-crds -f datalake -t kwok
[ -z "$(releases)" ] || fail "releases are left: $(releases)"
left=$(k get ns -o name | grep -vE 'namespace/(default|kube-.*)$' || true)
[ -z "$left" ] || fail "namespaces are left: $left; $(k get all,cm,secret,pvc -n data-mill -o name | tr '\n' ' ')"
left=$(k get crd,pv,clusterrole,clusterrolebinding,validatingwebhookconfigurations,mutatingwebhookconfigurations -o name |
  grep -E 'cnpg|seaweed|lakefs|mlflow|jupyter|persistentvolume/' || true)
[ -z "$left" ] || fail "left: $left"
printf 'all as it should be\n'
