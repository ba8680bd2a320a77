// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The profile: hash sets (uthash: header-only, in every distribution, no reason to write our own)
 * keyed by the bytes that tell one record from another, and sorted views made when asked for.
 */
#include "model/fact.h"
#include <string.h>
#include <uthash.h>

struct record {
    union {
        struct fact fact;
        struct run run;
        struct host_setting setting;
        struct host_file file;
    };
    char *key;
    UT_hash_handle hh;
};

enum { VIEW_RUNS = FACT_KIND_COUNT, VIEW_SETTINGS, VIEW_FILES, VIEW_COUNT };

struct view {
    struct record *records; /* uthash head */
    const void **sorted;    /* records in key order, NULL when stale */
    size_t count;
};

struct profile {
    struct view views[VIEW_COUNT];
    struct str key;   /* scratch: a known fact costs no allocation */
    uint64_t changes; /* see profile_change_count() */
};

struct profile *profile_new(void)
{
    return mem_new(1, sizeof(struct profile));
}

static void setting_done(struct host_setting *setting)
{
    free(setting->name);
    free(setting->value);
}

static void record_free(struct record *record, size_t view)
{
    if (view < FACT_KIND_COUNT)
        fact_done(&record->fact);
    else if (view == VIEW_RUNS)
        run_done(&record->run);
    else if (view == VIEW_SETTINGS)
        setting_done(&record->setting);
    else
        file_done(&record->file);
    free(record->key);
    free(record);
}

void profile_free(struct profile *profile)
{
    if (!profile)
        return;
    for (size_t view = 0; view < VIEW_COUNT; view++) {
        struct record *record, *next;
        HASH_ITER (hh, profile->views[view].records, record, next) {
            HASH_DEL(profile->views[view].records, record);
            record_free(record, view);
        }
        free(profile->views[view].sorted);
    }
    str_done(&profile->key);
    free(profile);
}

/* The record whose key is in profile->key, made empty when absent; *ret_new tells which. */
static struct record *profile_record(struct profile *profile, size_t at, bool *ret_new)
{
    struct view *view = &profile->views[at];
    const struct str *key = &profile->key;
    struct record *record;

    HASH_FIND(hh, view->records, key->data, key->length, record);
    *ret_new = !record;
    if (record)
        return record;
    record = mem_new(1, sizeof(*record));
    record->key = mem_strndup(key->data, key->length);
    HASH_ADD_KEYPTR(hh, view->records, record->key, key->length, record);
    view->count++;
    free(view->sorted);
    view->sorted = NULL;
    return record;
}

static struct fact *profile_fact(struct profile *profile, const struct fact *fact, bool *ret_new)
{
    profile->key.length = 0;
    fact_key(&profile->key, fact);
    struct record *record = profile_record(profile, fact->kind, ret_new);
    if (*ret_new)
        fact_copy(&record->fact, fact);
    else
        fact_join(&record->fact, fact);
    return &record->fact;
}

bool profile_see(struct profile *profile, const struct fact *fact, const struct sighting *sighting)
{
    bool is_new;
    struct fact *mine = profile_fact(profile, fact, &is_new);
    struct seen *seen = evidence_of(&mine->evidence, sighting->run);

    unsigned phase = 1u << sighting->phase;

    profile->changes += is_new || !(seen->phases & phase);
    seen->count += sighting->count;
    seen->slices |= (uint64_t)1 << evidence_slice(sighting->at_ms);
    seen->phases |= phase;
    seen->foreign |= sighting->foreign;
    if (!seen->program || sighting->at_ms < seen->first_ms) {
        free(seen->program);
        free(seen->call);
        seen->program = mem_strdup(sighting->program ? sighting->program : "");
        seen->call = mem_strdup(sighting->call ? sighting->call : "");
        seen->first_ms = sighting->at_ms;
    }
    return is_new;
}

void profile_add_fact(struct profile *profile, const struct fact *fact)
{
    bool is_new;
    struct fact *mine = profile_fact(profile, fact, &is_new);

    for (size_t i = 0; i < fact->evidence.count; i++)
        evidence_join(&mine->evidence, &fact->evidence.seen[i]);
}

/* Of two states of one run the later one; a complete one beats a checkpoint. When both say the same
 * of that, any choice will do that does not depend on which came first. */
static bool run_supersedes(const struct run *candidate, const struct run *current)
{
    CLEANUP(str_done) struct str ours = { 0 };
    CLEANUP(str_done) struct str theirs = { 0 };

    if (candidate->complete != current->complete)
        return candidate->complete;
    if (candidate->duration_ms != current->duration_ms)
        return candidate->duration_ms > current->duration_ms;
    run_key(&ours, current);
    run_key(&theirs, candidate);
    size_t shorter = ours.length < theirs.length ? ours.length : theirs.length;
    int order = memcmp(theirs.data, ours.data, shorter);
    return order ? order > 0 : theirs.length > ours.length;
}

void profile_add_run(struct profile *profile, const struct run *run)
{
    bool is_new;

    profile->key.length = 0;
    str_add(&profile->key, run->id);
    struct record *record = profile_record(profile, VIEW_RUNS, &is_new);
    if (!is_new && !run_supersedes(run, &record->run))
        return;
    struct run copy;
    run_copy(&copy, run);
    if (!is_new)
        run_done(&record->run);
    record->run = copy;
}

void profile_add_setting(struct profile *profile, const char *name, const char *value)
{
    bool is_new;

    profile->key.length = 0;
    str_add_bytes(&profile->key, name, strlen(name) + 1);
    str_add(&profile->key, value);
    struct record *record = profile_record(profile, VIEW_SETTINGS, &is_new);
    if (is_new)
        record->setting =
            (struct host_setting){ .name = mem_strdup(name), .value = mem_strdup(value) };
}

void profile_add_file(struct profile *profile, const struct host_file *file)
{
    bool is_new;

    profile->key.length = 0;
    file_key(&profile->key, file);
    struct record *record = profile_record(profile, VIEW_FILES, &is_new);
    if (is_new)
        file_copy(&record->file, file);
}

void profile_merge(struct profile *into, const struct profile *from)
{
    for (size_t view = 0; view < VIEW_COUNT; view++) {
        const struct record *record;
        for (record = from->views[view].records; record; record = record->hh.next) {
            if (view < FACT_KIND_COUNT)
                profile_add_fact(into, &record->fact);
            else if (view == VIEW_RUNS)
                profile_add_run(into, &record->run);
            else if (view == VIEW_SETTINGS)
                profile_add_setting(into, record->setting.name, record->setting.value);
            else
                profile_add_file(into, &record->file);
        }
    }
}

static int record_compare(const void *left, const void *right)
{
    const struct record *a = *(const struct record *const *)left;
    const struct record *b = *(const struct record *const *)right;
    size_t shorter = a->hh.keylen < b->hh.keylen ? a->hh.keylen : b->hh.keylen;
    int order = memcmp(a->key, b->key, shorter);

    return order ? order : (a->hh.keylen > b->hh.keylen) - (a->hh.keylen < b->hh.keylen);
}

/* The records of a view in key order. The union's members all start a record, so a pointer to the
 * record is a pointer to what it holds. The cache is the only thing a const profile changes. */
static const void *const *profile_view(const struct profile *profile, size_t at, size_t *ret_count)
{
    struct view *view = (struct view *)(uintptr_t)&profile->views[at];

    *ret_count = view->count;
    if (!view->sorted) {
        size_t filled = 0;
        view->sorted = mem_new(view->count, sizeof(void *));
        for (const struct record *record = view->records; record; record = record->hh.next)
            view->sorted[filled++] = record;
        qsort(view->sorted, view->count, sizeof(void *), record_compare);
    }
    return view->sorted;
}

const struct fact *const *profile_facts(const struct profile *profile, enum fact_kind kind,
                                        size_t *ret_count)
{
    return (const struct fact *const *)profile_view(profile, kind, ret_count);
}

const struct run *const *profile_runs(const struct profile *profile, size_t *ret_count)
{
    return (const struct run *const *)profile_view(profile, VIEW_RUNS, ret_count);
}

const struct host_setting *const *profile_settings(const struct profile *profile, size_t *ret_count)
{
    return (const struct host_setting *const *)profile_view(profile, VIEW_SETTINGS, ret_count);
}

const struct host_file *const *profile_files(const struct profile *profile, size_t *ret_count)
{
    return (const struct host_file *const *)profile_view(profile, VIEW_FILES, ret_count);
}

const struct host_file *const *profile_files_at(const struct profile *profile, const char *path,
                                                size_t *ret_count)
{
    size_t count;
    const struct host_file *const *files = profile_files(profile, &count);
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(files[middle]->path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_count = 0;
    while (low + *ret_count < count && strcmp(files[low + *ret_count]->path, path) == 0)
        ++*ret_count;
    return files + low;
}

const char *profile_setting(const struct profile *profile, const char *name)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(profile, &count);
    const char *greatest = NULL;

    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i]->name, name) == 0 &&
            (!greatest || strverscmp(settings[i]->value, greatest) > 0))
            greatest = settings[i]->value;
    return greatest;
}

size_t profile_fact_count(const struct profile *profile)
{
    size_t total = 0;

    for (size_t kind = 0; kind < FACT_KIND_COUNT; kind++)
        total += profile->views[kind].count;
    return total;
}

uint64_t profile_change_count(const struct profile *profile)
{
    return profile->changes;
}
