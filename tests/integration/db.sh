#!/usr/bin/env bash
# Files into a real PostgreSQL in a pod of one real node: types, append, replace, rollback, and the line of an error.
# shellcheck source=tests/integration/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need_real_node
begin db "${node_tools[@]}"
target=(-t embedded)

# A data root with a server of the distribution's own: that of the catalogue comes from a registry.
data=$scratch/root
mkdir -p "$data"/{components/pg,charts/pg/templates,images/pg,flavours}
ln -s "$root"/{k8s-targets,data,tools.yaml} "$data/"
ln -s "$root/images/base" "$data/images/"
for component in "$root"/components/*; do ln -s "$component" "$data/components/"; done
cat >"$data/images/pg/Dockerfile" <<'DOCKERFILE'
FROM base
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql-15 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
ENV PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin
USER postgres
DOCKERFILE
cat >"$data/components/pg/component.yaml" <<'YAML'
summary: PostgreSQL of the distribution
category: database
provides:
  postgres: {host: "pg.${namespace}.svc", port: 5432}
clients:
  postgres:
    pods: app=pg
    container: pg
    command: [psql, --username=postgres]
    database: app
images: [pg]
releases:
  - name: pg
    chart: {path: charts/pg}
    set: {image: "${image.pg.reference}"}
YAML
printf 'project: {flavour: [pg]}\n' >"$data/flavours/db.yaml"
printf 'apiVersion: v2\nname: pg\nversion: 0.1.0\n' >"$data/charts/pg/Chart.yaml"
cat >"$data/charts/pg/templates/pg.yaml" <<'YAML'
apiVersion: apps/v1
kind: Deployment
metadata: {name: pg}
spec:
  selector: {matchLabels: {app: pg}}
  template:
    metadata: {labels: {app: pg}}
    spec:
      containers:
        - name: pg
          image: "{{ .Values.image }}"
          imagePullPolicy: Never
          command:
            - sh
            - -ec
            - |
              initdb --auth=trust --pgdata=/tmp/pg
              pg_ctl --pgdata=/tmp/pg --wait -o '-c unix_socket_directories=/var/run/postgresql' start
              createdb app
              touch /tmp/ready
              exec sleep 3600
          readinessProbe: {exec: {command: [test, -e, /tmp/ready]}, periodSeconds: 1}
YAML
export DATAMILL_ROOT=$data
dm install -f db "${target[@]}"
pod=$(k get pod -A -l app=pg -o jsonpath='{.items[0].metadata.name}')
ns=$(k get pod -A -l app=pg -o jsonpath='{.items[0].metadata.namespace}')
query() { k exec -n "$ns" "$pod" -- psql -U postgres -d app -Atc "$1"; }

printf 'id,name,when,share\n1,"a, ""b""",2026-04-01,0.5\n2,,2026-04-02,1\n3,ü,2026-04-03,1e3\n' >"$scratch/my data.csv"
dm db load "$scratch/my data.csv" -f db "${target[@]}"
out_has '3 rows'
[ "$(query "select string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position) from information_schema.columns where table_name = 'my data'")" \
  = 'id integer, name text, when date, share double precision' ] || fail 'the columns have other types'
[ "$(query 'select name from "my data" where id = 1')" = 'a, "b"' ] || fail 'a quoted value is another'
expect_code 2 db load "$scratch/my data.csv" -f db "${target[@]}"
dm db load "$scratch/my data.csv" --append -f db "${target[@]}"
[ "$(query 'select count(*) from "my data"')" = 6 ] || fail 'append did not append'
dm db load "$scratch/my data.csv" --replace -f db "${target[@]}"
[ "$(query 'select count(*) from "my data"')" = 3 ] || fail 'replace did not replace'

# All or nothing, and where the mistake is.
printf 'create table one (a int);\n\ninsert into one values (1);\ninsert into nowhere values (1);\n' >"$scratch/bad.sql"
expect_code 1 db load "$scratch/bad.sql" -f db "${target[@]}"
err_has 'bad.sql:4'
[ -z "$(query "select to_regclass('one')")" ] || fail 'half of a file was loaded'
printf 'a,b\n1,2\n3\n' >"$scratch/ragged.csv"
code=0
dm db load "$scratch/ragged.csv" -f db "${target[@]}" || code=$?
[ "$code" -ne 0 ] || fail 'a ragged file was loaded'
err_has 'ragged.csv:3'
[ -z "$(query "select to_regclass('ragged')")" ] || fail 'half of a CSV was loaded'

# More than fits into any buffer on the way.
python3 - >"$scratch/many.csv" <<'PY'
print("n,text")
for i in range(300000):
    print(f"{i},row number {i}")
PY
dm db load "$scratch/many.csv" -f db "${target[@]}"
[ "$(query 'select count(*), max(n) from many')" = '300000|299999' ] || fail 'rows are missing'

dm destroy --yes-all "${target[@]}"
printf 'all as it should be\n'
