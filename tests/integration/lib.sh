# shellcheck shell=bash
# What the integration tests share: a home of their own, a simulated cluster, checks that say what they saw.
#   . lib.sh; begin NAME; ... ; finish
# DATAMILL is the path of the binary, by default that of the release build; the tools come from the real cache or are got.
set -euo pipefail

DATAMILL=${DATAMILL:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)/build/release/datamill}
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd -- "$here/../.." && pwd -P)
target=(-t kwok)
cluster_tools=(helm kubectl kwokctl kwok etcd kube-apiserver kube-controller-manager kube-scheduler)

# shellcheck disable=SC2034 # for the scripts that source this
node_tools=(helm kubectl etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy containerd ctr
  containerd-shim-runc-v2 coredns local-path-provisioner)

# What a machine has of ours: processes, mounts, links, rules, control groups, files.
traces() {
  pgrep -af -- "$scratch/state" || true
  grep -F -- "$scratch" /proc/self/mounts || true
  ip -o link | awk -F': ' '$2 ~ /^(dm-|veth)/ {print $2}'
  { iptables-save; ip6tables-save; } 2>/dev/null | grep -E 'KUBE-|datamill' || true
  find /sys/fs/cgroup -maxdepth 2 -name 'datamill-*'
  find /var/lib/kubelet /var/lib/cni /run/containerd /var/log/containers /var/log/pods 2>/dev/null || true
}

# A real node needs root, and nobody else's beside it.
need_real_node() {
  if [ "$(id -u)" -ne 0 ] || [ ! -d /sys/fs/cgroup ]; then
    echo 'skipped: a real node needs root and control groups'
    exit 77
  fi
  if pgrep -x kubelet >/dev/null || [ -e /run/containerd/containerd.sock ]; then
    echo 'skipped: another kubelet or containerd runs here'
    exit 77
  fi
}

# begin NAME [TOOL...]: the tools of a simulated cluster unless others are named.
begin() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/datamill-$1-XXXXXX")
  shift
  [ $# -eq 0 ] || cluster_tools=("$@")
  export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache}
  export HOME=$scratch/home XDG_STATE_HOME=$scratch/state XDG_CONFIG_HOME=$scratch/config DATAMILL_ROOT=$root
  mkdir -p "$HOME"
  unset DATAMILL_STATE_DIR DATAMILL_FLAVOUR DATAMILL_TARGET KUBECONFIG
  trap clean_up EXIT
  # The cluster's real programs must be there; a test that stops the cluster for good must not wait for a build.
  "$DATAMILL" tools install -q "${cluster_tools[@]}"
  paths=$("$DATAMILL" tools list -o json)
  helm=$(tool_path helm)
  kubectl=$(tool_path kubectl)
  kubeconfig=$XDG_STATE_HOME/datamill/clusters/local-datamill/kubeconfig
}

tool_path() {
  python3 -c 'import json,sys; print([t["path"] for t in json.load(sys.stdin)["tools"] if t["name"] == sys.argv[1]][0])' "$1" <<<"$paths"
}

clean_up() {
  local code=${1:-$?}
  # Whatever failed: no process and no file of the test stays.
  "$DATAMILL" destroy -q --yes-all "${target[@]}" >/dev/null 2>&1 || true
  if [ "$code" -ne 0 ] && [ "$code" -ne 77 ]; then
    printf 'FAILED with exit code %d; last output:\n' "$code"
    tail -n 60 "$scratch/out" "$scratch/err" 2>/dev/null || true
  fi
  pkill -9 -f "$scratch/state/datamill/clusters" 2>/dev/null || true
  rm -rf "$scratch"
}

# dm ARGUMENTS...: runs datamill; its output is in $scratch/out and $scratch/err.
dm() {
  printf '+ datamill %s\n' "$*"
  "$DATAMILL" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
}

# expect_code CODE ARGUMENTS...
expect_code() {
  local wanted=$1 code=0
  shift
  dm "$@" || code=$?
  [ "$code" -eq "$wanted" ] || fail "datamill $* ended with $code, not $wanted"
}

fail() {
  printf 'not as it should be: %s\n' "$*"
  exit 1
}

k() { "$kubectl" --kubeconfig "$kubeconfig" "$@"; }
h() { "$helm" --kubeconfig "$kubeconfig" "$@"; }

# out_has TEXT, err_has TEXT: the last run printed it.
out_has() { grep -qF -- "$1" "$scratch/out" || fail "stdout has no \"$1\""; }
err_has() { grep -qF -- "$1" "$scratch/err" || fail "stderr has no \"$1\""; }

# releases: "name status revision" of all releases, sorted.
releases() {
  k get secrets -A -l owner=helm -L name,status,version --no-headers | awk '{print $(NF-2), $(NF-1), $NF}' | sort
}

expect_releases() {
  local wanted
  wanted=$(printf '%s deployed 1\n' "$@" | sort)
  [ "$(releases)" = "$wanted" ] || fail "releases are: $(releases | tr '\n' ';') not: ${wanted//$'\n'/;}"
}

# unchanged_by COMMAND...: no object of the cluster gets a new version.
versions() {
  k get configmaps,secrets,deployments,statefulsets,services,persistentvolumeclaims,jobs -A \
    -o jsonpath='{range .items[*]}{.kind}/{.metadata.name} {.metadata.uid} {.metadata.generation} {.metadata.labels}{"\n"}{end}' | sort
}

need_charts() {
  charts=${DATAMILL_TEST_CHARTS:-$root/../shared/charts}
  if [ ! -f "$charts/index.yaml" ]; then
    printf 'skipped: no packaged charts in %s (DATAMILL_TEST_CHARTS names another folder)\n' "$charts"
    exit 77
  fi
}
