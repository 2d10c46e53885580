#!/usr/bin/env bash
# Own images: built with buildah in a copy of the data root, pushed to a registry with a login, released. Needs no cluster.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

if [ "$(id -u)" -ne 0 ] || ! command -v buildah >/dev/null || ! command -v docker-registry >/dev/null; then
  echo 'skipped: building and pushing needs root, buildah and docker-registry'
  exit 77
fi

begin images helm
password=p4ss-of-the-registry
copy="$scratch/data root" # with a blank
store=(buildah --root "$XDG_CACHE_HOME/datamill/images/store" --runroot "$XDG_CACHE_HOME/datamill/images/run")
registry_pid=
made=()

end() {
  local code=$?
  [ -z "$registry_pid" ] || kill "$registry_pid" 2>/dev/null || true
  # The cache is the user's: what the test put there goes.
  for reference in "${made[@]}"; do "${store[@]}" rmi "$reference" >/dev/null 2>&1 || true; done
  clean_up "$code"
}
trap end EXIT

export DATAMILL_IMAGE_BUILDER=buildah DATAMILL_ROOT=$copy
mkdir -p "$copy"
for part in charts components data flavours images k8s-targets tools.yaml; do cp -R "$root/$part" "$copy/"; done
printf 'RUN true # of test %s\n' "$$" >>"$copy/images/debug-net/Dockerfile"

tag_of() {
  "$DATAMILL" images list -o json |
    python3 -c 'import json,sys; print([i["tag"] for i in json.load(sys.stdin)["images"] if i["name"] == sys.argv[1]][0])' "$1"
}

registry_with_login() {
  local port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  # shellcheck disable=SC2016 # a salt of bcrypt, the only kind that docker-registry takes
  printf 'joe:%s\n' "$(perl -e 'print crypt($ARGV[0], q($2y$05$abcdefghijklmnopqrstuu))' "$password")" >"$scratch/htpasswd"
  cat >"$scratch/registry.yml" <<END
version: 0.1
storage: {filesystem: {rootdirectory: $scratch/registry}}
http: {addr: "127.0.0.1:$port"}
auth: {htpasswd: {realm: test, path: $scratch/htpasswd}}
END
  docker-registry serve "$scratch/registry.yml" >"$scratch/registry.log" 2>&1 &
  registry_pid=$!
  place=127.0.0.1:$port/acme
  for _ in $(seq 100); do
    curl -s -o /dev/null "http://127.0.0.1:$port/v2/" && return
    sleep 0.1
  done
  fail 'the registry does not start'
}

# login USER:PASSWORD: written down as docker does
login() {
  mkdir -p "$scratch/docker"
  printf '{"auths":{"%s":{"auth":"%s"}}}' "${place%%/*}" "$(printf %s "$1" | base64)" >"$scratch/docker/config.json"
}

echo '--- build, and again'
expect_code 0 images build base debug-net
tag=$(tag_of debug-net)
made+=("datamill.local/debug-net:$tag")
err_has "built datamill.local/debug-net:$tag"
expect_code 0 images build base debug-net
err_has 'Nothing to do: all images are unchanged'

echo '--- a build that is killed leaves nothing that the next one does not clear'
cp "$copy/images/debug-net/Dockerfile" "$scratch/Dockerfile"
printf 'RUN (sleep 13.7; true) && true\n' >>"$copy/images/debug-net/Dockerfile"
"$DATAMILL" images build debug-net >"$scratch/out" 2>"$scratch/err" &
killed=$!
for _ in $(seq 200); do
  pgrep -x sleep -a | grep -q 'sleep 13.7' && break
  sleep 0.1
done
kill -9 "$killed"
wait "$killed" 2>/dev/null || true
for _ in $(seq 50); do
  pgrep -x sleep -a | grep -q 'sleep 13.7' || break
  sleep 0.1
done
if pgrep -x sleep -a | grep 'sleep 13.7'; then fail 'the RUN step goes on without a build'; fi
cp "$scratch/Dockerfile" "$copy/images/debug-net/Dockerfile"
printf 'RUN true # again, of test %s\n' "$$" >>"$copy/images/debug-net/Dockerfile"
expect_code 0 images build debug-net
tag=$(tag_of debug-net)
made+=("datamill.local/debug-net:$tag")
[ -z "$("${store[@]}" containers -q)" ] || fail 'working containers are left'
[ -z "$(ls -A "$XDG_CACHE_HOME/datamill/images/contexts")" ] || fail 'build contexts are left'

echo '--- what nothing refers to any more is listed; the store is the user'\''s, so that it stays'
expect_code 0 images prune --dry-run
out_has "${made[0]}"
if grep -qF "datamill.local/debug-net:$tag" "$scratch/out"; then fail 'the present tag would go'; fi
expect_code 2 images prune --no-input
err_has 'DM009'

echo '--- a registry with a login'
registry_with_login
expect_code 4 images push debug-net --registry "$place"
err_has 'DM722'
export DOCKER_CONFIG=$scratch/docker
login joe:wrong
expect_code 4 images push debug-net --registry "$place"
err_has 'does not take the login'
login "joe:$password"
"$DATAMILL" images push base debug-net --registry "$place" -vv >"$scratch/out" 2>"$scratch/err" &
pushing=$!
while kill -0 "$pushing" 2>/dev/null; do
  for line in /proc/[0-9]*/cmdline; do
    if { tr '\0' ' ' <"$line" | grep -qF -- "$password"; } 2>/dev/null; then fail "the password is in $line"; fi
  done
done
wait "$pushing" || fail 'the push failed'
curl -sf -u "joe:$password" "http://${place%%/*}/v2/acme/debug-net/tags/list" | grep -qF "$tag" || fail 'nothing was pushed'
expect_code 0 images push base debug-net --registry "$place"
err_has 'Nothing to do: the registry has them'
hidden=$(printf %s "joe:$password" | base64)
if grep -rqF -e "$password" -e "$hidden" "$XDG_STATE_HOME" "$scratch/out" "$scratch/err"; then fail 'the password is in a log'; fi
expect_code 4 images push base --registry 127.0.0.1:1/acme
err_has 'DM723'

echo '--- a release is a change that can be committed'
printf '# %s/debug-net:1.0.0-old\nx: 1\n' "$place" >"$copy/charts/notes.yaml"
git=(git -C "$copy" -c user.name=x -c user.email=x@example.org)
"${git[@]}" init -q
"${git[@]}" add -A
"${git[@]}" commit -q -m 'Begin'
expect_code 0 images release debug-net --registry "$place"
grep -qF "$place/debug-net:$tag" "$copy/charts/notes.yaml" || fail 'the reference is as before'
[ "$("${git[@]}" status --porcelain | awk '{print $2}' | sort | tr '\n' ' ')" = 'charts/notes.yaml images/ ' ] ||
  [ "$("${git[@]}" status --porcelain -uall | awk '{print $2}' | sort | tr '\n' ' ')" = 'charts/notes.yaml images/released.yaml ' ] ||
  fail "changed: $("${git[@]}" status --porcelain)"
commit=$(sed -n 's/^Commit it: //p' "$scratch/out")
(cd "$copy" && GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x bash -c "$commit" >/dev/null)
[ -z "$("${git[@]}" status --porcelain)" ] || fail 'the printed command does not commit all of it'
expect_code 0 images release debug-net --registry "$place"

echo '--- what cannot be is refused before anything starts'
printf 'FROM bsae\n' >"$copy/images/debug-net/Dockerfile"
expect_code 2 images build debug-net
err_has 'DM705'
printf 'FROM debug-app\n' >"$copy/images/debug-net/Dockerfile"
printf 'FROM debug-net\n' >"$copy/images/debug-app/Dockerfile"
expect_code 2 images build debug-net
err_has 'DM707'
echo 'all well'
