#!/usr/bin/env bash
# Too little room for a node: it is refused before anything is changed, and leaves nothing. No node is started.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need_real_node
begin full "${node_tools[@]}"
target=(-t embedded)

end() {
  local code=$?
  umount "$XDG_STATE_HOME" 2>/dev/null || true
  clean_up "$code"
}
trap end EXIT
mkdir -p "$XDG_STATE_HOME"
mount -t tmpfs -o size=300m tmpfs "$XDG_STATE_HOME"

before=$(traces)
expect_code 7 start "${target[@]}"
err_has 'error[DM615]: only 2'
err_has 'MiB are free in'
err_has 'a node needs 3072 MiB'
err_has 'or choose another folder with --state-dir'
[ -z "$(ls -A "$XDG_STATE_HOME/datamill/clusters")" ] || fail 'files of the node are left'
dm status "${target[@]}"
out_has ': absent'
after=$(traces)
[ "$after" = "$before" ] || fail "left behind: $(diff <(printf '%s\n' "$before") <(printf '%s\n' "$after"))"

echo '--- no room at all'
dd if=/dev/zero of="$XDG_STATE_HOME/fill" bs=64k 2>/dev/null || true
expect_code 2 start "${target[@]}"
err_has 'error[DM561]: no space for the state folder'
printf 'all as it should be\n'
