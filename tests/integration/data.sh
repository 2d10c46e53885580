#!/usr/bin/env bash
# Objects in the S3 service that quickstart installs on one real node: seeded, sent, listed, read, removed.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need_real_node
begin data "${node_tools[@]}"
target=(-t embedded)
what=(-f quickstart "${target[@]}")

code=0
dm install "${what[@]}" || code=$?
if [ "$code" -ne 0 ] && grep -qE 'ErrImagePull|ImagePullBackOff|dial tcp|no such host' "$scratch/out" "$scratch/err"; then
  echo 'skipped: the images of quickstart cannot be pulled here'
  clean_up 77
  trap - EXIT
  exit 77
fi
[ "$code" -eq 0 ] || fail "install ended with $code"

# The bucket has its seed; a second installation starts nothing.
dm data ls datalake/examples/ "${what[@]}"
out_has examples/measurements.csv
dm data cat datalake/examples/measurements.csv "${what[@]}"
cmp "$scratch/out" "$root/data/examples/measurements.csv" || fail 'cat gives something else'
dm plan "${what[@]}" --detailed-exitcode

# Without the flavour: by what is installed.
dm data ls "${target[@]}"
out_has datalake/

# A folder with names that have to be encoded, empty and large files; the second time nothing is sent.
mkdir -p "$scratch/in/ü ß"
printf 'x\n' >"$scratch/in/ü ß/a+b c&d=e%25.txt"
: >"$scratch/in/empty"
head -c 100000000 /dev/urandom >"$scratch/in/large.bin"
dm data push "$scratch/in" datalake/in "${what[@]}"
out_has '3 sent'
dm data push "$scratch/in" datalake/in "${what[@]}"
out_has '0 sent (0 B), 3 unchanged'
dm data cat datalake/in/large.bin "${what[@]}"
cmp "$scratch/out" "$scratch/in/large.bin" || fail 'the large file came back otherwise'
dm data cat 'datalake/in/ü ß/a+b c&d=e%25.txt' "${what[@]}"
cmp "$scratch/out" "$scratch/in/ü ß/a+b c&d=e%25.txt" || fail 'the encoded name leads elsewhere'
expect_code 2 data rm datalake/in -r "${what[@]}"
dm data rm datalake/in -r --yes "${what[@]}"
expect_code 1 data ls datalake/in/ "${what[@]}"
expect_code 1 data ls nowhere "${what[@]}"
err_has 'there are: datalake'
! pgrep -f "kubectl.* port-forward .*$scratch/state" >/dev/null || fail 'a tunnel is left'

dm destroy --yes "${target[@]}"
printf 'all as it should be\n'
