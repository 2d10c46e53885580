#!/usr/bin/env bash
# The classic flags from beginning to end on a real API server with simulated nodes.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
begin quickstart
flavour=(-f "$root/flavours/quickstart.yaml" -t kwok)

dm run -l -i "${flavour[@]}"
out_has 'Secret data-mill/notebook-token (token)'
out_has 'pods are simulated'
expect_releases notebook object-store
[ "$(k get job -n data-mill bucket-notebook-datalake -o jsonpath='{.status.succeeded}')" = 1 ] || fail 'the bucket was not made'
[ "$(k get pvc -n data-mill -o jsonpath='{.items[*].status.phase}')" = 'Bound Bound' ] || fail 'volumes are not bound'

# No secret value is anywhere but in the cluster.
for key in access_key secret_key; do
  value=$(k get secret -n data-mill object-store-s3 -o "jsonpath={.data.$key}" | base64 -d)
  [ ${#value} -ge 20 ] || fail "the generated $key is too short"
  ! grep -rqF -- "$value" "$XDG_STATE_HOME/datamill/runs" "$scratch/out" "$scratch/err" || fail "the value of $key leaked"
done
! ss -Hltn 2>/dev/null | awk '{print $4}' | grep -E '^(0\.0\.0\.0|\*|\[::\]):32[67]' || fail 'a part of the cluster listens on all addresses'

# Again: nothing changes, and no helm runs.
before=$(versions)
dm run -l -i "${flavour[@]}"
out_has 'Nothing to do'
[ "$(versions)" = "$before" ] || fail 'a second install changed something'

# Killed in the middle: the next run goes on.
"$DATAMILL" install "${flavour[@]}" --reinstall >/dev/null 2>&1 </dev/null &
child=$!
sleep 0.7
kill -9 "$child" 2>/dev/null || true
wait "$child" 2>/dev/null || true
dm install "${flavour[@]}"
# The killed revision stays in helm's history, as failed or pending; what counts is the last one.
latest=$(releases | sort -k1,1 -k3,3n | awk '{state[$1] = $2} END {for (name in state) print name, state[name]}' | sort)
[ "$latest" = $'notebook deployed\nobject-store deployed' ] || fail "releases are: $(releases)"

dm status "${flavour[@]}" -o json
python3 - "$scratch/out" <<'PY'
import json, sys
status = json.load(open(sys.argv[1]))
assert status["cluster"]["state"] == "running" and status["cluster"]["ready_nodes"] == 3, status["cluster"]
assert sorted(c["name"] for c in status["components"]) == ["notebook", "object-store"], status["components"]
assert status["pods"]["ready"] == status["pods"]["total"] > 0, status["pods"]
assert status["cluster"]["kubernetes_version"].startswith("v1."), status["cluster"]
assert len(status["cluster"]["node_list"]) == 3 and all(n["ready"] for n in status["cluster"]["node_list"]), status["cluster"]
assert len(status["cluster"]["parts"]) == 5 and all(p["running"] for p in status["cluster"]["parts"]), status["cluster"]
assert status["cluster"]["state_folder"]["bytes"] > 0, status["cluster"]
assert len(status["volumes"]["claims"]) == 2 and status["volumes"]["requested_bytes"] > 0, status["volumes"]
PY
expect_code 2 run -l -d net -t kwok
err_has 'simulated'

expect_code 7 uninstall "${flavour[@]}" -c object-store
err_has 'needed by notebook'
expect_code 2 run -l -u "${flavour[@]}"
err_has '--yes'

claims=$(k get pvc -n data-mill -o jsonpath='{.items[*].metadata.uid}')
token=$(k get secret -n data-mill notebook-token -o jsonpath='{.data.token}')
dm run -l -u --yes "${flavour[@]}"
out_has 'kubectl delete pvc -n data-mill object-store-data'
out_has 'kubectl delete secret -n data-mill notebook-token'
[ -z "$(releases)" ] || fail "left: $(releases)"

# One component with what it needs; kept volumes and Secrets are taken up again.
dm run -l -i -c notebook "${flavour[@]}"
expect_releases notebook object-store
[ "$(k get pvc -n data-mill -o jsonpath='{.items[*].metadata.uid}')" = "$claims" ] || fail 'volumes were made anew'
[ "$(k get secret -n data-mill notebook-token -o jsonpath='{.data.token}')" = "$token" ] || fail 'the token changed'

dm run -l -a "${flavour[@]}"
! k get --raw /readyz --request-timeout 2s >/dev/null 2>&1 || fail 'the cluster still answers'
dm status -t kwok
out_has 'stopped'
dm run -l -s "${flavour[@]}"
expect_releases notebook object-store

dm run -l -x --yes "${flavour[@]}"
[ ! -e "$XDG_STATE_HOME/datamill/clusters/local-datamill" ] || fail 'files of the cluster are left'
! pgrep -f "$XDG_STATE_HOME/datamill/clusters" >/dev/null || fail 'processes of the cluster are left'
dm run -l -x --yes "${flavour[@]}"
err_has 'nothing to destroy'
printf 'all as it should be\n'
