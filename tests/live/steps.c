// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * steps STEP...: a service that does one thing after the other and fails at the first that fails,
 * as services do that never heard of EXDEV or EROFS. Static, so that it needs no library.
 *
 *     read:FILE  write:FILE (made if missing)  append:FILE (must be there)  make:DIRECTORY
 *     ensure:DIRECTORY (made, or there already) *     remove:FILE  list:DIRECTORY  look:PATH
 * rename:FROM:TO  link:FROM:TO run:PROGRAM  map:FILE (mapped executable) absent:PATH  (must not be
 * there)  pid:FILE (its own process id, written)  has:FILE:TEXT (contains it)  call:SOCKET
 *     await:FILE (until it is there, for some seconds)  lacks:FILE:TEXT  dated:PATH:SECONDS (its
 * mtime) fresh:FILE and serve:SOCKET (made anew: removed before, when it is there)
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int opened(const char *path, int flags, const char *text)
{
    int fd = open(path, flags | O_CLOEXEC, 0644);

    if (fd < 0)
        return -1;
    ssize_t length = text ? write(fd, text, strlen(text)) : 0;
    close(fd);
    return length < 0 ? -1 : 0;
}

static int do_read(const char *path, const char *other)
{
    (void)other;
    return opened(path, O_RDONLY, NULL);
}

static int do_write(const char *path, const char *other)
{
    (void)other;
    return opened(path, O_WRONLY | O_CREAT | O_TRUNC, "x\n");
}

static int do_append(const char *path, const char *other)
{
    (void)other;
    return opened(path, O_WRONLY | O_APPEND, "x\n");
}

static int do_pid(const char *path, const char *other)
{
    char text[32];

    (void)other;
    snprintf(text, sizeof(text), "%d\n", (int)getpid());
    return opened(path, O_WRONLY | O_CREAT | O_TRUNC, text);
}

static int do_make(const char *path, const char *other)
{
    (void)other;
    return mkdir(path, 0755);
}

static int do_ensure(const char *path, const char *other)
{
    return do_make(path, other) < 0 && errno != EEXIST ? -1 : 0;
}

static int do_remove(const char *path, const char *other)
{
    (void)other;
    return unlink(path);
}

static int do_list(const char *path, const char *other)
{
    DIR *directory = opendir(path);

    (void)other;
    if (!directory)
        return -1;
    while (readdir(directory))
        ;
    closedir(directory);
    return 0;
}

static int do_look(const char *path, const char *other)
{
    struct stat st;

    (void)other;
    return stat(path, &st);
}

/* What is found is not what was expected. */
static int differs(void)
{
    errno = ESTALE;
    return -1;
}

/* owned:PATH:UID,MODE */
static int do_owned(const char *path, const char *other)
{
    struct stat st;
    char owner[64];

    if (stat(path, &st) < 0)
        return -1;
    snprintf(owner, sizeof(owner), "%u,%04o", st.st_uid, (unsigned)st.st_mode & 07777);
    return other && strcmp(owner, other) == 0 ? 0 : differs();
}

/* sized:PATH:BLOCKS */
static int do_sized(const char *path, const char *other)
{
    struct statfs fs;

    if (statfs(path, &fs) < 0)
        return -1;
    return other && strtoull(other, NULL, 10) == fs.f_blocks ? 0 : differs();
}

/* points:LINK:TARGET */
static int do_points(const char *path, const char *other)
{
    char target[4096];
    ssize_t length = readlink(path, target, sizeof(target) - 1);

    if (length < 0)
        return -1;
    target[length] = '\0';
    return other && strcmp(target, other) == 0 ? 0 : differs();
}

static int do_absent(const char *path, const char *other)
{
    if (do_look(path, other) == 0) {
        errno = EEXIST;
        return -1;
    }
    return errno == ENOENT ? 0 : -1;
}

static int do_has(const char *path, const char *other)
{
    char text[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

    if (fd >= 0)
        close(fd);
    if (length < 0)
        return -1;
    text[length] = '\0';
    return other && strstr(text, other) ? 0 : differs();
}

static int do_lacks(const char *path, const char *other)
{
    if (do_has(path, other) == 0)
        return differs();
    return errno == ESTALE ? 0 : -1;
}

/* dated:PATH:SECONDS */
static int do_dated(const char *path, const char *other)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return -1;
    return other && strtoll(other, NULL, 10) == (long long)st.st_mtime ? 0 : differs();
}

/* Only what is there is removed, so that a first start removes nothing. */
static int cleared(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? unlink(path) : 0;
}

static int do_fresh(const char *path, const char *other)
{
    (void)other;
    return cleared(path) < 0 ? -1 : opened(path, O_WRONLY | O_CREAT | O_EXCL, "x\n");
}

static int do_serve(const char *path, const char *other)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)other;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    return fd < 0 || cleared(path) < 0
               ? -1
               : bind(fd, (const struct sockaddr *)&address, sizeof(address));
}

static int do_call(const char *path, const char *other)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)other;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (fd < 0)
        return -1;
    int result = connect(fd, (const struct sockaddr *)&address, sizeof(address));
    int code = errno;
    close(fd);
    errno = code;
    return result;
}

static int do_await(const char *path, const char *other)
{
    const struct timespec pause = { .tv_nsec = 20000000 };

    for (int i = 0; i < 500; i++) {
        if (do_look(path, other) == 0)
            return 0;
        nanosleep(&pause, NULL);
    }
    return -1;
}

static int do_run(const char *path, const char *other)
{
    int status;
    pid_t child = fork();

    (void)other;
    if (child == 0) {
        execl(path, path, "absent:/nowhere", (char *)NULL);
        _exit(errno);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return -1;
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
    return errno ? -1 : 0;
}

static int do_map(const char *path, const char *other)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    (void)other;
    if (fd < 0)
        return -1;
    void *mapped = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
    close(fd);
    return mapped == MAP_FAILED ? -1 : 0;
}

static const struct {
    const char *name;
    int (*perform)(const char *path, const char *other);
} KINDS[] = {
    { "read", do_read },   { "write", do_write },   { "append", do_append },
    { "pid", do_pid },     { "make", do_make },     { "remove", do_remove },
    { "list", do_list },   { "look", do_look },     { "absent", do_absent },
    { "rename", rename },  { "link", link },        { "run", do_run },
    { "map", do_map },     { "ensure", do_ensure }, { "owned", do_owned },
    { "sized", do_sized }, { "points", do_points }, { "has", do_has },
    { "call", do_call },   { "await", do_await },   { "lacks", do_lacks },
    { "dated", do_dated }, { "fresh", do_fresh },   { "serve", do_serve },
};

static int step(char *text)
{
    char *path = strchr(text, ':');
    char *other = path ? strchr(path + 1, ':') : NULL;

    for (size_t i = 0; path && i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        if (strncmp(KINDS[i].name, text, (size_t)(path - text)) != 0 || KINDS[i].name[path - text])
            continue;
        char saved[4096];
        snprintf(saved, sizeof(saved), "%s", text);
        if (other)
            *other++ = '\0';
        if (KINDS[i].perform(path + 1, other) == 0)
            return 0;
        fprintf(stderr, "%s: %s\n", saved, strerrorname_np(errno));
        return 1;
    }
    fprintf(stderr, "%s: no such step\n", text);
    return 2;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int status = step(argv[i]);
        if (status)
            return status;
    }
    return 0;
}
