# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by the scripts whose services are steps (tests/live/steps.c): training one, its drop-in, and what it comes
# to under it.
# shellcheck shell=bash
steps=/rig/bin/steps
units=/run/systemd/system

# trained NAME "SETTING..." STEP...: trains a service of that name, whose unit has these lines. What
# is in train_with are options of that training alone.
train_with=()
trained() {
    local name=$1 settings=$2 said
    shift 2
    # shellcheck disable=SC2086
    printf '%s\n' "[Service]" "Type=oneshot" "ExecStart=$steps $*" "StandardError=truncate:/run/$name.err" $settings >"$units/$name.service"
    if ! said=$(timeout 60 /rig/cinch train -o "/run/$name.json" "${train_with[@]}" -- $steps "$@" 2>&1 </dev/null); then
        not_ok "$name: is trained" <<<"$said"
        train_with=()
        return 1
    fi
    train_with=()
}
suggested() { # NAME FORM [OPTION...]
    local name=$1 form=$2
    shift 2
    mkdir -p "$units/$name.service.d"
    timeout 30 /rig/cinch suggest --comments full "/run/$name.json" --unit "$units/$name.service" --filesystem "$form" "$@" \
        >"$units/$name.service.d/50-cinch.conf" 2>/run/suggest.err </dev/null ||
        { not_ok "$name: a suggestion ($form)" </run/suggest.err && return 1; }
    sed -n 's/^RootDirectory=\(.\)/\1/p' "$units/$name.service.d/50-cinch.conf" | xargs -r mkdir -p
    systemctl daemon-reload
    empty "$name: systemd has no complaint ($form)" \
        "$(systemd-analyze verify "$units/$name.service" 2>&1 | grep -F "$name.service")"
}
line() { # NAME PATTERN: is there a line?
    grep -Eq "$2" "$units/$1.service.d/50-cinch.conf"
}
said() { # NAME
    journalctl --sync
    journalctl --no-pager --output=cat --unit="$1" --lines=8
    cat "/run/$1.err"
    grep -Ev '^ *#|^$|^SystemCall' "$units/$1.service.d/50-cinch.conf"
}
survives() { # NAME TEXT
    if timeout 30 systemctl start "$1" >/dev/null 2>&1 </dev/null; then
        ok "$1: $2"
    else
        said "$1" | not_ok "$1: $2"
    fi
    systemctl stop "$1" 2>/dev/null
    systemctl reset-failed "$1" 2>/dev/null
}
# inside NAME QUESTION...: what the probe finds in the same sandbox, all calls let through.
inside() {
    local name=$1 more=
    shift
    grep -q '^NoExecPaths=/' "$units/$name.service.d/50-cinch.conf" && more="ExecPaths=/rig/bin/probe"
    printf '%s\n' "[Service]" "ExecStart=" "ExecStart=/rig/bin/probe $*" "SystemCallFilter=" \
        "StandardOutput=truncate:/run/probe.out" "BindReadOnlyPaths=/rig/bin/probe" "$more" \
        >"$units/$name.service.d/90-probe.conf"
    systemctl daemon-reload
    rm -f /run/probe.out
    timeout 30 systemctl start "$name" >/dev/null 2>&1
    rm -f "$units/$name.service.d/90-probe.conf"
    systemctl daemon-reload
    systemctl stop "$name" 2>/dev/null
    systemctl reset-failed "$name" 2>/dev/null
    cat /run/probe.out 2>/dev/null
}

last_error() { # NAME: how its last step failed
    sed -n 's/^[a-z]*:\/.*: \(E[A-Z]*\)$/\1/p' "/run/$1.err" | tail -n 1 | grep . || echo no-answer
}
# tries NAME STEP...: what the last step comes to in the same sandbox, all calls let through.
tries() {
    local name=$1
    shift
    printf '%s\n' "[Service]" "ExecStart=" "ExecStart=$steps $*" "SystemCallFilter=" \
        >"$units/$name.service.d/90-try.conf"
    systemctl daemon-reload
    if timeout 30 systemctl start "$name" >/dev/null 2>&1; then echo ok; else last_error "$name"; fi
    rm -f "$units/$name.service.d/90-try.conf"
    systemctl daemon-reload
    systemctl stop "$name" 2>/dev/null
    systemctl reset-failed "$name" 2>/dev/null
}

# under_way NAME COMMAND...: what it comes to when the command runs between its steps.
under_way() {
    local name=$1 state=
    shift
    rm -f /srv/turn/*
    systemctl start --no-block "$name"
    timeout 30 bash -c 'until [ -e /srv/turn/begun ]; do sleep 0.02; done'
    "$@"
    touch /srv/turn/go
    for _ in $(seq 1000); do
        state=$(systemctl show -P ActiveState "$name")
        case $state in inactive | failed) break ;; esac
        sleep 0.02
    done
    if [ "$state" = inactive ]; then echo ok; else last_error "$name"; fi
    systemctl reset-failed "$name" 2>/dev/null
}
