"""The engine with pretended helm and kubectl: scheduling, overhead, waiting, memory, interruption."""
import os
import signal
import time

import graph as graphs
import process
import roots

TOTAL_MS = 30_000  # of 24 components together: 15 s at 2 at a time
INSTALL = ("install", "-f", "big", "--location", "hybrid", "--yes", "-q")


class Stage:
    """One root, one pretended cluster, the tools' log."""

    def __init__(self, bench, name, graph, estimates=True):
        self.bench = bench
        self.graph = graph
        self.folder = bench.folder(name)
        self.tools = bench.fake_tools(self.folder)
        self.log = self.folder / "fake"
        self.log.mkdir()
        (self.log / "durations").write_text("".join(f"{c.name} {c.ms}\n" for c in graph))
        kubeconfig = self.folder / "kubeconfig"
        kubeconfig.write_text(roots.KUBECONFIG)
        self.root = self.folder / "root"
        roots.write_root(self.root, graph, f"hybrid:\n  config: {kubeconfig}\n", estimates)
        self.home = self.folder / "home"
        self.home.mkdir()
        self.env = bench.env(self.home, self.root, BENCH_FAKE=self.log, KUBECONFIG=kubeconfig,
                             PATH=f"{self.tools}:{os.environ['PATH']}")

    def install(self, at_a_time, sample=0.0):
        """The pretended cluster forgets all, so that every install is a first one."""
        self.forget()
        done = self.bench.datamill(self.env, *INSTALL, "-j", str(at_a_time), sample=sample)
        self.check()
        return done

    def start(self, at_a_time, *words):
        self.forget()
        return process.Child([self.bench.binary, *INSTALL, "-j", str(at_a_time), *words], self.env)

    def helmfile(self, at_a_time, sample=0.0):
        self.forget()
        path = self.folder / "helmfile.yaml"
        roots.write_helmfile(path, self.graph, self.tools / "helm", self.root / "charts", "data-mill")
        words = ["--file", path, "--quiet", "sync", "--concurrency", str(at_a_time)]
        done = process.measure([self.bench.helmfile, *words], self.env, sample=sample)
        self.check()
        return done

    def loop(self):
        self.forget()
        path = self.folder / "loop.sh"
        roots.write_loop(path, self.graph, self.tools / "helm", self.root / "charts", "data-mill")
        done = process.measure(["bash", path], self.env)
        self.check()
        return done

    def forget(self):
        for name in ("log", "calls"):
            (self.log / name).unlink(missing_ok=True)

    def upgrades(self):
        """(name, begin, end, signal) of each upgrade that has ended."""
        path = self.log / "log"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(name, int(begin), int(end), int(number)) for name, begin, end, number in map(str.split, lines)]

    def calls(self):
        path = self.log / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def check(self):
        names = sorted(name for name, _, _, number in self.upgrades() if number == 0)
        assert names == sorted(c.name for c in self.graph), f"not each release was installed once: {names}"


def scheduling(bench):
    """24 components with given durations."""
    sheet = bench.sheet
    graph = graphs.make_graph(TOTAL_MS)
    sheet.say(f"24 components: {graphs.work(graph):.1f} s together, longest way {graphs.critical_path(graph):.1f} s")
    stage = Stage(bench, "schedule", graph)
    learnt = Stage(bench, "learnt", graph, estimates=False)
    learnt.install(8)
    loop = stage.loop().wall
    for at_a_time in (2, 4, 8):
        schedule_at(bench, stage, learnt, at_a_time, loop)


def schedule_at(bench, stage, learnt, at_a_time, loop):
    sheet = bench.sheet
    bound = graphs.bound(stage.graph, at_a_time)
    best = graphs.best_schedule(stage.graph, at_a_time)
    first = stage.install(at_a_time)
    ours = first.wall
    before, after = edges(first, stage.upgrades())
    again = learnt.install(at_a_time).wall
    head = f"24 components, {at_a_time} at a time"
    sheet.line(f"{head}: wall / bound {bound:.2f} s", ours / bound, 1.05, "x")
    sheet.line(f"{head}: with learnt durations", again / bound, 1.05, "x")
    sheet.line(f"{head}: cost over a schedule without any", (ours / best - 1) * 100, 1, "%")
    sheet.line(f"{head}: before the first helm", before, None, "s")
    sheet.line(f"{head}: after the last", after, None, "s")
    theirs = None
    ratio = f"{ours / bound:.3f}"
    if bench.helmfile:
        theirs = stage.helmfile(at_a_time).wall
        sheet.line(f"{head}: helmfile / bound", theirs / bound, None, "x")
        ratio += f"; helmfile {theirs / bound:.3f}"
    sheet.line(f"{head}: bash loop / bound", loop / bound, None, "x")
    sheet.row(f"24 components, given durations, {at_a_time} at a time", ours, theirs, loop, bound,
              f"{ratio}; loop {loop / bound:.2f}")


def edges(done, upgrades):
    """Seconds before the first upgrade began, and after the last has ended."""
    began = done.ended_ns - done.wall * 1e9
    return (min(begin for _, begin, _, _ in upgrades) - began) / 1e9, (done.ended_ns - max(end for _, _, end, _ in upgrades)) / 1e9


def overhead(bench):
    """500 components that take no time, two steps each, beside starting the same program as often."""
    stage = Stage(bench, "overhead", graphs.flat(500, 0))
    (stage.log / "durations").write_text("")
    at_a_time = max(2, len(os.sched_getaffinity(0)))
    pairs = []
    for _ in range(3):
        ours = stage.install(at_a_time)
        count = len(stage.calls())
        bare = process.measure([bench.native("spawn"), count, at_a_time, stage.tools / "helm", "status", "c0000"], stage.env)
        pairs.append((ours.wall, float(bare.out), count, ours.own_cpu))
    wall, bare, count, cpu = min(pairs, key=lambda pair: pair[0] / pair[1])
    bench.sheet.line(f"{count} processes of no-op steps / bare cost {bare:.2f} s, {at_a_time} at a time", wall / bare, 1.5, "x")
    bench.sheet.line("CPU of datamill itself for that", cpu, None, "s")
    bench.sheet.row(f"{count} processes of no-op steps, {at_a_time} at a time", wall, bound=bare, ratio=f"{wall / bare:.2f}")


def waiting(bench):
    """A minute in the middle of a long helm."""
    stage = Stage(bench, "waiting", graphs.flat(1, 65_000))
    child = stage.start(2)
    try:
        process.wait_until(lambda: any("helm upgrade" in call for call in stage.calls()), 30, "helm runs")
        time.sleep(2)
        spent = process.cpu_of_a_minute(child.pid)
        assert child.finish().code == 0
    finally:
        child.kill()
    bench.sheet.line("CPU used while waiting 60 s for a pretended helm", spent, 0.1, "s")
    bench.sheet.row("CPU while a pretended helm takes 60 s", spent)


def memory(bench):
    """50 children at once."""
    stage = Stage(bench, "memory", graphs.flat(50, 4000))
    done = stage.install(50, sample=0.02)
    at_once = most_at_once(stage.upgrades())
    assert at_once == 50, f"only {at_once} ran at once"
    bench.sheet.line("peak memory with 50 children at once", done.peak, 25, "MiB")
    theirs = None
    if bench.helmfile:
        theirs = stage.helmfile(50, sample=0.02).peak
    bench.sheet.row("peak memory with 50 children", done.peak, theirs, ratio=f"{theirs / done.peak:.0f}x" if theirs else None,
                    unit="MiB")


def most_at_once(upgrades):
    """How many of (name, begin, end, signal) overlapped at most."""
    turns = sorted([(begin, 1) for _, begin, _, _ in upgrades] + [(end, -1) for _, _, end, _ in upgrades])
    now = most = 0
    for _, step in turns:
        now += step
        most = max(most, now)
    return most


def interrupt(bench):
    """Ctrl-C while four helms run that note their release for 100 ms and end."""
    stage = Stage(bench, "interrupt", graphs.flat(8, 60_000))
    delays = []
    for _ in range(3):
        child = stage.start(4)
        try:
            process.wait_until(lambda: sum("helm upgrade" in call for call in stage.calls()) == 4, 30, "four helms run")
            time.sleep(0.3)
            os.killpg(child.pid, signal.SIGINT)
            done = child.finish(limit=30)
        finally:
            child.kill()
        assert done.code == 130, f"exit {done.code}: {done.err}"
        ends = stage.upgrades()
        assert len(ends) == 4 and all(number in (signal.SIGINT, signal.SIGTERM) for _, _, _, number in ends), ends
        delays.append((done.ended_ns - max(end for _, _, end, _ in ends)) / 1e9)
    bench.sheet.line("Ctrl-C: from the last child's end to ours", max(delays), 0.5, "s")
    bench.sheet.row("Ctrl-C: from the last child's end to ours", max(delays), ratio=None)
