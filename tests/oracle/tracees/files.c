// SPDX-License-Identifier: LGPL-2.1-or-later
/* Path calls, good and bad, old and new, in the current directory. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static void open_how_flags(void)
{
    struct {
        unsigned long long flags, mode, resolve;
    } how = { O_RDONLY, 0, 0 };

    long fd = syscall(SYS_openat2, AT_FDCWD, "link", &how, sizeof(how));
    if (fd >= 0)
        close((int)fd);
}

int main(void)
{
    char target[64];
    struct stat info;
    int fd = open("file", O_CREAT | O_WRONLY | O_TRUNC, 0600);

    if (fd < 0 || write(fd, "x", 1) != 1 || ftruncate(fd, 0) < 0 || fchmod(fd, 0640) < 0)
        return 1;
    close(fd);
    if (mkdir("sub", 0700) < 0 || symlink("sub/../file", "link") < 0 || link("file", "hard") < 0)
        return 1;
    int directory = open("sub", O_PATH | O_DIRECTORY);
    if (linkat(AT_FDCWD, "hard", directory, "hard", 0) < 0 || mkfifoat(directory, "fifo", 0600) < 0)
        return 1;
    open_how_flags();
    if (rename("hard", "moved") < 0 || unlink("moved") < 0 || readlink("link", target, 64) < 0)
        return 1;
    if (lstat("absent", &info) == 0 || access("absent/below", R_OK) == 0 || rmdir("sub") == 0)
        return 1;
    if (chdir("sub") < 0 || truncate("hard", 3) < 0 || getcwd(target, sizeof(target)) == NULL)
        return 1;
    setxattr("hard", "user.cinch", "1", 1, 0);
    getxattr("hard", "user.cinch", target, sizeof(target));
    syscall(SYS_faccessat2, directory, "hard", R_OK, AT_EACCESS);
    syscall(SYS_renameat2, directory, "hard", directory, "fifo", 1 /* RENAME_NOREPLACE */);
    utimensat(directory, "hard", NULL, 0);
    return unlinkat(directory, "hard", 0) < 0;
}
