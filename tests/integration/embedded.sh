#!/usr/bin/env bash
# A cluster with one real node: pods run, volumes keep their data, parts that die come back, and nothing is left behind.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need_real_node
begin embedded "${node_tools[@]}"
target=(-t embedded)
node=$XDG_STATE_HOME/datamill/clusters/local-datamill/node

# pid_of PART: the process of a part of this very node.
pid_of() { pgrep -f -- "^[^ ]*/$1 .*$scratch/state" | head -n 1; }

before=$(traces)
dm start "${target[@]}"
out_has '1 of 1 nodes ready'
dm start "${target[@]}"

k apply -f - >/dev/null <<'YAML'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Mi}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: keeper}
spec:
  selector: {matchLabels: {app: keeper}}
  template:
    metadata: {labels: {app: keeper}}
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: keeper
          image: datamill.local/busybox:1
          imagePullPolicy: Never
          command:
            - /bin/sh
            - -c
            - |
              trap 'exit 0' TERM
              echo started >> /data/log
              while :; do sleep 1 & wait $!; done
          volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
---
apiVersion: v1
kind: Service
metadata: {name: dns-by-node-port, namespace: kube-system}
spec:
  type: NodePort
  selector: {k8s-app: kube-dns}
  ports: [{port: 8181, nodePort: 30181}]
---
apiVersion: v1
kind: Service
metadata: {name: first, namespace: kube-system}
spec:
  type: LoadBalancer
  selector: {k8s-app: kube-dns}
  ports: [{port: 8080, targetPort: 8181}]
YAML
k rollout status statefulset/keeper --timeout 120s >/dev/null
answer=$(k exec keeper-0 -- nslookup kubernetes.default.svc.cluster.local)
grep -q 'Address: *10.96.0.1' <<<"$answer" || fail "DNS answers $answer"
answer=$(k exec keeper-0 -- wget -q -O - http://kube-dns.kube-system.svc.cluster.local:9153/metrics)
grep -q coredns <<<"$answer" || fail 'a Service does not answer'
curl -sf --max-time 10 http://10.89.0.1:30181/ready >/dev/null || fail 'a NodePort does not answer'
# A Service of type LoadBalancer has the node's address, a second one with its port does not until the first one is gone.
ingress() { k -n kube-system get service "$1" -o 'jsonpath={.status.loadBalancer.ingress[*].ip}'; }
wait_ingress() {
  for _ in $(seq 50); do
    [ "$(ingress "$1")" != 10.89.0.1 ] || return 0
    sleep 0.2
  done
  fail "Service $1 got no address"
}
wait_ingress first
curl -sf --max-time 10 http://10.89.0.1:8080/ready >/dev/null || fail 'a LoadBalancer does not answer the host'
k exec keeper-0 -- wget -q -O - http://10.89.0.1:8080/ready >/dev/null || fail 'a LoadBalancer does not answer a pod'
k -n kube-system create service loadbalancer second --tcp=8080:8181 >/dev/null
k -n kube-system wait --for='jsonpath={.status.conditions[0].reason}=PortTaken' service/second --timeout 20s >/dev/null
[ -z "$(ingress second)" ] || fail 'two Services have one port'
# The event is made after the condition.
for _ in $(seq 50); do
  told=$(k -n kube-system get events --field-selector reason=PortTaken -o name)
  [ -z "$told" ] || break
  sleep 0.2
done
[ -n "$told" ] || fail 'nobody tells why second waits'
k -n kube-system delete service first >/dev/null
wait_ingress second
! ss -Hltn | awk '{print $4}' | grep -vE '^(127\.|\[::1\]|10\.89\.0\.1:)' | grep -E ':(6443|10250|10249|10256|10257|10259|12379|12380)$' || fail 'a part listens on all addresses'
[ "$(stat -c %a "$kubeconfig")" = 600 ] || fail 'the kubeconfig is readable for others'

# Whatever dies comes back, and the pods do not notice.
for part in kube-apiserver kubelet containerd kube-proxy; do
  kill -9 "$(pid_of "$part")"
done
for _ in $(seq 100); do
  [ -n "$(pid_of kubelet)" ] && k get --raw /readyz >/dev/null 2>&1 && break
  sleep 0.2
done
k wait --for=condition=Ready node --all --timeout 60s >/dev/null
[ "$(k exec keeper-0 -- cat /data/log)" = started ] || fail 'the pod was started again'

# Killed itself, the supervisor leaves its parts alone, and the next start watches the very same ones.
parts() { head -qn1 "$node"/pids/[ck]*.pid; }
running=$(parts)
kill -9 "$(head -n1 "$node/pids/supervisor.pid")"
dm status "${target[@]}"
out_has 'supervisor               not running'
dm start "${target[@]}"
for _ in $(seq 50); do
  grep -q 'kube-proxy runs' "$node/log/supervisor.log" && break
  sleep 0.1
done
[ "$(parts)" = "$running" ] || fail 'a part was started again'
kill -9 "$(head -n1 "$node/pids/kube-scheduler.pid")"
for _ in $(seq 50); do
  [ "$(parts)" != "$running" ] && [ -n "$(pid_of kube-scheduler)" ] && break
  sleep 0.2
done
dm status "${target[@]}" -o json
python3 - "$scratch/out" <<'PYTHON'
import json, sys
parts = {p["name"]: p for p in json.load(open(sys.argv[1]))["cluster"]["parts"]}
assert len(parts) >= 8 and all(p["running"] and p["resident_bytes"] > 0 and p["running_since"] for p in parts.values()), parts
assert parts["supervisor"]["restarts"] == 1 and parts["kube-scheduler"]["restarts"] == 1, parts
assert sum(p["resident_bytes"] for p in parts.values()) < 2 ** 30, parts
PYTHON

# A dead supervisor stands in nobody's way, nor does a stop that was killed.
kill -9 "$(head -n1 "$node/pids/supervisor.pid")"
"$DATAMILL" stop -q "${target[@]}" >/dev/null 2>&1 &
sleep 0.3
kill -9 $!
wait $! 2>/dev/null || true
dm stop "${target[@]}"
[ -z "$(traces | grep -vE '^dm-|KUBE-|datamill-datamill' | grep -F "$scratch" || true)" ] || fail "left by stop: $(traces)"
dm start "${target[@]}"
k wait --for=condition=Ready pod -l app=keeper --timeout 120s >/dev/null
[ "$(k exec keeper-0 -- cat /data/log | tail -n 1)" = started ] || fail 'the volume lost its data'

dm destroy --yes "${target[@]}"
after=$(traces)
[ "$after" = "$before" ] || fail "left behind: $(diff <(printf '%s\n' "$before") <(printf '%s\n' "$after"))"
[ ! -e "$node" ] || fail 'files of the node are left'
printf 'all as it should be\n'
