#!/usr/bin/env bash
# Pods that fail in stages while an install waits for them: each state is told within seconds, the run waits on where it may pass and
# converges when it has, and gives up long before its time where it cannot.
# shellcheck source=tests/integration/chaos.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/chaos.sh"
begin chaos_findings
begin_chaos
mkdir "$scratch/said"
# Pods with this label do nothing by themselves: their states are ours to write.
k patch stage pod-ready --type=json \
  -p '[{"op":"add","path":"/spec/selector/matchExpressions/-","value":{"key":".metadata.labels[\"chaos\"]","operator":"NotIn","values":["manual"]}}]' >/dev/null

run=
trap 'code=$?; [ -z "$run" ] || kill "$run" 2>/dev/null || true; clean_up "$code"' EXIT

# begin_install NAME COMPONENT BLOCKS
begin_install() {
  ns=$1
  components=$2 flavour "$1" "$1" "$3"
  target=(-f "$1" -t kwok)
  "$DATAMILL" install -o json "${target[@]}" >"$scratch/out" 2>"$scratch/err" </dev/null &
  run=$!
}

# end_install CODE SECONDS
end_install() {
  local code=0
  await "$2" 'the end of the run' has_ended
  wait "$run" || code=$?
  run=
  cp "$scratch/out" "$scratch/said/$ns"
  [ "$code" -eq "$1" ] || fail "install ended with $code, not $1: $(tail -n 5 "$scratch/out") $(cat "$scratch/err")"
}
has_ended() { ! kill -0 "$run" 2>/dev/null; }

scheduled() { [ -n "$(pod)" ]; }
pod() { k get pods -n "$ns" -l chaos=manual -o jsonpath='{range .items[?(@.spec.nodeName)]}{.metadata.name}{"\n"}{end}' 2>/dev/null | head -n 1; }

# is STATUS: the pod's status from now on, "{" and "}" around it.
is() { k patch pod "$(pod)" -n "$ns" --subresource=status --type=merge -p "{\"status\":$1}" >/dev/null; }

# waiting REASON MESSAGE [LAST STATE]: of its container.
waiting() {
  is '{"phase":"'"${4:-Running}"'","conditions":[{"type":"PodScheduled","status":"True"},{"type":"Ready","status":"False","reason":"ContainersNotReady"}],
    "containerStatuses":[{"name":"main","image":"example.invalid/small:1","imageID":"","ready":false,"restartCount":3,
    "state":{"waiting":{"reason":"'"$1"'","message":"'"$2"'"}},"lastState":'"${3:-{\}}"'}]}'
}
well() {
  is '{"phase":"Running","conditions":[{"type":"PodScheduled","status":"True"},{"type":"Ready","status":"True"},{"type":"ContainersReady","status":"True"}],
    "containerStatuses":[{"name":"main","image":"example.invalid/small:1","imageID":"","ready":true,"restartCount":3,
    "state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}},"lastState":{}}]}'
}
terminated() { printf '{"terminated":{"exitCode":%s,"reason":"%s","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:01Z"}}' "$1" "$2"; }

# told NAME [SECONDS]: a finding of this name, with all that somebody needs to know.
told() {
  await "${2:-5}" "the finding $1" grep -q "\"type\":\"finding\".*\"name\":\"$1\"" "$scratch/out"
  python3 - "$scratch/out" "$1" <<'PY' || fail "the finding $1 does not say enough: $(grep "\"name\":\"$1\"" "$scratch/out" | tail -n 1)"
import json, sys
for line in open(sys.argv[1]):
    event = json.loads(line)
    if event.get("type") == "finding" and event["finding"]["name"] == sys.argv[2]:
        finding = event["finding"]
        assert finding["code"].startswith("DM8") and finding["chain"] and finding["next"], finding
        assert finding.get("cause") or finding.get("nodes"), finding
        print("  %s %s: %s" % (finding["code"], finding["name"], finding.get("cause") or finding["nodes"]))
        break
PY
}
goes_on() { kill -0 "$run" 2>/dev/null || fail "the run ended: $(tail -n 3 "$scratch/out")"; }

begin_install stages side 'side: {hold: manual}'
await 60 'a pod' scheduled
waiting ErrImagePull 'failed to pull and unpack image: example.invalid/small:1: not found' '{}' Pending
told ImageNotFound
waiting ImagePullBackOff 'Back-off pulling image example.invalid/small:1: not found' '{}' Pending
waiting CrashLoopBackOff 'back-off 10s restarting failed container' "$(terminated 3 Error)"
told CrashLoop
waiting CrashLoopBackOff 'back-off 20s restarting failed container' "$(terminated 137 OOMKilled)"
told OutOfMemory
goes_on
well
end_install 0 60
converged stages side
nothing_to_do

begin_install unschedulable side 'side: {selector: {chaos: open}}'
told Unschedulable 60
goes_on
k label node --all chaos=open >/dev/null
end_install 0 60
converged unschedulable side

begin_install hopeless side 'side: {hold: manual}'
await 60 'a pod' scheduled
goes_on
waiting InvalidImageName 'couldn'"'"'t parse image name example.invalid/Small:1' '{}' Pending
end_install 1 20
told ImageNameInvalid
grep -q '"outcome":"given up: waiting longer would not help"' "$scratch/out" || fail 'it does not say that it gave up'
nobody_left
# What was given up is no obstacle later.
components=side flavour hopeless hopeless ''
dm install "${target[@]}" || fail "after it was given up and corrected install ended with $?"
converged hopeless side
nothing_to_do

begin_install failed-job job 'job: {hold: manual}'
await 60 'a pod' scheduled
is '{"phase":"Failed","containerStatuses":[{"name":"task","image":"example.invalid/task:1","imageID":"","ready":false,"restartCount":0,
  "state":'"$(terminated 9 Error)"'}]}'
end_install 1 20
told JobFailed
nobody_left
whole_files "$XDG_STATE_HOME/datamill"
no_secrets "$XDG_STATE_HOME" "$scratch/said"
printf 'all as it should be\n'
