# shellcheck shell=bash
# What the tests of mishaps share: a data root of small components, processes that are known by their environment, and what must hold
# after every mishap.
#   . chaos.sh; begin NAME; begin_chaos; ...
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# begin_chaos: a simulated cluster, a data root of four small components, and a mark in the environment of what datamill starts from now on.
begin_chaos() {
  make_root "$scratch/root"
  export DATAMILL_ROOT=$scratch/root
  target=(-f chaos -t kwok)
  dm start -t kwok
  # Two clusters that were begun at the same moment may have been given the same ports.
  k create namespace alive >/dev/null
  await 60 'the controllers of the simulated cluster' controllers_work
  cp "$kubeconfig" "$scratch/existing.config"
  printf 'hybrid:\n  config: existing.config\n' >"$scratch/existing.yaml"
  # The cluster's own programs run without it: whatever has it belongs to a run.
  real=$DATAMILL
  DATAMILL=$scratch/datamill
  printf '#!/bin/sh\nDATAMILL_CHAOS=%s exec %s "$@"\n' "$scratch" "$real" >"$DATAMILL"
  chmod +x "$DATAMILL"
}

controllers_work() { [ -n "$(k get serviceaccount default -n alive --ignore-not-found -o name)" ]; }

# make_root FOLDER: base (a Secret, used in the values of a release), job (a Job that is waited for), front (after base), side.
make_root() {
  local data=$1 name
  mkdir -p "$data/components" "$data/flavours" "$data/charts/small/templates"
  ln -s "$root"/{k8s-targets,data,tools.yaml} "$data/"
  printf 'project:\n  k8s_namespace: chaos\n  flavour: [base, job, front, side]\n  k8s_default_config: default.yaml\n' >"$data/flavours/chaos.yaml"
  printf 'apiVersion: v2\nname: small\nversion: 0.1.0\n' >"$data/charts/small/Chart.yaml"
  cat >"$data/charts/small/values.yaml" <<'YAML'
note: none
password: none
pods: 1
holds: {}
YAML
  cat >"$data/charts/small/templates/small.yaml" <<'YAML'
apiVersion: v1
kind: Secret
metadata: {name: "{{ .Release.Name }}-config"}
stringData: {note: "{{ .Values.note }}", password: "{{ .Values.password }}"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: "{{ .Release.Name }}", labels: {app.kubernetes.io/instance: "{{ .Release.Name }}"}}
spec:
  replicas: {{ .Values.pods }}
  selector: {matchLabels: {app: "{{ .Release.Name }}"}}
  template:
    metadata:
      labels: {app: "{{ .Release.Name }}", app.kubernetes.io/instance: "{{ .Release.Name }}", chaos: "{{ .Values.holds.by | default "nothing" }}"}
      annotations: {note: "{{ .Values.note }}"}
    spec:
      terminationGracePeriodSeconds: 1
      {{- with .Values.holds.selector }}
      nodeSelector: {{ toJson . }}
      {{- end }}
      containers:
        - name: main
          image: example.invalid/small:1
          envFrom: [{secretRef: {name: "{{ .Release.Name }}-config"}}]
YAML
  for name in base front side; do
    mkdir -p "$data/components/$name"
    cat >"$data/components/$name/component.yaml" <<YAML
summary: A small release
category: network
settings:
  note: {type: string, default: first, doc: Changes the release}
  hold: {type: string, default: "", doc: What its pods wait for}
  selector: {type: map, default: {}, doc: Nodes on which its pods run}
secrets:
  - name: $name-login
    keys: {password: {random: {bytes: 32, as: alnum}}}
releases:
  - name: $name
    chart: {path: charts/small}
    set: {note: "\${settings.note}", password: "\${secret.$name-login.password}", holds: {by: "\${settings.hold}", selector: "\${settings.selector}"}}
    timeout: 2m
YAML
  done
  printf 'after: [base]\n' >>"$data/components/front/component.yaml"
  mkdir -p "$data/components/job"
  cat >"$data/components/job/component.yaml" <<'YAML'
summary: A Job that is waited for
category: network
settings:
  note: {type: string, default: first, doc: Changes the manifest}
  hold: {type: string, default: nothing, doc: What its pod waits for}
secrets:
  - name: job-login
    keys: {password: {random: {bytes: 32, as: hex}}}
manifests:
  - file: job.yaml
    template: true
    wait: [{resource: "job/task-${settings.note}", condition: Complete, timeout: 2m}]
YAML
  cat >"$data/components/job/job.yaml" <<'YAML'
apiVersion: batch/v1
kind: Job
metadata: {name: "task-${settings.note}"}
spec:
  backoffLimit: 0
  template:
    metadata: {labels: {app: job, chaos: "${settings.hold}"}}
    spec:
      restartPolicy: Never
      containers: [{name: task, image: "example.invalid/task:1", env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: job-login, key: password}}}]}]
YAML
}

# flavour NAME NAMESPACE [BLOCKS]: another flavour of the same components.
flavour() {
  printf 'project:\n  k8s_namespace: %s\n  flavour: [%s]\n  k8s_default_config: default.yaml\n%s\n' \
    "$2" "${components:-base, job, front, side}" "${3-}" >"$DATAMILL_ROOT/flavours/$1.yaml"
}

# ours: numbers of the processes that belong to runs of this test.
ours() { grep -lzxF "DATAMILL_CHAOS=$scratch" /proc/[0-9]*/environ 2>/dev/null | tr -dc '0-9\n' || true; }

# await SECONDS WHAT COMMAND...: until the command succeeds.
await() {
  local limit=$1 what=$2 start=$SECONDS
  shift 2
  until "$@"; do
    [ $((SECONDS - start)) -lt "$limit" ] || fail "$what: not within $limit s"
    sleep 0.05
  done
}

none_left() { [ -z "$(ours)" ]; }

# nobody_left: no process of a run outlives it for longer than helm takes to mark its release.
nobody_left() {
  await 25 "processes left: $(ours | while read -r pid; do tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null; printf '; '; done)" none_left
}

# converged NAMESPACE NAME...: these releases are there, and the newest revision of each is deployed.
converged() {
  local ns=$1 wanted found
  shift
  wanted=$(printf '%s deployed\n' "$@" | sort)
  found=$(k get secrets -n "$ns" -l owner=helm -L name,version,status --no-headers | awk '{print $(NF-2), $(NF-1), $NF}' |
    sort -k1,1 -k2,2nr | awk '!seen[$1]++ {print $1, $3}')
  [ "$found" = "$wanted" ] || fail "releases in $ns: ${found//$'\n'/, }, not ${wanted//$'\n'/, }"
}

# nothing_to_do: for the same flags as the install before.
nothing_to_do() {
  expect_code 0 plan --detailed-exitcode "${target[@]}"
}

# whole_files FOLDER: no temporary file is left, every JSON file is whole.
whole_files() {
  python3 "$here/chaos_files.py" whole "$1" >"$scratch/broken" || fail "state folder: $(cat "$scratch/broken")"
}

# no_secrets PLACE...: no generated value, as it is or in base64, is in a file there or below; the cluster's own data is left out.
no_secrets() {
  k get secrets -A -l app.kubernetes.io/managed-by=datamill -o json >"$scratch/canaries"
  python3 "$here/chaos_files.py" secrets "$scratch/canaries" "$@" >"$scratch/leaks" || fail "secrets: $(cat "$scratch/leaks")"
  rm -f "$scratch/canaries"
}
