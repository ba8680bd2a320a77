// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the machine says in text: two lists of mounts (a service may have made its own), control
 * groups, what a systemd-analyze prints of its groups of calls and a systemctl of a unit; and what
 * a person asks for.
 */
#include "host/census.h"
#include "run/control_group.h"
#include "run/pid1.h"
#include "trace/task/mounts.h"
#include <cinch/run.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare_mounts(const char *service, const char *machine)
{
    struct mounts views[2] = { 0 };
    struct moved moved = { 0 };

    mounts_parse(&views[0], service);
    mounts_parse(&views[1], machine);
    mounts_moved_compare(&moved, &views[0], &views[1]);
    for (size_t i = 0; i < ELEMENTS_OF(views); i++)
        for (size_t j = 0; j < views[i].count; j++) {
            const char *point = views[i].items[j].point;
            const struct mount *mount = mounts_at(&views[0], point);
            if (mount && !path_is_within(point, mount->point))
                abort();
            (void)mounts_moved_find(&moved, point);
        }
    mounts_moved_done(&moved);
    mounts_done(&views[0]);
    mounts_done(&views[1]);
}

/* What is found ends in the unit, whole, and none before it is of others. */
static void find_control_group(const char *groups, const char *manager)
{
    static const char unit[] = "/web.service";
    CLEANUP(free_char) char *found = control_group_find(groups, manager, unit + 1);
    size_t length = found ? strlen(found) : 0, tail = strlen(unit);

    if (found && (found[0] != '/' || length < tail || strcmp(found + length - tail, unit) != 0 ||
                  strchr(found, '\n') || (!*manager && strstr(found, ".scope/"))))
        abort();
}

static void read_groups(const char *text)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    size_t count;

    census_groups_parse(profile, text);
    const struct host_setting *const *settings = profile_settings(profile, &count);
    for (size_t i = 0; i < count; i++)
        if (!str_starts_with(settings[i]->name, "group @") || !settings[i]->value[0] ||
            settings[i]
                ->value[strspn(settings[i]->value, "abcdefghijklmnopqrstuvwxyz0123456789_-@ ")])
            abort();
}

/* Whatever it says of the unit, what is told of it is one line. */
static void read_unit(const char *state, const char *before)
{
    CLEANUP(pid1_done) struct pid1 pid1 = PID1_NONE;
    int64_t since_ms = 0;

    pid1.unit = "web.service";
    pid1.state = mem_strdup(state);
    CLEANUP(free_char) char *failed = pid1_failed_start(&pid1, before, &since_ms);
    CLEANUP(free_char) char *missing = pid1_no_such_unit(&pid1);
    for (const char *at = failed ? failed : missing ? missing : ""; *at; at++)
        if ((unsigned char)*at < 0x20)
            abort();
    (void)pid1_has_started(&pid1);
    (void)pid1_has_stopped(&pid1);
    (void)pid1_reload_signals(&pid1);
}

static void read_wishes(const char *text)
{
    CLEANUP(err_done) struct err err = { 0 };
    struct ready_spec spec;
    int64_t ms;

    (void)ready_parse(text, &spec, &err);
    if (duration_parse(text, &ms, NULL) == 0 && ms < 0)
        abort();
    for (const char *at = err.text ? err.text : ""; *at; at++)
        if (*at < 0x20 || *at > 0x7e)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *split = size ? memchr(data, 0, size) : NULL;
    size_t first = split ? (size_t)(split - data) : size;
    CLEANUP(free_char) char *left = mem_strndup((const char *)data, first);
    CLEANUP(free_char)
    char *right = split ? mem_strndup((const char *)split + 1, size - first - 1) : mem_strdup(left);

    compare_mounts(left, right);
    find_control_group(left, right);
    find_control_group(left, "");
    read_groups(left);
    read_unit(left, right);
    read_wishes(left);
    return 0;
}
