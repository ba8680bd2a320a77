# SPDX-License-Identifier: LGPL-2.1-or-later
# cinch check on a profile that is kept in fixtures; tests/live/written has what systemd makes of such units.
. "$(dirname "$0")/lib.sh"
cinch=$1
nginx=$top/fixtures/cases/nginx/profile.json
unit=$top/fixtures/services/nginx/cinch-nginx.service

said "$cinch" check "$unit" "$nginx"
exits 0 "check: a unit without a sandbox"
verdict "check: says so" grep -q '^cinch-nginx.service allows all [0-9]* things' out
printf '[Service]\nExecStart=/usr/sbin/nginx\nProtectSystem=strict\nLimitNOFILE=3\nRestrictAddressFamilies=AF_UNIX\nSystemCallFilter=@system-service\nSystemCallFilter=~chown\n' >tight.service
said "$cinch" check ./tight.service "$nginx"
exits 1 "check: a unit that refuses something"
verdict "check: counts it" grep -qE '^tight.service refuses [0-9]+ of [0-9]+ things' out
verdict "check: names the line and the file" grep -qE '^refused by SystemCallFilter=~chown, in .*tight.service' out
verdict "check: and how it fails" grep -q 'EAFNOSUPPORT' out
verdict "check: and what was seen" grep -qE '^  chown .*nginx' out
verdict "check: not more than ten of a line" grep -qE '^  and [0-9]+ more$' out
verdict "check: says what it does not judge" grep -qx 'not judged: LimitNOFILE=' out
verdict "check: nothing else refuses" test "$(grep -c '^refused by' out)" = 3
said "$cinch" check ./tight.service "$nginx" --format json
exits 1 "check --format json"
verdict "check --format json: each refusal" test "$(jq '.format == "cinch-check" and .version == 1 and .not_judged == ["LimitNOFILE"] and
    (.refused | length) > 10 and ([.refused[].directive] | unique) == ["ProtectSystem", "RestrictAddressFamilies", "SystemCallFilter"]' out)" = true
said "$cinch" check "$unit"
refuses 2 "check: without a profile" 'profile'
said "$cinch" check "$unit" "$nginx" -o x
refuses 2 "check: writes nothing" 'suggest'
said "$cinch" check "$unit" "$nginx" --format dropin
refuses 2 "check: has no drop-in" 'json'
said "$cinch" check no-such.service "$nginx" --root /nonexistent
exits 3 "check: no such unit"
verdict "check: and says which" grep -q 'nonexistent' err
echo '{' >broken.json
said "$cinch" check "$unit" broken.json
exits 3 "check: a broken profile"
printf '[Service]\nExecStart=/bin/x\nReadOnlyPaths=/\\x1b[2J\nInaccessiblePaths="/run/\033[2J"\n' >hostile.service
said "$cinch" check ./hostile.service "$nginx"
verdict "check: a hostile unit drives no terminal" test -z "$(tr -d '\n -~' <out)"
verdict "check: and the unit's lines are data" test "$status" -le 1
