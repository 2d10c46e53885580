"""What needs no cluster: start, validate, plan, and plans of many components beside `helmfile list`."""
import statistics

import process
import roots


def median(bench, env, *words, repeat):
    return statistics.median(bench.datamill(env, *words).wall for _ in range(repeat))


def basics(bench):
    """Start, validate, plan of the repository's own flavours."""
    env = bench.env(bench.folder("basics"))
    for what, limit, words, repeat in (("--version", 5, ["--version"], bench.repeat * 4),
                                       ("validate ds", 30, ["validate", "-f", "ds", "-t", "kwok"], bench.repeat),
                                       ("plan ds", 30, ["plan", "-f", "ds", "-t", "kwok"], bench.repeat)):
        seconds = median(bench, env, *words, repeat=repeat)
        bench.sheet.line(what, seconds * 1000, limit, "ms")
        bench.sheet.row(what, seconds)
    bench.sheet.line("size of the binary", bench.binary.stat().st_size / 1e6, 10, "MB")


def plans(bench):
    """Plans of 500 and 5,000 generated components."""
    folder = bench.folder("plans")
    for count, limit in ((500, None), (5000, 300)):
        root = folder / f"root-{count}"
        roots.write_big_root(root, count)
        env = bench.env(folder, root)
        words = ("plan", "-f", "big")
        ours = median(bench, env, *words, repeat=bench.repeat)
        peak = bench.datamill(env, *words, sample=0.0005).peak
        theirs, their_peak = (helmfile_list(bench, folder, count, env) if bench.helmfile and count == 500 else (None, None))
        what = f"plan of {count:,} components"
        bench.sheet.line(what, ours * 1000, limit, "ms")
        bench.sheet.line(f"{what}: peak memory", peak, None, "MiB")
        if theirs:
            bench.sheet.line(f"helmfile list of {count:,} releases", theirs * 1000, None, "ms")
            bench.sheet.line(f"helmfile list of {count:,} releases: peak memory", their_peak, None, "MiB")
        bench.sheet.row(f"{what} (helmfile: list)", ours, theirs, ratio=f"1/{theirs / ours:.0f}" if theirs else None)
        bench.sheet.row(f"{what}: peak memory", peak, their_peak, ratio=f"1/{their_peak / peak:.0f}" if theirs else None,
                        unit="MiB")


def helmfile_list(bench, folder, count, env):
    path = folder / f"helmfile-{count}.yaml"
    roots.write_big_helmfile(path, count)
    tools = bench.fake_tools(folder)  # it asks helm for its version
    env = dict(env, PATH=f"{tools}:{env['PATH']}")
    words = [bench.helmfile, "--file", path, "--quiet", "list", "--skip-charts", "--output", "json"]
    seconds = statistics.median(process.measure(words, env).wall for _ in range(bench.repeat))
    return seconds, process.measure(words, env, sample=0.002).peak
