# shellcheck shell=sh
# Sourced by `run` and `tests/run`: builds with CMake and Ninja. Output goes to a log; progress, and on a failure the
# log's end, to stderr.

say() {
  printf 'datamill: %s\n' "$*" >&2
}

# is_stale STAMP PATH...: a path is newer than the stamp, or the stamp is missing.
is_stale() {
  older=$1
  shift
  [ -e "$older" ] || return 0
  [ -n "$(find "$@" -newer "$older" -print -quit 2>/dev/null)" ]
}

# show_progress PID LOG LABEL: the log's last line, in place on a terminal, every 20 s elsewhere.
show_progress() {
  ticks=0
  while kill -0 "$1" 2>/dev/null; do
    sleep 0.2
    ticks=$((ticks + 1))
    if [ -t 2 ]; then
      printf '\r\033[K%s %.80s' "$3" "$(tail -n 1 "$2")" >&2
    elif [ $((ticks % 100)) -eq 0 ]; then
      printf '%s %.120s\n' "$3" "$(tail -n 1 "$2")" >&2
    fi
  done
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
}

# logged LABEL LOG COMMAND...: runs a command with its output in a log; the log's end is shown if it fails.
logged() {
  label=$1
  log=$2
  shift 2
  "$@" >>"$log" 2>&1 </dev/null &
  child=$!
  trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit 130' INT
  trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit 143' TERM HUP
  show_progress "$child" "$log" "$label"
  code=0
  wait "$child" || code=$?
  trap - INT TERM HUP
  [ "$code" -eq 0 ] && return 0
  tail -n 40 "$log" >&2
  say "$label failed (exit code $code); all of it: $log"
  return 1
}

# configure PRESET ROOT: makes build/PRESET where there is none, or where it belongs to another folder.
configure() {
  folder=$2/build/$1
  if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$2" "$folder/CMakeCache.txt"; then
    say "build/$1 was made for another folder: it is made anew"
    rm -rf "$folder"
  fi
  mkdir -p "$folder"
  # Ninja runs CMake again when a CMakeLists.txt changes; of the presets it knows nothing.
  if [ -f "$folder/build.ninja" ] && ! is_stale "$folder/build.ninja" "$2/CMakePresets.json"; then
    return 0
  fi
  logged "configuring $1:" "$folder/build.log" cmake -S "$2" --preset "$1"
}

# build PRESET ROOT TARGET...
build() {
  preset=$1
  root_folder=$2
  shift 2
  mkdir -p "$root_folder/build/$preset"
  : >"$root_folder/build/$preset/build.log"
  configure "$preset" "$root_folder" || return 1
  NINJA_STATUS='[%f/%t] ' logged "building $preset:" "$root_folder/build/$preset/build.log" \
    ninja -C "$root_folder/build/$preset" "$@"
}
