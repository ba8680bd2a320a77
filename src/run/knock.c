// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who is let in at the gate. Messages over a SOCK_SEQPACKET socket:
 *
 *     tracer: hello NONCE    gate: here NONCE    tracer: filter, any number of them    tracer: go
 *
 * The kernel says who connected (SO_PEERCRED, SO_PEERPIDFD) and who sent "here" (SCM_CREDENTIALS,
 * unix(7)). The nonce is made after the pidfd was opened, so whoever repeats it was alive then: a
 * process id that was used again cannot answer for the one before it. Anybody may connect, so
 * nothing here waits for anybody: all are asked at once and each has its own time to answer.
 */
#include "run/control_group.h"
#include "run/gate_socket.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The same texts stand in src/gate/gate.c. */
#define GATE_HELLO  "cinch-gate 3 hello "
#define GATE_HERE   "cinch-gate 3 here "
#define GATE_FILTER "cinch-gate 3 filter\n"
#define GATE_APART  "cinch-gate 3 apart\n"
#define GATE_GO     "cinch-gate 3 go"

/* Linux 6.5; unix(7). */
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

/* A gate answers at once; a busy machine may take its time. The gate itself waits for longer. */
#define PATIENCE_MS 5000
/* Connections looked at before those that are traced are looked at again. */
#define ACCEPT_MOST 64
/* Refusals that are told, so that outsiders cannot fill a log. */
#define TELL_MOST 8

static int64_t milliseconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void knocker_done(struct knocker *knocker)
{
    fd_close(&knocker->fd);
    fd_close(&knocker->pidfd);
    *knocker = (struct knocker){ .fd = -1, .pidfd = -1 };
}

static void knocker_forget(struct gate *gate, struct knocker *knocker)
{
    struct knocker *last = &gate->knockers[gate->count - 1];

    if (knocker->fd >= 0) /* elsewhere it stays open */
        (void)epoll_ctl(gate->poll_fd, EPOLL_CTL_DEL, knocker->fd, NULL);
    knocker_done(knocker);
    *knocker = *last;
    gate->count--;
}

void gate_forget_knockers(struct gate *gate)
{
    while (gate->count)
        knocker_forget(gate, &gate->knockers[0]);
}

void gate_dismiss(struct gate *gate)
{
    fd_close(&gate->peer_fd);
    fd_close(&gate->peer_pidfd);
    gate->peer_fd = gate->peer_pidfd = -1;
    gate->peer = 0;
}

/* ---- who connected ---- */

/* Stands for the process that connected; without SO_PEERPIDFD for whoever has its number now, which
 * the nonce then tells apart. -1 when it has ended. */
static int open_peer(int fd, pid_t pid)
{
    int pidfd = -1;
    socklen_t length = sizeof(pidfd);

    if (getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &length) == 0)
        return pidfd;
    return errno == ENOPROTOOPT ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
}

/* The first that is let in (`keep`) tells which group, and which start of the unit, the others must
 * be of. */
static bool is_of_unit(struct gate *gate, pid_t pid, const char *unit, bool keep)
{
    CLEANUP(free_char) char *group = control_group_of(pid, unit);
    ino_t id = group ? control_group_id(group) : 0;

    if (!group || (gate->group && (strcmp(group, gate->group) != 0 || id != gate->group_id)))
        return false;
    if (keep && !gate->group)
        gate->group = mem_strdup(group);
    if (keep)
        gate->group_id = id;
    return true;
}

/* A directory's links: itself, its name, and one for every thread. */
static bool is_single_thread(pid_t pid)
{
    struct stat st;

    return proc_stat_of(pid, "task", &st) == 0 && st.st_nlink == 3;
}

static bool make_nonce(struct knocker *knocker)
{
    unsigned char random[(sizeof(knocker->nonce) - 1) / 2];

    if (getrandom(random, sizeof(random), 0) != sizeof(random))
        return false;
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(knocker->nonce + 2 * i, 3, "%02x", random[i]);
    return true;
}

static bool ask(struct gate *gate, struct knocker *knocker)
{
    CLEANUP(free_char) char *hello = mem_printf(GATE_HELLO "%s", knocker->nonce);
    struct epoll_event event = { .events = EPOLLIN };
    const int on = 1;

    return setsockopt(knocker->fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) == 0 &&
           epoll_ctl(gate->poll_fd, EPOLL_CTL_ADD, knocker->fd, &event) == 0 &&
           send(knocker->fd, hello, strlen(hello), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

/* Why the process is not even asked, NULL when it is. */
static const char *meet(struct gate *gate, struct knocker *knocker, const char *unit)
{
    struct ucred peer = { 0 };
    socklen_t length = sizeof(peer);

    if (getsockopt(knocker->fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 || peer.pid <= 0)
        return "it is in a pid namespace that cinch does not see";
    knocker->pid = peer.pid;
    if (!unit && peer.uid != gate->user)
        return "it is another user's; --unit says which unit's processes are let in";
    if ((knocker->pidfd = open_peer(knocker->fd, peer.pid)) < 0)
        return "it has ended";
    if (unit && !is_of_unit(gate, peer.pid, unit, false))
        return "it is not of that unit, or of another start of it";
    if (gate->count == GATE_KNOCKERS)
        return "too many connect at once";
    if (!make_nonce(knocker) || !ask(gate, knocker))
        return "it went away";
    return NULL;
}

/* ---- what it answers ---- */

/* "here" with its nonce, and the pid that the kernel says sent it; -EAGAIN when nothing came yet, 0
 * when it is not that. */
static pid_t receive_here(const struct knocker *knocker)
{
    CLEANUP(free_char) char *wanted = mem_printf(GATE_HERE "%s", knocker->nonce);
    char text[96];
    union {
        char buffer[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr aligned;
    } control;
    struct iovec iovec = { text, sizeof(text) };
    struct msghdr message = { .msg_iov = &iovec,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof(control) };
    struct ucred sender = { 0 };

    ssize_t got = recvmsg(knocker->fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return -EAGAIN;
    if (got != (ssize_t)strlen(wanted) || memcmp(text, wanted, strlen(wanted)) != 0)
        return 0;
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS)
        return 0;
    memcpy(&sender, CMSG_DATA(header), sizeof(sender));
    return sender.pid;
}

/* Why the one that answered is not let in, NULL when it is. */
static const char *judge(struct gate *gate, const struct knocker *knocker, pid_t sender,
                         const char *unit)
{
    if (sender == -EAGAIN)
        return "it did not answer in time";
    if (sender != knocker->pid)
        return "it does not talk like this cinch's cinch-gate";
    if (syscall(SYS_pidfd_send_signal, knocker->pidfd, 0, NULL, 0) < 0)
        return "it has ended";
    if (!is_single_thread(knocker->pid))
        return "it has several threads, so it is no gate";
    if (unit && !is_of_unit(gate, knocker->pid, unit, true))
        return "it is not of that unit, or of another start of it";
    return NULL;
}

/* ---- all of them ---- */

static void refuse(struct gate *gate, pid_t pid, const char *why, char **ret_refused)
{
    gate->turned_away++;
    if (*ret_refused || gate->turned_away > TELL_MOST)
        return;
    *ret_refused = mem_printf(
        "process %d was turned away from the gate: %s%s", (int)pid, why,
        gate->turned_away == TELL_MOST ? "; more that are turned away are not named" : "");
}

/* Takes in who has connected since. 0, or -errno with `err` when the socket failed. */
static int meet_all(struct gate *gate, const char *unit, char **ret_refused, struct err *err)
{
    for (int i = 0; i < ACCEPT_MOST; i++) {
        struct knocker knocker = { .pidfd = -1 };
        knocker.fd = accept4(gate->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (knocker.fd < 0)
            return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED
                       ? 0
                       : gate_error(errno, gate->path, strerror(errno), err);
        knocker.until_ms = milliseconds_now() + PATIENCE_MS;
        const char *why = meet(gate, &knocker, unit);
        if (!why) {
            gate->knockers[gate->count++] = knocker;
            continue;
        }
        refuse(gate, knocker.pid, why, ret_refused);
        knocker_done(&knocker);
    }
    return 0;
}

pid_t gate_admit(struct gate *gate, const char *unit, char **ret_refused, struct err *err)
{
    *ret_refused = NULL;
    if (gate->listen_fd < 0)
        return 0;
    int result = meet_all(gate, unit, ret_refused, err);
    for (size_t i = 0; result == 0 && i < gate->count;) {
        struct knocker *knocker = &gate->knockers[i];
        pid_t sender = receive_here(knocker);
        if (sender == -EAGAIN && milliseconds_now() < knocker->until_ms) {
            i++;
            continue;
        }
        const char *why = judge(gate, knocker, sender, unit);
        pid_t pid = knocker->pid;
        if (!why) {
            (void)epoll_ctl(gate->poll_fd, EPOLL_CTL_DEL, knocker->fd, NULL);
            gate->peer = pid;
            gate->peer_fd = knocker->fd;
            gate->peer_pidfd = knocker->pidfd;
            knocker->fd = knocker->pidfd = -1;
        }
        knocker_forget(gate, knocker);
        if (!why)
            return pid;
        refuse(gate, pid, why, ret_refused);
    }
    return result;
}

/* ---- the one that was let in ---- */

/* Nothing of this waits: the gate is stopped, or may stop at its calls from the first filter on,
 * and we are not there to let it go on. */
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
    return result == 0 ? gate_send(gate, GATE_GO, strlen(GATE_GO), err) : result;
}
