# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by the scripts of this folder: runs a command, keeps what it said, and judges it in TAP.
# shellcheck shell=bash
set -u
export LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
program=$CINCH_PROGRAM # cinch itself; see run
failures=0
status=0 # of the last said(); its output is in the files out and err

# said COMMAND...: runs it with a limit of time.
said() {
    timeout -k 5 60 "$@" >out 2>err </dev/null
    status=$?
}
# A shell of its own around it, so that a death by signal shows as 128+n, as a user sees it.
said_to_a_shell() { # TEXT
    said bash -c "$1
exit \$?"
}
ok() { echo "ok - $*"; }
not_ok() { # TEXT
    echo "not ok - $*"
    echo "#   status $status"
    head -n 20 out | cut -c1-200 | sed 's/^/#   out: /'
    head -n 20 err | cut -c1-200 | sed 's/^/#   err: /'
    failures=$((failures + 1))
}
skip() { # TEXT REASON
    echo "ok - $1 # SKIP $2"
}
# verdict TEXT COMMAND...: the command's success.
verdict() {
    local text=$1
    shift
    if "$@"; then ok "$text"; else not_ok "$text"; fi
}
exits() { # WANTED TEXT
    if [ "$status" = "$1" ]; then ok "$2"; else not_ok "$2 (wanted status $1)"; fi
}
# refuses STATUS TEXT WORD...: that status, nothing on standard output, and on standard error one line of
# cinch's that has each word. Words are extended regular expressions.
refuses() {
    local wanted=$1 text=$2 word
    shift 2
    if [ "$status" != "$wanted" ]; then
        not_ok "$text (wanted status $wanted)"
        return
    fi
    if [ -s out ]; then
        not_ok "$text (it printed to standard output)"
        return
    fi
    for word in "$@"; do
        if ! grep '^cinch: ' err | grep -qE -- "$word"; then
            not_ok "$text (wanted a line with '$word')"
            return
        fi
    done
    ok "$text"
}
# A profile that is whole: JSON with the top-level members of the contract, and only its owner's.
is_profile() { # FILE
    [ "$(stat -c %a "$1" 2>/dev/null)" = 600 ] && jq -e '
        .format == "cinch-profile" and .version == 1
        and (.runs | length) > 0
        and (.syscalls | length) > 0 and (.syscalls | all(has("arch") and has("name") and has("count") and has("errors")))
        and ([has("paths", "sockets", "addresses", "programs", "host", "blind_spots")] | all)' "$1" >/dev/null
}
is_json() { # FILE
    jq -e . "$1" >/dev/null
}
has_call() { # FILE NAME
    jq -e --arg name "$2" '.syscalls | any(.name == $name)' "$1" >/dev/null
}
