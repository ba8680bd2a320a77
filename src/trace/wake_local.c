// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/wake_local.h"
#include <cinch/base.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* For so long the tracer may be kept waiting by the task it woke. */
#define PATIENCE_NS 1000000
/* Looks without a new stop after which the thread sleeps until there is one. */
#define IDLE_LOOKS 32

struct wake_local {
    pthread_t thread;
    pid_t tracer;
    _Atomic uint32_t stop_queue; /* odd: the tracer is SCHED_IDLE */
    _Atomic uint32_t awake;      /* whether the thread looks */
    atomic_bool over;
};

static void set_policy(pid_t tid, int policy)
{
    const struct sched_param none = { 0 };

    sched_setscheduler(tid, policy, &none);
}

static void futex(_Atomic uint32_t *word, int operation, uint32_t value)
{
    syscall(SYS_futex, word, operation | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

/* Sleeps until the tracer wakes a task again. */
static void rest(struct wake_local *wake_local)
{
    atomic_store(&wake_local->awake, 0);
    /* Told to end before that, nobody would wake it. */
    if (!atomic_load(&wake_local->over))
        futex(&wake_local->awake, FUTEX_WAIT, 0);
}

static void *look_after(void *context)
{
    struct wake_local *wake_local = context;
    const struct timespec patience = { .tv_nsec = PATIENCE_NS };
    uint32_t before = 0;
    unsigned looks = 0;

    while (!atomic_load(&wake_local->over)) {
        nanosleep(&patience, NULL);
        uint32_t stop_queue = atomic_load(&wake_local->stop_queue);
        bool is_new = stop_queue != before;
        if (!is_new && stop_queue & 1)
            set_policy(wake_local->tracer, SCHED_OTHER);
        before = stop_queue;
        looks = is_new || stop_queue & 1 ? 0 : looks + 1;
        if (looks < IDLE_LOOKS)
            continue;
        rest(wake_local);
        looks = 0;
    }
    return NULL;
}

static bool has_way_back(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

    return sched_getscheduler(0) == SCHED_OTHER && syscall(SYS_capget, &header, data) == 0 &&
           data[CAP_TO_INDEX(CAP_SYS_NICE)].effective & CAP_TO_MASK(CAP_SYS_NICE);
}

struct wake_local *wake_local_new(void)
{
    struct wake_local *wake_local;
    sigset_t all, old;

    if (!has_way_back())
        return NULL;
    wake_local = mem_new(1, sizeof(*wake_local));
    wake_local->tracer = (pid_t)syscall(SYS_gettid);
    wake_local->awake = 1;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are the tracer's */
    int result = pthread_create(&wake_local->thread, NULL, look_after, wake_local);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (result == 0)
        return wake_local;
    free(wake_local);
    return NULL;
}

static void wake(struct wake_local *wake_local)
{
    if (!atomic_exchange(&wake_local->awake, 1))
        futex(&wake_local->awake, FUTEX_WAKE, 1);
}

void wake_local_free(struct wake_local *wake_local)
{
    if (!wake_local)
        return;
    atomic_store(&wake_local->over, true);
    wake(wake_local);
    pthread_join(wake_local->thread, NULL);
    free(wake_local);
}

void wake_local_begin(struct wake_local *wake_local)
{
    atomic_fetch_add(&wake_local->stop_queue, 1);
    if (!atomic_load(&wake_local->awake))
        wake(wake_local);
    set_policy(0, SCHED_IDLE);
}

void wake_local_end(struct wake_local *wake_local)
{
    set_policy(0, SCHED_OTHER);
    atomic_fetch_add(&wake_local->stop_queue, 1);
}
