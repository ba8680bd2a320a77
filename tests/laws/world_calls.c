// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the made-up service does beside using paths, and the units it may have. */
#include "world_inside.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static char *text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

void service_see(struct service *service, const struct fact *fact, const char *call, bool foreign)
{
    struct sighting sighting = {
        .run = service->run,
        .count = 1 + dice_throw(service->dice, 9),
        .at_ms = dice_throw(service->dice, 5000),
        .phase = dice_throw(service->dice, PHASE_COUNT),
        .foreign = foreign,
        .program = fact->kind == FACT_PATH && path_is_within(fact->path.path, "/usr/lib/python3")
                       ? "/usr/bin/python3.11"
                       : "/usr/bin/served",
        .call = call
    };

    profile_record(service->profile, fact, &sighting);
}

static void call_something(struct service *service, bool odd)
{
    static const char *const names[] = {
        "openat", "read",    "close",          "mmap",      "clone",    "clone3",
        "wait4",  "socket",  "bind",           "listen",    "accept4",  "epoll_wait",
        "poll",   "openat2", "statx",          "stat",      "kill",     "chown",
        "setuid", "mount",   "ptrace",         "reboot",    "rename",   "mkdirat",
        "sendto", "recvmsg", "io_uring_setup", "fchmodat2", "execveat", "memfd_create",
        "rseq",
    };
    static const char *const odd_names[] = { "syslog",      "adjtimex",          "settimeofday",
                                             "init_module", "sethostname",       "iopl",
                                             "personality", "_sysctl",           "swapon",
                                             "bpf",         "s390_pci_mmio_read" };
    static const int outcomes[] = { 0, 0, 0, EPERM, ENOSYS, EINVAL, OUTCOME_UNKNOWN };
    const char *name = odd ? odd_names[dice_throw(service->dice, ELEMENTS_OF(odd_names))]
                           : names[dice_throw(service->dice, ELEMENTS_OF(names))];
    struct fact fact = { .kind = FACT_SYSCALL,
                         .outcome = outcomes[dice_throw(service->dice, ELEMENTS_OF(outcomes))],
                         .syscall = { .arch = text("x86_64"), .name = text(name) } };

    if (odd && dice_once_in(service->dice, 6))
        fact.syscall.arch = text("x86");
    service_see(service, &fact, name, false);
}

static void say_something(struct service *service)
{
    static const struct {
        const char *call, *topic, *value;
    } arguments[] = {
        { "mmap", "memory", "write-execute" },
        { "mprotect", "memory", "make-executable" },
        { "unshare", "namespace", "mnt" },
        { "clone", "namespace", "user" },
        { "setns", "namespace", "any" },
        { "setns", "namespace", "net" },
        { "unshare", "namespace", "time" },
        { "clone3", "clone", "CLONE_INTO_CGROUP" },
        { "clone3", "clone", "CLONE_PIDFD" },
        { "clone3", "clone", "set_tid" },
        { "personality", "personality", "0xffffffff" },
        { "personality", "personality", "0x0" },
        { "personality", "personality", "0x400000" },
        { "sched_setscheduler", "scheduler", "SCHED_FIFO" },
        { "sched_setscheduler", "scheduler", "SCHED_BATCH" },
        { "sched_setattr", "scheduler", "SCHED_OTHER" },
        { "sched_setscheduler", "scheduler", "SCHED_OTHER|SCHED_RESET_ON_FORK" },
        { "fchmodat", "setid-mode", "02755" },
        { "timerfd_create", "clock-alarm", "CLOCK_REALTIME_ALARM" },
        { "prctl", "prctl", "PR_SET_NAME" },
        { "mknodat", "mknod", "S_IFCHR" },
        { "mknodat", "mknod", "S_IFIFO" },
        { "shmget", "ipc-key", "IPC_PRIVATE" },
        { "semget", "ipc-key", "key" },
        { "mq_open", "mqueue", "/queue" },
        { "add_key", "keyring", "KEY_SPEC_USER_KEYRING" },
        { "keyctl", "keyring", "KEY_SPEC_USER_SESSION_KEYRING" },
        { "keyctl", "keyring", "KEY_SPEC_SESSION_KEYRING" },
        { "request_key", "key-request", "user" },
        { "fchown", "ownership", "33:-" },
        { "setuid", "credentials", "uid 33 own" },
        { "setuid", "credentials", "uid 34 other" },
        { "kill", "signal", "SIGTERM service" },
        { "kill", "signal", "SIGTERM other" },
        { "kill", "signal", "SIGTERM service other-user" },
        { "kill", "signal", "SIGTERM all" },
        { "ptrace", "target", "other other-user" },
        { "getsockopt", "socket-option", "SO_PEERCRED" },
        { "mount", "mount", "tmpfs MS_NOSUID" },
        { "openat", "create-mode", "0666" },
        { "openat", "create-mode", "0600" },
        { "mkdir", "create-mode", "0750" },
        { "umask", "umask", "0022" },
    };
    static const int outcomes[] = { 0, 0, EPERM, EINVAL };
    size_t at = dice_throw(service->dice, ELEMENTS_OF(arguments));
    struct fact fact = { .kind = FACT_ARGUMENT,
                         .outcome = outcomes[dice_throw(service->dice, ELEMENTS_OF(outcomes))],
                         .argument = { .call = text(arguments[at].call),
                                       .topic = text(arguments[at].topic),
                                       .value = text(arguments[at].value) } };

    service_see(service, &fact, arguments[at].call, false);
    struct fact call = { .kind = FACT_SYSCALL,
                         .outcome = fact.outcome,
                         .syscall = { .arch = text("x86_64"), .name = text(arguments[at].call) } };
    service_see(service, &call, arguments[at].call, false);
}

static void run_something(struct service *service)
{
    static const unsigned modes[] = { 0755, 0755, 04755, 02755, 02745 };
    struct fact fact = { .kind = FACT_PROGRAM,
                         .program = { .path = text("/usr/bin/helper"),
                                      .interpreter = text("/lib64/ld.so.2"),
                                      .script_option = text(""),
                                      .format = text("elf"),
                                      .arch = text("x86_64"),
                                      .run_path = text("") } };

    fact.program.mode = modes[dice_throw(service->dice, ELEMENTS_OF(modes))];
    fact.program.exec_stack = dice_once_in(service->dice, 4);
    fact.program.text_rel = dice_once_in(service->dice, 6);
    fact.program.file_caps = dice_once_in(service->dice, 6);
    if (dice_once_in(service->dice, 5))
        fact.program.arch = text("x86");
    service_see(service, &fact, "execve", false);
}

static void meet_someone(struct service *service)
{
    static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_ALG };
    static const int outcomes[] = { 0, 0, 0, EAFNOSUPPORT, EPERM };
    struct fact fact = { .kind = FACT_SOCKET,
                         .outcome = outcomes[dice_throw(service->dice, ELEMENTS_OF(outcomes))],
                         .socket = { .type = SOCK_STREAM } };

    fact.socket.family = families[dice_throw(service->dice, ELEMENTS_OF(families))];
    fact.socket.origin = dice_throw(service->dice, 8)
                             ? SOCKET_CREATED
                             : dice_throw(service->dice, SOCKET_ORIGIN_COUNT);
    service_see(service, &fact, fact.socket.origin == SOCKET_INHERITED ? "" : "socket", false);
}

/* Where the address came from, and a group that was joined: dice of their own. */
static void talk_aside(struct service *service, const struct fact *talk)
{
    static const int64_t lives[] = { -1, 0, 20, 60, 3600, 86400, 604800 };
    struct dice dice = *service->dice;
    struct fact name = { .kind = FACT_NAME,
                         .name = { .name = text("api.example.org"), .host = talk->address.host } };
    struct fact group = { .kind = FACT_ADDRESS,
                          .address = { .family = AF_INET,
                                       .type = SOCK_DGRAM,
                                       .use = ADDRESS_JOIN,
                                       .host = text("239.1.2.3") } };

    static const int ports[] = { 0, 53, 80, 81, 82, 8080, 65535 };
    struct fact bound = { .kind = FACT_ADDRESS,
                          .address = { .family = talk->address.family,
                                       .type = talk->address.type,
                                       .use = ADDRESS_BIND,
                                       .host = talk->address.host } };

    bound.address.port = ports[dice_throw(&dice, ELEMENTS_OF(ports))];
    if (dice_once_in(&dice, 4) && talk->address.family != AF_UNIX)
        service_see(service, &bound, dice_once_in(&dice, 4) ? "" : "bind", false);
    name.name.ttl_s = lives[dice_throw(&dice, ELEMENTS_OF(lives))];
    if (dice_once_in(&dice, 3) && talk->address.family != AF_UNIX)
        service_see(service, &name, "recvfrom", false);
    if (dice_once_in(&dice, 12))
        service_see(service, &group, "setsockopt", false);
}

static void talk_to_someone(struct service *service)
{
    static const char *const hosts[] = { "127.0.0.1", "127.0.0.53", "192.0.2.7",  "203.0.113.9",
                                         "10.1.2.3",  "0.0.0.0",    "169.254.1.1" };
    static const char *const hosts_v6[] = { "::1", "2001:db8::1", "fe80::1",
                                            "::",  "ff02::1",     "fe80:0:0:1::1" };
    static const int outcomes[] = { 0, 0, 0, EINPROGRESS, ECONNREFUSED, ENETUNREACH };
    struct fact fact = { .kind = FACT_ADDRESS,
                         .address = { .family = AF_INET, .type = SOCK_STREAM, .port = 80 } };

    fact.address.use = dice_throw(service->dice, ADDRESS_JOIN);
    fact.address.host = text(hosts[dice_throw(service->dice, ELEMENTS_OF(hosts))]);
    if (dice_once_in(service->dice, 3)) {
        fact.address.family = AF_INET6;
        fact.address.host = text(hosts_v6[dice_throw(service->dice, ELEMENTS_OF(hosts_v6))]);
    }
    if (dice_once_in(service->dice, 6)) {
        fact.address.family = AF_UNIX;
        fact.address.host = text("@abstract");
        fact.address.port = 0;
    }
    if (dice_once_in(service->dice, 3))
        fact.address.type = SOCK_DGRAM;
    if (fact.address.use == ADDRESS_CONNECT || fact.address.use == ADDRESS_SEND)
        fact.outcome = outcomes[dice_throw(service->dice, ELEMENTS_OF(outcomes))];
    if (fact.address.use == ADDRESS_LISTEN && !dice_once_in(service->dice, 4)) {
        fact.address.family = AF_INET;
        fact.address.host = text("127.0.0.1");
    }
    service_see(service, &fact, address_use_name(fact.address.use), false);
    talk_aside(service, &fact);
    struct fact made = { .kind = FACT_SOCKET,
                         .socket = { .family = fact.address.family,
                                     .type = fact.address.type,
                                     .origin = SOCKET_CREATED } };
    service_see(service, &made, "socket", false);
}

static void need_something(struct service *service)
{
    static const char *const names[] = { "CAP_SYS_ADMIN",    "CAP_NET_ADMIN", "CAP_SETUID",
                                         "CAP_DAC_OVERRIDE", "CAP_CHOWN",     "CAP_FSETID",
                                         "CAP_SYSLOG",       "CAP_SYS_TIME",  "CAP_SYS_MODULE",
                                         "CAP_MKNOD",        "CAP_BPF",       "CAP_SYS_PTRACE" };
    static const char *const calls[] = { "",       "mmap",       "mount", "setuid",
                                         "openat", "bind",       "ioctl", "fchmod",
                                         "clone",  "setsockopt", "write", "execve" };
    static const int outcomes[] = { 0, 0, 0, EPERM };
    const char *call = calls[dice_throw(service->dice, ELEMENTS_OF(calls))];
    struct fact fact = { .kind = FACT_CAPABILITY,
                         .outcome = outcomes[dice_throw(service->dice, ELEMENTS_OF(outcomes))],
                         .capability = {
                             .name = text(names[dice_throw(service->dice, ELEMENTS_OF(names))]),
                             .call = text(call),
                             .basis = dice_throw(service->dice, CAPABILITY_BASES) } };

    service_see(service, &fact, call, false);
}

static void miss_sight(struct service *service)
{
    static const char *const topics[] = { "io_uring",         "own-seccomp-filter",
                                          "lost-task",        "untraced-clone",
                                          "uncertain-path",   "foreign-mount-namespace",
                                          "unreadable-memory" };
    struct fact fact = { .kind = FACT_BLIND_SPOT, .blind_spot = { .detail = text("a law") } };

    fact.blind_spot.topic = text(topics[dice_throw(service->dice, ELEMENTS_OF(topics))]);
    service_see(service, &fact, "", false);
}

void calls_do(struct service *service, struct run *run, unsigned what)
{
    static const char *const variables[] = { "NOTIFY_SOCKET", "JOURNAL_STREAM", "WATCHDOG_USEC" };

    for (unsigned i = dice_throw(service->dice, 12); what & WORLD_CALLS && i; i--)
        call_something(service, false);
    for (unsigned i = dice_throw(service->dice, 4); what & WORLD_ODD && i; i--) {
        call_something(service, true);
        say_something(service);
        if (dice_once_in(service->dice, 3))
            run_something(service);
    }
    for (unsigned i = dice_throw(service->dice, 4); what & WORLD_PEERS && i; i--) {
        meet_someone(service);
        talk_to_someone(service);
    }
    run->capabilities =
        dice_once_in(service->dice, 6) ? dice_throw(service->dice, 2) : CAPABILITIES_BY_GRANT;
    for (unsigned i = dice_throw(service->dice, 4); what & WORLD_CALLS && i; i--)
        need_something(service);
    if (what & WORLD_BLIND && dice_once_in(service->dice, 6))
        miss_sight(service);
    if (dice_once_in(service->dice, 3))
        strings_add(&run->environment,
                    variables[dice_throw(service->dice, ELEMENTS_OF(variables))]);
}

char *world_unit(uint64_t seed)
{
    static const char *const lines[] = {
        "User=served",
        "DynamicUser=yes",
        "ProtectSystem=strict",
        "ProtectSystem=full",
        "ReadOnlyPaths=/",
        "NoExecPaths=/",
        "ExecPaths=/usr",
        "InaccessiblePaths=/boot",
        "InaccessiblePaths=/absent",
        "StateDirectory=served",
        "RuntimeDirectory=served",
        "LogsDirectory=served",
        "Type=notify",
        "ExecStartPre=/usr/bin/helper --check",
        "ExecReload=/bin/kill -HUP $MAINPID",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "ProtectHome=yes",
        "PrivateUsers=yes",
        "AmbientCapabilities=CAP_CHOWN CAP_NET_RAW",
        "CapabilityBoundingSet=~CAP_SYS_ADMIN",
        "ProtectHostname=yes",
        "ReadWritePaths=/var/lib/served",
        "ReadWriteDirectories=-/var/log/served",
        "TemporaryFileSystem=/mnt:ro",
        "BindPaths=/srv/upload:/mnt/upload",
        "BindReadOnlyPaths=/opt/app",
        "PIDFile=/run/served.pid",
        "WorkingDirectory=/srv",
        "ProtectProc=invisible",
        "ProtectKernelTunables=yes",
        "NoNewPrivileges=yes",
        "ReadWritePaths=/",
        "Type=forking",
        "AmbientCapabilities=CAP_NET_BIND_SERVICE",
        "PrivateIPC=yes",
        "KeyringMode=shared",
        "UMask=0002",
        "UMask=0027",
        "DevicePolicy=strict",
        "DeviceAllow=/dev/fuse rw",
        "StateDirectory=%p",
        "RuntimeDirectory=%N/%i",
        "LogsDirectory=served/%u",
        "AmbientCapabilities=cap_chown 13",
        "CapabilityBoundingSet=~cap_net_raw",
    };
    struct dice dice = { .state = seed ^ 0x5eed };
    struct str unit = { 0 };

    if (dice_once_in(&dice, 3))
        return mem_strdup("");
    str_add(&unit, "[Service]\nExecStart=/usr/bin/served\n");
    for (unsigned i = dice_throw(&dice, 6); i; i--)
        str_addf(&unit, "%s\n", lines[dice_throw(&dice, ELEMENTS_OF(lines))]);
    return str_steal(&unit);
}
