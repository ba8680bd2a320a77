// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The tracer's side of cinch-gate. Messages over a SOCK_SEQPACKET socket:
 *
 *     tracer: hello     gate: here     tracer: filter, any number of them     tracer: go
 *
 * "here" carries the sender's credentials as the kernel knows them (SCM_CREDENTIALS, unix(7)), and
 * was sent after the pidfd was opened: a pid that still could send cannot have been used again.
 */
#include "run/gate.h"
#include "run/control_group.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* The same texts stand in src/gate/gate.c. */
#define GATE_HELLO  "cinch-gate 2 hello"
#define GATE_HERE   "cinch-gate 2 here"
#define GATE_FILTER "cinch-gate 2 filter\n"
#define GATE_APART  "cinch-gate 2 apart\n"
#define GATE_GO     "cinch-gate 2 go"

/* So that ".new" and a NUL still fit into sun_path (unix(7)). */
#define PATH_BYTES 100
/* On a busy machine a gate comes to answer late; without a tracer it would not be trained at all.
 */
#define FIRST_PATIENCE_S 10

static int gate_error(int code, const char *path, const char *what, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(path);

    return err_set(err, code, "--gate %s: %s", shown, what);
}

/* Whoever may rename what lies above the socket may put another in its place. A link may be root's
 * alone: in /tmp anyone could have made it, and lead it elsewhere later. */
static int check_owner(const char *path, const char *directory, struct err *err)
{
    struct stat st;

    if (lstat(directory, &st) < 0)
        return gate_error(errno, path, strerror(errno), err);
    bool sticky = st.st_mode & S_ISVTX && strcmp(directory, "/") != 0;
    if (st.st_uid != 0 || (!S_ISLNK(st.st_mode) && st.st_mode & 022 && !sticky))
        return gate_error(EPERM, path,
                          "others than root may write to a directory above it; choose one like "
                          "/run/cinch",
                          err);
    return 0;
}

/* The directory and all above it, by the names given. */
static int check_owners(const char *path, const char *directory, struct err *err)
{
    CLEANUP(free_char) char *at = mem_strdup(directory);

    for (;;) {
        int result = check_owner(path, at, err);
        if (result < 0 || strcmp(at, "/") == 0)
            return result;
        char *above = path_parent(at);
        free(at);
        at = above;
    }
}

/* Where links of root's lead counts as well as where they stand. */
static int check_place(const char *path, const char *directory, struct err *err)
{
    CLEANUP(free_char) char *real = realpath(directory, NULL);

    if (!real)
        return gate_error(errno, path, strerror(errno), err);
    int result = check_owners(path, directory, err);
    return result == 0 ? check_owners(path, real, err) : result;
}

static int check_directory(const char *path, struct err *err)
{
    CLEANUP(free_char) char *directory = path_parent(path);
    CLEANUP(free_char) char *above = path_parent(directory);
    struct stat st;

    int result = check_place(path, above, err);
    if (result < 0)
        return result;
    if (mkdir(directory, 0755) < 0 && errno != EEXIST)
        return gate_error(errno, path, strerror(errno), err);
    /* Sticky is not enough where the socket itself stands: another may have made it first. */
    if (stat(directory, &st) == 0 && st.st_mode & 022)
        return gate_error(EPERM, path,
                          "others may write to its directory; choose one like /run/cinch", err);
    return check_place(path, directory, err);
}

/* A socket that nobody serves any more may be replaced; anything else is in the way. */
static int check_free(const char *path, struct err *err)
{
    CLEANUP(fd_close) int probe = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct stat st;

    if (lstat(path, &st) < 0)
        return 0;
    memcpy(address.sun_path, path, strlen(path));
    if (S_ISSOCK(st.st_mode) &&
        connect(probe, (const struct sockaddr *)&address, sizeof(address)) < 0 &&
        errno == ECONNREFUSED)
        return 0;
    return gate_error(EADDRINUSE, path, "something stands there; is another cinch serving it?",
                      err);
}

/* Made under another name, so that what stands at the path can be knocked at from the first moment
 * on. Any user's service may knock; who is let in is decided later. */
static int gate_bind(struct gate *gate, const char *path, struct err *err)
{
    CLEANUP(free_char) char *made = mem_printf("%s.new", path);
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    memcpy(address.sun_path, made, strlen(made));
    unlink(made);
    gate->listen_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (gate->listen_fd < 0 ||
        bind(gate->listen_fd, (struct sockaddr *)&address, sizeof(address)) < 0)
        return gate_error(errno, path, strerror(errno), err);
    if (chmod(made, 0666) < 0 || listen(gate->listen_fd, 16) < 0 || rename(made, path) < 0) {
        int code = errno;
        unlink(made);
        return gate_error(code, path, strerror(code), err);
    }
    gate->path = mem_strdup(path);
    return 0;
}

int gate_open(struct gate *gate, const char *path, struct err *err)
{
    *gate = (struct gate)GATE_NONE;
    if (path[0] != '/' || strlen(path) > PATH_BYTES)
        return gate_error(EINVAL, path, "give an absolute path of at most 100 bytes", err);
    if (geteuid() != 0)
        return gate_error(EPERM, path, "only root may serve it: run cinch as root", err);
    int result = check_directory(path, err);
    if (result == 0)
        result = check_free(path, err);
    return result == 0 ? gate_bind(gate, path, err) : result;
}

void gate_dismiss(struct gate *gate)
{
    fd_close(&gate->peer_fd);
    fd_close(&gate->peer_pidfd);
    gate->peer_fd = gate->peer_pidfd = -1;
    gate->peer = 0;
}

void gate_close(struct gate *gate)
{
    fd_close(&gate->listen_fd);
    gate->listen_fd = -1;
    if (gate->path)
        unlink(gate->path);
    free(gate->path);
    gate->path = NULL;
}

void gate_done(struct gate *gate)
{
    gate_dismiss(gate);
    gate_close(gate);
    free(gate->group);
    gate->group = NULL;
}

static time_t seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* "here", and the pid that the kernel says sent it; 0 when it is not that. */
static pid_t receive_here(int fd, time_t patience_s)
{
    char text[64] = "";
    union {
        char buffer[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr aligned;
    } control;
    struct iovec iovec = { text, sizeof(text) - 1 };
    struct msghdr message = { .msg_iov = &iovec,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof(control) };
    struct ucred sender = { 0 };

    /* Our own clock interrupts a wait that has a limit of its own (signal(7)). */
    time_t end = seconds_now() + patience_s;
    ssize_t got;
    do
        got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR && seconds_now() <= end);
    if (got <= 0 || strcmp(text, GATE_HERE) != 0)
        return 0;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS)
        return 0;
    memcpy(&sender, CMSG_DATA(header), sizeof(sender));
    return sender.pid;
}

/* The first that comes tells which group, and which start of the unit, the others must be of. */
static bool is_of_unit(struct gate *gate, pid_t pid, const char *unit)
{
    CLEANUP(free_char) char *group = control_group_of(pid, unit);
    ino_t id = group ? control_group_id(group) : 0;

    if (!group || (gate->group && (strcmp(group, gate->group) != 0 || id != gate->group_id)))
        return false;
    if (!gate->group)
        gate->group = mem_strdup(group);
    gate->group_id = id;
    return true;
}

bool gate_unit_is_empty(const struct gate *gate)
{
    return control_group_is_empty(gate->group);
}

bool gate_unit_is_over(const struct gate *gate)
{
    return !gate->group || !gate->group_id || control_group_id(gate->group) != gate->group_id;
}

static bool is_single_thread(pid_t pid)
{
    char path[48];
    struct stat st;

    /* A directory's links: itself, its name, and one for every thread. */
    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    return stat(path, &st) == 0 && st.st_nlink == 3;
}

/* Why a process that knocked is not let in, NULL when it is; fills gate->peer*. */
static const char *identify(struct gate *gate, const char *unit)
{
    struct ucred peer = { 0 };
    socklen_t length = sizeof(peer);
    /* While others are traced they wait, too. */
    struct timeval patience = { .tv_sec = gate->was_met ? 1 : FIRST_PATIENCE_S };
    const int on = 1;
    int fd = gate->peer_fd;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 || peer.pid <= 0)
        return "it is in a pid namespace that cinch does not see";
    gate->peer = peer.pid;
    gate->peer_pidfd = (int)syscall(SYS_pidfd_open, peer.pid, 0);
    if (gate->peer_pidfd < 0)
        return "it has ended";
    if (unit && !is_of_unit(gate, peer.pid, unit))
        return "it is not of that unit, or of another start of it";
    if (!is_single_thread(peer.pid))
        return "it has several threads, so it is no gate";
    if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
        send(fd, GATE_HELLO, strlen(GATE_HELLO), MSG_NOSIGNAL) < 0)
        return "it went away";
    return receive_here(fd, patience.tv_sec) == peer.pid ? NULL
                                                         : "it does not talk like cinch-gate";
}

pid_t gate_admit(struct gate *gate, const char *unit, struct err *err)
{
    if (gate->listen_fd < 0)
        return 0;
    gate->peer_fd = accept4(gate->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (gate->peer_fd < 0)
        return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED
                   ? 0
                   : gate_error(errno, gate->path, strerror(errno), err);
    const char *why = identify(gate, unit);
    if (!why) {
        gate->was_met = true;
        return gate->peer;
    }
    int result =
        err_set(err, EACCES, "process %d was turned away from the gate: %s", (int)gate->peer, why);
    gate_dismiss(gate);
    return result;
}

/* Nothing of this waits: the gate may stop at its calls from the first filter on, and we are not
 * there to let it go on. */
static int gate_send(const struct gate *gate, const void *bytes, size_t length, struct err *err)
{
    if (send(gate->peer_fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
        return 0;
    return err_set(err, errno, "the gate, process %d, went away", (int)gate->peer);
}

int gate_go(struct gate *gate, const struct trace_program *programs, size_t count, struct err *err)
{
    int result = 0;

    for (size_t i = 0; i < count && result == 0; i++) {
        struct str packet = { 0 };
        str_add(&packet, programs[i].is_apart ? GATE_APART : GATE_FILTER);
        str_add_bytes(&packet, programs[i].code, programs[i].bytes);
        result = gate_send(gate, packet.data, packet.length, err);
        str_done(&packet);
    }
    if (result == 0)
        result = gate_send(gate, GATE_GO, strlen(GATE_GO), err);
    gate_dismiss(gate);
    return result;
}
