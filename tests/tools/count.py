# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts the tests of one stage: passed, failed, skipped.

usage: count.py STATUS LOG NAMES <list of .trs files
Counted are, where they exist: automake's .trs verdicts (and inside their logs the TAP lines, which
say more); else the TAP lines of LOG; else its "N passed, N failed, N skipped" lines; else
the exit status alone. A stage that exits nonzero has at least one failure. With CI=true a skip is a
failure, unless CINCH_MAY_SKIP names it or the distribution's mirror lacks what it lists. NAMES
receives a line per failed or skipped test.
"""
import os
import re
import sys

TAP = re.compile(r"^(not ok|ok)\b\s*(?:\d+)?\s*-?\s*(.*)$")
SUM = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$")
NOT_ON_MIRROR = "# SKIP not on the mirror: "
SKIP = re.compile(r"#\s*SKIP\b\s*(.*)", re.IGNORECASE)


def lines_of(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read().splitlines()
    except OSError:
        return []


def tap(lines):
    """The (verdict, name) of every TAP line."""
    found = []
    for line in lines:
        match = TAP.match(line)
        if not match:
            continue
        verdict = "passed" if match[1] == "ok" else "failed"
        if SKIP.search(match[2]):
            verdict = "skipped"
        found.append((verdict, match[2].strip()))
    return found


def automake(trs):
    """The verdicts of one automake test."""
    log = trs[: -len(".trs")] + ".log"
    name = os.path.relpath(trs[: -len(".trs")])
    result = next((l.split()[1] for l in lines_of(trs) if l.startswith(":test-result:")), "ERROR")
    lines = lines_of(log)
    if result == "SKIP":
        return [("skipped", f"{name}: {lines[-2] if len(lines) > 1 else ''}".strip())]
    inside = [(verdict, f"{name}: {what}") for verdict, what in tap(lines)]
    good = result in ("PASS", "XFAIL")
    if not inside:
        return [("passed" if good else "failed", name)]
    if not good and all(verdict != "failed" for verdict, _ in inside):
        inside.append(("failed", f"{name}: ended with {result}"))
    return inside


def main():
    status, log, names = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    tests = [test for trs in sys.stdin.read().split() for test in automake(trs)]
    lines = lines_of(log)
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    if not tests:
        tests = tap(lines)
    if not tests:
        for match in filter(None, map(SUM.match, lines)):
            for index, verdict in enumerate(counts, start=1):
                tests += [(verdict, f"one of {log}")] * int(match[index])
    if not tests:
        tests = [("passed" if status == 0 else "failed", "the whole stage")]
    may_skip = os.environ.get("CINCH_MAY_SKIP", "").split()
    told = []
    for verdict, name in tests:
        if verdict == "skipped" and os.environ.get("CI") == "true":
            if NOT_ON_MIRROR not in name and not any(word in name for word in may_skip):
                verdict, name = "failed", f"{name} (a skip, and with CI=true none is allowed)"
        counts[verdict] += 1
        if verdict != "passed":
            told.append(f"{verdict}: {name[:160]}\n")
    if status and not counts["failed"]:
        counts["failed"] = 1
        told.append(f"failed: the stage ended with status {status}\n")
    with open(names, "w", encoding="utf-8") as stream:
        stream.writelines(told)
    print(*counts.values())


main()
