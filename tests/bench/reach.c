// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * reach calls|look: what a process in this sandbox can get at, counted. Static, so that it runs
 * where no library is. Lines NAME, tab, value:
 *     calls   every system call of x86_64, made with arguments that do nothing, and its errno:
 *             "NUMBER ERRNO". A sandbox that is asked answers refused calls with an errno that no
 *             call gives by itself (SystemCallErrorNumber=EXFULL)
 *     look    host files readable, writable and executable; address families; addresses a
 *             datagram leaves to; capabilities of the bounding set; processes in /proc
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if !defined(__x86_64__)
#error "the numbers below are those of x86_64"
#endif

/* ---- system calls ------------------------------------------------------------------------------
 */

/* They end, stop or change the caller whatever the arguments are; uretprobe and uprobe kill. */
static int is_untried(long number)
{
    static const long untried[] = { SYS_rt_sigreturn, SYS_pause, SYS_fork, SYS_vfork, SYS_exit,
                                    SYS_exit_group,   SYS_sync,  335,      336 };

    for (size_t i = 0; i < sizeof(untried) / sizeof(untried[0]); i++)
        if (untried[i] == number)
            return 1;
    return 0;
}

/* -1 is no file, no process, no flag, no memory: what is let through fails or changes nothing that
 * matters to a process that is about to end. */
static void ask_calls(void)
{
    for (long number = 0; number < 480; number++) {
        if (number == 335)
            number = 424;
        if (is_untried(number)) {
            printf("%ld untried\n", number);
            continue;
        }
        long result = syscall(number, -1L, -1L, -1L, -1L, -1L, -1L);
        printf("%ld %d\n", number, result == -1 ? errno : 0);
    }
}

/* ---- files -------------------------------------------------------------------------------------
 */

struct walk {
    char path[4096];
    unsigned readable, writable, executable;
};

static void walk_directory(struct walk *walk, int parent, const char *name, int depth);

static void walk_entry(struct walk *walk, int parent, const char *name, int depth)
{
    struct stat about;
    size_t length = strlen(walk->path);

    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        length + strlen(name) + 2 > sizeof(walk->path))
        return;
    sprintf(walk->path + length, "%s%s", length > 1 ? "/" : "", name);
    if (strcmp(walk->path, "/proc") != 0 && strcmp(walk->path, "/sys") != 0 &&
        strncmp(walk->path, "/rig", 4) != 0 &&
        fstatat(parent, name, &about, AT_SYMLINK_NOFOLLOW) == 0) {
        if (S_ISREG(about.st_mode)) {
            walk->readable += faccessat(parent, name, R_OK, AT_EACCESS) == 0;
            walk->writable += faccessat(parent, name, W_OK, AT_EACCESS) == 0;
            walk->executable += faccessat(parent, name, X_OK, AT_EACCESS) == 0;
        } else if (S_ISDIR(about.st_mode) && depth < 48) {
            walk_directory(walk, parent, name, depth + 1);
        }
    }
    walk->path[length] = '\0';
}

static void walk_directory(struct walk *walk, int parent, const char *name, int depth)
{
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

/* ---- the rest ----------------------------------------------------------------------------------
 */

static int count_families(void)
{
    static const int types[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_RAW };
    int families = 0;

    for (int family = 1; family < AF_MAX; family++)
        for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
            int fd = socket(family, types[i] | SOCK_CLOEXEC, 0);
            if (fd < 0)
                continue;
            close(fd);
            families++;
            break;
        }
    return families;
}

/* The addresses of the rig's network, and one that is nobody's but has a route: this machine has
 * no other. */
static int count_addresses(void)
{
    static const char *const addresses[] = { "127.0.0.1", "10.99.0.1", "10.99.0.2", "::1",
                                             "fd99::1" };
    int reached = 0;

    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(9) };
        struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
        int is_6 = strchr(addresses[i], ':') != NULL;
        void *address = is_6 ? (void *)&in6.sin6_addr : (void *)&in.sin_addr;
        inet_pton(is_6 ? AF_INET6 : AF_INET, addresses[i], address);
        int fd = socket(is_6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
            continue;
        reached += sendto(fd, "?", 1, MSG_NOSIGNAL,
                          is_6 ? (struct sockaddr *)&in6 : (struct sockaddr *)&in,
                          is_6 ? sizeof(in6) : sizeof(in)) == 1;
        close(fd);
    }
    return reached;
}

static int count_capabilities(void)
{
    int held = 0;

    for (unsigned long capability = 0; capability < 64; capability++)
        held += prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1;
    return held;
}

static int count_processes(void)
{
    DIR *proc = opendir("/proc");
    int processes = 0;

    if (!proc)
        return 0;
    for (struct dirent *entry; (entry = readdir(proc));)
        processes += isdigit((unsigned char)entry->d_name[0]) ? 1 : 0;
    closedir(proc);
    return processes;
}

static void ask_look(void)
{
    struct walk walk = { .path = "/" };

    walk_directory(&walk, AT_FDCWD, "/", 0);
    printf("readable\t%u\nwritable\t%u\nexecutable\t%u\n", walk.readable, walk.writable,
           walk.executable);
    printf("families\t%d\naddresses\t%d\n", count_families(), count_addresses());
    printf("capabilities\t%d\nprocesses\t%d\n", count_capabilities(), count_processes());
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "calls") == 0)
        ask_calls();
    else if (argc == 2 && strcmp(argv[1], "look") == 0)
        ask_look();
    else
        return 2;
    printf("end\t1\n");
    return fflush(stdout) == 0 ? 0 : 1;
}
