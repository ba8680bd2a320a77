// SPDX-License-Identifier: LGPL-2.1-or-later
/* New tasks in every way there is, many of them, and their deaths at any moment. */
#include "tracee.h"
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define STACK_BYTES 65536

static int wait_for(pid_t child)
{
    int status = -1;

    require(waitpid(child, &status, __WALL) == child, "waitpid");
    return status;
}

/* A child that leaves a file and ends; without CLONE_VM, so that C goes on as if forked. */
static void clone3_forking(struct clone_args args, const char *name)
{
    long child = syscall(SYS_clone3, &args, sizeof(args));

    if (child == 0) {
        make_file(name);
        _exit(0);
    }
    require(child > 0, name);
    if (args.exit_signal || args.flags & CLONE_PARENT)
        wait_for((pid_t)child);
    expect("path create %s", in_scratch(name));
}

/* Without memory of its own (CLONE_VM) the child must not come back through a C function: clone(3)
 * gives it one, and a stack. */
static int child_of_clone(void *name)
{
    make_file(name);
    return 0;
}

static void clone_sharing(int flags, const char *name)
{
    char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    pid_t child =
        clone(child_of_clone, stack + STACK_BYTES, flags | SIGCHLD, (void *)(uintptr_t)name);

    require(child > 0, name);
    wait_for(child);
    expect("path create %s", in_scratch(name));
}

static void case_clone_flags(void)
{
    int pidfd = -1;

    clone3_forking((struct clone_args){ .exit_signal = SIGCHLD }, "plain");
    clone3_forking(
        (struct clone_args){ .flags = CLONE_FS | CLONE_FILES | CLONE_IO, .exit_signal = SIGCHLD },
        "fs-files");
    clone3_forking((struct clone_args){ .flags = CLONE_VFORK, .exit_signal = SIGCHLD }, "vfork");
    clone3_forking((struct clone_args){ .flags = CLONE_PIDFD,
                                        .exit_signal = SIGCHLD,
                                        .pidfd = (uint64_t)(uintptr_t)&pidfd },
                   "pidfd");
    expect("argument clone CLONE_PIDFD");
    clone_sharing(CLONE_VM, "vm");
    clone_sharing(CLONE_VM | CLONE_VFORK, "vm-vfork");
    clone_sharing(CLONE_VM | CLONE_SIGHAND, "sighand");
    clone_sharing(CLONE_VM | CLONE_SIGHAND | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM,
                  "all-but-thread");
}

/* CLONE_PARENT: the new task is the maker's sibling. */
static void case_clone_parent(void)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        struct clone_args args = { .flags = CLONE_PARENT };
        long sibling = syscall(SYS_clone3, &args, sizeof(args));
        if (sibling == 0)
            make_file("sibling");
        _exit(sibling < 0);
    }
    for (int i = 0; i < 2; i++)
        require(waitpid(-1, &status, __WALL) > 0 && status == 0, "a child and its sibling");
    expect("path create %s", in_scratch("sibling"));
}

static void case_set_tid(void)
{
    pid_t wanted = 0;
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    wait_for(child);
    wanted = child; /* free now, and not soon given again */
    struct clone_args args = { .exit_signal = SIGCHLD,
                               .set_tid = (uint64_t)(uintptr_t)&wanted,
                               .set_tid_size = 1 };
    long made = syscall(SYS_clone3, &args, sizeof(args));
    if (made == 0) {
        make_file("chosen");
        _exit(0);
    }
    expect("argument clone set_tid");
    if (made < 0)
        return; /* without CAP_CHECKPOINT_RESTORE */
    require(made == wanted, "set_tid");
    wait_for((pid_t)made);
    expect("path create %s", in_scratch("chosen"));
}

/* A child that asks not to be traced is traced all the same, or (clone3, where its arguments are
 * looked at when they were used) reported; and its memory is as it was. */
static void case_untraced(void)
{
    static struct clone_args args = { .flags = CLONE_UNTRACED, .exit_signal = SIGCHLD };
    long child = syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);

    if (child == 0) {
        make_file("by-clone");
        _exit(0);
    }
    require(child > 0, "clone");
    wait_for((pid_t)child);
    expect("path create %s", in_scratch("by-clone"));
    expect("argument clone CLONE_UNTRACED");
    child = syscall(SYS_clone3, &args, sizeof(args));
    if (child == 0)
        _exit(0);
    wait_for((pid_t)child);
    require(args.flags == CLONE_UNTRACED, "the arguments are the service's own");
}

static pid_t run_true(void)
{
    pid_t child = vfork();

    if (child == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(1);
    }
    return child;
}

static void case_vfork(void)
{
    for (int i = 0; i < 20; i++)
        require(wait_for(run_true()) == 0, "vfork");
    expect("path execute /usr/bin/true -> /bin/true");
    expect("count execve 20");
}

static void *thread_wait(void *barrier)
{
    getppid();
    pthread_barrier_wait(barrier);
    return NULL;
}

/* All alive at once. */
static void case_threads_2000(void)
{
    enum { COUNT = 2000 };
    static pthread_t threads[COUNT];
    static pthread_barrier_t barrier;
    pthread_attr_t attributes;
    size_t made = 0;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_barrier_init(&barrier, NULL, COUNT + 1);
    while (made < COUNT && pthread_create(&threads[made], &attributes, thread_wait, &barrier) == 0)
        made++;
    if (made < COUNT)
        skip("no room for 2,000 threads");
    pthread_barrier_wait(&barrier);
    for (size_t i = 0; i < COUNT; i++)
        pthread_join(threads[i], NULL);
    expect("count getppid %d", COUNT);
    expect("no blind lost-task");
}

/* Every child forks until the depth is reached: 2^7 processes and half as many daemons. */
static void fork_tree(int depth)
{
    for (int i = 0; depth > 0 && i < 2; i++) {
        pid_t child = fork();
        require(child >= 0, "fork");
        if (child == 0) {
            fork_tree(depth - 1);
            if (depth == 1 && i == 0 && fork() == 0) {
                setsid();
                usleep(1000);
                getpgrp();
            }
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        ;
}

static void case_fork_storm(void)
{
    int alive[2];
    char byte;

    require(pipe(alive) == 0, "pipe");
    fork_tree(7);
    close(alive[1]); /* every orphan holds the other end while it lives */
    require(read(alive[0], &byte, 1) == 0, "the orphans' end");
    expect("count getpgrp 64");
    expect("no blind lost-task");
}

struct reader {
    int fd;
    atomic_uint begun;
};

static void *thread_read(void *context)
{
    struct reader *reader = context;
    char byte;

    atomic_fetch_add(&reader->begun, 1);
    return read(reader->fd, &byte, 1) < 0 ? reader : NULL;
}

/* The process ends, or executes, while its threads are inside calls. */
static void case_die_in_call(void)
{
    static int never[2];
    pthread_t threads[8];

    require(pipe(never) == 0, "pipe");
    for (int how = 0; how < 3; how++) {
        pid_t child = fork();
        if (child == 0) {
            struct reader reader = { .fd = never[0] };
            for (size_t i = 0; i < 8; i++)
                pthread_create(&threads[i], NULL, thread_read, &reader);
            while (atomic_load(&reader.begun) < 8)
                usleep(1000);
            usleep(20000);
            if (how == 0)
                _exit(0);
            if (how == 1)
                execl("/bin/true", "true", (char *)NULL);
            raise(SIGKILL);
        }
        int status = wait_for(child);
        require(how == 2 ? WTERMSIG(status) == SIGKILL : status == 0, "its end");
    }
    expect("count read 24");
    expect("no blind lost-task");
}

/* Works until it dies: threads, processes, programs, files. */
static void *thread_busy(void *unused)
{
    for (;;) {
        pid_t child = run_true();
        close(open("/etc/passwd", O_RDONLY));
        waitpid(child, NULL, 0);
    }
    return unused;
}

static void busy(void)
{
    pthread_t threads[3];

    for (size_t i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, thread_busy, NULL);
    for (;;) {
        pid_t child = fork();
        if (child == 0)
            _exit(0);
        waitpid(child, NULL, 0);
    }
}

/* SIGKILL at any moment. Neither side may hang or take another's end for its own. */
static void case_sigkill(void)
{
    unsigned seed = (unsigned)getpid();

    for (int i = 0; i < 40; i++) {
        pid_t child = fork();
        if (child == 0) {
            setpgid(0, 0);
            busy();
        }
        setpgid(child, child);
        usleep((useconds_t)(rand_r(&seed) % 30000));
        if (i % 2)
            kill(-child, SIGKILL);
        else
            kill(child, SIGKILL);
        require(WTERMSIG(wait_for(child)) == SIGKILL, "SIGKILL");
    }
    make_file("after");
    expect("path create %s", in_scratch("after"));
    expect("no blind lost-task");
}

const struct tracee_case clone_cases[] = {
    { "clone-flags", case_clone_flags, false },
    { "clone-parent", case_clone_parent, false },
    { "set-tid", case_set_tid, false },
    { "untraced", case_untraced, false },
    { "vfork", case_vfork, false },
    { "threads-2000", case_threads_2000, false },
    { "fork-storm", case_fork_storm, false },
    { "die-in-call", case_die_in_call, false },
    { "sigkill", case_sigkill, false },
    { NULL, NULL, false },
};
