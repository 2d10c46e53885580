"""What was measured: a line for each figure while it runs, a table for the README at the end."""
import os
import pathlib
import platform

COLUMNS = ("what", "datamill", "helmfile", "bash loop", "bound", "ratio")


def quantity(value, unit):
    """12.34 s; seconds below one as milliseconds. "" for what was not measured."""
    if value is None:
        return ""
    if unit == "s" and value < 1:
        return f"{value * 1000:.0f} ms"
    if unit in ("s", "x"):
        return f"{value:.2f} {unit}"
    return f"{value:.1f} {unit}" if isinstance(value, float) else f"{value} {unit}"


def machine():
    """Cores, memory, kernel and present load: a figure without them says little."""
    model = memory = ""
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            memory = f"{int(line.split()[1]) / 2**20:.1f} GiB"
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores ({model or platform.machine()}), {memory}, Linux {platform.release()}, load {os.getloadavg()[0]:.1f}"


class Sheet:
    def __init__(self):
        self.failed = False
        self.rows = []
        self.at_start = machine()

    def line(self, what, value, limit, unit):
        """One figure; `limit` None where there is no target."""
        over = limit is not None and value > limit
        self.failed = self.failed or over
        aim = f"target {limit:g} {unit:<4} {'OVER' if over else 'ok'}" if limit is not None else ""
        print(f"{what:<60} {value:9.3f} {unit:<4} {aim}".rstrip(), flush=True)

    def row(self, what, datamill, helmfile=None, loop=None, bound=None, ratio=None, unit="s"):
        """One row of the table; `ratio` (a text) says what was divided by what."""
        self.rows.append((what, quantity(datamill, unit), quantity(helmfile, unit), quantity(loop, unit),
                          quantity(bound, unit), ratio or ""))

    def say(self, text):
        print(text, flush=True)

    def markdown(self):
        lines = [f"Measured on {self.at_start} (at the start) by `bench/run`.", "",
                 "| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in self.rows]
        return "\n".join(lines)
