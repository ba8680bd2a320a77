// SPDX-License-Identifier: LGPL-2.1-or-later
/* Calls that take a path, by old and new ways, and names that are not plain. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

static int named_socket(const char *path, int (*use)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    strcpy(address.sun_path, path);
    int result = use(fd, (const struct sockaddr *)&address, sizeof(address));
    if (result == 0)
        listen(fd, 1);
    return result;
}

static int make_things(int directory)
{
    if (mkdirat(directory, "inner", 0700) < 0 || mknod("fifo", S_IFIFO | 0600, 0) < 0 ||
        mknodat(directory, "fifo", S_IFIFO | 0600, 0) < 0 ||
        symlinkat("inner", directory, "in") < 0)
        return 1;
    if (named_socket("socket", bind) < 0 || named_socket("sub/in/socket", bind) < 0 ||
        named_socket("socket", connect) < 0 || named_socket("absent/socket", connect) == 0 ||
        named_socket("fifo", connect) == 0 || named_socket("socket", bind) == 0)
        return 1;
    return 0;
}

static void change_things(int directory)
{
    struct utimbuf times = { 1, 1 };

    chmod("fifo", 0640);
    fchmodat(directory, "fifo", 0640, 0);
    chown("fifo", -1, -1);
    lchown("sub/in", -1, -1);
    fchownat(directory, "absent", -1, -1, 0);
    utime("fifo", &times);
    utimensat(directory, "fifo", NULL, AT_SYMLINK_NOFOLLOW);
    lsetxattr("absent", "user.x", "", 0, 0);
    removexattr("fifo", "user.x");
    truncate("sub", 0);
}

static void ask_of_things(int directory)
{
    struct statfs system;
    struct statx extended;
    char text[64];

    statfs("sub/in/../fifo", &system);
    statx(directory, "in", AT_SYMLINK_NOFOLLOW, STATX_SIZE, &extended);
    statx(directory, "", AT_EMPTY_PATH, STATX_SIZE, &extended);
    faccessat(directory, "in", W_OK, 0);
    access("sub/./in//socket", X_OK);
    readlinkat(directory, "in", text, sizeof(text));
    readlink("fifo", text, sizeof(text));
    readlink("/proc/self/exe", text, sizeof(text));
    llistxattr("sub/in", text, sizeof(text));
    inotify_add_watch(inotify_init1(0), "sub", IN_CREATE);
    access("odd \xff\n\"\\ name", F_OK);
    access("comma, (bracket> {", F_OK);
}

static void move_things(int directory)
{
    renameat(directory, "fifo", AT_FDCWD, "moved");
    rename("moved", "absent/moved");
    syscall(SYS_renameat2, AT_FDCWD, "moved", directory, "fifo", 0);
    linkat(directory, "fifo", AT_FDCWD, "linked", 0);
    link("absent", "linked2");
    unlink("linked");
    unlink("linked");
    unlinkat(directory, "inner", AT_REMOVEDIR);
    rmdir("sub");
}

static void run_things(void)
{
    char *const arguments[] = { "true", NULL };
    char *const environment[] = { NULL };

    if (fork() == 0) {
        execve("absent/program", arguments, environment);
        execve("fifo", arguments, environment);
        int directory = open("/usr/bin", O_PATH | O_DIRECTORY);
        syscall(SYS_execveat, directory, "true", arguments, environment, 0);
        _exit(1);
    }
    wait(NULL);
}

int main(void)
{
    if (mkdir("sub", 0700) < 0)
        return 1;
    int directory = open("sub", O_PATH | O_DIRECTORY);
    if (make_things(directory) != 0)
        return 1;
    change_things(directory);
    ask_of_things(directory);
    move_things(directory);
    run_things();
    if (chdir("sub/inner") < 0 || chdir("absent") == 0 || fchdir(directory) < 0 || chdir("..") < 0)
        return 1;
    return open("sub/in/socket", O_RDWR) >= 0 || errno != ENXIO;
}
