# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by the scripts that run inside the rig's container: verdicts, probes, refusals.
# shellcheck shell=bash
set -u -o pipefail

passed=0
failed=0

# Everything a test says: one `ok` or `not ok` line (TAP), details on lines that start with "#".
ok() {
    passed=$((passed + 1))
    echo "ok - $test: $*"
}
not_ok() { # TEXT, details on standard input
    failed=$((failed + 1))
    echo "not ok - $test: $*"
    head -n 40 | sed 's/^/#   /'
    return 1
}
note() { echo "# $test: $*"; }

# check TEXT COMMAND...: the command's success is the verdict, its output the detail.
check() {
    local text=$1 output
    shift
    [ "$(type -t "$1")" = function ] || set -- timeout --kill-after=5 60 "$@"
    if output=$("$@" 2>&1 </dev/null); then
        ok "$text"
    else
        not_ok "$text" <<<"exit status $? of: $*"$'\n'"$output"
    fi
}
is() { # TEXT WANTED GOT
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" <<<"wanted: $2"$'\n'"got:    $3"; fi
}
one_of() { # TEXT "WANTED WANTED..." GOT
    case " $2 " in
    *" $3 "*) ok "$1" ;;
    *) not_ok "$1" <<<"wanted one of: $2"$'\n'"got: $3" ;;
    esac
}
empty() { # TEXT LINES
    if [ -z "$2" ]; then ok "$1"; else not_ok "$1" <<<"$2"; fi
}
finish() {
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
    exit
}

# The answer to one question in the output of the probe.
answer() { # OUTPUT QUESTION
    awk -F '\t' -v question="$2" '$1 == question { print $2; found = 1; exit }
        END { if (!found) print "no-answer" }' <<<"$1"
}

# The probe, and a copy that no other container has: the audit log is the whole machine's, and of a process
# that ended at once it cannot be asked any more whose it was.
probe=/rig/bin/probe
own_probe() {
    probe=/run/$RIG_NAME
    [ -x "$probe" ] || cp /rig/bin/probe "$probe"
}
# How often the audit log has a call of that copy: own_logged CALL ACTION
own_logged() {
    denials_settle && grep -c "^$1 [^ ]* /run/$RIG_NAME $2 " /rig/denials
}

# Runs the probe as a transient service: sandboxed "-p DIRECTIVE..." -- QUESTION...
sandboxed() {
    local options=()
    while [ "$1" != -- ]; do
        options+=(-p "$1")
        shift
    done
    shift
    timeout 30 systemd-run --quiet --wait --pipe --collect "${options[@]}" "$probe" "$@" </dev/null 2>&1
}

# Waits until all refusals so far stand in /rig/denials: until a refusal of our own does.
denials_settle() {
    local mark=m$RANDOM$RANDOM
    /rig/bin/probe "mark:$mark" >/dev/null
    for _ in $(seq 250); do
        grep -q " $mark " /rig/denials && return
        sleep 0.02
    done
    echo "the audit log cannot be read here: $(head -n 1 /rig/denials)"
    return 1
}

# What seccomp refused since the last call of denials_forget, one a line, without the container's own
# housekeeping and the probe, whose job it is to be refused. Of processes that ended at once, and so
# might be of another container, only those that run one of $programs.
denials_seen=0
programs=
denials_forget() {
    denials_settle && denials_seen=$(wc -l </rig/denials)
}
denials() {
    denials_settle || return
    tail -n +$((denials_seen + 1)) /rig/denials |
        awk -v programs=" $programs " '
            $3 ~ /^(\/rig\/bin\/probe|\/usr\/lib\/systemd\/systemd-[a-z-]+|\/usr\/bin\/dbus-daemon)$/ { next }
            $5 == "here" || index(programs, " " $3 " ")'
}

wait_for_port() { # PORT
    for _ in $(seq 200); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
        sleep 0.05
    done
    echo "nothing listens on port $1 after 10 seconds"
    return 1
}
