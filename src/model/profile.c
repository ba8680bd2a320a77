// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The profile: hash sets (uthash: header-only, in every distribution, no reason to write our own)
 * keyed by the bytes that tell one record from another. views.c reads them.
 */
#include "model/profile.h"
#include "model/fact.h"
#include <cinch/base/limits.h>
#include <string.h>

struct profile *profile_new(void)
{
    struct profile *profile = mem_new(1, sizeof(*profile));

    for (size_t i = 0; i < FOLD_COUNT; i++)
        fold_init(&profile->folds[i]);
    profile->crowds.limit = PROFILE_CROWD;
    return profile;
}

void profile_limit(struct profile *profile, const struct fold_limits *limits)
{
    struct fold_limits all = *limits;

    all.total = all.total ? all.total : LIMIT_PROFILE_NAMES;
    all.bytes = all.bytes ? all.bytes : LIMIT_PROFILE_NAME_BYTES;
    for (size_t i = 0; i < FOLD_COUNT; i++)
        profile->folds[i].limits = all;
    if (limits->crowd)
        profile->crowds.limit = limits->crowd;
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
    for (size_t i = 0; i < FOLD_COUNT; i++)
        fold_done(&profile->folds[i]);
    crowds_done(&profile->crowds);
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

/* ---- folding ---- */

/* A fact as it is recorded; owns what it replaced. */
struct folded_fact {
    struct fact fact;
    char *replaced[FACT_PATHS];
    char *crowd;
};

static void folded_fact_done(struct folded_fact *folded)
{
    for (size_t i = 0; i < FACT_PATHS; i++)
        free(folded->replaced[i]);
    free(folded->crowd);
}

/* What the use is for decides; NULL: whichever folds it. */
static const struct fold *fold_of(const struct profile *profile, const struct fact *fact)
{
    if (fact->kind == FACT_MOVE)
        return &profile->folds[FOLD_WRITE];
    if (fact->kind == FACT_PATH)
        return &profile->folds[path_use_is_write(fact->path.use)];
    return fact->kind == FACT_PROGRAM ? &profile->folds[FOLD_PROGRAM] : NULL;
}

static char *path_replace(const struct profile *profile, const struct fact *fact, const char *path)
{
    const struct fold *fold = fold_of(profile, fact);
    char *replaced = NULL;

    if (fold)
        return fold_replace(fold, path, fact_is_missing(fact));
    for (size_t i = 0; i < FOLD_COUNT && !replaced; i++)
        replaced = fold_replace(&profile->folds[i], path, false);
    return replaced;
}

static bool fact_fold(const struct profile *profile, const struct fact *fact,
                      struct folded_fact *ret)
{
    char **paths[FACT_PATHS];
    bool changed = false;

    *ret = (struct folded_fact){ .fact = *fact };
    size_t count = fact_paths(&ret->fact, paths);
    for (size_t i = 0; i < count; i++) {
        ret->replaced[i] = *paths[i] ? path_replace(profile, fact, *paths[i]) : NULL;
        if (!ret->replaced[i])
            continue;
        changed |= strcmp(ret->replaced[i], *paths[i]) != 0;
        *paths[i] = ret->replaced[i];
    }
    fact_forget_needed(&ret->fact);
    if (crowd_has_kind(fact->kind))
        changed |= crowd_replace(&profile->crowds, &ret->fact, &ret->crowd);
    return changed;
}

static struct fact *profile_insert(struct profile *profile, const struct fact *fact, bool *ret_new)
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

/* What was seen of one of many names says nothing of how often. */
static void fact_join_evidence(struct fact *into, const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->count; i++)
        evidence_join(&into->evidence, &evidence->seen[i]);
    for (size_t i = 0; fact_is_folded(into) && i < into->evidence.count; i++)
        into->evidence.seen[i].count = 0;
}

static void record_take_out(struct view *view, struct record *record)
{
    HASH_DEL(view->records, record);
    view->count--;
    free(view->sorted);
    view->sorted = NULL;
}

/* Some directory came to be folded: puts what was recorded of its names together. */
static void profile_fold_view(struct profile *profile, size_t at)
{
    struct view *view = &profile->views[at];
    struct record *record, *next;

    HASH_ITER (hh, view->records, record, next) {
        CLEANUP(folded_fact_done) struct folded_fact folded;
        bool is_new;
        if (!fact_fold(profile, &record->fact, &folded))
            continue;
        record_take_out(view, record);
        fact_join_evidence(profile_insert(profile, &folded.fact, &is_new), &record->fact.evidence);
        record_free(record, at);
    }
}

/* Counts a fact that is new; false when its crowd came to be folded by it. */
static bool profile_count_crowd(struct profile *profile, const struct fact *fact)
{
    if (!crowd_has_kind(fact->kind) || !crowd_add(&profile->crowds, fact))
        return true;
    profile_fold_view(profile, fact->kind);
    return false;
}

/* Counts the names of a fact in the fold of its kind. */
static enum fold_change count_names(struct fold *fold, const struct fact *fact)
{
    struct fact names = *fact;
    char **paths[FACT_PATHS];
    enum fold_change change = FOLD_SAME;
    size_t count = fact_paths(&names, paths);

    fold->other_bytes += fact_needed_bytes(fact);
    for (size_t i = 0; i < count; i++) {
        /* What stands for all that was not there folds no directory. */
        bool any = *paths[i] && fact_is_missing(fact) && strcmp(*paths[i], "//") == 0;
        enum fold_change one = *paths[i] && !any ? fold_add(fold, *paths[i]) : FOLD_SAME;
        change = one > change ? one : change;
    }
    return change;
}

/* Replaces what is recorded, where a directory of a fold came to stand for names. Those of a fold
 * that counted none of them can lie in other kinds alone. */
static void fold_views(struct profile *profile, enum fold_change change)
{
    for (size_t kind = 0; kind < FACT_KIND_COUNT; kind++) {
        bool counts = kind == FACT_PATH || kind == FACT_PROGRAM;
        if (fact_kind_folds((enum fact_kind)kind) && (change == FOLD_NAMES || !counts))
            profile_fold_view(profile, kind);
    }
}

/* Folds until half of the room is free again; each step goes once through what is recorded. */
static void profile_make_room(struct profile *profile, struct fold *fold)
{
    for (size_t step = 0; step < LIMIT_PROFILE_STEPS && fold_is_full(fold); step++) {
        fold_make_room(fold);
        fold_views(profile, FOLD_NAMES);
        fold_restart(fold);
        for (size_t kind = 0; kind < FACT_KIND_COUNT; kind++)
            for (struct record *record = profile->views[kind].records; record;
                 record = record->hh.next)
                if ((kind == FACT_PATH || kind == FACT_PROGRAM) &&
                    fold_of(profile, &record->fact) == fold)
                    (void)count_names(fold, &record->fact);
        profile->is_full = true;
    }
}

/* Counts the names of a fact that is new; false when a directory came to be folded by it. */
static bool profile_count_names(struct profile *profile, const struct fact *fact)
{
    if (fact->kind != FACT_PATH && fact->kind != FACT_PROGRAM)
        return true;
    struct fold *fold = (struct fold *)(uintptr_t)fold_of(profile, fact);
    enum fold_change change = count_names(fold, fact);
    bool is_full = fold_is_full(fold);
    if (change == FOLD_SAME && !is_full)
        return true;
    if (change != FOLD_SAME)
        fold_views(profile, change);
    if (change == FOLD_NAMES)
        fold_forget(fold);
    if (is_full)
        profile_make_room(profile, fold);
    return false;
}

static struct fact *profile_fact(struct profile *profile, const struct fact *seen, bool *ret_new)
{
    struct fact kept = *seen, *fact = &kept;
    struct record *record;

    kept.outcome = fact_outcome(seen);
    if (!fact_kind_folds(fact->kind) && !crowd_has_kind(fact->kind))
        return profile_insert(profile, fact, ret_new);
    profile->key.length = 0;
    fact_key(&profile->key, fact);
    HASH_FIND(hh, profile->views[fact->kind].records, profile->key.data, profile->key.length,
              record);
    *ret_new = !record;
    if (record)
        return &record->fact;
    CLEANUP(folded_fact_done) struct folded_fact folded;
    (void)fact_fold(profile, fact, &folded);
    struct fact *mine = profile_insert(profile, &folded.fact, ret_new);
    if (!*ret_new ||
        (profile_count_names(profile, &folded.fact) && profile_count_crowd(profile, &folded.fact)))
        return mine;
    CLEANUP(folded_fact_done) struct folded_fact again;
    (void)fact_fold(profile, fact, &again);
    return profile_insert(profile, &again.fact, ret_new);
}

bool profile_see(struct profile *profile, const struct fact *fact, const struct sighting *sighting)
{
    bool is_new;
    struct fact *mine = profile_fact(profile, fact, &is_new);
    struct seen *seen = evidence_of(&mine->evidence, sighting->run);
    unsigned phase = 1u << sighting->phase;

    profile->changes += is_new || !(seen->phases & phase);
    seen->count += fact_is_folded(mine) ? 0 : sighting->count;
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
