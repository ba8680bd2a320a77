// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * probe QUESTION...: asks the kernel what a process in this sandbox can still do. Static, so that
 * it runs where no library is; needs no /proc. One line an answer, QUESTION and what came of it:
 *
 *     call:NAME            the system call made with harmless arguments: its errno's name or "ok"
 *     family:AF_NAME       a socket of that family
 *     peer:udp:ADDR:PORT   one datagram sent ("ok": it left)        peer:tcp:...  one connection
 *     bind:udp:ADDR:PORT   a socket bound there                     bind:tcp:...
 * made read:PATH            opened for reading                       list:PATH     opened as
 * directory write:PATH           opened for writing, made if missing (and then removed again)
 *     memory               a mapping both writable and executable
 *     proc                 processes visible in /proc
 *     walk                 every file and directory below /, except /proc and /sys: lines "r PATH",
 *                          "w PATH" (a file), "d PATH" (a directory one may write in), then totals
 *     keyring: ipc: umask: owner: chown: setid: mode: mount: namespace: policy: new-privileges:
 * pid: foreign:             see own.c mark:NAME            makes the audit log record a refusal
 * under that process name
 */
#include "probe.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    PEER_TIMEOUT_MS = 600,
    WALK_DEPTH_LIMIT = 48,
    WALK_PATHS_PRINTED = 20000,
    MARK_CALL = 0xc1c1
};

const char *probe_answer(int error)
{
    return error ? strerrorname_np(error) : "ok";
}

/* ---- system calls: none of these fails with EPERM by itself -------------------------------------
 */

static const struct {
    const char *name;
    long number;
    long argument;
} CALLS[] = {
    { "memfd_create", SYS_memfd_create, 0 },
    { "mincore", SYS_mincore, 1 },
    { "inotify_init1", SYS_inotify_init1, -1 },
    { "process_vm_readv", SYS_process_vm_readv, -1 },
    { "personality", SYS_personality, 0xffffffff },
    { "keyctl", SYS_keyctl, -1 },
    { "unshare", SYS_unshare, 0 },
    { "mq_open", SYS_mq_open, 0 },
    { "shmget", SYS_shmget, 0 },
    { "adjtimex", SYS_adjtimex, 0 },
    { "syslog", SYS_syslog, -1 },
    { "finit_module", SYS_finit_module, -1 },
    /* Newer than the headers this may be built with; the numbers are those of every ABI. */
    { "landlock_create_ruleset", 444, 0 },
    { "listmount", 458, 0 },
    { "mseal", 462, 1 },
    { "unknown", 600, 0 },
};

static const char *ask_call(const char *name)
{
    for (size_t i = 0; i < sizeof(CALLS) / sizeof(CALLS[0]); i++) {
        if (strcmp(CALLS[i].name, name) != 0)
            continue;
        long result = syscall(CALLS[i].number, CALLS[i].argument, 0, 0, 0, 0, 0);
        return probe_answer(result < 0 ? errno : 0);
    }
    return "unknown to the probe";
}

/* ---- sockets ------------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    int family;
    int type;
} FAMILIES[] = {
    { "AF_UNIX", AF_UNIX, SOCK_STREAM },    { "AF_INET", AF_INET, SOCK_STREAM },
    { "AF_INET6", AF_INET6, SOCK_STREAM },  { "AF_NETLINK", AF_NETLINK, SOCK_RAW },
    { "AF_PACKET", AF_PACKET, SOCK_DGRAM }, { "AF_VSOCK", AF_VSOCK, SOCK_STREAM },
    { "AF_ALG", AF_ALG, SOCK_SEQPACKET },
};

static const char *ask_family(const char *name)
{
    for (size_t i = 0; i < sizeof(FAMILIES) / sizeof(FAMILIES[0]); i++) {
        if (strcmp(FAMILIES[i].name, name) != 0)
            continue;
        int fd = socket(FAMILIES[i].family, FAMILIES[i].type | SOCK_CLOEXEC, 0);
        int error = fd < 0 ? errno : 0;
        if (fd >= 0)
            close(fd);
        return probe_answer(error);
    }
    return "unknown to the probe";
}

static int address_parse(const char *text, struct sockaddr_storage *ret_address)
{
    char host[64];
    const char *colon = strrchr(text, ':');
    struct sockaddr_storage address = { 0 };
    struct sockaddr_in *in = (struct sockaddr_in *)&address;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address;

    if (!colon || (size_t)(colon - text) >= sizeof(host))
        return -EINVAL;
    snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
    in_port_t port = htons((in_port_t)strtoul(colon + 1, NULL, 10));
    if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = port;
    } else if (inet_pton(AF_INET6, host, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = port;
    } else {
        return -EINVAL;
    }
    *ret_address = address;
    return 0;
}

static int connect_wait(int fd)
{
    struct pollfd wanted = { .fd = fd, .events = POLLOUT };
    int error = 0;
    socklen_t length = sizeof(error);

    int ready = poll(&wanted, 1, PEER_TIMEOUT_MS);
    if (ready == 0)
        return ETIMEDOUT;
    if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
        return errno;
    return error;
}

static const char *ask_peer(const char *text)
{
    struct sockaddr_storage address;
    int tcp = strncmp(text, "tcp:", 4) == 0;

    if (strlen(text) < 5 || address_parse(text + 4, &address) < 0)
        return "unknown to the probe";
    int fd = socket(address.ss_family, (tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return probe_answer(errno);
    int error = connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? errno : 0;
    if (error == EINPROGRESS)
        error = connect_wait(fd);
    if (!error && !tcp && send(fd, "?", 1, MSG_NOSIGNAL) < 0)
        error = errno;
    close(fd);
    return probe_answer(error);
}

static const char *ask_bind(const char *text)
{
    struct sockaddr_storage address;
    int type = strncmp(text, "tcp:", 4) == 0 ? SOCK_STREAM : SOCK_DGRAM;

    if (strlen(text) < 5 || address_parse(text + 4, &address) < 0)
        return "unknown to the probe";
    int fd = socket(address.ss_family, type, 0);
    if (fd < 0)
        return probe_answer(errno);
    int error = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? errno : 0;
    close(fd);
    return probe_answer(error);
}

/* ---- files --------------------------------------------------------------------------------------
 */

static const char *ask_open(const char *path, int flags)
{
    /* The mode is said even where nothing is made: RestrictSUIDSGID= looks at it. */
    int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    int error = fd < 0 ? errno : 0;

    if (fd >= 0)
        close(fd);
    return probe_answer(error);
}

static const char *ask_write(const char *path)
{
    const char *existing = ask_open(path, O_WRONLY);

    if (strcmp(existing, "ENOENT") != 0)
        return existing;
    const char *made = ask_open(path, O_WRONLY | O_CREAT | O_EXCL);
    if (strcmp(made, "ok") == 0)
        unlink(path);
    return made;
}

static const char *ask_memory(void)
{
    void *mapping =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (mapping == MAP_FAILED)
        return probe_answer(errno);
    munmap(mapping, 4096);
    return "ok";
}

static void ask_proc(void)
{
    DIR *proc = opendir("/proc");
    int processes = 0;

    if (!proc) {
        printf("proc\t%s\n", probe_answer(errno));
        return;
    }
    for (struct dirent *entry; (entry = readdir(proc));)
        processes += isdigit((unsigned char)entry->d_name[0]) ? 1 : 0;
    closedir(proc);
    printf("proc\t%d\n", processes);
}

struct walk {
    char path[4096];
    unsigned files_readable, files_writable, directories_writable, printed;
};

static void walk_say(struct walk *walk, char what)
{
    /* What is writable is always said: that is what must not be much. */
    if (what != 'r' || walk->printed++ < WALK_PATHS_PRINTED)
        printf("%c %s\n", what, walk->path);
}

static void walk_file(struct walk *walk, int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0) {
        close(fd);
        walk->files_readable++;
        walk_say(walk, 'r');
    }
    /* Asked, not opened: an overlay copies a whole file up when it is opened for writing. */
    if (faccessat(parent, name, W_OK, AT_EACCESS) == 0) {
        walk->files_writable++;
        walk_say(walk, 'w');
    }
}

static void walk_directory(struct walk *walk, int parent, const char *name, int depth);

static void walk_entry(struct walk *walk, int parent, const char *name, int depth)
{
    struct stat about;
    size_t length = strlen(walk->path);

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return;
    if (length + strlen(name) + 2 > sizeof(walk->path))
        return;
    sprintf(walk->path + length, "%s%s", length > 1 ? "/" : "", name);
    if (strcmp(walk->path, "/proc") != 0 && strcmp(walk->path, "/sys") != 0 &&
        fstatat(parent, name, &about, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISREG(about.st_mode))
            walk_file(walk, parent, name);
        else if (S_ISDIR(about.st_mode) && depth < WALK_DEPTH_LIMIT)
            walk_directory(walk, parent, name, depth + 1);
    }
    walk->path[length] = '\0';
}

static void walk_directory(struct walk *walk, int parent, const char *name, int depth)
{
    if (faccessat(parent, name, W_OK | X_OK, AT_EACCESS) == 0) {
        walk->directories_writable++;
        walk_say(walk, 'd');
    }
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory));)
        walk_entry(walk, fd, entry->d_name, depth);
    closedir(directory);
}

static void ask_walk(void)
{
    struct walk walk = { .path = "/" };

    walk_directory(&walk, AT_FDCWD, "/", 0);
    printf("files-readable\t%u\nfiles-writable\t%u\ndirectories-writable\t%u\n",
           walk.files_readable, walk.files_writable, walk.directories_writable);
}

/* ---- the mark: a refusal of our own, so that a reader of the audit log knows how far it has read
 * -- */

static const char *ask_mark(const char *name)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MARK_CALL, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

    prctl(PR_SET_NAME, name, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &program) < 0)
        return probe_answer(errno);
    return probe_answer(syscall(MARK_CALL) < 0 ? errno : 0);
}

/* ---- questions ----------------------------------------------------------------------------------
 */

static const char *ask_read(const char *path)
{
    return ask_open(path, O_RDONLY);
}

static const char *ask_list(const char *path)
{
    return ask_open(path, O_RDONLY | O_DIRECTORY);
}

static const struct {
    const char *prefix;
    const char *(*ask)(const char *subject);
} QUESTIONS[] = {
    { "call:", ask_call },   { "family:", ask_family }, { "peer:", ask_peer },
    { "bind:", ask_bind },   { "read:", ask_read },     { "list:", ask_list },
    { "write:", ask_write }, { "mark:", ask_mark },
};

static int ask(const char *question)
{
    for (size_t i = 0; i < sizeof(QUESTIONS) / sizeof(QUESTIONS[0]); i++) {
        size_t length = strlen(QUESTIONS[i].prefix);
        if (strncmp(question, QUESTIONS[i].prefix, length) == 0) {
            printf("%s\t%s\n", question, QUESTIONS[i].ask(question + length));
            return 0;
        }
    }
    const char *own = probe_ask_own(question);
    if (own)
        printf("%s\t%s\n", question, own);
    else if (strcmp(question, "memory") == 0)
        printf("memory\t%s\n", ask_memory());
    else if (strcmp(question, "proc") == 0)
        ask_proc();
    else if (strcmp(question, "walk") == 0)
        ask_walk();
    else
        return 2;
    return 0;
}

int main(int argc, char **argv)
{
    int result = 0;

    /* Said first and at once: without it a probe that was killed at its start looks like a refusal.
     * (dprintf(3) would ask lseek(2) first, and be silent where that is refused.) */
    printf("probe\tstarted\n");
    fflush(stdout);
    for (int i = 1; i < argc; i++) {
        int asked = ask(argv[i]);
        if (asked)
            printf("%s\tunknown question\n", argv[i]);
        result = asked ? asked : result;
        fflush(stdout);
    }
    return result;
}
