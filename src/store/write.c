// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/emit.h"
#include "store/syscalls.h"
#include <cinch/store.h>
#include <string.h>

/* ---- lines: one record a line -------------------------------------------------------- */

static void lines_begin(struct str *out, const char *key)
{
    str_addf(out, "\"%s\": [", key);
}

static void line_begin(struct str *out)
{
    str_add(out, out->data[out->length - 1] == '[' ? "\n  {" : ",\n  {");
}

static void line_end(struct str *out)
{
    str_add_char(out, '}');
}

static void lines_end(struct str *out, const char *after)
{
    str_add(out, out->data[out->length - 1] == '[' ? "]" : "\n]");
    str_add(out, after);
}

static void write_record(struct str *out, const struct field *fields, const void *record)
{
    line_begin(out);
    record_write(out, fields, record);
    line_end(out);
}

/* ---- sections ------------------------------------------------------------------------ */

static void write_runs(struct str *out, const struct profile *profile)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    lines_begin(out, "runs");
    for (size_t i = 0; i < count; i++)
        write_record(out, record_run, runs[i]);
    lines_end(out, ",\n");
}

static void write_syscalls(struct str *out, const struct profile *profile)
{
    size_t count, same;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);

    lines_begin(out, record_sections[FACT_SYSCALL].key);
    for (size_t i = 0; i < count; i += same) {
        same = syscalls_group(facts + i, count - i);
        line_begin(out);
        syscalls_write(out, facts + i, same);
        line_end(out);
    }
    lines_end(out, ",\n");
}

static void write_facts(struct str *out, const struct profile *profile, enum fact_kind kind,
                        const char *after)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, kind, &count);

    lines_begin(out, record_sections[kind].key);
    for (size_t i = 0; i < count; i++) {
        line_begin(out);
        record_write(out, record_sections[kind].fields, facts[i]);
        record_write_evidence(out, facts[i]);
        line_end(out);
    }
    lines_end(out, after);
}

static void write_host(struct str *out, const struct profile *profile)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);

    str_add(out, "\"host\": {\n");
    lines_begin(out, "settings");
    for (size_t i = 0; i < count; i++)
        write_record(out, record_setting, settings[i]);
    lines_end(out, ",\n");
    const struct host_file *const *files = profile_files(profile, &count);
    lines_begin(out, "files");
    for (size_t i = 0; i < count; i++)
        write_record(out, record_file, files[i]);
    lines_end(out, "\n},\n");
}

static void write_profile(struct str *out, const struct profile *profile)
{
    str_addf(out, "{\n\"format\": \"%s\",\n\"version\": %d,\n", PROFILE_FORMAT, PROFILE_VERSION);
    write_runs(out, profile);
    write_syscalls(out, profile);
    write_facts(out, profile, FACT_PATH, ",\n");
    write_facts(out, profile, FACT_MOVE, ",\n");
    write_facts(out, profile, FACT_SOCKET, ",\n");
    write_facts(out, profile, FACT_ADDRESS, ",\n");
    write_facts(out, profile, FACT_NAME, ",\n");
    write_facts(out, profile, FACT_PROGRAM, ",\n");
    write_facts(out, profile, FACT_ARGUMENT, ",\n");
    write_facts(out, profile, FACT_CAPABILITY, ",\n");
    write_host(out, profile);
    write_facts(out, profile, FACT_BLIND_SPOT, "\n}\n");
}

/* ---- runs without a record ----------------------------------------------------------- */

/* The runs that evidence names and the profile has no record of: a reader refuses such a profile,
 * but what was learned must not be lost for it. */
static void find_nameless_runs(const struct profile *profile, struct strings *ret)
{
    size_t count;

    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        const struct fact *const *facts = profile_facts(profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < facts[i]->evidence.count; j++)
                if (!record_knows_run(profile, facts[i]->evidence.seen[j].run))
                    strings_add(ret, facts[i]->evidence.seen[j].run);
    }
    strings_sort_unique(ret);
}

char *store_to_json(const struct profile *profile)
{
    CLEANUP(strings_done) struct strings missing = { 0 };
    CLEANUP(profile_freep) struct profile *completed = NULL;
    struct str out = { 0 };

    find_nameless_runs(profile, &missing);
    if (missing.count) {
        completed = profile_new();
        profile_merge(completed, profile);
    }
    for (size_t i = 0; i < missing.count; i++)
        profile_add_run(completed, &(struct run){ .id = missing.items[i],
                                                  .ready_ms = -1,
                                                  .exit_status = -1,
                                                  .workload_status = -1 });
    write_profile(&out, completed ? completed : profile);
    return str_steal(&out);
}
