#!/usr/bin/env bash
# Jobs on one real node: files and images, logs, exit codes, signals; nothing of them stays where nothing should.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need_real_node
begin jobs "${node_tools[@]}"
target=(-t embedded)
image=datamill.local/busybox:1

dm start "${target[@]}"
# The pod of a deleted job goes a moment after it.
no_jobs() {
  local left
  for _ in $(seq 50); do
    left=$(k get jobs,configmaps,pods -A -l "datamill.io/job$1" -o name)
    [ -n "$left" ] || return 0
    sleep 0.2
  done
  fail "left: $left"
}

# A file: arguments, environment, its log from the start; after success nothing of it stays.
# shellcheck disable=SC2016 # the job's own variables
printf 'echo "first line"; echo "$1 $WORD"; sleep 1; echo "last line"\n' >"$scratch/My job.sh"
dm job submit "$scratch/My job.sh" --image "$image" -e WORD=b=c "${target[@]}" -- 'a b'
[ "$(cat "$scratch/out")" = $'first line\na b b=c\nlast line' ] || fail "log: $(cat "$scratch/out")"
no_jobs ''

# The container's exit code; a failed job stays with its log.
expect_code 9 job submit "$image" --name nine "${target[@]}" -- sh -c 'echo to be seen; exit 9'
err_has 'job logs nine'
dm job logs nine "${target[@]}"
out_has 'to be seen'
for _ in $(seq 50); do
  dm job list "${target[@]}"
  ! grep -q 'nine *failed' "$scratch/out" || break
  sleep 0.2
done
grep -q 'nine *failed' "$scratch/out" || fail "list: $(cat "$scratch/out")"

# Ctrl-C deletes the job and its pod; the second one does not wait for one that ignores SIGTERM.
interrupt() { # NAME SIGNALS COMMAND...
  local name=$1 signals=$2 submitter code=0
  shift 2
  "$DATAMILL" job submit "$image" --name "$name" "${target[@]}" -- "$@" >"$scratch/out" 2>"$scratch/err" </dev/null &
  submitter=$!
  for _ in $(seq 150); do [ ! -s "$scratch/out" ] || break; sleep 0.2; done
  [ -s "$scratch/out" ] || fail "$name does not start"
  kill -INT "$submitter"
  if [ "$signals" -gt 1 ]; then
    for _ in $(seq 50); do ! grep -q 'once more' "$scratch/err" || break; sleep 0.1; done
    sleep 1
    kill -INT "$submitter"
  fi
  wait "$submitter" || code=$?
  [ "$code" -eq 130 ] || fail "$name ended with $code"
  no_jobs "=$name"
}
interrupt gentle 1 sh -c 'trap "exit 0" TERM; echo up; while :; do sleep 1; done'
interrupt stubborn 2 sh -c 'trap "" TERM; echo up; while :; do sleep 1; done'

# An image that is not there is said, and nothing stays.
expect_code 1 job submit datamill.local/none:1 --name none "${target[@]}"
err_has 'cannot be pulled'
no_jobs '=none'

# Detached: it goes on alone; logs -F follows it to its end.
dm job submit "$image" --detach --name alone "${target[@]}" -- sh -c 'echo one; sleep 2; echo two'
out_has alone
dm job logs alone -F "${target[@]}"
[ "$(cat "$scratch/out")" = $'one\ntwo' ] || fail "followed: $(cat "$scratch/out")"

dm destroy --yes "${target[@]}"
printf 'all as it should be\n'
