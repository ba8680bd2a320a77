// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Laws of --fit, on made-up services: what a closer fit allows a wider one allows too, no group
 * brings more than it may, and the excess has what it must. That each fit allows what was trained
 * is the law of test_laws. CINCH_LAWS_ROUNDS says how many services, CINCH_LAWS_FROM and
 * CINCH_LAWS_SEED which ones.
 */
#include "evaluate/allows.h"
#include "systemd/calls/filter_table.h"
#include "unit.h"
#include "world.h"
#include <string.h>

#define ROUNDS 60

static const int versions[] = { 232, 245, 247, 252, 254, 257, 258, 262 };
static const enum fit fits[] = { FIT_EXACT, FIT_SNUG, FIT_LOOSE };

enum { FITS = ELEMENTS_OF(fits) };

struct trial {
    uint64_t seed;
    struct profile *profile;
    struct suggest_options options;
    struct suggestion suggestions[FITS];
    struct allows *allows[FITS];
};

static void trial_begin(struct trial *trial, uint64_t seed)
{
    struct dice dice = { .state = seed * 6007 + 5 };

    *trial = (struct trial){
        .seed = seed,
        .profile = world_train(seed, 1 + dice_throw(&dice, 3), WORLD_ALL & ~WORLD_BLIND),
        .options = { .target = { .version = versions[dice_throw(&dice, ELEMENTS_OF(versions))] },
                     .filesystem = dice_throw(&dice, 3),
                     .filesystem_given = true },
    };
    for (size_t i = 0; i < FITS; i++) {
        trial->options.fit = fits[i];
        suggest(trial->profile, &trial->options, &trial->suggestions[i]);
        trial->allows[i] = allows_new(&trial->suggestions[i], NULL, trial->profile);
    }
}

static void trial_end(struct trial *trial)
{
    for (size_t i = 0; i < FITS; i++) {
        allows_free(trial->allows[i]);
        suggestion_done(&trial->suggestions[i]);
    }
    profile_free(trial->profile);
}

static const struct verdict *filter_of(const struct suggestion *suggestion)
{
    return suggestion_find(suggestion, "SystemCallFilter");
}

/* ---- each fit within the next ---- */

/* How many of the fits, from the closest on, refuse the fact; fails when one refuses what a closer
 * one allows. */
static size_t check_nested(const struct trial *trial, const struct fact *fact)
{
    const char *directive;
    size_t refused = 0;

    while (refused < FITS && !allows_fact(trial->allows[refused], fact, &directive))
        refused++;
    for (size_t i = refused; i < FITS; i++)
        if (!allows_fact(trial->allows[i], fact, &directive)) {
            CLEANUP(free_char) char *text = fact_describe(fact);
            fail_msg("seed %llu, systemd %d, form %d: fit %zu allows what fit %zu does not (%s=): "
                     "%s",
                     (unsigned long long)trial->seed, trial->options.target.version,
                     trial->options.filesystem, refused, i, directive, text);
        }
    return refused;
}

/* Every call there is. */
static size_t check_nested_calls(const struct trial *trial)
{
    size_t refused = 0;

    for (size_t row = 0; row < filter_risk_count; row++)
        for (const char *at = filter_risks[row].names; *at;) {
            size_t length = strcspn(at, " ");
            CLEANUP(free_char) char *name = mem_strndup(at, length);
            struct fact fact = { .kind = FACT_SYSCALL,
                                 .syscall = { .arch = (char *)(uintptr_t) "x86_64",
                                              .name = name } };
            refused += check_nested(trial, &fact);
            at += length + (at[length] == ' ');
        }
    return refused;
}

/* A symlink is used as what it leads to: in one view it is still a link, in another a bind mount of
 * its target has its name. */
static void check_nested_path(const struct trial *trial, char *name)
{
    static const enum path_use uses[] = { PATH_READ, PATH_WRITE, PATH_EXECUTE };
    CLEANUP(free_char) char *led = allows_host_resolve(trial->profile, name);
    size_t count;
    const struct host_file *const *files = profile_files_at(trial->profile, led, &count);
    bool directory = count && files[0]->type == FILE_DIRECTORY;

    for (size_t use = 0; use < ELEMENTS_OF(uses); use++) {
        struct fact fact = { .kind = FACT_PATH,
                             .path = { .use = uses[use], .path = led, .requested = name } };
        /* Of a directory that is an empty one of the service's own in a closer view, and the
         * machine's in a wider one, less can be changed there. */
        if (uses[use] != PATH_WRITE || !directory)
            check_nested(trial, &fact);
    }
}

/* Every file of the machine that the profile knows, for reading, writing and executing. */
static void check_nested_paths(const struct trial *trial)
{
    size_t count;
    const struct host_file *const *files = profile_files(trial->profile, &count);

    for (size_t i = 0; i < count; i++)
        check_nested_path(trial, files[i]->path);
}

static void test_fits_nest(void **state)
{
    const struct seeds seeds = world_seeds(1, ROUNDS);
    size_t refused = 0;

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end; seed++) {
        struct trial trial;
        trial_begin(&trial, seed);
        size_t now = check_nested_calls(&trial);
        assert_true(now > 100 || !filter_of(&trial.suggestions[0])->emitted);
        refused += now;
        check_nested_paths(&trial);
        trial_end(&trial);
    }
    assert_true(refused > 100 * (seeds.end - seeds.first));
}

/* ---- groups within their budget ---- */

/* What groups grant beside the calls that were wanted for another reason. */
static size_t extras_of(const struct verdict *verdict)
{
    struct strings extras = { 0 };

    for (size_t i = 0; i < verdict->count; i++) {
        const struct value *value = &verdict->values[i];
        for (size_t k = 0; value->text[0] == '@' && k < value->excess.names.count; k++)
            if (!strings_has(&value->covers, value->excess.names.items[k]))
                strings_add(&extras, value->excess.names.items[k]);
    }
    strings_sort_unique(&extras);
    size_t count = extras.count;
    strings_done(&extras);
    return count;
}

static void test_group_calls_are_few(void **state)
{
    const struct seeds seeds = world_seeds(4, ROUNDS);
    size_t groups = 0;

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end; seed++) {
        struct dice dice = { .state = seed };
        CLEANUP(profile_freep) struct profile *profile = world_train(seed, 2, WORLD_ALL);
        struct suggest_options options = {
            .target = { .version = 252 },
            .fit = fits[dice_throw(&dice, FITS)],
            .knobs = { .groups = GROUPS_YES,
                       .group_calls_given = true,
                       .group_calls = dice_throw(&dice, 24) },
        };
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        suggest(profile, &options, &suggestion);
        const struct verdict *verdict = filter_of(&suggestion);
        if (extras_of(verdict) > options.knobs.group_calls)
            fail_msg("seed %llu: %zu calls more", (unsigned long long)seed, extras_of(verdict));
        groups += verdict->count && verdict->values[0].text[0] == '@';
    }
    assert_true(groups > (seeds.end - seeds.first) / 32 || seeds.end - seeds.first < 10);
}

/* ---- the excess ---- */

/* A call is in the excess exactly when it is allowed and was never observed. */
static void check_excess(const struct trial *trial, size_t fit)
{
    const struct verdict *verdict = filter_of(&trial->suggestions[fit]);
    size_t count;
    const struct fact *const *facts = profile_facts(trial->profile, FACT_SYSCALL, &count);

    for (size_t i = 0; i < verdict->excess.names.count; i++) {
        const char *directive;
        struct fact fact = { .kind = FACT_SYSCALL,
                             .syscall = { .arch = (char *)(uintptr_t) "x86_64",
                                          .name = verdict->excess.names.items[i] } };
        bool allowed = allows_fact(trial->allows[fit], &fact, &directive);
        assert_true(allowed || strcmp(directive, "SystemCallFilter") != 0);
        for (size_t k = 0; k < count; k++)
            if (facts[k]->syscall.name)
                assert_string_not_equal(facts[k]->syscall.name, fact.syscall.name);
    }
    for (size_t i = 0; i < verdict->count; i++)
        if (!verdict->values[i].witness && verdict->values[i].text[0] != '@')
            assert_true(strings_has(&verdict->excess.names, verdict->values[i].text));
}

static void test_excess(void **state)
{
    const struct seeds seeds = world_seeds(1, ROUNDS);

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end; seed++) {
        struct trial trial;
        trial_begin(&trial, seed);
        for (size_t i = 0; i < FITS; i++)
            if (filter_of(&trial.suggestions[i])->emitted)
                check_excess(&trial, i);
        trial_end(&trial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits_nest),
        cmocka_unit_test(test_group_calls_are_few),
        cmocka_unit_test(test_excess),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
