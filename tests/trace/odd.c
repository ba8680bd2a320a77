// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracee.h"
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static void case_io_uring(void)
{
    struct io_uring_params params = { 0 };

    if (syscall(SYS_io_uring_setup, 1, &params) < 0)
        skip("no io_uring here");
    expect("blind io_uring");
}

/* tests/trace/run gives --no-io-uring: the program finds a kernel without. */
static void case_no_io_uring(void)
{
    struct io_uring_params params = { 0 };

    require(syscall(SYS_io_uring_setup, 1, &params) < 0 && errno == ENOSYS, "io_uring_setup");
    make_file("by-plain-calls");
    expect("path create %s", in_scratch("by-plain-calls"));
    expect("argument denied ENOSYS");
    expect("no syscall x86_64 io_uring_setup");
    expect("no blind io_uring");
}

/* What a thread ends with: NULL when it is well. */
static void *verdict(bool good)
{
    return (void *)(intptr_t)!good;
}

static void *wait_epoll(void *unused)
{
    struct epoll_event event;

    (void)unused;
    return verdict(epoll_wait(epoll_create1(0), &event, 1, 300) == 0);
}

static void *wait_epoll_long(void *unused)
{
    const struct timespec moment = { .tv_nsec = 300000000 };
    struct epoll_event event;

    (void)unused;
    long events = syscall(SYS_epoll_pwait2, epoll_create1(0), &event, 1, &moment, NULL, 8);
    return verdict(events == 0 || errno == ENOSYS);
}

static void *wait_signal(void *unused)
{
    const struct timespec moment = { .tv_nsec = 300000000 };
    sigset_t never;

    (void)unused;
    sigemptyset(&never);
    sigaddset(&never, SIGRTMAX);
    return verdict(sigtimedwait(&never, NULL, &moment) < 0 && errno == EAGAIN);
}

static void *(*const waiters[])(void *) = { wait_epoll, wait_epoll_long, wait_signal };
#define WAITERS (sizeof(waiters) / sizeof(waiters[0]))

/* Installs a filter that answers getppid(2) with EPERM. */
static void refuse_getppid(unsigned flags)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

    require(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) == 0, "seccomp");
}

/* A filter of its own that answers EPERM: what it hides from a tracer's RET_TRACE must still be
 * seen (seccomp(2): the strictest answer wins). */
static void case_own_filter(void)
{
    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
    refuse_getppid(0);
    expect("blind own-seccomp-filter");
    require(syscall(SYS_getppid) < 0 && errno == EPERM, "the filter");
    expect("syscall x86_64 getppid");
    make_file("later");
    expect("path create %s", in_scratch("later"));
    if (fork() == 0) {
        syscall(SYS_getppid);
        make_file("child");
        _exit(0);
    }
    wait(NULL);
    expect("path create %s", in_scratch("child"));
    expect("count getppid 2");
}

static void *ask_when_told(void *told)
{
    while (!__atomic_load_n((int *)told, __ATOMIC_ACQUIRE))
        ;
    for (int i = 0; i < 3; i++)
        require(syscall(SYS_getppid) < 0 && errno == EPERM, "the filter in another thread");
    return NULL;
}

/* The same filter for all threads at once: another one, which makes no call meanwhile and none that
 * stops, must be seen too; and one that waits must not notice. */
static void case_own_filter_of_all(void)
{
    pthread_t asking, waiting[WAITERS];
    int told = 0;
    void *failed;

    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
    require(pthread_create(&asking, NULL, ask_when_told, &told) == 0, "pthread_create");
    for (size_t i = 0; i < WAITERS; i++)
        require(pthread_create(&waiting[i], NULL, waiters[i], NULL) == 0, "pthread_create");
    usleep(50000);
    refuse_getppid(SECCOMP_FILTER_FLAG_TSYNC);
    expect("blind own-seccomp-filter");
    /* Its own calls stop meanwhile: by then the others do. */
    for (int i = 0; i < 50; i++)
        require(syscall(SYS_getppid) < 0 && errno == EPERM, "the filter");
    usleep(50000);
    __atomic_store_n(&told, 1, __ATOMIC_RELEASE);
    pthread_join(asking, NULL);
    expect("outcome getppid EPERM 53");
    for (size_t i = 0; i < WAITERS; i++) {
        pthread_join(waiting[i], &failed);
        require(!failed, "a call that waited");
    }
    expect("outcome epoll_wait EINTR 0");
}

static void case_mount_namespace(void)
{
    make_file("before");
    expect("path create %s", in_scratch("before"));
    if (fork() == 0) {
        if (unshare(CLONE_NEWNS) == 0)
            make_file("elsewhere");
        _exit(0);
    }
    wait(NULL);
    expect("argument namespace mnt");
    expect("blind foreign-mount-namespace");
    expect("no path create %s", in_scratch("elsewhere"));
}

static void case_unknown_number(void)
{
    if (syscall(1022) < 0 && errno != ENOSYS)
        skip("a filter around this container refuses unknown numbers");
    expect("syscall x86_64 #1022");
}

#ifdef __x86_64__
static void case_foreign_abi(void)
{
    long result;

    /* 20 is getpid in the i386 table; the kernel may have been built without it. */
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory", "r8", "r9", "r10", "r11");
    if (result != getpid())
        skip("no 32-bit system calls here");
    expect("syscall x86 getpid");
}
#else
static void case_foreign_abi(void)
{
    skip("int $0x80 is x86's");
}
#endif

/* x32 numbers are calls of their own; few kernels have them (ENOSYS), none takes them for others.
 */
static void case_x32(void)
{
    long result = syscall(0x40000000 | SYS_getppid);

    require(result == getppid() || (result < 0 && errno == ENOSYS), "x32");
    expect("syscall x32 getppid");
}

static void case_memfd_exec(void)
{
    char buffer[65536];
    ssize_t got;
    int status;
    int from = open("/proc/self/exe", O_RDONLY);
    int memory = memfd_create("program", 0);

    while ((got = read(from, buffer, sizeof(buffer))) > 0)
        require(write(memory, buffer, (size_t)got) == got, "write");
    if (fork() == 0) {
        char *argv[] = { (char[]){ "x" }, NULL };
        char *envp[] = { NULL };
        syscall(SYS_execveat, memory, "", argv, envp, AT_EMPTY_PATH);
        _exit(1);
    }
    wait(&status);
    require(WIFEXITED(status) && WEXITSTATUS(status) == 99, "the memfd program");
    expect("syscall x86_64 execveat");
    expect("syscall x86_64 memfd_create");
}

static void case_deleted(void)
{
    make_file("gone");
    int fd = open("gone", O_RDWR);
    require(unlink("gone") == 0 && ftruncate(fd, 0) == 0, "ftruncate");
    make_file("odd (deleted)");
    int odd = open("odd (deleted)", O_RDWR);
    require(fchmod(odd, 0600) == 0, "fchmod");
    expect("path write %s", in_scratch("odd (deleted)"));
    expect("no path write %s", in_scratch("odd"));
}

const struct tracee_case odd_cases[] = {
    { "io-uring", case_io_uring, false },
    { "no-io-uring", case_no_io_uring, false },
    { "own-filter", case_own_filter, false },
    { "own-filter-of-all", case_own_filter_of_all, false },
    { "mount-namespace", case_mount_namespace, true },
    { "unknown-number", case_unknown_number, false },
    { "foreign-abi", case_foreign_abi, false },
    { "x32", case_x32, false },
    { "memfd-exec", case_memfd_exec, false },
    { "deleted", case_deleted, false },
    { NULL, NULL, false },
};
