// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reading a profile: indexes of its sets, sorted when asked for. */
#include "model/profile.h"
#include <string.h>

static int record_compare(const void *left, const void *right)
{
    const struct record *a = *(const struct record *const *)left;
    const struct record *b = *(const struct record *const *)right;
    size_t shorter = a->hh.keylen < b->hh.keylen ? a->hh.keylen : b->hh.keylen;
    int order = memcmp(a->key, b->key, shorter);

    return order ? order : (a->hh.keylen > b->hh.keylen) - (a->hh.keylen < b->hh.keylen);
}

/* The records of an index in key order. The union's members all start a record, so a pointer to the
 * record is a pointer to what it holds. The cache is the only thing a const profile changes. */
static const void *const *profile_view(const struct profile *profile, size_t at, size_t *ret_count)
{
    struct record_index *index = (struct record_index *)(uintptr_t)&profile->indexes[at];

    *ret_count = index->count;
    if (!index->sorted) {
        size_t filled = 0;
        index->sorted = mem_new(index->count, sizeof(void *));
        for (const struct record *record = index->records; record; record = record->hh.next)
            index->sorted[filled++] = record;
        qsort(index->sorted, index->count, sizeof(void *), record_compare);
    }
    return index->sorted;
}

const struct fact *const *profile_facts(const struct profile *profile, enum fact_kind kind,
                                        size_t *ret_count)
{
    return (const struct fact *const *)profile_view(profile, kind, ret_count);
}

const struct run *const *profile_runs(const struct profile *profile, size_t *ret_count)
{
    return (const struct run *const *)profile_view(profile, INDEX_RUNS, ret_count);
}

const struct host_setting *const *profile_settings(const struct profile *profile, size_t *ret_count)
{
    return (const struct host_setting *const *)profile_view(profile, INDEX_SETTINGS, ret_count);
}

const struct host_file *const *profile_files(const struct profile *profile, size_t *ret_count)
{
    return (const struct host_file *const *)profile_view(profile, INDEX_FILES, ret_count);
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
        total += profile->indexes[kind].count;
    return total;
}

uint64_t profile_change_count(const struct profile *profile)
{
    return profile->changes;
}

static void add_folded(struct strings *collapsed, const char *path)
{
    CLEANUP(free_char) char *directory = path_is_collapsed(path) ? path_parent(path) : NULL;

    if (directory)
        strings_add(collapsed, directory);
}

void profile_collapsed(const struct profile *profile, struct strings *ret)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++) {
        add_folded(ret, facts[i]->path.path);
        add_folded(ret, facts[i]->path.requested);
    }
    facts = profile_facts(profile, FACT_PROGRAM, &count);
    for (size_t i = 0; i < count; i++)
        add_folded(ret, facts[i]->program.path);
    strings_sort_unique(ret);
}

void profile_wildcards(const struct profile *profile, struct strings *ret)
{
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        size_t count = 0;
        const struct fact *const *facts = NULL;
        if (wildcard_has_kind((enum fact_kind)kind) && profile->wildcards.collapsed)
            facts = profile_facts(profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count; i++) {
            CLEANUP(free_char)
            char *words = wildcard_is_any(facts[i]) ? wildcard_describe(facts[i]) : NULL;
            if (words)
                strings_add(ret, words);
        }
    }
    strings_sort_unique(ret);
}
