// SPDX-License-Identifier: LGPL-2.1-or-later
/* Gives a service the environment, directory, umask, limits, input and signals that it is to find
 * when it starts, in place of ours. */
#include "trace/seize/seize.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- variables ---- */

static void set_all(const struct strings *variables)
{
    for (size_t i = 0; i < variables->count; i++) {
        const char *equals = strchr(variables->items[i], '=');
        CLEANUP(free_char)
        char *name = equals
                         ? mem_strndup(variables->items[i], (size_t)(equals - variables->items[i]))
                         : NULL;
        if (name)
            setenv(name, equals + 1, 1);
    }
}

/* A name, or NAME=VALUE, which takes a variable away only where it has that value. */
static void unset_one(const char *item)
{
    const char *equals = strchr(item, '=');
    CLEANUP(free_char)
    char *name = equals ? mem_strndup(item, (size_t)(equals - item)) : mem_strdup(item);
    const char *value = getenv(name);

    if (value && (!equals || strcmp(value, equals + 1) == 0))
        unsetenv(name);
}

void surroundings_begin_environment(const struct trace_surroundings *surroundings)
{
    if (surroundings->inherited)
        return;
    clearenv();
    set_all(&surroundings->base);
}

void surroundings_end_environment(const struct trace_surroundings *surroundings)
{
    char pid[16];

    if (!surroundings->inherited) {
        snprintf(pid, sizeof(pid), "%d", (int)getpid());
        setenv("SYSTEMD_EXEC_PID", pid, 1);
    }
    set_all(&surroundings->variables);
    for (size_t i = 0; i < surroundings->unset.count; i++)
        unset_one(surroundings->unset.items[i]);
    set_all(&surroundings->last);
}

/* ---- all else ---- */

/* What may not be raised so far is raised as far as it may, as systemd does. */
static void limit(pid_t pid, int resource, struct rlimit wanted)
{
    struct rlimit now;

    if (prlimit(pid, resource, &wanted, NULL) == 0 || prlimit(pid, resource, NULL, &now) < 0)
        return;
    if (wanted.rlim_max > now.rlim_max)
        wanted.rlim_max = now.rlim_max;
    if (wanted.rlim_cur > wanted.rlim_max)
        wanted.rlim_cur = wanted.rlim_max;
    (void)prlimit(pid, resource, &wanted, NULL);
}

void surroundings_limit(const struct trace_surroundings *surroundings, pid_t pid)
{
    for (int i = 0; i < RLIM_NLIMITS && !surroundings->inherited; i++)
        if (surroundings->limits[i].is_set)
            limit(pid, i, surroundings->limits[i].value);
}

int surroundings_enter(const struct trace_surroundings *surroundings)
{
    if (surroundings->inherited)
        return 0;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || chdir("/") < 0)
        return -errno;
    if (chdir(surroundings->directory) < 0 && !surroundings->directory_may_be_missing)
        return -errno;
    umask(surroundings->umask);
    for (int i = 1; i < SIGRTMAX + 1; i++)
        signal(i, i == SIGPIPE && !surroundings->takes_sigpipe ? SIG_IGN : SIG_DFL);
    return 0;
}
