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
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* The same texts stand in src/run/gate.c. */
#define GATE_HELLO "cinch-gate 1 hello"
#define GATE_HERE  "cinch-gate 1 here"
#define GATE_GO    "cinch-gate 1 go"

#define DEFAULT_SOCKET "/run/cinch/gate"
/* A tracer that does not answer in this time is none. */
#define PATIENCE_S 10

/* systemd's own numbers: what the service manager says of a command it cannot execute, and what
 * env(1) and its like use for their own failure. */
enum { EXIT_EXEC = 203, EXIT_OWN = 125, EXIT_WRONG = 2 };

struct gate {
    const char *socket;
    const char *argv0; /* NULL: the command's */
    bool must_trace;   /* --without-tracer=fail */
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
    "\n"
    "Exit status: COMMAND's, whose process this becomes; 203 when it cannot be executed.\n";

/* One packet; whether it is the text expected. EINTR: the seizing interrupts what waits. */
static int expect(int fd, const char *text)
{
    char packet[64];
    ssize_t got;

    do
        got = recv(fd, packet, sizeof(packet), 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    if (got == 0)
        return -ECONNRESET;
    return (size_t)got == strlen(text) && memcmp(packet, text, (size_t)got) == 0 ? 0 : -EPROTO;
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

static int converse(int fd)
{
    struct timeval patience = { .tv_sec = PATIENCE_S };
    int result = check_server(fd);

    if (result == 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0)
        result = -errno;
    if (result == 0)
        result = expect(fd, GATE_HELLO);
    if (result == 0 && send(fd, GATE_HERE, strlen(GATE_HERE), MSG_NOSIGNAL) < 0)
        result = -errno;
    return result == 0 ? expect(fd, GATE_GO) : result;
}

/* Returns when the tracer has seized us: 0; else -errno. */
static int knock(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int result;

    if (strlen(path) >= sizeof(address.sun_path))
        return -ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        result = -errno;
    else
        result = converse(fd);
    close(fd);
    return result;
}

static bool parse(struct gate *gate, int argc, char **argv)
{
    static const struct option options[] = {
        { "socket", required_argument, NULL, 's' },
        { "without-tracer", required_argument, NULL, 'w' },
        { "argv0", required_argument, NULL, 'a' },
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
    const char *path = gate.command[0];
    if (gate.argv0)
        gate.command[0] = (char *)(size_t)gate.argv0;
    execvp(path, gate.command);
    fprintf(stderr, "cinch-gate: cannot execute %s: %s\n", path, strerror(errno));
    return EXIT_EXEC;
}
