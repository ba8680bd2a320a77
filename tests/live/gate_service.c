// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A service that uses what its service manager gives it, for tests/live/gate:
 *
 *     gate-service DIRECTORY notify | connect | forking PIDFILE | socket | private | apart | idle
 *
 * It writes what it sees to DIRECTORY/seen, touches DIRECTORY/file at each SIGHUP or SIGUSR2, and
 * ends with status 0 at SIGTERM. `notify` says that it is ready a moment after it listens, makes
 * DIRECTORY/late in between, and at SIGUSR1 DIRECTORY/again, saying that it reloads; `connect` does
 * so over a socket that is connected. `private` counts its starts in a file of $STATE_DIRECTORY,
 * through a scratch file in /tmp, reads /data/file where there is one, and makes $SCRATCH where
 * that is set; `apart` does so in a mount namespace that it makes itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void notify(const char *mode, const char *text)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *path = getenv("NOTIFY_SOCKET");
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (!path || fd < 0)
        return;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    if (address.sun_path[0] == '@')
        address.sun_path[0] = '\0';
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    bool good =
        strcmp(mode, "connect") == 0
            ? connect(fd, (struct sockaddr *)&address, length) == 0 &&
                  write(fd, text, strlen(text)) > 0
            : sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&address, length) > 0;
    if (!good)
        fprintf(stderr, "notify: %s\n", strerror(errno));
    close(fd);
}

static const char *own(const char *variable)
{
    const char *value = getenv(variable);

    return !value ? "unset" : atoi(value) == getpid() ? "own" : "another's";
}

/* proc(5): a traced task names its tracer. */
static bool is_traced(void)
{
    char line[256];
    bool traced = false;
    FILE *status = fopen("/proc/self/status", "re");

    while (status && fgets(line, sizeof(line), status))
        if (strncmp(line, "TracerPid:", 10) == 0)
            traced = atoi(line + 10) != 0;
    if (status)
        fclose(status);
    return traced;
}

/* Its capabilities and what else decides over privileges. */
static void write_privileges(FILE *seen)
{
    static const char *const names[] = { "CapInh:", "CapPrm:",     "CapEff:", "CapBnd:",
                                         "CapAmb:", "NoNewPrivs:", "Groups:" };
    char line[256];
    FILE *status = fopen("/proc/self/status", "re");

    while (status && fgets(line, sizeof(line), status))
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
            if (strncmp(line, names[i], strlen(names[i])) == 0)
                fprintf(seen, "%s", line);
    if (status)
        fclose(status);
    fprintf(seen, "securebits=%d dumpable=%d\n", prctl(PR_GET_SECUREBITS), prctl(PR_GET_DUMPABLE));
}

static void write_seen(void)
{
    FILE *seen = fopen("seen.new", "we");

    if (!seen)
        exit(1);
    fprintf(seen, "pid=%d\nppid=%d\nuid=%d\ntraced=%d\nsession=%s\n", (int)getpid(), (int)getppid(),
            (int)getuid(), is_traced(), getsid(0) == getpid() ? "own" : "another's");
    fprintf(seen, "LISTEN_PID=%s\nLISTEN_FDS=%s\nWATCHDOG_PID=%s\nNOTIFY_SOCKET=%d\n",
            own("LISTEN_PID"), getenv("LISTEN_FDS") ? getenv("LISTEN_FDS") : "unset",
            own("WATCHDOG_PID"), getenv("NOTIFY_SOCKET") != NULL);
    write_privileges(seen);
    fclose(seen);
    rename("seen.new", "seen");
}

static void serve_one(void)
{
    int client = accept4(3, NULL, NULL, SOCK_CLOEXEC);

    if (client < 0)
        return;
    dprintf(client, "served by %d\n", (int)getpid());
    close(client);
}

/* A byte more in the state's file, by way of /tmp. */
static void count_start(void)
{
    const char *state = getenv("STATE_DIRECTORY");
    char path[256], bytes[1024];
    int scratch = open("/tmp/scratch", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    snprintf(path, sizeof(path), "%s/starts", state ? state : "/nowhere");
    int starts = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (scratch < 0 || starts < 0 || write(scratch, "+", 1) != 1 ||
        pread(scratch, bytes, 1, 0) != 1 || write(starts, bytes, 1) != 1)
        exit(1);
    close(scratch);
    close(starts);
    int data = open("/data/file", O_RDONLY | O_CLOEXEC);
    if (data >= 0)
        close(data);
    unlink("/tmp/scratch");
    const char *more = getenv("SCRATCH");
    if (more)
        close(open(more, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
}

static void make(const char *file)
{
    close(open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

static volatile sig_atomic_t reload_asked;

static void on_signal(int number)
{
    if (number == SIGTERM)
        _exit(0);
    if (number == SIGUSR1)
        reload_asked = true;
    else
        make("file");
}

static void reload(const char *mode)
{
    reload_asked = false;
    notify(mode, "RELOADING=1");
    make("again");
    notify(mode, "READY=1");
}

/* Who listens is not ready yet. */
static void get_ready(const char *mode)
{
    struct timespec moment = { .tv_sec = 1 };
    struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    unlink("socket");
    if (strcmp(mode, "notify") == 0 || strcmp(mode, "connect") == 0) {
        if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 1) < 0)
            exit(1);
        nanosleep(&moment, NULL);
        make("late");
    }
    notify(mode, "READY=1");
}

int main(int argc, char **argv)
{
    const char *mode = argc > 2 ? argv[2] : "";

    if (argc < 3 || chdir(argv[1]) < 0)
        return 2;
    signal(SIGTERM, on_signal);
    signal(SIGHUP, on_signal);
    signal(SIGUSR1, on_signal);
    signal(SIGUSR2, on_signal);
    if (strcmp(mode, "forking") == 0 && argc > 3) {
        pid_t daemon = fork();
        if (daemon > 0) {
            FILE *file = fopen(argv[3], "we");
            if (!file)
                return 1;
            fprintf(file, "%d\n", (int)daemon);
            return fclose(file) != 0;
        }
        setsid();
    }
    if (strcmp(mode, "apart") == 0 &&
        (unshare(CLONE_NEWNS) < 0 || mount("tmpfs", "/tmp", "tmpfs", 0, NULL) < 0))
        return 1;
    if (strcmp(mode, "private") == 0 || strcmp(mode, "apart") == 0)
        count_start();
    write_seen();
    get_ready(mode);
    for (;;) {
        struct timespec moment = { .tv_nsec = 200000000 };
        if (strcmp(mode, "socket") == 0)
            serve_one();
        else
            nanosleep(&moment, NULL);
        if (reload_asked)
            reload(mode);
        notify(mode, "WATCHDOG=1");
    }
}
