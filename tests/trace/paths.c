// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracee.h"
#include <dirent.h>
#include <linux/openat2.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <utime.h>

static void case_open(void)
{
    make_file("made");
    expect("path create %s", in_scratch("made"));
    expect("path write %s", in_scratch("made"));
    close(open("made", O_RDONLY));
    expect("path read %s", in_scratch("made"));
    require(open("absent", O_RDONLY) < 0, "absent");
    expect("failed read %s ENOENT", in_scratch("absent"));
    expect("no path read %s", in_scratch("absent"));
    require(open("absent/deep", O_WRONLY | O_CREAT, 0600) < 0, "absent/deep");
    expect("failed create %s ENOENT", in_scratch("absent/deep"));
    require(open("made", O_WRONLY | O_CREAT | O_EXCL, 0600) < 0, "O_EXCL");
    expect("failed write %s EEXIST", in_scratch("made"));
    int fd = open(".", O_PATH);
    require(fd >= 0 && openat(fd, "made", O_RDWR) >= 0, "openat");
    expect("path stat %s", scratch());
    struct open_how how = { .flags = O_RDONLY };
    require(syscall(SYS_openat2, fd, "../../", &how, sizeof(how)) >= 0, "openat2");
    expect("syscall x86_64 openat2");
}

static void case_symlinks(void)
{
    struct stat st;

    mkdir("real", 0755);
    make_file("real/file");
    require(symlink("real", "link") == 0 && symlink("link/file", "second") == 0, "symlink");
    close(open("second", O_RDONLY));
    expect("path read %s -> %s", in_scratch("real/file"), in_scratch("second"));
    expect("path link %s", in_scratch("second"));
    expect("path link %s", in_scratch("link"));
    require(symlink("loop", "loop") == 0 && open("loop", O_RDONLY) < 0, "loop");
    expect("failed read %s ELOOP", in_scratch("loop"));
    require(lstat("link", &st) == 0, "lstat");
    expect("path stat %s", in_scratch("link"));
    require(open("second", O_RDONLY | O_NOFOLLOW) < 0, "O_NOFOLLOW");
    expect("failed read %s ELOOP", in_scratch("second"));
}

static void case_changes(void)
{
    make_file("a");
    require(rename("a", "b") == 0, "rename");
    expect("path delete %s", in_scratch("a"));
    expect("path create %s", in_scratch("b"));
    require(syscall(SYS_renameat2, AT_FDCWD, "b", AT_FDCWD, "c", 1) == 0, "renameat2");
    expect("path create %s", in_scratch("c"));
    require(link("c", "d") == 0, "link");
    expect("path create %s", in_scratch("d"));
    require(chmod("c", 0640) == 0, "chmod");
    expect("path write %s", in_scratch("c"));
    require(truncate("d", 1) == 0, "truncate");
    expect("path write %s", in_scratch("d"));
    require(mkdir("dir", 0755) == 0 && rmdir("dir") == 0, "mkdir");
    expect("path create %s", in_scratch("dir"));
    expect("path delete %s", in_scratch("dir"));
    require(unlink("d") == 0, "unlink");
    expect("path delete %s", in_scratch("d"));
    require(unlink("absent") < 0, "absent");
    expect("failed delete %s ENOENT", in_scratch("absent"));
    require(symlink("c", "s") == 0 && unlink("s") == 0, "symlink");
    expect("path create %s", in_scratch("s"));
    require(mkfifo("fifo", 0600) == 0, "mkfifo");
    expect("path create %s", in_scratch("fifo"));
    require(utime("c", NULL) == 0, "utime");
    require(chmod("c", 02644) == 0, "chmod set-id");
    expect("argument setid-mode 02644");
}

static void case_cwd(void)
{
    mkdir("sub", 0755);
    make_file("sub/file");
    require(chdir("sub") == 0, "chdir");
    expect("path stat %s", in_scratch("sub"));
    close(open("../sub/./file", O_RDONLY));
    expect("path read %s", in_scratch("sub/file"));
    int fd = open("..", O_RDONLY | O_DIRECTORY);
    require(fchdir(fd) == 0, "fchdir");
    make_file("back");
    expect("path create %s", in_scratch("back"));
}

static void case_listing(void)
{
    mkdir("dir", 0755);
    make_file("dir/entry");
    DIR *dir = opendir("dir");
    require(dir && readdir(dir), "readdir");
    closedir(dir);
    expect("path list %s", in_scratch("dir"));
    int watch = inotify_init1(IN_CLOEXEC);
    require(inotify_add_watch(watch, "dir", IN_CREATE) >= 0, "inotify_add_watch");
}

static void case_names(void)
{
    char name[256];
    char *longer = malloc(5000);

    make_file("new\nline");
    expect("path create %s\\x0aline", in_scratch("new"));
    make_file("\xff\xfe");
    expect("path create %s/\\xff\\xfe", scratch());
    make_file("back\\slash \"quoted\" %n $x");
    expect("path create %s/back\\\\slash \"quoted\" %%n $x", scratch());
    memset(name, 'n', 255);
    name[255] = '\0';
    make_file(name);
    expect("path create %s/%s", scratch(), name);
    memset(longer, '/', 5000);
    longer[4999] = '\0';
    require(open(longer, O_RDONLY) < 0 && errno == ENAMETOOLONG, "a path of 4999 bytes");
}

static void case_stat(void)
{
    struct stat st;
    struct statx stx;
    char buffer[64];

    make_file("file");
    require(symlink("file", "link") == 0 && stat("file", &st) == 0, "stat");
    require(statx(AT_FDCWD, "file", 0, STATX_BASIC_STATS, &stx) == 0, "statx");
    require(access("file", R_OK) == 0 && faccessat(AT_FDCWD, "file", R_OK, AT_EACCESS) == 0,
            "access");
    expect("path stat %s", in_scratch("file"));
    require(readlink("link", buffer, sizeof(buffer)) == 4, "readlink");
    expect("path stat %s", in_scratch("link"));
    require(setxattr("absent", "user.x", "y", 1, 0) < 0, "setxattr");
    expect("failed write %s ENOENT", in_scratch("absent"));
    close(open("/proc/self/status", O_RDONLY));
    expect("path read /proc/self/status");
    snprintf(buffer, sizeof(buffer), "/proc/%d/cmdline", getpid());
    close(open(buffer, O_RDONLY));
    expect("path read /proc/self/cmdline");
    close(open("/proc/1/cmdline", O_RDONLY));
    expect("path read /proc/<pid>/cmdline");
}

static void case_chroot(void)
{
    mkdir("jail", 0755);
    make_file("jail/inside");
    require(symlink("/inside", "jail/absolute") == 0, "symlink");
    require(chroot("jail") == 0 && chdir("/") == 0, "chroot");
    close(open("/inside", O_RDONLY));
    expect("path read %s", in_scratch("jail/inside"));
    close(open("/../../absolute", O_RDONLY));
    expect("path link %s", in_scratch("jail/absolute"));
    expect("syscall x86_64 chroot");
}

const struct tracee_case path_cases[] = {
    { "open", case_open, false },
    { "symlinks", case_symlinks, false },
    { "changes", case_changes, false },
    { "cwd", case_cwd, false },
    { "listing", case_listing, false },
    { "names", case_names, false },
    { "stat", case_stat, false },
    { "chroot", case_chroot, true },
    { NULL, NULL, false },
};
