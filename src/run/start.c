// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a service finds around it when process 1 starts it (systemd.exec(5), "Environment variables
 * in spawned processes"). Process 1 is asked where it is systemd: its PATH, locale and limits are
 * matters of its version and its configuration. */
#include "run/start.h"
#include "run/pid1.h"
#include <cinch/systemd.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* Where process 1 is not systemd: as Debian builds 252 (systemd-system.conf(5), DefaultLimit...=).
 */
#define DEFAULT_PATH       "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define DEFAULT_LANG       "LANG=C.UTF-8"
#define DEFAULT_FILES_SOFT 1024
#define DEFAULT_FILES_HARD 524288
#define DEFAULT_LOCKED     (8 << 20)

/* ---- of process 1 ---- */

static const struct {
    int resource;
    const char *name;
} limits[] = {
    { RLIMIT_CPU, "CPU" },           { RLIMIT_FSIZE, "FSIZE" }, { RLIMIT_DATA, "DATA" },
    { RLIMIT_STACK, "STACK" },       { RLIMIT_CORE, "CORE" },   { RLIMIT_RSS, "RSS" },
    { RLIMIT_NOFILE, "NOFILE" },     { RLIMIT_AS, "AS" },       { RLIMIT_NPROC, "NPROC" },
    { RLIMIT_MEMLOCK, "MEMLOCK" },   { RLIMIT_LOCKS, "LOCKS" }, { RLIMIT_SIGPENDING, "SIGPENDING" },
    { RLIMIT_MSGQUEUE, "MSGQUEUE" }, { RLIMIT_NICE, "NICE" },   { RLIMIT_RTPRIO, "RTPRIO" },
    { RLIMIT_RTTIME, "RTTIME" },
};

/* DefaultLimitNAME=, or with `suffix` "Soft" the lower one; false when there is none. */
static bool read_limit(const char *answer, const char *name, const char *suffix, rlim_t *ret)
{
    CLEANUP(free_char) char *property = mem_printf("DefaultLimit%s%s", name, suffix);
    CLEANUP(free_char) char *text = pid1_line(answer, property);
    uint64_t number;

    if (!text)
        return false;
    *ret = RLIM_INFINITY;
    if (strcmp(text, "infinity") == 0)
        return true;
    if (sscanf(text, "%" SCNu64, &number) != 1)
        return false;
    *ret = number;
    return true;
}

static void set_limit(struct trace_surroundings *ret, int resource, rlim_t soft, rlim_t hard)
{
    ret->limits[resource].is_set = true;
    ret->limits[resource].value = (struct rlimit){ .rlim_cur = soft, .rlim_max = hard };
}

void start_take_manager(const char *answer, struct trace_surroundings *ret)
{
    CLEANUP(free_char) char *variables = answer ? pid1_line(answer, "Environment") : NULL;
    rlim_t soft, hard;

    if (!variables) {
        strings_add(&ret->base, DEFAULT_PATH);
        strings_add(&ret->base, DEFAULT_LANG);
        set_limit(ret, RLIMIT_NOFILE, DEFAULT_FILES_SOFT, DEFAULT_FILES_HARD);
        set_limit(ret, RLIMIT_MEMLOCK, DEFAULT_LOCKED, DEFAULT_LOCKED);
        return;
    }
    unit_words(variables, false, &ret->base);
    for (size_t i = 0; i < ELEMENTS_OF(limits); i++)
        if (read_limit(answer, limits[i].name, "", &hard) &&
            read_limit(answer, limits[i].name, "Soft", &soft))
            set_limit(ret, limits[i].resource, soft, hard);
}

/* sd_booted(3): in a container process 1 may be the service itself. */
static void ask_manager(struct trace_surroundings *ret)
{
    struct pid1 pid1 = PID1_NONE;

    pid1.is_manager = true;
    if (access("/run/systemd/system", F_OK) == 0)
        pid1_ask_now(&pid1);
    start_take_manager(pid1.state, ret);
    pid1_done(&pid1);
}

/* ---- of this start ---- */

static void add_id(struct trace_surroundings *ret)
{
    unsigned char random[16];
    char text[64] = "INVOCATION_ID=";

    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
        return;
    for (size_t i = 0; i < sizeof(random); i++)
        snprintf(text + strlen(text), 3, "%02x", random[i]);
    strings_add(&ret->base, text);
}

/* Of our environment the service keeps what is meant for it: its manager's, and what is handed over
 * (sd_listen_fds(3)). */
static void keep_variables(struct trace_surroundings *ret)
{
    static const char *const kept[] = { "NOTIFY_SOCKET", "LISTEN_FDS",    "LISTEN_PID",
                                        "WATCHDOG_PID",  "WATCHDOG_USEC", "LISTEN_FDNAMES" };

    for (size_t i = 0; i < ELEMENTS_OF(kept); i++) {
        const char *value = getenv(kept[i]);
        CLEANUP(free_char) char *text = value ? mem_printf("%s=%s", kept[i], value) : NULL;
        if (text)
            strings_add(&ret->base, text);
    }
}

void start_read(const struct train_options *options, struct trace_surroundings *ret)
{
    *ret = (struct trace_surroundings){ .inherited = options->inherit_environment, .umask = 0022 };
    for (size_t i = 0; i < options->variables.count; i++)
        strings_add(&ret->last, options->variables.items[i]);
    ret->directory = ret->inherited ? getcwd(NULL, 0) : mem_strdup("/");
    if (ret->inherited)
        return;
    ask_manager(ret);
    add_id(ret);
    keep_variables(ret);
}

void start_done(struct trace_surroundings *surroundings)
{
    strings_done(&surroundings->base);
    strings_done(&surroundings->variables);
    strings_done(&surroundings->unset);
    strings_done(&surroundings->last);
    free(surroundings->directory);
    *surroundings = (struct trace_surroundings){ 0 };
}

/* ---- what it comes to ---- */

static bool names_variable(const char *item, const char *name)
{
    size_t length = strlen(name);

    return strncmp(item, name, length) == 0 && item[length] == '=';
}

static bool has_variable(const struct strings *items, const char *name)
{
    for (size_t i = 0; i < items->count; i++)
        if (names_variable(items->items[i], name))
            return true;
    return false;
}

bool start_has_variable(const struct trace_surroundings *surroundings, const char *name)
{
    bool has = surroundings->inherited ? getenv(name) != NULL
                                       : has_variable(&surroundings->base, name) ||
                                             has_variable(&surroundings->variables, name);

    return (has && !strings_has(&surroundings->unset, name)) ||
           has_variable(&surroundings->last, name);
}

/* The part of an argument that may be the name of a file: "--config=FILE", "FILE". */
static const char *file_part(const char *argument)
{
    const char *equals = strchr(argument, '=');

    return argument[0] == '-' && equals ? equals + 1 : argument;
}

char *start_warning(const struct train_options *options,
                    const struct trace_surroundings *surroundings)
{
    CLEANUP(free_char) char *here = getcwd(NULL, 0);

    if (!here || !surroundings->directory || strcmp(here, surroundings->directory) == 0)
        return NULL;
    for (size_t i = 1; options->argv[0] && options->argv[i]; i++) {
        const char *file = file_part(options->argv[i]);
        if (!file[0] || file[0] == '/' || access(file, F_OK) < 0)
            continue;
        CLEANUP(free_char) char *shown = text_encode_string(file);
        CLEANUP(free_char) char *where = text_encode_string(surroundings->directory);
        return mem_printf("WARNING: the argument %s is a file here, but the service starts in %s; "
                          "give its absolute path, or --inherit-environment to start it here",
                          shown, where);
    }
    return NULL;
}
