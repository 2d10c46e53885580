# shellcheck shell=sh
# Sourced by `run` and `tests/run`: finds out which packages are missing and installs them, with the user's consent.
# Everything is printed on stderr. Needs build.sh, and $root.

# The package names in the lists; of alternatives the first that is installed or can be had.
wanted_packages() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]//g' "$@" | sort -u | while IFS= read -r line; do
    case $line in
    *'|'*) first_available "$line" ;;
    *) printf '%s\n' "$line" ;;
    esac
  done
}

first_available() {
  alternatives=$(printf '%s' "$1" | tr '|' ' ')
  for package in $alternatives; do
    if is_installed "$package" || apt-cache show "$package" >/dev/null 2>&1; then
      printf '%s\n' "$package"
      return
    fi
  done
  printf '%s\n' "${alternatives%% *}"
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_packages() {
  for package in $(wanted_packages "$@"); do
    is_installed "$package" || printf '%s ' "$package"
  done
}

# A Go that is new enough to build the cluster's tools.
has_go() {
  command -v go >/dev/null 2>&1 || return 1
  GOTOOLCHAIN=local go version 2>/dev/null | grep -Eq ' go(1\.(2[6-9]|[3-9][0-9])|[2-9])'
}

apt_get() {
  logged 'installing packages:' "$package_log" "$@"
}

# apt_install PREFIX...: the lists of packages of a fresh system may be empty or old.
apt_install() {
  # shellcheck disable=SC2154 # the script that sources this sets it
  package_log=$root/build/packages.log
  mkdir -p "$root/build"
  : >"$package_log"
  set -- "$@" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0
  if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then
    apt_get "$@" update || return 1
  fi
  # shellcheck disable=SC2086 # one word per package
  apt_get "$@" install -y --no-install-recommends $missing && return
  say 'trying again with fresh package lists'
  # shellcheck disable=SC2086
  apt_get "$@" update && apt_get "$@" install -y --no-install-recommends $missing
}

refuse() {
  say "$1"
  if [ "$(id -u)" -ne 0 ] && command -v sudo >/dev/null 2>&1; then
    say "type: sudo apt-get update && sudo apt-get install --no-install-recommends $missing"
  else
    say "type, as root: apt-get update && apt-get install --no-install-recommends $missing"
  fi
  exit 3
}

# ensure_packages CONSENT LIST...: CONSENT is "yes" where the user said --yes, "ask" otherwise. Ends the script with exit
# code 3 where something is missing and may not be installed.
ensure_packages() {
  consent=$1
  shift
  if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
    for program in cmake ninja c++; do
      command -v "$program" >/dev/null 2>&1 && continue
      say "this is not Debian or Ubuntu, and $program is missing; install what these packages hold: $(wanted_names "$@")"
      exit 3
    done
    return 0
  fi
  missing=$(missing_packages "$@")
  missing=${missing% }
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -eq 0 ]; then
    say "installing the packages that are missing: apt-get install --no-install-recommends $missing"
    apt_install || refuse "apt-get did not install them"
    return 0
  fi
  command -v sudo >/dev/null 2>&1 || refuse "these packages are missing, and there is no sudo: $missing"
  if [ "$consent" != yes ]; then
    { [ -t 0 ] && [ -t 2 ]; } || refuse "these packages are missing: $missing"
    say "these packages are missing: $missing"
    printf 'datamill: install them with "sudo apt-get install"? [y/N] ' >&2
    IFS= read -r answer || answer=
    case $answer in
    y | Y | yes | Yes) ;;
    *) refuse "nothing was installed" ;;
    esac
  fi
  say "sudo apt-get install --no-install-recommends $missing"
  # The password is asked for here: later the progress line would hide the question.
  if [ -t 0 ] && [ -t 2 ]; then sudo -v; else sudo -n true; fi || refuse "sudo was refused"
  apt_install sudo -n || refuse "apt-get did not install them"
}

wanted_names() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$@" | tr '\n' ';'
}
