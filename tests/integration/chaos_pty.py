"""Runs a command on a terminal of its own, as the foreground job of a small shell, and does with it what a person would.

chaos_pty.py NOTES SCREEN COMMAND...        what it is to do comes on standard input, one a line:
  await FILE TEXT     until the file holds the text
  type ctrl-c|ctrl-z
  signal NAME         to the command alone
  foreground          as the shell's fg, after ctrl-z
  close               the terminal goes away
  end                 until the command has ended
NOTES gets "stopped", "continued" and "exit CODE" of the command; SCREEN what it wrote.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import threading
import time

KEYS = {"ctrl-c": b"\x03", "ctrl-z": b"\x1a"}
LIMIT = 90


def note(path, text):
    with open(path, "a") as file:
        file.write(text + "\n")


def shell(notes, command):
    """The leader of the terminal's session: notes what becomes of its one job, and puts it to the foreground again on SIGUSR1."""
    for number in (signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    go, held = os.pipe()
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.read(go, 1)  # until it is in the foreground
        for number in (signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.execv(command[0], command)
    os.setpgid(job, job)
    os.tcsetpgrp(0, job)

    def foreground(*_):
        os.tcsetpgrp(0, job)
        os.killpg(job, signal.SIGCONT)

    signal.signal(signal.SIGUSR1, foreground)
    signal.signal(signal.SIGHUP, lambda *_: os.killpg(job, signal.SIGHUP))  # as shells do
    note(notes, f"job {job}")
    os.write(held, b"x")
    while True:
        _, status = os.waitpid(job, os.WUNTRACED | os.WCONTINUED)
        if os.WIFSTOPPED(status):
            os.tcsetpgrp(0, os.getpgrp())
            note(notes, "stopped")
        elif os.WIFCONTINUED(status):
            note(notes, "continued")
        else:
            note(notes, f"exit {os.waitstatus_to_exitcode(status)}")
            os._exit(0)


def pump(master, screen):
    with open(screen, "ab", buffering=0) as file:
        while True:
            try:
                ready, _, _ = select.select([master], [], [], 0.1)
                if ready:
                    piece = os.read(master, 65536)
                    if not piece:
                        return
                    file.write(piece)
            except (OSError, ValueError):
                return


def await_text(path, text):
    began = time.monotonic()
    while time.monotonic() - began < LIMIT:
        try:
            with open(path, errors="replace") as file:
                if text in file.read():
                    return
        except FileNotFoundError:
            pass
        time.sleep(0.02)
    sys.exit(f"{path} never held {text!r}")


def job_of(notes):
    await_text(notes, "job ")
    with open(notes) as file:
        return int(file.readline().split()[1])


def main():
    notes, screen, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    leader, master = pty.fork()
    if leader == 0:
        shell(notes, command)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    reader = threading.Thread(target=pump, args=(master, screen), daemon=True)
    reader.start()
    for line in sys.stdin:
        word, *rest = line.split(maxsplit=2)
        if word == "await":
            await_text(rest[0], rest[1].strip())
        elif word == "type":
            os.write(master, KEYS[rest[0]])
        elif word == "signal":
            os.kill(job_of(notes), getattr(signal, rest[0]))
        elif word == "foreground":
            os.kill(leader, signal.SIGUSR1)
        elif word == "close":
            os.close(master)
        elif word == "end":
            await_text(notes, "exit ")
    try:
        os.kill(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass


main()
