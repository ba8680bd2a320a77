# SPDX-License-Identifier: LGPL-2.1-or-later
"""The paths that calls take, as strace prints them: which argument is one, and what it is for.

Written from the manual pages, not from cinch's table of roles, which it is held against.
"""
import os
import re

STAT, WRITE, CREATE, DELETE = "stat", "write", "create", "delete"
OPEN_CALLS = {"open", "openat", "openat2", "creat"}


def at(first, use):
    """A pair of a directory's descriptor and a name."""
    return (first + 1, use, first)


# call: (argument, use, argument with the directory's descriptor)
CALLS = {
    "rename": [(0, DELETE, None), (1, CREATE, None)],
    "renameat": [at(0, DELETE), at(2, CREATE)],
    "renameat2": [at(0, DELETE), at(2, CREATE)],
    "link": [(0, WRITE, None), (1, CREATE, None)],
    "linkat": [at(0, WRITE), at(2, CREATE)],
    "symlink": [(1, CREATE, None)],
    "symlinkat": [at(1, CREATE)],
    "inotify_add_watch": [(1, "list", None)],
    "execveat": [at(0, "execute")],
}
CALLS |= {name: [(0, STAT, None)] for name in (
    "stat", "lstat", "stat64", "lstat64", "access", "readlink", "chdir", "chroot", "statfs", "statfs64",
    "getxattr", "lgetxattr", "listxattr", "llistxattr")}
CALLS |= {name: [at(0, STAT)] for name in (
    "newfstatat", "fstatat64", "statx", "faccessat", "faccessat2", "readlinkat", "name_to_handle_at")}
CALLS |= {name: [(0, WRITE, None)] for name in (
    "chmod", "chown", "chown32", "lchown", "lchown32", "truncate", "truncate64", "utime", "utimes",
    "setxattr", "lsetxattr", "removexattr", "lremovexattr")}
CALLS |= {name: [at(0, WRITE)] for name in ("fchmodat", "fchmodat2", "fchownat", "utimensat", "futimesat")}
CALLS |= {name: [(0, CREATE, None)] for name in ("mkdir", "mknod")}
CALLS |= {name: [at(0, CREATE)] for name in ("mkdirat", "mknodat")}
CALLS |= {name: [(0, DELETE, None)] for name in ("unlink", "rmdir")}
CALLS["unlinkat"] = [at(0, DELETE)]
CALLS["execve"] = [(0, "execute", None)]
SOCKET_CALLS = {"bind": "bind", "connect": "connect", "sendto": "connect"}

UNFINISHED = re.compile(r"^(.*?) ?<unfinished \.\.\.>$")
RESUMED = re.compile(r"^(?:\[ *\d+\] )?<\.\.\. [a-z0-9_]+ resumed>(.*)$")
WHOLE = re.compile(r"^\[ *\d+\] ([a-z][a-z0-9_]*)\((.*)\) += (-?\d+|\?|0x[0-9a-f]+)(.*)$")
SUN_PATH = re.compile(r'sun_path="((?:[^"\\\\]|\\\\.)*)"')


def unescape(text):
    return text.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1").decode(
        "utf-8", "backslashreplace")


def split(text):
    """The arguments: commas count outside of quotes, brackets and the <names> of descriptors."""
    parts, depth, quoted, escaped, part = [], 0, False, False, ""
    for i, c in enumerate(text):
        if quoted:
            quoted = escaped or c != '"'
            escaped = c == "\\" and not escaped
        elif c == '"':
            quoted = True
        elif c in "{[(<":
            depth += 1
        elif c in "}])" or (c == ">" and text[i - 1] not in "-="):
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(part.strip())
            part = ""
            continue
        part += c
    return parts + [part.strip()]


def absolute(base, name):
    path = os.path.normpath(os.path.join(base, name))
    return "/" + path.lstrip("/")


def descriptor(text):
    """The path strace gives for AT_FDCWD</cwd> or 3</dir>."""
    match = re.fullmatch(r"(?:AT_FDCWD|\d+)<(/.*)>", text)
    return unescape(match[1]) if match else None


def quoted(text):
    return unescape(text[1:-1]) if len(text) > 1 and text[0] == text[-1] == '"' else None


class Told:
    """Follows the lines of one log: halves of calls, and where each task's working directory is."""

    def __init__(self, cwd):
        self.halves, self.cwds, self.forked_in = {}, {}, os.path.realpath(cwd)

    def cwd(self, task):
        return self.cwds.setdefault(task, self.forked_in)

    def line(self, task, text):
        """What the end of a call tells: (use, name, outcome) of each path it took."""
        self.cwd(task)
        half, rest = UNFINISHED.match(text), RESUMED.match(text)
        if re.match(r"^\[ *\d+\] (clone3?|v?fork)\(", text):
            self.forked_in = self.cwd(task)
        if half:
            self.halves[task] = half[1]
            return []
        if rest:
            text = self.halves.pop(task, "") + rest[1]
        whole = WHOLE.match(text)
        return list(self.paths(task, *whole.groups())) if whole else []

    def paths(self, task, call, text, result, after):
        error = re.match(r" (E[A-Z0-9]+) ", after)
        if result == "?" and call != "execve":
            return
        outcome = error[1] if error else "success"
        arguments = split(text)
        for position, use, directory in CALLS.get(call, []):
            name = quoted(arguments[position]) if position < len(arguments) else None
            base = self.cwd(task) if directory is None else descriptor(arguments[directory])
            if name and (name[0] == "/" or base):
                yield use, absolute(base or "/", name), outcome
                if call == "chdir" and outcome == "success":
                    self.cwds[task] = absolute(base, name)
        if call == "fchdir" and outcome == "success":
            self.cwds[task] = descriptor(arguments[0]) or self.cwd(task)
        if call in OPEN_CALLS and error:
            has_directory = call in ("openat", "openat2")
            name = quoted(arguments[1 if has_directory else 0])
            base = descriptor(arguments[0]) if has_directory else self.cwd(task)
            if name and (name[0] == "/" or base):
                yield "tried", absolute(base or "/", name), outcome
        if call in SOCKET_CALLS:
            path = SUN_PATH.search(text)
            if path and path[1]:
                yield SOCKET_CALLS[call], absolute(self.cwd(task), unescape(path[1])), outcome


# ---- what cinch says of the same ----


def outcome_of(fact):
    return fact["outcome"] or "unknown"


def kinds_of(fact):
    """What a path fact of cinch may be compared as, and whether strace must have told the same: the
    call that showed it first takes paths. (Links on the way, and what the kernel loads, it does not
    tell.)"""
    calls = {seen["call"] for seen in fact["seen"]}
    taken = {use for call in calls for _, use, _ in CALLS.get(call, [])} | {
        use for call, use in SOCKET_CALLS.items() if call in calls}
    kinds = [(fact["use"], fact["use"] in taken)]
    if fact["outcome"] not in ("success", None) and fact["use"] != "link":
        kinds.append(("tried", False))
    return kinds
