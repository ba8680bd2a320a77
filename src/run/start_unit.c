// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a unit says of the surroundings of its commands (systemd.exec(5)), as systemd 252 to 257 put
 * it together (build_environment() and exec_child()). */
#include "run/start.h"
#include <cinch/systemd.h>
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct taking {
    const struct unit *unit;
    struct start *start;
};

/* Something of the unit that was not done; `detail` why not, "": it is nothing that cinch does. */
static void leave(const struct taking *taking, const char *key, const char *detail)
{
    CLEANUP(free_char) char *shown = text_encode_string(detail);
    CLEANUP(free_char)
    char *text = *detail ? mem_printf("%s= (%s)", key, shown) : mem_printf("%s=", key);

    if (!strings_has(&taking->start->unapplied, text))
        strings_add(&taking->start->unapplied, text);
}

/* The last value with its specifiers replaced; NULL when there is none or it cannot be. */
static char *take_value(const struct taking *taking, const char *key)
{
    const char *value = unit_get(taking->unit, key);
    char *expanded = value && value[0] ? unit_expand(taking->unit, value, true) : NULL;

    if (value && value[0] && !expanded)
        leave(taking, key, value);
    return expanded;
}

/* The words of a list with their specifiers replaced. */
static void take_words(const struct taking *taking, const char *key, bool c_escapes,
                       struct strings *ret)
{
    CLEANUP(strings_done) struct strings values = { 0 };

    unit_values(taking->unit, key, &values);
    for (size_t i = 0; i < values.count; i++) {
        CLEANUP(strings_done) struct strings words = { 0 };
        (void)unit_words(values.items[i], c_escapes, &words); /* systemd ignores what is broken */
        for (size_t k = 0; k < words.count; k++) {
            CLEANUP(free_char) char *word = unit_expand(taking->unit, words.items[k], true);
            if (word)
                strings_add(ret, word);
            else
                leave(taking, key, words.items[k]);
        }
    }
}

/* ---- variables that process 1 makes ---- */

static const struct {
    const char *key, *base, *variable;
} directories[] = {
    { "RuntimeDirectory", "/run", "RUNTIME_DIRECTORY" },
    { "StateDirectory", "/var/lib", "STATE_DIRECTORY" },
    { "CacheDirectory", "/var/cache", "CACHE_DIRECTORY" },
    { "LogsDirectory", "/var/log", "LOGS_DIRECTORY" },
    { "ConfigurationDirectory", "/etc", "CONFIGURATION_DIRECTORY" },
};

static bool leads_up(const char *path)
{
    for (; (path = strstr(path, "/..")) != NULL; path++)
        if (path[3] == '/' || !path[3])
            return true;
    return false;
}

/* Its paths; process 1 would make those that are not there. */
static void take_paths(const struct taking *taking, size_t row, struct strings *ret)
{
    CLEANUP(strings_done) struct strings words = { 0 };

    take_words(taking, directories[row].key, false, &words);
    for (size_t i = 0; i < words.count; i++) {
        words.items[i][strcspn(words.items[i], ":")] = '\0'; /* a link, options */
        CLEANUP(free_char) char *plain = path_normalise(words.items[i]);
        CLEANUP(free_char) char *path = mem_printf("%s%s", directories[row].base, plain);
        if (words.items[i][0] == '/' || strcmp(plain, "/") == 0 || leads_up(plain))
            continue; /* systemd ignores it */
        strings_add(ret, path);
    }
    strings_sort_unique(ret);
}

static void take_directories(const struct taking *taking, size_t row)
{
    CLEANUP(strings_done) struct strings paths = { 0 };
    CLEANUP(str_done) struct str variable = { 0 };

    take_paths(taking, row, &paths);
    str_addf(&variable, "%s=", directories[row].variable);
    for (size_t i = 0; i < paths.count; i++) {
        str_addf(&variable, "%s%s", i ? ":" : "", paths.items[i]);
        CLEANUP(free_char) char *shown = text_encode_string(paths.items[i]);
        if (access(paths.items[i], F_OK) < 0)
            strings_add(&taking->start->missing, shown);
    }
    if (paths.count)
        strings_add(&taking->start->surroundings.base, variable.data);
}

static void take_file_of_pid(const struct taking *taking)
{
    CLEANUP(free_char) char *value = take_value(taking, "PIDFile");
    CLEANUP(free_char) char *path = value ? path_join("/run", value) : NULL;
    CLEANUP(free_char) char *variable = path ? mem_printf("PIDFILE=%s", path) : NULL;

    if (variable)
        strings_add(&taking->start->surroundings.base, variable);
}

/* cinch is no manager that waits for it, but the service must act as if it had one. */
static void take_watchdog(const struct taking *taking)
{
    const char *value = unit_get(taking->unit, "WatchdogSec");
    struct strings *base = &taking->start->surroundings.base;
    int64_t ms;

    if (!value || !value[0] || strcmp(value, "infinity") == 0)
        return;
    if (duration_parse(value, &ms, NULL) < 0) {
        leave(taking, "WatchdogSec", value);
    } else if (ms) {
        CLEANUP(free_char) char *time = mem_printf("WATCHDOG_USEC=%" PRId64, ms * 1000);
        /* As with LISTEN_PID=, a number that is ours becomes the service's. */
        CLEANUP(free_char) char *pid = mem_printf("WATCHDOG_PID=%d", (int)getpid());
        strings_add(base, time);
        strings_add(base, pid);
    }
}

static void take_search_path(const struct taking *taking)
{
    CLEANUP(strings_done) struct strings values = { 0 };
    CLEANUP(str_done) struct str path = { 0 };

    unit_values(taking->unit, "ExecSearchPath", &values);
    for (size_t i = 0; i < values.count; i++)
        str_addf(&path, "%s%s", i ? ":" : "PATH=", values.items[i]);
    CLEANUP(free_char)
    char *expanded = path.length ? unit_expand(taking->unit, path.data, true) : NULL;
    if (expanded)
        strings_add(&taking->start->surroundings.base, expanded);
    else if (path.length)
        leave(taking, "ExecSearchPath", path.data);
}

/* ---- the unit's own ---- */

static const char *find_variable(const struct str *environment, const char *name)
{
    size_t length = strlen(name);

    for (size_t at = 0; at < environment->length; at += strlen(environment->data + at) + 1)
        if (strncmp(environment->data + at, name, length) == 0 &&
            environment->data[at + length] == '=')
            return environment->data + at;
    return NULL;
}

static void take_passed(const struct taking *taking, const struct str *environment)
{
    CLEANUP(strings_done) struct strings names = { 0 };

    take_words(taking, "PassEnvironment", false, &names);
    if (names.count && !environment)
        leave(taking, "PassEnvironment", "process 1 is not systemd here; give --setenv");
    for (size_t i = 0; environment && i < names.count; i++) {
        const char *variable = find_variable(environment, names.items[i]);
        if (variable && environment_is_valid(variable))
            strings_add(&taking->start->surroundings.variables, variable);
    }
}

static void take_variables(const struct taking *taking)
{
    CLEANUP(strings_done) struct strings words = { 0 };

    take_words(taking, "Environment", true, &words);
    for (size_t i = 0; i < words.count; i++)
        if (environment_is_valid(words.items[i]))
            strings_add(&taking->start->surroundings.variables, words.items[i]);
}

static int take_files(const struct taking *taking, struct err *err)
{
    CLEANUP(strings_done) struct strings values = { 0 };

    unit_values(taking->unit, "EnvironmentFile", &values);
    for (size_t i = 0; i < values.count; i++) {
        bool may_be_missing = values.items[i][0] == '-';
        CLEANUP(free_char)
        char *path = unit_expand(taking->unit, values.items[i] + may_be_missing, true);
        CLEANUP(free_char) char *shown = text_encode_string(values.items[i]);
        if (!path)
            leave(taking, "EnvironmentFile", values.items[i]);
        if (!path || path[0] != '/')
            continue;
        int result = environment_read(path, &taking->start->surroundings.variables);
        if (result < 0 && !may_be_missing)
            return err_set(err, -result,
                           "cannot read the EnvironmentFile=%s of the unit: %s; systemd would not "
                           "start it",
                           shown, strerror(-result));
    }
    return 0;
}

/* ---- whose it is, and where ---- */

/* The name of a user who may be given by number. */
static char *name_user(const char *text)
{
    bool is_number = text[strspn(text, "0123456789")] == '\0';
    const struct passwd *user =
        is_number ? getpwuid((uid_t)strtoul(text, NULL, 10)) : getpwnam(text);

    return user ? mem_strdup(user->pw_name) : NULL;
}

static void take_user(const struct taking *taking)
{
    struct start *start = taking->start;
    CLEANUP(free_char) char *user = take_value(taking, "User");
    CLEANUP(free_char) char *group = take_value(taking, "Group");

    if (user && !start->user && unit_is_on(taking->unit, "DynamicUser") && !getpwnam(user))
        return; /* it is told as DynamicUser= */
    if (user && geteuid() != 0)
        leave(taking, "User", "cinch is not root");
    else if (user && !start->user && !(start->user = name_user(user)))
        leave(taking, "User", "there is no such user; give --user");
    if (group && start->user && geteuid() == 0)
        start->group = mem_strdup(group);
    else if (group)
        leave(taking, "Group", "");
}

static void take_directory(const struct taking *taking)
{
    struct trace_surroundings *surroundings = &taking->start->surroundings;
    CLEANUP(free_char) char *value = take_value(taking, "WorkingDirectory");
    const char *path = value ? value + (value[0] == '-') : "";
    const struct passwd *user = NULL;

    if (strcmp(path, "~") == 0)
        user = taking->start->user ? getpwnam(taking->start->user) : getpwuid(geteuid());
    if (!user && path[0] != '/')
        return;
    free(surroundings->directory);
    surroundings->directory = user ? mem_strdup(user->pw_dir) : path_normalise(path);
    surroundings->directory_may_be_missing = value && value[0] == '-';
}

static void take_umask(const struct taking *taking)
{
    const char *value = unit_get(taking->unit, "UMask");
    char *end = NULL;
    unsigned long mask = value && *value >= '0' && *value <= '7' ? strtoul(value, &end, 8) : 01000;

    if (end && !*end && mask <= 0777)
        taking->start->surroundings.umask = (mode_t)mask;
}

/* ---- what is not done ---- */

/* Lines that change what a command meets, and are process 1's to carry out. */
static const char *const beyond[] = {
    "DynamicUser",
    "SupplementaryGroups",
    "PAMName",
    "RootDirectory",
    "RootImage",
    "AmbientCapabilities",
    "CapabilityBoundingSet",
    "NoNewPrivileges",
    "PrivateTmp",
    "PrivateDevices",
    "PrivateNetwork",
    "PrivateUsers",
    "NetworkNamespacePath",
    "ProtectSystem",
    "ProtectHome",
    "ReadOnlyPaths",
    "InaccessiblePaths",
    "TemporaryFileSystem",
    "BindPaths",
    "BindReadOnlyPaths",
    "LoadCredential",
    "LoadCredentialEncrypted",
    "SetCredential",
    "SetCredentialEncrypted",
    "ImportCredential",
    "OpenFile",
    "Sockets",
    "SystemCallFilter",
    "RestrictAddressFamilies",
    "Personality",
};

static void leave_beyond(const struct taking *taking)
{
    const char *input = unit_get(taking->unit, "StandardInput");

    for (size_t i = 0; i < ELEMENTS_OF(beyond); i++) {
        const char *value = unit_get(taking->unit, beyond[i]);
        if (value && value[0] && unit_is_on(taking->unit, beyond[i]))
            leave(taking, beyond[i], "");
    }
    if (input && input[0] && strcmp(input, "null") != 0)
        leave(taking, "StandardInput", input);
    if (taking->unit->is_user)
        strings_add(&taking->start->unapplied, "the environment of a user's service manager");
}

/* ---- the whole ---- */

bool start_notifies(const struct unit *unit)
{
    const char *type = unit_get(unit, "Type"), *access = unit_get(unit, "NotifyAccess");
    const char *watchdog = unit_get(unit, "WatchdogSec");

    return (type && str_starts_with(type, "notify")) || (watchdog && watchdog[0]) ||
           (access && access[0] && strcmp(access, "none") != 0);
}

int start_take_unit(const struct unit *unit, const struct str *environment, struct start *ret,
                    struct err *err)
{
    const struct taking taking = { .unit = unit, .start = ret };
    const char *ignores = unit_get(unit, "IgnoreSIGPIPE");

    take_user(&taking);
    take_search_path(&taking);
    for (size_t i = 0; i < ELEMENTS_OF(directories); i++)
        take_directories(&taking, i);
    take_file_of_pid(&taking);
    take_watchdog(&taking);
    take_passed(&taking, environment);
    take_variables(&taking);
    int result = take_files(&taking, err);
    take_words(&taking, "UnsetEnvironment", true, &ret->surroundings.unset);
    take_directory(&taking);
    take_umask(&taking);
    start_take_unit_limits(unit, &ret->surroundings);
    ret->surroundings.takes_sigpipe = ignores && ignores[0] && !unit_is_on(unit, "IgnoreSIGPIPE");
    leave_beyond(&taking);
    return result;
}
