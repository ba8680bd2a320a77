// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The profile: hash sets (uthash: header-only, in every distribution, no reason to write our own)
 * keyed by the bytes that tell one record from another. record_index.c reads them.
 */
#include "model/profile.h"
#include "model/fact.h"
#include <cinch/base/limits.h>
#include <string.h>

struct profile *profile_new(void)
{
    struct profile *profile = mem_new(1, sizeof(*profile));

    for (size_t i = 0; i < COLLAPSE_COUNT; i++)
        collapse_init(&profile->collapses[i]);
    profile->wildcards.limit = PROFILE_WILDCARD;
    return profile;
}

void profile_limit(struct profile *profile, const struct collapse_limits *limits)
{
    struct collapse_limits all = *limits;

    all.total = all.total ? all.total : LIMIT_PROFILE_NAMES;
    all.bytes = all.bytes ? all.bytes : LIMIT_PROFILE_NAME_BYTES;
    for (size_t i = 0; i < COLLAPSE_COUNT; i++)
        profile->collapses[i].limits = all;
    if (limits->wildcard)
        profile->wildcards.limit = limits->wildcard;
}

static void setting_done(struct host_setting *setting)
{
    free(setting->name);
    free(setting->value);
}

static void record_free(struct record *record, size_t index)
{
    if (index < FACT_KIND_COUNT)
        fact_done(&record->fact);
    else if (index == INDEX_RUNS)
        run_done(&record->run);
    else if (index == INDEX_SETTINGS)
        setting_done(&record->setting);
    else
        host_file_done(&record->file);
    free(record->key);
    free(record);
}

void profile_free(struct profile *profile)
{
    if (!profile)
        return;
    for (size_t index = 0; index < INDEX_COUNT; index++) {
        struct record *record, *next;
        HASH_ITER (hh, profile->indexes[index].records, record, next) {
            HASH_DEL(profile->indexes[index].records, record);
            record_free(record, index);
        }
        free(profile->indexes[index].sorted);
    }
    for (size_t i = 0; i < COLLAPSE_COUNT; i++)
        collapse_done(&profile->collapses[i]);
    wildcards_done(&profile->wildcards);
    str_done(&profile->key);
    free(profile);
}

/* The record whose key is in profile->key, made empty when absent; *ret_new tells which. */
static struct record *profile_find_record(struct profile *profile, size_t at, bool *ret_new)
{
    struct record_index *index = &profile->indexes[at];
    const struct str *key = &profile->key;
    struct record *record;

    HASH_FIND(hh, index->records, key->data, key->length, record);
    *ret_new = !record;
    if (record)
        return record;
    record = mem_new(1, sizeof(*record));
    record->key = mem_strndup(key->data, key->length);
    HASH_ADD_KEYPTR(hh, index->records, record->key, key->length, record);
    index->count++;
    free(index->sorted);
    index->sorted = NULL;
    return record;
}

/* ---- folding ---- */

/* A fact as it is recorded; owns what it replaced. */
struct collapsed_fact {
    struct fact fact;
    char *replaced[FACT_PATHS];
    char *wildcard;
};

static void collapsed_fact_done(struct collapsed_fact *collapsed)
{
    for (size_t i = 0; i < FACT_PATHS; i++)
        free(collapsed->replaced[i]);
    free(collapsed->wildcard);
}

/* What the use is for decides; NULL: whichever folds it. */
static const struct collapse *collapse_of(const struct profile *profile, const struct fact *fact)
{
    if (fact->kind == FACT_MOVE)
        return &profile->collapses[COLLAPSE_WRITE];
    if (fact->kind == FACT_PATH)
        return &profile->collapses[path_use_is_write(fact->path.use)];
    return fact->kind == FACT_PROGRAM ? &profile->collapses[COLLAPSE_PROGRAM] : NULL;
}

static char *path_replace(const struct profile *profile, const struct fact *fact, const char *path)
{
    const struct collapse *collapse = collapse_of(profile, fact);
    char *replaced = NULL;

    if (collapse)
        return collapse_replace(collapse, path, fact_is_missing(fact));
    for (size_t i = 0; i < COLLAPSE_COUNT && !replaced; i++)
        replaced = collapse_replace(&profile->collapses[i], path, false);
    return replaced;
}

static bool fact_collapse(const struct profile *profile, const struct fact *fact,
                          struct collapsed_fact *ret)
{
    char **paths[FACT_PATHS];
    bool changed = false;

    *ret = (struct collapsed_fact){ .fact = *fact };
    size_t count = fact_paths(&ret->fact, paths);
    for (size_t i = 0; i < count; i++) {
        ret->replaced[i] = *paths[i] ? path_replace(profile, fact, *paths[i]) : NULL;
        if (!ret->replaced[i])
            continue;
        changed |= strcmp(ret->replaced[i], *paths[i]) != 0;
        *paths[i] = ret->replaced[i];
    }
    fact_forget_needed(&ret->fact);
    if (wildcard_has_kind(fact->kind))
        changed |= wildcard_replace(&profile->wildcards, &ret->fact, &ret->wildcard);
    return changed;
}

static struct fact *profile_insert(struct profile *profile, const struct fact *fact, bool *ret_new)
{
    profile->key.length = 0;
    fact_key(&profile->key, fact);
    struct record *record = profile_find_record(profile, fact->kind, ret_new);
    if (*ret_new)
        fact_copy(&record->fact, fact);
    else
        fact_join(&record->fact, fact);
    return &record->fact;
}

/* What was seen of one of many names says nothing of how often. */
static void fact_join_evidence(struct fact *into, const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->count; i++)
        evidence_join(&into->evidence, &evidence->seen[i]);
    for (size_t i = 0; fact_is_collapsed(into) && i < into->evidence.count; i++)
        into->evidence.seen[i].count = 0;
}

static void record_take_out(struct record_index *index, struct record *record)
{
    HASH_DEL(index->records, record);
    index->count--;
    free(index->sorted);
    index->sorted = NULL;
}

/* Some directory came to be folded: puts what was recorded of its names together. */
static void profile_collapse_index(struct profile *profile, size_t at)
{
    struct record_index *index = &profile->indexes[at];
    struct record *record, *next;

    HASH_ITER (hh, index->records, record, next) {
        CLEANUP(collapsed_fact_done) struct collapsed_fact collapsed;
        bool is_new;
        if (!fact_collapse(profile, &record->fact, &collapsed))
            continue;
        record_take_out(index, record);
        fact_join_evidence(profile_insert(profile, &collapsed.fact, &is_new),
                           &record->fact.evidence);
        record_free(record, at);
    }
}

/* Counts a fact that is new; false when its crowd came to be folded by it. */
static bool profile_count_wildcard(struct profile *profile, const struct fact *fact)
{
    if (!wildcard_has_kind(fact->kind) || !wildcard_add(&profile->wildcards, fact))
        return true;
    profile_collapse_index(profile, fact->kind);
    return false;
}

/* Counts the names of a fact in the fold of its kind. */
static enum collapse_change count_names(struct collapse *collapse, const struct fact *fact)
{
    struct fact names = *fact;
    char **paths[FACT_PATHS];
    enum collapse_change change = COLLAPSE_SAME;
    size_t count = fact_paths(&names, paths);

    collapse->other_bytes += fact_needed_bytes(fact);
    for (size_t i = 0; i < count; i++) {
        /* The name of everything that is missing collapses no directory. */
        if (!*paths[i] || (fact_is_missing(fact) && strcmp(*paths[i], "//") == 0))
            continue;
        enum collapse_change one = collapse_add(collapse, *paths[i]);
        change = one > change ? one : change;
    }
    return change;
}

/* Replaces what is recorded, where a directory of a fold came to stand for names. Those of a fold
 * that counted none of them can lie in other kinds alone. */
static void collapse_index(struct profile *profile, enum collapse_change change)
{
    for (size_t kind = 0; kind < FACT_KIND_COUNT; kind++) {
        bool counts = kind == FACT_PATH || kind == FACT_PROGRAM;
        if (fact_kind_collapses((enum fact_kind)kind) && (change == COLLAPSE_NAMES || !counts))
            profile_collapse_index(profile, kind);
    }
}

/* Folds until half of the room is free again; each step goes once through what is recorded. */
static void profile_make_room(struct profile *profile, struct collapse *collapse)
{
    for (size_t step = 0; step < LIMIT_PROFILE_STEPS && collapse_is_full(collapse); step++) {
        collapse_make_room(collapse);
        collapse_index(profile, COLLAPSE_NAMES);
        collapse_restart(collapse);
        for (size_t kind = 0; kind < FACT_KIND_COUNT; kind++)
            for (struct record *record = profile->indexes[kind].records; record;
                 record = record->hh.next)
                if ((kind == FACT_PATH || kind == FACT_PROGRAM) &&
                    collapse_of(profile, &record->fact) == collapse)
                    (void)count_names(collapse, &record->fact);
        profile->is_full = true;
    }
}

/* Counts the names of a fact that is new; false when a directory came to be folded by it. */
static bool profile_count_names(struct profile *profile, const struct fact *fact)
{
    if (fact->kind != FACT_PATH && fact->kind != FACT_PROGRAM)
        return true;
    struct collapse *collapse = (struct collapse *)(uintptr_t)collapse_of(profile, fact);
    enum collapse_change change = count_names(collapse, fact);
    bool is_full = collapse_is_full(collapse);
    if (change == COLLAPSE_SAME && !is_full)
        return true;
    if (change != COLLAPSE_SAME)
        collapse_index(profile, change);
    if (change == COLLAPSE_NAMES)
        collapse_forget(collapse);
    if (is_full)
        profile_make_room(profile, collapse);
    return false;
}

static struct fact *profile_fact(struct profile *profile, const struct fact *seen, bool *ret_new)
{
    struct fact kept = *seen, *fact = &kept;
    struct record *record;

    kept.outcome = fact_outcome(seen);
    if (!fact_kind_collapses(fact->kind) && !wildcard_has_kind(fact->kind))
        return profile_insert(profile, fact, ret_new);
    profile->key.length = 0;
    fact_key(&profile->key, fact);
    HASH_FIND(hh, profile->indexes[fact->kind].records, profile->key.data, profile->key.length,
              record);
    *ret_new = !record;
    if (record)
        return &record->fact;
    CLEANUP(collapsed_fact_done) struct collapsed_fact collapsed;
    (void)fact_collapse(profile, fact, &collapsed);
    struct fact *mine = profile_insert(profile, &collapsed.fact, ret_new);
    if (!*ret_new || (profile_count_names(profile, &collapsed.fact) &&
                      profile_count_wildcard(profile, &collapsed.fact)))
        return mine;
    CLEANUP(collapsed_fact_done) struct collapsed_fact again;
    (void)fact_collapse(profile, fact, &again);
    return profile_insert(profile, &again.fact, ret_new);
}

bool profile_record(struct profile *profile, const struct fact *fact,
                    const struct sighting *sighting)
{
    bool is_new;
    struct fact *mine = profile_fact(profile, fact, &is_new);
    struct seen *seen = evidence_of(&mine->evidence, sighting->run);
    unsigned phase = 1u << sighting->phase;

    profile->changes += is_new || !(seen->phases & phase);
    seen->count += fact_is_collapsed(mine) ? 0 : sighting->count;
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

    fact_join_evidence(mine, &fact->evidence);
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
    struct record *record = profile_find_record(profile, INDEX_RUNS, &is_new);
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
    struct record *record = profile_find_record(profile, INDEX_SETTINGS, &is_new);
    if (is_new)
        record->setting =
            (struct host_setting){ .name = mem_strdup(name), .value = mem_strdup(value) };
}

void profile_add_file(struct profile *profile, const struct host_file *file)
{
    bool is_new;

    profile->key.length = 0;
    host_file_key(&profile->key, file);
    struct record *record = profile_find_record(profile, INDEX_FILES, &is_new);
    if (is_new)
        host_file_copy(&record->file, file);
}
