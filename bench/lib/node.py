"""One real node on this machine (as root): how long it takes to come, to come back and to go."""
import json
import subprocess
import time

import bench as common
import process

TOOLS = ("helm", "kubectl", "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy",
         "containerd", "ctr", "containerd-shim-runc-v2", "coredns", "local-path-provisioner", "versitygw")
NODE = ("-t", "embedded")


def node(bench):
    home = bench.folder("node")
    env = bench.env(home)
    env["XDG_CACHE_HOME"] = str(common.cache_home())
    bench.datamill(env, "tools", "install", *TOOLS)
    bench.datamill(env, "images", "build", "object-store", "debug-net", "notebook")
    bench.sheet.line("images build, nothing changed", bench.datamill(env, "images", "build", "notebook").wall, 1, "s")
    kubectl = Kubectl(bench, env, home)
    try:
        from_nothing(bench, env, kubectl)
        after_stop(bench, env, kubectl)
        bench.sheet.line("destroy", bench.datamill(env, "destroy", *NODE, "--yes-all").wall, 20, "s")
    finally:
        subprocess.run([bench.binary, "destroy", *NODE, "--yes-all", "-q"], env=env, check=False)


class Kubectl:
    def __init__(self, bench, env, home):
        self.path = bench.tool(env, "kubectl")
        self.env = env
        self.kubeconfig = home / "state/datamill/clusters/local-datamill/kubeconfig"

    def __call__(self, *words):
        """Its output, "" where it fails."""
        return subprocess.run([self.path, "--kubeconfig", self.kubeconfig, *words], env=self.env, check=False,
                              capture_output=True, text=True).stdout

    def ready(self):
        return "condition met" in self("wait", "--for=condition=Ready", "node/datamill", "--timeout=1s")

    def whole(self):
        text = self("get", "deployments", "-A", "-o", "jsonpath={range .items[*]}{.status.readyReplicas}/{.spec.replicas} {end}")
        return text != "" and all(part.split("/")[0] == part.split("/")[1] for part in text.split())


def start_until_ready(bench, env, kubectl, what):
    began = time.monotonic()
    child = process.Child([bench.binary, "start", *NODE], env)
    try:
        process.wait_until(kubectl.ready, 120, what, 0.1)
        bench.sheet.line(what, time.monotonic() - began, 10, "s")
        assert child.finish().code == 0
    finally:
        child.kill()
    return began


def from_nothing(bench, env, kubectl):
    began = start_until_ready(bench, env, kubectl, "node Ready from nothing, tools present")
    bench.sheet.line("DNS and volumes too", time.monotonic() - began, 30, "s")
    bench.sheet.line("quickstart on it, images built", bench.datamill(env, "install", "-f", "quickstart", *NODE).wall, 60, "s")
    status = json.loads(bench.datamill(env, "status", *NODE, "-o", "json").out)
    resident = sum(part.get("resident_bytes", 0) for part in status["cluster"]["parts"])
    bench.sheet.line("memory of the cluster's own parts", resident / 2**20, 1024, "MiB")
    bench.sheet.line("stop", bench.datamill(env, "stop", *NODE).wall, 20, "s")


def after_stop(bench, env, kubectl):
    began = start_until_ready(bench, env, kubectl, "node Ready after stop and start")
    process.wait_until(kubectl.whole, 120, "all pods after start", 0.1)
    bench.sheet.line("all pods after start", time.monotonic() - began, 40, "s")
