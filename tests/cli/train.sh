# SPDX-License-Identifier: LGPL-2.1-or-later
# cinch train: exit statuses, streams, signals, and everything that can go wrong around a training.
. "$(dirname "$0")/lib.sh"
cinch=$1

# ---- what a shell would say ----
said "$cinch" train -o p.json -- no-such-command-anywhere
refuses 127 "train: a command that is not found" "no-such-command-anywhere" "not found"
verdict "train: no profile of a command that never ran" test ! -e p.json
said "$cinch" train -o p.json -- ./absent
refuses 127 "train: a path that is not there" "\./absent"
printf '#!/bin/sh\n' >plain && chmod 644 plain
said "$cinch" train -o p.json -- ./plain
refuses 126 "train: a file that is not executable" "\./plain" "[Pp]ermission denied"
said "$cinch" train -o p.json -- /etc
refuses 126 "train: a directory" "/etc"
printf '\177ELFnonsense' >garbage && chmod 755 garbage
said "$cinch" train -o p.json -- ./garbage
refuses 126 "train: a file that is no program" "\./garbage"
printf '#!/no/such/interpreter\n' >lost && chmod 755 lost
said "$cinch" train -o p.json -- ./lost
refuses 127 "train: a script without its interpreter" "\./lost"
said "$cinch" train -o p.json -- "$(printf 'evil\033[31m\nname')"
verdict "train: control bytes of a name are not printed" test -z "$(tr -d '\n -~' <err)"

# ---- the status is the command's ----
said "$cinch" train -o p.json -- sh -c 'exit 7'
exits 7 "train: exit status"
verdict "train: the profile is whole, and only its owner's" is_profile p.json
verdict "train: it knows the call that ended it" has_call p.json exit_group
if python3 -c 'import jsonschema; jsonschema.Draft202012Validator' 2>/dev/null; then
    said python3 "$top/tests/schema/validate.py" "$top/docs/profile.schema.json" \
        "$top/fixtures/fuzz/store/small.json" p.json
    exits 0 "train: the profile is as the schema says"
else
    skip "train: the profile is as the schema says" "no jsonschema 4 for python3 (apt-get install python3-jsonschema)"
fi
for signal in TERM:143 KILL:137 SEGV:139 PIPE:141; do
    said_to_a_shell "'$cinch' train -o p.json -- sh -c 'kill -${signal%:*} \$\$'"
    exits "${signal#*:}" "train: dies as the command did, by SIG${signal%:*}"
done
verdict "train: the profile of a command that died" is_profile p.json
said "$cinch" train -- true
verdict "train: the default place is ./true.cinch.json" is_profile true.cinch.json

# ---- streams are the command's ----
echo 'through and through' | timeout 60 "$cinch" train -o p.json -- cat >out 2>err
status=$?
verdict "train: standard input and output are the command's own" test "$status:$(cat out)" = "0:through and through"
verdict "train: the next command to type is on standard error" grep -qE 'cinch suggest .*p\.json' err

# ---- all of the tree ----
rm -f p.json
said "$cinch" train -o p.json -- sh -c '(sleep 0.3; mkdir made-late) & exit 4'
verdict "train: ends when the last process has" test -d made-late
exits 4 "train: the status is the first process's"
verdict "train: the late process is in the profile" has_call p.json mkdir

# ---- signals ----
cat >patient <<'END'
#!/bin/sh
trap 'echo told; exit 5' TERM
touch started
while :; do sleep 0.05; done
END
chmod 755 patient
wait_for() { # COMMAND...
    for _ in $(seq 200); do
        if "$@"; then return 0; fi
        sleep 0.05
    done
    return 1
}
rm -f started p.json
"$cinch" train -o p.json -- ./patient >out 2>err &
pid=$!
wait_for test -e started
kill -TERM $pid
wait $pid
status=$?
exits 5 "train: a signal sent to cinch is passed on"
verdict "train: and the profile is written all the same" is_profile p.json
rm -f started
"$cinch" train -o q.json -- ./patient >out 2>err &
pid=$!
wait_for test -e started
service=$(cat /proc/$pid/task/*/children | awk '{print $1}')
kill -KILL $pid
{ wait $pid; } 2>/dev/null # "Killed"
is_gone() { ! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status"; }
status="the service is process $service"
verdict "train: the service does not outlive its tracer" wait_for is_gone "$service"

# ---- workloads ----
cat >server.py <<'END'
import signal, socket, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen()
with open("port.new", "w") as file:
    file.write(str(server.getsockname()[1]))
import os
os.rename("port.new", "port")
while True:
    client, _ = server.accept()
    client.sendall(b"hello\n")
    client.close()
END
talk='exec 3<>/dev/tcp/127.0.0.1/$(cat port); cat <&3'
serve=(-- /usr/bin/python3 -I -B server.py)
rm -f port p.json
said "$cinch" train -o p.json --workload "bash -c '$talk' >said-back" "${serve[@]}"
exits 0 "train: a workload that succeeded"
verdict "train: it was run once the service was ready" grep -qx hello said-back
verdict "train: the service served" has_call p.json accept4
said "$cinch" train -o p.json --workload 'exit 3' "${serve[@]}"
exits 1 "train: a workload that failed fails the training"
verdict "train: and that is said" grep -qE '^cinch: .*workload.*3' err
verdict "train: the profile is written all the same" is_profile p.json
said "$cinch" train -o p.json --workload 'true' -- sh -c 'exit 0'
exits 1 "train: a service that ends before its workload"
verdict "train: and that is said" grep -qE '^cinch: .*(end|exit)' err
said "$cinch" train -o p.json --ready file:flag --workload 'test -e flag' -- sh -c 'sleep 0.3; touch flag; sleep 60'
exits 0 "train: --ready file:"
said "$cinch" train -o p.json --duration 0.5 -- sleep 60
exits 0 "train: --duration stops the service"

# ---- phases ----
cat >reloading <<'END'
#!/bin/sh
trap 'mkdir -p reloaded; sleep 1.5; mkdir -p reloaded-late; asked=yes' HUP
trap 'mkdir -p stopped; exit 0' TERM
mkdir -p started
until [ "${asked-}" ]; do sleep 0.05; done
sleep 4.5
mkdir -p served
while :; do sleep 0.05; done
END
chmod 755 reloading
phases_of() { # NAME: those in which the directory was made
    jq -r --arg path "$PWD/$1" '[.paths[] | select(.path == $path and .use == "create") | .seen[].phases[]] | unique | join(" ")' p.json
}
said "$cinch" train -q -o p.json --ready 0.5 --workload 'kill -HUP $MAINPID; for i in $(seq 200); do [ -d served ] && break; sleep 0.05; done' \
    -- ./reloading
exits 0 "train: a reload"
for pair in started:start reloaded:reload reloaded-late:reload served:serve stopped:stop; do
    verdict "train: ${pair%:*} in phase ${pair#*:}" test "$(phases_of "${pair%:*}")" = "${pair#*:}"
done


# ---- what the service tells its manager ----
cat >telling.py <<'END'
import os, signal, socket, sys, time
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
def tell(text):
    manager.sendto(text, os.environ["NOTIFY_SOCKET"])
def again(*_):
    tell(b"RELOADING=1")
    os.mkdir("told-again")
    tell(b"READY=1")
signal.signal(signal.SIGUSR1, again)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
os.mkdir("told-start")
tell(b"STATUS=up\nREADY=1")
time.sleep(0.02)
os.mkdir("told-serve")
for i in range(1000): # more than a socket holds
    tell(b"STATUS=%d" % i)
os.mkdir("told-all")
if sys.argv[1:]:
    tell(b"STOPPING=1")
    os.mkdir("told-stop")
    sys.exit(0)
while True:
    signal.pause()
END
until_there() { # NAME
    echo "for i in \$(seq 200); do [ -d $1 ] && break; sleep 0.05; done; [ -d $1 ]"
}
said timeout 60 "$cinch" train -q -o p.json --ready notify --workload \
    "$(until_there told-all) && kill -USR1 \$MAINPID && $(until_there told-again)" -- /usr/bin/python3 -I -B telling.py
exits 0 "train: a service that tells how it is"
for pair in told-start:start told-serve:serve told-again:reload; do
    verdict "train: ${pair%:*} in phase ${pair#*:}" test "$(phases_of "${pair%:*}")" = "${pair#*:}"
done
rmdir told-start told-serve told-all told-again
said timeout 60 "$cinch" train -q -o p.json --ready notify -- /usr/bin/python3 -I -B telling.py once
exits 0 "train: a service that tells that it stops"
for pair in told-start:start told-serve:serve told-stop:stop; do
    verdict "train: ${pair%:*} in phase ${pair#*:}" test "$(phases_of "${pair%:*}")" = "${pair#*:}"
done

# ---- usage ----
for arguments in "" "--no-such-option -- true" "--ready sometimes -- true" "--duration long -- true" "-o"; do
    # shellcheck disable=SC2086
    said "$cinch" train $arguments
    refuses 125 "train: usage: '$arguments'"
done
said "$cinch" train -z -- true
refuses 125 "train: a letter that is no option" '-z'
said "$cinch" train "$(printf -- '--\033[2J')" -- true
refuses 125 "train: a hostile word that is no option" 'x1b'
verdict "train: and its control bytes are not printed" test -z "$(tr -d '\n -~' <err)"
said "$cinch" train -o
refuses 125 "train: an option without its argument" 'needs an argument'
said "$cinch" train --workload -- touch ran
refuses 125 "train: the end of the options is no argument" '--workload needs an argument'
mkdir -p folder
for place in "" - folder /dev/null; do
    said "$cinch" train -o "$place" -- touch ran
    refuses 125 "train: -o '$place' is refused" 'plain file|no file'
done
verdict "train: before the command was run" test ! -e ran
said "$cinch" train -o p.json echo undivided --help
verdict "train: -- may be left out before a plain command" test "$status:$(cat out)" = "0:undivided --help"
said "$cinch" train -o p.json -- printf '%s' "$(printf 'a\377b')"
verdict "train: an argument that is not UTF-8 arrives" test "$(od -An -tx1 <out)" = " 61 ff 62"
verdict "train: and is in the profile" is_profile p.json
said "$cinch" suggest p.json --format unit
verdict "train: a unit says that it cannot hold it" grep -q '^# ExecStart= is missing' out
said bash -c 'exec "$0" train -q -o long.json -- true $(seq 100000)' "$cinch"
exits 0 "train: a very long command"
said "$cinch" suggest long.json
verdict "train: of which a drop-in shows the begin" test "$status" = 0 -a "$(wc -L <out)" -lt 5000
said "$cinch" train -o p.json --user no-such-user -- true
refuses 125 "train: a user who is not there" "no-such-user"

# ---- saving ----
said "$cinch" train -o nowhere/at/all/p.json -- touch ran
refuses 125 "train: a directory that is not there" "nowhere/at/all" "-o"
verdict "train: the command was not run for nothing" test ! -e ran
echo 'what was here' >p.json
mkdir -p closed && chmod 555 closed
# As root nothing is unwritable by its mode; /proc is.
said "$cinch" train -o /proc/sys/p.json -- touch ran
verdict "train: a directory where nothing can be made: status 125" test "$status" = 125
verdict "train: and it is named" grep -qE '^cinch: .*/proc/sys' err
verdict "train: and the command was not run for nothing" test ! -e ran

# ---- a training that fails keeps its hands off a profile that is there ----
rm -f kept.json
said "$cinch" train -q -o kept.json --ready 0.1 --workload true -- sleep 60
exits 0 "train: a profile that is kept"
cp kept.json kept.copy
for options in "--ready 0.1 --workload false" "--ready file:never --duration 1" "--ready file:never --duration 1 --workload true"; do
    # shellcheck disable=SC2086
    said "$cinch" train -o kept.json $options -- sleep 60
    exits 1 "train: $options: fails"
    verdict "train: $options: the profile that was there is as it was" cmp -s kept.json kept.copy
    verdict "train: $options: and where this one is is said" grep -q 'kept\.json is left as it was.*kept\.partial\.json' err
    verdict "train: $options: it is whole" is_profile kept.partial.json
    said "$cinch" suggest kept.partial.json
    refuses 3 "train: $options: no directives come of it" 'no directives.*--allow-failed'
    said "$cinch" suggest kept.partial.json --allow-failed
    exits 0 "train: $options: but where they are asked for"
done
verdict "train: a service that does not become ready: it is said" test "$(jq -r '.runs[0] | [.ready, .ready_ms | tostring] | join(" ")' kept.partial.json)" = "file:never null"
said "$cinch" train -o kept.json --ready 0.1 --workload true -- sleep 60
verdict "train: one that succeeds replaces it" sh -c '! cmp -s kept.json kept.copy'
verdict "train: and leaves nothing beside it" test ! -e kept.partial.json
said "$cinch" train -q -o never-ran.json -- sh -c no-such-command
said "$cinch" suggest never-ran.json
refuses 3 "suggest: of a command that never ran" '127'

# ---- phases ----
said "$cinch" train -o phases.json --ready 0.1 --workload true -- sleep 60
verdict "phases: those that were seen are said" grep -q '^cinch: phases seen: start, serve, stop; not seen, so not allowed: reload' err
verdict "phases: and in the profile" test "$(jq -c '.runs[0].phases' phases.json)" = '["start","serve","stop"]'
printf '[Service]\nExecStart=/bin/sleep 60\nExecReload=/bin/kill -HUP $MAINPID\n' >phases.service
said "$cinch" suggest phases.json --unit phases.service --comments full
verdict "phases: a reload that the unit has and nobody trained is noted" grep -q 'no reload was trained' <(tr -d '\n#' <out | tr -s ' ')
sleep 60 &
sleeper=$!
said "$cinch" train -o late.json --pid $sleeper --duration 0.5
kill $sleeper
verdict "phases: a stop that was not seen is said" grep -q 'warning: training did not record how the service stops' err
said "$cinch" suggest late.json
verdict "phases: and by suggest" grep -q 'warning: training did not record how the service stops' err
rm -f ran

if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
    # A disk with room for the old profile and not for the new one. What was learned is kept elsewhere.
    cat >full <<END
mkdir -p disk && mount -t tmpfs -o size=8k,nr_inodes=16 cinch-full disk || exit 99
echo 'what was here' >disk/p.json
cinch_status=0
'$cinch' train -o disk/p.json -- ls -l / >/dev/null || cinch_status=\$?
cat disk/p.json >kept
ls disk >left
exit \$cinch_status
END
    said unshare --mount --propagation private bash full
    exits 125 "train: a full disk"
    verdict "train: the old profile is as it was" test "$(cat kept)" = "what was here"
    verdict "train: nothing half-written stays beside it" test "$(cat left)" = p.json
    verdict "train: the full disk is named" grep -qE '^cinch: .*disk/p\.json.*No space left' err
    elsewhere=$(grep -oE '/(var/tmp|tmp|dev/shm)/[^ :]*\.json' err | head -n 1)
    verdict "train: what was learned was saved elsewhere, and where is said" is_profile "${elsewhere:-none}"
    if [ -n "$elsewhere" ]; then rm -f "$elsewhere"; fi
else
    skip "train: a full disk" "needs root, to mount a tiny file system"
fi
if [ "$(id -u)" = 0 ]; then
    mkdir -m 777 public && cp "$program" public/cinch && chmod 755 . 2>/dev/null
    said setpriv --reuid nobody --regid nogroup --clear-groups public/cinch train -o public/p.json -- true
    exits 0 "train: works without root"
    verdict "train: and its profile is whole" is_profile public/p.json
    said setpriv --reuid nobody --regid nogroup --clear-groups public/cinch train -o closed/p.json -- touch public/ran
    refuses 125 "train: a directory that may not be written" "closed" "[Pp]ermission denied"
    said setpriv --reuid nobody --regid nogroup --clear-groups public/cinch train -o public/p.json --user daemon -- true
    refuses 125 "train: --user without root" "root"
    # As a unit's User=: its home, no shell where there is none to log in with, and the rest as it was.
    said env -i HOME=/root SHELL=/bin/sh USER=root PATH="$PATH" KEPT=yes "$cinch" train -q -o u.json --user daemon -- env
    verdict "train: --user has the environment that User= gives" test "$(grep -E '^(HOME|USER|LOGNAME|SHELL|KEPT)=' out | sort | tr '\n' ' ')" = \
        "HOME=$(getent passwd daemon | cut -d: -f6) KEPT=yes LOGNAME=daemon USER=daemon "
    said env -i HOME=/elsewhere PATH="$PATH" "$cinch" train -q -o u.json -- env
    verdict "train: without --user it is our own" test "$(grep -E '^(HOME|USER|LOGNAME|SHELL)=' out)" = "HOME=/elsewhere"
else
    skip "train: works without root" "needs root, to become another user"
fi

# ---- ptrace denied ----
if gcc -o denied "$here/denied.c" 2>err; then
    said ./denied ptrace "$cinch" train -o p.json -- touch ran
    refuses 125 "train: ptrace denied by a container's filter" "ptrace" "CAP_SYS_PTRACE|seccomp"
    verdict "train: the command was not run unobserved" test ! -e ran
    if [ "$(id -u)" = 0 ]; then
        cp denied public/denied
        said setpriv --reuid nobody --regid nogroup --clear-groups ./denied ptrace public/cinch train -o public/d.json -- touch public/ran
        refuses 125 "train: ptrace denied to an unprivileged user" "ptrace" "CAP_SYS_PTRACE|seccomp"
        verdict "train: and no profile of nothing is left" test ! -e public/d.json -a ! -e public/ran
    fi
    # Then every call stops, but the training goes on.
    said ./denied seccomp "$cinch" train -q -o unfiltered.json -- sh -c 'exit 4'
    exits 4 "train: seccomp denied by a container's filter"
    verdict "train: and its profile is whole" is_profile unfiltered.json
    # Without BPF, and before Linux 6.14, the kernel says only of each task whether it used a capability.
    if [ "$(id -u)" = 0 ]; then
        for option in "" --no-io-uring; do
            # shellcheck disable=SC2086
            said ./denied bpf "$cinch" train -o bare.json $option -- sh -c 'true; :'
            exits 0 "train: no BPF $option"
            verdict "train: no BPF $option: it is told how capabilities were watched" grep -q '"capabilities": "task"' bare.json
            verdict "train: no BPF $option: what cinch used to start it is not the service's" sh -c "! grep -q capability-use bare.json"
            verdict "train: no BPF $option: every call was seen" test "$(jq '[.syscalls[] | select(.name == "execve").count] | add' bare.json)" = 1
        done
        # Reading it then takes CAP_SYSLOG, of which no call tells (proc_sys_kernel(5)).
        if [ "$(cat /proc/sys/kernel/dmesg_restrict)" != 0 ] && [ -r /dev/kmsg ]; then
            rm -f bare.json
            said ./denied bpf "$cinch" train -o bare.json -- head -c 1 /dev/kmsg
            verdict "train: no BPF: what it used itself is" grep -q capability-use bare.json
        fi
        for option in "" --no-io-uring; do
            # shellcheck disable=SC2086
            rm -f bare.json
            ./denied bpf "$cinch" train -o bare.json $option --gate "$PWD/sock/gate" 2>tracer.err &
            tracer=$!
            for _ in $(seq 100); do [ -S sock/gate ] && break; sleep 0.05; done
            said "$(dirname "$cinch")/cinch-gate" --socket "$PWD/sock/gate" --without-tracer=fail -- sh -c 'true; exit 7'
            exits 7 "train: no BPF at a gate $option"
            wait "$tracer"
            verdict "train: no BPF at a gate $option: a filter" grep -q "it ends when cinch ends" tracer.err
            verdict "train: no BPF at a gate $option: as a task tells" grep -q '"capabilities": "task"' bare.json
            verdict "train: no BPF at a gate $option: what the gate used is not the service's" sh -c "! grep -q capability-use bare.json"
        done
        said ./denied bpf "$cinch" train -o bare.json -- ./not-there
        refuses 127 "train: no BPF: a command that is not there" "not-there"
    fi
    # A socket that may not be asked what it is: nothing is lost without a word.
    handed='import socket, subprocess, sys
ours, theirs = socket.socketpair()
sys.exit(subprocess.run(sys.argv[1:], stdin=theirs).returncode)'
    said python3 -c "$handed" "$cinch" train -o told.json -- true
    verdict "train: a socket that was handed over" grep -q '"origin": "inherited"' told.json
    verdict "train: which is no blind spot" sh -c "! grep -q unreadable-socket told.json"
    said python3 -c "$handed" ./denied pidfd_getfd "$cinch" train -o untold.json -- true
    verdict "train: pidfd_getfd denied: a blind spot" grep -q '"topic": "unreadable-socket"' untold.json
    verdict "train: pidfd_getfd denied: it is said" grep -q "not observed: unreadable-socket" err
    said "$cinch" suggest untold.json
    verdict "suggest: who the peers are is not known then" sh -c "! grep -q '^IPAddressDeny=any' out"
else
    skip "train: ptrace denied" "no compiler"
fi
exit $((failures > 0))
