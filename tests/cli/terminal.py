#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""cinch train on a terminal: the status line, and that it leaves the service's output alone.

usage: tests/cli/terminal.py CINCH      (in an empty directory; prints TAP)
"""
import ctypes
import fcntl
import glob
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

CINCH = sys.argv[1]
ROWS, COLUMNS = 24, 120
failures = 0

# One drawing of cinch: all it ever writes beside lines of text.
DRAWN = re.compile(rb"\x1bD\x1b7\x1b\[1;(\d+)r\x1b8\x1b\[A|\x1b7\x1b\[(\d+);1H\x1b\[7m([ -~]*)\x1b\[m\x1b\[K\x1b8"
                   rb"|(\x1b7\x1b\[r(?:\x1b\[\d+;1H\x1b\[K\x1b8|\x1b8\x1b\[J))")
SAID = re.compile(rb"cinch: [^\r\n]*\r\n(?: {7}[^\r\n]*\r\n)*")

# Prints what a status line could spoil: halves of lines, a sequence of its own, a line with no end.
SERVICE = """
printf 'first\\n'
for i in 1 2 3 4 5 6; do printf 'half'; sleep 0.2; printf ' a line %d\\033[1m!\\033[m\\n' $i; done
printf 'no end'
"""
PRINTED = b"first\r\n" + b"".join(b"half a line %d\x1b[1m!\x1b[m\r\n" % i for i in range(1, 7)) + b"no end"


def verdict(text, is_good, detail=b""):
    global failures
    print(("ok - " if is_good else "not ok - ") + text)
    if not is_good:
        failures += 1
        print("#   %r" % detail[-600:])


class Terminal:
    """A command in the foreground of a terminal of its own, started by a job-control shell's stand-in."""

    def __init__(self, command, term="xterm", background=False):
        self.output = b""
        self.leader, self.master = pty.fork()
        if self.leader == 0:
            self.lead(command, term, background)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    @staticmethod
    def lead(command, term, background):
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        time.sleep(0.1)  # until the terminal has its size
        job = os.fork()
        if job == 0:
            os.setpgid(0, 0)
            if not background:
                os.tcsetpgrp(0, os.getpgrp())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            os.environ["TERM"] = term
            os.execvp(command[0], command)
        while True:
            _, status = os.waitpid(job, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                os._exit(os.waitstatus_to_exitcode(status) & 255)
            os.write(1, b"<stopped>")
            time.sleep(0.3)
            os.write(1, b"<continued>")
            os.kill(-job, signal.SIGCONT)

    def read(self, until=None, limit_s=30):
        end = time.monotonic() + limit_s
        while time.monotonic() < end and not (until and until in self.output):
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.output += os.read(self.master, 65536)
                except OSError:  # EIO: nobody is left at the other end
                    break
        return self.output

    def end(self):
        self.read()
        os.close(self.master)
        return os.waitstatus_to_exitcode(os.waitpid(self.leader, 0)[1])


def without_cinch(output):
    return SAID.sub(b"", DRAWN.sub(b"", output))


def lines_of(output):
    return [match.group(3) for match in DRAWN.finditer(output) if match.group(3)]


def train(*options, service=SERVICE, **arguments):
    command = [CINCH, "train", "-o", "p.json", *options, "--", "sh", "-c", service]
    started = time.monotonic()
    terminal = Terminal(command, **arguments)
    status = terminal.end()
    return terminal.output, status, time.monotonic() - started


def test_line():
    output, status, took_s = train()
    lines = lines_of(output)
    verdict("terminal: exit status", status == 0, output)
    verdict("terminal: the service's bytes are all there, in order, and no others", without_cinch(output) == PRINTED,
            without_cinch(output))
    verdict("terminal: a line was drawn", len(lines) >= 3, output)
    verdict("terminal: at most 4 times a second", len(lines) <= 4 * took_s + 1, b"%d" % len(lines))
    wanted = rb"cinch 0:0\d start \| last new fact \d+ s ago \| \d+ process(?:es)?, \d+ syscalls, \d+ paths, \d+ peers \| \d+ stops/s"
    verdict("terminal: it tells how it goes", bool(lines) and all(re.fullmatch(wanted, line) for line in lines),
            b"\n".join(lines))
    drawn = [match.group(0) for match in DRAWN.finditer(output)]
    verdict("terminal: in the last row, which does not scroll",
            b"\x1b[1;%dr" % (ROWS - 1) in drawn[0] and all(b"\x1b[%d;1H" % ROWS in text for text in drawn[1:]), output)
    verdict("terminal: which is given back at the end",
            drawn[-1] == b"\x1b7\x1b[r\x1b[%d;1H\x1b[K\x1b8" % ROWS and output.count(b"\x1b[r") == 1, output)
    verdict("terminal: before the summary", output.rfind(drawn[-1]) < output.find(b"cinch: learned"), output)


def test_silence():
    output, _, _ = train("--quiet")
    verdict("terminal: --quiet prints nothing at all", output == PRINTED, output)
    output, _, _ = train(term="dumb")
    verdict("terminal: a dumb one is not drawn on", b"\x1b[r" not in output and without_cinch(output) == PRINTED, output)
    output, _, _ = train(background=True)
    verdict("terminal: nothing is drawn from the background", not lines_of(output), output)
    output, _, _ = train(service="stty -icanon; sleep 1; stty icanon; printf over")
    drawn = lines_of(output)
    verdict("terminal: nothing is drawn while a program drives the screen", len(drawn) <= 2, output)


def test_suspend():
    command = [CINCH, "train", "-o", "p.json", "--", "sh", "-c", "sleep 2; echo over"]
    terminal = Terminal(command)
    terminal.read(until=b"stops/s")
    os.write(terminal.master, b"\x1a")  # Ctrl-Z
    terminal.read(until=b"<stopped>")
    before = terminal.output.split(b"<stopped>")[0]
    verdict("terminal: given back before cinch is suspended", b"\x1b[r" in before.split(b"stops/s")[-1], before)
    status = terminal.end()
    after = terminal.output.split(b"<continued>")[-1]
    verdict("terminal: and drawn on again when it goes on", len(lines_of(after)) >= 2, after)
    verdict("terminal: the service goes on too", status == 0 and b"over" in after, after)


def test_resize():
    command = [CINCH, "train", "-o", "p.json", "--", "sh", "-c", "sleep 2"]
    terminal = Terminal(command)
    terminal.read(until=b"stops/s")
    fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 40, 0, 0))
    terminal.end()
    after = terminal.output.split(b"\x1b[J", 1)[-1]
    lines = lines_of(after)
    verdict("terminal: a new size is followed", b"\x1b[1;9r" in after and b"\x1b[10;1H" in after, terminal.output)
    verdict("terminal: the line is never wider", bool(lines) and all(len(line) < 40 for line in lines), after)


def test_killed():
    terminal = Terminal([CINCH, "train", "-o", "p.json", "--", "sh", "-c", "echo $PPID; sleep 20"])
    terminal.read(until=b"stops/s")
    cinch = int(re.search(rb"^(\d+)\r$", terminal.output, re.M).group(1))
    os.kill(cinch, signal.SIGKILL)
    status = terminal.end()
    given_back = b"\x1b7\x1b[r\x1b[%d;1H\x1b[K\x1b8" % ROWS
    verdict("terminal: given back when cinch is killed", terminal.output.endswith(given_back), terminal.output)
    verdict("terminal: and cinch was killed", status == (-signal.SIGKILL & 255), b"%d" % status)


def test_stopped_terminal():
    """Ctrl-S holds up the terminal, not the service."""
    terminal = Terminal([CINCH, "train", "-o", "p.json", "--", "sh", "-c", "sleep 1; : >ended; sleep 1"])
    terminal.read(until=b"stops/s")
    os.write(terminal.master, b"\x13")
    time.sleep(2)
    verdict("terminal: stopped, it does not stop the service", os.path.exists("ended"), terminal.output)
    os.write(terminal.master, b"\x11")
    terminal.end()
    verdict("terminal: and is given back once it goes on", b"\x1b[r" in terminal.output, terminal.output)


def test_interrupt():
    """Ctrl-C reaches the service, which has a session of its own."""
    service = "trap 'echo told; exit 5' INT; echo up; while :; do sleep 0.05; done"
    terminal = Terminal([CINCH, "train", "-q", "-o", "p.json", "--", "sh", "-c", service])
    terminal.read(until=b"up")
    os.write(terminal.master, b"\x03")
    status = terminal.end()
    verdict("terminal: Ctrl-C reaches the service", b"told" in terminal.output and status == 5, terminal.output)


def is_in_use(number):
    """Whether a process has that number, or a group or session that is named so."""
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="ascii", errors="replace") as stat:
                text = stat.read()
        except OSError:
            continue # it has ended
        group, session = text.rpartition(")")[2].split()[2:4]
        if number in (int(text.split()[0]), int(group), int(session)):
            return True
    return False


def clone_as(number):
    """fork(2), but the child gets that number (clone3(2), set_tid); -1 where it cannot."""
    numbers = (ctypes.c_int * 1)(number)
    arguments = struct.pack("=11Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, ctypes.addressof(numbers), 1, 0)
    return ctypes.CDLL(None).syscall(435, arguments, ctypes.c_size_t(len(arguments)))


def stranger_with(number):
    """A process of that pid, with a group of its own; None where it cannot be had."""
    is_ready, tell = os.pipe()
    for _ in range(100):
        pid = clone_as(number)
        if pid >= 0:
            break
        time.sleep(0.01) # the kernel frees it a little later than /proc shows
    if pid == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.write(tell, b"x")
        time.sleep(60)
        os._exit(0)
    os.close(tell)
    if pid > 0:
        os.read(is_ready, 1)
    os.close(is_ready)
    return pid if pid > 0 else None


def test_number_used_again():
    """The service's first process has ended, its daemon has a group of its own: Ctrl-C is nobody else's."""
    text = "terminal: Ctrl-C does not reach who has the service's number now"
    terminal = Terminal([CINCH, "train", "-q", "-o", "p.json", "--", "sh", "-c", "echo first $$.; setsid sleep 3 &"])
    terminal.read(until=b".")
    number = int(re.search(rb"first (\d+)", terminal.output)[1])
    while is_in_use(number):
        time.sleep(0.01)
    stranger = stranger_with(number)
    os.write(terminal.master, b"\x03")
    terminal.end()
    if stranger is None:
        print(f"ok - {text} # SKIP no process can be given that number")
        return
    ended, status = os.waitpid(stranger, os.WNOHANG)
    verdict(text, not ended, b"status %d" % status)
    if not ended:
        os.kill(stranger, signal.SIGKILL)
        os.waitpid(stranger, 0)


def test_typing():
    """ioctl_tty(2), TIOCSTI: what the service puts there the shell would read as typed."""
    service = ("import fcntl, termios\n"
               "for path in ('/dev/stdin', '/dev/tty'):\n"
               "    try: fcntl.ioctl(open(path), termios.TIOCSTI, b'x'); print('typed')\n"
               "    except OSError as error: print('refused')\n"
               "try: fcntl.ioctl(0, termios.TIOCSTI, b'x'); print('typed')\n"
               "except OSError as error: print('refused')\n")
    user = ["--user", "nobody"] if os.geteuid() == 0 else []
    terminal = Terminal([CINCH, "train", "-q", "-o", "p.json", *user, "--", "/usr/bin/python3", "-I", "-c", service])
    terminal.end()
    verdict("terminal: the service cannot type into it",
            terminal.output.count(b"refused") == 3 and b"typed" not in terminal.output, terminal.output)


def test_words():
    """What cinch says is wider than the terminal: no word is cut in two."""
    for command in ([CINCH, "help", "train"], [CINCH, "train", "--pid", "1"], [CINCH, "suggest", "no-such-profile.json"]):
        terminal = Terminal(["sh", "-c", 'stty cols 40; exec "$@"', "sh", *command])
        terminal.end()
        lines = terminal.output.replace(b"\r", b"").split(b"\n")
        wide = [line for line in lines if len(line) > 40 and len(line.split()) > 1]
        verdict(f"terminal: no word of '{' '.join(command[1:])}' is broken", terminal.output and not wide, b"\n".join(wide))


for test in (test_line, test_silence, test_suspend, test_resize, test_killed, test_stopped_terminal, test_interrupt,
             test_number_used_again, test_typing, test_words):
    test()
sys.exit(failures > 0)
