# SPDX-License-Identifier: LGPL-2.1-or-later
# cinch train: what is around COMMAND when it starts: systemd's, a unit's, or, when asked for, cinch's own.
. "$(dirname "$0")/lib.sh"
cinch=$program

cat >around <<'END'
#!/bin/sh
echo "$(pwd) $(umask) $(ulimit -Sn) $(readlink /proc/self/fd/0) $(sed -n 's/^SigIgn:[^0-9]*//p' /proc/self/status)"
env | grep -E "${1:-^(MARK|HOME|TERM)=}" | sort
exit 0
END
chmod 755 around
around() { # CINCH-TRAIN-ARGUMENT...: with a shell of its own around it, nothing of which a unit has
    said sh -c 'umask 0077; ulimit -Sn 256; MARK=kept TERM=x HOME=/elsewhere exec "$@" </etc/passwd' sh \
        "$cinch" train -o p.json "$@"
}
says() { # TEXT LINE...
    local text=$1
    shift
    verdict "$text" test "$(cat out)" = "$(printf '%s\n' "$@")"
}
systemd='/ 0022 1024 /dev/null 0000000000001000'

# ---- systemd's ----
around -- ./around
says "train: a command finds around it what systemd gives a service" "$systemd"
verdict "train: and that is said" grep -q "trained in systemd's environment for a service" err
verdict "train: the profile says where it started" test "$(jq -r '.runs[0].cwd' p.json)" = /
said env JOURNAL_STREAM=1:2 "$cinch" train -q -o p.json -- ./around '^JOURNAL'
says "train: it has no journal of ours" "$systemd"
verdict "train: nor does the profile say so" jq -e '.runs[0].environment == []' p.json
said "$cinch" train -q -o p.json -- ./around '^(PATH|INVOCATION_ID|SYSTEMD_EXEC_PID)='
verdict "train: it has systemd's PATH and an invocation" \
    test "$(sed 's/=[0-9a-f][0-9a-f]*$/=NUMBER/' out | tail -n +2 | LC_ALL=C sort | tr '\n' ' ')" = \
    "INVOCATION_ID=NUMBER PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_EXEC_PID=NUMBER "
said bash -c 'exec 3</etc/hostname; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"' sh "$cinch" train -q -o p.json -- ./around '^LISTEN_FDS='
says "train: what is handed over stays" "$systemd" LISTEN_FDS=1
said "$cinch" train -q -o p.json --workload 'pwd >where; echo "$HOME" >>where' --ready 0.1 -- sleep 60
verdict "train: the workload has our own" test "$(cat where)" = "$PWD
$HOME"

# ---- ours ----
around --inherit-environment -- ./around
says "train: --inherit-environment: it has cinch's own" "$PWD 0077 256 /etc/passwd 0000000000000000" \
    HOME=/elsewhere MARK=kept TERM=x
verdict "train: --inherit-environment: that is said" grep -q 'trained in your own environment' err
verdict "train: --inherit-environment: the profile says where it started" test "$(jq -r '.runs[0].cwd' p.json)" = "$PWD"

# ---- more variables ----
around --setenv MARK=one --setenv 'MARK=two words' --setenv OTHER= -- ./around '^(MARK|OTHER)='
says "train: --setenv: the later one holds" "$systemd" 'MARK=two words' 'OTHER='
around --inherit-environment --setenv MARK=set -- ./around '^(MARK)='
says "train: --setenv goes with --inherit-environment" "$PWD 0077 256 /etc/passwd 0000000000000000" MARK=set
said "$cinch" train -q -o p.json --setenv NOTIFY_SOCKET=/x -- true
verdict "train: --setenv: the profile knows it" jq -e '.runs[0].environment == ["NOTIFY_SOCKET"]' p.json
for wrong in MARK =x 1=x 'A B=x' "$(printf 'A\033[2J=x')"; do
    said "$cinch" train -o p.json --setenv "$wrong" -- true
    refuses 125 "train: --setenv takes NAME=VALUE only: $(printf %q "$wrong")" 'NAME=VALUE'
done
for option in --inherit-environment --setenv=A=b; do
    said "$cinch" train -o p.json $option --pid $$
    refuses 125 "train: ${option%=*} is not for a process that runs" "${option%%=*} is for a service that cinch starts"
done

# ---- of a unit ----
mkdir -p here
cat >unit.service <<END
[Service]
Environment=MARK=unit "OTHER=two words"
EnvironmentFile=-$PWD/absent
EnvironmentFile=$PWD/variables
WorkingDirectory=$PWD/here
UMask=0027
LimitNOFILE=77
IgnoreSIGPIPE=no
Type=notify
END
mkdir unit.service.d
echo "THIRD='of a file'" >variables
printf '[Service]\nEnvironment=MARK=dropped\n' >unit.service.d/10.conf
said "$cinch" train -o p.json --unit ./unit.service --setenv OTHER=ours -- ./around '^(MARK|OTHER|THIRD)='
says "train: --unit: a command starts as the unit starts it" "$PWD/here 0027 77 /dev/null 0000000000000000" \
    MARK=dropped OTHER=ours 'THIRD=of a file'
verdict "train: --unit: and that is said" grep -q 'trained in the environment of unit\.service' err
verdict "train: --unit: it may tell when it is ready" jq -e '.runs[0].environment == ["NOTIFY_SOCKET"]' p.json
verdict "train: --unit: the next command has the unit" grep -q 'next: cinch suggest p.json --unit ./unit.service' err
printf '[Service]\nEnvironmentFile=%s/absent\n' "$PWD" >broken.service
said "$cinch" train -o p.json --unit ./broken.service -- touch "$PWD/ran"
refuses 125 "train: --unit: what systemd would not start is not started" 'EnvironmentFile=.*/absent.*No such file'
verdict "train: --unit: and was not" test ! -e ran
printf '[Service]\nWorkingDirectory=%s/absent\n' "$PWD" >nowhere.service
said "$cinch" train -o p.json --unit ./nowhere.service -- touch "$PWD/ran"
refuses 125 "train: --unit: nor without its directory" 'working directory'
said "$cinch" train -o p.json --unit no-such-unit-anywhere -- true
refuses 125 "train: --unit: a unit that is not there" 'no-such-unit-anywhere'
printf '[Service]\nPrivateTmp=yes\nEnvironment=H=%%H\nRuntimeDirectory=cinch-not-there\n' >left.service
said "$cinch" train -q -o p.json --unit ./left.service -- true
verdict "train: --unit: what is not applied is told in one line" \
    test "$(grep -c 'not applied from the unit: Environment= (H=%H), PrivateTmp=;' err)" = 1
verdict "train: --unit: and which directory systemd would make" grep -q 'warning: systemd creates /run/cinch-not-there' err
printf '[Service]\nEnvironment="A=\\x1b[2J" H=%%H\\x1b[2J\nWorkingDirectory=/\x1b[2J%%H\n' >evil.service
said "$cinch" train -q -o p.json --unit ./evil.service -- true
verdict "train: --unit: its control bytes are not printed" test -z "$(tr -d '\n -~' <err)"
said "$cinch" train -o p.json --unit ./unit.service --inherit-environment -- true
refuses 125 "train: --unit and --inherit-environment" 'choose one'
said "$cinch" train -o p.json --unit ./unit.service --pid $$
refuses 125 "train: --unit and --pid" 'does not go with --pid'

# ---- names of files ----
echo 'key = value' >here.conf
for argument in here.conf ./here.conf --config=here.conf; do
    said "$cinch" train -q -o p.json -- ./around none "$argument"
    verdict "train: a file that is only here is told: $argument" \
        grep -q '^cinch: warning: the argument .*here\.conf.*absolute path.*--inherit-environment' err
done
verdict "train: once" test "$(grep -c warning err)" = 1
said "$cinch" train -q -o p.json -- ./around none "$PWD/here.conf"
verdict "train: not one with an absolute path" test ! -s err
said "$cinch" train -q -o p.json --inherit-environment -- ./around none here.conf
verdict "train: nor where it starts here" test ! -s err
said env -C / "$cinch" train -q -o "$PWD/p.json" -- "$PWD/around" none etc/hostname
verdict "train: nor where here is there" test ! -s err

if [ "$(id -u)" = 0 ]; then
    around --user daemon -- "$(realpath "$(command -v env)")"
    verdict "train: --user: as User= has it, and nothing of ours" test "$(grep -E '^(HOME|USER|LOGNAME|SHELL|MARK)=' out | sort | tr '\n' ' ')" = \
        "HOME=$(getent passwd daemon | cut -d: -f6) LOGNAME=daemon USER=daemon "
else
    skip "train: --user: as User= has it" "needs root, to become another user"
fi
exit $((failures > 0))
