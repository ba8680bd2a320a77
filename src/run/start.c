// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a service finds around it when process 1 starts it (systemd.exec(5), "Environment variables
 * in spawned processes"). Process 1 is asked where it is systemd: its PATH, locale and limits are
 * matters of its version and its configuration. */
#include "run/start.h"
#include "run/pid1.h"
#include <cinch/systemd.h>
#include <fcntl.h>
#include <pwd.h>
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
#define VERSION_USER       257
/* What process 1 has of variables is a page or two. */
#define ENVIRONMENT_LIMIT ((size_t)1 << 20)

/* ---- of process 1 ---- */

/* 257 names the user also where the unit has no User=; 252 does not. */
static void add_user(const char *answer, struct trace_surroundings *ret)
{
    CLEANUP(free_char) char *version = pid1_line(answer, "Version");
    const struct passwd *user = getpwuid(geteuid());

    if (version && user && strtol(version, NULL, 10) >= VERSION_USER) {
        CLEANUP(free_char) char *text = mem_printf("USER=%s", user->pw_name);
        strings_add(&ret->base, text);
    }
}

void start_take_manager(const char *answer, struct trace_surroundings *ret)
{
    CLEANUP(free_char) char *variables = answer ? pid1_line(answer, "Environment") : NULL;

    if (!variables) {
        strings_add(&ret->base, DEFAULT_PATH);
        strings_add(&ret->base, DEFAULT_LANG);
        start_limit(ret, RLIMIT_NOFILE, DEFAULT_FILES_SOFT, DEFAULT_FILES_HARD);
        start_limit(ret, RLIMIT_MEMLOCK, DEFAULT_LOCKED, DEFAULT_LOCKED);
        return;
    }
    (void)unit_words(variables, false, &ret->base);
    add_user(answer, ret);
    start_take_limits(answer, ret);
}

/* sd_booted(3): in a container process 1 may be the service itself. */
static bool is_booted(void)
{
    return access("/run/systemd/system", F_OK) == 0;
}

static void ask_manager(struct trace_surroundings *ret)
{
    struct pid1 pid1 = PID1_NONE;

    pid1.is_manager = true;
    if (is_booted())
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

/* Process 1's own variables, of which PassEnvironment= gives on some. False where that is not
 * systemd, or they may not be read. */
static bool read_environment(struct str *ret)
{
    return is_booted() && fd_read_file(AT_FDCWD, "/proc/1/environ", ENVIRONMENT_LIMIT, ret) == 0;
}

int start_read(const struct train_options *options, struct start *ret, struct err *err)
{
    CLEANUP(str_done) struct str environment = { 0 };
    struct trace_surroundings *surroundings = &ret->surroundings;

    *ret = (struct start){ .user = mem_strdup(options->user) };
    surroundings->inherited = options->inherit_environment;
    surroundings->umask = 0022;
    for (size_t i = 0; i < options->variables.count; i++)
        strings_add(&surroundings->last, options->variables.items[i]);
    surroundings->directory = surroundings->inherited ? getcwd(NULL, 0) : mem_strdup("/");
    if (surroundings->inherited)
        return 0;
    ask_manager(surroundings);
    add_id(surroundings);
    keep_variables(surroundings);
    if (!options->settings)
        return 0;
    bool known = read_environment(&environment);
    return start_take_unit(options->settings, known ? &environment : NULL, ret, err);
}

void start_done(struct start *start)
{
    strings_done(&start->surroundings.base);
    strings_done(&start->surroundings.variables);
    strings_done(&start->surroundings.unset);
    strings_done(&start->surroundings.last);
    free(start->surroundings.directory);
    strings_done(&start->unapplied);
    strings_done(&start->missing);
    free(start->user);
    free(start->group);
    *start = (struct start){ 0 };
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

/* An argument that names a file only from our own working directory; NULL: none does. */
static char *describe_relative(const struct train_options *options, const char *directory)
{
    CLEANUP(free_char) char *here = getcwd(NULL, 0);

    if (!here || !directory || strcmp(here, directory) == 0)
        return NULL;
    for (size_t i = 1; options->argv[0] && options->argv[i]; i++) {
        const char *file = file_part(options->argv[i]);
        if (!file[0] || file[0] == '/' || access(file, F_OK) < 0)
            continue;
        CLEANUP(free_char) char *shown = text_encode_string(file);
        CLEANUP(free_char) char *where = text_encode_string(directory);
        return mem_printf("warning: the argument %s is a file here, but the service starts in %s; "
                          "give its absolute path, or --inherit-environment to start it here",
                          shown, where);
    }
    return NULL;
}

static char *join(const struct strings *items)
{
    struct str text = { 0 };

    for (size_t i = 0; i < items->count; i++)
        str_addf(&text, "%s%s", i ? ", " : "", items->items[i]);
    return str_steal(&text);
}

void start_warn(const struct train_options *options, const struct start *start, struct strings *ret)
{
    CLEANUP(free_char) char *relative = describe_relative(options, start->surroundings.directory);
    CLEANUP(free_char) char *unapplied = join(&start->unapplied);
    CLEANUP(free_char) char *missing = join(&start->missing);
    CLEANUP(free_char)
    char *lines = mem_printf("not applied from the unit: %s; with --gate systemd itself starts the "
                             "service",
                             unapplied);
    CLEANUP(free_char)
    char *absent = mem_printf("warning: systemd creates %s before it starts the unit, but cinch "
                              "does not; create it for the training, owned by the service's user",
                              missing);

    if (relative)
        strings_add(ret, relative);
    if (start->unapplied.count)
        strings_add(ret, lines);
    if (start->missing.count)
        strings_add(ret, absent);
}
