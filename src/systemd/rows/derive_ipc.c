// SPDX-License-Identifier: LGPL-2.1-or-later
/* PrivateIPC=, RemoveIPC=: System V objects, POSIX queues and shared memory (sysvipc(7)). */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/identity.h"
#include "systemd/core/verdict.h"
#include "systemd/rows/rows.h"
#include <string.h>

/* ---- objects that others have ---- */

/* Calls on an object, and the call that gave its id. */
static const struct {
    const char *getter;
    const char *users[5];
} objects[] = {
    { "shmget", { "shmat", "shmctl" } },
    { "semget", { "semop", "semtimedop", "semtimedop_time64", "semctl" } },
    { "msgget", { "msgsnd", "msgrcv", "msgctl" } },
};

static bool object_was_got(const struct profile *profile, const char *getter)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ARGUMENT, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->outcome == 0 && strcmp(facts[i]->argument.topic, "ipc-key") == 0 &&
            strcmp(facts[i]->argument.call, getter) == 0)
            return true;
    return false;
}

static const struct fact *call_that_succeeded(const struct profile *profile, const char *name)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->outcome == 0 && facts[i]->syscall.name &&
            strcmp(facts[i]->syscall.name, name) == 0)
            return facts[i];
    return NULL;
}

/* The service used an object ID that it never obtained itself; another program passed it on. */
static const struct fact *object_of_others(const struct profile *profile)
{
    for (size_t i = 0; i < ELEMENTS_OF(objects); i++) {
        if (object_was_got(profile, objects[i].getter))
            continue;
        for (size_t k = 0; objects[i].users[k]; k++) {
            const struct fact *fact = call_that_succeeded(profile, objects[i].users[k]);
            if (fact)
                return fact;
        }
    }
    return NULL;
}

void derive_private_ipc(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret)
{
    const struct fact *foreign = object_of_others(context->profile);

    if (foreign) {
        CLEANUP(free_char) char *seen = fact_describe(foreign);
        verdict_refuse(ret,
                       mem_printf("the service uses an object it did not create: %s; it blocks %s",
                                  seen, directive->forbids),
                       foreign);
    } else {
        derive_candidate(context, directive, ret);
    }
}

/* ---- what is left behind ---- */

static bool was_deleted(const struct fact *const *facts, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (facts[i]->path.use == PATH_DELETE && facts[i]->outcome == 0 &&
            strcmp(facts[i]->path.path, path) == 0)
            return true;
    return false;
}

/* POSIX shared memory and semaphores are files there (shm_overview(7)): one that stays, or that was
 * there before, may be meant for another run or another program. */
static const struct fact *shared_memory_kept(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        const struct path_fact *path = &facts[i]->path;
        if (!str_starts_with(path->path, "/dev/shm/") || facts[i]->outcome != 0 ||
            path->use == PATH_STAT)
            continue;
        if (evidence_foreign(&facts[i]->evidence) ||
            (path->use == PATH_CREATE && path_is_collapsed(path->path)) ||
            (path->use == PATH_CREATE && !was_deleted(facts, count, path->path)))
            return facts[i];
    }
    return NULL;
}

void derive_remove_ipc(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret)
{
    const struct unit *unit = context->options->unit;
    const struct fact *kept = shared_memory_kept(context->profile);

    if (!identity_is_unprivileged(context->profile, context->options)) {
        verdict_refuse(
            ret,
            mem_strdup("the service runs as root, and systemd never removes root's IPC objects"),
            NULL);
    } else if (unit && unit_is_on(unit, "DynamicUser")) {
        verdict_refuse(ret, mem_strdup("the unit's DynamicUser=yes implies it"), NULL);
    } else if (kept) {
        CLEANUP(free_char) char *seen = fact_describe(kept);
        verdict_refuse(ret,
                       mem_printf("the service keeps or shares shared memory: %s; it blocks %s",
                                  seen, directive->forbids),
                       kept);
    } else {
        derive_candidate(context, directive, ret);
    }
}
