// SPDX-License-Identifier: LGPL-2.1-or-later
/* The head of a short drop-in: what was trained, how to make it again, and how tight it is. */
#include "render/short.h"
#include <string.h>
#include <time.h>

#define COUNT(count, one, many) (count), (count) == 1 ? (one) : (many)

/* 9999-12-31: later years have five digits. */
#define LAST_DAY INT64_C(253402300800)

/* "2026-11-30", of UTC: the same bytes wherever it is made. */
static void add_day(struct str *ret, int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm day;

    if (seconds > 0 && seconds < LAST_DAY && gmtime_r(&time, &day))
        str_addf(ret, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

/* "41 min": in the unit that a person would use. */
static void add_duration(struct str *ret, uint64_t ms)
{
    uint64_t seconds = ms / 1000;

    if (seconds < 120)
        str_addf(ret, "%llu s", (unsigned long long)seconds);
    else if (seconds < UINT64_C(2) * 3600)
        str_addf(ret, "%llu min", (unsigned long long)(seconds / 60));
    else
        str_addf(ret, "%llu h", (unsigned long long)(seconds / 3600));
}

static void add_phases(struct str *ret, const struct profile *profile)
{
    unsigned phases = runs_phases(profile);
    const char *between = "; ";

    for (unsigned i = 0; phases >> i; i++) {
        if (!(phases >> i & 1))
            continue;
        str_addf(ret, "%s%s", between, phase_name((enum phase)i));
        between = ", ";
    }
}

/* ", 2 runs on 2026-11-30 (41 min; start, serve, stop)". */
static void add_runs(struct str *ret, const struct profile *profile)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);
    int64_t first = 0, last = 0;
    uint64_t ms = 0;

    for (size_t i = 0; i < count; i++) {
        ms += runs[i]->duration_ms > 0 ? (uint64_t)runs[i]->duration_ms : 0;
        first = !first || runs[i]->started < first ? runs[i]->started : first;
        last = runs[i]->started > last ? runs[i]->started : last;
    }
    str_addf(ret, ", %zu %s", COUNT(count, "run", "runs"));
    str_add(ret, first > 0 ? " on " : "");
    add_day(ret, first);
    if (first > 0 && last / 86400 != first / 86400) {
        str_add(ret, " to ");
        add_day(ret, last);
    }
    str_add(ret, " (");
    add_duration(ret, ms);
    add_phases(ret, profile);
    str_add_char(ret, ')');
}

/* "; on Debian GNU/Linux 12, Linux 6.1, x86_64". */
static void add_place(struct str *ret, const struct profile *profile)
{
    static const char *const names[] = { "os", "kernel", "arch" };
    static const char *const before[] = { "", "Linux ", "" };
    const char *between = "; on ";

    for (size_t i = 0; i < ELEMENTS_OF(names); i++) {
        const char *value = profile_setting(profile, names[i]);
        CLEANUP(free_char) char *shown = value ? text_encode_string(value) : NULL;
        if (!shown)
            continue;
        str_addf(ret, "%s%s%s", between, before[i], shown);
        between = ", ";
    }
}

/* Longer than a reviewer reads. */
#define WORKLOAD_SHOWN 160

static void add_workload(struct str *ret, const struct profile *profile)
{
    CLEANUP(strings_done) struct strings workloads = { 0 };
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    for (size_t i = 0; i < count; i++)
        if (runs[i]->workload && runs[i]->workload[0])
            strings_add(&workloads, runs[i]->workload);
    strings_sort_unique(&workloads);
    if (!workloads.count)
        return;
    size_t length = strlen(workloads.items[0]);
    CLEANUP(free_char)
    char *shown =
        text_encode(workloads.items[0], length < WORKLOAD_SHOWN ? length : WORKLOAD_SHOWN);
    str_addf(ret, "; workload: %s%s", shown, length > WORKLOAD_SHOWN ? "..." : "");
    if (workloads.count > 1)
        str_addf(ret, " and %zu %s", COUNT(workloads.count - 1, "other", "others"));
}

static void header_training(struct str *ret, const struct profile *profile)
{
    CLEANUP(str_done) struct str line = { 0 };
    CLEANUP(free_char) char *commands = layout_commands(profile);

    str_addf(&line, "trained: %s", commands);
    add_workload(&line, profile);
    add_place(&line, profile);
    layout_comment(ret, line.data);
}

static void header_tightness(struct str *ret, const struct suggestion *suggestion,
                             const struct profile *profile)
{
    CLEANUP(str_done) struct str allows = { 0 }, beyond = { 0 };
    struct tightness tight;

    tightness_measure(suggestion, profile, &tight);
    if (tight.all_calls)
        str_add(&allows, "allows: all system calls");
    else
        str_addf(&allows, "allows: %zu system %s", COUNT(tight.calls, "call", "calls"));
    if (tight.all_capabilities)
        str_add(&allows, ", all capabilities");
    else
        str_addf(&allows, ", %zu %s", COUNT(tight.capabilities, "capability", "capabilities"));
    if (!tight.all_paths)
        str_addf(&allows, ", %zu %s (%zu writable)", COUNT(tight.paths, "path", "paths"),
                 tight.writable_paths);
    layout_comment(ret, allows.data);
    if (tight.default_calls)
        str_addf(&beyond, ", %zu %s of systemd's @default",
                 COUNT(tight.default_calls, "call", "calls"));
    if (tight.fallback_calls)
        str_addf(&beyond, ", %zu likely %s", COUNT(tight.fallback_calls, "fallback", "fallbacks"));
    if (tight.group_calls)
        str_addf(&beyond, ", %zu %s of other @groups", COUNT(tight.group_calls, "call", "calls"));
    if (tight.unused_files)
        str_addf(&beyond, ", %s%zu %s beside used ones", tight.unused_at_least ? "at least " : "",
                 COUNT((size_t)tight.unused_files, "file", "files"));
    CLEANUP(free_char)
    char *line = beyond.length ? mem_printf("beyond training: %s", beyond.data + 2) : NULL;
    if (line)
        layout_comment(ret, line);
}

void short_header(struct str *ret, const struct suggestion *suggestion,
                  const struct profile *profile, const struct unit *unit, const char *again)
{
    CLEANUP(str_done) struct str made = { 0 };
    CLEANUP(free_char) char *name = unit && unit->name ? text_encode_string(unit->name) : NULL;

    str_addf(&made, UNIT_OWN_MARK " %s", PACKAGE_VERSION);
    if (name && name[0])
        str_addf(&made, " for %s", name);
    str_addf(&made, ", systemd %d", suggestion->target.version);
    add_runs(&made, profile);
    layout_comment(ret, made.data);
    header_training(ret, profile);
    if (again) {
        CLEANUP(free_char) char *line = mem_printf("made by: %s", again);
        layout_comment(ret, line);
    }
    CLEANUP(free_char) char *install = install_text(suggestion, unit);
    layout_comment(ret, install);
    header_tightness(ret, suggestion, profile);
    if (suggestion->filesystem != FILESYSTEM_STRICT)
        layout_comment(ret, "systemd-analyze security: counts devices, homes and /tmp as exposed "
                            "that this root does not have");
    layout_comment(ret, "why is a line here? cinch explain PROFILE DIRECTIVE");
}
