#!/usr/bin/env bash
# A machine in trouble: a full disk, a read-only state folder, two runs at once, a lock of another machine, no more processes, a clock
# that jumps. A run goes on or ends with a clear error; nothing is left half written, and the next run converges.
# shellcheck source=tests/integration/chaos.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/chaos.sh"
begin chaos_machine
begin_chaos
local_state=$XDG_STATE_HOME
mkdir "$scratch/said" "$scratch/small"
small=$scratch/small
held=
trap 'code=$?; [ -z "$held" ] || kill -9 "$held" 2>/dev/null || true; umount "$small" 2>/dev/null || true; clean_up "$code"' EXIT

# place NAME [BLOCKS]: on the existing cluster, with the state folder that is set.
place() {
  components=${components-base, job, side} flavour "$1" "$1" "${2-}"
  target=(-f "$1" -t "$scratch/existing.yaml" --location hybrid)
}

# keep_said NAME: what the last run said, for the search for secrets at the end.
keep_said() { cat "$scratch/out" "$scratch/err" >"$scratch/said/$1"; }

# A full disk: so much is free when a run begins, in KiB. It may end well or say what is wrong; it may not leave halves.
full_disk() {
  local free=$1 code=0
  export XDG_STATE_HOME=$small
  place "full$free"
  rm -rf "${small:?}"/*
  head -c "$(($(stat -f -c '%a * %S' "$small") - free * 1024))" /dev/zero >"$small/ballast"
  dm install "${target[@]}" || code=$?
  keep_said "full$free"
  printf '  %d KiB free: ended with %d; %s\n' "$free" "$code" "$(grep -m 1 -iE 'no space|disk' "$scratch/err" || true)"
  [ "$code" -eq 0 ] || grep -qiE 'no space' "$scratch/err" || fail "it does not say that the disk is full: $(cat "$scratch/err")"
  [ "$(grep -ciE '^warning: .*no space' "$scratch/err" || true)" -le 2 ] || fail "it says so again and again: $(cat "$scratch/err")"
  nobody_left
  whole_files "$small"
  rm "$small/ballast"
  dm install "${target[@]}" || fail "with space again install ended with $?"
  keep_said "full$free-again"
  converged "full$free" base side
  nothing_to_do
  whole_files "$small"
  no_secrets "$small" # the next disk is an empty one
}
if mount -t tmpfs -o size=2m,mode=0700 datamill "$small" 2>/dev/null; then
  for free in 0 12 28 48; do
    full_disk "$free"
  done
  place read-only
  mount -o remount,ro "$small"
  expect_code 2 install "${target[@]}"
  err_has DM560
  keep_said read-only
  k get namespace read-only >/dev/null 2>&1 && fail 'something was changed without a state folder'
  # What only reads works.
  dm plan "${target[@]}"
  mount -o remount,rw "$small"
  no_secrets "$small"
  umount "$small"
else
  printf '  skipped: a full and a read-only disk (mount is not allowed here)\n'
fi

# Two at once, on this machine and elsewhere. The first one waits for a node.
hold() {
  components=side place "$1" 'side: {selector: {chaos: open}}'
  "$DATAMILL" install "${target[@]}" >"$scratch/held.out" 2>"$scratch/held.err" </dev/null &
  held=$!
  await 60 'a pod that waits' pod_waits "$1"
}
pod_waits() { [ -n "$(k get pods -n "$1" --field-selector=status.phase=Pending -o name 2>/dev/null)" ]; }

export XDG_STATE_HOME=$scratch/first
hold two
expect_code 6 install "${target[@]}"
err_has "process $held"
keep_said two-here
XDG_STATE_HOME=$scratch/second expect_code 6 install "${target[@]}"
err_has "$(hostname): "
err_has "install --location hybrid -f two"
err_has 'DM563'
keep_said two-elsewhere
# A run that only reads is not kept from it.
XDG_STATE_HOME=$scratch/second dm plan "${target[@]}"
kill -9 "$held"
wait "$held" || true
held=
k label node --all chaos=open >/dev/null
export XDG_STATE_HOME=$scratch/second
dm install "${target[@]}" || fail "the Lease of a run that was killed here was not taken over: $?"
converged two side
nobody_left
k get lease datamill -n default >/dev/null 2>&1 && fail 'the lock in the cluster is still there'

# lease RENEWED: of a run on another machine.
lease() {
  k apply -f - >/dev/null <<YAML
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: {name: datamill, namespace: default}
spec:
  holderIdentity: "far/00000000-0000-0000-0000-000000000000/4711/1, far: datamill install -f theirs"
  leaseDurationSeconds: 180
  acquireTime: "$1"
  renewTime: "$1"
YAML
}
components=side place lease
lease "$(date -u +%FT%T.000000Z)"
expect_code 6 install "${target[@]}"
err_has 'far: datamill install -f theirs'
keep_said lease
lease "$(date -u -d '-3 minutes' +%FT%T.000000Z)"  # run out, but clocks differ
expect_code 6 install "${target[@]}"
lease "$(date -u -d '-5 minutes' +%FT%T.000000Z)"
dm install "${target[@]}" || fail "a Lease that ran out was not taken over: $?"
converged lease side
k get lease datamill -n default >/dev/null 2>&1 && fail 'the lock in the cluster is still there'

# No more processes: for a user that has no others.
user=54321
if command -v setpriv >/dev/null && [ "$(id -u)" -eq 0 ] && [ -z "$(ps -o pid= -u $user 2>/dev/null)" ]; then
  mkdir "$scratch/bare" "$scratch/bare/home" "$scratch/bare/state"
  cp "$real" "$helm" "$kubectl" "$scratch/bare/"
  cp -rL "$scratch/root" "$scratch/bare/root"
  k config view --raw --flatten >"$scratch/bare/existing.config" # the cluster's own files are not for others
  cp "$scratch/existing.yaml" "$scratch/bare/"
  few() {
    local limit=$1
    shift
    env -C "$scratch/bare" DATAMILL_CHAOS="$scratch" HOME="$scratch/bare/home" XDG_STATE_HOME="$scratch/bare/state" XDG_CACHE_HOME="$scratch/bare/home/cache" \
      XDG_CONFIG_HOME="$scratch/bare/home/config" DATAMILL_ROOT="$scratch/bare/root" DATAMILL_HELM="$scratch/bare/helm" \
      DATAMILL_KUBECTL="$scratch/bare/kubectl" GOMAXPROCS=1 \
      setpriv --reuid=$user --regid=$user --clear-groups --bounding-set=-all --inh-caps=-all prlimit --nproc="$limit" \
      "$scratch/bare/$(basename "$real")" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
  }
  chmod 755 "$scratch"
  chown -R $user:$user "$scratch/bare"
  for most in 1 3 12; do
    code=0
    components=side place "few$most"
    cp "$DATAMILL_ROOT/flavours/few$most.yaml" "$scratch/bare/root/flavours/"
    target=(-f "few$most" -t "$scratch/bare/existing.yaml" --location hybrid)
    few "$most" install "${target[@]}" || code=$?
    keep_said "few$most"
    printf '  at most %d processes: ended with %d; %s\n' "$most" "$code" "$(grep -m 1 -iE 'temporarily|resource|thread' "$scratch/err" || true)"
    # Where datamill itself cannot start anything it says why; helm and kubectl have their own words for it.
    case $code in
      0) [ "$most" -gt 1 ] || fail 'no limit of processes was felt' ;;
      1 | 3 | 4 | 7) [ "$most" -gt 1 ] || grep -q 'Resource temporarily unavailable' "$scratch/err" || fail "it does not say why: $(cat "$scratch/err")" ;;
      *) fail "with at most $most processes it ended with $code: $(cat "$scratch/err")" ;;
    esac
    nobody_left
    few 4000 install "${target[@]}" || fail "with processes again install ended with $?: $(cat "$scratch/err")"
    converged "few$most" side
  done
  no_secrets "$scratch/bare/state"
else
  printf '  skipped: no more processes (needs root, setpriv and a user without processes)\n'
fi

# A clock that jumps while a run waits: two days ahead, then a week back.
faketime=$(find /usr/lib -name libfaketimeMT.so.1 2>/dev/null | head -n 1)
if [ -n "$faketime" ]; then
  export XDG_STATE_HOME=$scratch/first
  k label node --all chaos- >/dev/null
  components=side place clock 'side: {selector: {chaos: open}}'
  printf '+0' >"$scratch/clock"
  LD_PRELOAD=$faketime FAKETIME_TIMESTAMP_FILE=$scratch/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
    "$DATAMILL" install "${target[@]}" >"$scratch/out" 2>"$scratch/err" </dev/null &
  held=$!
  await 60 'a pod that waits' pod_waits clock
  printf '+2d' >"$scratch/clock"
  sleep 1
  printf -- '-7d' >"$scratch/clock"
  kill -0 "$held" 2>/dev/null || fail "a clock that jumps ended the run: $(cat "$scratch/err")"
  k label node --all chaos=open >/dev/null
  code=0
  wait "$held" || code=$?
  held=
  keep_said clock
  [ "$code" -eq 0 ] || fail "when the clock jumped install ended with $code"
  converged clock side
  nothing_to_do
  dm runs show last -o json
  python3 - "$scratch/out" <<'PY' || fail 'the run took as long as the clock jumped'
import json, sys
run = json.loads(open(sys.argv[1]).readline())["run"]
assert run["elapsed_ms"] < 120000, run["elapsed_ms"]
PY
else
  printf '  skipped: a clock that jumps (no libfaketime here)\n'
fi
export XDG_STATE_HOME=$local_state
no_secrets "$scratch/first" "$scratch/second" "$scratch/said" "$scratch/held.out" "$scratch/held.err"
printf 'all as it should be\n'
