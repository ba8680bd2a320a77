// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Laws that hold for every profile, on made-up services: derive functions against the evaluator.
 * CINCH_LAWS_ROUNDS says how many services (each with several forms, versions and units);
 * CINCH_LAWS_SEED where to start, to see one again.
 */
#include "../unit/unit.h"
#include "systemd/allows.h"
#include "systemd/derive.h"
#include "world.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define ROUNDS  150
#define DETAILS 40 /* shown before the rest is only counted */

static const int versions[] = { 232, 234, 238, 243, 245, 247, 249, 252, 255, 257, 258, 262 };

/* One suggestion with all it came from. */
struct trial {
    uint64_t seed;
    struct profile *profile;
    char *unit_text;
    struct unit unit;
    struct suggest_options options;
    struct suggestion suggestion;
    struct allows *allows;
};

static unsigned long number_from(const char *variable, unsigned long otherwise)
{
    const char *text = getenv(variable);

    return text && *text ? strtoul(text, NULL, 10) : otherwise;
}

static void trial_suggest(struct trial *trial)
{
    suggest(trial->profile, &trial->options, &trial->suggestion);
    trial->allows = allows_new(&trial->suggestion, trial->options.unit, trial->profile);
}

static void trial_begin(struct trial *trial, uint64_t seed, unsigned what)
{
    struct dice dice = { .state = seed * 977 + 1 };

    *trial = (struct trial){ .seed = seed };
    trial->profile = world_train(seed, 1 + dice_throw(&dice, 3), what);
    trial->unit_text = world_unit(seed);
    assert_int_equal(unit_parse(&trial->unit, trial->unit_text, strlen(trial->unit_text),
                                "served.service", NULL),
                     0);
    trial->unit.name = mem_strdup("served.service");
    trial->options = (struct suggest_options){
        .target = { .version = versions[dice_throw(&dice, ELEMENTS_OF(versions))] },
        .filesystem = dice_throw(&dice, 3),
        .filesystem_given = dice_once_in(&dice, 2),
        .peers = dice_throw(&dice, 4),
        .unit = trial->unit_text[0] ? &trial->unit : NULL,
    };
    trial_suggest(trial);
}

static void trial_forget(struct trial *trial)
{
    allows_free(trial->allows);
    suggestion_done(&trial->suggestion);
}

static void trial_end(struct trial *trial)
{
    trial_forget(trial);
    profile_free(trial->profile);
    unit_done(&trial->unit);
    free(trial->unit_text);
}

/* ---- telling ---- */

static void say_suggestion(const struct trial *trial)
{
    for (size_t i = 0; i < trial->suggestion.count; i++) {
        const struct verdict *verdict = &trial->suggestion.verdicts[i];
        if (!verdict->emitted)
            continue;
        print_error("  %s=%s", verdict->name, verdict->reset ? "(reset)" : "");
        for (size_t k = 0; k < verdict->count; k++)
            print_error(" %s%s%s%s", verdict->values[k].optional ? "-" : "",
                        verdict->values[k].text, verdict->values[k].options ? ":" : "",
                        verdict->values[k].options ? verdict->values[k].options : "");
        print_error("\n");
    }
}

static void say_trial(const struct trial *trial, const char *what)
{
    static const char *const forms[] = { "view", "strict", "root" };

    print_error("seed %llu, systemd %d, form %s (%s), peers %d: %s\n%s",
                (unsigned long long)trial->seed, trial->options.target.version,
                forms[trial->options.filesystem], forms[trial->suggestion.filesystem],
                trial->options.peers, what, trial->unit_text);
    if (getenv("CINCH_LAWS_SEED"))
        say_suggestion(trial);
}

static char *say_fact(const struct fact *fact)
{
    CLEANUP(free_char) char *described = fact_describe(fact);

    return mem_printf("%s%s%s (%s)", described, fact->kind == FACT_PATH ? " requested as " : "",
                      fact->kind == FACT_PATH ? fact->path.requested : "",
                      fact->outcome > 0 ? errno_name(fact->outcome)
                      : fact->outcome   ? "?"
                                        : "ok");
}

/* ---- every trained fact is allowed ---- */

/* What the administrator was told of counts as said, not as silent. */
static bool was_told(const struct trial *trial, const struct fact *fact)
{
    const struct strings *notes = &trial->suggestion.notes;
    CLEANUP(free_char)
    char *start =
        fact->kind == FACT_PATH ? text_encode_string(fact->path.requested)
        : fact->kind == FACT_SYSCALL && fact->syscall.name
            ? mem_printf("not in SystemCallFilter=, and so refused: %s", fact->syscall.name)
            : mem_strdup("no note starts like this");

    for (size_t i = 0; i < notes->count; i++)
        if (str_starts_with(notes->items[i], start) && notes->items[i][strlen(start)] == ' ')
            return true;
    return false;
}

/* The unit's own settings may forbid what an unconfined training did: that is not ours to judge. */
static bool is_ours(const struct trial *trial, const char *directive)
{
    const struct verdict *verdict = suggestion_find(&trial->suggestion, directive);

    if (!trial->options.unit)
        return true;
    return verdict && verdict->emitted && !unit_is_on(trial->options.unit, directive);
}

/* Clients from elsewhere are left out on purpose. */
static bool was_asked_for(const struct trial *trial, const struct fact *fact)
{
    return trial->options.peers == PEERS_LOCAL && fact->kind == FACT_ADDRESS &&
           (fact->address.use == ADDRESS_ACCEPT || fact->address.use == ADDRESS_RECEIVE);
}

static size_t count_forbidden(const struct trial *trial)
{
    size_t forbidden = 0;

    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        size_t count;
        const struct fact *const *facts =
            profile_facts(trial->profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count; i++) {
            const char *directive = NULL;
            if (allows_fact(trial->allows, facts[i], &directive) || !is_ours(trial, directive) ||
                was_asked_for(trial, facts[i]) || was_told(trial, facts[i]))
                continue;
            CLEANUP(free_char) char *fact = say_fact(facts[i]);
            CLEANUP(free_char) char *what = mem_printf("%s= forbids %s", directive, fact);
            say_trial(trial, what);
            forbidden++;
        }
    }
    return forbidden;
}

static void test_trained_facts_are_allowed(void **state)
{
    unsigned long first = number_from("CINCH_LAWS_SEED", 1);
    unsigned long rounds = getenv("CINCH_LAWS_SEED") ? 1 : number_from("CINCH_LAWS_ROUNDS", ROUNDS);
    size_t forbidden = 0;

    (void)state;
    for (uint64_t seed = first; seed < first + rounds * 10 && forbidden < DETAILS; seed++) {
        struct trial trial;
        const char *directive = NULL;
        trial_begin(&trial, seed, seed % 3 ? WORLD_ALL & ~WORLD_BLIND & ~WORLD_ODD : WORLD_ALL);
        forbidden += count_forbidden(&trial);
        if (!allows_start(trial.allows, &directive) && is_ours(&trial, directive)) {
            CLEANUP(free_char) char *what = mem_printf("the unit does not start: %s=", directive);
            say_trial(&trial, what);
            forbidden++;
        }
        if (!allows_root_is_kept(trial.allows)) {
            say_trial(&trial, "the empty root is cancelled");
            forbidden++;
        }
        trial_end(&trial);
    }
    assert_int_equal(forbidden, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trained_facts_are_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
