#!/usr/bin/env bash
# A real node beside simulated ones, on a machine where the usual network and a port are taken.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need_real_node
begin nodes "${node_tools[@]}" kwok
node=$XDG_STATE_HOME/datamill/clusters/local-datamill/node

# target COUNT [PREFIX]: a file with that many simulated nodes.
target() {
  printf 'local:\n  provider: embedded\n  simulated_nodes: %s\n' "$1" >"$scratch/target.yaml"
  [ -z "$mirror" ] || printf '  registry_mirror: http://%s\n' "$mirror" >>"$scratch/target.yaml"
  [ $# -lt 2 ] || printf '  network_prefix: %s\n' "$2" >>"$scratch/target.yaml"
}
target=(-t "$scratch/target.yaml")

# start_mirror: a registry of our own with an image that is nowhere else; its address is in $mirror, "" where none can be.
mirror=
start_mirror() {
  if [ ! -x /usr/bin/docker-registry ] || [ ! -x /usr/bin/buildah ]; then
    echo 'left out: a registry mirror needs the packages docker-registry and buildah'
    return
  fi
  local address store
  address=127.0.0.1:$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: "%s"}\n' "$scratch/registry" "$address" \
    >"$scratch/registry.yaml"
  /usr/bin/docker-registry serve "$scratch/registry.yaml" >"$scratch/registry.log" 2>&1 &
  others+=($!)
  mkdir "$scratch/image"
  cp /bin/busybox "$scratch/image"
  printf 'FROM scratch\nCOPY busybox /bin/busybox\nENTRYPOINT ["/bin/busybox", "sleep", "600"]\n' >"$scratch/image/Dockerfile"
  store=(--root "$scratch/storage" --runroot "$scratch/storage-run" --storage-driver vfs)
  timeout 60 buildah "${store[@]}" build -q --isolation chroot -t mirrored:1 "$scratch/image" >/dev/null
  timeout 60 buildah "${store[@]}" push -q --retry 5 --tls-verify=false mirrored:1 "docker://$address/library/mirrored:1"
  mirror=$address
}

# killed_when FILE ARGUMENTS...: datamill, killed when there is such a file (a pattern).
killed_when() {
  local sign=$1 run
  shift
  printf '+ datamill %s, killed when there is %s\n' "$*" "${sign##*/}"
  "$DATAMILL" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null &
  run=$!
  for _ in $(seq 600); do
    compgen -G "$sign" >/dev/null && break
    kill -0 "$run" 2>/dev/null || fail "ended before there was $sign"
    sleep 0.05
  done
  kill -9 "$run"
  wait "$run" 2>/dev/null || true
}

# Another program's port, another kubelet, another network: refused by name, and nothing is changed, also not by destroy.
before=$(traces)
rules=$(iptables-save | grep -v '^[#:]')
ip link add dm-taken type bridge
trap 'code=$?; ip link delete dm-taken 2>/dev/null || true; kill "${others[@]}" 2>/dev/null || true; clean_up "$code"' EXIT
ip address add 10.89.0.9/24 dev dm-taken
ip link set dm-taken up
others=()
python3 -m http.server --bind 127.0.0.1 10259 >/dev/null 2>&1 &
others+=($!)
cp "$(command -v sleep)" "$scratch/kubelet"
"$scratch/kubelet" 600 &
others+=($!)
sleep 1
target 2 10.89.0
code=0
dm start "${target[@]}" || code=$?
[ "$code" -ne 0 ] || fail 'the node was started all the same'
err_has "port 10259 of 127.0.0.1 is in use by python3 (process ${others[0]})"
err_has "another kubelet runs on this machine (process ${others[1]})"
err_has "the pods' network 10.89.0.0/24 is in use on dm-taken"
dm destroy --yes "${target[@]}"
[ "$(iptables-save | grep -v '^[#:]')" = "$rules" ] || fail 'destroy of what never ran changed rules'
kill "${others[@]}"
wait "${others[@]}" 2>/dev/null || true
others=()

# Killed while its parts come up, and again while images are loaded, a start goes on with the next one. Without a wish
# the node takes another network and keeps it.
start_mirror
target 2
killed_when "$node/pids/supervisor.pid" start "${target[@]}"
killed_when "$node/images/*.tar" start "${target[@]}"
dm start "${target[@]}"
out_has '3 of 3 nodes ready'
k get nodes datamill -o 'jsonpath={.status.addresses[0].address}' | grep -qx 10.91.7.1 || fail 'not in the next network'
"$DATAMILL" status "${target[@]}" -o json | python3 -c '
import json, sys
parts = json.load(sys.stdin)["cluster"]["parts"]
assert len(parts) >= 9 and all(p["running"] and p["restarts"] == 0 for p in parts), parts
'
if [ -n "$mirror" ]; then
  k run mirrored --image docker.io/library/mirrored:1 --restart Never >/dev/null
  k wait --for=condition=Ready pod/mirrored --timeout 60s >/dev/null
  grep -q 'GET /v2/library/mirrored/.*ns=docker.io' "$scratch/registry.log" || fail 'the mirror was not asked'
  k delete pod mirrored --grace-period 1 >/dev/null
fi
k apply -f - >/dev/null <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: many}
spec:
  replicas: 20
  selector: {matchLabels: {app: many}}
  template:
    metadata: {labels: {app: many}}
    spec:
      nodeSelector: {type: kwok}
      tolerations: [{key: kwok.x-k8s.io/node, operator: Exists}]
      containers: [{name: x, image: example.org/none:1}]
---
apiVersion: v1
kind: Pod
metadata: {name: real}
spec:
  containers: [{name: x, image: "datamill.local/busybox:1", imagePullPolicy: Never, command: [/bin/sleep, "600"]}]
YAML
k rollout status deployment/many --timeout 60s >/dev/null
k wait --for=condition=Ready pod/real --timeout 60s >/dev/null
[ "$(k get pod real -o 'jsonpath={.spec.nodeName}')" = datamill ] || fail 'a pod landed on a simulated node by accident'
[ "$(k exec real -- echo yes)" = yes ] || fail 'the pod on the real node does not run'
! k get pods -l app=many -o 'jsonpath={.items[*].spec.nodeName}' | grep -qw 'datamill\( \|$\)' || fail 'simulated pods on the real node'

# Fewer, none, across a stop; the network stays although the first one is free again.
ip link delete dm-taken
target 1
dm start "${target[@]}"
out_has '2 of 2 nodes ready'
[ "$(k exec real -- echo yes)" = yes ] || fail 'the pod did not survive the change'
dm stop "${target[@]}"
target 0
dm start "${target[@]}"
out_has '1 of 1 nodes ready'
k get nodes datamill -o 'jsonpath={.status.addresses[0].address}' | grep -qx 10.91.7.1 || fail 'another network after a stop'
[ -z "$(pgrep -f "^[^ ]*/kwok .*$scratch/state" || true)" ] || fail 'kwok still runs'
k wait --for=condition=Ready pod/real --timeout 60s >/dev/null
target 0 10.89.0
expect_code 2 start "${target[@]}"
err_has DM618

# A destroy that was killed is finished by the next one, and nothing is left.
target 0
"$DATAMILL" destroy --yes "${target[@]}" >/dev/null 2>&1 &
sleep 0.3
kill -9 $!
wait $! 2>/dev/null || true
dm destroy --yes "${target[@]}"
[ ! -e "$node" ] || fail 'files of the node are left'
after=$(traces)
[ "$after" = "$before" ] || fail "left behind: $(diff <(printf '%s\n' "$before") <(printf '%s\n' "$after"))"
printf 'all as it should be\n'
