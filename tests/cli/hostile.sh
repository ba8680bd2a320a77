# SPDX-License-Identifier: LGPL-2.1-or-later
# A service, or another user, that means harm to the cinch that trains it.
. "$(dirname "$0")/lib.sh"
cinch=$1
root() { [ "$(id -u)" = 0 ]; }
namespaces() { root && unshare --mount --pid --fork true 2>/dev/null; }
is_true() { # FILTER FILE
    jq -e "$1" "$2" >/dev/null
}
quick() { [ "$(cat took)" -lt "$1" ]; }
timed() { # LIMIT COMMAND...: as said, but killed after LIMIT seconds; how long it took is in the file took
    local begun=$SECONDS limit=$1
    shift
    timeout -k 1 "$limit" "$@" >out 2>err </dev/null
    status=$?
    echo $((SECONDS - begun)) >took
}

# ---- what the service gets of the shell that started cinch ----
echo secret >secret
exec 5<secret
said "$cinch" train -q -o p.json -- sh -c 'cat <&5'
verdict "descriptors: one of the shell's does not reach the service" test "$status" != 0 -a ! -s out
said bash -c 'exec 3<secret 4<secret 5<secret; LISTEN_PID=$$ LISTEN_FDS=2 exec "$0" train -q -o p.json -- \
    sh -c "cat <&4; cat <&5"' "$cinch"
verdict "descriptors: those handed over on purpose do, and no others" test "$status:$(cat out)" = "2:secret"
said bash -c 'exec 3<secret; LISTEN_PID=1 LISTEN_FDS=1 exec "$0" train -q -o p.json -- sh -c "cat <&3"' "$cinch"
verdict "descriptors: handed over to another process they do not" test "$status" != 0 -a ! -s out
exec 5<&-
said "$cinch" train -q -o p.json -- sh -c 'cut -d" " -f1,5,6 /proc/$$/stat'
verdict "session: the service has its own, and its own process group" \
    test "$(awk '{ print ($1 == $2 && $2 == $3) }' out)" = 1

# ---- signals that end a program which does not expect them ----
("$cinch" train --duration 3 -o pipe.json -- sleep 30; echo $? >pipe.status) 2>&1 | head -n 1 >/dev/null
for _ in $(seq 100); do [ -e pipe.status ] && break; sleep 0.1; done
verdict "SIGPIPE: nobody reads what cinch says: the training goes on" test "$(cat pipe.status)" = 0
verdict "SIGPIPE: and is saved" is_profile pipe.json
said "$cinch" train -q -o p.json -- sh -c 'kill -PIPE $$; echo survived'
verdict "SIGPIPE: the service dies of it as before" test ! -s out
said bash -c 'ulimit -S -f 4; exec "$0" train -q -o limit.json -- sh -c "ulimit -f; ls /usr >/dev/null"' "$cinch"
verdict "SIGXFSZ: a limit of file size is the service's, not the profile's" test "$status:$(cat out)" = 0:8
verdict "SIGXFSZ: the profile is whole" is_profile limit.json
rm -f limit.json
said bash -c 'ulimit -f 4; exec "$0" train -q -o limit.json -- ls /usr' "$cinch"
verdict "SIGXFSZ: one that cannot be raised does not kill cinch" \
    test "$status" = 125 -o "$status" = 0 -a -s limit.json

# ---- a helper of cinch's that is stopped ----
cat >stopper.py <<'END2'
import os, signal, sys, time
end = time.time() + 6
parent = os.getppid()
while time.time() < end:
    for task in os.listdir("/proc/%d/task" % parent):
        for child in open("/proc/%d/task/%s/children" % (parent, task)).read().split():
            if int(child) != os.getpid():
                os.kill(int(child), signal.SIGSTOP)
    os.path.exists("/etc/none%d" % int(time.time() * 2)) # something to learn: there is to be a checkpoint
    time.sleep(0.002)
END2
timed 40 "$cinch" train -q -o stopped.json -- /usr/bin/python3 -I -B stopper.py
exits 0 "SIGSTOP: a checkpoint that was stopped does not hold up the end"
verdict "SIGSTOP: nor the profile" is_true '.runs[0].complete' stopped.json

# ---- without /proc ----
cat >hides.c <<'END2'
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    for (int i = 0; i < 5; i++) {
        if (fork() == 0)
            _exit(open("/etc/passwd", O_RDONLY) < 0);
        wait(NULL);
    }
    return 0;
}
END2
if namespaces && gcc -o hides hides.c; then
    mkdir -p -m 777 public && cp "$program" hides public/
    cat >inside <<END2
mount -t proc -o hidepid=2 proc /proc || exit 99
cd public && exec setpriv --reuid nobody --regid nogroup --clear-groups ./cinch train -q -o p.json -- ./hides
END2
    timed 20 unshare --pid --fork --kill-child --mount bash inside
    exits 0 "hidepid: a service that /proc hides is trained to its end"
    verdict "hidepid: and what its children did is in the profile" \
        is_true '.syscalls | any(.name == "wait4")' public/p.json
    cat >inside <<END2
'$cinch' train -q -o gone.json -- sh -c 'umount -l /proc; for i in 1 2 3; do cat /etc/passwd; done; (cat /etc/group); exec sleep 60' >/dev/null &
cinch=\$!
sleep 4
kill -TERM \$cinch
wait \$cinch
echo "ended \$?"
END2
    timed 20 unshare --pid --fork --kill-child --mount --propagation private bash inside
    verdict "umount /proc: SIGTERM ends it" grep -qx 'ended 143' out
    verdict "umount /proc: what was learned is saved" is_profile gone.json
    verdict "umount /proc: of what came after it too" is_true '.paths | any(.path == "/etc/group")' gone.json
else
    skip "hidepid and umount /proc" "needs root and namespaces"
fi

# ---- two SIGTERMs ----
cat >stubborn <<'END2'
#!/bin/sh
trap '' TERM INT
: >stubborn-runs
while :; do sleep 0.1; done
END2
chmod 755 stubborn
begun=$SECONDS
"$cinch" train -o stubborn.json -- "$PWD/stubborn" >out 2>err &
pid=$!
for _ in $(seq 100); do [ -e stubborn-runs ] && break; sleep 0.1; done
kill -TERM $pid
sleep 0.5
kill -TERM $pid
wait $pid 2>/dev/null
echo $((SECONDS - begun)) >took
verdict "SIGTERM: the second ends a service that ignores it" quick 12
verdict "SIGTERM: and what was learned is saved" is_profile stubborn.json
verdict "SIGTERM: that its stop was not learned is said" grep -q 'how it stops was not learned' err

# ---- READY=1 of somebody else ----
cat >forger.py <<'END2'
import glob, os, socket, time
end = time.time() + 3
while time.time() < end:
    for path in glob.glob("/tmp/cinch-notify-*/notify"):
        try:
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", path)
            open("forged", "w")
        except OSError:
            pass
    time.sleep(0.1)
END2
rm -f forged
/usr/bin/python3 -I -B forger.py &
forger=$!
said "$cinch" train --ready notify --duration 3 --workload 'echo RAN >workload-ran' -o forged.json -- sleep 60
wait $forger
verdict "READY=1: of another process it is ignored" test -e forged -a ! -e workload-ran
rm -f workload-ran
cat >speaks.py <<'END2'
import os, socket, time
if os.fork() == 0: # as systemd-notify(1): who sent it has ended when it is read
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
    os._exit(0)
os.wait()
time.sleep(60)
END2
said "$cinch" train -q --ready notify --duration 20 --workload 'echo RAN >workload-ran' -o forged.json -- /usr/bin/python3 -I -B "$PWD/speaks.py"
verdict "READY=1: of a child that has ended it is heeded" test -e workload-ran

# ---- a profile where somebody else can write ----
if root; then
    mkdir -p theirs && chown nobody theirs
    said "$cinch" train -q -o theirs/p.json -- true
    verdict "owner: training into a directory of another user warns" grep -q '^cinch: warning: .*theirs belongs to user nobody' err
    said "$cinch" suggest theirs/p.json
    verdict "owner: so does reading from there" grep -q '^cinch: warning: .*theirs belongs to user nobody' err
    said "$cinch" explain theirs/p.json PrivateNetwork
    verdict "owner: explain too" grep -q '^cinch: warning: .*theirs belongs to user nobody' err
    said "$cinch" train -q -o own.json -- true
    said "$cinch" suggest own.json
    verdict "owner: one of our own does not" sh -c '! grep -q "belongs to" err'
    chown nobody own.json
    said "$cinch" suggest own.json
    verdict "owner: a profile of another user warns" grep -q '^cinch: warning: .*own.json belongs to user nobody' err
    cat >swapper.py <<'END2'
import os, time
end = time.time() + 20
while time.time() < end:
    try:
        if os.stat("theirs/swapped.json").st_uid == 0:
            os.unlink("theirs/swapped.json")
            open("theirs/swapped.json", "w").write("{}")
            break
    except OSError:
        pass
END2
    setpriv --reuid nobody --regid nogroup --clear-groups /usr/bin/python3 -I -B swapper.py &
    swapper=$!
    # The moment between the rename and the look at what has the name is made long enough for anyone.
    said strace -o /dev/null -e trace=/^rename -e inject=/^rename:delay_exit=1s "$cinch" train -q -o theirs/swapped.json -- true
    kill $swapper 2>/dev/null
    wait $swapper 2>/dev/null
    elsewhere=$(grep -oE '/(var/tmp|tmp|dev/shm)/[^ :]*\.json' err | head -n 1)
    verdict "owner: a profile is swapped while it is renamed" test "$(stat -c %U theirs/swapped.json)" = nobody
    verdict "owner: which is noticed" grep -q 'somebody replaced' err
    verdict "owner: and it is saved elsewhere" is_profile "${elsewhere:-none}"
    if [ -n "$elsewhere" ]; then rm -f "$elsewhere"; fi
fi
exit $((failures > 0))
