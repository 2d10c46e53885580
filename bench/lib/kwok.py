"""With the real helm on a simulated cluster: real API server, pods that are ready after a given time."""
import json
import os
import re
import signal
import statistics
import sys
import time
import urllib.request

import bench as common
import graph as graphs
import process
import roots

TOOLS = ("helm", "kubectl", "kwokctl", "kwok", "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
TARGET = "local:\n  provider: kwok\n  nodes: 3\n"


class Cluster:
    """A simulated cluster of its own, and a real helm whose calls are noted."""

    def __init__(self, bench):
        self.bench = bench
        self.folder = bench.folder("kwok")
        self.home = self.folder / "home"
        self.home.mkdir()
        self.tap = self.folder / "tap"
        root = self.folder / "first"
        roots.skeleton(root, TARGET)
        roots.write_flavour(root, [])
        env = self.env(root)
        del env["DATAMILL_HELM"]
        bench.datamill(env, "tools", "install", *TOOLS)
        self.helm, self.kubectl, self.kwokctl = (bench.tool(env, name) for name in ("helm", "kubectl", "kwokctl"))
        self.kubeconfig = self.home / "state/datamill/clusters/local-datamill/kubeconfig"
        self.root = root

    def env(self, root):
        """Of every tool on this cluster; helm is the one that notes its calls."""
        helm = self.folder / "bin" / "helm"
        if not helm.exists():
            helm.parent.mkdir()
            os.link(self.bench.native("tap"), helm)
        env = self.bench.env(self.home, root, DATAMILL_HELM=helm, BENCH_TAP=self.tap)
        env["XDG_CACHE_HOME"] = str(common.cache_home())
        if hasattr(self, "helm"):
            env.update(BENCH_REAL=self.helm)
        return env

    def peer_env(self):
        env = self.env(self.root)
        env.update(KUBECONFIG=str(self.kubeconfig), PATH=f"{self.folder / 'bin'}:{os.environ['PATH']}",
                   HELM_CACHE_HOME=str(self.home / "helm"), HELM_CONFIG_HOME=str(self.home / "helm"),
                   HELM_DATA_HOME=str(self.home / "helm"))
        return env

    def start(self):
        """Seconds until it was there. A controller manager that has given up on a slow machine is started again."""
        wall = self.bench.datamill(self.env(self.root), "start", "-q").wall
        for _ in range(3):
            dead = self.dead_parts()
            if not dead:
                return wall
            self.bench.sheet.say(f"the simulated cluster has started without {', '.join(dead)}: once more")
            self.bench.datamill(self.env(self.root), "stop", "-q")
            self.bench.datamill(self.env(self.root), "start", "-q")
            time.sleep(15)
        sys.exit("the machine is too loaded to measure on")

    def dead_parts(self):
        status = json.loads(self.bench.datamill(self.env(self.root), "status", "-o", "json").out)
        return [part["name"] for part in status["cluster"]["parts"] if not part["running"]]

    def destroy(self):
        """Without uninstalling what is on it, as `datamill destroy` would: all of it is below the scratch folder."""
        env = self.bench.env(self.home, KWOK_WORKDIR=self.kubeconfig.parent / "kwok")
        process.Child([self.kwokctl, "--name", "datamill", "delete", "cluster"], env).finish(limit=60)

    def add_root(self, name, graph):
        root = self.folder / name
        roots.write_root(root, graph, TARGET)
        return root

    def install(self, root, at_a_time, namespace, *words):
        self.tap.unlink(missing_ok=True)
        return self.bench.datamill(self.env(root), "install", "-f", "big", "--yes", "-q", "-j", str(at_a_time), "-n", namespace,
                                   *words)

    def helmfile(self, root, graph, at_a_time, namespace):
        self.tap.unlink(missing_ok=True)
        path = self.folder / f"{namespace}.yaml"
        roots.write_helmfile(path, graph, self.folder / "bin" / "helm", root / "charts", namespace)
        return process.measure([self.bench.helmfile, "--file", path, "--quiet", "sync", "--concurrency", str(at_a_time)],
                               self.peer_env())

    def loop(self, root, graph, namespace):
        self.tap.unlink(missing_ok=True)
        path = self.folder / f"{namespace}.sh"
        roots.write_loop(path, graph, self.folder / "bin" / "helm", root / "charts", namespace)
        return process.measure(["bash", path], self.peer_env())

    def helm_calls(self):
        """(verb, seconds) of each helm since the last run began; upgrades by name."""
        lines = self.tap.read_text().splitlines() if self.tap.exists() else []
        return [(verb, name, (int(end) - int(begin)) / 1e9) for verb, name, begin, end, _ in map(str.split, lines)]

    def upgrades(self):
        return {name: seconds for verb, name, seconds in self.helm_calls() if verb == "upgrade"}


def quickstart(bench, cluster):
    """The repository's own quickstart."""
    env = cluster.env(common.ROOT)
    words = ("install", "-f", "quickstart", "-t", "kwok", "-q")
    done = bench.datamill(env, *words, sample=0.005)
    bench.sheet.line("quickstart on it", done.wall, 20, "s")
    bench.sheet.line("peak memory of datamill itself", done.peak, 20, "MiB")
    again = statistics.median(bench.datamill(env, *words).wall for _ in range(3))
    bench.sheet.line("second install, nothing to do", again, 1.5, "s")
    bench.sheet.row("quickstart; again with nothing to do", done.wall, ratio=f"again {again * 1000:.0f} ms")


def schedule(bench, cluster):
    """24 components, 4 at a time; the bound comes from what the upgrades of the same run took. In turns, the better of two."""
    graph = graphs.make_graph(30_000)
    root = cluster.add_root("schedule", graph)
    cluster.install(cluster.add_root("warm-up", graphs.flat(4, 1)), 4, "warm-up")
    runs = [("datamill", lambda turn: cluster.install(root, 4, f"ours-{turn}"))]
    if bench.helmfile:
        runs.append(("helmfile", lambda turn: cluster.helmfile(root, graph, 4, f"theirs-{turn}")))
    runs.append(("bash loop", lambda turn: cluster.loop(root, graph, f"loop-{turn}")))
    best = {}
    for turn in range(2):
        for name, run in runs:
            wall = run(turn).wall
            bound = graphs.bound(graphs.with_durations(graph, cluster.upgrades()), 4)
            bench.sheet.say(f"  {name}: {wall:.1f} s, bound {bound:.1f} s")
            best[name] = min(best.get(name, (wall, bound)), (wall, bound))
    for name, (wall, bound) in best.items():
        limit = 1.05 if name == "datamill" else None
        bench.sheet.line(f"real helm, 24 components, 4 at a time: {name} / bound {bound:.1f} s", wall / bound, limit, "x")
    ratio = "; ".join(f"{name} {wall / bound:.2f}" for name, (wall, bound) in best.items())
    bench.sheet.row("the same with real helm, 4 at a time", best["datamill"][0], best.get("helmfile", (None,))[0],
                    best["bash loop"][0], best["datamill"][1], f"each by its own bound: {ratio}")


def rerun(bench, cluster):
    """50 releases of which none has changed."""
    graph = graphs.flat(50, 1)
    root = cluster.add_root("rerun", graph)
    cluster.install(root, 4, "fifty")
    walls = []
    for _ in range(3):
        walls.append(cluster.install(root, 4, "fifty").wall)
        bench.sheet.line("re-run of 50 unchanged: helm processes", len(cluster.helm_calls()), 0, "")
    ours = statistics.median(walls)
    theirs = loop = None
    if bench.helmfile:
        cluster.helmfile(root, graph, 4, "fifty-theirs")
        theirs = cluster.helmfile(root, graph, 4, "fifty-theirs").wall
        bench.sheet.line("re-run of 50 unchanged: datamill / (helmfile / 40)", ours / (theirs / 40), 1, "x")
    loop = cluster.loop(root, graph, "fifty").wall
    bench.sheet.line("re-run of 50 unchanged", ours, None, "s")
    bench.sheet.row("re-run of 50 unchanged releases", ours, theirs, loop,
                    ratio=(f"1/{theirs / ours:.0f} of helmfile; " if theirs else "") + f"1/{loop / ours:.0f} of the loop")


def waiting(bench, cluster):
    """The cluster is watched while helm waits for a pod."""
    root = cluster.add_root("waiting", graphs.flat(1, 600_000))
    child = process.Child([bench.binary, "install", "-f", "big", "--yes", "-q", "-n", "waiting"], cluster.env(root))
    try:
        time.sleep(10)  # its pod is there, and nothing new happens
        spent = process.cpu_of_a_minute(child.pid)
    finally:
        stop(child)
    bench.sheet.line("CPU used while helm waits 60 s, cluster watched", spent, 0.1, "s")
    bench.sheet.row("CPU while the real helm waits 60 s", spent)


class Api:
    """The cluster's API over a proxy of kubectl's: a request takes milliseconds, a kubectl many times that."""

    def __init__(self, cluster):
        self.child = process.Child([cluster.kubectl, "--kubeconfig", cluster.kubeconfig, "proxy", "--port=0"], cluster.peer_env())
        process.wait_until(lambda: "Starting to serve" in self.child.text(self.child.out), 20, "kubectl proxy")
        self.url = "http://" + re.search(r"127\.0\.0\.1:\d+", self.child.text(self.child.out)).group(0)

    def ask(self, path, patch=None):
        data = json.dumps(patch).encode() if patch is not None else None
        request = urllib.request.Request(self.url + path, data=data, method="PATCH" if data else "GET",
                                         headers={"Content-Type": "application/merge-patch+json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def close(self):
        self.child.kill()


FAILING = {
    "ErrImageNeverPull": ("ErrImageNeverPull", "Container image \"registry.example.org/bench/main:1.0.0\" is not present with pull policy "
                                               "of Never"),
    "ImagePullBackOff": ("ImagePullBackOff", "Back-off pulling image \"registry.example.org/bench/main:1.0.0\": ErrImagePull: not found"),
}


def message(bench, cluster):
    """From the moment a pod's state is written to our line about it."""
    for reason in FAILING:
        delays = [one_message(bench, cluster, reason, turn) for turn in range(3)]
        if None in delays:
            bench.sheet.line(f"{reason} to our message (not seen in 15 s)", 15, 1, "s")
            continue
        bench.sheet.line(f"{reason} to our message", max(delays), 1, "s")
        bench.sheet.row(f"from {reason} to our message", max(delays))


def one_message(bench, cluster, reason, turn):
    namespace = f"message-{reason.lower()}-{turn}"
    root = cluster.add_root(namespace, graphs.flat(1, 600_000))
    words = [bench.binary, "install", "-f", "big", "--yes", "-o", "json", "-n", namespace]
    child = process.Child(words, cluster.env(root))
    api = Api(cluster)
    try:
        pods = f"/api/v1/namespaces/{namespace}/pods"
        process.wait_until(lambda: any(p["spec"].get("nodeName") for p in api.ask(pods)["items"]), 60, "a pod is there", 0.05)
        time.sleep(2)  # its first lines are written
        pod = api.ask(pods)["items"][0]["metadata"]["name"]
        written = time.monotonic()
        api.ask(f"{pods}/{pod}/status", failing_status(reason))
        while time.monotonic() - written < 15:
            if says(child.text(child.out), reason):
                return time.monotonic() - written
            time.sleep(0.002)
        return None
    finally:
        api.close()
        stop(child)


def says(text, reason):
    """Whether an event about it was printed, whole."""
    lines = text[:text.rfind("\n") + 1].splitlines()
    return any('"type":"finding"' in line and reason in line for line in lines)


def failing_status(reason):
    word, text = FAILING[reason]
    image = "registry.example.org/bench/main:1.0.0"
    return {"status": {"phase": "Pending", "containerStatuses": [
        {"name": "main", "image": image, "imageID": "", "ready": False, "restartCount": 0, "started": False,
         "state": {"waiting": {"reason": word, "message": text}}}]}}


def stop(child):
    """Ctrl-C, and again after a while."""
    for _ in range(2):
        if not child.running():
            break
        os.killpg(child.pid, signal.SIGINT)
        end = time.monotonic() + 10
        while child.running() and time.monotonic() < end:
            time.sleep(0.02)
    child.kill()
