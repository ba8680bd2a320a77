// SPDX-License-Identifier: LGPL-2.1-or-later
/* The socket that cinch-gate connects to: where it may stand, and how it comes and goes. Who is let
 * in is decided in knock.c. */
#include "run/gate_socket.h"
#include "run/control_group.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* So that ".new" and a NUL still fit into sun_path (unix(7)). */
#define PATH_BYTES 100
/* Outsiders may fill the queue of the socket; they are turned away many at a time. */
#define BACKLOG 128

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
    return gate_error(EADDRINUSE, path,
                      "the path already exists; is another cinch listening on it?", err);
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
    if (chmod(made, 0666) < 0 || listen(gate->listen_fd, BACKLOG) < 0 || rename(made, path) < 0) {
        int code = errno;
        unlink(made);
        return gate_error(code, path, strerror(code), err);
    }
    gate->path = mem_strdup(path);
    struct epoll_event event = { .events = EPOLLIN };
    gate->poll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (gate->poll_fd < 0 || epoll_ctl(gate->poll_fd, EPOLL_CTL_ADD, gate->listen_fd, &event) < 0)
        return gate_error(errno, path, strerror(errno), err);
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

void gate_close(struct gate *gate)
{
    gate_forget_knockers(gate);
    fd_close(&gate->listen_fd);
    fd_close(&gate->poll_fd);
    gate->listen_fd = gate->poll_fd = -1;
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

bool gate_unit_is_empty(const struct gate *gate)
{
    return control_group_is_empty(gate->group);
}

bool gate_unit_is_over(const struct gate *gate)
{
    return !gate->group || !gate->group_id || control_group_id(gate->group) != gate->group_id;
}
