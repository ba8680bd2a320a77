# SPDX-License-Identifier: LGPL-2.1-or-later
# cinch suggest and explain on a small profile that is kept in fixtures: what is in it is known, a name
# that no unit file can hold included.
. "$(dirname "$0")/lib.sh"
cinch=$1
profile=$top/fixtures/cases/hostile/profile.json
# jq's verdict without its words.
json_has() { jq -e "$1" out >/dev/null; }
plain() { [ -z "$(tr -d '\n -~' <"$1")" ]; }

# ---- a drop-in ----
said "$cinch" suggest "$profile"
exits 0 "drop-in"
verdict "drop-in: printable" plain out
verdict "drop-in: lists are reset first" grep -qx 'BindReadOnlyPaths=' out
verdict "drop-in: the name that cannot be written is a comment" grep -qF '# cannot be written for systemd 252: BindReadOnlyPaths= "-/etc/pa\x1b"ss"' out
verdict "drop-in: and nothing but a comment" test "$(grep -v '^#' out | grep -c 'etc/pa\\')" = 0
verdict "drop-in: every line is a comment, empty, a section or an assignment" \
    test "$(grep -cvE '^(#|$|\[Service\]$|[A-Z][A-Za-z]+=)' out)" = 0
if command -v systemd-analyze >/dev/null; then
    mkdir -p verify/x.service.d
    printf '[Service]\nExecStart=/bin/true\n' >verify/x.service
    cp out verify/x.service.d/zz-cinch.conf
    said systemd-analyze verify --recursive-errors=no "$PWD/verify/x.service"
    grep -F zz-cinch.conf err >complaints
    verdict "drop-in: systemd-analyze verify has nothing to say of it" test ! -s complaints
else
    skip "drop-in: systemd-analyze verify" "no systemd-analyze here (apt-get install systemd)"
fi

# ---- the target ----
jq '.host.settings |= map(select(.name != "systemd"))' "$profile" >unknown.json 2>/dev/null ||
    grep -v '"name": "systemd"' "$profile" >unknown.json
sed 's/"252"/"257"/' "$profile" >newer.json
said "$cinch" suggest unknown.json
refuses 1 "a profile that does not know its systemd" '--systemd-version'
said "$cinch" suggest unknown.json --systemd-version 252
exits 0 "a version that was given"
said "$cinch" suggest "$profile" newer.json
refuses 1 "profiles of two versions" 'different versions' '--systemd-version'
said "$cinch" suggest "$profile" newer.json --systemd-version 257
exits 0 "profiles of two versions and one given"
for version in 0 231 -1 252.39 99999 0x100 "" " 252"; do
    said "$cinch" suggest "$profile" --systemd-version "$version"
    verdict "no version: '$version'" test "$status" = 2 -a ! -s out -a -s err
done

# ---- the unit and its drop-ins ----
mkdir -p d.service.d
printf '[Service]\nExecStart=/usr/sbin/d\nReadOnlyPaths=/\nProtectSystem=strict\n' >d.service
printf '[Service]\nEnvironment=FROM=dropin\n' >d.service.d/50-more.conf
printf '[Service]\nEnvironment=FROM=cinch\n' >d.service.d/zz-cinch.conf
printf '[Service]\nEnvironment=FROM=hidden\n' >d.service.d/.hidden.conf
said "$cinch" suggest "$profile" --unit d.service
exits 0 "a unit"
verdict "a unit: names the file to save" grep -qF '/etc/systemd/system/d.service.d/zz-cinch.conf' out
said "$cinch" suggest "$profile" --unit d.service --format unit
exits 0 "a unit, whole"
verdict "a unit, whole: its own settings" grep -qx 'ExecStart=/usr/sbin/d' out
verdict "a unit, whole: its drop-ins'" grep -qx 'Environment=FROM=dropin' out
verdict "a unit, whole: not those of an earlier drop-in of cinch" test "$(grep -c 'FROM=cinch\|FROM=hidden' out)" = 0
verdict "a unit, whole: what would undo the sandbox is gone" test "$(grep -c '^ProtectSystem=strict\|^ReadOnlyPaths=/' out)" = 0
printf '[Service]\nUser=x\0y\n' >d.service.d/60-bad.conf
said "$cinch" suggest "$profile" --unit d.service
refuses 1 "a drop-in with a NUL" '60-bad\.conf, line 2'
rm d.service.d/60-bad.conf
printf '[Service\n' >"$(printf 'e\033[2J.service')"
said "$cinch" suggest "$profile" --unit "$(printf 'e\033[2J.service')"
refuses 1 "a broken unit with a hostile name" 'line 1'
verdict "a broken unit with a hostile name: printable" plain err

# ---- a unit of its own, run arguments, JSON ----
said "$cinch" suggest "$profile" --format unit
exits 0 "a made unit"
verdict "a made unit: runs the command" grep -qxF 'ExecStart=/usr/sbin/d "-x y"' out
verdict "a made unit: no resets" test "$(grep -cE '^[A-Za-z]+=$' out)" = 0
said "$cinch" suggest "$profile" --format run-args
exits 0 "run arguments"
args=()
eval "args=( $(cat out) )"
verdict "run arguments: bash reads them" test "${#args[@]}" -gt 20 -a "${args[0]}" = -p
verdict "run arguments: one a line" test "$(grep -c '^-p ' out)" = $((${#args[@]} / 2))
grep '^-p ' out | xargs printf '%s\n' >from-xargs
verdict "run arguments: xargs reads the same" cmp <(printf '%s\n' "${args[@]}") from-xargs
said "$cinch" suggest "$profile" --format json
exits 0 "JSON"
verdict "JSON: the hostile path" json_has '.verdicts[] | select(.name == "BindReadOnlyPaths").values
    | any(.text == "/etc/pa\\x1b\"ss" and .unit == null)'
verdict "JSON: as documented" json_has '.format == "cinch-suggestion" and .version == 2 and .target.systemd == 252
    and (.verdicts | all(has("name") and has("emitted") and has("reset") and has("values") and has("why") and has("witness")))'

# ---- explain ----
said "$cinch" explain "$profile"
exits 0 "explain"
verdict "explain: printable" plain out
while IFS='|' read -r query wanted; do
    said "$cinch" explain "$profile" "$query"
    exits 0 "explain $query"
    verdict "explain $query: says $wanted" grep -qF -- "$wanted" out
done <<'QUERIES'
SystemCallFilter=|SystemCallFilter=openat
systemcallfilter|SystemCallFilter=openat
openat|Observed in training:
openat2|openat2 was never used in training.
ptrace|refused by SystemCallFilter=, with EPERM
/etc/shadow|refused by TemporaryFileSystem=, with ENOENT
/usr/sbin/d|writing, creating or deleting: refused by BindReadOnlyPaths=, with EROFS
192.0.2.1|a datagram to it: refused by IPAddressDeny=, with EPERM
cap_sys_time|a call that needs it: refused by ProtectClock=, with EPERM
/etc/passwd|BindReadOnlyPaths=-/etc/passwd
/etc/pa\x1b"ss|openat of /etc/pa\x1b"ss
10.0.0.9|IPAddressAllow=10.0.0.9
10.0.0.9:80|port 80
AF_INET|RestrictAddressFamilies=AF_INET
MemoryMax|MemoryMax= is not written by cinch (MemoryMax=, TasksMax=
dynamicuser=|dynamicuser= is not written by cinch (User=, 
LimitNOFILE|LimitNOFILE= is not written by cinch
PrivatePIDs|PrivatePIDs= is not set: 
/proc/self/status|refused by TemporaryFileSystem=, with ENOENT
gettid|not refused by these directives
AF_X25|refused by RestrictAddressFamilies=, with EAFNOSUPPORT
af_x25|refused by RestrictAddressFamilies=, with EAFNOSUPPORT
QUERIES
said "$cinch" explain "$profile" opennat
verdict "explain 'opennat': names that are near" grep -qF 'Similar names: openat, openat2.' out
said "$cinch" explain "$profile" "$(printf 'o\033[2J\n')"
verdict "explain: a hostile word drives no terminal" test "$status" = 1 -a -z "$(tr -d '\n -~' <out)"
for query in 11.0.0.9:81x AF_NOSUCH no_such_call Limit ""; do
    said "$cinch" explain "$profile" "$query"
    verdict "explain '$query': nothing" test "$status" = 1
    verdict "explain '$query': says so" grep -q ' is unknown\. ' out
done
said "$cinch" explain "$profile" newer.json openat
refuses 1 "explain: two profiles and a query" 'different versions'
said "$cinch" explain "$profile" "$profile" openat
exits 0 "explain: a profile twice and a query"
exit $((failures > 0))
