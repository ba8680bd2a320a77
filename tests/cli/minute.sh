# SPDX-License-Identifier: LGPL-2.1-or-later
# What cinch says once a minute where standard error is no terminal; the minutes are short here.
# shellcheck shell=bash
. "$(dirname "$0")/lib.sh"
cinch=$1

if ! gcc -shared -fPIC -o hurry.so "$here/hurry.c" 2>err; then
    skip "minute: a line a minute" "no compiler"
    exit 0
fi
if ! LD_PRELOAD=$PWD/hurry.so "$cinch" --version >out 2>err; then
    skip "minute: a line a minute" "this cinch takes no preloaded library"
    exit 0
fi
lines() {
    grep -cE '^cinch: [0-9]+:[0-9][0-9] (start|serve) \| last new fact .* ago \| .* [0-9]+ stops/s$' err
}
# Four minutes of its clock.
said env LD_PRELOAD="$PWD/hurry.so" "$cinch" train -o p.json -- env -u LD_PRELOAD sleep 2.4
exits 0 "minute: a service of four minutes"
count=$(lines)
verdict "minute: a line a minute, not more ($count)" test "$count" -ge 3 -a "$count" -le 6
verdict "minute: each is of its minute" test "$(grep -cE '^cinch: 1:[0-9][0-9] ' err)" = 1 -a "$(grep -cE '^cinch: 2:[0-9][0-9] ' err)" = 1
verdict "minute: no line draws on anything" bash -c "! grep -q $'\033' err"
verdict "minute: nothing of it on standard output" test ! -s out
said env LD_PRELOAD="$PWD/hurry.so" "$cinch" train -q -o p.json -- env -u LD_PRELOAD sleep 1
verdict "minute: --quiet says nothing" test "$(lines)" = 0
said "$cinch" train -o p.json -- sleep 1
verdict "minute: nor does a service of a second" test "$(lines)" = 0
exit $((failures > 0))
