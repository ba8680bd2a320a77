// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * cinch-gate: stands before a service's command in ExecStart=, waits until the tracer that serves
 * the socket has seized this process, and then becomes the command. Pid, parent, session,
 * descriptors, environment and exit status are those the service would have had: nothing is forked,
 * and the one descriptor opened here closes at the exec.
 *
 * Linked statically where that is possible: LD_PRELOAD and the like are meant for the service.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* The same texts stand in src/run/knock.c. */
#define GATE_HELLO  "cinch-gate 3 hello "
#define GATE_HERE   "cinch-gate 3 here "
#define GATE_FILTER "cinch-gate 3 filter\n"
#define GATE_APART  "cinch-gate 3 apart\n"
#define GATE_GO     "cinch-gate 3 go"

#define DEFAULT_SOCKET "/run/cinch/gate"
/* A tracer that does not answer in this time is none: to the connection and its greeting together,
 * and then to what we say. */
#define PATIENCE_MS 10000
#define NONCE_BYTES 64
#define STACK_BYTES 16384

/* systemd's own numbers: what the service manager says of a command it cannot execute, and what
 * env(1) and its like use for their own failure. */
enum { EXIT_EXEC = 203, EXIT_OWN = 125, EXIT_WRONG = 2 };

struct gate {
    const char *socket;
    const char *argv0; /* NULL: the command's */
    bool must_trace;   /* --without-tracer=fail */
    bool drops_admin;  /* --drop-sys-admin */
    char **command;
};

static const char usage[] =
    "usage: cinch-gate [OPTION...] -- COMMAND [ARG...]\n"
    "\n"
    "Lets the tracer behind the socket (cinch train --gate) seize this process, then becomes "
    "COMMAND:\n"
    "put it before the command in a unit's ExecStart=.\n"
    "\n"
    "      --socket PATH                where the tracer is (default: " DEFAULT_SOCKET ")\n"
    "      --without-tracer run|fail    when there is none: run COMMAND all the same (default), "
    "or\n"
    "                                   fail with status 125\n"
    "      --argv0 NAME                 COMMAND's own name for itself (ExecStart=@)\n"
    "      --drop-sys-admin             give up CAP_SYS_ADMIN, which AmbientCapabilities= lent "
    "to the\n"
    "                                   gate for a faster training of a unit with User=\n"
    "\n"
    "Exit status: COMMAND's, since the gate becomes its process; 203 when it cannot be executed.\n";

static int64_t milliseconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* No wait on the socket, of this kind, lasts beyond `until_ms`. */
static int limit(int fd, int option, int64_t until_ms)
{
    int64_t left_ms = until_ms - milliseconds_now();
    struct timeval patience = { .tv_sec = left_ms / 1000, .tv_usec = left_ms % 1000 * 1000 };

    if (left_ms <= 0)
        return -ETIMEDOUT;
    return setsockopt(fd, SOL_SOCKET, option, &patience, sizeof(patience)) < 0 ? -errno : 0;
}

/* One packet; its length, -errno when none came. EINTR: the seizing interrupts what waits. */
static ssize_t receive(int fd, int64_t until_ms, void *packet, size_t size)
{
    ssize_t got;

    do {
        int result = limit(fd, SO_RCVTIMEO, until_ms);
        if (result < 0)
            return result;
        got = recv(fd, packet, size, 0);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    return got > 0 ? got : -ECONNRESET;
}

static bool is_text(const void *packet, ssize_t length, const char *text)
{
    return (size_t)length == strlen(text) && memcmp(packet, text, (size_t)length) == 0;
}

static bool starts_with(const char *packet, ssize_t length, const char *text)
{
    return (size_t)length > strlen(text) && memcmp(packet, text, strlen(text)) == 0;
}

/* ---- from another thread, as src/trace/seize/installer.c has it: a task that used a capability is
 * marked for good, and the mark would be taken for the service's ---- */

enum { WORKING, DONE, FAILED };

struct apart {
    const struct sock_fprog *program;
    int state;
};

/* With the filter it makes no call any more: the execve ends it. */
static int run_apart(void *context)
{
    struct apart *apart = context;
    bool good = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC,
                        apart->program) == 0;

    __atomic_store_n(&apart->state, good ? DONE : FAILED, __ATOMIC_RELEASE);
    while (__atomic_load_n(&apart->state, __ATOMIC_RELAXED) == DONE)
        ;
    return 0;
}

/* False where it cannot be had so. */
static bool install_apart(const struct sock_fprog *program)
{
    static char stacks[2][STACK_BYTES] __attribute__((aligned(16)));
    static unsigned used;
    static struct apart aparts[2];
    const int shared = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                       CLONE_SYSVSEM | CLONE_UNTRACED;

    if (used == sizeof(stacks) / sizeof(stacks[0]))
        return false;
    struct apart *apart = &aparts[used];
    apart->program = program;
    if (clone(run_apart, stacks[used++] + STACK_BYTES, shared, apart) < 0)
        return false;
    while (__atomic_load_n(&apart->state, __ATOMIC_ACQUIRE) == WORKING)
        sched_yield();
    return apart->state == DONE;
}

/* By prctl(2), which units with a filter of their own allow more often than seccomp(2). */
static int install(const char *code, size_t bytes, bool is_apart)
{
    static struct sock_filter filter[BPF_MAXINSNS];
    struct sock_fprog program = { .len = (unsigned short)(bytes / sizeof(filter[0])),
                                  .filter = filter };

    if (bytes == 0 || bytes % sizeof(filter[0]) || bytes > sizeof(filter))
        return -EPROTO;
    memcpy(filter, code, bytes);
    if (is_apart && install_apart(&program))
        return 0;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) < 0 ? -errno : 0;
}

/* Installs what the tracer wants until it says "go". It sees for itself what could be installed:
 * all that follows the first that could not be is left out. */
static int obey(int fd)
{
    static char packet[sizeof(struct sock_filter) * BPF_MAXINSNS + sizeof(GATE_FILTER)];
    bool failed = false;
    int64_t until_ms = milliseconds_now() + PATIENCE_MS;

    for (;;) {
        ssize_t got = receive(fd, until_ms, packet, sizeof(packet));
        if (got < 0)
            return (int)got;
        if (is_text(packet, got, GATE_GO))
            return 0;
        bool is_apart = starts_with(packet, got, GATE_APART);
        if (!is_apart && !starts_with(packet, got, GATE_FILTER))
            return -EPROTO;
        size_t head = strlen(is_apart ? GATE_APART : GATE_FILTER);
        failed = failed || install(packet + head, (size_t)got - head, is_apart) < 0;
    }
}

/* Only root may trace us: any other could have put a socket there to learn or to hold us up. */
static int check_server(int fd)
{
    struct ucred server;
    socklen_t length = sizeof(server);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &server, &length) < 0)
        return -errno;
    return server.uid == 0 ? 0 : -EACCES;
}

/* Repeats what the tracer greets with: only a living process can. */
static int answer(int fd, int64_t until_ms)
{
    char hello[sizeof(GATE_HELLO) + NONCE_BYTES], here[sizeof(GATE_HERE) + NONCE_BYTES];
    ssize_t got = receive(fd, until_ms, hello, sizeof(hello) - 1);

    if (got < 0)
        return (int)got;
    if (!starts_with(hello, got, GATE_HELLO) || (size_t)got > strlen(GATE_HELLO) + NONCE_BYTES)
        return -EPROTO;
    size_t nonce = (size_t)got - strlen(GATE_HELLO);
    memcpy(here, GATE_HERE, strlen(GATE_HERE));
    memcpy(here + strlen(GATE_HERE), hello + strlen(GATE_HELLO), nonce);
    return send(fd, here, strlen(GATE_HERE) + nonce, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int converse(int fd, int64_t until_ms)
{
    int result = check_server(fd);

    if (result == 0)
        result = answer(fd, until_ms);
    return result == 0 ? obey(fd) : result;
}

/* Outsiders may have filled the queue: then connect(2) waits for room, as long as a send may. */
static int call_at(int fd, const struct sockaddr_un *address, int64_t until_ms)
{
    int result;

    do {
        result = limit(fd, SO_SNDTIMEO, until_ms);
        if (result == 0 && connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
            result = -errno;
    } while (result == -EINTR);
    return result == -EAGAIN ? -ETIMEDOUT : result;
}

/* Returns when the tracer has seized us: 0; else -errno. */
static int knock(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int64_t until_ms = milliseconds_now() + PATIENCE_MS;

    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int result = call_at(fd, &address, until_ms);
    if (result == 0)
        result = converse(fd, until_ms);
    close(fd);
    return result;
}

/* Out of every set that would hand it on to the command (capabilities(7)). */
static int drop_admin(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
    const __u32 mask = ~(__u32)CAP_TO_MASK(CAP_SYS_ADMIN);

    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_SYS_ADMIN, 0, 0) < 0 ||
        syscall(SYS_capget, &header, data) < 0)
        return -errno;
    data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective &= mask;
    data[CAP_TO_INDEX(CAP_SYS_ADMIN)].permitted &= mask;
    data[CAP_TO_INDEX(CAP_SYS_ADMIN)].inheritable &= mask;
    return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

static bool parse(struct gate *gate, int argc, char **argv)
{
    static const struct option options[] = {
        { "socket", required_argument, NULL, 's' },
        { "without-tracer", required_argument, NULL, 'w' },
        { "argv0", required_argument, NULL, 'a' },
        { "drop-sys-admin", no_argument, NULL, 'd' },
        { 0 },
    };
    int option;

    while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
        switch (option) {
        case 's':
            gate->socket = optarg;
            break;
        case 'a':
            gate->argv0 = optarg;
            break;
        case 'd':
            gate->drops_admin = true;
            break;
        case 'w':
            gate->must_trace = strcmp(optarg, "fail") == 0;
            if (!gate->must_trace && strcmp(optarg, "run") != 0)
                return false;
            break;
        default:
            return false;
        }
    }
    gate->command = argv + optind;
    return optind < argc;
}

int main(int argc, char **argv)
{
    struct gate gate = { .socket = DEFAULT_SOCKET };

    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return fputs(usage, stdout) < 0;
    if (!parse(&gate, argc, argv)) {
        fputs(usage, stderr);
        return EXIT_WRONG;
    }
    int result = knock(gate.socket);
    if (result < 0 && gate.must_trace) {
        fprintf(stderr, "cinch-gate: no tracer at %s: %s; start cinch train --gate first\n",
                gate.socket, strerror(-result));
        return EXIT_OWN;
    }
    if (gate.drops_admin && (result = drop_admin()) < 0) {
        fprintf(stderr, "cinch-gate: cannot give up CAP_SYS_ADMIN: %s\n", strerror(-result));
        return EXIT_OWN;
    }
    const char *path = gate.command[0];
    if (gate.argv0)
        gate.command[0] = (char *)(size_t)gate.argv0;
    execvp(path, gate.command);
    fprintf(stderr, "cinch-gate: cannot execute %s: %s\n", path, strerror(errno));
    return EXIT_EXEC;
}
