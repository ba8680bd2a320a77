// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a tracer's memory may not depend on.
 *     subject files DIRECTORY COUNT     makes, reads and looks at COUNT files in a directory
 *     subject tree DIRECTORY COUNT      the same, spread over 1000 subdirectories
 *     subject events DIRECTORY COUNT    opens 400 files again and again: COUNT calls in all
 *     subject clients DIRECTORY COUNT   sends to as many addresses of this machine
 *     subject ids DIRECTORY COUNT       gives a file to as many users, asks for as many unknown
 *                                       requests, calls and protocols
 *     subject programs DIRECTORY COUNT  makes, executes and removes as many programs
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BRANCHES 1000
#define KNOWN    400
#define IDLE     49 /* calls that name nothing, for each that does */

static void use_file(const char *path)
{
    struct stat st;
    char byte = 'x';
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, &byte, 1) != 1 || close(fd) < 0 || stat(path, &st) < 0) {
        perror(path);
        exit(1);
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &byte, 1) != 1 || close(fd) < 0)
        exit(1);
}

static void make_branches(const char *directory)
{
    char path[4096];

    for (int i = 0; i < BRANCHES; i++) {
        snprintf(path, sizeof(path), "%s/%03d", directory, i);
        if (mkdir(path, 0700) < 0)
            exit(1);
    }
}

static void use_files(const char *directory, long count, int is_tree)
{
    char path[4096];

    if (is_tree)
        make_branches(directory);
    for (long i = 0; i < count; i++) {
        if (is_tree)
            snprintf(path, sizeof(path), "%s/%03ld/%ld", directory, i % BRANCHES, i);
        else
            snprintf(path, sizeof(path), "%s/%ld", directory, i);
        use_file(path);
    }
}

static void make_events(const char *directory, long count)
{
    char path[4096];
    struct stat st;

    for (long i = 0; i < count / (IDLE + 1); i++) {
        snprintf(path, sizeof(path), "%s/%ld", directory, i % KNOWN);
        if (i < KNOWN)
            use_file(path);
        if (stat(path, &st) < 0)
            exit(1);
        for (int idle = 0; idle < IDLE; idle++)
            (void)getppid();
    }
}

static void use_addresses(long count)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    for (long i = 0; i < count; i++) {
        struct sockaddr_in to = { .sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)(1024 + i % 50000)),
                                  .sin_addr.s_addr = htonl(0x7f000001u + (uint32_t)i) };
        if (sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) != 1 && errno != ECONNREFUSED)
            exit(1);
    }
}

static void use_ids(const char *directory, long count)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/file", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    for (long i = 0; i < count; i++) {
        if (fchown(fd, (uid_t)i, (gid_t)i) < 0 && errno != EPERM)
            exit(1);
        (void)ioctl(fd, 0x40000000ul + (unsigned long)i, 0);
        (void)socket(AF_INET, SOCK_RAW, (int)i + 300);
        (void)syscall(100000 + i);
    }
}

static void use_programs(const char *directory, long count)
{
    char path[4096], *const arguments[] = { path, NULL };
    int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), status;
    struct stat st;

    if (fstat(self, &st) < 0)
        exit(1);
    for (long i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "%s/%ld", directory, i);
        off_t at = 0;
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
        if (fd < 0 || sendfile(fd, self, &at, (size_t)st.st_size) != st.st_size || close(fd) < 0)
            exit(1);
        pid_t child = fork();
        if (child == 0) {
            execv(path, arguments);
            _exit(1);
        }
        /* Without arguments it says so. */
        if (waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 2 || unlink(path) < 0)
            exit(1);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    if (strcmp(argv[1], "events") == 0)
        make_events(argv[2], atol(argv[3]));
    else if (strcmp(argv[1], "clients") == 0)
        use_addresses(atol(argv[3]));
    else if (strcmp(argv[1], "ids") == 0)
        use_ids(argv[2], atol(argv[3]));
    else if (strcmp(argv[1], "programs") == 0)
        use_programs(argv[2], atol(argv[3]));
    else
        use_files(argv[2], atol(argv[3]), strcmp(argv[1], "tree") == 0);
    return 0;
}
