"""Starts programs and measures them. Whatever is started here is ended here, too."""
import dataclasses
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")


@dataclasses.dataclass
class Measured:
    wall: float
    own_cpu: float  # seconds of the program itself, without those of its children
    peak: float  # MiB of the program itself; 0 where it was not looked at
    ended_ns: int  # of CLOCK_MONOTONIC, which native/fake.c uses, too
    code: int
    out: str
    err: str


def own_cpu(pid):
    """Also of a process that has ended and was not yet waited for."""
    words = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / TICKS


def cpu_so_far(pid):
    """Seconds of its threads up to now, to the nanosecond (a thread that ends meanwhile takes its own along)."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()) / 1e9


def cpu_of_a_minute(pid):
    before = cpu_so_far(pid)
    time.sleep(60)
    return cpu_so_far(pid) - before


def peak_mib(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    except (OSError, IndexError):
        return 0.0  # it has ended


class Child:
    """A running program, in a session of its own."""

    def __init__(self, argv, env, folder=None):
        self.argv = [str(word) for word in argv]
        self.out = tempfile.TemporaryFile()
        self.err = tempfile.TemporaryFile()
        self.began = time.monotonic_ns()
        self.process = subprocess.Popen(self.argv, env=env, cwd=folder, stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.err,
                                        start_new_session=True)
        self.pid = self.process.pid

    def text(self, file):
        """What it has written up to now; its own place in the file is left alone."""
        size = os.fstat(file.fileno()).st_size
        return os.pread(file.fileno(), size, 0).decode(errors="replace")

    def running(self):
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None

    def finish(self, limit=900.0, sample=0.0):
        """Waits for its end; with `sample` looks at its memory that often."""
        peak = 0.0
        end = time.monotonic() + limit
        watcher = os.pidfd_open(self.pid)
        try:
            while self.running():
                if sample:
                    peak = max(peak, peak_mib(self.pid))
                    time.sleep(sample)
                elif not _readable(watcher, end - time.monotonic()):
                    pass
                if time.monotonic() > end:
                    self.kill()
                    sys.exit(f"{' '.join(self.argv)}: not ended after {limit:.0f} s\n{self.text(self.err)[-2000:]}")
            ended = time.monotonic_ns()
            cpu = own_cpu(self.pid)
        finally:
            os.close(watcher)
        code = self.process.wait()
        return Measured(wall=(ended - self.began) / 1e9, own_cpu=cpu, peak=peak, ended_ns=ended, code=code,
                        out=self.text(self.out), err=self.text(self.err))

    def kill(self):
        """It and its group, if it still runs."""
        if self.process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()


def _readable(descriptor, seconds):
    import select
    return bool(select.select([descriptor], [], [], max(0.0, seconds))[0])


def measure(argv, env, folder=None, limit=900.0, sample=0.0, codes=(0,)):
    """Runs a program to its end; any other exit code ends the measurements."""
    child = Child(argv, env, folder)
    try:
        done = child.finish(limit, sample)
    finally:
        child.kill()
    if done.code not in codes:
        sys.exit(f"{' '.join(child.argv)}: exit {done.code}\n{done.out[-2000:]}\n{done.err[-4000:]}")
    return done


def wait_until(good, limit, what, pause=0.005):
    end = time.monotonic() + limit
    while not good():
        if time.monotonic() > end:
            sys.exit(f"{what}: not so after {limit} s")
        time.sleep(pause)
