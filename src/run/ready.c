// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Readiness. No probe connects to the service: what a probe does would be learned as the service's
 * own need. Listening sockets are read from /proc/PID/net instead.
 */
#include "run/ready.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* After the first listen(2) this long without any call is "idle"... */
#define IDLE_MS 200
/* ...and this long after it a service that is never idle counts as ready too. */
#define LISTEN_SETTLE_MS 3000
/* A service that does not listen at all is ready after this time. */
#define NO_LISTEN_MS 10000
/* One that may say when it is ready, and does not, is taken to be as any other after this time. */
#define NO_NOTIFY_MS 30000
/* Messages that are taken at once; the others wait until the next time. */
#define HEARD_AT_ONCE 1000

static int ready_error(const char *text, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(text);

    return err_set(err, EINVAL,
                   "--ready %s: expected tcp:PORT, unix:PATH, file:PATH, notify or SECONDS", shown);
}

int ready_parse(const char *text, struct ready_spec *ret, struct err *err)
{
    struct ready_spec spec = { 0 };

    if (str_starts_with(text, "tcp:")) {
        char *end;
        unsigned long port = strtoul(text + 4, &end, 10);
        if (text[4] < '0' || text[4] > '9' || *end || port == 0 || port > 65535)
            return ready_error(text, err);
        spec = (struct ready_spec){ .kind = READY_TCP, .port = (unsigned)port };
    } else if (str_starts_with(text, "unix:") && text[5]) {
        spec = (struct ready_spec){ .kind = READY_UNIX, .path = text + 5 };
    } else if (str_starts_with(text, "file:") && text[5]) {
        spec = (struct ready_spec){ .kind = READY_FILE, .path = text + 5 };
    } else if (strcmp(text, "notify") == 0) {
        spec.kind = READY_NOTIFY;
    } else if (duration_parse(text, &spec.delay_ms, NULL) == 0) {
        spec.kind = READY_DELAY;
    } else {
        return ready_error(text, err);
    }
    *ret = spec;
    return 0;
}

int duration_parse(const char *text, int64_t *ret_ms, struct err *err)
{
    static const struct {
        const char *unit;
        double ms;
    } units[] = { { "", 1000 },   { "s", 1000 },    { "ms", 1 },      { "min", 60000 },
                  { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };
    char *end;
    double amount = text[0] >= '0' && text[0] <= '9' ? strtod(text, &end) : -1;

    for (size_t i = 0; amount >= 0 && i < ELEMENTS_OF(units); i++) {
        if (strcmp(end, units[i].unit) == 0 && amount * units[i].ms < 1e15) {
            *ret_ms = (int64_t)(amount * units[i].ms);
            return 0;
        }
    }
    CLEANUP(free_char) char *shown = text_encode_string(text);
    return err_set(err, EINVAL, "%s is no duration: write seconds, or 500ms, 10s, 5min, 2h", shown);
}

/* A datagram socket in a directory of its own that any user may send to, as systemd's is. */
static int make_notify_socket(struct ready *ready, struct err *err)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char directory[] = "/tmp/cinch-notify-XXXXXX";
    const int on = 1;

    if (!mkdtemp(directory) || chmod(directory, 0755) < 0)
        return err_set(err, errno, "cannot make a directory in /tmp: %s", strerror(errno));
    ready->notify_dir = mem_strdup(directory);
    ready->notify_path = path_join(directory, "notify");
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", ready->notify_path);
    ready->notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (ready->notify_fd < 0 ||
        setsockopt(ready->notify_fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
        bind(ready->notify_fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
        chmod(ready->notify_path, 0666) < 0)
        return err_set(err, errno, "cannot make the notify socket %s: %s", ready->notify_path,
                       strerror(errno));
    setenv("NOTIFY_SOCKET", ready->notify_path, 1);
    return 0;
}

int ready_init(struct ready *ready, const struct ready_spec *spec, struct err *err)
{
    const char *inherited = getenv("NOTIFY_SOCKET");

    *ready = (struct ready){ .spec = *spec, .notify_fd = -1, .listening_ms = -1 };
    if (inherited && *inherited)
        ready->notify_path = mem_strdup(inherited);
    else if (spec->kind == READY_NOTIFY || spec->notifies)
        return make_notify_socket(ready, err);
    return 0;
}

void ready_observe(struct ready *ready, const struct ready_spec *spec)
{
    *ready = (struct ready){ .spec = *spec, .notify_fd = -1, .listening_ms = -1 };
}

void ready_meet(struct ready *ready, const char *root, char *notify_path, int64_t now_ms)
{
    free(ready->notify_path);
    ready->notify_path = notify_path;
    ready->root = root;
    ready->begun_ms = now_ms;
    ready->listening_ms = -1;
    ready->notified = false;
}

void ready_done(struct ready *ready)
{
    fd_close(&ready->notify_fd);
    if (ready->notify_dir) {
        unlink(ready->notify_path);
        rmdir(ready->notify_dir);
    }
    free(ready->notify_dir);
    free(ready->notify_path);
}

static bool has_ready_line(const char *message, size_t length)
{
    static const char line[] = "READY=1";
    const char *at = memmem(message, length, line, sizeof(line) - 1);

    return at && (at == message || at[-1] == '\n');
}

/* Who sent it, as the kernel knows (SCM_CREDENTIALS, unix(7)); 0: not known. */
static pid_t sender_of(struct msghdr *message)
{
    struct ucred credentials = { 0 };

    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET)
            continue;
        if (part->cmsg_type == SCM_CREDENTIALS)
            memcpy(&credentials, CMSG_DATA(part), sizeof(credentials));
    }
    return credentials.pid;
}

/* Descriptors that come along (systemd's FDSTORE=1) have no room, so that the kernel drops them.
 * -1 when there is no more. */
static ssize_t hear_one(const struct ready *ready, char *text, size_t size, pid_t *ret_sender)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec body = { text, size };
    struct msghdr message = { .msg_iov = &body,
                              .msg_iovlen = 1,
                              .msg_control = &control,
                              .msg_controllen = sizeof(control) };
    ssize_t got = recvmsg(ready->notify_fd, &message, MSG_CMSG_CLOEXEC);

    *ret_sender = got >= 0 ? sender_of(&message) : 0;
    return got;
}

/* Messages that nobody takes would fill the socket, and the service wait for room in it. Anybody
 * may send any number of them. */
void ready_hear(struct ready *ready, ready_owner *is_owner, const void *context)
{
    char text[4096];
    ssize_t got;
    pid_t sender;

    for (int i = 0; i < HEARD_AT_ONCE && ready->notify_fd >= 0; i++) {
        got = hear_one(ready, text, sizeof(text), &sender);
        if (got < 0)
            break;
        if (has_ready_line(text, (size_t)got) && sender > 0 && is_owner(context, sender))
            ready->notified = true;
    }
}

static int read_net_table(pid_t pid, const char *table, struct str *ret)
{
    char name[32];

    snprintf(name, sizeof(name), "net/%s", table);
    return proc_read(pid, name, (size_t)64 << 20, ret);
}

/* proc(5): "sl local_address rem_address st"; state 0A is TCP_LISTEN. */
static bool tcp_listens(pid_t pid, const char *table, unsigned port)
{
    struct str text = { 0 };
    bool found = false;

    if (read_net_table(pid, table, &text) < 0)
        return false;
    for (const char *line = strchr(text.data, '\n'); line && !found;
         line = strchr(line + 1, '\n')) {
        unsigned local, state;
        if (sscanf(line + 1, " %*u: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x", &local, &state) == 2)
            found = local == port && state == 0x0a;
    }
    str_done(&text);
    return found;
}

/* unix(7): "Num RefCount Protocol Flags Type St Inode Path"; flag 0x10000 is __SO_ACCEPTCON. */
static bool unix_listens(pid_t pid, const char *wanted)
{
    struct str text = { 0 };
    bool found = false;

    if (read_net_table(pid, "unix", &text) < 0)
        return false;
    for (const char *line = strchr(text.data, '\n'); line && !found;
         line = strchr(line + 1, '\n')) {
        unsigned flags;
        int at = 0;
        size_t length = strcspn(line + 1, "\n");
        if (sscanf(line + 1, "%*x: %*x %*x %x %*x %*x %*u %n", &flags, &at) == 1 && at)
            found = (flags & 0x10000) && length - (size_t)at == strlen(wanted) &&
                    memcmp(line + 1 + at, wanted, strlen(wanted)) == 0;
    }
    str_done(&text);
    return found;
}

static bool listened(struct ready *ready, unsigned listens, int64_t now_ms, int64_t idle_ms)
{
    if (listens && ready->listening_ms < 0)
        ready->listening_ms = now_ms;
    if (ready->notify_path && now_ms < NO_NOTIFY_MS)
        return false;
    if (!listens)
        return now_ms >= NO_LISTEN_MS;
    return idle_ms >= IDLE_MS || now_ms - ready->listening_ms >= LISTEN_SETTLE_MS;
}

/* As the service names it, in the view of the file system that it has. */
static bool file_is_there(const struct ready *ready)
{
    const char *root = ready->root && ready->spec.path[0] == '/' ? ready->root : "";
    CLEANUP(free_char) char *path = mem_printf("%s%s", root, ready->spec.path);

    return access(path, F_OK) == 0;
}

bool ready_now(struct ready *ready, pid_t pid, unsigned listens, int64_t now_ms, int64_t idle_ms)
{
    now_ms -= ready->begun_ms;
    switch (ready->spec.kind) {
    case READY_LISTEN:
        return ready->notified || listened(ready, listens, now_ms, idle_ms);
    case READY_TCP:
        return tcp_listens(pid, "tcp", ready->spec.port) ||
               tcp_listens(pid, "tcp6", ready->spec.port);
    case READY_UNIX:
        return unix_listens(pid, ready->spec.path);
    case READY_FILE:
        return file_is_there(ready);
    case READY_NOTIFY:
        return ready->notified;
    case READY_DELAY:
        return now_ms >= ready->spec.delay_ms;
    }
    return false;
}

char *ready_describe(const struct ready *ready)
{
    switch (ready->spec.kind) {
    case READY_LISTEN:
        return mem_strdup(ready->notified            ? "notify"
                          : ready->listening_ms >= 0 ? "listen"
                                                     : "no listen()");
    case READY_TCP:
        return mem_printf("tcp:%u", ready->spec.port);
    case READY_UNIX:
        return mem_printf("unix:%s", ready->spec.path);
    case READY_FILE:
        return mem_printf("file:%s", ready->spec.path);
    case READY_NOTIFY:
        return mem_strdup("notify");
    case READY_DELAY:
        return mem_printf("%.3f s", (double)ready->spec.delay_ms / 1000);
    }
    return mem_strdup("");
}
