// SPDX-License-Identifier: LGPL-2.1-or-later
/* The evaluator by hand: directives, a fact, and which of them forbids it. Each sort of directive
 * has a case on either side. */
#include "build.h"
#include "evaluate/allows.h"
#include "unit.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

struct allows_case {
    const char *directives; /* "NAME=VALUE[:OPTIONS]" by line; a "-" before the value is optional */
    struct fact fact;
    const char *forbids; /* NULL: allowed */
    const char *unit;    /* of the service; NULL: none */
    int version;         /* 0: 252 */
};

#define P(use_, name) PL(use_, name, name)
#define PL(use_, name, leads)                                                                      \
    {                                                                                              \
        .kind = FACT_PATH, .path = {                                                               \
            .use = use_,                                                                           \
            .requested = (char *)(uintptr_t)(name),                                                \
            .path = (char *)(uintptr_t)(leads)                                                     \
        }                                                                                          \
    }
#define PF(use_, name, errno_)                                                                     \
    {                                                                                              \
        .kind = FACT_PATH, .outcome = errno_, .path = {                                            \
            .use = use_,                                                                           \
            .requested = (char *)(uintptr_t)(name),                                                \
            .path = (char *)(uintptr_t)(name)                                                      \
        }                                                                                          \
    }
#define S(arch_, name_, outcome_)                                                                  \
    {                                                                                              \
        .kind = FACT_SYSCALL, .outcome = outcome_, .syscall = {                                    \
            .arch = (char *)(uintptr_t)(arch_),                                                    \
            .name = (char *)(uintptr_t)(name_)                                                     \
        }                                                                                          \
    }
#define A(call_, topic_, value_)                                                                   \
    {                                                                                              \
        .kind = FACT_ARGUMENT, .argument = {                                                       \
            .call = (char *)(uintptr_t)(call_),                                                    \
            .topic = (char *)(uintptr_t)(topic_),                                                  \
            .value = (char *)(uintptr_t)(value_)                                                   \
        }                                                                                          \
    }
#define SOCKET(family_, origin_)                                                                   \
    {                                                                                              \
        .kind = FACT_SOCKET, .socket = {                                                           \
            .family = family_,                                                                     \
            .type = SOCK_STREAM,                                                                   \
            .origin = origin_                                                                      \
        }                                                                                          \
    }
#define PEER(use_, family_, host_, type_)                                                          \
    {                                                                                              \
        .kind = FACT_ADDRESS, .address = {                                                         \
            .use = use_,                                                                           \
            .family = family_,                                                                     \
            .type = type_,                                                                         \
            .host = (char *)(uintptr_t)(host_),                                                    \
            .port = 80                                                                             \
        }                                                                                          \
    }

static void verdicts_add(struct suggestion *suggestion, char *line)
{
    char *value = strchr(line, '=');
    struct verdict *verdict = NULL;

    assert_non_null(value);
    *value++ = '\0';
    for (size_t i = 0; i < suggestion->count; i++)
        if (strcmp(suggestion->verdicts[i].name, line) == 0)
            verdict = &suggestion->verdicts[i];
    if (!verdict) {
        mem_reserve(&suggestion->verdicts, &suggestion->capacity, suggestion->count + 1,
                    sizeof(*verdict));
        verdict = &suggestion->verdicts[suggestion->count++];
        *verdict = (struct verdict){ .name = line, .emitted = true };
    }
    if (!*value) {
        verdict->reset = true;
        return;
    }
    bool optional = value[0] == '-';
    char *colon = value[optional] == '/' ? strchr(value, ':') : NULL;
    if (colon)
        *colon++ = '\0';
    mem_reserve(&verdict->values, &verdict->capacity, verdict->count + 1, sizeof(struct value));
    verdict->values[verdict->count++] = (struct value){ .text = mem_strdup(value + optional),
                                                        .options = mem_strdup(colon),
                                                        .optional = optional };
}

static void host_add(struct profile *profile, const char *path, enum file_type type,
                     const char *target)
{
    struct host_file file = { .path = build_text(path),
                              .type = type,
                              .target = build_text(target),
                              .entries = -1,
                              .unused = -1 };

    profile_add_file(profile, &file);
}

static struct profile *host_build(void)
{
    struct profile *profile = build_profile();

    host_add(profile, "/lib", FILE_SYMLINK, "usr/lib");
    host_add(profile, "/var/run", FILE_SYMLINK, "/run");
    host_add(profile, "/usr/lib/libz.so.1", FILE_SYMLINK, "libz.so.1.2");
    host_add(profile, "/usr/lib/libz.so.1.2", FILE_REGULAR, "");
    host_add(profile, "/now", FILE_SYMLINK, "srv/v2");
    host_add(profile, "/one", FILE_SYMLINK, "srv/one");
    host_add(profile, "/srv/now", FILE_SYMLINK, "v2");
    host_add(profile, "/srv/v2", FILE_DIRECTORY, "");
    host_add(profile, "/srv/v2/page", FILE_REGULAR, "");
    host_add(profile, "/dev/null", FILE_CHAR_DEVICE, "");
    host_add(profile, "/gone", FILE_MISSING, "");
    build_path(profile, PATH_CREATE, "/scratch/own", 0);
    return profile;
}

static void case_run(const struct allows_case *example)
{
    struct suggestion suggestion = { .target = { .version =
                                                     example->version ? example->version : 252 } };
    struct profile *profile = host_build();
    struct unit unit = { 0 };
    char *copy = mem_strdup(example->directives);
    char *state = NULL;
    const char *directive = "none";
    struct seen seen = { .run = build_text("r1"), .call = build_text("call") };
    struct fact fact = example->fact;

    for (char *line = strtok_r(copy, "\n", &state); line; line = strtok_r(NULL, "\n", &state))
        verdicts_add(&suggestion, line);
    if (example->unit)
        assert_int_equal(unit_parse(&unit, example->unit, strlen(example->unit), "x.service", NULL),
                         0);
    fact.evidence = (struct evidence){ .seen = &seen, .count = 1 };
    bool allowed =
        allows_suggestion(&suggestion, example->unit ? &unit : NULL, profile, &fact, &directive);
    if (allowed != !example->forbids || (example->forbids && strcmp(directive, example->forbids)))
        fail_msg("%s\n%s: said %s, not %s", example->directives,
                 fact.kind == FACT_PATH ? fact.path.requested : "", allowed ? "allowed" : directive,
                 example->forbids ? example->forbids : "allowed");
    for (size_t i = 0; i < suggestion.count; i++) {
        for (size_t k = 0; k < suggestion.verdicts[i].count; k++) {
            free(suggestion.verdicts[i].values[k].text);
            free(suggestion.verdicts[i].values[k].options);
        }
        free(suggestion.verdicts[i].values);
    }
    free(suggestion.verdicts);
    unit_done(&unit);
    free(copy);
    profile_free(profile);
}

#define RUN(cases)                                                                                 \
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)                                                \
    case_run(&(cases)[i])

#define VIEW "TemporaryFileSystem=/:ro\n"

static void test_view(void **state)
{
    static const struct allows_case cases[] = {
        { "", P(PATH_READ, "/etc/x"), NULL, NULL, 0 },
        { VIEW, P(PATH_READ, "/etc/x"), "TemporaryFileSystem", NULL, 0 },
        { VIEW "BindReadOnlyPaths=/etc/x\n", P(PATH_READ, "/etc/x"), NULL, NULL, 0 },
        { VIEW "BindReadOnlyPaths=/etc/x\n", P(PATH_READ, "/etc/y"), "TemporaryFileSystem", NULL,
          0 },
        { VIEW "BindReadOnlyPaths=/etc/x\n", P(PATH_STAT, "/etc"), NULL, NULL, 0 },
        { VIEW "BindReadOnlyPaths=/etc/x\n", P(PATH_LIST, "/etc"), "TemporaryFileSystem", NULL, 0 },
        { VIEW "BindReadOnlyPaths=/etc\n", P(PATH_WRITE, "/etc/x"), "BindReadOnlyPaths", NULL, 0 },
        { VIEW "BindPaths=/etc\n", P(PATH_WRITE, "/etc/x"), NULL, NULL, 0 },
        { VIEW "BindPaths=/etc/x\n", P(PATH_DELETE, "/etc/x"), "BindPaths", NULL, 0 },
        { VIEW "BindPaths=/etc\n", P(PATH_DELETE, "/etc/x"), NULL, NULL, 0 },
        /* links: by the bound name, through a bound directory, and not at all */
        { VIEW "BindReadOnlyPaths=/lib/libz.so.1\n",
          PL(PATH_READ, "/lib/libz.so.1", "/usr/lib/libz.so.1.2"), NULL, NULL, 0 },
        { VIEW "BindReadOnlyPaths=/usr/lib\n",
          PL(PATH_READ, "/usr/lib/libz.so.1", "/usr/lib/libz.so.1.2"), NULL, NULL, 0 },
        { VIEW "BindReadOnlyPaths=/usr/lib\n",
          PL(PATH_READ, "/lib/libz.so.1", "/usr/lib/libz.so.1.2"), "TemporaryFileSystem", NULL, 0 },
        { VIEW "BindReadOnlyPaths=/srv\n", PL(PATH_READ, "/srv/now/page", "/srv/v2/page"), NULL,
          NULL, 0 },
        /* a bind below a link of a bound directory ends up where the link leads */
        { VIEW "BindReadOnlyPaths=/srv\nBindPaths=/srv/now/page\n", P(PATH_WRITE, "/srv/v2/page"),
          NULL, NULL, 0 },
        { VIEW "TemporaryFileSystem=/scratch\n", P(PATH_CREATE, "/scratch/own"), NULL, NULL, 0 },
        { VIEW "TemporaryFileSystem=/scratch\n", P(PATH_READ, "/scratch/own"), NULL, NULL, 0 },
        { VIEW "TemporaryFileSystem=/scratch\n", P(PATH_READ, "/scratch/others"),
          "TemporaryFileSystem", NULL, 0 },
        { VIEW "TemporaryFileSystem=/scratch:ro\n", P(PATH_CREATE, "/scratch/own"),
          "TemporaryFileSystem", NULL, 0 },
        { VIEW "TemporaryFileSystem=/scratch:rw,noexec\nBindReadOnlyPaths=/scratch/x\n",
          P(PATH_EXECUTE, "/scratch/x"), NULL, NULL, 0 },
        /* one list for both kinds of binds: the second reset empties the first */
        { VIEW "BindReadOnlyPaths=/etc/x\nBindPaths=\nBindPaths=/srv\n", P(PATH_READ, "/etc/x"),
          "TemporaryFileSystem", NULL, 0 },
        { "RootDirectory=/r\nMountAPIVFS=no\n", P(PATH_READ, "/etc/x"), "RootDirectory", NULL, 0 },
        { "RootDirectory=/r\nMountAPIVFS=no\nBindReadOnlyPaths=/etc/x\n", P(PATH_READ, "/etc/x"),
          NULL, NULL, 0 },
    };

    (void)state;
    RUN(cases);
}

/* One of many names in /srv; which, the link tells that was asked for. */
static void test_folded(void **state)
{
    static const struct allows_case cases[] = {
        { "TemporaryFileSystem=/\nBindReadOnlyPaths=/now/page\n", PL(PATH_READ, "/now", "/srv/"),
          NULL, NULL, 0 },
        { "TemporaryFileSystem=/\nBindReadOnlyPaths=/now/page\n", PL(PATH_LIST, "/now", "/srv/"),
          "TemporaryFileSystem", NULL, 0 },
        { "TemporaryFileSystem=/\nBindReadOnlyPaths=/now/page\n", PL(PATH_READ, "/one", "/srv/"),
          "TemporaryFileSystem", NULL, 0 },
        { "TemporaryFileSystem=/\nBindReadOnlyPaths=/srv\n", PL(PATH_READ, "/srv/x", "/srv/"), NULL,
          NULL, 0 },
    };

    (void)state;
    RUN(cases);
}

static void test_protection(void **state)
{
    static const struct allows_case cases[] = {
        { "ProtectSystem=strict\n", P(PATH_WRITE, "/srv/x"), "ProtectSystem", NULL, 0 },
        { "ProtectSystem=strict\nReadWritePaths=/srv\n", P(PATH_WRITE, "/srv/x"), NULL, NULL, 0 },
        { "ProtectSystem=strict\nReadWritePaths=/var/run\n", P(PATH_CREATE, "/run/x"), NULL, NULL,
          0 },
        { "ProtectSystem=strict\nReadWritePaths=/var/run\nReadOnlyPaths=/run\n",
          P(PATH_CREATE, "/run/x"), "ReadOnlyPaths", NULL, 0 },
        { "ProtectSystem=full\n", P(PATH_WRITE, "/etc/x"), "ProtectSystem", NULL, 0 },
        { "ProtectSystem=yes\n", P(PATH_WRITE, "/etc/x"), NULL, NULL, 0 },
        { "ProtectSystem=strict\n", P(PATH_WRITE, "/dev/null"), NULL, NULL, 0 },
        { "ProtectHome=yes\n", P(PATH_READ, "/root/x"), "ProtectHome", NULL, 0 },
        { "ProtectHome=yes\n", PF(PATH_READ, "/root/x", ENOENT), "ProtectHome", NULL, 0 },
        { "ProtectHome=tmpfs\n", PF(PATH_READ, "/root/x", ENOENT), NULL, NULL, 0 },
        { "ProtectHome=read-only\n", P(PATH_READ, "/root/x"), NULL, NULL, 0 },
        { "InaccessiblePaths=/srv\n", P(PATH_STAT, "/srv/x"), "InaccessiblePaths", NULL, 0 },
        { "NoExecPaths=/srv\n", P(PATH_MAP_EXECUTE, "/srv/x"), "NoExecPaths", NULL, 0 },
        { "NoExecPaths=/\nExecPaths=/srv\n", P(PATH_MAP_EXECUTE, "/srv/x"), NULL, NULL, 0 },
        { "NoExecPaths=/\nReadWritePaths=/srv\n", P(PATH_EXECUTE, "/srv/x"), "NoExecPaths", NULL,
          0 },
        { "NoExecPaths=/\nPrivateTmp=yes\n", P(PATH_EXECUTE, "/tmp"), "NoExecPaths", NULL, 0 },
        { "ProtectSystem=strict\nNoExecPaths=/\nExecPaths=/usr\n", P(PATH_EXECUTE, "/usr/x"), NULL,
          NULL, 0 },
        { "ProtectSystem=full\nNoExecPaths=/\nExecPaths=/usr\n", P(PATH_EXECUTE, "/usr/x"),
          "NoExecPaths", NULL, 0 },
        { "ProtectSystem=strict\nNoExecPaths=/\n", P(PATH_EXECUTE, "/usr/x"), "NoExecPaths", NULL,
          0 },
        { "RootDirectory=/r\nMountAPIVFS=no\nBindPaths=/srv\nNoExecPaths=/srv\n",
          P(PATH_EXECUTE, "/srv/x"), NULL, NULL, 0 },
        { "BindPaths=/srv\n", P(PATH_EXECUTE, "/srv/x"), "NoExecPaths",
          "[Service]\nRootDirectory=/r\nNoExecPaths=+/srv\n", 0 },
        { "PrivateDevices=yes\n", P(PATH_READ, "/dev/kvm"), "PrivateDevices", NULL, 0 },
        { "PrivateDevices=yes\n", P(PATH_READ, "/dev/null"), NULL, NULL, 0 },
        { "PrivateTmp=yes\n", P(PATH_READ, "/tmp/others"), "PrivateTmp", NULL, 0 },
        { "ProtectProc=invisible\n", P(PATH_READ, "/proc/<pid>/stat"), "ProtectProc", NULL, 0 },
        { "ProtectProc=invisible\n", P(PATH_READ, "/proc/self/stat"), NULL, NULL, 0 },
        { "ProcSubset=pid\n", P(PATH_READ, "/proc/cpuinfo"), "ProcSubset", NULL, 0 },
        { "ProtectKernelTunables=yes\n", P(PATH_WRITE, "/proc/sys/vm/x"), "ProtectKernelTunables",
          NULL, 0 },
        { "ProtectKernelTunables=yes\n", P(PATH_WRITE, "/sys/fs/cgroup/x"), NULL, NULL, 0 },
        { "ProtectControlGroups=yes\n", P(PATH_WRITE, "/sys/fs/cgroup/x"), "ProtectControlGroups",
          NULL, 0 },
        /* the unit's own */
        { VIEW, P(PATH_CREATE, "/var/lib/s/x"), NULL, "[Service]\nStateDirectory=s\n", 0 },
        /* failures keep their answer */
        { "ProtectSystem=strict\n", PF(PATH_DELETE, "/srv/x", ENOENT), "ProtectSystem", NULL, 0 },
        { "ProtectSystem=strict\n", PF(PATH_WRITE, "/srv/x", ENOENT), NULL, NULL, 0 },
        { "ProtectSystem=strict\n", PF(PATH_CREATE, "/srv", EEXIST), NULL, NULL, 0 },
        { VIEW, PF(PATH_DELETE, "/srv/x", ENOENT), NULL, NULL, 0 },
        { VIEW, PF(PATH_STAT, "/srv", EINVAL), "TemporaryFileSystem", NULL, 0 },
        { VIEW, PF(PATH_READ, "/srv/x", EACCES), NULL, NULL, 0 },
    };

    (void)state;
    RUN(cases);
}

static void test_calls(void **state)
{
    static const struct allows_case cases[] = {
        { "SystemCallFilter=read\n", S("x86_64", "read", 0), NULL, NULL, 0 },
        { "SystemCallFilter=read\n", S("x86_64", "open", 0), "SystemCallFilter", NULL, 0 },
        { "SystemCallFilter=read\n", S("x86_64", "execve", 0), NULL, NULL, 0 },
        { "SystemCallFilter=read\n", S("x86_64", "seccomp", 0), "SystemCallFilter", NULL, 0 },
        { "SystemCallFilter=read\n", S("x86_64", "seccomp", 0), NULL, NULL, 257 },
        { "SystemCallFilter=read\n", S("x86_64", "brk", 0), "SystemCallFilter", NULL, 232 },
        { "SystemCallFilter=read\n", S("x86_64", NULL, ENOSYS), "SystemCallFilter", NULL, 252 },
        { "SystemCallFilter=read\n", S("x86_64", NULL, ENOSYS), NULL, NULL, 257 },
        { "SystemCallArchitectures=native\n", S("x86", "read", 0), "SystemCallArchitectures", NULL,
          0 },
        { "SystemCallArchitectures=native\n", S("x86_64", "read", 0), NULL, NULL, 0 },
        { "ProtectClock=yes\n", S("x86_64", "adjtimex", 0), "ProtectClock", NULL, 0 },
        { "ProtectClock=yes\n", S("x86_64", "adjtimex", EPERM), NULL, NULL, 0 },
        { "ProtectKernelLogs=yes\n", S("x86_64", "syslog", 0), "ProtectKernelLogs", NULL, 0 },
        { "PrivateDevices=yes\n", S("x86_64", "iopl", 0), "PrivateDevices", NULL, 0 },
        { "RestrictNamespaces=yes\nSystemCallFilter=clone3\n", S("x86_64", "clone3", 0),
          "SystemCallFilter", NULL, 0 },
        { "RestrictSUIDSGID=yes\n", S("x86_64", "openat2", 0), "RestrictSUIDSGID", NULL, 0 },
        { "MemoryDenyWriteExecute=yes\n", A("mprotect", "memory", "make-executable"),
          "MemoryDenyWriteExecute", NULL, 0 },
        { "RestrictNamespaces=yes\n", A("unshare", "namespace", "net"), "RestrictNamespaces", NULL,
          0 },
        { "RestrictNamespaces=net\n", A("unshare", "namespace", "net"), NULL, NULL, 0 },
        { "RestrictNamespaces=net\n", A("setns", "namespace", "any"), "RestrictNamespaces", NULL,
          0 },
        { "RestrictRealtime=yes\n", A("sched_setattr", "scheduler", "SCHED_OTHER"), NULL, NULL,
          257 },
        { "RestrictRealtime=yes\n", A("sched_setattr", "scheduler", "SCHED_OTHER"),
          "RestrictRealtime", NULL, 262 },
        { "LockPersonality=yes\n", A("personality", "personality", "0xffffffff"), "LockPersonality",
          NULL, 0 },
        { "LockPersonality=yes\n", A("personality", "personality", "0x0"), NULL, NULL, 0 },
    };

    (void)state;
    RUN(cases);
}

static void test_peers(void **state)
{
    static const struct allows_case cases[] = {
        { "RestrictAddressFamilies=AF_UNIX\n", SOCKET(AF_INET, SOCKET_CREATED),
          "RestrictAddressFamilies", NULL, 0 },
        { "RestrictAddressFamilies=AF_UNIX\n", SOCKET(AF_INET, SOCKET_INHERITED), NULL, NULL, 0 },
        { "RestrictAddressFamilies=none\n", SOCKET(AF_UNIX, SOCKET_CREATED),
          "RestrictAddressFamilies", NULL, 0 },
        { "RestrictAddressFamilies=none\n", SOCKET(AF_UNIX, SOCKET_PAIR), NULL, NULL, 0 },
        { "PrivateNetwork=yes\n", SOCKET(AF_INET, SOCKET_CREATED), "PrivateNetwork", NULL, 0 },
        { "IPAddressDeny=any\n", PEER(ADDRESS_CONNECT, AF_INET, "10.0.0.1", SOCK_STREAM),
          "IPAddressDeny", NULL, 0 },
        { "IPAddressDeny=any\n", PEER(ADDRESS_CONNECT, AF_INET, "10.0.0.1", SOCK_DGRAM), NULL, NULL,
          0 },
        { "IPAddressDeny=any\nIPAddressAllow=10.0.0.0/8\n",
          PEER(ADDRESS_SEND, AF_INET, "10.0.0.1", SOCK_DGRAM), NULL, NULL, 0 },
        { "IPAddressDeny=any\nIPAddressAllow=10.0.0.0/31\n",
          PEER(ADDRESS_SEND, AF_INET, "10.0.0.2", SOCK_DGRAM), "IPAddressDeny", NULL, 0 },
        { "IPAddressDeny=any\nIPAddressAllow=localhost\n",
          PEER(ADDRESS_ACCEPT, AF_INET6, "::1", SOCK_STREAM), NULL, NULL, 0 },
        { "IPAddressDeny=any\nIPAddressAllow=localhost\n",
          PEER(ADDRESS_ACCEPT, AF_INET, "127.1.2.3", SOCK_STREAM), NULL, NULL, 0 },
        { "IPAddressDeny=any\nIPAddressAllow=link-local\n",
          PEER(ADDRESS_SEND, AF_INET6, "fe80:0:0:1::1", SOCK_DGRAM), "IPAddressDeny", NULL, 0 },
        { "IPAddressDeny=any\n", PEER(ADDRESS_BIND, AF_INET, "0.0.0.0", SOCK_STREAM), NULL, NULL,
          0 },
        { "PrivateNetwork=yes\n", PEER(ADDRESS_CONNECT, AF_UNIX, "@name", SOCK_STREAM),
          "PrivateNetwork", NULL, 0 },
    };

    (void)state;
    RUN(cases);
}

static void test_binds(void **state)
{
#define BIND(family_, host_, type_, port_)                                                         \
    {                                                                                              \
        .kind = FACT_ADDRESS, .address = {                                                         \
            .use = ADDRESS_BIND,                                                                   \
            .family = family_,                                                                     \
            .type = type_,                                                                         \
            .host = (char *)(uintptr_t)(host_),                                                    \
            .port = port_                                                                          \
        }                                                                                          \
    }
#define TCP4 BIND(AF_INET, "0.0.0.0", SOCK_STREAM, 80)
    static const struct allows_case cases[] = {
        { "SocketBindDeny=any\n", TCP4, "SocketBindDeny", NULL, 0 },
        { "SocketBindDeny=any\n", PEER(ADDRESS_CONNECT, AF_INET, "10.0.0.1", SOCK_STREAM), NULL,
          NULL, 0 },
        { "SocketBindDeny=any\n", BIND(AF_INET, "0.0.0.0", SOCK_RAW, 0), NULL, NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=ipv4:tcp:80\n", TCP4, NULL, NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=ipv4:tcp\n", TCP4, NULL, NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=ipv4:80\n", TCP4, NULL, NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=79-81\n", TCP4, NULL, NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=any\n", TCP4, NULL, NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=81-90\n", TCP4, "SocketBindDeny", NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=ipv6:tcp:80\n", TCP4, "SocketBindDeny", NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=udp:80\n", TCP4, "SocketBindDeny", NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=ipv6:udp\n", BIND(AF_INET6, "::", SOCK_DGRAM, 0),
          NULL, NULL, 0 },
        { "SocketBindDeny=any\nSocketBindAllow=ipv6:udp:1-65535\n",
          BIND(AF_INET6, "::", SOCK_DGRAM, 0), "SocketBindDeny", NULL, 0 },
        { "RestrictNetworkInterfaces=lo\n", PEER(ADDRESS_SEND, AF_INET, "10.0.0.1", SOCK_DGRAM),
          "RestrictNetworkInterfaces", NULL, 0 },
        { "RestrictNetworkInterfaces=lo\n", PEER(ADDRESS_SEND, AF_INET, "127.0.0.53", SOCK_DGRAM),
          NULL, NULL, 0 },
        { "RestrictNetworkInterfaces=lo eth0\n",
          PEER(ADDRESS_SEND, AF_INET, "10.0.0.1", SOCK_DGRAM), NULL, NULL, 0 },
    };

    (void)state;
    RUN(cases);
}

static void test_programs(void **state)
{
#define PROGRAM(mode_, caps, stack)                                                                \
    {                                                                                              \
        .kind = FACT_PROGRAM, .program = {                                                         \
            .path = (char *)(uintptr_t) "/bin/p",                                                  \
            .arch = (char *)(uintptr_t) "x86_64",                                                  \
            .mode = mode_,                                                                         \
            .file_caps = caps,                                                                     \
            .exec_stack = stack                                                                    \
        }                                                                                          \
    }
    static const struct allows_case cases[] = {
        { "NoNewPrivileges=yes\n", PROGRAM(0755, false, false), NULL, NULL, 0 },
        { "NoNewPrivileges=yes\n", PROGRAM(04755, false, false), "NoNewPrivileges", NULL, 0 },
        { "NoNewPrivileges=yes\n", PROGRAM(02755, false, false), "NoNewPrivileges", NULL, 0 },
        { "NoNewPrivileges=yes\n", PROGRAM(02745, false, false), NULL, NULL, 0 },
        { "NoNewPrivileges=yes\n", PROGRAM(0755, true, false), "NoNewPrivileges", NULL, 0 },
        { "SystemCallFilter=read\n", PROGRAM(04755, false, false), NULL, NULL, 0 },
        { "SystemCallFilter=read\n", PROGRAM(04755, false, false), "SystemCallFilter",
          "[Service]\nUser=s\n", 252 },
        { "SystemCallFilter=read\n", PROGRAM(04755, false, false), NULL, "[Service]\nUser=s\n",
          255 },
        { "MemoryDenyWriteExecute=yes\n", PROGRAM(0755, false, true), "MemoryDenyWriteExecute",
          NULL, 0 },
    };

    (void)state;
    RUN(cases);
}

/* The silent cancellations (measured on 252 and 257). */
static void test_root_is_kept(void **state)
{
    static const struct {
        const char *unit;
        bool kept;
    } cases[] = {
        { "[Service]\nUser=x\n", true },
        { "[Service]\nProtectSystem=full\n", true },
        { "[Service]\nProtectSystem=strict\n", false },
        { "[Service]\nDynamicUser=yes\n", false },
        { "[Service]\nReadOnlyPaths=/\n", false },
        { "[Service]\nNoExecPaths=/\n", false },
        { "[Service]\nReadOnlyPaths=/\nReadOnlyPaths=\n", true },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct value root = { .text = build_text("/"), .options = build_text("ro") };
        struct verdict verdict = {
            .name = "TemporaryFileSystem", .emitted = true, .values = &root, .count = 1
        };
        struct suggestion suggestion = { .verdicts = &verdict,
                                         .count = 1,
                                         .target = { .version = 252 } };
        struct profile *profile = host_build();
        struct unit unit = { 0 };
        assert_int_equal(unit_parse(&unit, cases[i].unit, strlen(cases[i].unit), "x.service", NULL),
                         0);
        struct allows *allows = allows_new(&suggestion, &unit, profile);
        if (allows_root_is_kept(allows) != cases[i].kept)
            fail_msg("%s: %s", cases[i].unit, cases[i].kept ? "cancelled" : "kept");
        allows_free(allows);
        unit_done(&unit);
        profile_free(profile);
    }
}

static void test_start(void **state)
{
    static const struct {
        const char *name, *value, *unit;
        bool starts;
        int version;
    } cases[] = {
        { "BindReadOnlyPaths", "/srv/v2/page", "", true, 252 },
        { "BindReadOnlyPaths", "/gone", "", false, 252 },
        { "TemporaryFileSystem", "/", "", true, 252 },
        { "TemporaryFileSystem", "/", "ProtectHostname=yes\n", false, 252 },
        { "TemporaryFileSystem", "/", "ProtectHostname=yes\nProtectProc=invisible\n", true, 252 },
        { "TemporaryFileSystem", "/", "InaccessiblePaths=/srv\n", false, 252 },
        { "TemporaryFileSystem", "/", "InaccessiblePaths=-/srv\n", true, 252 },
        { "TemporaryFileSystem", "/", "ProtectSystem=full\n", false, 252 },
        { "TemporaryFileSystem", "/", "ExecReload=+/bin/kill -HUP $MAINPID\n", false, 252 },
        { "PrivateBPF", "yes", "", false, 262 },
        { "PrivatePIDs", "yes", "DynamicUser=yes\nStateDirectory=x\n", false, 262 },
        { "PrivatePIDs", "yes", "DynamicUser=yes\nCacheDirectory=x\n", false, 262 },
        { "PrivatePIDs", "yes", "DynamicUser=yes\nRuntimeDirectory=x\n", true, 262 },
        { "PrivatePIDs", "yes", "User=www\nStateDirectory=x\n", true, 262 },
        { "PrivatePIDs", "yes", "User=www\n", false, 257 },
        { "PrivatePIDs", "yes", "User=www\n", false, 261 },
        { "PrivatePIDs", "yes", "User=www\n", true, 252 }, /* which ignores it */
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct value value = { .text = build_text(cases[i].value) };
        struct verdict verdict = {
            .name = cases[i].name, .emitted = true, .values = &value, .count = 1
        };
        struct suggestion suggestion = { .verdicts = &verdict,
                                         .count = 1,
                                         .target = { .version = cases[i].version } };
        struct profile *profile = host_build();
        struct unit unit = { 0 };
        CLEANUP(free_char) char *text = mem_printf("[Service]\n%s", cases[i].unit);
        const char *directive = "none";
        assert_int_equal(unit_parse(&unit, text, strlen(text), "x.service", NULL), 0);
        struct allows *allows = allows_new(&suggestion, &unit, profile);
        if (allows_start(allows, &directive) != cases[i].starts)
            fail_msg("%s=%s with %s: %s", cases[i].name, cases[i].value, cases[i].unit, directive);
        allows_free(allows);
        unit_done(&unit);
        profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_view),       cmocka_unit_test(test_folded),
        cmocka_unit_test(test_protection), cmocka_unit_test(test_calls),
        cmocka_unit_test(test_peers),      cmocka_unit_test(test_binds),
        cmocka_unit_test(test_programs),   cmocka_unit_test(test_root_is_kept),
        cmocka_unit_test(test_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
