#!/usr/bin/env bash
# An API server that throttles, errs, is slow, resets and closes connections, is away for half a minute in the middle of an install:
# converges and says how often it tried. One that goes away for good: said once, soon, with exit code 4.
# shellcheck source=tests/integration/chaos.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/chaos.sh"
begin chaos_api
begin_chaos

python3 "$here/api_proxy.py" serve "$kubeconfig" "$scratch/port" "$scratch/requests" &
proxy=$!
trap 'code=$?; kill "$proxy" 2>/dev/null || true; clean_up "$code"' EXIT
await 10 'the proxy in front of the API server' test -s "$scratch/port.control"
cat >"$scratch/existing.config" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: windy, cluster: {server: "http://127.0.0.1:$(cat "$scratch/port")"}}]
users: [{name: nobody, user: {}}]
contexts: [{name: windy, context: {cluster: windy, user: nobody}}]
current-context: windy
YAML
export XDG_STATE_HOME=$scratch/elsewhere
mkdir "$scratch/said"

tell() { python3 "$here/api_proxy.py" tell "$(cat "$scratch/port.control")" "$1" >/dev/null; }
count() { python3 "$here/api_proxy.py" ask "$(cat "$scratch/port.control")" | python3 -c 'import json,sys; print(json.load(sys.stdin).get(sys.argv[1], 0))' "$1"; }

# place NAME: a flavour and namespace of this name; its releases `side` and `base` wait for a node that is not there where NAME says so.
place() {
  local hold=
  case $1 in *held) hold=', selector: {chaos: open}' ;; esac
  flavour "$1" "$1" "base: {note: $1$hold}
side: {note: $1$hold}"
  target=(-f "$1" -t "$scratch/existing.yaml" --location hybrid)
}

pods_wait() { [ "$(k get pods -n "$1" -l 'app in (base,side)' --field-selector=status.phase=Pending -o name | wc -l)" -eq 2 ]; }
watches_again() { [ "$(count watch)" -gt "$watched" ]; }
has_ended() { ! kill -0 "$1" 2>/dev/null; }
retries() { sed -n 's/.*; \([0-9]*\) further attempts\{0,1\}.*/\1/p' "$1" | tail -n 1; }

# Every seventh request meets something.
place windy
tell '{"every": 7, "faults": ["429", "delay", "429", "delay", "500", "half", "503", "reset"]}'
dm install "${target[@]}" || fail "in bad weather install ended with $?"
cp "$scratch/err" "$scratch/said/windy"
tell '{"every": 0}'
for fault in 429 500 503 delay reset half; do
  [ "$(count "$fault")" -gt 0 ] || fail "nothing met \"$fault\""
done
converged windy base front side
nothing_to_do
grep -o '[0-9]* further attempts*' "$scratch/said/windy" || [ "$(grep -c retry "$scratch/said/windy")" -eq 0 ] || fail 'retries are not counted'

# first_requests FAULT: what an install begins with meets it, once each: the reads of what is there, the questions about its rights, the
# lock in the cluster.
first_requests() {
  local fault=$1 code=0
  place "first-$fault"
  tell "{\"faults\": [\"$fault\"], \"first\": [\"/v1/nodes\", \"/v1/configmaps\", \"/v1/secrets\", \"/selfsubjectaccessreviews\", \"/leases\"]}"
  dm install "${target[@]}" || code=$?
  cp "$scratch/err" "$scratch/said/first-$fault"
  [ "$code" -eq 0 ] || fail "where its first requests met \"$fault\" install ended with $code"
  [ "$(count unmet)" -eq 0 ] || fail "not all of the first requests met \"$fault\""
  converged "first-$fault" base front side
  nothing_to_do
}
for fault in 500 429 reset half; do
  first_requests "$fault"
done

# away FOR: starts an install, waits until it waits, and takes the API away.
install_in_background() {
  "$DATAMILL" install "${target[@]}" >"$scratch/out" 2>"$scratch/err" </dev/null &
  run=$!
}

# Away for half a minute while helm writes its first release: what it left unfinished must not stop the next attempt.
place outage
install_in_background
helm_writes() { grep -q 'POST /api/v1/namespaces/outage/secrets.* Helm' "$scratch/requests"; }
await 60 'helm at work' helm_writes
tell '{"away": true}'
sleep 30
kill -0 "$run" 2>/dev/null || fail "the run did not outlast half a minute without an API server: $(tail -n 30 "$scratch/err")"
tell '{"away": false}'
await 120 'the end of the run' has_ended "$run"
code=0
wait "$run" || code=$?
cp "$scratch/err" "$scratch/said/outage"
[ "$code" -eq 0 ] || fail "after an outage of half a minute install ended with $code"
converged outage base front side
nothing_to_do
[ "$(retries "$scratch/said/outage")" -gt 0 ] || fail 'it does not say how often it tried again'
printf '  after the outage: %s further attempts\n' "$(retries "$scratch/said/outage")"

# Away while everything waits: what is seen comes back.
place short-held
install_in_background
await 60 'two pods that wait' pods_wait short-held
watched=$(count watch)
tell '{"away": true}'
sleep 5
tell '{"away": false}'
await 30 'watches come back' watches_again
k label node --all chaos=open >/dev/null
await 120 'the end of the run' has_ended "$run"
code=0
wait "$run" || code=$?
cp "$scratch/err" "$scratch/said/short"
[ "$code" -eq 0 ] || fail "after a short outage install ended with $code"
converged short-held base front side
nothing_to_do
k label node --all chaos- >/dev/null
nobody_left

place gone-held
install_in_background
await 60 'two pods that wait' pods_wait gone-held
tell '{"away": true}'
gone=$SECONDS
await 75 'the end of a run whose cluster is gone' has_ended "$run"
code=0
wait "$run" || code=$?
cp "$scratch/err" "$scratch/said/gone"
printf '  gone for good: ended with %d after %d s\n' "$code" $((SECONDS - gone))
[ "$code" -eq 4 ] || fail "a cluster that is gone ended the run with $code, not 4"
nobody_left
[ "$(grep -c '^failed: ' "$scratch/err")" -le 1 ] || fail "said more than once: $(grep '^failed: ' "$scratch/err")"
expect_code 4 install "${target[@]}"
tell '{"away": false}'
k label node --all chaos=open >/dev/null
dm install "${target[@]}" || fail "when the cluster was back install ended with $?"
converged gone-held base front side
nothing_to_do
nobody_left
whole_files "$XDG_STATE_HOME/datamill"
no_secrets "$XDG_STATE_HOME" "$scratch/said" "$scratch/out" "$scratch/err" "$scratch/requests"
printf 'all as it should be\n'
