#!/usr/bin/env bash
# Room on real nodes of a real API server, and what `diff` sees of changes by hand.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
begin preflight_diff
flavour=(-f "$root/flavours/quickstart.yaml" -t kwok)

# Every helm that datamill starts is written down.
mkdir -p "$scratch/bin"
# shellcheck disable=SC2016 # words of the other script
printf '#!/bin/sh\necho "$1" >>"%s"\nexec "%s" "$@"\n' "$scratch/helms" "$helm" >"$scratch/bin/helm"
chmod +x "$scratch/bin/helm"
export DATAMILL_HELM=$scratch/bin/helm XDG_CACHE_HOME=${XDG_CACHE_HOME:?}
# Renderings of earlier runs would hide what this one does.
export DATAMILL_CACHE_DIR=$scratch/cache
mkdir -p "$DATAMILL_CACHE_DIR"
ln -s "$XDG_CACHE_HOME/datamill/tools" "$DATAMILL_CACHE_DIR/tools"
renders() { grep -cx template "$scratch/helms" || true; }

resize() {
  for node in $(k get nodes -o name); do
    k patch "$node" --subresource=status --type=merge -p "{\"status\":{\"allocatable\":{\"cpu\":\"$1\",\"memory\":\"$2\",\"pods\":\"110\"}}}" >/dev/null
  done
}
refused() {
  expect_code 7 install "${flavour[@]}" --preflight refuse
  err_has "$1"
  [ "$(versions)" = "$before" ] || fail 'a refused installation changed something'
  ! k get namespace data-mill >/dev/null 2>&1 || fail 'a refused installation made a namespace'
}

dm start -t kwok
before=$(versions)
resize 60m 64Gi
refused 'fits on no node'
err_has 'cpu: needs'
[ "$(renders)" -eq 2 ] || fail "$(renders) renderings instead of 2"
refused 'DM860'
[ "$(renders)" -eq 2 ] || fail 'a second look rendered again'
resize 8 64Gi
k taint nodes --all team=other:NoSchedule >/dev/null
refused 'taint: team=other:NoSchedule'
k taint nodes --all team- >/dev/null
k annotate storageclass --all storageclass.kubernetes.io/is-default-class- >/dev/null
refused 'names no StorageClass'
k annotate storageclass --all storageclass.kubernetes.io/is-default-class=true >/dev/null

# Before anything is there, all is new; nothing of it is an error.
expect_code 2 diff "${flavour[@]}" --detailed-exitcode
out_has '+ Deployment data-mill/notebook'
expect_code 0 diff "${flavour[@]}"

count=$(renders)
dm install "${flavour[@]}" --preflight refuse
[ "$(renders)" -eq "$count" ] || fail 'installing rendered once more'
expect_code 0 plan "${flavour[@]}" --detailed-exitcode
expect_code 0 diff "${flavour[@]}" --detailed-exitcode
out_has 'In all: '
! grep -qE '^  [-+~]' "$scratch/out" || fail 'diff sees changes right after the installation'
out_has 'Secret data-mill/notebook-token'

# By hand.
k -n data-mill scale deployment notebook --replicas=3 >/dev/null
k -n data-mill delete service object-store >/dev/null
expect_code 2 diff "${flavour[@]}" --detailed-exitcode
out_has '~ Deployment data-mill/notebook'
out_has 'spec.replicas: 3 -> 1'
out_has '+ Service data-mill/object-store'
out_has 'puts it back'
expect_code 2 diff "${flavour[@]}" notebook --detailed-exitcode
! grep -q '^object-store' "$scratch/out" || fail 'diff shows a component that was not asked for'
dm diff "${flavour[@]}" -o json
python3 - "$scratch/out" <<'PY'
import json, sys
diff = json.load(open(sys.argv[1]))
assert diff["type"] == "diff" and diff["summary"]["add"] == 1 and diff["summary"]["change"] >= 1, diff["summary"]
change = [o for c in diff["components"] for o in c["objects"] if o["name"] == "notebook" and o["kind"] == "Deployment"][0]
assert {"path": "spec.replicas", "live": "3", "wanted": "1", "hidden": False} in change["changes"], change
PY
# No secret value is in it.
value=$(k get secret -n data-mill object-store-s3 -o 'jsonpath={.data.secret_key}' | base64 -d)
! grep -qF -- "$value" "$scratch/out" "$scratch/err" || fail 'diff printed a secret'
expect_code 0 plan "${flavour[@]}" --detailed-exitcode

# The chart wins over what was changed by hand, which helm 4 refuses by itself; what is missing comes back.
dm install "${flavour[@]}" --reinstall
[ "$(k get deployment notebook -n data-mill -o 'jsonpath={.spec.replicas}')" -eq 1 ] || fail 'install did not undo a change by hand'
expect_code 0 diff "${flavour[@]}" --detailed-exitcode

# Nothing to do: nothing is rendered or looked at.
: >"$scratch/helms"
dm install "${flavour[@]}"
out_has 'Nothing to do'
[ ! -s "$scratch/helms" ] || fail "helm ran: $(tr '\n' ' ' <"$scratch/helms")"
printf 'all as it should be\n'
