// SPDX-License-Identifier: LGPL-2.1-or-later
/* The file system's rows on small made-up services. */
#include "filesystem_case.h"
#include "systemd/filesystem/filesystem.h"

/* What every dynamic program on a merged-/usr machine shows. */
#define MACHINE                                                                                    \
    "link /lib usr/lib\nlink /lib64 usr/lib64\nlink /bin usr/bin\nlink /sbin usr/sbin\n"           \
    "link /usr/lib64/ld-linux-x86-64.so.2 /lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\n"            \
    "dir / -1 -1\ndir /usr -1 -1\ndir /usr/bin 1200 1190\ndir /usr/sbin 300 290\n"                 \
    "dir /usr/lib 9000 8000\ndir /usr/lib/x86_64-linux-gnu 3000 2990\ndir /usr/share -1 -1\n"      \
    "dir /etc 800 790\ndir /var -1 -1\ndir /var/lib -1 -1\ndir /var/log 90 80\ndir /run 50 40\n"   \
    "dir /srv 20 2\ndir /tmp 10 10\ndir /home 100 100\ndir /opt 20 20\n"                           \
    "file /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\n"                                        \
    "file /usr/lib/x86_64-linux-gnu/libc.so.6\nfile /usr/bin/served\nfile /etc/ld.so.cache\n"      \
    "execute /lib64/ld-linux-x86-64.so.2 -> /usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\n"      \
    "follow /lib64\nfollow /usr/lib64/ld-linux-x86-64.so.2\n"                                      \
    "read /etc/ld.so.cache\n"                                                                      \
    "map-execute /lib/x86_64-linux-gnu/libc.so.6 -> /usr/lib/x86_64-linux-gnu/libc.so.6\n"         \
    "read /lib/x86_64-linux-gnu/libc.so.6 -> /usr/lib/x86_64-linux-gnu/libc.so.6\n"                \
    "execute /usr/bin/served\n"

#define ROOT "TemporaryFileSystem=/:ro\n"
#define LIBC                                                                                       \
    "BindReadOnlyPaths=/lib/x86_64-linux-gnu/libc.so.6\n"                                          \
    "BindReadOnlyPaths=/lib64/ld-linux-x86-64.so.2\n"
#define CACHE  "BindReadOnlyPaths=-/etc/ld.so.cache\n"
#define SERVED "BindReadOnlyPaths=/usr/bin/served\n"

/* What ExecPaths= names has to stay read-only. */
#define KEPT                                                                                       \
    "BindReadOnlyPaths=/usr/bin/served\n"                                                          \
    "BindReadOnlyPaths=/usr/lib/x86_64-linux-gnu\n"

#define DEVICES                                                                                    \
    "ReadOnlyPaths=-/dev/hugepages\nReadOnlyPaths=-/dev/mqueue\nReadOnlyPaths=-/dev/pts\n"         \
    "ReadOnlyPaths=-/dev/shm\n"

static void test_smallest(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE "stat /nonexistent ENOENT\n",
        .expected = ROOT CACHE LIBC SERVED,
    };

    (void)state;
    case_check(&example);
}

/* Configuration by directory, a document root as a whole, logs and state by directory, the pid
 * file in a /run of its own. */
static void test_web_server(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE
        "dir /etc/web 5 2\nfile /etc/web/web.conf\nfile /etc/web/mime.types\nfile /etc/passwd\n"
        "dir /srv/www 100 98\nfile /srv/www/index.html\ndir /var/log/web 2 0\n"
        "file /var/log/web/access.log\ndir /var/lib/web 3 1\ndir /var/lib/web/body 0 0\n"
        "dir /usr/lib/locale 4 1\nfile /usr/lib/locale/C.utf8/LC_CTYPE\n"
        "read /etc/web/web.conf foreign\nread /etc/web/mime.types foreign\nread /etc/passwd\n"
        "read /srv/www/index.html foreign\nstat /srv/www/missing.html ENOENT\n"
        "write /var/log/web/access.log foreign\n"
        "create /var/lib/web/body EEXIST\ncreate /var/lib/web/body/1\ndelete /var/lib/web/body/1\n"
        "gone /var/lib/web/body/1\n"
        "create /run/web.pid\nwrite /run/web.pid\ndelete /run/web.pid\ngone /run/web.pid\n",
        .expected = ROOT "TemporaryFileSystem=/run:mode=0755,nosuid,nodev,noexec,size=16M\n" CACHE
                         "BindReadOnlyPaths=-/etc/passwd\n"
                         "BindReadOnlyPaths=/etc/web\n" LIBC "BindReadOnlyPaths=/srv/www\n" SERVED
                         "BindPaths=/var/lib/web\nBindPaths=/var/log/web\n",
    };

    (void)state;
    case_check(&example);
}

/* The same with the unit's directories, a PIDFile= and an untrained command. */
static void test_unit(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE "dir /var/lib/web 3 1\ncreate /var/lib/web/x\nfile /var/lib/web/x\n"
                           "create /run/web.pid\nwrite /run/web.pid\nfile /run/web.pid\n",
        .unit = "[Service]\nType=notify\nPIDFile=/run/web.pid\nStateDirectory=web\n"
                "ExecStart=/usr/bin/served\nExecStop=/sbin/stopper\nProtectSystem=strict\n"
                "NoExecPaths=/\nReadWriteDirectories=-/etc/web\nInaccessiblePaths=/etc/shadow\n"
                "BindPaths=-/a:/b\nProtectKernelTunables=yes\n",
        .expected =
            ROOT "BindReadOnlyPaths=-/bin\n" CACHE
                 "BindReadOnlyPaths=-/lib\nBindReadOnlyPaths=-/lib32\nBindReadOnlyPaths=-/lib64\n"
                 "BindReadOnlyPaths=-/sbin\nBindReadOnlyPaths=/usr\n"
                 "BindPaths=/run\nBindPaths=-/a:/b\nProtectSystem=no\nReadWritePaths=\n"
                 "NoExecPaths=/run\nNoExecPaths=-/var/lib/web\nProtectKernelTunables=no\n",
        .code = true,
    };

    (void)state;
    case_check(&example);
}

/* A notify socket, and a socket others must reach. */
static void test_sockets(void **state)
{
    /* asked for as writable, as Erlang does: the socket, not its directory */
    static const struct filesystem_case asked = {
        .profile = MACHINE "dir /run/systemd 9 8\nsocket /run/systemd/peer\n"
                           "write /run/systemd/peer foreign\nconnect /run/systemd/peer foreign\n",
        .expected = ROOT CACHE LIBC SERVED "BindPaths=-/run/systemd/peer\n",
    };
    static const struct filesystem_case example = {
        .profile = MACHINE "env NOTIFY_SOCKET\nconnect /tmp/cinch-notify-abc/notify foreign\n"
                           "dir /run/db 1 0\nbind /run/db/sock\nsocket /run/db/sock\n"
                           "connect /run/peer.sock foreign\nsocket /run/peer.sock\n"
                           "connect /dev/log -> /run/systemd/journal/dev-log foreign\n"
                           "link /dev/log /run/systemd/journal/dev-log\n"
                           "connect /run/nscd/socket ENOENT\n",
        .expected =
            ROOT "BindReadOnlyPaths=-/dev/log\n" CACHE LIBC "BindReadOnlyPaths=-/run/peer.sock\n"
                 "BindReadOnlyPaths=-/run/systemd/journal/dev-log\n"
                 "BindReadOnlyPaths=/run/systemd/notify\n" SERVED
                 "BindReadOnlyPaths=-/var/run/peer.sock\nBindPaths=/run/db\n"
                 "BindPaths=-/var/run/db\n",
    };

    (void)state;
    case_check(&asked);
    case_check(&example);
}

/* Listed directories are whole; a link inside one leads on to what must be there too. */
static void test_python(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE
        "link /usr/bin/python3 python3.11\nfile /usr/bin/python3.11\n"
        "execute /usr/bin/python3 -> /usr/bin/python3.11\nfollow /usr/bin/python3\n"
        "dir /usr/lib/python3.11 800 700\nlist /usr/lib/python3.11\n"
        "file /usr/lib/python3.11/os.py\nread /usr/lib/python3.11/os.py\n"
        "link /usr/lib/python3.11/sitecustomize.py /etc/python3.11/sitecustomize.py\n"
        "dir /etc/python3.11 1 0\nfile /etc/python3.11/sitecustomize.py\n"
        "read /usr/lib/python3.11/sitecustomize.py -> /etc/python3.11/sitecustomize.py\n"
        "dir /usr/local 50 50\ndir /usr/local/lib 9 9\nstat /usr/local/lib\n"
        "dir /root 20 20\nstat /root/.local ENOENT\n"
        "arg --directory\narg /data/site\ndir /data 10 9\ndir /data/site 9 8\n"
        "file /data/site/a/b\nread /data/site/a/b\ndir /data/site/a 3 2\n",
        .expected = ROOT
        "TemporaryFileSystem=/usr/local/lib:ro\n"
        "BindReadOnlyPaths=/data/site\n" CACHE "BindReadOnlyPaths=/etc/python3.11\n" LIBC
        "BindReadOnlyPaths=/usr/bin/python3\n" SERVED "BindReadOnlyPaths=-/usr/lib/python3.11\n",
    };

    (void)state;
    case_check(&example);
}

/* What is replaced or read again comes with its directory, unless that is everybody's. */
static void test_replaced(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE
        "dir /var/app 9 8\nfile /var/app/conf\n"
        "read /var/app/conf reload\n"
        "file /etc/resolv.conf\nread /etc/resolv.conf reload\n"
        "dir /srv/app 100 98\ndir /srv/app/up 3 1\nfile /srv/app/up/f\nread /srv/app/x\n"
        "file /srv/app/x\ncreate /srv/app/up/f.tmp\ngone /srv/app/up/f.tmp\n"
        "delete /srv/app/up/f.tmp\ncreate /srv/app/up/f\n"
        "dir /srv/app/db 3 1\nfile /srv/app/db/in-place\nwrite /srv/app/db/in-place foreign\n",
        .expected = ROOT CACHE "BindReadOnlyPaths=-/etc/resolv.conf\n" LIBC
                               "BindReadOnlyPaths=/srv/app\n" SERVED "BindReadOnlyPaths=/var/app\n"
                               "BindPaths=/srv/app/db/in-place\nBindPaths=/srv/app/up\n",
    };

    (void)state;
    case_check(&example);
}

/* What is mapped through a descriptor belongs to the name that was opened; a listing of / is no
 * reason for anything. */
static void test_descriptors(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE
        "read /lib/x86_64-linux-gnu/libz.so.1 -> /usr/lib/x86_64-linux-gnu/libz.so.1.2\n"
        "map-execute /usr/lib/x86_64-linux-gnu/libz.so.1.2\n"
        "file /usr/lib/x86_64-linux-gnu/libz.so.1.2\n"
        "link /usr/lib/x86_64-linux-gnu/libz.so.1 libz.so.1.2\n"
        "map-execute /usr/lib/x86_64-linux-gnu/only-mapped.so\nlist /\n"
        "dir /usr/share/locale 5000 4999\nfile /usr/share/locale/locale.alias\n"
        "read /usr/share/locale/locale.alias\n",
        .expected = ROOT CACHE "BindReadOnlyPaths=/lib/x86_64-linux-gnu/libc.so.6\n"
                               "BindReadOnlyPaths=/lib/x86_64-linux-gnu/libz.so.1\n"
                               "BindReadOnlyPaths=/lib64/ld-linux-x86-64.so.2\n" SERVED
                               "BindReadOnlyPaths=/usr/lib/x86_64-linux-gnu/only-mapped.so\n"
                               "BindReadOnlyPaths=-/usr/share/locale/locale.alias\n",
    };

    (void)state;
    case_check(&example);
}

/* Two names of one directory: one list entry where there is no view, and where there is one a bind
 * under each name that was used, a link in a bound directory leading on. */
static void test_other_names(void **state)
{
    static const char app[] = MACHINE "dir /var/lib/app 9 1\ndir /mnt/data 9 1\n"
                                      "link /var/lib/app/data /mnt/data\nlink /var/run /run\n"
                                      "create /var/lib/app/x foreign\nfile /var/lib/app/x\n"
                                      "create /var/lib/app/data/y -> /mnt/data/y foreign\n"
                                      "file /mnt/data/y\n";
    static const struct filesystem_case examples[] = {
        { .profile = app,
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/mnt/data\nBindPaths=/var/lib/app\n" },
        { .profile = MACHINE "link /var/run /run\ncreate /var/run/x -> /run/x\n"
                             "delete /run/x\ngone /run/x\n",
          .form = FILESYSTEM_STRICT,
          .expected = KEPT "ProtectSystem=strict\nReadWritePaths=-/run\n"
                           "ReadOnlyPaths=-/dev/hugepages\nReadOnlyPaths=-/dev/mqueue\n"
                           "ReadOnlyPaths=-/dev/pts\nReadOnlyPaths=-/dev/shm\n"
                           "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=yes\n"
                           "ProtectProc=ptraceable\nProcSubset=pid\nProtectKernelTunables=yes\n"
                           "ProtectControlGroups=yes\n" },
        /* one empty /run for each name would not show the other's files */
        { .profile = MACHINE "link /var/run /run\ncreate /var/run/x -> /run/x\n"
                             "delete /run/x\ngone /run/x\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/run\nBindPaths=/var/run\n" },
        /* what systemd provides at /run/app the service asks for at /var/run/app */
        { .profile = MACHINE "link /var/run /run\ncreate /var/run/app/x -> /run/app/x\n"
                             "dir /run/app 1 0\n",
          .unit = "[Service]\nRuntimeDirectory=app\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/run/app\n" },
        /* /var/lock/x is /run/lock/x, but /var is not /run */
        { .profile = MACHINE "link /var/lock /run/lock\ndir /run/lock 3 3\n"
                             "create /var/lock/d -> /run/lock/d\ndir /run/lock/d 1 0\n"
                             "create /var/lock/d/x -> /run/lock/d/x\nfile /run/lock/d/x\n",
          .expected = ROOT
          "TemporaryFileSystem=/var/lock:mode=0755,nosuid,nodev,noexec,size=16M\n" CACHE LIBC
              SERVED },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

/* Calls that failed and showed that something is there all the same. */
static void test_failures_that_show(void **state)
{
    static const struct filesystem_case examples[] = {
        /* realpath(3) asks every component whether it is a link */
        { .profile = MACHINE "stat /usr/lib/a EINVAL\nstat /usr/lib/a/b EINVAL\n"
                             "dir /usr/lib/a 9 9\nfile /usr/lib/a/b\n",
          .expected = ROOT CACHE "BindReadOnlyPaths=/lib/x86_64-linux-gnu/libc.so.6\n"
                                 "BindReadOnlyPaths=/lib64/ld-linux-x86-64.so.2\n" SERVED
                                 "BindReadOnlyPaths=-/usr/lib/a/b\n" },
        /* rmdir(2) of what is not empty: EROFS in a read-only directory */
        { .profile = MACHINE "delete /srv/a/b ENOTEMPTY\ndir /srv/a 9 9\ndir /srv/a/b 2 2\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/srv/a\n" },
        /* hidden answers EACCES, where nothing was ENOENT */
        { .profile = MACHINE "list /etc\nread /etc/ssh/absent ENOENT\n",
          .expected = ROOT
          "BindReadOnlyPaths=/etc\nBindReadOnlyPaths=/lib/x86_64-linux-gnu/libc.so.6\n"
          "BindReadOnlyPaths=/lib64/ld-linux-x86-64.so.2\n" SERVED
          "InaccessiblePaths=-/etc/gshadow\nInaccessiblePaths=-/etc/gshadow-\n"
          "InaccessiblePaths=-/etc/letsencrypt/archive\nInaccessiblePaths=-/etc/letsencrypt/keys\n"
          "InaccessiblePaths=-/etc/letsencrypt/live\nInaccessiblePaths=-/etc/pki/tls/private\n"
          "InaccessiblePaths=-/etc/security/opasswd\nInaccessiblePaths=-/etc/shadow\n"
          "InaccessiblePaths=-/etc/shadow-\nInaccessiblePaths=-/etc/ssl/private\n"
          "InaccessiblePaths=-/etc/sudoers\nInaccessiblePaths=-/etc/sudoers.d\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

/* /etc is everybody's: single files, however many; and whole with its secrets hidden when it was
 * listed. */
static void test_guarded(void **state)
{
    static const struct filesystem_case examples[] = {
        { .profile = MACHINE "read /etc/a\nfile /etc/a\nread /etc/b\nfile /etc/b\n"
                             "read /etc/ssl/openssl.cnf\nfile /etc/ssl/openssl.cnf\n"
                             "dir /etc/ssl 300 0\ndir /etc/ssl/certs 200 199\n"
                             "read /etc/ssl/certs/ca.crt\nfile /etc/ssl/certs/ca.crt\n"
                             "read /etc/ssl/private/k.pem\nfile /etc/ssl/private/k.pem\n"
                             "dir /etc/ssl/private 1 0\n",
          .expected = ROOT "BindReadOnlyPaths=-/etc/a\nBindReadOnlyPaths=-/etc/b\n" CACHE
                           "BindReadOnlyPaths=/etc/ssl/certs\n"
                           "BindReadOnlyPaths=-/etc/ssl/openssl.cnf\n"
                           "BindReadOnlyPaths=-/etc/ssl/private/k.pem\n" LIBC SERVED },
        { .profile =
              MACHINE "list /etc foreign\nread /etc/ssh/ssh_config\nfile /etc/ssh/ssh_config\n",
          .expected =
              ROOT "BindReadOnlyPaths=/etc\n" LIBC SERVED
                   "InaccessiblePaths=-/etc/gshadow\nInaccessiblePaths=-/etc/gshadow-\n"
                   "InaccessiblePaths=-/etc/letsencrypt/archive\n"
                   "InaccessiblePaths=-/etc/letsencrypt/keys\n"
                   "InaccessiblePaths=-/etc/letsencrypt/live\n"
                   "InaccessiblePaths=-/etc/pki/tls/private\n"
                   "InaccessiblePaths=-/etc/security/opasswd\nInaccessiblePaths=-/etc/shadow\n"
                   "InaccessiblePaths=-/etc/shadow-\nInaccessiblePaths=-/etc/ssl/private\n"
                   "InaccessiblePaths=-/etc/sudoers\nInaccessiblePaths=-/etc/sudoers.d\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

/* Single files of /proc and /sys are bound; processes need a procfs, and its doors are shut. */
static void test_kernel_file_systems(void **state)
{
    static const struct filesystem_case examples[] = {
        { .profile = MACHINE "read /sys/devices/system/cpu/online\nread /proc/meminfo\n",
          .expected =
              ROOT CACHE LIBC "BindReadOnlyPaths=-/proc/meminfo\n"
                              "BindReadOnlyPaths=-/sys/devices/system/cpu/online\n" SERVED },
        { .profile = MACHINE "read /proc/self/stat\n",
          .expected =
              "MountAPIVFS=yes\n" ROOT
              "TemporaryFileSystem=/dev/hugepages:ro\nTemporaryFileSystem=/dev/"
              "mqueue:ro\nTemporaryFileSystem=/dev/pts:ro\nTemporaryFileSystem=/dev/shm:ro\n"
              "TemporaryFileSystem=/run:ro\n" CACHE LIBC SERVED
              "InaccessiblePaths=-/sys\nPrivateDevices=yes\nProtectProc=ptraceable\n"
              "ProcSubset=pid\nProtectKernelTunables=yes\nProtectControlGroups=yes\n" },
        { .profile = MACHINE "read /proc/<pid>/stat\nread /proc/meminfo\nlist /proc\n"
                             "write /sys/fs/cgroup/x/y\ncreate /dev/shm/x\nfile /dev/shm/x\n",
          .expected = "MountAPIVFS=yes\n" ROOT
                      "TemporaryFileSystem=/dev/hugepages:ro\nTemporaryFileSystem=/dev/"
                      "mqueue:ro\nTemporaryFileSystem=/dev/pts:ro\n"
                      "TemporaryFileSystem=/run:ro\n" CACHE LIBC SERVED
                      "PrivateDevices=yes\nProtectKernelTunables=yes\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

static void test_devices_and_tmp(void **state)
{
    static const struct filesystem_case examples[] = {
        { .profile = MACHINE "write /dev/null foreign\ncreate /tmp/mine\ngone /tmp/mine\n",
          .expected = ROOT
          "TemporaryFileSystem=/dev/hugepages:ro\nTemporaryFileSystem=/dev/"
          "mqueue:ro\nTemporaryFileSystem=/dev/pts:ro\nTemporaryFileSystem=/dev/shm:ro\n" CACHE LIBC
              SERVED "PrivateTmp=yes\nPrivateDevices=yes\n" },
        { .profile = MACHINE "read /dev/kvm foreign\nread /tmp/theirs foreign\nfile /tmp/theirs\n"
                             "create /var/tmp/mine\ngone /var/tmp/mine\n",
          .expected = ROOT "BindReadOnlyPaths=-/dev/kvm\n" CACHE LIBC
                           "BindReadOnlyPaths=-/tmp/theirs\n" SERVED "BindPaths=/var/tmp\n" },
        /* A directory there that someone else made is in no private /tmp. */
        { .profile = MACHINE "dir /tmp/sub 1 0\ncreate /tmp/sub/f\nfile /tmp/sub/f\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/tmp/sub\n" },
        { .profile = MACHINE "mkdir /tmp/own\ncreate /tmp/own/in/f\ngone /tmp/own/in/f\n",
          .expected = ROOT CACHE LIBC SERVED "PrivateTmp=yes\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

/* A directory that was asked about is the real one, or looks like it: owner, mode and size. */
static void test_directories_asked(void **state)
{
#define SECRET "mode /etc/ssl/private 0710 0\n"
    static const struct filesystem_case examples[] = {
        { .profile = MACHINE "mode /var/lib/spool 0755 33\nstat /var/lib/spool foreign\n",
          .expected = ROOT CACHE LIBC SERVED "BindReadOnlyPaths=-/var/lib/spool\n" },
        /* ... and not where it was only walked over, or gone to. */
        { .profile = MACHINE "dir /srv/a 9 9\nstat /srv/a EINVAL foreign\ndir /srv/b 9 9\n"
                             "chdir /srv/b foreign\n",
          .expected = ROOT
          "TemporaryFileSystem=/srv/a:ro\nTemporaryFileSystem=/srv/b:ro\n" CACHE LIBC SERVED },
        /* Others may not look into it, many share it, packages put it there, it is of /run. */
        { .profile = MACHINE SECRET "stat /etc/ssl/private foreign\nmode /srv/db 0700 70\n"
                                    "stat /srv/db foreign\ndir /usr/share/x 40 40\n"
                                    "stat /usr/share/x foreign\nmode /run/x 02775 0\n"
                                    "stat /run/x foreign\nstat /home foreign\n",
          .expected = ROOT "TemporaryFileSystem=/etc/ssl/private:ro,mode=0710,uid=0,gid=0\n"
                           "TemporaryFileSystem=/home:ro\n"
                           "TemporaryFileSystem=/run/x:ro,mode=2775,uid=0,gid=0\n"
                           "TemporaryFileSystem=/srv/db:ro,mode=0700,uid=70,gid=0\n"
                           "TemporaryFileSystem=/usr/share/x:ro\n" CACHE LIBC SERVED },
        /* Somebody's key lies in it. */
        { .profile = MACHINE "mode /srv/keys 0755 33\nclosed /srv/keys/a\nstat /srv/keys foreign\n",
          .expected =
              ROOT "TemporaryFileSystem=/srv/keys:ro,mode=0755,uid=33,gid=0\n" CACHE LIBC SERVED },
        /* Others do not come to it, or it is the service's. */
        { .profile = MACHINE "mode /srv/p 0700 0\nmode /srv/p/q 0755 0\nstat /srv/p/q foreign\n",
          .expected = ROOT "TemporaryFileSystem=/srv/p/q:ro\n" CACHE LIBC SERVED },
        { .profile = MACHINE "user 70\nmode /srv/p 0700 70\nmode /srv/p/q 0755 0\n"
                             "stat /srv/p/q foreign\n",
          .expected = ROOT CACHE LIBC "BindReadOnlyPaths=-/srv/p/q\n" SERVED },
        /* What lies in it is bound: the directory above it keeps its owner. */
        { .profile = MACHINE "mode /home/al 0750 1000\nstat /home/al foreign\n"
                             "file /home/al/.key\nread /home/al/.key foreign\n",
          .expected = ROOT "TemporaryFileSystem=/home/al:ro,mode=0750,uid=1000,gid=0\n" CACHE
                           "BindReadOnlyPaths=-/home/al/.key\n" LIBC SERVED },
        /* The size of a file system is told by a directory of it alone. */
        { .profile = MACHINE "dir /usr/share/x 40 40\nstat /usr/share/x foreign\n"
                             "argument statfs /usr/share/x\n",
          .expected = ROOT CACHE LIBC SERVED "BindReadOnlyPaths=-/usr/share/x\n" },
        /* One that others may not look into is no reason to show all. Root alone could look into a
         * bind of it. */
        { .profile = MACHINE "mode /srv/db 0700 70\nstat /srv/db foreign\n"
                             "argument statfs /srv/db\n",
          .expected =
              ROOT "TemporaryFileSystem=/srv/db:ro,mode=0700,uid=70,gid=0\n" CACHE LIBC SERVED },
        { .profile = MACHINE "user 33\nmode /srv/db 0700 70\nstat /srv/db foreign\n"
                             "argument statfs /srv/db\n",
          .expected = ROOT CACHE LIBC "BindReadOnlyPaths=-/srv/db\n" SERVED },
        { .profile = MACHINE "user 33\nmode /srv/db 0755 0\nstat /srv/db foreign\n"
                             "closed /srv/db/key\nargument statfs /srv/db\n",
          .expected = ROOT CACHE LIBC "BindReadOnlyPaths=-/srv/db\n" SERVED
                                      "InaccessiblePaths=-/srv/db/key\n" },
        { .profile = MACHINE "stat / foreign\nargument statfs /\n",
          .expected = KEPT "ProtectSystem=strict\nReadOnlyPaths=/run\n" DEVICES
                           "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=yes\n"
                           "ProtectProc=ptraceable\nProcSubset=pid\n"
                           "ProtectKernelTunables=yes\nProtectControlGroups=yes\n" },
        { .profile = MACHINE "stat / foreign\nargument statfs /\n",
          .given = true,
          .expected = ROOT CACHE LIBC SERVED },
        { .profile = MACHINE "dir /root 9 9\nstat /root foreign\nargument statfs /root\n",
          .expected = ROOT "TemporaryFileSystem=/root:ro\n" CACHE LIBC SERVED },
    };
#undef SECRET

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

/* What lies behind a link to a directory has two names, and the next time it may be the other. */
static void test_both_names(void **state)
{
    static const struct filesystem_case examples[] = {
        { .profile = MACHINE "link /srv/current releases/2\ndir /srv/releases/2 9 1\n"
                             "file /srv/releases/2/page\n"
                             "read /srv/current/page -> /srv/releases/2/page foreign\n",
          .expected = ROOT CACHE LIBC "BindReadOnlyPaths=-/srv/current\nBindReadOnlyPaths=-/srv/"
                                      "current/page\nBindReadOnlyPaths=/srv/releases\n" SERVED },
        { .profile = MACHINE "link /data srv/data\ndir /srv/data 9 1\nfile /srv/data/x\n"
                             "write /srv/data/x foreign\ndir /var/run 1 1\n"
                             "dir /run/x 1 0\nfile /run/x/y\nread /run/x/y foreign\n",
          .expected = ROOT CACHE LIBC "BindReadOnlyPaths=-/run/x/y\n" SERVED
                                      "BindPaths=-/data/x\nBindPaths=/srv/data/x\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

/* Removing what is not there stays ENOENT. */
static void test_failed_removal(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE "delete /etc/nologin ENOENT\ndelete /var/lib/x/y ENOENT\n"
                           "delete /run/old.pid ENOENT\ndir /var/lib/here 2 1\n"
                           "delete /var/lib/here/z ENOENT\n"
                           "delete /run/none/a ENOENT\ndelete /run/none/b ENOENT\n"
                           "gone /run/none\ngone /run/none/a\ngone /run/none/b\n",
        .expected = ROOT
        "TemporaryFileSystem=/etc:mode=0755,nosuid,nodev,noexec,size=1M\n"
        "TemporaryFileSystem=/run:mode=0755,nosuid,nodev,noexec,size=16M\n" CACHE LIBC SERVED
        "BindPaths=/var/lib/here\n",
    };

    /* The root itself is refused anywhere; a profile that says otherwise is no reason to crash. */
    static const struct filesystem_case root[] = {
        { .profile = MACHINE "delete / EBUSY\ndelete / ENOENT\n",
          .expected = ROOT CACHE LIBC SERVED },
        { .profile = MACHINE "delete /\n",
          .expected = "ProtectSystem=full\nReadOnlyPaths=/run\n"
                      "ReadOnlyPaths=-/dev/hugepages\nReadOnlyPaths=-/dev/mqueue\n"
                      "ReadOnlyPaths=-/dev/pts\nReadOnlyPaths=-/dev/shm\n"
                      "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=yes\nProtectProc="
                      "ptraceable\nProcSubset=pid\nProtectKernelTunables=yes\n"
                      "ProtectControlGroups=yes\n" },
    };

    (void)state;
    case_check(&example);
    for (size_t i = 0; i < ELEMENTS_OF(root); i++)
        case_check(&root[i]);
}

#define READ_ONLY "ReadOnlyPaths=/run\n" DEVICES
#define WRITES                                                                                     \
    MACHINE "dir /var/lib/web 3 1\ncreate /var/lib/web/x\nfile /var/lib/web/x\n"                   \
            "write /var/log/web.log foreign\nfile /var/log/web.log\nstat /root/.rc ENOENT\n"

static void test_forms(void **state)
{
    static const struct filesystem_case examples[] = {
        { .profile = WRITES,
          .form = FILESYSTEM_STRICT,
          .given = true,
          .expected =
              KEPT "ProtectSystem=strict\nReadWritePaths=/var/lib/web\n"
                   "ReadWritePaths=/var/log/web.log\n" READ_ONLY "PrivateTmp=yes\n"
                   "PrivateDevices=yes\nProtectHome=tmpfs\nProtectProc=ptraceable\n"
                   "ProcSubset=pid\nProtectKernelTunables=yes\nProtectControlGroups=yes\n" },
        { .profile = WRITES,
          .form = FILESYSTEM_ROOT,
          .given = true,
          .expected =
              "RootDirectory=/var/lib/cinch/root/served\nMountAPIVFS=no\n" CACHE LIBC SERVED
              "BindPaths=/var/lib/web\nBindPaths=/var/log/web.log\nProtectSystem=strict\n" },
        /* A static user: a tmpfs over the root directory leaves nothing on disk. */
        { .profile = WRITES,
          .form = FILESYSTEM_ROOT,
          .given = true,
          .unit = "[Service]\nType=notify\nUser=web\nExecStart=/usr/bin/served\n"
                  "StateDirectory=web\nProtectSystem=full\n",
          .unit_name = "web@.service",
          .expected =
              "RootDirectory=/var/lib/cinch/root/web@\nMountAPIVFS=no\n" ROOT CACHE LIBC SERVED
              "BindPaths=/var/log/web.log\nProtectSystem=no\n" },
        /* DynamicUser= cancels a tmpfs on /. */
        { .profile = WRITES,
          .unit = "[Service]\nDynamicUser=yes\nStateDirectory=web\n",
          .expected = "RootDirectory=/var/lib/cinch/root/t\nMountAPIVFS=no\n" CACHE LIBC SERVED
                      "BindPaths=/var/log/web.log\nProtectSystem=strict\n" },
        /* A directory on the command line that systemd binds writable needs no read-only bind. */
        { .profile = MACHINE "arg /var/lib/web\ndir /var/lib/web 3 1\nread /var/lib/web/x\n"
                             "file /var/lib/web/x\n",
          .unit = "[Service]\nDynamicUser=yes\nStateDirectory=web\n",
          .expected = "RootDirectory=/var/lib/cinch/root/t\nMountAPIVFS=no\n" CACHE LIBC SERVED
                      "ProtectSystem=strict\n" },
        /* Nothing empty can show / itself. */
        { .profile = WRITES "create /x\ngone /x\n",
          .expected = "ProtectSystem=full\nReadWritePaths=/var/lib/web\n"
                      "ReadWritePaths=/var/log/web.log\n" READ_ONLY "PrivateTmp=yes\n"
                      "PrivateDevices=yes\nProtectHome=tmpfs\nProtectProc=ptraceable\n"
                      "ProcSubset=pid\nProtectKernelTunables=yes\nProtectControlGroups=yes\n" },
        { .profile = WRITES "blind io_uring\n", .expected = "" },
        { .profile = WRITES "mount /mnt\n", .expected = "" },
        { .profile = WRITES, .unit = "[Service]\nRootDirectory=/srv/x\n", .expected = "" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

static bool has_note(const struct suggestion *suggestion, const char *part)
{
    for (size_t i = 0; i < suggestion->notes.count; i++)
        if (strstr(suggestion->notes.items[i].text, part))
            return true;
    return false;
}

/* Whatever is told to a person is encoded, and every reason names its witness. */
static void test_notes_and_reasons(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE "file /etc/passwd\nread /etc/passwd\n"
                           "dir /var/lib/ev\033il 1 0\ncreate /var/lib/ev\033il\n"
                           "create /var/lib/ev\033il/x\nfile /var/lib/ev\033il/x\n",
    };
    CLEANUP(profile_freep) struct profile *profile = case_profile(example.profile);
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };

    (void)state;
    case_suggest(&example, profile, &unit, &suggestion);
    assert_true(has_note(&suggestion, "/var/lib/ev\\x1bil was created by the service"));
    assert_true(has_note(&suggestion, "bound as single files: /etc/passwd"));
    for (size_t i = 0; i < suggestion.notes.count; i++)
        assert_null(strchr(suggestion.notes.items[i].text, 27));
    const struct verdict *binds = suggestion_find(&suggestion, "BindPaths");
    assert_int_equal(binds->count, 1);
    assert_non_null(strstr(binds->values[0].why, "writes 2 names here; call of "));
    assert_null(strchr(binds->values[0].why, 27));
    assert_string_equal(binds->values[0].text, "/var/lib/ev\033il");
}

/* What is writable by one name is no read-only bind by another, for the sake of ExecPaths=. */
static void test_written_code(void **state)
{
    static const struct filesystem_case example = {
        .profile =
            MACHINE "delete /lib/x86_64-linux-gnu/new -> /usr/lib/x86_64-linux-gnu/new foreign\n"
                    "gone /usr/lib/x86_64-linux-gnu/new\n",
        .form = FILESYSTEM_STRICT,
        .expected = "BindReadOnlyPaths=/usr/bin/served\nProtectSystem=strict\n"
                    "ReadWritePaths=/lib/x86_64-linux-gnu\nReadOnlyPaths=/run\n"
                    "ReadOnlyPaths=-/dev/hugepages\nReadOnlyPaths=-/dev/mqueue\n"
                    "ReadOnlyPaths=-/dev/pts\nReadOnlyPaths=-/dev/shm\n"
                    "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=yes\n"
                    "ProtectProc=ptraceable\nProcSubset=pid\nProtectKernelTunables=yes\n"
                    "ProtectControlGroups=yes\n",
    };

    (void)state;
    case_check(&example);
}

/* A bind inside another name of the same tree would be a mount of its own, out of which nothing can
 * be renamed. */
static void test_other_names_are_not_nested(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE "link /srv/current /srv/2\ndir /srv/2 9 0\ndir /srv/2/deep 9 0\n"
                           "create /srv/2/a\nfile /srv/2/a\n"
                           "create /srv/current/deep/b -> /srv/2/deep/b\nfile /srv/2/deep/b\n"
                           "follow /srv/current\n",
        .expected = ROOT CACHE LIBC SERVED "BindPaths=/srv/2\nBindPaths=/srv/current\n",
    };

    (void)state;
    case_check(&example);
}

/* /run and /var/run are two binds and one directory. */
static void test_note_for_both_names(void **state)
{
    static const struct filesystem_case examples[] = {
        { .profile = MACHINE "link /var/run /run\ncreate /var/run/x -> /run/x\n"
                             "delete /run/x\ngone /run/x\n",
          .unit = "[Service]\nPIDFile=/run/x\n",
          .expected = "/run is bound from the host" },
        { .profile = MACHINE "link /var/run /run\ncreate /var/run/app/x -> /run/app/x\n"
                             "create /run/app/x\ndir /run/app 1 0\nfile /run/app/x\n",
          .expected = "/run/app must exist before the start" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++) {
        CLEANUP(profile_freep) struct profile *profile = case_profile(examples[i].profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        size_t said = 0;
        case_suggest(&examples[i], profile, &unit, &suggestion);
        assert_int_equal(suggestion_find(&suggestion, "BindPaths")->count, 2);
        for (size_t k = 0; k < suggestion.notes.count; k++)
            said += strstr(suggestion.notes.items[k].text, examples[i].expected + 4) != NULL;
        assert_true(has_note(&suggestion, examples[i].expected));
        assert_int_equal(said, 1);
    }
}

#define SPOOL                                                                                      \
    "dir /srv/box 3 0\ndir /srv/box/new 1 0\ndir /srv/box/cur 1 0\ndir /var/spool 9 9\n"           \
    "create /srv/box/new/m\ndelete /srv/box/new/m foreign\ngone /srv/box/new/m\n"                  \
    "create /srv/box/cur/m\nfile /srv/box/cur/m\n"
#define QUEUE                                                                                      \
    "dir /var/spool/q 2 1\ncreate /var/spool/q/1\ndelete /var/spool/q/1\ngone /var/spool/q/1\n"    \
    "dir /var/lib/q 2 1\ncreate /var/lib/q/1\nfile /var/lib/q/1\n"
#define OTHER                                                                                      \
    READ_ONLY "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=yes\nProtectProc=ptraceable\n"      \
              "ProcSubset=pid\nProtectKernelTunables=yes\nProtectControlGroups=yes\n"

/* rename(2) and link(2) say EXDEV between two mounts, and every entry is one. */
static void test_moves(void **state)
{
    static const struct filesystem_case examples[] = {
        { .profile = MACHINE SPOOL,
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/srv/box/cur\nBindPaths=/srv/box/new\n" },
        { .profile = MACHINE SPOOL "move /srv/box/new /srv/box/cur\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/srv/box\n" },
        { .profile = MACHINE SPOOL "move /srv/box/new /srv/box/cur\n",
          .form = FILESYSTEM_STRICT,
          .expected = KEPT "ProtectSystem=strict\nReadWritePaths=/srv/box\n" OTHER },
        /* Nothing of their own in common: no view, even where one was asked for. */
        { .profile = MACHINE QUEUE "move /var/spool/q /var/lib/q\n",
          .form = FILESYSTEM_VIEW,
          .given = true,
          .expected = KEPT "ProtectSystem=strict\nReadWritePaths=/var\n" OTHER },
        { .profile = MACHINE SPOOL QUEUE "move /srv/box/new /var/lib/q\n",
          .expected = "ProtectSystem=full\n" OTHER },
        /* A private /tmp is a mount, too. */
        { .profile = MACHINE QUEUE "create /tmp/q\ndelete /tmp/q\ngone /tmp/q\n"
                                   "move /tmp /var/lib/q\n",
          .expected = "ProtectSystem=full\n" READ_ONLY
                      "PrivateDevices=yes\nProtectHome=yes\nProtectProc=ptraceable\n"
                      "ProcSubset=pid\nProtectKernelTunables=yes\nProtectControlGroups=yes\n" },
        /* What systemd mounts by itself in any namespace. */
        { .profile = MACHINE QUEUE "move /var/spool/q /var/lib/q\n",
          .unit = "[Service]\nStateDirectory=q\n",
          .expected = "" },
        { .profile = MACHINE QUEUE "dir /var/lib/q/b 0 0\nmove /var/lib/q /var/lib/q/b\n",
          .unit = "[Service]\nStateDirectory=q\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/spool/q\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

#define PLUGIN                                                                                     \
    "dir /opt/app/lib 9 7\nmap-execute /opt/app/lib/p.so\nfile /opt/app/lib/p.so\n"                \
    "map-execute /usr/lib/x86_64-linux-gnu/gconv/UTF-7.so\n"                                       \
    "file /usr/lib/x86_64-linux-gnu/gconv/UTF-7.so\nexecute /usr/bin/helper reload\n"              \
    "file /usr/bin/helper\n"
#define STRICT                                                                                     \
    "ProtectSystem=strict\nReadWritePaths=/var/lib/web\nReadWritePaths=/var/log/"                  \
    "web.log\n" READ_ONLY                                                                          \
    "NoExecPaths=/\nNoExecPaths=/var/lib/web\nNoExecPaths=/var/log/web.log\nNoExecPaths=-/tmp\n"   \
    "NoExecPaths=-/var/tmp\nNoExecPaths=-/run\n"
#define REST                                                                                       \
    "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=tmpfs\nProtectProc=ptraceable\n"              \
    "ProcSubset=pid\nProtectKernelTunables=yes\nProtectControlGroups=yes\n"

#define MADE(mode, more)                                                                           \
    "mkdir /var/lib/made\ncreate /var/lib/made/x\nfile /var/lib/made/x\n"                          \
    "mkdir /run/made\nbind /run/made/s\nsocket /run/made/s\n"                                      \
    "mode /var/lib/made " mode "\nmode /run/made " more "\n"

/* What a service of root makes itself in a place it cannot be let make anything in. */
static void test_made_directories(void **state)
{
    static const struct filesystem_case examples[] = {
        { .profile = MACHINE MADE("0700", "0755"),
          .expected = ROOT CACHE LIBC SERVED
          "BindPaths=-/var/run/made\n"
          "StateDirectory=made\nStateDirectoryMode=0700\nRuntimeDirectory=made\n"
          "RuntimeDirectoryMode=0755\nRuntimeDirectoryPreserve=yes\n" },
        { .profile = MACHINE MADE("0700", "0755"),
          .form = FILESYSTEM_STRICT,
          .expected = KEPT "StateDirectory=made\nStateDirectoryMode=0700\nRuntimeDirectory=made\n"
                           "RuntimeDirectoryMode=0755\nRuntimeDirectoryPreserve=yes\n"
                           "ProtectSystem=strict\n" OTHER },
        /* A mode of the unit's is for all, an owner of the service's choice is not systemd's. */
        { .profile = MACHINE MADE("0700", "0750 33"),
          .unit = "[Service]\nStateDirectory=other\nExecStart=/usr/bin/served\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/run\nBindPaths=/var/lib/made\n" },
        { .profile = MACHINE MADE("0700", "0755"),
          .unit = "[Service]\nUser=web\nExecStart=/usr/bin/served\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/run\nBindPaths=/var/lib/made\n" },
        { .profile = MACHINE MADE("0755", "0755"),
          .unit = "[Service]\nStateDirectory=other\nRuntimeDirectory=two\n"
                  "ExecStart=/usr/bin/served\n",
          .expected = ROOT CACHE LIBC SERVED
          "BindPaths=-/var/run/made\n"
          "StateDirectory=made\nStateDirectoryMode=0755\nRuntimeDirectory=made\n"
          "RuntimeDirectoryMode=0755\n" },
        /* One profile made it, and another gave it away. */
        { .profile = MACHINE MADE("0700", "0755") "chown /run/made\nmode /run/made 0755 33\n",
          .expected = ROOT CACHE LIBC SERVED
          "BindPaths=/run\nStateDirectory=made\nStateDirectoryMode=0700\n" },
        /* What it removes again, or moves things out of, cannot be mounted. */
        { .profile = MACHINE MADE(
              "0700", "0755") "delete /run/made ENOTEMPTY\n"
                              "dir /var/lib/more 1 0\nmove /var/lib/made /var/lib/more\n",
          .expected =
              KEPT "ProtectSystem=strict\nReadWritePaths=-/run\nReadWritePaths=/var/lib\n" DEVICES
                   "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=yes\n"
                   "ProtectProc=ptraceable\nProcSubset=pid\nProtectKernelTunables=yes\n"
                   "ProtectControlGroups=yes\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

/* In /run one that was there already and is filled: it is made at each boot, and as root's. */
static void test_directories_kept(void **state)
{
#define PID    "create /run/made/pid\nfile /run/made/pid\n"
#define ROOTS  "mode /run/made 0755\n"
#define OTHERS "mode /run/made 0750 33\n"
#define UNIT   .unit = "[Service]\nExecStart=/usr/bin/served\n"
#define MADE_OF(mode)                                                                              \
    ROOT CACHE LIBC SERVED ALSO "RuntimeDirectory=made\nRuntimeDirectoryMode=" mode                \
                                "\nRuntimeDirectoryPreserve=yes\n"
#define BOUND   ROOT CACHE LIBC SERVED "BindPaths=/run/made\n" ALSO
#define ALSO    "BindPaths=-/var/run/made\n"
#define SCRATCH "TemporaryFileSystem=/run:mode=0755,nosuid,nodev,noexec,size=16M\n"
    static const struct filesystem_case examples[] = {
        { .profile = MACHINE PID ROOTS, UNIT, .expected = MADE_OF("0755") },
        { .profile = MACHINE "mkdir /run/made EEXIST foreign\n" PID ROOTS,
          UNIT,
          .expected = MADE_OF("0755") },
        { .profile = MACHINE "chown /run/made\n" PID "mode /run/made 0750\n",
          UNIT,
          .expected = MADE_OF("0750") },
        { .profile = MACHINE PID ROOTS, .expected = BOUND },
        { .profile = MACHINE PID OTHERS, UNIT, .expected = BOUND },
        { .profile = MACHINE "chown /run/made\n" PID OTHERS,
          UNIT,
          .expected = ROOT SCRATCH CACHE LIBC SERVED "BindPaths=/run/made\n" ALSO },
        { .profile = MACHINE "mkdir /run/made\nchown /run/made\n" PID OTHERS,
          UNIT,
          .expected = ROOT SCRATCH CACHE LIBC SERVED },
        { .profile = MACHINE PID "mode /run/made 1777\n", UNIT, .expected = BOUND },
        { .profile = MACHINE PID ROOTS,
          .unit = "[Service]\nUser=web\nExecStart=/usr/bin/served\n",
          .expected = BOUND },
        { .profile = MACHINE "delete /run/made EBUSY\n" PID ROOTS,
          UNIT,
          .expected = ROOT SCRATCH CACHE LIBC SERVED "BindPaths=/run/made\n" ALSO },
        /* Another's, in which nothing is made, or which many share. */
        { .profile = MACHINE ROOTS "stat /run/made\n",
          UNIT,
          .expected = ROOT "TemporaryFileSystem=/run/made:ro\n" CACHE LIBC SERVED },
        { .profile = MACHINE "mkdir /run/systemd EEXIST foreign\nmode /run/systemd 0755\n"
                             "create /run/systemd/x\nfile /run/systemd/x\n",
          UNIT,
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/run/systemd\n" },
    };
    CLEANUP(profile_freep) struct profile *profile = case_profile(examples[0].profile);
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };
    bool noted = false;
#undef PID
#undef ROOTS
#undef OTHERS
#undef UNIT
#undef MADE_OF
#undef BOUND
#undef ALSO
#undef SCRATCH

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
    case_suggest(&examples[0], profile, &unit, &suggestion);
    for (size_t i = 0; i < suggestion.notes.count; i++)
        noted |= str_starts_with(suggestion.notes.items[i].text,
                                 "/run/made existed before training. After a boot it is missing");
    assert_true(noted);
}

static bool hides(const struct filesystem_case *example, const char *path, bool *ret_reset)
{
    CLEANUP(profile_freep) struct profile *profile = case_profile(example->profile);
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };
    bool found = false;

    case_suggest(example, profile, &unit, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "InaccessiblePaths");
    *ret_reset = verdict->emitted && verdict->reset;
    for (size_t i = 0; i < verdict->count; i++) {
        assert_true(verdict->values[i].optional);
        found |= strcmp(verdict->values[i].text, path) == 0;
    }
    return found;
}

/* What comes along and was never touched, even in vain. */
static void test_hidden(void **state)
{
    static const struct {
        struct filesystem_case example;
        const char *path;
        bool hidden;
    } cases[] = {
        { { .profile = WRITES, .form = FILESYSTEM_STRICT }, "/boot", true },
        { { .profile = WRITES, .form = FILESYSTEM_STRICT }, "/etc/shadow", true },
        { { .profile = WRITES, .form = FILESYSTEM_STRICT }, "/run/systemd/private", true },
        { { .profile = WRITES "read /mnt/x ENOENT\n", .form = FILESYSTEM_STRICT }, "/mnt", false },
        { { .profile = WRITES "stat /srv\n", .form = FILESYSTEM_STRICT }, "/srv", false },
        { { .profile = WRITES,
            .form = FILESYSTEM_STRICT,
            .unit = "[Service]\nBindPaths=/srv/up:/mnt/up\n" },
          "/mnt",
          false },
        { { .profile = WRITES,
            .form = FILESYSTEM_STRICT,
            .unit = "[Service]\nInaccessiblePaths=/a\n" },
          "/boot",
          true },
        { { .profile = WRITES }, "/boot", false },
        { { .profile = WRITES "list /run\n" }, "/run/docker.sock", true },
        { { .profile = WRITES "list /run\nconnect /run/docker.sock\nsocket /run/docker.sock\n" },
          "/run/docker.sock",
          false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        bool reset;
        if (hides(&cases[i].example, cases[i].path, &reset) != cases[i].hidden)
            fail_msg("case %zu: %s", i, cases[i].path);
        /* What the unit hides by itself stays so. */
        assert_false(reset && cases[i].example.form == FILESYSTEM_STRICT);
    }
}

/* Names that will be others the next time stand for their directory. */
static void test_fleeting_names(void **state)
{
    static const struct {
        const char *path;
        size_t depth;
    } names[] = {
        { "/srv/a/tmpaB3xY9", 2 },
        { "/srv/a/index.aB3xY9", 2 },
        { "/srv/a/upload-Zk20Qe.part", 2 },
        { "/srv/a/tmp123456", 2 },
        { "/srv/a/job.31337", 2 },
        { "/srv/a/2026-11-22.log", 2 },
        { "/srv/a/20261122/x", 2 },
        { "/srv/a/123e4567-e89b-12d3-a456-426614174000", 2 },
        { "/srv/a/d41d8cd98f00b204e9800998ecf8427e/x/y", 2 },
        { "/srv/a/README", 0 },
        { "/srv/a/libfoo.so.1.2.3", 0 },
        { "/srv/a/access.log", 0 },
        { "/srv/a/python3.11/site.py", 0 },
        { "/srv/a/deadbeef", 0 },
        { "/srv/a/notes.Thomas", 0 },
        { "/usr/lib/x-2024.so", 0 },
        { "/", 0 },
    };
    static const struct filesystem_case examples[] = {
        /* today's log was there already: tomorrow's is not */
        { .profile = MACHINE "dir /srv/app/log 9 8\nwrite /srv/app/log/2026-11-22.log foreign\n"
                             "file /srv/app/log/2026-11-22.log\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/srv/app/log\n" },
        { .profile = MACHINE "dir /var/log 9 8\ncreate /var/log/2026-11-22.log\n"
                             "file /var/log/2026-11-22.log\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/log\n" },
        { .profile = MACHINE "dir /var/log 9 8\nwrite /var/log/2026-11-22.log foreign\n"
                             "file /var/log/2026-11-22.log\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/log/2026-11-22.log\n" },
        { .profile = MACHINE "dir /home/a -1 -1\ndir /home/a/in 100 99\n"
                             "read /home/a/in/job.31337 foreign\nfile /home/a/in/job.31337\n",
          .expected = ROOT CACHE "BindReadOnlyPaths=-/home/a/in\n" LIBC SERVED },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(names); i++)
        if (policy_fleeting_depth(names[i].path) != names[i].depth)
            fail_msg("%s: %zu", names[i].path, policy_fleeting_depth(names[i].path));
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

/* A file that is bound alone stays the one it was: where others put it away and the service takes
 * the new one it needs the directory. */
static void test_files_that_others_replace(void **state)
{
#define LOGS MACHINE "dir /var/log 9 8\nfile /var/log/web.log\nfile /etc/web.state\n"
    static const struct filesystem_case examples[] = {
        { .profile = LOGS "create /var/log/web.log\ncreate /var/log/web.log\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/log\n" },
        { .profile = LOGS "write /var/log/web.log foreign\ncreate /var/log/web.log\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/log\n" },
        { .profile = LOGS "open /var/log/web.log foreign reload\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/log\n" },
        /* nothing of that */
        { .profile = LOGS "create /var/log/web.log\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/log/web.log\n" },
        { .profile = LOGS "open /var/log/web.log foreign\nchown /var/log/web.log foreign\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/log/web.log\n" },
        { .profile = LOGS "open /etc/web.state foreign reload\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/etc/web.state\n" },
    };
#undef LOGS

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++) {
        CLEANUP(profile_freep) struct profile *profile = case_profile(examples[i].profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        case_check(&examples[i]);
        case_suggest(&examples[i], profile, &unit, &suggestion);
        assert_int_equal(
            has_note(&suggestion, "/var/log is writable as a whole because other programs "),
            i < 3);
        assert_int_equal(has_note(&suggestion, "writable as single files: /var/log/web.log. "),
                         i == 3 || i == 4);
    }
}

/* With everything in view only what ran may run; in a view of binds nothing that can be written. */
static void test_execution(void **state)
{
    static const struct filesystem_case examples[] = {
        { .profile = WRITES PLUGIN,
          .form = FILESYSTEM_STRICT,
          .expected = "BindReadOnlyPaths=-/opt/app/lib\nBindReadOnlyPaths=/usr/bin\n"
                      "BindReadOnlyPaths=/usr/lib/x86_64-linux-gnu\n" STRICT
                      "ExecPaths=-/opt/app/lib\nExecPaths=/usr/bin\n"
                      "ExecPaths=/usr/lib/x86_64-linux-gnu\n" REST },
        { .profile = WRITES,
          .form = FILESYSTEM_STRICT,
          .unit = "[Service]\nExecStart=/usr/bin/served\nExecStop=/opt/stop\nNoExecPaths=/srv\n",
          .expected = "BindReadOnlyPaths=-/opt/stop\nBindReadOnlyPaths=/usr\n" STRICT
                      "ExecPaths=-/opt/stop\nExecPaths=/usr\n" REST },
        { .profile = WRITES "map-execute /var/lib/web/jit.so\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/var/lib/web\nBindPaths=/var/log/web.log\n"
                                             "NoExecPaths=/var/log/web.log\n" },
        { .profile = WRITES,
          .form = FILESYSTEM_ROOT,
          .given = true,
          .expected = "RootDirectory=/var/lib/cinch/root/served\nMountAPIVFS=no\n" CACHE LIBC SERVED
                      "BindPaths=/var/lib/web\nBindPaths=/var/log/web.log\nProtectSystem=strict\n"
                      "NoExecPaths=+/var/lib/web\nNoExecPaths=+/var/log/web.log\n" },
        /* Nobody knows what to let through. */
        { .profile = WRITES "argument execute removed-file\n",
          .expected =
              ROOT CACHE LIBC SERVED "BindPaths=/var/lib/web\nBindPaths=/var/log/web.log\n" },
        { .profile = WRITES "argument memory make-executable\n",
          .expected =
              ROOT CACHE LIBC SERVED "BindPaths=/var/lib/web\nBindPaths=/var/log/web.log\n" },
        /* Entries are mounts: none of them between directories files move across. */
        { .profile = MACHINE SPOOL QUEUE "move /srv/box/new /var/lib/q\n",
          .expected = "ProtectSystem=full\n" READ_ONLY "PrivateTmp=yes\nPrivateDevices=yes\n"
                      "ProtectHome=yes\nProtectProc=ptraceable\nProcSubset=pid\n"
                      "ProtectKernelTunables=yes\nProtectControlGroups=yes\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++) {
        struct filesystem_case example = examples[i];
        example.code = true;
        case_check(&example);
    }
}

/* The unit's own binds are emptied where a view is made, which has them again, and nowhere else. */
static void test_binds_of_the_unit(void **state)
{
    static const struct {
        enum filesystem_form form;
        bool reset;
    } cases[] = { { FILESYSTEM_VIEW, true },
                  { FILESYSTEM_ROOT, true },
                  { FILESYSTEM_STRICT, false } };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = case_profile(WRITES);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        struct filesystem_case example = { .unit = "[Service]\nBindPaths=/srv/data:/data\n",
                                           .form = cases[i].form };
        case_suggest(&example, profile, &unit, &suggestion);
        const struct verdict *read_only = suggestion_find(&suggestion, "BindReadOnlyPaths");
        const struct verdict *writable = suggestion_find(&suggestion, "BindPaths");
        assert_true(read_only->emitted && read_only->count);
        assert_int_equal(read_only->reset, cases[i].reset);
        assert_false(writable->emitted && writable->reset);
        assert_int_equal(writable->emitted, cases[i].reset);
    }
}

/* Which directories systemd provides is told by the unit's name, too; where it is not, what was
 * used is granted like any other. */
static void test_directories_of_instances(void **state)
{
#define APP                                                                                        \
    MACHINE "dir /var/lib/app 2 0\ndir /var/lib/app/one 1 0\n"                                     \
            "write /var/lib/app/one/x foreign\nfile /var/lib/app/one/x\n"
    static const struct {
        const char *unit, *name;
        bool provided;
    } cases[] = {
        { "StateDirectory=app/one", "app@one.service", true },
        { "StateDirectory=app/%i", "app@one.service", true },
        { "StateDirectory=%p/%i/", "app@one.service", true },
        { "StateDirectory=%p", "app@one.service", true },
        { "StateDirectory=%p", "app@.service", true },
        { "StateDirectory=%N", "app.service", true },
        { "StateDirectory=app/%i", "app.service", true },
        { "StateDirectory=app/%i", "app@.service", false },
        { "StateDirectory=app/%i", "app@two.service", false },
        { "StateDirectory=app/%u", "app@one.service", false },
        { "StateDirectory=%N", "app@one.service", false },
        { "StateDirectory=app/%i", "", false },
        { "StateDirectory=app%%/one", "app@one.service", false },
        { "StateDirectory=app/%", "app@one.service", false },
        { "StateDirectory=.", "app@one.service", false },
        { "StateDirectory=/app/one", "app@one.service", false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = case_profile(APP);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        CLEANUP(free_char) char *text = mem_printf("[Service]\n%s\n", cases[i].unit);
        struct filesystem_case example = { .unit = text,
                                           .unit_name = cases[i].name,
                                           .form = FILESYSTEM_STRICT };
        case_suggest(&example, profile, &unit, &suggestion);
        if (suggestion_find(&suggestion, "ReadWritePaths")->emitted == cases[i].provided)
            fail_msg("%s of %s", cases[i].unit, cases[i].name);
    }
}

/* A list of what may be executed is for those that it was seen to work on. */
static void test_execution_by_version(void **state)
{
    static const struct {
        int version;
        bool listed;
    } cases[] = { { 247, false }, { 252, true }, { 257, true }, { 262, true }, { 263, false } };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = case_profile(WRITES);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        struct filesystem_case example = { .form = FILESYSTEM_STRICT, .version = cases[i].version };
        case_suggest(&example, profile, &unit, &suggestion);
        const struct verdict *no_exec = suggestion_find(&suggestion, "NoExecPaths");
        assert_int_equal(suggestion_find(&suggestion, "ExecPaths")->emitted, cases[i].listed);
        assert_int_equal(no_exec->emitted, cases[i].version >= 248);
        if (no_exec->emitted)
            assert_int_equal(strcmp(no_exec->values[0].text, "/") == 0, cases[i].listed);
    }
}

/* What the laws (tests/laws) once found. */
static void test_found_by_laws(void **state)
{
    static const struct filesystem_case examples[] = {
        /* The unit's own bind would make it read-only again: of two for one place systemd joins the
         * flags. Deeper in it is left as it is where nothing was written. */
        { .profile = MACHINE "dir /opt/app 3 1\ncreate /opt/app/x\nfile /opt/app/x\n"
                             "dir /opt/app/lib 1 0\n",
          .unit = "[Service]\nBindReadOnlyPaths=/opt/app /opt/app/lib\n",
          .expected =
              ROOT CACHE LIBC SERVED "BindReadOnlyPaths=/opt/app/lib\nBindPaths=/opt/app\n" },
        /* One end of the move was a name in /var, which may have been the link /var/run. */
        { .profile = MACHINE "link /var/run /run\nmove /run/served /var/\n"
                             "create /var/\ncreate /run/served/x\n",
          .expected =
              "ProtectSystem=full\nReadOnlyPaths=-/dev/hugepages\nReadOnlyPaths=-/dev/mqueue\n"
              "ReadOnlyPaths=-/dev/pts\nReadOnlyPaths=-/dev/shm\n"
              "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=yes\n" },
        /* Made by one name, full of names by another: two scratch directories are not one. */
        { .profile = MACHINE "link /var/lock /run/lock\ndir /run/lock 2 1\ndir /run/lock/d 1 0\n"
                             "mkdir /var/lock/d -> /run/lock/d\nfollow /var/lock\n"
                             "create /run/lock/d/\ndelete /run/lock/d/\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/run/lock\nBindPaths=/var/lock\n" },
        /* It met names of others where it makes its own: an empty directory would not have them. */
        { .profile = MACHINE "dir /run/lock 9 5\nmkdir /run/lock/d\ndir /run/lock/d 0 0\n"
                             "stat /run/lock/ foreign\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/run/lock\nBindPaths=-/var/lock\n" },
        /* It was made, and replaced, too, as one of many names: what is mounted cannot be. */
        { .profile = MACHINE "link /var/run /run\nmkdir /var/run/d -> /run/\nmode /run/d 0755\n"
                             "delete /var/run/d -> /run/\n",
          .expected = ROOT
          "TemporaryFileSystem=/var/run:mode=0755,nosuid,nodev,noexec,size=16M\n" CACHE LIBC
              SERVED },
        { .profile = MACHINE "link /var/run /run\nmkdir /var/run/d -> /run/\nmode /run/d 0755\n"
                             "delete /var/run/e -> /run/\n",
          .expected = ROOT
          "TemporaryFileSystem=/var/run:mode=0755,nosuid,nodev,noexec,size=16M\n" CACHE LIBC SERVED
          "BindPaths=/var/run/"
          "d\nRuntimeDirectory=d\nRuntimeDirectoryMode=0755\nRuntimeDirectoryPreserve=yes\n" },
        /* Made by one name and looked at by the other, before it was removed again. */
        { .profile = MACHINE "link /var/lock /run/lock\ndir /run/lock 2 2\nfollow /var/lock\n"
                             "create /var/lock/x -> /run/lock/x\nstat /run/lock/x EINVAL\n"
                             "delete /var/lock/x -> /run/lock/x\ngone /run/lock/x\n",
          .expected = ROOT CACHE LIBC SERVED "BindPaths=/run/lock\nBindPaths=/var/lock\n" },
        /* By a link of a directory that is bound whole: it has to exist where that leads. */
        { .profile = MACHINE "link /var/run /run\ndir /var 9 5\nlist /var\ndir /run/served 1 1\n"
                             "stat /var/run/served -> /run/served\n",
          .expected = ROOT "TemporaryFileSystem=/run/served:ro\n" CACHE LIBC SERVED
                           "BindReadOnlyPaths=/var\n" },
        /* ReadWritePaths= lifts what is read-only above it, but not at the same place. */
        { .profile =
              MACHINE "dir /home/user 9 5\ncreate /home/user/data/x\ndir /home/user/data 1 0\n"
                      "file /home/user/data/x\n",
          .form = FILESYSTEM_STRICT,
          .expected = KEPT
          "ProtectSystem=strict\nReadWritePaths=-/home/user/data\n" READ_ONLY
          "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=read-only\nProtectProc="
          "ptraceable\nProcSubset=pid\nProtectKernelTunables=yes\nProtectControlGroups=yes\n" },
        { .profile = MACHINE "create /home/new\ndelete /home/new\ngone /home/new\n",
          .form = FILESYSTEM_STRICT,
          .expected = KEPT "ProtectSystem=strict\nReadWritePaths=/home\n" READ_ONLY
                           "PrivateTmp=yes\nPrivateDevices=yes\nProtectProc=ptraceable\nProcSubset="
                           "pid\nProtectKernelTunables=yes\nProtectControlGroups=yes\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(examples); i++)
        case_check(&examples[i]);
}

/* systemd 252 keeps both kinds of binds in one list: the second reset would empty the first. */
static void test_one_reset_of_binds(void **state)
{
    static const struct filesystem_case both = { .profile = WRITES };
    CLEANUP(profile_freep) struct profile *profile = case_profile(both.profile);
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };

    (void)state;
    case_suggest(&both, profile, &unit, &suggestion);
    assert_true(suggestion_find(&suggestion, "BindReadOnlyPaths")->emitted);
    assert_true(suggestion_find(&suggestion, "BindReadOnlyPaths")->reset);
    assert_true(suggestion_find(&suggestion, "BindPaths")->emitted);
    assert_false(suggestion_find(&suggestion, "BindPaths")->reset);
}

/* What the service makes by one name it finds by the other. */
static void test_made_behind_a_link(void **state)
{
    static const struct filesystem_case example = {
        .profile = MACHINE
        "link /srv/current releases/2\ndir /srv/releases -1 -1\ndir /srv/releases/2 9 8\n"
        "dir /srv/releases/2/deep 3 2\ngone /srv/releases/2/deep/new\n"
        "stat /srv/releases/2/deep\n"
        "create /srv/current/deep/new -> /srv/releases/2/deep/new\nfollow /srv/current\n"
        "stat /srv/releases/2/deep/new EINVAL\n",
        .expected =
            ROOT CACHE LIBC SERVED "BindPaths=/srv/current/deep\nBindPaths=/srv/releases/2/deep\n",
    };

    (void)state;
    case_check(&example);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smallest),
        cmocka_unit_test(test_made_behind_a_link),
        cmocka_unit_test(test_web_server),
        cmocka_unit_test(test_unit),
        cmocka_unit_test(test_sockets),
        cmocka_unit_test(test_python),
        cmocka_unit_test(test_replaced),
        cmocka_unit_test(test_guarded),
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_other_names),
        cmocka_unit_test(test_failures_that_show),
        cmocka_unit_test(test_kernel_file_systems),
        cmocka_unit_test(test_devices_and_tmp),
        cmocka_unit_test(test_directories_asked),
        cmocka_unit_test(test_both_names),
        cmocka_unit_test(test_failed_removal),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_execution),
        cmocka_unit_test(test_fleeting_names),
        cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_made_directories),
        cmocka_unit_test(test_directories_kept),
        cmocka_unit_test(test_notes_and_reasons),
        cmocka_unit_test(test_execution_by_version),
        cmocka_unit_test(test_binds_of_the_unit),
        cmocka_unit_test(test_directories_of_instances),
        cmocka_unit_test(test_note_for_both_names),
        cmocka_unit_test(test_other_names_are_not_nested),
        cmocka_unit_test(test_written_code),
        cmocka_unit_test(test_files_that_others_replace),
        cmocka_unit_test(test_found_by_laws),
        cmocka_unit_test(test_one_reset_of_binds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
