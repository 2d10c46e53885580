#!/usr/bin/env bash
# An existing cluster by its kubeconfig: used, never started, stopped or destroyed; what others made there is not touched.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
begin hybrid
dm start -t kwok
cp "$kubeconfig" "$scratch/existing.config"
printf 'hybrid:\n  config: existing.config\n' >"$scratch/target.yaml"
target=(-f quickstart -t "$scratch/target.yaml")
sum=$(sha256sum "$scratch/existing.config")

# Somebody else's release of a name that we would use.
h install object-store "$root/charts/object-store" --namespace data-mill --create-namespace --set credentials.existingSecret=x >/dev/null
expect_code 7 run -h -i "${target[@]}"
err_has 'was not made by datamill'
[ "$(releases)" = 'object-store deployed 1' ] || fail "a foreign release was touched: $(releases)"
h uninstall object-store --namespace data-mill >/dev/null
k delete pvc -n data-mill --all >/dev/null

dm run -h -i "${target[@]}"
expect_releases notebook object-store

# With a node that is not simulated debugging pods are made. kwok still stands in for its kubelet, so no command runs in them; but what
# was made goes again.
k create -f - <<<'{"apiVersion":"v1","kind":"Node","metadata":{"name":"real"}}' >/dev/null
expect_code 1 debug net --location hybrid "${target[@]}" -- ls
err_has 'removed at the end'
for _ in 1 2 3 4 5 6 7 8 9 10; do
  left=$(k get pods --all-namespaces -l datamill.io/debug -o name)
  [ -n "$left" ] || break
  sleep 0.5
done
[ -z "$left" ] || fail "debugging pods are left: $left"
k delete node real >/dev/null

expect_code 2 run -h -a "${target[@]}"
expect_code 2 stop --location hybrid -t "$scratch/target.yaml"
expect_code 2 destroy --location hybrid -t "$scratch/target.yaml" --yes
err_has 'did not make this cluster'
dm run -h -x --yes --purge-data --purge-crds "${target[@]}"
[ -z "$(releases)" ] || fail "left: $(releases)"
# The namespace was there before us: it stays.
k get namespace data-mill >/dev/null
[ "$(sha256sum "$scratch/existing.config")" = "$sum" ] || fail "the user's kubeconfig changed"

# Another cluster under the same name is refused; an unreachable one is said to be.
dm destroy -t kwok --yes-all
expect_code 4 run -h -i "${target[@]}"
dm start -t kwok
cp "$kubeconfig" "$scratch/existing.config"
expect_code 7 run -h -i "${target[@]}"
err_has 'another cluster'
printf 'all as it should be\n'
