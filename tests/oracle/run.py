#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The oracle: cinch and strace must see the same system calls, open the same files, name the same paths.

Each program of the table is run under `strace -f -n -y` and under `cinch train`, from the same
beginnings, and the sets of (architecture, call) are compared; so are the files that successful
opens led to, and every path that a call of names.py took, with what it was for and how the call
ended. tests/oracle/explained lists the differences that are right, each with its reason;
any other fails. A program whose calls hang on the clock is given up to three rounds, whose sets are
joined: what one tool sees and the other never does still differs.

usage: run.py CINCH [PROGRAM...]
       run.py --strace-twice [PROGRAM...]    holds strace against itself: are the programs steady?
"""
import fnmatch
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True # nothing is left beside the sources
import names # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = 3
LIMIT_S = 60
CLAIM = "claim " # before what cinch says of a call that strace must have told of, too
OPEN_CALLS = {"open", "openat", "openat2", "creat", "open_by_handle_at"}
# Calls that strace takes apart and names by what is inside, by their number (strace -n).
MULTIPLEXED = {("x86", 102): "socketcall", ("x86", 117): "ipc"}
# The few names on which strace and libseccomp differ, as strace's -> libseccomp's.
STRACE_NAMES = {("x86", "old_mmap"): "mmap", ("x86", "old_select"): "select"}


# ---- the programs: beginnings (files in a fresh directory), command, what happens beside it ----


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port):
    """Until something listens there; by /proc, as a connection would be seen by the service."""
    wanted = f"0100007F:{port:04X}"
    for _ in range(LIMIT_S * 50):
        with open("/proc/net/tcp", encoding="ascii") as table:
            if any(f"{wanted} 00000000:0000 0A" in line for line in table):
                return
        time.sleep(0.02)


def talk(port, sent, enough):
    """Sends bytes and reads until `enough` stands in the answer or the peer is done."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S) as client:
        client.sendall(sent)
        answer = b""
        while enough not in answer:
            part = client.recv(65536)
            if not part:
                break
            answer += part
    return answer


def nginx(case):
    port = case.port
    case.write("www/index.html", "hello\n" * 100)
    case.write("nginx.conf", f"""
        daemon off; worker_processes 1; pid {case.path}/nginx.pid; error_log {case.path}/error.log;
        user nobody nogroup;
        events {{ worker_connections 16; }}
        http {{
            access_log {case.path}/access.log;
            client_body_temp_path {case.path}/t1; proxy_temp_path {case.path}/t2;
            fastcgi_temp_path {case.path}/t3; uwsgi_temp_path {case.path}/t4; scgi_temp_path {case.path}/t5;
            server {{ listen 127.0.0.1:{port}; root {case.path}/www; }}
        }}
    """)
    os.chmod(case.path, 0o755)

    def beside():
        wait_for_port(port)
        time.sleep(0.3)
        for name in ("/index.html", "/absent"):
            talk(port, f"GET {name} HTTP/1.0\r\n\r\n".encode(), b"\x00")
        time.sleep(0.2)
        with open(f"{case.path}/nginx.pid", encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGTERM)

    return ["nginx", "-e", f"{case.path}/error.log", "-c", f"{case.path}/nginx.conf"], beside


def redis(case):
    port = case.port

    def beside():
        wait_for_port(port)
        time.sleep(0.3)
        talk(port, b"SET a 1\r\nGET a\r\nSAVE\r\n", b"$1\r\n1\r\n+OK\r\n")
        time.sleep(0.3)
        talk(port, b"SHUTDOWN NOSAVE\r\n", b"\x00")

    # io-threads and the jemalloc background thread sleep and wake by the clock: off.
    return ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", case.path,
            "--jemalloc-bg-thread", "no", "--activerehashing", "no"], beside


def curl_refused(case):
    return ["curl", "-sS", "--max-time", "20", f"http://127.0.0.1:{case.port}/"], None


def curl_served(case):
    case.write("www/file", "hello\n" * 1000)
    server = subprocess.Popen(
        [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", f"{case.path}/www",
         str(case.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    case.servers.append(server)
    wait_for_port(case.port)
    return ["curl", "-sS", "-o", "got", f"http://127.0.0.1:{case.port}/file"], None


def shell(text):
    return lambda case: (["sh", "-c", text], None)


def python(case):
    case.write("program.py", """
import hashlib, json, os, subprocess, sys, tempfile, threading
with tempfile.TemporaryDirectory(dir='.') as directory:
    with open(os.path.join(directory, 'a'), 'w') as file:
        json.dump({'a': [1, 2]}, file)
    os.listdir(directory)
thread = threading.Thread(target=lambda: hashlib.sha256(b'x').hexdigest())
thread.start()
thread.join()
print(subprocess.check_output(['/bin/echo', 'hello']))
sys.exit(3)
""")
    return ["/usr/bin/python3", "-I", "-B", "program.py"], None


def tracee(name, *flags):
    def make(case):
        program = f"{case.path}/{name}"
        source = os.path.join(HERE, "tracees", f"{name}.c")
        made = subprocess.run(["gcc", "-O1", "-pthread", *flags, "-o", program, source],
                              capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise Skip(f"gcc {' '.join(flags)}: {made.stderr.strip().splitlines()[0]}")
        case.must_succeed = True
        return [program], None
    return make


def plain(*command):
    return lambda case: (list(command), None)


PROGRAMS = {
    "true": plain("true"),
    "false": plain("false"),
    "not-found-inside": shell("/no/such/program; no-such-command; exit 0"),
    "ls": plain("ls", "-l", "/etc"),
    "cat": plain("cat", "/etc/passwd", "/etc/absent"),
    "shell-loop": shell("for i in 1 2 3; do echo $i | cat >out.$i; done; cat out.* | sort -r; rm out.*"),
    "shell-background": shell("(cd / && pwd) & wait; kill -TERM $$"),
    "find": plain("find", "/etc/apt", "-name", "*.list", "-newer", "/etc/passwd"),
    "getent": plain("getent", "hosts", "localhost"),
    "id": plain("id"),
    "python": python,
    "tar": shell("mkdir d; echo a >d/a; ln -s a d/l; tar -cf d.tar d; rm -r d; tar -xf d.tar; cp -a d e"),
    "curl-refused": curl_refused,
    "curl-served": curl_served,
    "files": tracee("files"),
    "files-32": tracee("files", "-m32"),
    "files-static": tracee("files", "-static"),
    "names": tracee("names"),
    "names-32": tracee("names", "-m32"),
    "tasks": tracee("tasks"),
    "sockets": tracee("sockets"),
    "sockets-32": tracee("sockets", "-m32"),
    "numbers": tracee("numbers"),
    "nginx": nginx,
    "redis": redis,
}


class Skip(Exception):
    """Something the program needs is not here."""


class Case:
    """One run of one program, in a fresh directory that has the same name each time."""

    def __init__(self, root, name, port):
        self.path = os.path.join(root, name)
        self.port = port
        self.servers = []
        self.must_succeed = False
        shutil.rmtree(self.path, ignore_errors=True)
        os.makedirs(self.path)

    def write(self, name, text):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def done(self):
        for server in self.servers:
            server.kill()
            server.wait()


def run(case, make, wrap):
    """Runs the program inside `wrap(command)`; what happens beside it runs in a thread."""
    command, beside = make(case)
    helper = threading.Thread(target=beside, daemon=True) if beside else None
    process = subprocess.Popen(wrap(command), cwd=case.path, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/"})
    if helper:
        helper.start()
    try:
        output, _ = process.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    finally:
        case.done()
    return process.returncode, output


# ---- what each tool says ----

LINE = re.compile(r"^(\d+)\s+(.*)$")
MODE = re.compile(r"^(?:\[ *\d+\] )?\[ Process PID=\d+ runs in (\d+) bit mode\. \]$")
CALL = re.compile(r"^(?:\[ *(\d+)\] |<\.\.\. )([a-z_][a-z0-9_]*)(?:\(| resumed>)")
OPENED = re.compile(r"= \d+<(/.*)>$")


def native():
    return {"x86_64": "x86_64", "aarch64": "aarch64"}.get(os.uname().machine, os.uname().machine)


def unescape(text):
    return text.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1").decode(
        "utf-8", "backslashreplace")


def place(path):
    """A path without what changes from run to run: process ids, random names."""
    path = re.sub(r"\(deleted\)$", "", path)
    path = re.sub(r"^/proc/(\d+|self|thread-self|<pid>)(/task/\d+)?(?=/|$)", "/proc/PID", path)
    path = re.sub(r"/tmp[a-z0-9_]{8}(?=/|$)", "/tmpRANDOM", path)
    return re.sub(r"(?<=[-./])\d{3,}(?=\.|$)", "NUMBER", path)


def libseccomp_name(arch, number, name):
    if name.startswith("syscall_0x"):
        return f"#{number}"
    return MULTIPLEXED.get((arch, number)) or STRACE_NAMES.get((arch, name), name)


def strace_run(case, make):
    log = f"{case.path}.strace"
    status, output = run(case, make, lambda command: [
        "strace", "-f", "-n", "-y", "-s", "0", "--quiet=attach,exit,path-resolution,thread-execve", "-o", log,
        *command])
    seen, modes, told, parent = set(), {}, names.Told(case.path), None
    with open(log, encoding="utf-8", errors="backslashreplace") as file:
        for line in file:
            match = LINE.match(line.rstrip("\n"))
            if not match:
                continue
            task, text = match.groups()
            mode, call = MODE.match(text), CALL.match(text)
            seen |= {f"{kind}:{place(name)}:{outcome}" for kind, name, outcome in told.line(task, text)}
            modes.setdefault(task, modes.get(parent)) # a new task runs as its parent does
            if mode:
                modes[task] = mode[1]
            if not call:
                continue
            number, name = call.groups()
            if name in ("clone", "clone3", "fork", "vfork"):
                parent = task
            if number: # else the end of a call whose beginning is a line of its own
                arch = "x86" if modes.get(task) == "32" else native()
                seen.add(f"{arch}/{libseccomp_name(arch, int(number), name)}")
            opened = OPENED.search(text)
            if name in OPEN_CALLS and opened:
                seen.add("open:" + place(unescape(opened[1])))
    return status, output, seen


def decode(text):
    """Undoes text_encode: \\\\ and \\xHH."""
    raw = re.sub(rb"\\(\\|x[0-9a-f]{2})",
                 lambda m: b"\\" if m[1] == b"\\" else bytes([int(m[1][1:], 16)]), text.encode("ascii"))
    return raw.decode("utf-8", "backslashreplace")


def cinch_seen(profile):
    """(what cinch must not have that strace has not, what it has)."""
    calls = set()
    for fact in profile["syscalls"]:
        name = fact["name"] if fact.get("name") is not None else f"#{fact['number']}"
        calls.add(f"{fact['arch']}/{name}")
    paths = {"open:" + place(decode(fact["path"])) for fact in profile["paths"]}
    for fact in profile["paths"]:
        name = place(names.absolute("/", decode(fact["requested"])))
        for kind, is_claim in names.kinds_of(fact):
            thing = f"{kind}:{name}:{names.outcome_of(fact)}"
            paths |= {thing, CLAIM + thing} if is_claim else {thing}
    return calls, paths


def cinch_run(cinch):
    def measure(case, make):
        path = f"{case.path}.json"
        status, output = run(case, make, lambda command: [cinch, "train", "--inherit-environment", "-o", path, "--", *command])
        with open(path, encoding="utf-8") as file:
            calls, paths = cinch_seen(json.load(file))
        # cinch knows more paths than were opened; only those strace has are compared. Of those that
        # calls of names.py took neither may know more.
        return status, output, calls | paths
    return measure


# ---- holding one against the other ----


def read_explained():
    rows = []
    with open(os.path.join(HERE, "explained"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                program, side, what, reason = line.split(None, 3)
                rows.append((program, side, what, reason))
    return rows


def unexplained(rows, program, side, things):
    return sorted(thing for thing in things if not any(
        fnmatch.fnmatchcase(program, row[0]) and row[1] in ("*", side)
        and fnmatch.fnmatchcase(thing, row[2]) for row in rows))


def compare(name, make, root, subject, explained):
    """The differences that are left after the rounds, as lines; empty when there are none."""
    expected, actual, port = set(), set(), free_port()
    for _ in range(ROUNDS):
        lines = []
        case = Case(root, name, port)
        status, output, seen = strace_run(case, make)
        expected |= seen
        if case.must_succeed and status != 0:
            return [f"the program itself failed, with {status}: {output[-300:]!r}"], 0, 0
        subject_status, output, seen = subject(Case(root, name, port), make)
        actual |= seen
        claimed = {thing for thing in actual if not thing.startswith(CLAIM)}
        if status != subject_status:
            lines.append(f"ended with {subject_status}, and {status} under strace: {output[-300:]!r}")
        lines += [f"only strace saw {thing}"
                  for thing in unexplained(explained, name, "strace", expected - actual)]
        lines += [f"only cinch saw {thing}"
                  for thing in unexplained(explained, name, "cinch", claimed - expected)
                  if ":" not in thing or CLAIM + thing in actual]
        if not lines:
            break
    return lines, sum(":" not in thing for thing in expected), sum(":" in thing for thing in expected)


def judge(name, root, subject, explained):
    """Prints the verdict on one program; returns whether it is bad."""
    try:
        lines, calls, files = compare(name, PROGRAMS[name], root, subject, explained)
    except Skip as reason:
        print(f"ok - oracle {name} # SKIP {reason}", flush=True)
        return False
    except (subprocess.TimeoutExpired, OSError, ValueError, KeyError, TypeError) as problem:
        lines, calls, files = [f"{type(problem).__name__}: {problem}"], 0, 0
    for line in lines:
        print(f"# {name}: {line}")
    print(f"{'not ok' if lines else 'ok'} - oracle {name}: {calls} calls, {files} paths", flush=True)
    return bool(lines)


def notices(root):
    """The oracle must fail a tool that saw nothing, and one that saw too much."""
    def nothing(case, make):
        status, output, _ = strace_run(case, make)
        return status, output, set()

    def too_much(case, make):
        status, output, seen = strace_run(case, make)
        invented = "stat:/invented:success"
        return status, output, seen | {f"{native()}/reboot", invented, CLAIM + invented}

    missed, _, _ = compare("true", PROGRAMS["true"], root, nothing, read_explained())
    extra, _, _ = compare("true", PROGRAMS["true"], root, too_much, read_explained())
    good = {"only strace saw execute:/usr/bin/true:success", f"only strace saw {native()}/execve"} <= set(missed) \
        and extra == ["only cinch saw stat:/invented:success", f"only cinch saw {native()}/reboot"]
    print("ok" if good else "not ok", "- oracle notices what is missing and what is too much")
    return good


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    subject = strace_run if sys.argv[1] == "--strace-twice" else cinch_run(os.path.abspath(sys.argv[1]))
    explained = read_explained()
    root = tempfile.mkdtemp(prefix="cinch-oracle-")
    try:
        bad = [] if notices(root) else ["the oracle itself"]
        bad += [name for name in sys.argv[2:] or PROGRAMS if judge(name, root, subject, explained)]
    finally:
        shutil.rmtree(root, ignore_errors=True)
    sys.exit(1 if bad else 0)


main()
