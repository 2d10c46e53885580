"""Starts a command and kills it, as a crash or a loss of power would, when the journals of its runs have grown to a given length.

chaos_crash.py STATE LINES DELAY alone|all COMMAND...

STATE is the state folder; LINES counts the journal lines of all runs that are new; after DELAY seconds more the kill comes. "alone"
kills the command itself; "all" kills its children too, so that none of them hears of it. Prints "ended CODE LINES", "killed at LINES in the
middle of a run" or "killed at LINES between runs". What the command says goes to standard error.
"""

import os
import signal
import subprocess
import sys
import time

PAUSE = 0.002


class Journals:
    """Counts lines without reading anything twice."""

    def __init__(self, state):
        self.folder = os.path.join(state, "runs")
        self.old = set(self.names())
        self.files = {}
        self.lines = 0

    def names(self):
        try:
            return os.listdir(self.folder)
        except FileNotFoundError:
            return []

    def in_the_middle(self):
        """Whether the newest journal has no end."""
        self.count()
        newest = max(self.files, default=None)  # their names begin with the time
        if newest is None:
            return False
        with open(self.files[newest].name, "rb") as file:
            return b'"type":"run_finished"' not in file.read()

    def count(self):
        for name in self.names():
            path = os.path.join(self.folder, name, "events.jsonl")
            if name in self.old or name in self.files or not os.path.exists(path):
                continue
            self.files[name] = open(path, "rb")
        for file in self.files.values():
            self.lines += file.read().count(b"\n")
        return self.lines


def children_of(parent):
    """All descendants, the nearest first."""
    parents = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as file:
                parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found, heads = [], [parent]
    while heads:
        heads = [pid for pid, above in parents.items() if above in heads]
        found += heads
    return found


def kill(process, everybody):
    if everybody:
        process.send_signal(signal.SIGSTOP)  # nobody is to notice, and nothing new to be started
        for pid in children_of(process.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    process.kill()
    process.wait()


def main():
    state, lines, delay, who = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]
    journals = Journals(state)
    process = subprocess.Popen(sys.argv[5:], stdin=subprocess.DEVNULL, stdout=sys.stderr)
    while journals.count() < lines:
        if process.poll() is not None:
            print("ended", process.returncode, journals.count(), flush=True)
            return
        time.sleep(PAUSE)
    time.sleep(delay)
    if process.poll() is None:
        kill(process, who == "all")
    print("killed at", journals.count(), "in the middle of a run" if journals.in_the_middle() else "between runs", flush=True)


main()
