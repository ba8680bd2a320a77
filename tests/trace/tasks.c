// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracee.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The tracee itself under another name, to be executed. */
static void copy_self(const char *to)
{
    char buffer[65536];
    ssize_t got;
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int copy = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

    while ((got = read(from, buffer, sizeof(buffer))) > 0)
        require(write(copy, buffer, (size_t)got) == got, to);
    close(from);
    close(copy);
}

static void *thread_chdir(void *unused)
{
    require(chdir("shared") == 0, "chdir");
    return unused;
}

static void *thread_chdir_apart(void *unused)
{
    require(unshare(CLONE_FS) == 0 && chdir("deeper") == 0, "unshare");
    make_file("own");
    return unused;
}

static void run_thread(void *(*body)(void *), void *argument)
{
    pthread_t thread;

    require(pthread_create(&thread, NULL, body, argument) == 0, "pthread_create");
    pthread_join(thread, NULL);
}

/* The working directory belongs to those who share it (CLONE_FS), not to the process tree. */
static void case_cwd_sharing(void)
{
    mkdir("shared", 0755);
    mkdir("shared/deeper", 0755);
    run_thread(thread_chdir, NULL);
    make_file("after");
    expect("path create %s", in_scratch("shared/after"));
    run_thread(thread_chdir_apart, NULL);
    expect("path create %s", in_scratch("shared/deeper/own"));
    make_file("still");
    expect("path create %s", in_scratch("shared/still"));
    if (fork() == 0)
        _exit(chdir("/") != 0);
    wait(NULL);
    make_file("third");
    expect("path create %s", in_scratch("shared/third"));
}

static void run_program(const char *path, int status)
{
    int result;

    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        execl(path, "program", (char *)NULL);
        _exit(42);
    }
    require(waitpid(child, &result, 0) == child && WIFEXITED(result) &&
                WEXITSTATUS(result) == status,
            path);
}

static void case_programs(void)
{
    FILE *script = fopen("script", "w");

    copy_self("program");
    fprintf(script, "#!/bin/sh\nexit 3\n");
    fclose(script);
    chmod("script", 0755);
    run_program("./script", 3);
    expect("path execute %s", in_scratch("script"));
    expect("program %s", in_scratch("script"));
    expect("path execute /usr/bin/dash -> /bin/sh");
    run_program("./program", 99);
    expect("path execute %s", in_scratch("program"));
    expect("program %s", in_scratch("program"));
    run_program("./absent", 42);
    expect("failed execute %s ENOENT", in_scratch("absent"));
}

static void *thread_exec(void *path)
{
    execl(path, "program", (char *)NULL);
    return NULL;
}

/* An exec by a thread that is not the leader: the thread takes the leader's id (ptrace(2)). */
static void case_thread_exec(void)
{
    const char *path = in_scratch("other");
    int status;

    copy_self(path);
    pid_t child = fork();
    if (child == 0) {
        run_thread(thread_exec, (void *)(uintptr_t)path);
        _exit(1);
    }
    require(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 99,
            "the exec in the thread");
    expect("program %s", path);
}

static void *thread_touch(void *unused)
{
    getppid();
    return unused;
}

static void case_many_threads(void)
{
    pthread_t threads[100];

    for (size_t i = 0; i < 100; i++)
        require(pthread_create(&threads[i], NULL, thread_touch, NULL) == 0, "pthread_create");
    for (size_t i = 0; i < 100; i++)
        pthread_join(threads[i], NULL);
    expect("count getppid 100");
}

static void case_orphan(void)
{
    int done[2];
    char byte;

    require(pipe(done) == 0, "pipe");
    if (fork() == 0) {
        if (fork() == 0) {
            setsid();
            usleep(100000);
            make_file("daemon");
            _exit(write(done[1], "x", 1) != 1);
        }
        _exit(0);
    }
    wait(NULL);
    require(read(done[0], &byte, 1) == 1, "the daemon");
    expect("path create %s", in_scratch("daemon"));
}

static void case_signals(void)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        raise(SIGSTOP);
        make_file("continued");
        _exit(7);
    }
    require(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status), "SIGSTOP");
    kill(child, SIGCONT);
    require(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7, "SIGCONT");
    expect("path create %s", in_scratch("continued"));
    child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    usleep(50000);
    kill(child, SIGKILL);
    require(waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGKILL, "SIGKILL");
    expect("syscall x86_64 pause");
}

static void case_arguments(void)
{
    struct sched_param parameter = { .sched_priority = 1 };
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int fd = open("/proc/self/exe", O_RDONLY);
    int from = open("/usr/bin/dash", O_RDONLY);

    require(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0, "mprotect");
    expect("argument memory make-executable");
    mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect("argument memory write-execute");
    require(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, from, 0) != MAP_FAILED, "mmap");
    expect("path map-execute /usr/bin/dash");
    sched_setscheduler(0, SCHED_FIFO, &parameter);
    expect("argument scheduler SCHED_FIFO");
    syscall(SYS_personality, 0xffffffff);
    expect("argument personality 0xffffffff");
    unshare(CLONE_NEWUSER);
    expect("argument namespace user");
    close(fd);
}

const struct tracee_case task_cases[] = {
    { "cwd-sharing", case_cwd_sharing, false }, { "programs", case_programs, false },
    { "thread-exec", case_thread_exec, false }, { "many-threads", case_many_threads, false },
    { "orphan", case_orphan, false },           { "signals", case_signals, false },
    { "arguments", case_arguments, false },     { NULL, NULL, false },
};
