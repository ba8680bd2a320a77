// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Runs already when cinch comes, for tests/trace/joining:
 *
 *     running waits COUNT     COUNT threads wait in calls of every kind, none of which may fail
 *     running forks FLAG      a storm of processes; those born while the file FLAG is there look
 *                             whether they are traced
 *     running rings           asks for io_uring at every turn
 *     running faults          fills its memory itself, and opens files whose names come to be so
 *     running reads DIR       reads SIGHUP and SIGTERM from a descriptor, and makes a directory in
 *                             DIR after each; a thread of its sleeps in one call all the while
 *
 * It says "ready" when it is at work, and what came of it at every SIGUSR1; SIGTERM ends it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MOST 2000
#define WAIT_MS      50
#define LOOKS_MOST   50

static const struct timespec moment = { .tv_nsec = WAIT_MS * 1000000 };

struct waiter {
    pthread_t thread;
    unsigned kind;
    int event, epoll, socket, listener, semaphore;
    aio_context_t aio;
    atomic_uint turns;
    atomic_int failed; /* errno of a call that failed and should not have */
};

/* ---- waits: each returns 0, or the errno it must not have ---- */

static int unless(int result, int expected)
{
    return result >= 0 || errno == expected ? 0 : errno;
}

static int wait_epoll(struct waiter *waiter)
{
    struct epoll_event event;

    return unless(epoll_wait(waiter->epoll, &event, 1, WAIT_MS), 0);
}

static int wait_epoll_masked(struct waiter *waiter)
{
    struct epoll_event event;
    sigset_t none;

    sigemptyset(&none);
    sigaddset(&none, SIGUSR1);
    sigaddset(&none, SIGTERM);
    return unless(epoll_pwait(waiter->epoll, &event, 1, WAIT_MS, &none), 0);
}

static int wait_poll(struct waiter *waiter)
{
    struct pollfd poll_fd = { .fd = waiter->event, .events = POLLIN };

    return unless(poll(&poll_fd, 1, WAIT_MS), 0);
}

static int wait_semaphore(struct waiter *waiter)
{
    struct sembuf down = { .sem_op = -1 };

    return unless(semtimedop(waiter->semaphore, &down, 1, &moment), EAGAIN);
}

static int wait_signal(struct waiter *waiter)
{
    sigset_t never;

    (void)waiter;
    sigemptyset(&never);
    sigaddset(&never, SIGRTMAX);
    return unless(sigtimedwait(&never, NULL, &moment), EAGAIN);
}

static int wait_receive(struct waiter *waiter)
{
    char byte;

    return unless((int)recv(waiter->socket, &byte, 1, 0), EAGAIN);
}

static int wait_accept(struct waiter *waiter)
{
    return unless(accept(waiter->listener, NULL, NULL), EAGAIN);
}

static int wait_sleep(struct waiter *waiter)
{
    (void)waiter;
    return unless(nanosleep(&moment, NULL), 0);
}

static int wait_futex(struct waiter *waiter)
{
    unsigned word = 0;

    (void)waiter;
    return unless((int)syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &moment, NULL, 0),
                  ETIMEDOUT);
}

static int wait_aio(struct waiter *waiter)
{
    struct io_event event;

    return unless((int)syscall(SYS_io_getevents, waiter->aio, 1, 1, &event, &moment), 0);
}

static int wait_read(struct waiter *waiter)
{
    uint64_t value;

    return unless((int)read(waiter->event, &value, sizeof(value)), 0);
}

/* The last is woken by the main thread alone. */
static int (*const kinds[])(struct waiter *) = {
    wait_epoll,  wait_epoll_masked, wait_poll,  wait_semaphore, wait_signal, wait_receive,
    wait_accept, wait_sleep,        wait_futex, wait_aio,       wait_read,
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))
#define KIND_READ  (KIND_COUNT - 1)

static void *waiter_run(void *context)
{
    struct waiter *waiter = context;

    for (;;) {
        int failed = kinds[waiter->kind](waiter);
        if (failed)
            atomic_store(&waiter->failed, failed);
        atomic_fetch_add(&waiter->turns, 1);
    }
    return NULL;
}

static void waiter_start(struct waiter *waiter, unsigned number, int semaphore, aio_context_t aio)
{
    const struct timeval patience = { .tv_usec = WAIT_MS * 1000 };
    struct sockaddr_un nameless = { .sun_family = AF_UNIX };
    pthread_attr_t small;
    int ends[2];

    waiter->kind = number % KIND_COUNT;
    waiter->semaphore = semaphore;
    waiter->aio = aio;
    waiter->event = eventfd(0, 0);
    waiter->epoll = epoll_create1(0);
    if (waiter->kind == 5 && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0)
        waiter->socket = ends[0];
    if (waiter->kind == 6) {
        waiter->listener = socket(AF_UNIX, SOCK_STREAM, 0);
        bind(waiter->listener, (struct sockaddr *)&nameless, sizeof(sa_family_t));
        listen(waiter->listener, 1);
    }
    setsockopt(waiter->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(waiter->listener, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    if (pthread_create(&waiter->thread, &small, waiter_run, waiter) != 0)
        exit(1);
}

/* What came of it since the last report: threads that failed and that stand still. */
static void waits_report(struct waiter *waiters, unsigned count)
{
    static unsigned before[THREADS_MOST];
    const uint64_t one = 1;
    unsigned failed = 0, still = 0;

    for (unsigned i = 0; i < count; i++)
        if (waiters[i].kind == KIND_READ && write(waiters[i].event, &one, sizeof(one)) < 0)
            exit(1);
    /* On a busy machine their turns come late. */
    for (unsigned look = 0; look < LOOKS_MOST && (look == 0 || still); look++) {
        usleep(4 * WAIT_MS * 1000);
        still = 0;
        for (unsigned i = 0; i < count; i++)
            still += atomic_load(&waiters[i].turns) == before[i];
    }
    for (unsigned i = 0; i < count; i++) {
        failed += atomic_load(&waiters[i].failed) != 0;
        if (atomic_load(&waiters[i].failed))
            printf("kind %u: %s\n", waiters[i].kind, strerror(atomic_load(&waiters[i].failed)));
        before[i] = atomic_load(&waiters[i].turns);
    }
    printf("failed=%u still=%u\n", failed, still);
}

/* ---- forks ---- */

struct storm {
    atomic_uint made, looked, untraced;
};

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

/* A child, and its child, and that one's. */
static _Noreturn void storm_child(struct storm *storm, const char *flag)
{
    for (int depth = 0; depth < 3; depth++) {
        bool must_be = access(flag, F_OK) == 0;
        bool is = must_be && is_traced();
        atomic_fetch_add(&storm->made, 1);
        if (must_be && access(flag, F_OK) == 0) { /* cinch cannot have gone meanwhile */
            atomic_fetch_add(&storm->untraced, !is);
            atomic_fetch_add(&storm->looked, 1);
        }
        pid_t pid = fork();
        if (pid > 0)
            waitpid(pid, NULL, 0);
        if (pid != 0)
            break;
    }
    _exit(0);
}

static void *storm_run(void *context)
{
    struct storm *storm = ((void **)context)[0];
    const char *flag = ((void **)context)[1];

    for (;;) {
        pid_t pid = fork();
        if (pid == 0)
            storm_child(storm, flag);
        if (pid > 0)
            waitpid(pid, NULL, 0);
    }
    return NULL;
}

/* ---- rings ---- */

static void *rings_run(void *context)
{
    atomic_int *answer = context;
    char params[120] = "";

    for (;;) {
        long fd = syscall(425 /* io_uring_setup */, 1, params);
        atomic_store(answer, fd < 0 ? errno : 0);
        if (fd >= 0)
            close((int)fd);
        nanosleep(&moment, NULL);
    }
    return NULL;
}

/* ---- faults ---- */

#define PAGE_BYTES 4096

struct faults {
    int fd;
    char *page; /* where it is filled in */
    atomic_int turns;
};

/* A call for each page, as who fetches it from somewhere makes. */
static void *faults_fill(void *context)
{
    static char content[PAGE_BYTES] = "/etc/hostname";
    const struct faults *faults = context;
    struct uffd_msg message;

    while (read(faults->fd, &message, sizeof(message)) == sizeof(message)) {
        struct uffdio_copy copy = { .dst = (uintptr_t)faults->page,
                                    .src = (uintptr_t)content,
                                    .len = PAGE_BYTES };
        close(open("/etc/passwd", O_RDONLY));
        ioctl(faults->fd, UFFDIO_COPY, &copy);
    }
    return NULL;
}

static void *faults_run(void *context)
{
    struct faults *faults = context;

    for (;;) {
        madvise(faults->page, PAGE_BYTES, MADV_DONTNEED);
        close(open(faults->page, O_RDONLY));
        atomic_fetch_add(&faults->turns, 1);
        nanosleep(&moment, NULL);
    }
    return NULL;
}

static void faults_start(struct faults *faults)
{
    struct uffdio_register all = { .range.len = PAGE_BYTES, .mode = UFFDIO_REGISTER_MODE_MISSING };
    struct uffdio_api api = { .api = UFFD_API };
    pthread_t thread;

    faults->page =
        mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    faults->fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    all.range.start = (uintptr_t)faults->page;
    if (faults->fd < 0 || ioctl(faults->fd, UFFDIO_API, &api) < 0 ||
        ioctl(faults->fd, UFFDIO_REGISTER, &all) < 0)
        exit(77);
    pthread_create(&thread, NULL, faults_fill, faults);
    pthread_create(&thread, NULL, faults_run, faults);
}

/* ---- reads ---- */

static void make_there(const char *directory, const char *name)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    if (mkdir(path, 0755) < 0)
        exit(1);
}

static void *sleep_for_ever(void *unused)
{
    syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
    return unused;
}

static _Noreturn void reads_run(const char *directory)
{
    struct signalfd_siginfo taken = { 0 };
    pthread_t sleeper;
    sigset_t told;

    sigemptyset(&told);
    sigaddset(&told, SIGHUP);
    sigaddset(&told, SIGTERM);
    sigprocmask(SIG_BLOCK, &told, NULL);
    int fd = signalfd(-1, &told, SFD_CLOEXEC);
    make_there(directory, "started");
    if (pthread_create(&sleeper, NULL, sleep_for_ever, NULL) != 0)
        exit(1);
    puts("ready");
    while (read(fd, &taken, sizeof(taken)) == sizeof(taken) && taken.ssi_signo == SIGHUP)
        make_there(directory, "reloaded");
    make_there(directory, "stopped");
    exit(taken.ssi_signo != SIGTERM);
}

int main(int argc, char **argv)
{
    static struct waiter waiters[THREADS_MOST];
    static atomic_int answer;
    static struct faults faults;
    const char *mode = argc > 1 ? argv[1] : "", *argument = argc > 2 ? argv[2] : "0";
    unsigned count = (unsigned)atoi(argument) % (THREADS_MOST + 1);
    struct storm *storm =
        mmap(NULL, sizeof(*storm), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    void *storming[] = { storm, argv[argc > 2 ? 2 : 0] };
    aio_context_t aio = 0;
    pthread_t thread;
    sigset_t asked;
    int signal;

    sigemptyset(&asked);
    sigaddset(&asked, SIGUSR1);
    sigaddset(&asked, SIGTERM);
    sigaddset(&asked, SIGRTMAX);
    pthread_sigmask(SIG_BLOCK, &asked, NULL);
    sigdelset(&asked, SIGRTMAX);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(mode, "reads") == 0)
        reads_run(argument);
    int semaphore = semget(IPC_PRIVATE, 1, 0600);
    if (strcmp(mode, "waits") == 0) {
        syscall(SYS_io_setup, 16, &aio);
        for (unsigned i = 0; i < count; i++)
            waiter_start(&waiters[i], i, semaphore, aio);
    } else if (strcmp(mode, "forks") == 0) {
        for (int i = 0; i < 3; i++)
            pthread_create(&thread, NULL, storm_run, storming);
    } else if (strcmp(mode, "faults") == 0) {
        faults_start(&faults);
    } else if (strcmp(mode, "rings") == 0) {
        pthread_create(&thread, NULL, rings_run, &answer);
    }
    puts("ready");
    while (sigwait(&asked, &signal) == 0 && signal == SIGUSR1) {
        if (strcmp(mode, "waits") == 0)
            waits_report(waiters, count);
        else if (strcmp(mode, "forks") == 0)
            printf("made=%u looked=%u untraced=%u\n", atomic_load(&storm->made),
                   atomic_load(&storm->looked), atomic_load(&storm->untraced));
        else if (strcmp(mode, "faults") == 0)
            printf("turns=%d\n", atomic_load(&faults.turns));
        else
            printf("answer=%d\n", atomic_load(&answer));
    }
    semctl(semaphore, 0, IPC_RMID);
    return 0;
}
