// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/emit.h"
#include "store/syscalls.h"
#include <cinch/store.h>
#include <string.h>

/* A profile may be many times as long as text as it is in memory: it goes to its file piece by
 * piece. */
#define PIECE_BYTES ((size_t)64 << 10)

struct writer {
    struct str text; /* not written yet */
    int fd;          /* -1: all stays in `text` */
    int result;      /* of writing: the first error, or 0 */
};

/* All but the last byte, by which what follows is told from the first of its kind. */
static void writer_flush(struct writer *writer, size_t least)
{
    struct str *text = &writer->text;

    if (writer->fd < 0 || text->length <= least)
        return;
    if (writer->result == 0)
        writer->result = fd_write_all(writer->fd, text->data, text->length - 1);
    text->data[0] = text->data[text->length - 1];
    text->data[1] = '\0';
    text->length = 1;
}

/* ---- lines: one record a line -------------------------------------------------------- */

static void lines_begin(struct writer *writer, const char *key)
{
    str_addf(&writer->text, "\"%s\": [", key);
}

static char last_byte(const struct str *text)
{
    return text->data[text->length - 1];
}

static struct str *line_begin(struct writer *writer)
{
    str_add(&writer->text, last_byte(&writer->text) == '[' ? "\n  {" : ",\n  {");
    return &writer->text;
}

static void line_end(struct writer *writer)
{
    str_add_char(&writer->text, '}');
    writer_flush(writer, PIECE_BYTES);
}

static void lines_end(struct writer *writer, const char *after)
{
    str_add(&writer->text, last_byte(&writer->text) == '[' ? "]" : "\n]");
    str_add(&writer->text, after);
}

static void write_record(struct writer *writer, const struct field *fields, const void *record)
{
    record_write(line_begin(writer), fields, record);
    line_end(writer);
}

/* ---- sections ------------------------------------------------------------------------ */

static void write_runs(struct writer *writer, const struct profile *profile)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    lines_begin(writer, "runs");
    for (size_t i = 0; i < count; i++)
        write_record(writer, record_run, runs[i]);
    lines_end(writer, ",\n");
}

static void write_syscalls(struct writer *writer, const struct profile *profile)
{
    size_t count, same;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);

    lines_begin(writer, record_sections[FACT_SYSCALL].key);
    for (size_t i = 0; i < count; i += same) {
        same = syscalls_group(facts + i, count - i);
        syscalls_write(line_begin(writer), facts + i, same);
        line_end(writer);
    }
    lines_end(writer, ",\n");
}

static void write_facts(struct writer *writer, const struct profile *profile, enum fact_kind kind,
                        const char *after)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, kind, &count);

    lines_begin(writer, record_sections[kind].key);
    for (size_t i = 0; i < count; i++) {
        struct str *line = line_begin(writer);
        record_write(line, record_sections[kind].fields, facts[i]);
        record_write_evidence(line, facts[i]);
        line_end(writer);
    }
    lines_end(writer, after);
}

static void write_host(struct writer *writer, const struct profile *profile)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);

    str_add(&writer->text, "\"host\": {\n");
    lines_begin(writer, "settings");
    for (size_t i = 0; i < count; i++)
        write_record(writer, record_setting, settings[i]);
    lines_end(writer, ",\n");
    const struct host_file *const *files = profile_files(profile, &count);
    lines_begin(writer, "files");
    for (size_t i = 0; i < count; i++)
        write_record(writer, record_file, files[i]);
    lines_end(writer, "\n},\n");
}

static void write_profile(struct writer *writer, const struct profile *profile)
{
    str_addf(&writer->text, "{\n\"format\": \"%s\",\n\"version\": %d,\n", PROFILE_FORMAT,
             PROFILE_VERSION);
    write_runs(writer, profile);
    write_syscalls(writer, profile);
    write_facts(writer, profile, FACT_PATH, ",\n");
    write_facts(writer, profile, FACT_MOVE, ",\n");
    write_facts(writer, profile, FACT_SOCKET, ",\n");
    write_facts(writer, profile, FACT_ADDRESS, ",\n");
    write_facts(writer, profile, FACT_NAME, ",\n");
    write_facts(writer, profile, FACT_PROGRAM, ",\n");
    write_facts(writer, profile, FACT_ARGUMENT, ",\n");
    write_facts(writer, profile, FACT_CAPABILITY, ",\n");
    write_host(writer, profile);
    write_facts(writer, profile, FACT_BLIND_SPOT, "\n}\n");
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

/* With a record for each of those. */
static void write_completed(struct writer *writer, const struct profile *profile)
{
    CLEANUP(strings_done) struct strings missing = { 0 };
    CLEANUP(profile_freep) struct profile *completed = NULL;

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
    write_profile(writer, completed ? completed : profile);
}

char *store_to_json(const struct profile *profile)
{
    struct writer writer = { .fd = -1 };

    write_completed(&writer, profile);
    return str_steal(&writer.text);
}

int store_write(const struct profile *profile, int fd)
{
    struct writer writer = { .fd = fd };

    write_completed(&writer, profile);
    if (writer.result == 0)
        writer.result = fd_write_all(fd, writer.text.data, writer.text.length);
    str_done(&writer.text);
    return writer.result;
}
