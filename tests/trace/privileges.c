// SPDX-License-Identifier: LGPL-2.1-or-later
/* Arguments by which a call needs a privilege or not. */
#include "tracee.h"
#include <grp.h>
#include <limits.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static void case_sent_signals(void)
{
    int status;

    signal(SIGUSR1, SIG_IGN);
    require(kill(getpid(), SIGUSR1) == 0 && raise(SIGUSR1) == 0, "to itself");
    expect("argument signal SIGUSR1 self");
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(1);
    }
    require(kill(child, 0) == 0 && kill(child, SIGTERM) == 0, "to the child");
    require(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGTERM, "waitpid");
    expect("argument signal SIGTERM service");
    expect("argument signal 0 service");
    kill(1, 0);
    if (geteuid() == 0)
        expect("argument signal 0 other");
    else
        expect("argument signal 0 other other-user");
}

static void case_ids(void)
{
    uid_t uid = getuid();
    gid_t gid = getgid();

    make_file("file");
    require(setresuid((uid_t)-1, uid, (uid_t)-1) == 0 && setregid(gid, gid) == 0, "its own ids");
    expect("argument credentials uid -,%u,- own", uid);
    expect("argument credentials gid %u,%u own", gid, gid);
    require(chown("file", uid, (gid_t)-1) == 0, "chown");
    expect("argument ownership %u:-", uid);
    if (fork() == 0) {
        if (setgroups(0, NULL) < 0 || setresgid(9, 9, 9) < 0 || setresuid(8, 8, 8) < 0)
            _exit(1);
        _exit(0);
    }
    wait(NULL);
    expect("argument credentials groups none");
    if (uid == 0)
        expect("argument credentials uid 8,8,8 other");
}

/* Some as who may, then some as who may not any more: those take none. */
static void case_capabilities(void)
{
    make_file("file");
    require(chown("file", 8, (gid_t)-1) == 0 && chmod("file", 0640) == 0, "chown, chmod");
    expect("capability CAP_CHOWN chown");
    expect("capability CAP_FOWNER chmod");
    require(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) >= 0, "raw socket");
    expect("capability CAP_NET_RAW socket");
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in any = { .sin_family = AF_INET };
    require(bind(fd, (struct sockaddr *)&any, sizeof(any)) == 0, "bind");
    expect("no capability CAP_NET_BIND_SERVICE bind");
    if (fork() == 0) {
        if (setgroups(0, NULL) < 0 || setresgid(9, 9, 9) < 0 || setresuid(8, 8, 8) < 0)
            _exit(1);
        _exit(setresgid(9, 9, 9) < 0 || fchmodat(AT_FDCWD, "file", 0600, 0) < 0);
    }
    int status;
    require(wait(&status) > 0 && status == 0, "the child");
    expect("capability CAP_SETGID setgroups");
    expect("capability CAP_SETGID setresgid");
    expect("capability CAP_SETUID setresuid");
    expect("no capability CAP_FOWNER fchmodat");
    expect("no capability CAP_DAC_OVERRIDE openat");
}

static void case_options(void)
{
    struct rlimit limit;
    int fd = socket(AF_INET, SOCK_DGRAM, 0), terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY);
    char place[PATH_MAX]; /* in a container it is a link */
    int mark = 1;
    unsigned number;

    setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark));
    expect("argument socket-option SO_MARK");
    require(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &mark, sizeof(mark)) == 0, "SO_REUSEADDR");
    expect("no argument socket-option SO_REUSEADDR");
    require(getrlimit(RLIMIT_CORE, &limit) == 0 && setrlimit(RLIMIT_CORE, &limit) == 0, "rlimit");
    expect("argument rlimit RLIMIT_CORE");
    expect("no argument rlimit RLIMIT_CORE raise-hard");
    int memory = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    if (memory >= 0)
        shmctl(memory, IPC_RMID, NULL);
    expect("argument ipc-key IPC_PRIVATE");
    if (terminal >= 0 && ioctl(terminal, TIOCGPTN, &number) == 0)
        expect("argument ioctl 0x%lx %s", (unsigned long)TIOCGPTN, realpath("/dev/ptmx", place));
    syscall(SYS_keyctl, 6, -3, 0, 0, 0);
    expect("argument keyctl KEYCTL_DESCRIBE");
    if (mount("none", scratch(), "no-such-type", MS_NOSUID, NULL) < 0)
        expect("argument mount no-such-type MS_NOSUID");
    cpu_set_t set;
    require(sched_getaffinity(0, sizeof(set), &set) == 0, "sched_getaffinity");
    sched_setaffinity(getppid(), sizeof(set), &set);
    expect("argument target other");
}

const struct tracee_case privilege_cases[] = {
    { "sent-signals", case_sent_signals, false },
    { "ids", case_ids, false },
    { "capabilities", case_capabilities, true },
    { "options", case_options, false },
    { NULL, NULL, false },
};
