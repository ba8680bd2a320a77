// SPDX-License-Identifier: LGPL-2.1-or-later
/* Every row of the directive table that needs no file system plan: what grants it, what refuses it,
 * and by which witness. */
#include "build.h"
#include "unit.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* A table of cases says what matters and leaves the rest zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum step_kind {
    STEP_NONE,
    SYSCALL,
    ON_ARCH,
    ARGUMENT,
    PATH,
    SOCKET,
    ADDRESS,
    NAME,
    PROGRAM,
    SETTING,
    BLIND
};

/* One thing the service did; the meaning of the fields is in step_apply. */
struct step {
    enum step_kind kind;
    const char *a, *b, *c;
    int n1, n2, n3, outcome;
};

static struct program_fact program_of(const char *path, const char *property)
{
    return (struct program_fact){ .path = build_text(path),
                                  .format = build_text("elf"),
                                  .arch = build_text(strcmp(property, "x86") ? "x86_64" : "x86"),
                                  .mode = strcmp(property, "set-id") == 0    ? 04755
                                          : strcmp(property, "locking") == 0 ? 02644
                                                                             : 0755,
                                  .file_caps = strcmp(property, "file-caps") == 0,
                                  .exec_stack = strcmp(property, "exec-stack") == 0,
                                  .text_rel = strcmp(property, "text-rel") == 0 };
}

static void step_apply(struct profile *profile, const struct step *step)
{
    struct program_fact program;

    switch (step->kind) {
    case STEP_NONE:
        break;
    case SYSCALL:
        build_syscall(profile, step->a, step->outcome);
        break;
    case ON_ARCH:
        build_syscall_on(profile, step->b, step->a, step->outcome);
        break;
    case ARGUMENT:
        build_argument(profile, step->a, step->b, step->c, step->outcome);
        break;
    case PATH:
        build_path(profile, (enum path_use)step->n1, step->a, step->outcome);
        break;
    case SOCKET:
        build_socket(profile, step->n1, step->n2, (enum socket_origin)step->n3, step->outcome);
        break;
    case ADDRESS:
        build_address(profile, (enum address_use)step->n1,
                      strchr(step->a, ':') ? AF_INET6 : AF_INET, step->n2, step->a, step->n3,
                      step->outcome);
        break;
    case NAME:
        build_name(profile, step->a, step->b, step->n1);
        break;
    case PROGRAM:
        program = program_of(step->a, step->b);
        build_program(profile, &program);
        break;
    case SETTING:
        profile_add_setting(profile, step->a, step->b);
        break;
    case BLIND:
        build_blind_spot(profile, step->a);
        break;
    }
}

struct row_case {
    const char *directive;
    int version;       /* 0: 252 */
    const char *value; /* NULL: left out */
    const char *why;   /* part of its reason, NULL: any */
    struct step steps[6];
    enum peer_policy peers;
};

#define CREATED(family, type)                                                                      \
    {                                                                                              \
        SOCKET, .n1 = family, .n2 = type, .n3 = SOCKET_CREATED                                     \
    }
#define TALK(use, type, host, port)                                                                \
    {                                                                                              \
        ADDRESS, host, .n1 = use, .n2 = type, .n3 = port                                           \
    }
#define TALKED(use, type, host, port, e)                                                           \
    {                                                                                              \
        ADDRESS, host, .n1 = use, .n2 = type, .n3 = port, .outcome = e                             \
    }
#define USED(use, path)                                                                            \
    {                                                                                              \
        PATH, path, .n1 = use                                                                      \
    }
#define FAILED(use, path, error)                                                                   \
    {                                                                                              \
        PATH, path, .n1 = use, .outcome = error                                                    \
    }
#define NAMESPACE(call, type)                                                                      \
    {                                                                                              \
        ARGUMENT, call, "namespace", type                                                          \
    }

static const struct row_case cases[] = {
    { "NoNewPrivileges", 0, "yes", NULL, { { PROGRAM, "/bin/x", "plain" } } },
    { "NoNewPrivileges", 0, "yes", NULL, { { PROGRAM, "/bin/x", "locking" } } },
    { "NoNewPrivileges", 0, NULL, "set-id, mode 4755", { { PROGRAM, "/bin/su", "set-id" } } },
    { "NoNewPrivileges", 0, NULL, "file capabilities", { { PROGRAM, "/bin/p", "file-caps" } } },

    { "MemoryDenyWriteExecute", 0, "yes", NULL, { { 0 } } },
    { "MemoryDenyWriteExecute",
      0,
      NULL,
      "mprotect with memory make-executable",
      { { ARGUMENT, "mprotect", "memory", "make-executable" } } },
    { "MemoryDenyWriteExecute", 0, NULL, "executable stack", { { PROGRAM, "/x", "exec-stack" } } },
    { "MemoryDenyWriteExecute", 0, NULL, "text relocations", { { PROGRAM, "/x", "text-rel" } } },
    { "MemoryDenyWriteExecute",
      0,
      NULL,
      "0x400000",
      { { ARGUMENT, "personality", "personality", "0x400000" } } },
    { "MemoryDenyWriteExecute",
      0,
      NULL,
      "/usr/bin/luajit contains LuaJIT",
      { { SETTING, "jit /usr/bin/luajit", "LuaJIT" },
        { PATH, "/usr/bin/luajit", .n1 = PATH_EXECUTE } } },
    { "MemoryDenyWriteExecute",
      0,
      NULL,
      "make-executable",
      { { SETTING, "jit /lib/libx.so", "LLVM" },
        { ARGUMENT, "mprotect", "memory", "make-executable" } } },
    { "MemoryDenyWriteExecute", 0, NULL, "mmap (x86)", { { ON_ARCH, "mmap", "x86" } } },
    { "MemoryDenyWriteExecute", 0, "yes", NULL, { { ON_ARCH, "mmap2", "x86" } } },

    { "RestrictNamespaces", 0, "yes", NULL, { { SYSCALL, "clone3" } } },
    { "RestrictNamespaces",
      0,
      "mnt user",
      NULL,
      { NAMESPACE("unshare", "user"), NAMESPACE("setns", "mnt") } },
    { "RestrictNamespaces", 0, NULL, "setns with namespace any", { NAMESPACE("setns", "any") } },
    { "RestrictNamespaces",
      0,
      NULL,
      "CLONE_INTO_CGROUP",
      { { ARGUMENT, "clone3", "clone", "CLONE_INTO_CGROUP" } } },
    { "RestrictNamespaces", 0, "yes", NULL, { { ARGUMENT, "clone3", "clone", "CLONE_PIDFD" } } },
    { "RestrictNamespaces", 0, "time", NULL, { NAMESPACE("unshare", "time") } },
    { "RestrictNamespaces", 247, NULL, "cannot list this", { NAMESPACE("unshare", "time") } },
    { "RestrictNamespaces", 0, NULL, "blind spot", { { BLIND, "unreadable-memory" } } },

    { "RestrictRealtime",
      0,
      "yes",
      NULL,
      { { ARGUMENT, "sched_setscheduler", "scheduler", "SCHED_BATCH" } } },
    { "RestrictRealtime",
      0,
      NULL,
      "SCHED_FIFO",
      { { ARGUMENT, "sched_setscheduler", "scheduler", "SCHED_FIFO", .outcome = EPERM } } },
    { "RestrictRealtime",
      0,
      NULL,
      "RESET_ON_FORK",
      { { ARGUMENT, "sched_setscheduler", "scheduler", "SCHED_OTHER|SCHED_RESET_ON_FORK" } } },
    { "RestrictRealtime", 0, NULL, "sched_setattr", { { SYSCALL, "sched_setattr" } } },

    { "RestrictSUIDSGID", 0, "yes", NULL, { { SYSCALL, "openat2", .outcome = ENOSYS } } },
    { "RestrictSUIDSGID", 0, NULL, "openat2", { { SYSCALL, "openat2", .outcome = ENOENT } } },
    { "RestrictSUIDSGID", 0, NULL, "02755", { { ARGUMENT, "mkdir", "setid-mode", "02755" } } },
    { "RestrictSUIDSGID", 241, NULL, "needs systemd 242", { { 0 } } },

    { "ProtectClock", 0, "yes", NULL, { USED(PATH_READ, "/dev/rtcx") } },
    { "ProtectClock", 0, NULL, "adjtimex", { { SYSCALL, "adjtimex" } } },
    { "ProtectClock",
      0,
      NULL,
      "CLOCK_REALTIME_ALARM",
      { { ARGUMENT, "timerfd_create", "clock-alarm", "CLOCK_REALTIME_ALARM" } } },
    { "ProtectClock", 0, NULL, "/dev/rtc0", { FAILED(PATH_READ, "/dev/rtc0", ENOENT) } },
    { "ProtectClock", 0, NULL, "io_uring", { { BLIND, "io_uring" } } },
    { "ProtectHostname", 0, "yes", NULL, { USED(PATH_READ, "/proc/sys/kernel/hostname") } },
    { "ProtectHostname",
      0,
      NULL,
      "write",
      { FAILED(PATH_WRITE, "/proc/sys/kernel/hostname", EPERM) } },
    { "ProtectHostname", 0, NULL, "sethostname", { { SYSCALL, "sethostname", .outcome = EPERM } } },
    { "ProtectKernelLogs", 0, "yes", NULL, { { 0 } } },
    { "ProtectKernelLogs", 0, NULL, "syslog", { { SYSCALL, "syslog" } } },
    { "ProtectKernelLogs", 0, NULL, "/dev/kmsg", { FAILED(PATH_WRITE, "/dev/kmsg", ENOENT) } },
    { "ProtectKernelModules", 0, "yes", NULL, { USED(PATH_READ, "/usr/lib/modules-load.d") } },
    { "ProtectKernelModules",
      0,
      NULL,
      "modules.dep",
      { USED(PATH_READ, "/lib/modules/6.1/modules.dep") } },

    { "PrivateNetwork",
      0,
      "yes",
      NULL,
      { CREATED(AF_UNIX, SOCK_STREAM),
        { SOCKET, .n1 = AF_INET, .n2 = SOCK_STREAM, .n3 = SOCKET_INHERITED } } },
    { "PrivateNetwork", 0, NULL, "AF_NETLINK", { CREATED(AF_NETLINK, SOCK_RAW) } },
    { "PrivateNetwork",
      0,
      NULL,
      "AF_INET6",
      { { SOCKET, .n1 = AF_INET6, .n2 = SOCK_STREAM, .outcome = EAFNOSUPPORT } } },
    { "PrivateNetwork", 0, NULL, "address family 199", { CREATED(199, SOCK_RAW) } },
    { "PrivateNetwork", 0, NULL, "/proc/self/net/dev", { USED(PATH_READ, "/proc/self/net/dev") } },
    { "PrivateNetwork",
      0,
      NULL,
      "/sys/class/net",
      { FAILED(PATH_LIST, "/sys/class/net", ENOENT) } },
    { "PrivateNetwork", 0, NULL, "unshare", { NAMESPACE("unshare", "net") } },

    { "RestrictAddressFamilies", 0, "none", NULL, { { 0 } } },
    { "RestrictAddressFamilies", 248, NULL, "\"none\" needs systemd 249", { { 0 } } },
    { "RestrictAddressFamilies",
      0,
      "none",
      NULL,
      { { SOCKET, .n1 = AF_UNIX, .n2 = SOCK_STREAM, .n3 = SOCKET_PAIR },
        { SOCKET, .n1 = AF_INET, .n2 = SOCK_STREAM, .n3 = SOCKET_ACCEPTED } } },
    { "RestrictAddressFamilies",
      0,
      "AF_INET AF_INET6",
      NULL,
      { { SOCKET, .n1 = AF_INET6, .n2 = SOCK_STREAM, .outcome = EAFNOSUPPORT },
        CREATED(AF_INET, SOCK_STREAM) } },
    { "RestrictAddressFamilies",
      0,
      "AF_UNIX AF_INET AF_INET6 AF_NETLINK",
      NULL,
      { FAILED(PATH_READ, "/etc/resolv.conf", ENOENT) } },
    { "RestrictAddressFamilies", 0, "AF_UNIX", NULL, { USED(PATH_READ, "/etc/nsswitch.conf") } },
    { "RestrictAddressFamilies", 0, "AF_UNIX", NULL, { USED(PATH_CONNECT, "/dev/log") } },
    { "RestrictAddressFamilies", 0, NULL, "address family 199", { CREATED(199, SOCK_RAW) } },
    { "RestrictAddressFamilies",
      0,
      "none",
      NULL,
      { { SOCKET, .n1 = 199, .n2 = SOCK_RAW, .outcome = EAFNOSUPPORT } } },
    { "RestrictAddressFamilies", 0, NULL, "io_uring", { { BLIND, "io_uring" } } },

    { "IPAddressDeny", 0, "any", "no IP traffic", { { 0 } } },
    { "IPAddressAllow", 0, NULL, "not needed: ", { { 0 } } },
    { "IPAddressAllow",
      0,
      "localhost",
      NULL,
      { TALK(ADDRESS_LISTEN, SOCK_STREAM, "127.0.0.1", 80) } },
    { "IPAddressAllow",
      0,
      "localhost 10.0.0.2 10.0.0.10 fd00::1",
      NULL,
      { TALKED(ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.10", 5, ECONNREFUSED),
        TALKED(ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.2", 5, EINPROGRESS),
        TALK(ADDRESS_SEND, SOCK_DGRAM, "fd00::1", 53), TALK(ADDRESS_CONNECT, SOCK_STREAM, "::1", 1),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.2", 6) } },
    { "IPAddressAllow",
      0,
      NULL,
      "not needed: ",
      { TALK(ADDRESS_CONNECT, SOCK_DGRAM, "8.8.8.8", 53), /* getaddrinfo's probe */
        TALK(ADDRESS_BIND, SOCK_DGRAM, "0.0.0.0", 0) } },
    { "IPAddressAllow",
      0,
      "localhost link-local 169.254.169.254",
      NULL,
      { TALK(ADDRESS_CONNECT, SOCK_STREAM, "fe80::1%eth0", 1),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "169.254.169.254", 80),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "0.0.0.0", 80) } },
    { "IPAddressDeny",
      0,
      NULL,
      "clients are unknown",
      { TALK(ADDRESS_LISTEN, SOCK_STREAM, "0.0.0.0", 80),
        TALK(ADDRESS_ACCEPT, SOCK_STREAM, "127.0.0.1", 0) } },
    { "IPAddressDeny",
      0,
      NULL,
      "clients are unknown",
      { TALK(ADDRESS_LISTEN, SOCK_STREAM, "::", 80) } },
    { "IPAddressDeny",
      0,
      NULL,
      "clients are unknown",
      { TALK(ADDRESS_BIND, SOCK_DGRAM, "192.168.1.5", 514) } },
    { "IPAddressAllow",
      0,
      "localhost",
      NULL,
      { TALK(ADDRESS_LISTEN, SOCK_STREAM, "::", 80),
        TALK(ADDRESS_ACCEPT, SOCK_STREAM, "127.0.0.1", 0) },
      PEERS_OBSERVED },
    { "IPAddressAllow",
      0,
      "localhost 10.0.0.1",
      NULL,
      { TALK(ADDRESS_LISTEN, SOCK_STREAM, "::", 80),
        TALK(ADDRESS_ACCEPT, SOCK_STREAM, "10.9.9.9", 0),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.1", 5432) },
      PEERS_LOCAL },
    { "IPAddressDeny", 0, NULL, "--peers any", { { 0 } }, PEERS_ANY },
    { "IPAddressDeny",
      0,
      NULL,
      "sends to a multicast group",
      { TALK(ADDRESS_SEND, SOCK_DGRAM, "239.255.255.250", 1900) } },
    { "IPAddressAllow",
      0,
      "239.255.255.250",
      NULL,
      { TALK(ADDRESS_SEND, SOCK_DGRAM, "239.255.255.250", 1900) },
      PEERS_OBSERVED },
    /* found by name */
    { "IPAddressDeny",
      0,
      "localhost 169.254.0.0/16 fe80::/10 multicast 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 "
      "192.168.0.0/16 fc00::/7",
      "api.example.org, TTL 60 s: its address 192.0.2.7 may change; so public addresses stay open",
      { { NAME, "api.example.org", "192.0.2.7", .n1 = 60 },
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.7", 443) } },
    { "IPAddressAllow",
      0,
      "localhost 10.0.0.9",
      NULL,
      { { NAME, "api.example.org", "192.0.2.7", .n1 = 86399 },
        TALK(ADDRESS_SEND, SOCK_DGRAM, "127.0.0.53", 53),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.9", 5432),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.7", 443) } },
    { "IPAddressAllow",
      0,
      "192.0.2.7",
      NULL,
      { { NAME, "api.example.org", "192.0.2.7", .n1 = 86400 },
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.7", 443) } },
    { "IPAddressDeny", /* by two names: the shorter life counts */
      0,
      "localhost 169.254.0.0/16 fe80::/10 multicast 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 "
      "192.168.0.0/16 fc00::/7",
      "b.example.org, TTL unknown: its address",
      { { NAME, "a.example.org", "192.0.2.7", .n1 = 604800 },
        { NAME, "b.example.org", "192.0.2.7", .n1 = -1 },
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.7", 443) } },
    { "IPAddressAllow", /* a private network is left open as a whole, the internet is not */
      0,
      "192.0.2.8 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16 fc00::/7",
      NULL,
      { { NAME, "db.example.org", "10.0.0.9", .n1 = 30 },
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.9", 5432),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.8", 443) } },
    { "IPAddressAllow",
      0,
      "192.0.2.7",
      NULL,
      { { NAME, "api.example.org", "192.0.2.7", .n1 = 60 },
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.7", 443) },
      PEERS_OBSERVED },
    { "IPAddressDeny", /* a client is not found by name */
      0,
      "any",
      NULL,
      { { NAME, "api.example.org", "192.0.2.7", .n1 = 60 },
        TALK(ADDRESS_ACCEPT, SOCK_STREAM, "192.0.2.7", 443) } },
    { "IPAddressDeny", /* asked by means that hide the answer */
      0,
      "localhost 169.254.0.0/16 fe80::/10 multicast 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 "
      "192.168.0.0/16 fc00::/7",
      "192.0.2.7 may come from a DNS answer that training did not record, so it may change (openat "
      "of "
      "/run/systemd/resolve/io.systemd.Resolve",
      { USED(PATH_CONNECT, "/run/systemd/resolve/io.systemd.Resolve"),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.7", 443) } },
    { "IPAddressAllow", /* the same of a private one */
      0,
      "10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16 fc00::/7",
      NULL,
      { USED(PATH_CONNECT, "/run/systemd/resolve/io.systemd.Resolve"),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.9", 443) } },
    { "IPAddressDeny", /* systemd-resolved may have been asked over D-Bus */
      0,
      "localhost 169.254.0.0/16 fe80::/10 multicast 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 "
      "192.168.0.0/16 fc00::/7",
      "192.0.2.7 may come from a DNS answer that training did not record, so it may change (openat "
      "of "
      "/run/dbus/system_bus_socket",
      { USED(PATH_CONNECT, "/run/dbus/system_bus_socket"),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.7", 443) } },
    { "IPAddressAllow", /* a private one need not come from there, and one whose name was heard */
      0,
      "10.0.0.9",
      NULL,
      { USED(PATH_CONNECT, "/run/dbus/system_bus_socket"),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.9", 443) } },
    { "IPAddressDeny", /* more answers than are kept */
      0,
      "localhost 169.254.0.0/16 fe80::/10 multicast 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 "
      "192.168.0.0/16 fc00::/7",
      "name-lookups",
      { { BLIND, "name-lookups" }, TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.7", 443) } },
    { "IPAddressDeny", /* more ports than are told apart */
      0,
      NULL,
      "clients are unknown",
      { TALK(ADDRESS_BIND, SOCK_DGRAM, "0.0.0.0/0", 0) } },
    { "IPAddressDeny", 0, "any", NULL, { TALK(ADDRESS_BIND, SOCK_DGRAM, "127.0.0.0/8", 0) } },
    { "IPAddressDeny", /* more peers than are told apart */
      0,
      "localhost 169.254.0.0/16 fe80::/10 multicast 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 "
      "192.168.0.0/16 fc00::/7",
      "more peers among public addresses than",
      { TALK(ADDRESS_CONNECT, SOCK_STREAM, "0.0.0.0/0", 0) } },
    { "IPAddressDeny",
      0,
      "localhost 169.254.0.0/16 fe80::/10 multicast 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 "
      "192.168.0.0/16 fc00::/7",
      "more peers among public addresses than",
      { TALK(ADDRESS_ACCEPT, SOCK_STREAM, "::/0", 0) },
      PEERS_OBSERVED },
    { "IPAddressAllow",
      0,
      "localhost 192.0.2.8 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16 fc00::/7",
      NULL,
      { TALK(ADDRESS_SEND, SOCK_DGRAM, "127.0.0.0/8", 0),
        TALK(ADDRESS_SEND, SOCK_DGRAM, "172.16.0.0/12", 0),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.8", 443) } },
    { "IPAddressDeny",
      0,
      "any",
      NULL,
      { FAILED(PATH_CONNECT, "/run/nscd/socket", ENOENT),
        TALK(ADDRESS_CONNECT, SOCK_STREAM, "192.0.2.7", 443) } },
    { "IPAddressAllow", /* name servers have their addresses from the administrator */
      0,
      "192.0.2.53",
      NULL,
      { TALK(ADDRESS_SEND, SOCK_DGRAM, "192.0.2.53", 53) } },
    { "IPAddressDeny",
      0,
      NULL,
      "joins a multicast group",
      { TALK(ADDRESS_JOIN, SOCK_DGRAM, "239.1.2.3", 0) } },
    { "IPAddressDeny",
      0,
      "any",
      NULL,
      { TALKED(ADDRESS_JOIN, SOCK_DGRAM, "239.1.2.3", 0, ENODEV) } },
    { "IPAddressDeny", 0, NULL, "raw socket", { CREATED(AF_INET, SOCK_RAW) } },
    { "IPAddressDeny",
      0,
      NULL,
      "could not read a peer's address",
      { TALK(ADDRESS_CONNECT, SOCK_STREAM, "any\nUser=root", 1) } },
    { "IPAddressAllow",
      0,
      NULL,
      "no IP peer", /* the socket unit's lists count */
      { { SOCKET, .n1 = AF_INET, .n2 = SOCK_STREAM, .n3 = SOCKET_INHERITED },
        TALK(ADDRESS_ACCEPT, SOCK_STREAM, "10.9.9.9", 0) } },
    { "IPAddressDeny", 0, NULL, "io_uring", { { BLIND, "io_uring" } } },
    { "IPAddressDeny", 234, NULL, "needs systemd 235", { { 0 } } },

    { "SocketBindDeny", 0, NULL, "built without BPF_FRAMEWORK, as 252 often was", { { 0 } } },
    { "SocketBindDeny", 248, NULL, "needs systemd 249", { { 0 } } },
    { "SocketBindDeny", 257, NULL, "PrivateNetwork= already blocks all of it", { { 0 } } },
    { "SocketBindDeny", 257, "any", NULL, { CREATED(AF_INET, SOCK_DGRAM) } },
    { "SocketBindDeny", 257, NULL, "io_uring", { { BLIND, "io_uring" } } },
    { "SocketBindDeny",
      257,
      NULL,
      "RestrictAddressFamilies= already blocks all of it",
      { CREATED(AF_UNIX, SOCK_STREAM), USED(PATH_CONNECT, "/dev/log"),
        USED(PATH_STAT, "/proc/self/net/tcp") } },
    { "SocketBindAllow", 257, NULL, "not needed: ", { CREATED(AF_INET, SOCK_DGRAM) } },
    { "SocketBindAllow",
      257,
      "ipv4:tcp:80-81 ipv4:tcp:443 ipv4:udp",
      NULL,
      { CREATED(AF_INET, SOCK_STREAM), TALK(ADDRESS_BIND, SOCK_STREAM, "0.0.0.0", 80),
        TALKED(ADDRESS_BIND, SOCK_STREAM, "127.0.0.1", 81, EADDRINUSE),
        TALK(ADDRESS_BIND, SOCK_STREAM, "0.0.0.0", 443),
        TALK(ADDRESS_BIND, SOCK_DGRAM, "0.0.0.0", 0),
        TALK(ADDRESS_BIND, SOCK_DGRAM, "0.0.0.0", 5353) } },
    { "SocketBindAllow", /* ::ffff:0.0.0.0 may be meant, on a socket of the other family */
      257,
      "tcp:80 ipv6:tcp:443",
      NULL,
      { CREATED(AF_INET6, SOCK_STREAM), TALK(ADDRESS_BIND, SOCK_STREAM, "0.0.0.0", 80),
        TALK(ADDRESS_BIND, SOCK_STREAM, "::", 443) } },
    { "SocketBindAllow",
      257,
      NULL,
      "not needed: ",
      { CREATED(AF_INET, SOCK_STREAM), TALKED(ADDRESS_BIND, SOCK_STREAM, "0.0.0.0", 80, EBADF) } },
    { "RestrictNetworkInterfaces",
      257,
      "lo",
      "on this host",
      { CREATED(AF_INET, SOCK_STREAM), TALK(ADDRESS_LISTEN, SOCK_STREAM, "127.0.0.1", 80),
        TALK(ADDRESS_SEND, SOCK_DGRAM, "127.0.0.53", 53) } },
    { "RestrictNetworkInterfaces",
      257,
      NULL,
      "the interface that leads to a peer is unknown",
      { CREATED(AF_INET, SOCK_STREAM), TALK(ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.9", 80) } },
    { "RestrictNetworkInterfaces",
      257,
      NULL,
      "clients are unknown",
      { CREATED(AF_INET, SOCK_STREAM), TALK(ADDRESS_LISTEN, SOCK_STREAM, "0.0.0.0", 80) } },
    { "RestrictNetworkInterfaces", 249, NULL, "needs systemd 250", { { 0 } } },

    { "SystemCallArchitectures", 0, "native", NULL, { { 0 } } },
    { "SystemCallArchitectures", 0, "native x86", NULL, { { ON_ARCH, "read", "x86" } } },
    { "SystemCallArchitectures", 0, "native x86", NULL, { { PROGRAM, "/x", "x86" } } },
    { "SystemCallArchitectures",
      0,
      "native x32 x86",
      NULL,
      { { ON_ARCH, "read", "x86" }, { ON_ARCH, "read", "x32" } } },
    { "SystemCallArchitectures", 0, NULL, "no name for the ABI", { { ON_ARCH, "read", "sh\n" } } },
    { "SystemCallErrorNumber", 0, "EPERM", NULL, { { 0 } } },
};

static void describe_case(const struct row_case *row, const struct verdict *verdict,
                          const char *value)
{
    print_message("case %td: %s=%s (%s)\n", row - cases, row->directive, value ? value : "-",
                  verdict->why);
}

static void check_case(const struct row_case *row)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    struct suggest_options options = { .target = { .version = row->version ? row->version : 252 },
                                       .filesystem = FILESYSTEM_STRICT,
                                       .peers = row->peers };

    for (size_t i = 0; i < ELEMENTS_OF(row->steps); i++)
        step_apply(profile, &row->steps[i]);
    suggest(profile, &options, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, row->directive);
    assert_non_null(verdict);
    assert_non_null(verdict->why);
    CLEANUP(free_char) char *value = build_value(&suggestion, row->directive);
    bool right = row->value ? value && strcmp(value, row->value) == 0 : !value;
    if (right && row->why)
        right = strstr(verdict->why, row->why) != NULL;
    if (!right)
        describe_case(row, verdict, value);
    assert_true(right);
    for (size_t i = 0; i < verdict->count; i++)
        assert_non_null(verdict->values[i].why);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        check_case(&cases[i]);
}

static void test_abstract_socket(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    struct suggest_options options = { .target = { .version = 252 } };

    (void)state;
    build_address(profile, ADDRESS_CONNECT, AF_UNIX, SOCK_STREAM, "@/tmp/.X11-unix/X0", 0, 0);
    suggest(profile, &options, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "PrivateNetwork");
    assert_false(verdict->emitted);
    assert_int_equal(verdict->witness->kind, FACT_ADDRESS);
}

/* A socket that a socket unit passed in is under that unit's lists, and so are its clients. */
static void test_socket_unit(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    struct suggest_options options = { .target = { .version = 252 } };
    struct fact listen = { .kind = FACT_ADDRESS,
                           .address = { .use = ADDRESS_LISTEN,
                                        .family = AF_INET,
                                        .type = SOCK_STREAM,
                                        .host = build_text("0.0.0.0"),
                                        .port = 443 } };

    (void)state;
    build_socket(profile, AF_INET, SOCK_STREAM, SOCKET_INHERITED, 0);
    build_see(profile, &listen, ""); /* by no call: it was there before the program */
    build_address(profile, ADDRESS_ACCEPT, AF_INET, SOCK_STREAM, "10.9.9.9", 0, 0);
    suggest(profile, &options, &suggestion);
    assert_true(suggestion_find(&suggestion, "IPAddressDeny")->emitted);
    assert_false(suggestion_find(&suggestion, "IPAddressAllow")->emitted);
    assert_non_null(strstr(suggestion.notes.items[suggestion.notes.count - 1].text, "socket unit"));
}

/* Passed in by one run, bound by the service itself in another: a port that has to be allowed. */
static void test_socket_passed_in_once(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion passed = { 0 }, both = { 0 };
    struct suggest_options options = { .target = { .version = 257 }, .knobs = { .bpf = BPF_YES } };
    struct fact bound = { .kind = FACT_ADDRESS,
                          .address = { .use = ADDRESS_BIND,
                                       .family = AF_INET,
                                       .type = SOCK_STREAM,
                                       .host = build_text("0.0.0.0"),
                                       .port = 443 } };
    struct sighting sighting = { .run = "r0", .count = 1, .program = BUILD_PROGRAM, .call = "" };

    (void)state;
    build_socket(profile, AF_INET, SOCK_STREAM, SOCKET_INHERITED, 0);
    profile_record(profile, &bound, &sighting);
    suggest(profile, &options, &passed);
    assert_false(suggestion_find(&passed, "SocketBindAllow")->emitted);
    build_socket(profile, AF_INET, SOCK_STREAM, SOCKET_CREATED, 0);
    sighting.run = "r1";
    sighting.call = "bind";
    profile_record(profile, &bound, &sighting);
    suggest(profile, &options, &both);
    CLEANUP(free_char) char *allowed = build_value(&both, "SocketBindAllow");
    assert_string_equal(allowed, "ipv4:tcp:443");
}

static void suggest_with_unit(struct profile *profile, int version, const char *text,
                              struct suggestion *ret)
{
    CLEANUP(unit_done) struct unit unit = { 0 };
    struct suggest_options options = { .target = { .version = version }, .unit = &unit };
    struct err err = { 0 };

    assert_int_equal(unit_parse(&unit, text, strlen(text), "x.service", &err), 0);
    suggest(profile, &options, ret);
}

/* Before 255, User= and any filter force no_new_privs: a set-id program rules all filters out. */
static void test_set_id_and_user(void **state)
{
    static const struct {
        int version;
        const char *unit;
        bool filtered;
    } situations[] = {
        { 252, "[Service]\nUser=www\n", false }, { 252, "[Service]\nDynamicUser=yes\n", false },
        { 252, "[Service]\nUser=root\n", true }, { 252, "[Service]\n", true },
        { 257, "[Service]\nUser=www\n", true },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(situations); i++) {
        CLEANUP(profile_freep) struct profile *profile = build_profile();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        struct program_fact su = program_of("/bin/su", "set-id");
        build_program(profile, &su);
        suggest_with_unit(profile, situations[i].version, situations[i].unit, &suggestion);
        assert_int_equal(suggestion_find(&suggestion, "SystemCallFilter")->emitted,
                         situations[i].filtered);
        assert_int_equal(suggestion_find(&suggestion, "LockPersonality")->emitted,
                         situations[i].filtered);
        assert_int_equal(suggestion_find(&suggestion, "SystemCallErrorNumber")->emitted,
                         situations[i].filtered);
    }
}

static void test_unit_notify_and_reset(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    suggest_with_unit(profile, 252, "[Service]\nType=notify\nIPAddressAllow=any\n", &suggestion);
    CLEANUP(free_char) char *families = build_value(&suggestion, "RestrictAddressFamilies");
    assert_string_equal(families, "AF_UNIX");
    const struct verdict *allow = suggestion_find(&suggestion, "IPAddressAllow");
    assert_true(allow->emitted && allow->reset && allow->count == 0);
}

static void test_user_manager(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    struct suggest_options options = { .target = { .version = 252, .user_manager = true } };

    (void)state;
    suggest(profile, &options, &suggestion);
    assert_false(suggestion_find(&suggestion, "IPAddressDeny")->emitted);
    assert_false(suggestion_find(&suggestion, "PrivateNetwork")->emitted);
    assert_true(suggestion_find(&suggestion, "SystemCallFilter")->emitted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_abstract_socket),
        cmocka_unit_test(test_socket_unit),
        cmocka_unit_test(test_socket_passed_in_once),
        cmocka_unit_test(test_set_id_and_user),
        cmocka_unit_test(test_unit_notify_and_reset),
        cmocka_unit_test(test_user_manager),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
