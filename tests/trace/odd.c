// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracee.h"
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

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

/* A filter of its own that answers EPERM: what it hides from a tracer's RET_TRACE must still be
 * seen (seccomp(2): the strictest answer wins). */
static void case_own_filter(void)
{
    struct sock_filter refuse_getppid[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = { .len = 4, .filter = refuse_getppid };

    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
    require(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0, "seccomp");
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
    syscall(1022);
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
    { "mount-namespace", case_mount_namespace, true },
    { "unknown-number", case_unknown_number, false },
    { "foreign-abi", case_foreign_abi, false },
    { "x32", case_x32, false },
    { "memfd-exec", case_memfd_exec, false },
    { "deleted", case_deleted, false },
    { NULL, NULL, false },
};
