// SPDX-License-Identifier: LGPL-2.1-or-later
/* Descriptors that come from elsewhere, and names that change while they are used. */
#include "tracee.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

/* ---- a name that changes while it is used ---- */

static char raced[16];
static const char *const turns[] = { "first", "other", "third" };

static void *thread_rewrite(void *stop)
{
    for (size_t i = 0; !__atomic_load_n((bool *)stop, __ATOMIC_RELAXED); i++)
        memcpy(raced, turns[i % 3], sizeof("first"));
    return NULL;
}

/* What was opened is the kernel's to tell: only what really was opened may be recorded, whatever
 * the name said before and after. "third" is not there; "firer" and the like are half-written. */
static void case_race(void)
{
    pthread_t thread;
    bool stop = false;
    struct stat st, ids[2];
    unsigned opened[2] = { 0 };

    make_file("first");
    make_file("other");
    require(stat("first", &ids[0]) == 0 && stat("other", &ids[1]) == 0, "stat");
    memcpy(raced, "first", sizeof("first"));
    pthread_create(&thread, NULL, thread_rewrite, &stop);
    for (int i = 0; i < 3000; i++) {
        int fd = open(raced, O_RDWR);
        if (fd < 0)
            continue;
        require(fstat(fd, &st) == 0, "fstat");
        require(st.st_ino == ids[0].st_ino || st.st_ino == ids[1].st_ino, "which file");
        opened[st.st_ino == ids[1].st_ino]++;
        close(fd);
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    for (int i = 0; i < 2; i++) /* once more for having been made */
        expect("opened %s %u", in_scratch(turns[i]), opened[i] + 1);
    expect("no path write %s", in_scratch("third"));
}

/* ---- names of every length and depth ---- */

static void case_long_path(void)
{
    enum { LONGEST = 4095 };
    char path[LONGEST + 2];

    make_file("file");
    for (size_t i = 0; i < LONGEST; i++)
        path[i] = i % 2 ? '/' : '.';
    memcpy(path + LONGEST - 5, "/file", 6);
    require(strlen(path) == LONGEST && open(path, O_RDONLY) >= 0, "a path of 4,095 bytes");
    expect("path read %s", in_scratch("file"));
    memmove(path + 2, path, LONGEST - 1);
    path[LONGEST + 1] = '\0';
    require(open(path, O_RDONLY) < 0 && errno == ENAMETOOLONG, "a path of 4,096 bytes");
    expect("outcome openat ENAMETOOLONG 1");
}

/* Deeper than any name can say: /proc/PID/cwd itself has none then. What is not known must be
 * said. */
static void case_deep(void)
{
    char name[201];

    memset(name, 'd', 200);
    name[200] = '\0';
    for (int i = 0; i < 25; i++)
        require(mkdir(name, 0755) == 0 && chdir(name) == 0, "mkdir");
    make_file("bottom");
    expect("blind uncertain-path");
    for (int i = 0; i < 25; i++)
        require(unlink("bottom") < 2 && chdir("..") == 0 && rmdir(name) == 0, "rmdir");
    make_file("top");
    expect("path create %s", in_scratch("top"));
}

static void case_links(void)
{
    char name[16], target[16];

    require(symlink("b", "a") == 0 && symlink("a", "b") == 0, "a loop of two");
    require(open("a/x", O_RDONLY) < 0 && errno == ELOOP, "the loop");
    expect("failed read %s ELOOP", in_scratch("a/x"));
    make_file("l0");
    for (int i = 1; i <= 41; i++) {
        snprintf(name, sizeof(name), "l%d", i);
        snprintf(target, sizeof(target), "l%d", i - 1);
        require(symlink(target, name) == 0, name);
    }
    require(open("l40", O_RDONLY) >= 0, "40 links");
    expect("path read %s -> %s", in_scratch("l0"), in_scratch("l40"));
    require(open("l41", O_RDONLY) < 0 && errno == ELOOP, "41 links");
    expect("no path read %s -> %s", in_scratch("l0"), in_scratch("l41"));
}

/* ---- descriptors from elsewhere ---- */

static void send_fds(int to, const int *fds, size_t count)
{
    char control[CMSG_SPACE(4 * sizeof(int))] __attribute__((aligned(8))) = { 0 };
    struct iovec part = { (char[]){ "x" }, 1 };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = control,
                              .msg_controllen = CMSG_SPACE(count * sizeof(int)) };
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);

    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), fds, count * sizeof(int));
    require(sendmsg(to, &message, 0) == 1, "sendmsg");
}

static void receive_fds(int from, int *fds, size_t count)
{
    char control[CMSG_SPACE(4 * sizeof(int))] __attribute__((aligned(8)));
    char byte;
    struct iovec part = { &byte, 1 };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
    };

    require(recvmsg(from, &message, 0) == 1, "recvmsg");
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    require(header && header->cmsg_len == CMSG_LEN(count * sizeof(int)), "SCM_RIGHTS");
    memcpy(fds, CMSG_DATA(header), count * sizeof(int));
}

static struct sockaddr_in loopback(unsigned port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)port),
                                 .sin_addr = { htonl(INADDR_LOOPBACK) } };
}

/* A file, a connected packet socket and a listening one are made here and used by a child that got
 * them over a socket: after its own start, under other numbers. */
static void case_scm_rights(void)
{
    struct sockaddr_in peer = loopback(13), any = loopback(0);
    socklen_t length = sizeof(any);
    int pair[2], fds[3], got[3] = { -1, -1, -1 }, status;

    require(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
    pid_t child = fork();
    if (child == 0) {
        receive_fds(pair[1], got, 3);
        require(fchmod(got[0], 0600) == 0, "fchmod");
        require(write(got[1], "x", 1) == 1, "write");
        int client = accept4(got[2], NULL, NULL, 0);
        require(client >= 0, "accept4");
        _exit(0);
    }
    make_file("passed");
    fds[0] = open("passed", O_RDWR);
    fds[1] = socket(AF_INET, SOCK_DGRAM, 0);
    require(connect(fds[1], (struct sockaddr *)&peer, sizeof(peer)) == 0, "connect");
    fds[2] = socket(AF_INET, SOCK_STREAM, 0);
    require(bind(fds[2], (struct sockaddr *)&any, sizeof(any)) == 0 && listen(fds[2], 5) == 0 &&
                getsockname(fds[2], (struct sockaddr *)&any, &length) == 0,
            "listen");
    send_fds(pair[0], fds, 3);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    require(connect(client, (struct sockaddr *)&any, sizeof(any)) == 0, "connect");
    require(waitpid(child, &status, 0) == child && status == 0, "the child");
    expect("path write %s", in_scratch("passed"));
    expect("address send AF_INET 127.0.0.1 13 ok");
    expect("address accept AF_INET 127.0.0.1 0 ok");
    expect("socket AF_INET SOCK_DGRAM 17 inherited ok");
}

/* As a socket unit does it: the listener is there before the program is. */
static void case_activation(void)
{
    char self[4096];
    struct sockaddr_in any = loopback(0);
    socklen_t length = sizeof(any);
    int status, listener = socket(AF_INET, SOCK_STREAM, 0);

    require(bind(listener, (struct sockaddr *)&any, sizeof(any)) == 0 && listen(listener, 5) == 0 &&
                getsockname(listener, (struct sockaddr *)&any, &length) == 0,
            "listen");
    ssize_t got = readlink("/proc/self/exe", self, sizeof(self) - 1);
    require(got > 0, "readlink");
    self[got] = '\0';
    pid_t child = fork();
    if (child == 0) {
        require(dup2(listener, 3) == 3, "dup2");
        execl(self, self, "activated", scratch(), (char *)NULL);
        _exit(1);
    }
    int client = socket(AF_INET, SOCK_STREAM, 0);
    require(connect(client, (struct sockaddr *)&any, sizeof(any)) == 0, "connect");
    require(waitpid(child, &status, 0) == child && status == 0, "the service");
}

static void case_activated(void)
{
    require(accept4(3, NULL, NULL, 0) >= 0, "accept4");
    expect("address accept AF_INET 127.0.0.1 0 ok");
    expect("socket AF_INET SOCK_STREAM 6 accepted ok");
}

/* Copies of a descriptor are the same socket, with the same peer. */
static void case_dup(void)
{
    int ways[4];

    for (unsigned i = 0; i < 4; i++) {
        struct sockaddr_in peer = loopback(20 + i);
        int fd = socket(AF_INET, SOCK_DGRAM, 0);
        require(connect(fd, (struct sockaddr *)&peer, sizeof(peer)) == 0, "connect");
        ways[0] = i == 0 ? dup(fd) : 0;
        ways[1] = i == 1 ? dup2(fd, 50) : 0;
        ways[2] = i == 2 ? dup3(fd, 51, O_CLOEXEC) : 0;
        ways[3] = i == 3 ? fcntl(fd, F_DUPFD_CLOEXEC, 52) : 0;
        close(fd);
        require(ways[i] > 0 && write(ways[i], "x", 1) == 1, "write");
        expect("address send AF_INET 127.0.0.1 %u ok", 20 + i);
    }
    /* The number is used again for something else. */
    close(50);
    make_file("file");
    int fd = open("file", O_WRONLY);
    require(dup2(fd, 50) == 50 && write(50, "x", 1) == 1, "write");
}

const struct tracee_case race_cases[] = {
    { "race", case_race, false },
    { "long-path", case_long_path, false },
    { "deep", case_deep, false },
    { "links", case_links, false },
    { "scm-rights", case_scm_rights, false },
    { "activation", case_activation, false },
    { "dup", case_dup, false },
    { NULL, NULL, false },
};

const struct tracee_case helper_cases[] = {
    { "activated", case_activated, false },
    { "open-the-others", case_open_the_others, false },
    { NULL, NULL, false },
};
