# SPDX-License-Identifier: LGPL-2.1-or-later
# cinch train of a service that it does not start: --pid, --gate and what goes with them, as options.
# shellcheck shell=bash
. "$(dirname "$0")/lib.sh"
cinch=$1
gate=$(dirname "$cinch")/cinch-gate

# ---- one way at a time, and what goes with it ----
for pid in 0 -5 x 12x "" 99999999999999999999; do
    said "$cinch" train -o p.json --pid "$pid"
    refuses 125 "join: --pid \"$pid\"" "--pid" "process id"
done
said "$cinch" train -o p.json --pid 1
refuses 125 "join: --pid of the service manager, or of what cinch runs below" "process 1"
said "$cinch" train -o p.json --pid 4194304
refuses 125 "join: --pid of nobody" "no process 4194304" "systemctl show"
said "$cinch" train -o p.json --pid $$
refuses 125 "join: --pid of what cinch itself runs below" "cinch itself runs below process $$"
said "$cinch" train -o p.json --pid 4194304 -- true
refuses 125 "join: --pid with a command" "--pid takes no command"
said "$cinch" train -o p.json --gate /run/cinch/none -- true
refuses 125 "join: --gate with a command" "--gate takes no command"
said "$cinch" train -o p.json --pid 4194304 --gate /run/cinch/none
refuses 125 "join: --pid and --gate" "choose one"
said "$cinch" train -o p.json --pid 4194304 --user nobody
refuses 125 "join: --user" "--user is for a service that cinch starts"
said "$cinch" train -o p.json --gate /run/cinch/none --unit x.service --user nobody
refuses 125 "join: --user with --unit" "--gate without --unit"
said "$cinch" train -o p.json --pid 4194304 --ready 1
refuses 125 "join: --ready with --pid" "runs already"
for unit in x.socket "" ".service" "a b"; do
    said "$cinch" train -o p.json --gate /run/cinch/none --unit "$unit"
    refuses 125 "join: --unit \"$unit\"" "not the name of a service"
done
for unit in x@ x@.service /lib/systemd/system/x@.service; do
    said "$cinch" train -o p.json --gate /run/cinch/none --unit "$unit"
    refuses 125 "join: --unit $unit" "is a template"
done
said "$cinch" train -o p.json --let-go -- true
refuses 125 "join: --let-go of what cinch starts" "--let-go is for --gate"
said "$cinch" train -o p.json --let-go --pid 4194304
refuses 125 "join: --let-go with --pid" "always let go"
for duration in x -1 "" 5parsecs 99999999999999999999; do
    said "$cinch" train -o p.json --pid 4194304 --duration "$duration"
    refuses 125 "join: --duration \"$duration\"" "duration|--duration|[0-9]s"
done
for option in --pid --gate --unit --duration; do
    said "$cinch" train $option
    refuses 125 "join: $option without a value" "$option"
done
verdict "join: no profile is left by any of these" test ! -e p.json

# ---- the gate's socket ----
said "$cinch" train -o p.json --gate relative/gate
refuses 125 "join: a gate that is no absolute path" "absolute path"
said "$cinch" train -o p.json --gate "/run/cinch/$(printf '%0120d' 0)"
refuses 125 "join: a gate whose path is too long" "100 bytes"
said "$gate"
verdict "gate: without a command it tells its usage" test "$status" = 2 -a -s err
said "$gate" --without-tracer=perhaps -- true
verdict "gate: an unknown --without-tracer" test "$status" = 2
said "$gate" --socket "$PWD/none" -- sh -c 'echo ran; exit 7'
verdict "gate: without a tracer the command runs" test "$status" = 7 -a "$(cat out)" = ran
said "$gate" --socket "$PWD/none" --without-tracer fail -- sh -c 'echo ran'
verdict "gate: ... or does not, as told" test "$status" = 125 -a ! -s out
said "$gate" --socket "$PWD/none" --argv0 other -- sh -c 'echo "$0"'
verdict "gate: the command's name for itself" test "$(cat out)" = other
said "$gate" --socket "$PWD/none" -- "$PWD/not-there"
verdict "gate: a command that is not there" test "$status" = 203
said "$gate" --socket "$(printf '%0200d' 0)" --without-tracer fail -- true
verdict "gate: a path no socket can have" test "$status" = 125
if [ "$(id -u)" = 0 ]; then
    chmod 755 . "$here" 2>/dev/null
    mkdir -m 755 for-all && cp "$program" "$gate" for-all/
    as_nobody="setpriv --reuid nobody --regid nogroup --clear-groups"
    mkdir -m 777 written && cp "$program" written/
    said $as_nobody written/cinch train -o written/p.json --gate /run/cinch/none
    refuses 125 "join: --gate without root, which is said" "only root may serve it"
    sleep 60 &
    sleeper=$!
    said $as_nobody written/cinch train -o written/p.json --pid $sleeper
    refuses 125 "join: --pid of another user's" "cannot trace process $sleeper" "as root"
    kill $sleeper
    said $as_nobody for-all/cinch-gate --socket "$PWD/none" --drop-sys-admin -- true
    verdict "gate: a capability that it has not is given up as well" test "$status" = 0
    mkdir -m 777 open
    said "$cinch" train -o p.json --gate "$PWD/open/gate"
    refuses 125 "join: a gate where others may write" "others may write"
    mkdir -m 755 /run/cinch-test-$$ 2>/dev/null && : >/run/cinch-test-$$/gate
    said "$cinch" train -o p.json --gate /run/cinch-test-$$/gate
    refuses 125 "join: a gate where something stands" "already exists"
    verdict "join: ... which is left as it is" test -f /run/cinch-test-$$/gate
    rm -f /run/cinch-test-$$/gate
    said timeout --signal=INT 0.5 "$cinch" train -o p.json --gate /run/cinch-test-$$/gate
    verdict "join: waiting for a service can be ended" grep -q 'no service came' err
    verdict "join: ... and leaves no socket" test ! -e /run/cinch-test-$$/gate -a ! -e p.json
    # A place that others may put something else in, by a link of theirs or behind one of root's.
    mkdir -m 1777 /run/cinch-test-$$/sticky && mkdir -m 755 /run/cinch-test-$$/mine
    chmod 777 written && mkdir -m 755 written/below
    ln -s "$PWD/written/below" /run/cinch-test-$$/outside
    ln -s mine /run/cinch-test-$$/inside
    $as_nobody ln -s /run/cinch-test-$$/mine /run/cinch-test-$$/sticky/theirs
    for place in sticky/theirs outside; do
        said timeout --signal=INT 2 "$cinch" train -o p.json --gate /run/cinch-test-$$/$place/gate
        refuses 125 "join: a gate below $place" "others than root may write"
    done
    said timeout --signal=INT 2 "$cinch" train -o p.json --gate /run/cinch-test-$$/sticky/theirs/new/gate
    verdict "join: ... nothing is made there" test ! -e /run/cinch-test-$$/mine/new
    said timeout --signal=INT 0.5 "$cinch" train -o p.json --gate /run/cinch-test-$$/inside/gate
    verdict "join: a gate behind a link of root's" grep -q 'no service came' err
    rm -f /run/cinch-test-$$/sticky/theirs /run/cinch-test-$$/outside /run/cinch-test-$$/inside
    rmdir /run/cinch-test-$$/sticky /run/cinch-test-$$/mine /run/cinch-test-$$
else
    said "$cinch" train -o p.json --gate /run/cinch/none
    refuses 125 "join: --gate without root" "only root may serve it"
fi
exit $((failures > 0))
