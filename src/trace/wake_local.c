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

struct yielder {
    pthread_t thread;
    pid_t tracer;
    _Atomic uint32_t turns; /* odd: the tracer is SCHED_IDLE */
    _Atomic uint32_t awake; /* whether the thread looks */
    atomic_bool over;
};

/* nptl(7): the first two real-time signals. sigaction(2) of glibc does not let them through. */
#define FIRST_INTERNAL   32
#define KERNEL_SET_BYTES 8

void internal_signals_keep(struct internal_signals *ret)
{
    for (int i = 0; i < INTERNAL_SIGNALS; i++)
        syscall(SYS_rt_sigaction, FIRST_INTERNAL + i, NULL, ret->actions[i], KERNEL_SET_BYTES);
}

void internal_signals_restore(const struct internal_signals *kept)
{
    for (int i = 0; i < INTERNAL_SIGNALS; i++)
        syscall(SYS_rt_sigaction, FIRST_INTERNAL + i, kept->actions[i], NULL, KERNEL_SET_BYTES);
}

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
static void rest(struct yielder *yielder)
{
    atomic_store(&yielder->awake, 0);
    /* Told to end before that, nobody would wake it. */
    if (!atomic_load(&yielder->over))
        futex(&yielder->awake, FUTEX_WAIT, 0);
}

static void *look_after(void *context)
{
    struct yielder *yielder = context;
    const struct timespec patience = { .tv_nsec = PATIENCE_NS };
    uint32_t before = 0;
    unsigned looks = 0;

    while (!atomic_load(&yielder->over)) {
        nanosleep(&patience, NULL);
        uint32_t turns = atomic_load(&yielder->turns);
        bool is_new = turns != before;
        if (!is_new && turns & 1)
            set_policy(yielder->tracer, SCHED_OTHER);
        before = turns;
        looks = is_new || turns & 1 ? 0 : looks + 1;
        if (looks < IDLE_LOOKS)
            continue;
        rest(yielder);
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

struct yielder *yielder_new(void)
{
    struct yielder *yielder;
    sigset_t all, old;

    if (!has_way_back())
        return NULL;
    yielder = mem_new(1, sizeof(*yielder));
    yielder->tracer = (pid_t)syscall(SYS_gettid);
    yielder->awake = 1;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are the tracer's */
    int result = pthread_create(&yielder->thread, NULL, look_after, yielder);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (result == 0)
        return yielder;
    free(yielder);
    return NULL;
}

static void wake(struct yielder *yielder)
{
    if (!atomic_exchange(&yielder->awake, 1))
        futex(&yielder->awake, FUTEX_WAKE, 1);
}

void yielder_free(struct yielder *yielder)
{
    if (!yielder)
        return;
    atomic_store(&yielder->over, true);
    wake(yielder);
    pthread_join(yielder->thread, NULL);
    free(yielder);
}

void yielder_begin(struct yielder *yielder)
{
    atomic_fetch_add(&yielder->turns, 1);
    if (!atomic_load(&yielder->awake))
        wake(yielder);
    set_policy(0, SCHED_IDLE);
}

void yielder_end(struct yielder *yielder)
{
    set_policy(0, SCHED_OTHER);
    atomic_fetch_add(&yielder->turns, 1);
}
