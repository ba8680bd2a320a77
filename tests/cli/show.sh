# SPDX-License-Identifier: LGPL-2.1-or-later
# cinch show on profiles that are kept in fixtures.
. "$(dirname "$0")/lib.sh"
cinch=$1
profile=$top/fixtures/cases/hostile/profile.json
nginx=$top/fixtures/cases/nginx/profile.json
plain() { [ -z "$(tr -d '\n -~' <"$1")" ]; }
fits() { [ "$(wc -L <"$1")" -le "$2" ]; }

said "$cinch" show "$nginx"
exits 0 "show"
verdict "show: printable" plain out
verdict "show: 78 columns" fits out 78
for section in 'Runs (1)' 'Programs (1)' 'System calls (63)' 'Paths (59)' Network Capabilities Arguments Gaps; do
    verdict "show: has $section" grep -qxF "$section" out
done
verdict "show: no directive" test "$(grep -cE '^ *[A-Z][A-Za-z]+=' out)" = 0
cp out cut
said "$cinch" show --all "$nginx"
exits 0 "show --all"
verdict "show --all: names what is counted without it" \
    test "$(grep -c 'libssl.so.3 .*loaded' out):$(grep -c 'libssl.so.3 .*loaded' cut)" = 1:0
said "$cinch" show "$profile"
exits 0 "show: a hostile name"
verdict "show: a hostile name is encoded" grep -qF "'pa\\x1b\"ss'" out
verdict "show: a hostile name drives no terminal" plain out
said "$cinch" show "$profile" "$nginx"
exits 0 "show: two profiles"
verdict "show: two profiles are one" grep -qxF 'Runs (2)' out
said "$cinch" show --json "$profile" "$nginx"
exits 0 "show --json"
cp out joined.json
verdict "show --json: the joined profile" jq -e '.format == "cinch-profile" and (.runs | length) == 2' joined.json
said "$cinch" show --json joined.json
verdict "show --json: which says the same again" cmp joined.json out
cp "$profile" "$(printf 'p\033[2J\n.json')"
said "$cinch" show "$(printf 'p\033[2J\n.json')"
exits 0 "show: a profile with a hostile name"
echo '{' >"$(printf 'q\033[2J\n.json')"
said "$cinch" show "$(printf 'q\033[2J\n.json')"
refuses 1 "show: a broken profile with a hostile name" 'q\\x1b'
verdict "show: a broken profile with a hostile name: printable" plain err
said "$cinch" show nowhere.json
refuses 1 "show: no such profile" 'nowhere\.json'
said "$cinch" show
verdict "show: no profile is a usage error" test "$status" = 2 -a ! -s out -a -s err
said "$cinch" show --al1 "$profile"
verdict "show: an unknown option is a usage error" test "$status" = 2 -a ! -s out -a -s err

# ---- on a terminal: its width, and bold headings ----
on_terminal() { # COLUMNS [VARIABLE=VALUE...]
    local columns=$1
    shift
    said /usr/bin/python3 -I -c '
import fcntl, os, pty, struct, sys, termios
pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execv(sys.argv[2], sys.argv[2:])
try:
    while chunk := os.read(master, 65536):
        sys.stdout.buffer.write(chunk)
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))' "$columns" /usr/bin/env -u NO_COLOR TERM=xterm "$@" "$cinch" show "$nginx"
    tr -d '\r' <out >page
}
on_terminal 60
exits 0 "terminal"
verdict "terminal: headings are bold" grep -qF "$(printf '\033[1mRuns (1)\033[0m')" page
sed 's/\x1b\[[01]m//g' page >bare
verdict "terminal: its width" fits bare 60
verdict "terminal: nothing else but text" plain bare
on_terminal 60 TERM=dumb
verdict "terminal: a dumb one gets text alone" plain page
on_terminal 60 NO_COLOR=1
verdict "terminal: NO_COLOR" plain page
exit $((failures > 0))
