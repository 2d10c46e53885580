#!/usr/bin/env bash
# Killed at any step of an install or an upgrade, alone or with all children, on a cluster of ours or an existing one, with or without
# its state folder: the next run says what it found, repairs it and converges.
# shellcheck source=tests/integration/chaos.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/chaos.sh"
begin chaos_kill
begin_chaos
mkdir "$scratch/said"
rounds=${CHAOS_ROUNDS:-11}
delays=(0 0.3 0.05 0.6 0.15)
crashes=0
local_state=$XDG_STATE_HOME
note=first

# install_flags ROUND: even rounds are on our own cluster, odd ones go through its kubeconfig, with a state folder of their own.
place() {
  note=$2
  flavour "round$1" "round$1" "base: {note: $note}
job: {note: $note}
front: {note: $note}
side: {note: $note}"
  if [ $(($1 % 2)) -eq 0 ]; then
    export XDG_STATE_HOME=$local_state
    target=(-f "round$1" -t kwok)
  else
    export XDG_STATE_HOME=$scratch/elsewhere
    target=(-f "round$1" -t "$scratch/existing.yaml" --location hybrid)
  fi
}

# crash LINES DELAY WHO: of an install; true where a run was cut off.
crash() {
  said=$(python3 "$here/chaos_crash.py" "$XDG_STATE_HOME/datamill" "$1" "$2" "$3" "$DATAMILL" install "${target[@]}" \
    2>"$scratch/said/$crashes.err")
  printf '  %s, %s after line %s and %s s: %s\n' "$3" "${target[1]} $note" "$1" "$2" "$said"
  case $said in
    *killed*)
      crashes=$((crashes + 1))
      [[ $said == *middle* ]]
      ;;
    *'ended 0'*) return 1 ;;
    *) fail "install ended by itself: $(tail -n 20 "$scratch/said/$crashes.err")" ;;
  esac
}

# again NAMESPACE: the next run converges, at once.
again() {
  dm install "${target[@]}" || fail "the run after the crash ended with $?"
  cat "$scratch/out" "$scratch/err" >>"$scratch/said/again"
  [ -z "${told-}" ] || err_has 'was cut off'
  converged "$1" base front side
  nothing_to_do
  whole_files "$XDG_STATE_HOME/datamill"
}

# How many lines a run writes; the crashes are spread over them.
for location in 100 101; do
  place "$location" first
  rm -rf "$XDG_STATE_HOME/datamill/runs"
  dm install "${target[@]}"
  lines[location % 2]=$(cat "$XDG_STATE_HOME"/datamill/runs/*/events.jsonl | wc -l)
done
printf 'a run writes %d lines, %d on an existing cluster\n' "${lines[@]}"

for ((round = 0; round < rounds; round++)); do
  # Some lines are about what is seen by chance, and an upgrade has a step or two less.
  most=$((lines[round % 2] - 8))
  for note in first second; do
    place "$round" "$note"
    who=alone
    # Each place is hit by both in the end: one on the way up, the other on the way down.
    [ $(((round / 2 + (${#note} & 1)) % 2)) -eq 0 ] || who=all
    at=$((1 + round * (most - 1) / (rounds > 1 ? rounds - 1 : 1)))
    [ "$note" = first ] || at=$((most + 1 - at))
    told=yes
    crash "$at" "${delays[round % 5]}" "$who" || told=
    case $((round % 6))$note in
      2first | 3second) told= && rm -rf "$XDG_STATE_HOME/datamill/runs" ;;
      1first | 5second) told= && rm -rf "$XDG_STATE_HOME/datamill" ;; # of an existing cluster
    esac
    again "round$round"
  done
done
nobody_left
[ "$crashes" -ge $((rounds * 3 / 2)) ] || fail "only $crashes crashes"
k get lease datamill -n default >/dev/null 2>&1 && fail 'the lock in the cluster is still there'
no_secrets "$local_state" "$scratch/elsewhere" "$scratch/said" "$scratch/out" "$scratch/err"
grep -hE 'cut off|Remove the unfinished|Roll back' "$scratch/said/again" | sort | uniq -c | sort -rn | head -n 12
printf 'all as it should be: %d crashes\n' "$crashes"
