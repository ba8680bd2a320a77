// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/subject.h"
#include "run/start.h"
#include <cinch/base/proc.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_LIMIT ((size_t)4 << 20)

/* Calls for each NUL-terminated string of /proc/PID/NAME. */
static void each_string(pid_t pid, const char *name,
                        void (*take)(struct strings *strings, const char *text),
                        struct strings *strings)
{
    struct str text = { 0 };

    if (proc_read(pid, name, TEXT_LIMIT, &text) == 0)
        for (size_t at = 0; at < text.length; at += strlen(text.data + at) + 1)
            take(strings, text.data + at);
    str_done(&text);
}

/* Those that say what the service manager gave it. */
static const char *const variables[] = { "JOURNAL_STREAM", "LISTEN_FDS", "NOTIFY_SOCKET",
                                         "WATCHDOG_USEC" };

static void take_variable(struct strings *strings, const char *text)
{
    size_t length = strcspn(text, "=");

    for (size_t i = 0; i < ELEMENTS_OF(variables); i++)
        if (strlen(variables[i]) == length && strncmp(variables[i], text, length) == 0)
            strings_add(strings, variables[i]);
}

char *subject_variable(pid_t pid, const char *name)
{
    CLEANUP(strings_done) struct strings all = { 0 };
    size_t length = strlen(name);

    each_string(pid, "environ", strings_add, &all);
    for (size_t i = 0; i < all.count; i++)
        if (str_starts_with(all.items[i], name) && all.items[i][length] == '=')
            return mem_strdup(all.items[i] + length + 1);
    return NULL;
}

static char *read_cwd(pid_t pid)
{
    char *target;

    return proc_link(pid, "cwd", &target) == 0 ? target : mem_strdup("");
}

/* The real user: "Uid:\treal\teffective..." of /proc/PID/status. A program that is not dumpable has
 * a /proc/PID that belongs to root, so its owner does not tell. */
static uid_t read_user(pid_t pid)
{
    int64_t uid = proc_status_number(pid, "Uid");

    return uid < 0 ? 0 : (uid_t)uid;
}

void subject_read(pid_t pid, struct run *run)
{
    each_string(pid, "cmdline", strings_add, &run->command);
    each_string(pid, "environ", take_variable, &run->environment);
    run->cwd = read_cwd(pid);
    run->uid = read_user(pid);
    const struct passwd *user = getpwuid(run->uid);
    run->user = mem_strdup(user ? user->pw_name : "");
}

void subject_own(const struct train_options *options, const struct start *start, struct run *run)
{
    const struct passwd *user = start->user ? getpwnam(start->user) : getpwuid(geteuid());

    for (char *const *argument = options->argv; *argument; argument++)
        strings_add(&run->command, *argument);
    for (size_t i = 0; i < ELEMENTS_OF(variables); i++)
        if (start_has_variable(&start->surroundings, variables[i]))
            strings_add(&run->environment, variables[i]);
    run->cwd = mem_strdup(start->surroundings.directory);
    run->uid = user ? user->pw_uid : geteuid();
    run->user = mem_strdup(user ? user->pw_name : "");
}

void subject_done(struct run *run)
{
    strings_done(&run->command);
    strings_done(&run->environment);
    free(run->cwd);
    free(run->user);
    run->cwd = run->user = NULL;
}
