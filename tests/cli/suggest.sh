# SPDX-License-Identifier: LGPL-2.1-or-later
# cinch suggest and explain: what they refuse, and that what they print depends on nothing else.
. "$(dirname "$0")/lib.sh"
cinch=$1

said "$cinch" train -o p.json -- sh -c 'cat /etc/hostname >copy; exit 0'
exits 0 "a profile to work with"
said "$cinch" suggest p.json
exits 0 "suggest: prints a drop-in"
verdict "suggest: of a [Service]" grep -qx '\[Service\]' out
verdict "suggest: with an allow-list of calls" grep -qE '^SystemCallFilter=[a-z]' out
# But for the command that made it.
same() { diff <(grep -v '^# made by: ' "$1") <(grep -v '^# made by: ' "$2"); }
mv out first
mkdir -p elsewhere
said env -C elsewhere -i "$cinch" suggest ../p.json
verdict "suggest: the same bytes from elsewhere, without an environment" same out first
said "$cinch" suggest p.json p.json
verdict "suggest: a profile given twice adds nothing" same out first
said "$cinch" train -o q.json -- sh -c 'mkdir made; rmdir made'
said "$cinch" suggest p.json q.json
mv out joined
said "$cinch" suggest q.json p.json
verdict "suggest: the order of the profiles changes nothing" same out joined
verdict "suggest: the second profile adds its calls" grep -q '\bmkdir\b' joined
for format in dropin unit run-args json; do
    said "$cinch" suggest p.json --format $format
    exits 0 "suggest: --format $format"
done
verdict "suggest: --format json is JSON" is_json out
for form in view strict root; do
    said "$cinch" suggest p.json --filesystem $form
    exits 0 "suggest: --filesystem $form"
done
said "$cinch" suggest p.json --systemd-version 232
exits 0 "suggest: an old systemd"
verdict "suggest: knows no directive of later ones" test "$(grep -cE '^(ProtectHostname|ProtectClock|ProtectKernelLogs|ProtectProc|RestrictSUIDSGID)=' out)" = 0
said "$cinch" suggest p.json --manager user
exits 0 "suggest: --manager user"
verdict "suggest: for it nothing that a user manager ignores" \
    test "$(grep -cE '^(IPAddress|Private|Protect|Device|TemporaryFileSystem|Bind)[A-Za-z]*=' out)" = 0
verdict "suggest: but what it applies" grep -q '^SystemCallFilter=' out
said "$cinch" suggest p.json --manager session
verdict "suggest: no other manager" test "$status" = 2
said "$cinch" suggest p.json --complain --systemd-version 252
verdict "suggest: --complain logs" grep -q '^SystemCallLog=~' out
verdict "suggest: --complain refuses no call" test "$(grep -cE '^SystemCall(Filter|ErrorNumber)=' out)" = 0
if [ -c /dev/full ]; then
    timeout 60 "$cinch" suggest p.json >/dev/full 2>err </dev/null
    status=$?
    : >out
    verdict "suggest: a full standard output is an error" test "$status" != 0
    verdict "suggest: and it is said" grep -q '^cinch: .*No space left' err
fi

# A service may try anything.
said "$cinch" train -q -o root.json -- rmdir /
said "$cinch" suggest root.json
exits 0 "suggest: of a service that would remove /"

# ---- what a profile is worth ----
patient='trap "exit 0" TERM; while :; do sleep 0.05; done'
said "$cinch" train -q -o failed.json --ready 0.2 --workload 'exit 3' -- sh -c "$patient"
said "$cinch" suggest --allow-failed failed.json
exits 0 "suggest: of a failed workload"
verdict "suggest: warns in what it prints" grep -q '^# .*warning: the workload of run' out
verdict "suggest: and beside it" grep -qE '^cinch: warning: the workload of run .* failed \(exit status 3\)' err
rm failed.json
said "$cinch" train -q -o failed.json --workload true -- sh -c 'exit 0'
said "$cinch" suggest --allow-failed failed.json
verdict "suggest: of a workload that never ran" grep -qE '^cinch: warning: .* did not finish' err
printf '[Service]\nExecStartPre=/nowhere/before\nExecReload=/nowhere/kill -HUP 1\n' >before.service
said "$cinch" suggest p.json --unit before.service
verdict "suggest: of a command that was not trained" grep -q '^cinch: warning: the unit runs /nowhere/before' err
verdict "suggest: but not of one that signals" test "$(grep -c . err)" = 1
said "$cinch" suggest p.json
verdict "suggest: of a good run says nothing beside it" test ! -s err
timeout 60 bash -c 'trap "" PIPE; sleep 0.5; "$0" suggest p.json 2>err; echo $? >left' "$cinch" | :
status=$(cat left)
verdict "suggest: nobody reads it" test "$status" = 1
verdict "suggest: and it is said" grep -q '^cinch: .*Broken pipe' err
timeout 60 bash -c '(sleep 0.5; exec "$0" suggest p.json 2>err) | :; echo "${PIPESTATUS[0]}" >left' "$cinch"
verdict "suggest: into head, it ends quietly" test "$(cat left)" = 141 -a ! -s err

# ---- what is no profile ----
refused() { # FILE TEXT WORD...
    local file=$1 text=$2
    shift 2
    for command in suggest explain; do
        said "$cinch" $command "$file"
        if [ "$status" = 0 ] || [ "$status" -gt 125 ]; then
            not_ok "$command: $text (wanted a failure)"
        else
            refuses "$status" "$command: $text" "$@"
        fi
    done
}
size=$(stat -c %s p.json)
refused absent.json "a profile that is not there" 'absent\.json' 'No such file'
refused elsewhere "a directory" 'elsewhere'
: >empty.json && refused empty.json "an empty file" 'empty\.json'
head -c $((size / 2)) p.json >half.json && refused half.json "a truncated profile" 'half\.json' 'truncated'
head -c $((size - 3)) p.json >cut.json && refused cut.json "a profile without its end" 'cut\.json' 'truncated'
echo 'hello' >text.json && refused text.json "a text" 'text\.json' 'JSON'
head -c 5000 /dev/urandom >noise.json && refused noise.json "noise" 'noise\.json'
echo '{}' >bare.json && refused bare.json "JSON that is no profile" 'bare\.json'
echo '[1]' >list.json && refused list.json "JSON that is no object" 'list\.json'
jq '.version = 999' p.json >later.json && refused later.json "a later version" 'later\.json' '999' 'newer|version'
jq '.format = "other"' p.json >other.json && refused other.json "another format" 'other\.json' 'format'
sed '0,/"version"/s//"version": 1, "version"/' p.json >twice.json && refused twice.json "a key given twice" 'twice\.json' 'twice|duplicate|more than once'
{ head -c 100000 /dev/zero | tr '\0' '['; } >deep.json && refused deep.json "a deep nesting" 'deep\.json'
said "$cinch" suggest p.json half.json
verdict "suggest: one bad profile among good ones" test "$status" != 0 -a ! -s out
printf '{"\033[31m\n' >"$(printf 'evil\033[31m.json')"
said "$cinch" suggest "$(printf 'evil\033[31m.json')"
verdict "suggest: control bytes of a file are not printed" test -z "$(tr -d '\n -~' <err)"

# ---- a unit ----
said "$cinch" suggest p.json --unit absent.service
verdict "suggest: a unit that is not there" test "$status" != 0 -a ! -s out
verdict "suggest: is named" grep -q '^cinch: .*absent\.service' err
printf '[Service]\nExecStart=/bin/sh\nUser=nobody\n' >a.service
said "$cinch" suggest p.json --unit a.service
exits 0 "suggest: with a unit"


# ---- a unit as systemd has it ----
units() { # a tree of units below the directory machine
    rm -rf machine && mkdir -p machine/etc/systemd/system/web.service.d machine/usr/lib/systemd/system machine/usr/lib/systemd/user
    printf '[Service]\nExecStart=/bin/sh\n' >machine/usr/lib/systemd/system/web.service
}
units
printf '[Service]\nProtectSystem=strict\nReadOnlyPaths=/\n' >machine/etc/systemd/system/web.service.d/override.conf
for unit in web web.service machine/usr/lib/systemd/system/web.service; do
    said "$cinch" suggest p.json --filesystem view --root machine --unit $unit
    exits 0 "suggest: --unit $unit"
    verdict "suggest: --unit $unit: an administrator's override does not cancel the empty root" \
        test "$(grep -cxE 'ProtectSystem=no|ReadOnlyPaths=' out)" = 2
    verdict "suggest: --unit $unit: what it does not set is not reset" test "$(grep -cx 'InaccessiblePaths=' out)" = 0
done
said "$cinch" suggest p.json --filesystem view
verdict "suggest: without a unit, what would cancel the empty root is reset" \
    test "$(grep -cxE 'ProtectSystem=no|ReadOnlyPaths=|NoExecPaths=|InaccessiblePaths=' out)" = 4
mkdir -p machine/etc/systemd/system/service.d
printf '[Service]\nNoExecPaths=/\nDynamicUser=yes\n' >machine/etc/systemd/system/service.d/zzz.conf
said "$cinch" suggest p.json --root machine --unit web
verdict "suggest: of a drop-in that sorts after its own" \
    grep -q '^cinch: warning: /etc/systemd/system/service.d/zzz.conf sorts after zz-cinch.conf' err
verdict "suggest: and what it sets counts" grep -q '^RootDirectory=' out
units
ln -s /dev/null machine/etc/systemd/system/web.service
said "$cinch" suggest p.json --root machine --unit web
refuses 1 "suggest: a masked unit" masked /etc/systemd/system/web.service
said "$cinch" suggest p.json --root machine --unit other
refuses 1 "suggest: a unit that systemd does not have" 'no unit other'
said "$cinch" suggest p.json --root machine --unit web.socket
refuses 1 "suggest: a unit that is no service" 'not a service'
said "$cinch" suggest p.json --unit /etc/passwd
refuses 1 "suggest: a file that is no unit" '/etc/passwd' '\[Service\]'
printf '[Service]\nExecStart=/bin/sh\n' >machine/usr/lib/systemd/user/mine.service
said "$cinch" suggest p.json --root machine --unit mine
verdict "suggest: a user's unit is for a user's manager" grep -q '^#.*(systemctl --user)' out
said "$cinch" suggest p.json --root machine --unit machine/usr/lib/systemd/user/mine.service
verdict "suggest: a user's unit by its file" grep -q '^#.*(systemctl --user)' out
printf '# /usr/lib/systemd/system/web.service\n[Service]\nExecStart=/bin/sh\n\n# /etc/systemd/system/web.service.d/a.conf\n[Service]\nReadOnlyPaths=/\n' >saved
said "$cinch" suggest p.json --filesystem view --unit ./saved
verdict "suggest: what systemctl cat printed" grep -qx 'ReadOnlyPaths=' out
verdict "suggest: gives the unit its name" grep -qF '/etc/systemd/system/web.service.d/zz-cinch.conf' out
said bash -c "'$cinch' suggest p.json --unit <(cat saved)"
exits 0 "suggest: the same from a pipe"

# ---- what the unit starts ----
starts() { # SETTING...: a unit with these lines, and what comes of it
    { echo "[Service]"; printf '%s\n' "$@"; } >starts.service
    said "$cinch" suggest p.json --unit ./starts.service
}
me=$(id -un)
starts "ExecStart=/opt/other --port 80" "User=$me"
verdict "suggest: of another program: the exit status" test "$status" = 1
verdict "suggest: of another program: it is said" grep -q '^cinch: warning: the unit starts /opt/other, which training did not run' err
rm -f other.conf
said "$cinch" suggest p.json --unit ./starts.service -o other.conf
verdict "suggest: of another program: nothing is installed" test "$status" = 1 -a ! -e other.conf
starts "ExecStart=-/opt/cinch-gate -- /bin/sh -c 'cat /etc/hostname >copy; exit 0'" "User=$me"
exits 0 "suggest: of the same command behind a gate"
verdict "suggest: of the same command: no word of it" test -z "$(grep 'starts its program\|runs its program' err)"
starts 'ExecStart=/bin/sh $OPTIONS' "User=$me"
verdict "suggest: of arguments that nobody knows yet" test -z "$(grep 'starts its program' err)"
starts "ExecStart=/bin/sh -c 'exit 0'" "User=$me"
exits 0 "suggest: of other arguments"
verdict "suggest: of other arguments: they are told" grep -q '^cinch: warning: the unit starts its program with arguments that were not trained.*The unit: /bin/sh -c exit 0; trained: sh -c cat' err
starts "ExecStart=/bin/sh -c 'cat /etc/hostname >copy; exit 0'" "User=games"
verdict "suggest: of another user" grep -q '^cinch: warning: the unit runs its program as games' err
printf '[Service]\nExecStart=/bin/sh\n' >db@.service
said "$cinch" suggest p.json --unit ./db@.service --comments full
verdict "suggest: of a template: one instance" grep -qF '/etc/systemd/system/db@INSTANCE.service.d/zz-cinch.conf' out
verdict "suggest: of a template: why" grep -q 'is a template' out

# ---- forms and choices ----
said "$cinch" suggest p.json --unit ./db@.service -o forms.conf
said cat forms.conf
verdict "suggest: the short form says how to make it again" grep -qF '# made by: cinch suggest p.json --unit ./db@.service -o forms.conf' out
verdict "suggest: and how tight it is" grep -qE '^# allows: [0-9]+ system calls' out
verdict "suggest: and what nobody saw" grep -qE "^# beyond training: .*systemd's @default" out
said "$cinch" suggest p.json --comments none
verdict "suggest: bare directives" test -z "$(grep -v '^[A-Z][A-Za-z0-9]*=\|^\[Service\]$' out)"
said "$cinch" suggest p.json --comments much
refuses 2 "suggest: a form that is none" 'much' 'short'
said "$cinch" suggest p.json --only SystemCallFilter --only SystemCallErrorNumber= --comments none
verdict "suggest: --only" test "$(sed 's/=.*//' out | sort -u | tr '\n' ' ')" = "SystemCallErrorNumber SystemCallFilter [Service] "
said "$cinch" suggest p.json --without SystemCallFilter
verdict "suggest: --without" test -z "$(grep '^SystemCallFilter=' out)"
said "$cinch" suggest p.json --without BindReadOnlyPaths
verdict "suggest: --without what another needs is said" grep -q 'TemporaryFileSystem= is written without BindReadOnlyPaths=: the root is empty' err
said "$cinch" suggest p.json --without systemcallfilter
refuses 1 "suggest: --without what is no directive" 'systemcallfilter' 'did you mean SystemCallFilter'
said "$cinch" suggest p.json --portable --fit loose --comments full
verdict "suggest: --portable has no @groups" test -z "$(grep '^SystemCallFilter=.*@' out)"
verdict "suggest: --portable has no addresses" test -z "$(grep -E '^IPAddressAllow=[0-9a-f]' out)"

# ---- how closely ----
count_calls() { sed -n 's/^SystemCallFilter=//p' out | tr ' ' '\n' | grep -c .; }
said "$cinch" suggest p.json --format json
verdict "suggest: the excess in JSON" test "$(jq '[.verdicts[] | select(.name == "SystemCallFilter") | .excess |
    .count == (.names | length) and .unit == "calls"] == [true]' out)" = true
said "$cinch" suggest p.json --comments none --fit snug
cp out snug.conf
said "$cinch" suggest p.json --comments none
verdict "suggest: --fit snug is what it does anyway" cmp -s out snug.conf
said "$cinch" suggest p.json --fit exact
verdict "suggest: --fit exact lists less" test "$(count_calls)" -lt "$(cp out exact.conf; cp snug.conf out; count_calls)"
said "$cinch" suggest p.json --fit exact
verdict "suggest: --fit exact has names only" test -z "$(grep '^SystemCallFilter=.*@' out)"
said "$cinch" suggest p.json --fit loose --comments full
verdict "suggest: --fit loose has groups, and tells what they bring" test -n "$(grep '^SystemCallFilter=@' out)" -a \
    -n "$(grep '^# @.* also allows [0-9]* calls' out)"
said "$cinch" suggest p.json --fit loose --groups no
verdict "suggest: --groups no" test -z "$(grep '^SystemCallFilter=.*@' out)"
said "$cinch" suggest p.json --fit loose --systemd-version 254 --comments full
verdict "suggest: a systemd whose groups nobody knows" grep -q 'no @groups' out
said "$cinch" suggest p.json --companions none
cp out none.conf
verdict "suggest: --companions none has less than snug" test "$(count_calls)" -lt "$(cp snug.conf out; count_calls)"

# ---- usage ----
for command in suggest explain; do
    for arguments in "" "--no-such-option p.json" "p.json --format poem" "p.json --systemd-version new" \
        "p.json --filesystem none" "p.json --peers some" "p.json --fit tight" "p.json --companions some" \
        "p.json --groups maybe" "p.json --modules some" "p.json --group-calls x" "p.json --view-entries 0"; do
        # shellcheck disable=SC2086
        said "$cinch" $command $arguments
        verdict "$command: usage: '$arguments'" test "$status" = 2 -a -s err -a ! -s out
    done
done

# ---- explain ----
said "$cinch" explain p.json
exits 0 "explain: everything"
verdict "explain: has the directive" grep -q SystemCallFilter out
for query in SystemCallFilter execve /etc/hostname RestrictAddressFamilies; do
    said "$cinch" explain p.json $query
    exits 0 "explain: $query"
    verdict "explain: $query is spoken of" grep -q "$query" out
done
for asked in "ptrace refused.by.SystemCallFilter=,.with.EPERM" "AF_NETLINK refused.by" "CAP_SYS_BOOT CapabilityBoundingSet=" \
    "/srv/never/used ENOENT"; do
    said "$cinch" explain p.json "${asked% *}" --systemd-version 252
    exits 0 "explain: ${asked% *}, which was never used"
    verdict "explain: ${asked% *}, how it is refused" grep -q "never used.*${asked#* }" <(tr '\n' ' ' <out)
done
said "$cinch" explain p.json openat ptrace
exits 0 "explain: two things"
verdict "explain: the first of two" grep -q openat out
verdict "explain: the second of two" grep -q 'ptrace was never used' out
said "$cinch" suggest p.json q.json
verdict "suggest: the header names one command" grep -q 'cat /etc/hostname' <(head -n 3 out)
verdict "suggest: and the other" grep -q 'mkdir made; rmdir made' <(head -n 3 out)
said "$cinch" explain p.json NoSuchThingAnywhere
verdict "explain: a query about nothing fails" test "$status" != 0
# What is asked about is not opened: a device may do something then, a pipe loses what is read of it.
mkfifo pipe && exec 3<>pipe && echo kept >&3
said "$cinch" explain p.json "$PWD/pipe"
verdict "explain: a pipe that is asked about keeps what is in it" \
    test "$(timeout 5 head -n 1 <&3)" = kept
exec 3>&-

# ---- -o FILE: as a whole or not at all ----
dropin=x.service.d/zz-cinch.conf
said "$cinch" suggest p.json -o $dropin
exits 0 "suggest: -o writes a drop-in"
verdict "suggest: in a directory that it makes" same $dropin first
verdict "suggest: for all to read" test "$(stat -c %a $dropin)" = 644
verdict "suggest: and prints nothing" test ! -s out
cp $dropin kept
said "$cinch" suggest no-such.json -o $dropin
verdict "suggest: one that fails" test "$status" != 0
verdict "suggest: leaves the old one whole" cmp $dropin kept
said sh -c "ulimit -f 0; trap '' XFSZ; exec '$cinch' suggest q.json -o $dropin"
verdict "suggest: one that cannot be written fails" test "$status" != 0
verdict "suggest: and leaves the old one whole, too" cmp $dropin kept
verdict "suggest: with nothing beside it" test "$(ls x.service.d)" = zz-cinch.conf
chmod 606 $dropin
said "$cinch" suggest q.json -o $dropin
verdict "suggest: -o replaces it" test "$(cmp -s $dropin kept; echo $?)" = 1
verdict "suggest: no others may write to it" test "$(stat -c %a $dropin)" = 604
ln -s /dev/null masked.conf
for wrong in "masked.conf symbolic.link" "x.service.d a.directory" "p.json one.of.the.profiles" \
    "x.service.d/zz-cinch end.in.\.conf" "absent/zz-cinch.conf No.such.file"; do
    said "$cinch" suggest p.json -o "${wrong% *}"
    refuses 1 "suggest: not -o ${wrong% *}" "${wrong#* }"
done
verdict "suggest: the profile is whole" is_profile p.json
said "$cinch" suggest p.json -o -
verdict "suggest: -o - is standard output" same out first
said "$cinch" explain p.json -o x
exits 2 "explain: has no -o"

# ---- a JIT compiler that training left cold ----
cat >jit.c <<'X'
int luaJIT_setmode(void) { return 0; }
int main(void) { return luaJIT_setmode(); }
X
if gcc -rdynamic -o jit jit.c 2>err; then
    said "$cinch" train -q -o jit.json -- ./jit
    said "$cinch" suggest --systemd-version 252 jit.json
    verdict "suggest: no MemoryDenyWriteExecute= for a program with LuaJIT" \
        test "$(grep -c '^MemoryDenyWriteExecute=' out)" = 0
    said "$cinch" explain jit.json MemoryDenyWriteExecute
    verdict "explain: and it says so" grep -q LuaJIT out
    said "$cinch" suggest --systemd-version 252 p.json
    verdict "suggest: but for a program without one" grep -q '^MemoryDenyWriteExecute=yes' out
else
    skip "suggest: no MemoryDenyWriteExecute= for a program with LuaJIT" "no compiler"
fi
exit $((failures > 0))
