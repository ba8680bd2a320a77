// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Installing filters in the process that is going to be the service. Doing so without no_new_privs
 * takes CAP_SYS_ADMIN, and the kernel marks a task that used a capability for good (PF_SUPERPRIV).
 * Where that mark is all there is to tell whether the service uses any, another thread installs
 * them for all (SECCOMP_FILTER_FLAG_TSYNC), has the mark, and ends by the execve.
 *
 * That thread shares all with the process but its stack, is not traced, and makes no call once the
 * last filter is there: without a tracer calls may fail by it, even exit(2).
 */
#include "trace/seize/seize.h"
#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>

#define STACK_BYTES 65536

enum { WAITING, TOLD, DONE };

struct installer {
    const struct filter *filter;
    bool no_io_uring;
    int state; /* what both look at */
    int result;
    char stack[STACK_BYTES] __attribute__((aligned(16)));
};

/* A service that stops every call must install that filter last. */
static int install_all(const struct filter *filter, bool no_io_uring, unsigned flags)
{
    int result = no_io_uring ? deny_io_uring(filter != NULL, flags) : 0;

    return result == 0 && filter ? filter_install(filter, flags) : result;
}

static int run(void *context)
{
    struct installer *installer = context;

    while (__atomic_load_n(&installer->state, __ATOMIC_ACQUIRE) == WAITING)
        sched_yield();
    installer->result =
        install_all(installer->filter, installer->no_io_uring, SECCOMP_FILTER_FLAG_TSYNC);
    __atomic_store_n(&installer->state, DONE, __ATOMIC_RELEASE);
    while (__atomic_load_n(&installer->state, __ATOMIC_RELAXED) == DONE)
        ; /* until the execve ends it */
    return 0;
}

struct installer *installer_new(const struct filter *filter, bool no_io_uring)
{
    struct installer *installer = mem_new(1, sizeof(*installer));

    installer->filter = filter;
    installer->no_io_uring = no_io_uring;
    return installer;
}

bool installer_begin(struct installer *installer)
{
    const int shared = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
                       CLONE_SYSVSEM | CLONE_UNTRACED;

    return installer->filter &&
           clone(run, installer->stack + sizeof(installer->stack), shared, installer) > 0;
}

int installer_end(struct installer *installer, bool has_begun)
{
    if (!has_begun)
        return install_all(installer->filter, installer->no_io_uring, 0);
    __atomic_store_n(&installer->state, TOLD, __ATOMIC_RELEASE);
    while (__atomic_load_n(&installer->state, __ATOMIC_ACQUIRE) != DONE)
        sched_yield();
    return installer->result;
}
