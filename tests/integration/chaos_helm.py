#!/usr/bin/env python3
"""Stands in for helm (DATAMILL_HELM): does what CHAOS_HELM_DO says where a release is installed, else what the real one does.

Appends to CHAOS_HELM_LOG, as lines of JSON: its arguments, the signals that it and a child of its group hear, what it saw.
  (nothing)  the real helm
  polite     waits until a signal asks it to end, then ends with 1 as helm does
  stubborn   hears SIGINT and SIGTERM and goes on
  flood out|err LINES   prints 1 GiB there, as lines or, with LINES no, as one line; then the real helm
"""

import json
import os
import signal
import sys
import time

PIECE = 1 << 20
FLOOD = int(os.environ.get("CHAOS_FLOOD", 1 << 30))


def note(**what):
    line = json.dumps({"pid": os.getpid(), "at": time.time(), **what}) + "\n"
    descriptor = os.open(os.environ["CHAOS_HELM_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def real_helm():
    os.execv(os.environ["CHAOS_HELM"], ["helm"] + sys.argv[1:])


def listen(who, ends):
    def heard(number, _):
        note(signal=signal.Signals(number).name, who=who)
        if ends and number in (signal.SIGINT, signal.SIGTERM):
            time.sleep(0.2)  # as if it marked its release
            os._exit(1)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCONT, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(number, heard)


def idle(ends):
    """With a child in the same group, as helm has where a plugin or a post-renderer runs."""
    if os.fork() == 0:
        listen("grandchild", ends)
        note(started="grandchild", release=sys.argv[2])
        while True:
            signal.pause()
    listen("helm", ends)
    note(started="helm", release=sys.argv[2])
    while True:
        signal.pause()


def memory_of(pid):
    with open(f"/proc/{pid}/status") as file:
        return {line.split(":")[0]: int(line.split()[1]) for line in file if line.startswith(("VmHWM", "VmRSS"))}


def flood(stream, lines):
    piece = (b"x" * 1023 + b"\n") * (PIECE // 1024) if lines else b"x" * PIECE
    descriptor = {"out": 1, "err": 2}[stream]
    began = time.monotonic()
    for _ in range(FLOOD // PIECE):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(descriptor, rest):]
    os.write(descriptor, b"\n")
    note(flooded=FLOOD, seconds=round(time.monotonic() - began, 1), memory=memory_of(os.getppid()))
    real_helm()


def main():
    words = os.environ.get("CHAOS_HELM_DO", "").split()
    note(argv=sys.argv[1:])
    if not words or sys.argv[1:2] != ["upgrade"]:
        real_helm()
    if words[0] == "flood":
        flood(words[1], words[2] == "lines")
    idle(words[0] == "polite")


main()
