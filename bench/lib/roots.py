"""Writes what the tools are given: a data root for datamill, a helmfile.yaml, a script with one helm call after the other."""
import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[2]
READY_AFTER = "bench.datamill.io/ready-after"

BIG_COMPONENT = """summary: Generated component {i}
category: processing
tier: 2
settings:
  release: {{type: name, default: c{i}, doc: Helm release name}}
  size: {{type: quantity, default: 1Gi, doc: Size of the volume}}
{needs}secrets:
  - name: c{i}-keys
    keys: {{user: admin, password: {{random: {{bytes: 24, as: alnum}}}}}}
releases:
  - name: ${{settings.release}}
    chart: {{repo: https://charts.example.org, name: generated, version: 1.0.{i}}}
    set:
      size: ${{settings.size}}
      existingSecret: c{i}-keys
    timeout: 5m
placement: stable
estimate: 30s
"""

COMPONENT = """summary: Generated component
category: processing
tier: 2
settings:
  release: {{type: name, default: {name}, doc: Helm release name}}
{needs}releases:
  - name: ${{settings.release}}
    chart: {{path: charts/{name}}}
    timeout: 15m
placement: stable
{estimate}"""

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {app.kubernetes.io/instance: {{ .Release.Name }}}
spec:
  replicas: 1
  selector:
    matchLabels: {app.kubernetes.io/instance: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app.kubernetes.io/instance: {{ .Release.Name }}}
      annotations: {%s: {{ .Values.readyAfter | quote }}}
    spec:
      containers:
        - name: main
          image: registry.example.org/bench/main:1.0.0
          resources: {requests: {cpu: 10m, memory: 16Mi}}
"""

KUBECONFIG = """apiVersion: v1
kind: Config
current-context: bench
clusters: [{name: bench, cluster: {server: "http://127.0.0.1:1"}}]
contexts: [{name: bench, context: {cluster: bench, user: bench}}]
users: [{name: bench, user: {}}]
"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def skeleton(folder, target):
    """A data root without components; its simulated pods are ready after the time that an annotation of theirs says."""
    for name in ("flavours", "components", "data"):
        (folder / name).mkdir(parents=True)
    shutil.copytree(ROOT / "data" / "kwok", folder / "data" / "kwok")
    for file in (ROOT / "data").glob("*.yaml"):
        shutil.copy(file, folder / "data")
    shutil.copy(ROOT / "tools.yaml", folder)
    write(folder / "k8s-targets" / "default.yaml", target)
    nodes = folder / "data" / "kwok" / "nodes.yaml"
    head = "  name: pod-ready\nspec:\n"
    text = nodes.read_text()
    assert text.count(head) == 1
    delay = ("  delay:\n    durationMilliseconds: 0\n    durationFrom:\n"
             f"      expressionFrom: '.metadata.annotations[\"{READY_AFTER}\"]'\n")
    nodes.write_text(text.replace(head, head + delay))


def write_flavour(folder, names, name="big"):
    write(folder / "flavours" / f"{name}.yaml", f"project: {{flavour: [{', '.join(names)}]}}\n")


def write_big_root(folder, count):
    """`count` components for plans; each needs up to two earlier ones."""
    skeleton(folder, (ROOT / "k8s-targets" / "kwok.yaml").read_text())
    for i in range(count):
        needs = big_needs(i)
        line = f"needs: [{', '.join(f'c{n}' for n in needs)}]\n" if needs else ""
        write(folder / "components" / f"c{i}" / "component.yaml", BIG_COMPONENT.format(i=i, needs=line))
    write_flavour(folder, [f"c{i}" for i in range(count)])


def big_needs(i):
    return sorted({i // 2, i // 3} - {i}) if i > 1 else []


def write_big_helmfile(path, count):
    """The same as write_big_root, for `helmfile list`."""
    lines = ["releases:"]
    for i in range(count):
        lines += [f"  - name: c{i}", "    namespace: data-mill", "    chart: generated/generated", f"    version: 1.0.{i}"]
        if needs := big_needs(i):
            lines.append("    needs: [" + ", ".join(f"data-mill/c{n}" for n in needs) + "]")
    write(path, "\n".join(lines) + "\n")


def write_charts(folder, graph):
    """A chart for each component: a Deployment whose pod is ready after the component's time."""
    for c in graph:
        chart = folder / "charts" / c.name
        write(chart / "Chart.yaml", f"apiVersion: v2\nname: {c.name}\nversion: 1.0.0\n")
        write(chart / "values.yaml", f"readyAfter: {c.ms}ms\n")
        write(chart / "templates" / "deployment.yaml", DEPLOYMENT % READY_AFTER)


def write_root(folder, graph, target, estimates=True):
    """A data root for `graph`. Estimates are whole seconds: the time fifty times, for only their relation counts."""
    skeleton(folder, target)
    write_charts(folder, graph)
    for c in graph:
        needs = f"needs: [{', '.join(c.needs)}]\n" if c.needs else ""
        estimate = f"estimate: {max(1, c.ms // 20)}s\n" if estimates else ""
        write(folder / "components" / c.name / "component.yaml",
              COMPONENT.format(name=c.name, needs=needs, estimate=estimate))
    write_flavour(folder, [c.name for c in graph])


def write_helmfile(path, graph, helm, charts, namespace):
    """The same releases for helmfile, which waits for each as datamill does."""
    lines = [f"helmBinary: {helm}", "helmDefaults: {wait: true, timeout: 900, skipDeps: true, createNamespace: true}",
             "releases:"]
    for c in graph:
        lines += [f"  - name: {c.name}", f"    namespace: {namespace}", f"    chart: {charts}/{c.name}"]
        if c.needs:
            lines.append("    needs: [" + ", ".join(f"{namespace}/{need}" for need in c.needs) + "]")
    write(path, "\n".join(lines) + "\n")


def write_loop(path, graph, helm, charts, namespace):
    """What data-mill did: one release after the other, in an order that fits their needs."""
    lines = ["set -e"]
    lines += [f"'{helm}' upgrade {c.name} '{charts}/{c.name}' --install --wait --timeout 900s --namespace {namespace} "
              "--create-namespace" for c in graph]
    write(path, "\n".join(lines) + "\n")
