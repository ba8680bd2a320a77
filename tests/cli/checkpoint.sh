# SPDX-License-Identifier: LGPL-2.1-or-later
# What is left of a training that cinch did not live to see the end of, and what saving on the way must
# not do.
. "$(dirname "$0")/lib.sh"
cinch=$1

wait_for() { # COMMAND...
    for _ in $(seq 200); do
        if "$@"; then return 0; fi
        sleep 0.05
    done
    return 1
}
is_json() { jq -e "$2" "$1" >/dev/null 2>&1; }
is_checkpoint() { is_json "$1" '.runs | length == 1 and .[0].complete == false'; }
has_call() { is_json "$1" ".syscalls | any(.name | test(\"^($2)$\"))"; }
has_path() { is_json "$1" ".paths | any(.path == \"$PWD/$2\")"; }
not() { ! "$@"; }

# ---- killed ----
cat >growing <<'END'
#!/bin/sh
mkdir -p early
while ! test -e go; do sleep 0.05; done
mkdir -p later
exec perl -e 'sleep'
END
chmod 755 growing
echo 'what was here' >p.json
"$cinch" train -o p.json -- ./growing >out 2>err &
pid=$!
wait_for test -d early
sleep 1
verdict "checkpoint: what was there stays until there is something to keep" grep -qx 'what was here' p.json
verdict "checkpoint: it is saved while the service runs" wait_for is_checkpoint p.partial.json
verdict "checkpoint: whole, and only its owner's" is_profile p.partial.json
verdict "checkpoint: with what was learned by then" has_path p.partial.json early
verdict "checkpoint: the run has not ended" is_json p.partial.json '.runs[0] | .exit_status == null and .signal == null and .duration_ms > 0'
verdict "checkpoint: with what suggest must know of this machine" \
    is_json p.partial.json '.host | (.settings | length > 3) and (.files | any(.path == "/" and .entries != 0))'
touch go
verdict "checkpoint: and saved again when there is more" wait_for has_path p.partial.json later
verdict "checkpoint: and what it sleeps in for ever" wait_for has_call p.partial.json "pause|ppoll"
stat -c %Y.%i p.partial.json >before
sleep 4
verdict "checkpoint: but not when there is nothing new" test "$(stat -c %Y.%i p.partial.json)" = "$(cat before)"
kill -KILL $pid
{ wait $pid; } 2>/dev/null
sleep 0.2
verdict "checkpoint: it stays when cinch is killed" is_checkpoint p.partial.json
verdict "checkpoint: beside the one that was there" grep -qx "what was here" p.json
verdict "checkpoint: nothing half-made lies beside it" test -z "$(find . -name 'p.*json.*')"
verdict "checkpoint: that the service ends with cinch was said before" grep -q '^cinch: the service is traced.*ends' err
said "$cinch" suggest p.partial.json
exits 0 "checkpoint: suggest takes it"
verdict "checkpoint: and says what it is" grep -qE '^#.*did not finish' out
verdict "checkpoint: its directives are whole" grep -q '^BindReadOnlyPaths=..*' out

# ---- where calls are not counted ----
# Neither of these may ask the kernel; the second has no filter either.
sleeps() { # TEXT COMMAND...
    local text=$1
    shift
    mkdir -m 777 sleeping && cp "$program" sleeping/cinch
    "$@" sleeping/cinch train -o sleeping/p.json -- perl -e sleep >out 2>err &
    pid=$!
    verdict "checkpoint: $text: what it sleeps in for ever" wait_for has_call sleeping/p.json "pause|ppoll"
    kill -KILL $pid # unshare(1) blocks SIGTERM; the service ends with cinch
    { wait $pid; } 2>/dev/null
    rm -r sleeping
}
if [ "$(id -u)" = 0 ]; then
    sleeps "as another user" setpriv --reuid nobody --regid nogroup --clear-groups --
fi
if unshare --pid --fork --mount-proc true 2>/dev/null; then
    sleeps "in a pid namespace" unshare --pid --fork --kill-child --mount-proc
else
    skip "checkpoint: in a pid namespace: what it sleeps in for ever" "needs root, to make one"
fi

# ---- completed ----
rm -rf early later go p.json
said "$cinch" train -o p.json -- sh -c 'sleep 4; mkdir -p later'
exits 0 "checkpoint: a run that ends"
verdict "checkpoint: ends as complete" is_json p.json '.runs | length == 1 and .[0].complete and .[0].exit_status == 0'
verdict "checkpoint: with what came last" has_path p.json later
said "$cinch" train -q -o p.json -- sh -c 'exit 0'
verdict "quiet: nothing is said of a training that went well" test "$status" = 0 -a ! -s err -a ! -s out
rm -f p.json
said "$cinch" train -q -o p.json --workload 'exit 3' -- sh -c 'trap "exit 0" TERM; while :; do sleep 0.05; done'
refuses 1 "quiet: a failure is" 'workload failed'
verdict "quiet: and only that" test "$(wc -l <err)" = 1

# ---- a full disk, while it goes on ----
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
    cat >full <<END
mkdir -p disk && mount -t tmpfs -o size=8k,nr_inodes=16 cinch-full disk || exit 99
echo 'what was here' >disk/p.json
cinch_status=0
'$cinch' train -o disk/p.json -- sh -c 'sleep 4; rm -rf early; sleep 1; echo served' || cinch_status=\$?
ls disk >left
exit \$cinch_status
END
    said unshare --mount --propagation private bash full
    exits 125 "checkpoint: a full disk"
    verdict "checkpoint: is told while it goes on, and once" \
        test "$(grep -c '^cinch: cannot save what was learned so far: .*disk/p\.partial\.json.*No space left' err)" = 1
    verdict "checkpoint: and the service served" grep -qx served out
    verdict "checkpoint: nothing half-written stays" test "$(cat left)" = p.json
    elsewhere=$(grep -oE '/(var/tmp|tmp|dev/shm)/[^ :]*\.json' err | head -n 1)
    if [ -n "$elsewhere" ]; then rm -f "$elsewhere"; fi
else
    skip "checkpoint: a full disk" "needs root, to mount a tiny file system"
fi

# ---- on a terminal ----
mkdir terminal && (cd terminal && timeout -k 5 120 python3 "$here/terminal.py" "$cinch") || failures=$((failures + 1))
exit $((failures > 0))
