#!/usr/bin/env bash
# The README's first command on a machine without Docker, as root: own images, a real node, data in S3, a notebook that a
# browser opens and runs; then nothing of it is left.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need_real_node
begin notebook "${node_tools[@]}" versitygw
if [ -S /var/run/docker.sock ] || [ -n "${DOCKER_HOST-}" ]; then
  echo 'skipped: a docker daemon runs here, so that provider auto may choose another cluster'
  exit 77
fi
target=()
flavour=(-f "$root/flavours/quickstart.yaml")
pictures=${DATAMILL_TEST_PICTURES:-$root/build/tests/pictures}
mkdir -p "$pictures"

before=$(traces)
dm run -l -i "${flavour[@]}"
err_has 'embedded'
out_has 'Secret data-mill/notebook-token (token)'
expect_releases notebook object-store
dm run -l -i "${flavour[@]}"
out_has 'Nothing to do'

# Images are ours, and none is built or loaded twice.
images=$(k get pods -n data-mill -o jsonpath='{.items[*].spec.containers[*].image}')
for name in notebook object-store debug-net; do
  grep -qF "datamill.local/$name:" <<<"$images" || fail "pods run $images"
done
dm images load notebook object-store
err_has 'unchanged'

# The bucket has the examples.
dm data ls datalake/examples/ "${flavour[@]}"
out_has measurements.csv
out_has first-steps.ipynb
dm data cat datalake/examples/measurements.csv "${flavour[@]}"
cmp -s "$scratch/out" "$root/data/examples/measurements.csv" || fail 'an object has other content than its file'

# A person with a browser. The token goes from the cluster into a file that only we can read.
(umask 077 && k get secret -n data-mill notebook-token -o 'jsonpath={.data.token}' | base64 -d >"$scratch/token")
"$DATAMILL" open notebook "${flavour[@]}" --no-browser >"$scratch/open" 2>&1 </dev/null &
opener=$!
for _ in $(seq 100); do
  ! grep -q 'http://127.0.0.1' "$scratch/open" || break
  sleep 0.1
done
url=$(grep -o 'http://127.0.0.1:[0-9]*' "$scratch/open" | head -n 1)
[ -n "$url" ] || fail "open printed: $(cat "$scratch/open")"
grep -q 'notebook-token' "$scratch/open" || fail 'open does not say where the token is'
! grep -qF "$(cat "$scratch/token")" "$scratch/open" || fail 'open printed the token'
code=0
/usr/bin/python3 "$root/tests/browser/notebook.py" "$url" "$scratch/token" "$pictures" || code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 77 ] || fail 'the browser could not run the notebook'
kill -INT "$opener"
wait "$opener" || true
# What the notebook wrote is in the bucket.
if [ "$code" -eq 0 ]; then
  dm data cat datalake/examples/summary.csv "${flavour[@]}"
  out_has station
fi

# Data survives the end of the cluster's processes.
dm stop "${flavour[@]}"
dm install "${flavour[@]}"
k rollout status -n data-mill deployment/object-store --timeout 120s >/dev/null
dm data cat datalake/examples/measurements.csv "${flavour[@]}"
cmp -s "$scratch/out" "$root/data/examples/measurements.csv" || fail 'data did not survive a stop'

dm run -l -x --yes "${flavour[@]}"
after=$(traces)
[ "$after" = "$before" ] || fail "left behind: $(diff <(echo "$before") <(echo "$after"))"
printf 'all as it should be\n'
