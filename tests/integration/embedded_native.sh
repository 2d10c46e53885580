#!/usr/bin/env bash
# A node where overlayfs does not work: its folder lies on an overlay, which cannot carry another one. Pods run, images are
# loaded, a restart keeps them, and nothing is left behind.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need_real_node
begin native "${node_tools[@]}"
target=(-t embedded)
node=$XDG_STATE_HOME/datamill/clusters/local-datamill/node

end() {
  local code=$?
  "$DATAMILL" destroy -q --yes-all "${target[@]}" >/dev/null 2>&1 || true
  umount "$XDG_STATE_HOME" 2>/dev/null || true
  clean_up "$code"
}
trap end EXIT
mkdir -p "$XDG_STATE_HOME" "$scratch/lower" "$scratch/upper" "$scratch/work"
if ! mount -t overlay overlay -o "lowerdir=$scratch/lower,upperdir=$scratch/upper,workdir=$scratch/work" "$XDG_STATE_HOME"; then
  echo 'skipped: there is no overlayfs here at all'
  exit 77
fi

before=$(traces)
dm start "${target[@]}"
out_has '1 of 1 nodes ready'
dm status "${target[@]}"
out_has 'Images: native (every layer is a whole copy'
out_has 'overlayfs fails here: mounting: '
dm doctor "${target[@]}"
out_has 'Images    native'
dm status "${target[@]}" -o json
python3 -c 'import json,sys; assert json.load(open(sys.argv[1]))["cluster"]["snapshotter"] == "native"' "$scratch/out"
grep -F " $XDG_STATE_HOME/" /proc/self/mounts | grep -q ' overlay .*/node/' && fail 'an overlay is mounted'

k apply -f - >/dev/null <<'YAML'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Mi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: keeper}
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: keeper
      image: datamill.local/busybox:1
      imagePullPolicy: Never
      command: [/bin/sh, -c, "trap 'exit 0' TERM; echo started >> /data/log; while :; do sleep 1 & wait $!; done"]
      volumeMounts: [{name: data, mountPath: /data}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
YAML
k wait --for=condition=Ready pod/keeper --timeout 60s >/dev/null
answer=$(k exec keeper -- nslookup kubernetes.default.svc.cluster.local)
grep -q 'Address: *10.96.0.1' <<<"$answer" || fail "DNS answers $answer"

# What was decided stays, whatever the file system could do by then.
dm stop "${target[@]}"
umount "$XDG_STATE_HOME"
rm -rf "$XDG_STATE_HOME"
mv "$scratch/upper" "$XDG_STATE_HOME"
dm start "${target[@]}"
dm status "${target[@]}"
out_has 'Images: native'
k wait --for=condition=Ready pod/keeper --timeout 120s >/dev/null
[ "$(k exec keeper -- cat /data/log | tail -n 1)" = started ] || fail 'the volume lost its data'

dm destroy --yes "${target[@]}"
after=$(traces)
before=$(grep -vF "overlay $XDG_STATE_HOME " <<<"$before" || true)
[ "$after" = "$before" ] || fail "left behind: $(diff <(printf '%s\n' "$before") <(printf '%s\n' "$after"))"
[ ! -e "$node" ] || fail 'files of the node are left'
printf 'all as it should be\n'
