#!/usr/bin/env bash
# Why a component is not ready: on a simulated cluster with a real API server, scheduler and controllers. What they say
# (ServiceAccount, LimitRange, policy, scheduling, claims) is their own; what a kubelet would say is written into the status.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
begin why
dm install -f quickstart -c notebook "${target[@]}"
dm why notebook "${target[@]}"
out_has 'everything of notebook is well: 1 of 1 pods ready'
expect_code 2 why notebok "${target[@]}"
expect_code 7 why mlflow "${target[@]}"

# deployment NAME [POD SPEC FIELDS] [RESOURCES]: one more of the notebook's.
deployment() {
  k apply -f - >/dev/null <<YAML
apiVersion: apps/v1
kind: Deployment
metadata: {name: $1, namespace: data-mill, labels: {app.kubernetes.io/instance: notebook}}
spec:
  replicas: ${4:-1}
  selector: {matchLabels: {app: $1}}
  template:
    metadata: {labels: {app: $1}}
    spec:
      ${2:-terminationGracePeriodSeconds: 0}
      containers: [{name: app, image: ghcr.io/acme/web:1.4.2, resources: {${3:-}}}]
YAML
}

# say NAME CONTAINER-STATUS: what the kubelet would write into the status of the pods of that Deployment.
say() {
  local pod
  k rollout status -n data-mill "deployment/$1" --timeout=60s >/dev/null
  for pod in $(k get pods -n data-mill -l "app=$1" -o name); do
    k patch -n data-mill "$pod" --subresource=status --type=merge -p '{"status":{"phase":"Running",
      "conditions":[{"type":"PodScheduled","status":"True"},{"type":"Ready","status":"False","reason":"ContainersNotReady"}],
      "containerStatuses":[{"name":"app","image":"ghcr.io/acme/web:1.4.2","imageID":"","ready":false,"restartCount":3,'"$2"'}]}}' >/dev/null
  done
}

deployment image '' '' 3
say image '"state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image \"ghcr.io/acme/web:1.4.2\": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image \"ghcr.io/acme/web:1.4.2\": failed to resolve reference \"ghcr.io/acme/web:1.4.2\": ghcr.io/acme/web:1.4.2: not found"}}'
deployment crash
say crash '"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s restarting failed container=app"}},"lastState":{"terminated":{"reason":"Error","exitCode":127}}'
deployment memory '' 'limits: {memory: 64Mi}'
say memory '"state":{"waiting":{"reason":"CrashLoopBackOff","message":"back-off 40s restarting failed container=app"}},"lastState":{"terminated":{"reason":"OOMKilled","exitCode":137}}'
deployment big '' 'requests: {cpu: 1000000}'
deployment unknown 'serviceAccountName: nobody'
k apply -f - >/dev/null <<'YAML'
apiVersion: v1
kind: LimitRange
metadata: {name: small, namespace: data-mill}
spec: {limits: [{type: Container, max: {memory: 1Gi}}]}
YAML
deployment greedy '' 'limits: {memory: 2Gi}'
k apply -f - >/dev/null <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store, namespace: data-mill, labels: {app.kubernetes.io/instance: notebook}}
spec:
  serviceName: store
  replicas: 1
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      containers: [{name: app, image: x, volumeMounts: [{name: data, mountPath: /data}]}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 1Gi}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: never, namespace: data-mill, labels: {app.kubernetes.io/instance: notebook}}
spec:
  activeDeadlineSeconds: 1
  template: {spec: {restartPolicy: Never, nodeSelector: {place: nowhere}, containers: [{name: app, image: x}]}}
YAML
# The simulated cluster's API server asks no webhooks, but it has policies.
k apply -f - >/dev/null <<'YAML'
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: guard}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
    objectSelector: {matchLabels: {app: guarded}}
  validations: [{expression: "false", message: no guarded pods here}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: guard}
spec: {policyName: guard, validationActions: [Deny]}
YAML
# The API server takes a moment to know it.
for _ in $(seq 60); do
  k run guarded -n data-mill --image=x --labels=app=guarded --dry-run=server >/dev/null 2>&1 || break
  sleep 0.5
done
deployment guarded

# The controllers need a moment for their events.
codes() { python3 -c 'import json,sys; print(*sorted({f["code"] for f in json.load(open(sys.argv[1]))["findings"]}))' "$scratch/out"; }
wanted='DM810 DM820 DM823 DM840 DM847 DM850 DM852 DM854 DM858'
for _ in $(seq 60); do
  dm why notebook -o json "${target[@]}" >/dev/null
  [ "$(codes)" != "$wanted" ] || break
  sleep 0.5
done
[ "$(codes)" = "$wanted" ] || fail "findings are $(codes), not $wanted"
python3 - "$scratch/out" <<'PY'
import json, sys
why = json.load(open(sys.argv[1]))
assert why["well"] is False and why["component"] == "notebook", why
found = {}
for finding in why["findings"]:
    found.setdefault(finding["code"], []).append(finding)
image = found["DM810"][0]
assert image["count"] == 3 and image["container"] == "app", image
assert [o["kind"] for o in image["chain"]] == ["Deployment", "ReplicaSet", "Pod"], image
assert not image["hopeless"] and "not found" in image["message"], image
assert found["DM820"][0]["exit_code"] == 127, found["DM820"]
assert "64Mi" in found["DM823"][0]["cause"], found["DM823"]
assert "nobody" in found["DM850"][0]["cause"], found["DM850"]
assert "maximum memory usage per Container is 1Gi" in found["DM852"][0]["message"], found["DM852"]
assert "no guarded pods here" in found["DM854"][0]["message"] and found["DM854"][0]["hopeless"], found["DM854"]
claim = found["DM840"][0]
assert claim["chain"][0] == {"kind": "StatefulSet", "namespace": "data-mill", "name": "store"}, claim
assert claim["chain"][-1]["name"] == "data-store-0", claim
assert found["DM858"][0]["hopeless"], found["DM858"]
big = [f for f in found["DM847"] if f["chain"][0]["name"] == "big"][0]
assert big["nodes"] and big["nodes"][0]["lacks"][0]["what"] == "cpu", big
assert "1000000" in big["cause"], big
# Causes come before what follows from them.
order = [f["code"] for f in why["findings"]]
assert order.index("DM840") < order.index("DM847"), order
PY

dm why notebook "${target[@]}"
out_has 'DM810 ImageNotFound  Deployment image'
out_has '(and 2 more like it)'
out_has 'likely:  the registry ghcr.io has no image "ghcr.io/acme/web:1.4.2"'
out_has 'NODE'
out_has 'cpu: needs 1000000'
out_has 'kubectl create serviceaccount nobody -n data-mill'
dm status "${target[@]}"
out_has 'DM823 OutOfMemory'

# What is gone is well again.
k delete deployment,statefulset,job -n data-mill -l app.kubernetes.io/instance=notebook,app.kubernetes.io/managed-by!=Helm --wait >/dev/null
for _ in $(seq 60); do
  [ -n "$(k get pods -n data-mill -l 'app in (image,crash,memory,big,store)' -o name)" ] || break
  sleep 0.5
done
dm why notebook "${target[@]}"
out_has 'everything of notebook is well: 1 of 1 pods ready'
dm destroy --yes "${target[@]}"
printf 'all as it should be\n'
