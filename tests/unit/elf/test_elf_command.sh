#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# `cinch elf` against ld.so itself: what the loader lists for trusted programs of this machine, and for
# small ones compiled here, must be what cinch finds without running anything.
set -u
export LC_ALL=C
unset LD_LIBRARY_PATH LD_PRELOAD
command=$(realpath "${CINCH:-${top_builddir:-.}/tests/unit/elf/elf_command}")
cc=${CC:-cc}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

ok() { echo "ok - $*"; }
not_ok() {
    echo "not ok - $*"
    sed 's/^/#   /' out err differ 2>/dev/null | head -n 40
    failures=$((failures + 1))
}
verdict() { # TEXT COMMAND...
    local text=$1
    shift
    if "$@"; then ok "$text"; else not_ok "$text"; fi
}
elf() { # STATUS TEXT ARGUMENT...: the output stays in the files out and err
    local wanted=$1 text=$2 status
    shift 2
    timeout -k 5 60 "$command" elf "$@" >out 2>err </dev/null
    status=$?
    verdict "$text: status $status, wanted $wanted" test "$status" = "$wanted"
}

# NAME PATH of each library, "-" for a missing one, as cinch and as ld.so see it.
cinch_list() { # PROGRAM
    "$command" elf "$1" | awk '
        $1 == "library" { print $2, $3 == "=>" ? $4 : $2 }
        $1 == "MISSING" { sub(/,$/, "", $2); print $2, "-" }' | sort
}
loader_list() { # LOADER PROGRAM: the program must be trusted
    LD_TRACE_LOADED_OBJECTS=1 "$1" "$2" 2>/dev/null | awk -v loader="$1" '
        /=> not found/ { print $1, "-"; next }
        $2 == "=>" && $1 != loader { print $1, $3; next }
        $2 != "=>" && $1 ~ /^\// && $1 != loader { print $1, $1 }' | sort
}
same_lists() { diff theirs mine >differ; }
same_as_loader() { # PROGRAM [TEXT]
    local program loader
    # ld.so called by name does not follow links for $ORIGIN, the kernel does.
    program=$(realpath "$1")
    loader=$("$command" elf "$program" | awk '$1 == "loader" { print $2; exit }')
    if ! "$loader" --version >/dev/null 2>&1; then
        ok "${2:-$1} # SKIP this kernel does not run ${loader:-its loader}"
        return
    fi
    loader_list "$loader" "$program" >theirs
    cinch_list "$program" >mine
    verdict "${2:-$1}: $(wc -l <theirs) libraries as ld.so finds them" same_lists
}

# ---- programs of this machine ----
count=0
for program in /usr/bin/{bash,ls,cat,grep,sed,mawk,gawk,dpkg,rpm,apt-get,mount,su,login,passwd,id,find,tar,gpg,perl,python3,systemctl,openssl,curl,git,ssh,gdb,vim,jq,strace,clang,gcc} \
    /usr/sbin/{nginx,sshd,cron,useradd,ip,rsyslogd,tcpdump} /usr/lib/systemd/systemd; do
    if [ -x "$program" ] && [ "$(head -c 4 "$program" | tail -c 3)" = ELF ]; then
        same_as_loader "$program"
        count=$((count + 1))
    fi
done
verdict "$count programs of this machine were compared, a dozen is wanted" test "$count" -ge 12

# ---- what only files say: no compiler needed ----
elf 2 "no file"
elf 2 "an unknown option" --colour /bin/sh
elf 2 "an unknown format comes before an unreadable file" --format poem absent
elf 0 "help" -h
elf 3 "a missing file" absent
verdict "it is named" grep -q 'cannot read absent: No such file' err
elf 3 "a directory" .
elf 3 "a device" /dev/null
verdict "a device is refused by what it is" grep -q 'not a regular file' err
mkfifo fifo
elf 3 "a FIFO, at once" fifo
: >empty
elf 3 "an empty file" empty
elf 1 "a dynamic program" /bin/sh
elf 3 "unreadable wins over dynamic" /bin/sh absent
printf '#!/bin/sh\ntouch it-ran\n' >$'scr\xc3\xa4pt' && chmod 755 $'scr\xc3\xa4pt'
elf 1 "a script" $'scr\xc3\xa4pt'
verdict "its name is encoded" grep -qF 'scr\xc3\xa4pt: dynamic (script)' out
verdict "its interpreter is shown" grep -q '#! runs  */bin/sh' out
verdict "nothing was run" test ! -e it-ran
elf 1 "the format may stand behind the file" /bin/sh --format json
verdict "JSON begins as documented" grep -q '"format":	"cinch-elf"' out
elf 3 "JSON of what cannot be read" --format=json absent
verdict "it says so" grep -q '"verdict":	"unreadable"' out

# ---- compiled here ----
finish() { exit $((failures > 0)); }
echo 'int main(void) { return 0; }' >main.c
if ! $cc -o dynamic main.c 2>/dev/null; then
    echo "ok - programs compiled here # SKIP no working C compiler ($cc)"
    finish
fi
library() { # FILE OPTION...: a shared object that defines nothing
    local file=$1
    shift
    mkdir -p "$(dirname "$file")"
    $cc -shared -fPIC -nostdlib -o "$file" -x c /dev/null -x none -Wl,--no-as-needed "$@" || exit 1
}
program() { # FILE OPTION...
    local file=$1
    shift
    mkdir -p "$(dirname "$file")"
    $cc -o "$file" main.c -Wl,--no-as-needed "$@" || exit 1
}
elf 1 "dynamic" dynamic
same_as_loader dynamic
if $cc -static -o static main.c 2>/dev/null; then
    elf 0 "static" static
    elf 1 "one of two is static" static dynamic
    printf '#!%s/static -x\n' "$work" >static-script
    elf 0 "a script of a static interpreter" static-script
fi
if $cc -static-pie -o static-pie main.c 2>/dev/null; then elf 0 "static-pie" static-pie; fi
library lib/libempty.so
elf 3 "a shared object" lib/libempty.so
verdict "it says what it is" grep -q 'a shared object' err

rpath='-Wl,--disable-new-dtags,-rpath'
runpath='-Wl,--enable-new-dtags,-rpath'
library deep/libdeep.so
library lib/libmiddle.so -Ldeep -ldeep
program bin/rpath -Llib -lmiddle -Wl,-rpath-link,deep "$rpath,\$ORIGIN/../lib:\${ORIGIN}/../deep"
same_as_loader bin/rpath "DT_RPATH with \$ORIGIN, inherited"
verdict "nothing of it is missing" test -z "$(cinch_list bin/rpath | grep -- '-$')"
program bin/runpath -Llib -lmiddle -Wl,-rpath-link,deep "$runpath,\$ORIGIN/../lib:\${ORIGIN}/../deep"
same_as_loader bin/runpath "DT_RUNPATH is not inherited"
verdict "so one is missing" test "$(cinch_list bin/runpath | grep -c -- '-$')" = 1
elf 1 "a missing library" bin/runpath
verdict "is loud" grep -q "MISSING  *libdeep.so, needed by $(realpath bin/..)/bin/../lib/libmiddle.so" out

library lib/libmiddle.so -Ldeep -ldeep "$runpath,\$ORIGIN/../deep"
program bin/both -Llib -lmiddle -Wl,-rpath-link,deep "$rpath,\$ORIGIN/../lib"
same_as_loader bin/both "DT_RUNPATH of a library behind DT_RPATH of the program"
ln -s bin/both link
elf 1 "through a link" link
verdict "\$ORIGIN is the real place" grep -q 'bin/../lib/libmiddle.so (rpath)' out

mkdir -p a b
library b/libother.so
printf 'not a library\n' >a/text.so
program bin/order -Lb -lother "$rpath,$work/a:$work/b"
if $cc -m32 -shared -nostdlib -o a/libother.so -x c /dev/null 2>/dev/null; then
    same_as_loader bin/order "a 32-bit library is passed over"
    verdict "it is not the one taken" grep -q "^libother.so $work/b/libother.so$" mine
    if $cc -m32 -o dynamic32 main.c 2>/dev/null; then
        elf 1 "a 32-bit program" dynamic32
        verdict "its architecture is named" grep -q '(x86)' out
        same_as_loader dynamic32
    fi
    echo 'extern int x; int *f(void) { return &x; }' >reloc.c
    if $cc -m32 -shared -fno-pic -nostdlib -Wl,-z,notext -o libreloc.so reloc.c 2>/dev/null &&
        $cc -m32 -o reloc main.c -Wl,--no-as-needed -Wl,--unresolved-symbols=ignore-all ./libreloc.so 2>/dev/null; then
        elf 1 "text relocations of a library" reloc
        verdict "are told" grep -q 'libreloc.so has text relocations' out
    fi
else
    echo "ok - 32-bit programs # SKIP no 32-bit compiler here (apt-get install gcc-multilib)"
fi
program bin/stack -Wl,-z,execstack
elf 1 "an executable stack" bin/stack
verdict "is told" grep -q 'bin/stack wants an executable stack' out

library soname/libfile.so -Wl,-soname,libwanted.so.1
library soname/libwanted.so.1
library soname/libneeds.so -Lsoname -l:libfile.so
cp soname/libfile.so soname/libcopy.so
program bin/soname -Lsoname -lneeds -Wl,-rpath-link,soname "$rpath,$work/soname"
same_as_loader bin/soname "a soname and its file"
library token/lib/x/libtoken.so
sub=$("$command" elf dynamic | sed -n 's|.*=> /\(.*\)/libc\.so\.6 .*|\1|p')
mkdir -p "token/$sub" && cp token/lib/x/libtoken.so "token/$sub/"
program bin/token -Ltoken/lib/x -ltoken "$rpath,$work/token/\$LIB"
same_as_loader bin/token "\$LIB"
for platform in x86_64 haswell xeon_phi i686 aarch64; do
    mkdir -p "platform/$platform" && cp token/lib/x/libtoken.so "platform/$platform/"
done
program bin/platform -Ltoken/lib/x -ltoken "$rpath,$work/platform/\${PLATFORM}"
same_as_loader bin/platform "\$PLATFORM"
mkdir -p hw && cp token/lib/x/libtoken.so hw/
for level in x86-64-v2 x86-64-v3 x86-64-v4; do
    mkdir -p "hw/glibc-hwcaps/$level" && cp token/lib/x/libtoken.so "hw/glibc-hwcaps/$level/"
    program "bin/hw" -Ltoken/lib/x -ltoken "$runpath,$work/hw"
    same_as_loader bin/hw "glibc-hwcaps up to $level"
done
library direct/libdirect.so
program bin/direct "$work/direct/libdirect.so"
same_as_loader bin/direct "a DT_NEEDED with a slash"

# ---- scripts, as the kernel follows them ----
printf '#!%s/dynamic\n' "$work" >s1
for i in 2 3 4 5 6; do printf '#!%s/s%d\n' "$work" $((i - 1)) >"s$i"; done
chmod 755 s?
for i in 5 6; do
    if (exec "./s$i") 2>/dev/null; then wanted=1; else wanted=3; fi
    elf "$wanted" "a chain of $i scripts: the kernel agrees" "s$i"
done
mkdir path && cp dynamic path/some-program
printf '#!/usr/bin/env some-program\n' >env-script
PATH=$work/path:$PATH elf 1 "#!/usr/bin/env" env-script
verdict "the program is looked up in PATH" grep -q "env runs  some-program => $work/path/some-program (search-path)" out
verdict "and that is said" grep -q 'looks up some-program in PATH' out
finish
