# SPDX-License-Identifier: LGPL-2.1-or-later
# cinch elf, help, --version, and the man page, which must tell the same options as the program.
. "$(dirname "$0")/lib.sh"
cinch=$1

# ---- elf: 2 usage, 3 unreadable, 1 not static, 0 static, in that order ----
printf 'int main(void) { return 0; }\n' >a.c
gcc -static -o static a.c && gcc -o dynamic a.c
said "$cinch" elf static
exits 0 "elf: a static program"
said "$cinch" elf dynamic
exits 1 "elf: a dynamic program"
verdict "elf: its library is named" grep -q 'libc\.so\.6' out
said "$cinch" elf static dynamic
exits 1 "elf: one of two is dynamic"
said "$cinch" elf dynamic absent static
exits 3 "elf: one of three is not there"
verdict "elf: the missing one is named" grep -q 'absent' err
echo 'just text' >text
said "$cinch" elf text
exits 3 "elf: a text"
said "$cinch" elf
exits 2 "elf: no file"
said "$cinch" elf --format poem absent
exits 2 "elf: usage comes before unreadable"
printf '#!/bin/sh\ntouch it-ran\n' >script && chmod 755 script
said "$cinch" elf script
exits 1 "elf: a script takes its interpreter's verdict"
printf '#!%s/static\n' "$PWD" >static-script && chmod 755 static-script
said "$cinch" elf static-script
exits 0 "elf: a script of a static interpreter"
verdict "elf: nothing was run" test ! -e it-ran
said "$cinch" elf --format json dynamic
verdict "elf: --format json is JSON" is_json out
head -c 200 dynamic >cut
said "$cinch" elf cut
exits 3 "elf: a truncated program"

# ---- help ----
said "$cinch"
exits 2 "no command"
said "$cinch" no-such-command
refuses 2 "an unknown command" no-such-command
said "$cinch" --version
verdict "--version" grep -qxE 'cinch [0-9]+\.[0-9]+\.[0-9]+' out
for arguments in "help" "-h" "--help"; do
    said "$cinch" $arguments
    verdict "cinch $arguments" test "$status" = 0 -a -s out -a ! -s err
done
for command in train suggest explain show elf; do
    for arguments in "help $command" "$command -h" "$command --help"; do
        # shellcheck disable=SC2086
        said "$cinch" $arguments
        verdict "cinch $arguments" test "$status" = 0 -a -s out -a ! -s err
    done
    # Every option of the help is in the man page.
    grep -oE -- '--[a-z][a-z-]*' out | sort -u | while read -r option; do
        grep -qE -- "$(sed 's/-/\\\\-/g' <<<"$option")\b" "$top/docs/cinch.1" || echo "$option"
    done >missing
    cp missing err
    verdict "the man page has every option of cinch $command" test ! -s missing
done
for command in train suggest explain show elf; do "$cinch" help $command; done >help-of-all
sed 's/\\-/-/g' "$top/docs/cinch.1" | grep -oE -- '--[a-z][a-z-]+' | sort -u | while read -r option; do
    grep -qE -- "$option\b" help-of-all || echo "$option"
done | grep -vx -e --version -e --help >missing
cp missing err
verdict "the help has every option of the man page" test ! -s missing
if command -v man >/dev/null && command -v groff >/dev/null; then
    man --warnings -E UTF-8 -l "$top/docs/cinch.1" >/dev/null 2>err
    verdict "the man page has no formatting errors" test ! -s err
else
    skip "the man page has no formatting errors" "no man and groff here (apt-get install man-db groff)"
fi
exit $((failures > 0))
