// SPDX-License-Identifier: LGPL-2.1-or-later
/* A start that never comes to the gate: the unit failed before, or runs without it. What is known
 * of that is PID 1's word; the unit's settings say which of them may have kept the gate away. */
#include "run/pid1.h"
#include <cinch/systemd.h>
#include <stdlib.h>
#include <string.h>

/* A unit that is up for so long and whose gate did not come has none, or it cannot reach us. */
#define UP_MS 3000

/* A property as it can be shown, the caller's; "?" where PID 1 did not say. */
static char *shown_property(const struct pid1 *pid1, const char *name)
{
    CLEANUP(free_char) char *value = pid1_property(pid1, name);

    return text_encode_string(value ? value : "?");
}

/* Where the unit has its gate, the caller's; NULL: none of its commands has one. */
static char *find_gate(const struct pid1 *pid1)
{
    static const char *const keys[] = { "ExecStartPre", "ExecStart" };

    for (size_t i = 0; i < ELEMENTS_OF(keys); i++) {
        CLEANUP(free_char) char *commands = pid1_property(pid1, keys[i]);
        for (const char *at = commands; at && (at = strstr(at, "path=")) != NULL;) {
            at += strlen("path=");
            CLEANUP(free_char) char *path = mem_strndup(at, strcspn(at, " ;"));
            if (strcmp(path_name(path), UNIT_GATE) == 0)
                return mem_strdup(path);
        }
    }
    return NULL;
}

/* Whether a word of the value, which may carry a prefix and options, is the path or above it. */
static bool covers(const char *value, const char *path)
{
    for (const char *at = value; *at;) {
        at += strspn(at, " -+");
        size_t length = strcspn(at, " :");
        CLEANUP(free_char) char *word = mem_strndup(at, length);
        if (word[0] == '/' && path_is_within(path, word))
            return true;
        at += strcspn(at, " ");
    }
    return false;
}

static const struct {
    const char *name;
    bool is_path; /* it matters only where it covers the gate */
    const char *effect, *remedy;
} lines[] = {
    { "RootDirectory", false, "gives the unit another root", "bind it and its socket in" },
    { "RootImage", false, "gives the unit another root", "bind it and its socket in" },
    { "TemporaryFileSystem", true, "hides", "bind it and its socket in (BindPaths=)" },
    { "InaccessiblePaths", true, "hides", "leave that line out for the training" },
    { "NoExecPaths", true, "forbids to execute", "add it to ExecPaths=" },
};

/* Which of the unit's lines keeps the gate from being executed; the caller's, "" when none is known
 * to. */
static char *blame(const struct pid1 *pid1)
{
    CLEANUP(free_char) char *gate = find_gate(pid1);

    if (!gate)
        return mem_strdup("; none of its commands has cinch-gate before it");
    for (size_t i = 0; i < ELEMENTS_OF(lines); i++) {
        CLEANUP(free_char) char *value = pid1_property(pid1, lines[i].name);
        if (!value || !value[0] || (lines[i].is_path && !covers(value, gate)))
            continue;
        CLEANUP(free_char) char *shown = text_encode_string(value);
        CLEANUP(free_char) char *where = text_encode_string(gate);
        return mem_printf(": %s=%s %s%s%s; %s", lines[i].name, shown, lines[i].effect,
                          lines[i].is_path ? " " : ", without ", where, lines[i].remedy);
    }
    return mem_strdup("");
}

static bool is_new_start(const struct pid1 *pid1, const char *before)
{
    static const char *const names[] = { "InvocationID", "NRestarts" };

    for (size_t i = 0; i < ELEMENTS_OF(names); i++) {
        CLEANUP(free_char) char *then = pid1_line(before, names[i]);
        CLEANUP(free_char) char *now = pid1_property(pid1, names[i]);
        if (now && now[0] && strcmp(now, then ? then : "") != 0)
            return true;
    }
    return false;
}

/* A start that the unit's Condition...= or Assert...= prevented. */
static bool is_prevented(const struct pid1 *pid1, const char *before)
{
    CLEANUP(free_char) char *then = pid1_line(before, "ConditionTimestampMonotonic");
    CLEANUP(free_char) char *now = pid1_property(pid1, "ConditionTimestampMonotonic");

    return now && strcmp(now, then ? then : "") != 0 &&
           pid1_property_is(pid1, "ConditionResult", "no") && pid1_has_stopped(pid1);
}

static char *describe_failure(const struct pid1 *pid1)
{
    CLEANUP(free_char) char *result = shown_property(pid1, "Result");
    CLEANUP(free_char) char *status = shown_property(pid1, "ExecMainStatus");
    CLEANUP(free_char) char *why = blame(pid1);

    return mem_printf("%s ended before it came to the gate (Result=%s, status %s%s)%s; see "
                      "journalctl -u %s",
                      pid1->unit, result, status,
                      strcmp(status, "203") == 0 ? ", cannot be executed" : "", why, pid1->unit);
}

char *pid1_failed_start(const struct pid1 *pid1, const char *before, int64_t *since_ms)
{
    if (!pid1_knows(pid1))
        return NULL;
    if (is_prevented(pid1, before))
        return mem_printf("%s was not started: a Condition of the unit does not hold", pid1->unit);
    if (!is_new_start(pid1, before))
        return NULL;
    if (pid1_has_stopped(pid1) || pid1_property_is(pid1, "SubState", "auto-restart"))
        return describe_failure(pid1);
    if (!pid1_property_is(pid1, "ActiveState", "active"))
        return NULL;
    if (*since_ms < 0)
        *since_ms = pid1_clock_ms();
    if (pid1_clock_ms() - *since_ms < UP_MS)
        return NULL;
    CLEANUP(free_char) char *why = blame(pid1);
    return mem_printf("%s runs, but did not come to the gate%s; the gate needs the socket's path "
                      "and AF_UNIX",
                      pid1->unit, why);
}

bool pid1_is_unknown(const struct pid1 *pid1)
{
    return pid1_property_is(pid1, "LoadState", "not-found");
}

bool pid1_restarts(const struct pid1 *pid1)
{
    CLEANUP(free_char) char *restart = pid1_property(pid1, "Restart");

    return pid1_knows(pid1) && restart && restart[0] && strcmp(restart, "no") != 0 &&
           (pid1_property_is(pid1, "ActiveState", "active") ||
            pid1_property_is(pid1, "ActiveState", "activating") ||
            pid1_property_is(pid1, "ActiveState", "reloading"));
}

char *pid1_no_such_unit(const struct pid1 *pid1)
{
    CLEANUP(free_char) char *known = pid1_property(pid1, "LoadState");
    CLEANUP(free_char) char *load = shown_property(pid1, "LoadState");

    if (!known || strcmp(known, "loaded") == 0)
        return NULL;
    return mem_printf("--unit %s: the service manager has no such unit (LoadState=%s); give the "
                      "name that systemctl start takes, after systemctl daemon-reload",
                      pid1->unit, load);
}
