#!/usr/bin/env bash
# Around real pods: a component of our own on one real node, and every command that works with what runs in it.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need_real_node
begin pods "${node_tools[@]}"
target=(-t embedded)

# A data root with one component more: it logs, listens and has a login.
data=$scratch/root
mkdir -p "$data/components/echo" "$data/charts/echo/templates"
ln -s "$root"/{flavours,k8s-targets,data,tools.yaml} "$data/"
for component in "$root"/components/*; do ln -s "$component" "$data/components/"; done
cat >"$data/components/echo/component.yaml" <<'YAML'
summary: Answers over HTTP
category: network
settings:
  release: {type: name, default: echo, doc: Helm release name}
secrets:
  - name: echo-login
    keys: {token: {random: {bytes: 20, as: alnum}}}
releases:
  - name: ${settings.release}
    chart: {path: charts/echo}
open: {service: echo, port: 8080, path: /, secret: echo-login, secret_keys: [token]}
YAML
printf 'apiVersion: v2\nname: echo\nversion: 0.1.0\n' >"$data/charts/echo/Chart.yaml"
cat >"$data/charts/echo/templates/echo.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: echo, labels: {app.kubernetes.io/instance: echo}}
spec:
  replicas: 2
  selector: {matchLabels: {app: echo}}
  template:
    metadata: {labels: {app: echo, app.kubernetes.io/instance: echo}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: main
          image: datamill.local/busybox:1
          imagePullPolicy: Never
          command:
            - /bin/sh
            - -c
            - |
              echo "hello from $HOSTNAME"
              mkdir -p /www; echo served > /www/index.html
              exec busybox httpd -f -p 8080 -h /www
          readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: echo, labels: {app.kubernetes.io/instance: echo}}
spec:
  selector: {app: echo}
  ports: [{port: 8080}]
YAML
export DATAMILL_ROOT=$data

dm install -c echo "${target[@]}"
dm status "${target[@]}"
out_has 'echo'
dm status "${target[@]}" -o json
python3 - "$scratch/out" <<'PY'
import json, sys
status = json.load(open(sys.argv[1]))
assert status["pods"]["ready"] == status["pods"]["total"] > 0, status["pods"]
PY

dm logs echo "${target[@]}"
[ "$(grep -c 'hello from echo-' "$scratch/out")" -eq 2 ] || fail "logs: $(cat "$scratch/out")"
dm logs echo "${target[@]}" --tail 1 -o json
python3 -c 'import json,sys; lines = [json.loads(l) for l in open(sys.argv[1])]; assert len(lines) == 2 and all("hello" in l["text"] for l in lines), lines' "$scratch/out"
dm events echo "${target[@]}"
out_has 'Started'
dm exec echo "${target[@]}" -- cat /www/index.html
[ "$(cat "$scratch/out")" = served ] || fail 'exec does not give the output'
expect_code 9 exec echo "${target[@]}" -- sh -c 'exit 9'
dm kubeconfig "${target[@]}"
[ "$(cat "$scratch/out")" = "$kubeconfig" ] || fail 'another kubeconfig'

# Following: a pod that comes later is picked up; an interrupt ends it and leaves no child.
"$DATAMILL" logs echo -F "${target[@]}" >"$scratch/follow" 2>&1 </dev/null &
follower=$!
k delete pod -n data-mill "$(k get pod -n data-mill -l app=echo -o jsonpath='{.items[0].metadata.name}')" >/dev/null
for _ in $(seq 150); do
  [ "$(grep -c 'hello from echo-' "$scratch/follow")" -lt 3 ] || break
  sleep 0.2
done
[ "$(grep -c 'hello from echo-' "$scratch/follow")" -ge 3 ] || fail "follow: $(cat "$scratch/follow")"
kill -TERM "$follower"
code=0
wait "$follower" || code=$?
[ "$code" -eq 143 ] || fail "logs -F ended with $code"
! pgrep -f "kubectl.* logs .*$scratch/state" >/dev/null || fail 'kubectl logs is left'

# open: the URL works, the login's place is named, its value is nowhere.
"$DATAMILL" open echo --no-browser "${target[@]}" >"$scratch/open" 2>&1 </dev/null &
opener=$!
for _ in $(seq 100); do
  url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+/' "$scratch/open" | head -n 1) || true
  [ -z "$url" ] || break
  sleep 0.1
done
[ "$(curl -sf --max-time 10 "$url")" = served ] || fail "open: $(cat "$scratch/open")"
grep -q echo-login "$scratch/open" || fail 'open does not name the Secret'
token=$(k get secret -n data-mill echo-login -o jsonpath='{.data.token}' | base64 -d)
! grep -qF -- "$token" "$scratch/open" || fail 'open prints the token'
kill -INT "$opener"
code=0
wait "$opener" || code=$?
[ "$code" -eq 130 ] || fail "open ended with $code"

# debug: the command's output and status; the pod goes with us, whatever ends us.
# Deleted before datamill ends; the kubelet needs a moment more.
no_debug_pods() {
  local left
  for _ in $(seq 100); do
    left=$(k get pod -A -l datamill.io/debug -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.deletionTimestamp}{"\n"}{end}')
    [ -n "$left" ] || return 0
    ! grep -qE '^[^ ]+ $' <<<"$left" || return 1
    sleep 0.2
  done
  return 1
}
dm debug net "${target[@]}" --image datamill.local/busybox:1 -- nslookup echo.data-mill.svc.cluster.local
out_has 'Address'
expect_code 3 debug net "${target[@]}" --image datamill.local/busybox:1 -- sh -c 'exit 3'
no_debug_pods || fail 'a debugging pod is left'
"$DATAMILL" debug net "${target[@]}" --image datamill.local/busybox:1 -- sleep 600 >/dev/null 2>&1 </dev/null &
debugger=$!
for _ in $(seq 150); do
  [ "$(k get pod -A -l datamill.io/debug -o jsonpath='{.items[*].status.phase}')" != Running ] || break
  sleep 0.2
done
kill -TERM "$debugger"
wait "$debugger" || true
no_debug_pods || fail 'a debugging pod outlives SIGTERM'
expect_code 1 debug net "${target[@]}" --image datamill.local/nothing:1 -- true
err_has 'datamill.local/nothing:1'
no_debug_pods || fail 'a pod without its image is left'
pod=$(k get pod -n data-mill -l app=echo -o jsonpath='{.items[0].metadata.name}')
dm debug --pod "data-mill/$pod" "${target[@]}" --image datamill.local/busybox:1 -- echo inside
out_has inside

dm uninstall -c echo --yes --purge-data "${target[@]}"
dm destroy --yes "${target[@]}"
printf 'all as it should be\n'
