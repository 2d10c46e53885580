#!/usr/bin/env bash
# Children that do not behave, and people who press keys: Ctrl-C once and twice, Ctrl-Z, a closed terminal, SIGTERM, a reader that goes
# away, a helm that ignores signals, one that prints a GiB. Each child's group hears one signal, none outlives the run.
# shellcheck source=tests/integration/chaos.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/chaos.sh"
begin chaos_children
begin_chaos
export CHAOS_HELM=$helm CHAOS_HELM_LOG=$scratch/helm.log DATAMILL_HELM=$here/chaos_helm.py
mkdir "$scratch/said"
runs=0

# place NAME [COMPONENTS [BLOCKS]]
place() {
  components=${2:-base, side} flavour "$1" "$1" "${3-}"
  target=(-f "$1" -t kwok)
  : >"$CHAOS_HELM_LOG"
  rm -f "$scratch/notes" "$scratch/screen"
}

# on_terminal: an install on a terminal; what happens there is on standard input. $code is how it ended, $took the seconds.
on_terminal() {
  local start=$SECONDS
  runs=$((runs + 1))
  python3 "$here/chaos_pty.py" "$scratch/notes" "$scratch/screen" "$DATAMILL" install "${target[@]}" ||
    fail "$1: $(cat "$scratch/notes" "$scratch/screen")"
  cp "$scratch/screen" "$scratch/said/$runs"
  took=$((SECONDS - start))
  code=$(sed -n 's/^exit //p' "$scratch/notes")
  printf '  %s: ended with %s after %d s\n' "$1" "$code" "$took"
}

screen_has() { grep -qF -- "$1" "$scratch/screen" || fail "the screen has no \"$1\": $(tail -n 20 "$scratch/screen")"; }

# heard SIGNAL: every process of every helm heard this once, and nothing else.
heard() {
  python3 - "$CHAOS_HELM_LOG" "$1" <<'PY' || fail "signals: $(grep -E 'signal|started' "$CHAOS_HELM_LOG")"
import json, sys
started, signals = {}, {}
for line in open(sys.argv[1]):
    item = json.loads(line)
    if "started" in item:
        started[item["pid"]] = item["started"]
    if "signal" in item:
        signals.setdefault(item["pid"], []).append(item["signal"])
assert len(started) == 4, started
assert all(signals.get(pid) == [sys.argv[2]] for pid in started), (started, signals)
PY
}

# again NAMESPACE RELEASES...: with the real helm.
again() {
  nobody_left
  dm install "${target[@]}" || fail "the run after it ended with $?"
  converged "$@"
  nothing_to_do
  whole_files "$XDG_STATE_HOME/datamill"
}

both_started="await $CHAOS_HELM_LOG \"grandchild\", \"release\": \"base\"
await $CHAOS_HELM_LOG \"grandchild\", \"release\": \"side\"
await $CHAOS_HELM_LOG \"helm\", \"release\": \"base\"
await $CHAOS_HELM_LOG \"helm\", \"release\": \"side\""

place interrupted
CHAOS_HELM_DO=polite on_terminal 'Ctrl-C' <<<"$both_started
type ctrl-c
end"
[ "$code" -eq 130 ] || fail "Ctrl-C ended the run with $code"
heard SIGTERM
screen_has 'go on with'
again interrupted base side

place terminated
CHAOS_HELM_DO=polite on_terminal SIGTERM <<<"$both_started
signal SIGTERM
end"
[ "$code" -eq 143 ] || fail "SIGTERM ended the run with $code"
heard SIGTERM
again terminated base side

place hung-up
CHAOS_HELM_DO=polite on_terminal 'terminal closed' <<<"$both_started
close
end"
[ "$code" -eq 143 ] || [ "$code" -eq 129 ] || fail "a closed terminal ended the run with $code"
heard SIGTERM
again hung-up base side

place twice
CHAOS_HELM_DO=stubborn on_terminal 'Ctrl-C twice' <<<"$both_started
type ctrl-c
await $CHAOS_HELM_LOG SIGTERM
type ctrl-c
end"
[ "$code" -eq 130 ] || fail "Ctrl-C twice ended the run with $code"
[ "$took" -lt 10 ] || fail "Ctrl-C twice took $took s"
heard SIGTERM
screen_has 'repairs'
again twice base side

place stubborn
CHAOS_HELM_DO=stubborn on_terminal 'Ctrl-C, which helm ignores' <<<"$both_started
type ctrl-c
end"
[ "$code" -eq 130 ] || fail "Ctrl-C ended the run with $code"
[ "$took" -lt 40 ] || fail "a helm that ignores signals was waited for $took s"
heard SIGTERM
screen_has 'killed'
again stubborn base side

# Ctrl-Z with the real helm while it waits for pods: all stop, and go on as if nothing had been.
all_stopped() {
  local pid
  [ -n "$(ours)" ] || return 1
  for pid in $(ours); do
    grep -q '^State:	T' "/proc/$pid/status" 2>/dev/null || return 1
  done
}
place stopped side 'side: {selector: {chaos: open}}'
mkfifo "$scratch/keys"
on_terminal 'Ctrl-Z' <"$scratch/keys" &
terminal=$!
exec 9>"$scratch/keys"
pod_waits() { [ -n "$(k get pods -n stopped --field-selector=status.phase=Pending -o name 2>/dev/null)" ]; }
await 60 'a pod that waits' pod_waits
printf 'type ctrl-z\nawait %s stopped\n' "$scratch/notes" >&9
await 20 'all processes of the run stop' all_stopped
printf '  stopped: %s\n' "$(for pid in $(ours); do tr '\0' ' ' <"/proc/$pid/cmdline" | awk '{print $1, $2}' | sed 's,.*/,,'; done | sort | uniq -c | tr '\n' ';')"
k label node --all chaos=open >/dev/null
printf 'foreground\nend\n' >&9
exec 9>&-
wait "$terminal" || fail 'after Ctrl-Z the run did not go on'
grep -q '^continued' "$scratch/notes" || fail "notes: $(cat "$scratch/notes")"
grep -q '^exit 0' "$scratch/notes" || fail "notes: $(cat "$scratch/notes"); $(tail -n 20 "$scratch/screen")"
again stopped side

# Readers that go away. The run itself matters more than its words.
place piped
set +o pipefail
"$DATAMILL" install "${target[@]}" 2>&1 </dev/null | head -n 1 >/dev/null
code=${PIPESTATUS[0]}
set -o pipefail
printf '  reader gone: ended with %d\n' "$code"
[ "$code" -eq 0 ] || fail "when its reader went away install ended with $code"
again piped base side

# flood STREAM LINES BYTES: the stream is flooded, by lines or as one line.
flood() {
  local start=$SECONDS
  place "flood-$1-$2" side
  # Where the result of a step should be nothing is kept of so much: helm's revision is not found in it.
  if [ "$1" = out ]; then
    CHAOS_FLOOD=$3 CHAOS_HELM_DO="flood $1 $2" expect_code 1 install "${target[@]}"
    err_has 'holds no revision of the release'
  else
    CHAOS_FLOOD=$3 CHAOS_HELM_DO="flood $1 $2" dm install "${target[@]}" || fail "a helm that prints $3 bytes ended the run with $?"
  fi
  python3 - "$CHAOS_HELM_LOG" <<'PY' || fail "flood to $1 (lines: $2) after $((SECONDS - start)) s: $(grep flooded "$CHAOS_HELM_LOG")"
import json, sys
flood = [json.loads(line) for line in open(sys.argv[1]) if "flooded" in line][0]
print("  flood:", flood)
assert flood["memory"]["VmHWM"] < 40 * 1024, "more memory than 40 MiB"
PY
  local logs
  logs=$(du -sk "$XDG_STATE_HOME/datamill/runs" | cut -f1)
  printf '  logs of all runs: %s KiB, %d s\n' "$logs" $((SECONDS - start))
  [ "$logs" -lt $((256 << 10)) ] || fail 'a flood fills the disk with its log'
  again "flood-$1-$2" side
}
flood out lines $((1 << 30))
flood out no $((256 << 20))
flood err lines $((1 << 30))
flood err no $((64 << 20))
no_secrets "$XDG_STATE_HOME" "$scratch/said" "$scratch/out" "$scratch/err" "$CHAOS_HELM_LOG"
printf 'all as it should be\n'
