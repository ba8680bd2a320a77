// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Laws that hold for every profile, on made-up services: derive functions against the evaluator.
 * CINCH_LAWS_ROUNDS says how many services (each with several forms, versions and units),
 * CINCH_LAWS_FROM where to start, CINCH_LAWS_SEED which one to see again, in every law.
 */
#include "evaluate/allows.h"
#include "systemd/core/derive.h"
#include "systemd/directive_table.h"
#include "unit.h"
#include "world.h"
#include <cinch/store.h>
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

static void trial_suggest(struct trial *trial)
{
    suggest(trial->profile, &trial->options, &trial->suggestion);
    trial->allows = allows_new(&trial->suggestion, trial->options.unit, trial->profile);
}

/* A mount of the unit's own, which the training told by the names in it. Not where files were moved
 * into it or out of it: between two mounts they cannot be. */
static void trial_mount(struct trial *trial, struct dice *dice)
{
    static const char *const mounts[] = { "[Service]\nBindPaths=/opt/app:/srv/upload\n",
                                          "[Service]\nTemporaryFileSystem=/srv/upload\n" };
    const struct fact spot = { .kind = FACT_BLIND_SPOT,
                               .blind_spot = { (char[]){ "foreign-mount-namespace" },
                                               (char[]){ "mount /srv/upload" } } };
    size_t count, runs;
    const struct fact *const *moves = profile_facts(trial->profile, FACT_MOVE, &count);
    const struct sighting sighting = {
        .run = profile_runs(trial->profile, &runs)[0]->id, .count = 1, .program = "", .call = ""
    };
    bool crossed = false;

    for (size_t i = 0; i < count; i++)
        crossed |= path_may_be_within(moves[i]->move.from, "/srv/upload") !=
                   path_may_be_within(moves[i]->move.to, "/srv/upload");
    if (crossed || !trial->unit_text[0] || trial->options.target.version < 238 ||
        !dice_once_in(dice, 4))
        return;
    profile_record(trial->profile, &spot, &sighting);
    const char *mount = mounts[dice_throw(dice, 2)];
    assert_int_equal(unit_parse(&trial->unit, mount, strlen(mount), "served.service", NULL), 0);
    char *text = mem_printf("%s%s", trial->unit_text, mount);
    free(trial->unit_text);
    trial->unit_text = text;
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
        .complain = dice_once_in(&dice, 6),
        .peers = dice_throw(&dice, 4),
        .unit = trial->unit_text[0] ? &trial->unit : NULL,
        .nothing_else = seed / 3 % 2,
    };
    trial->options.fit = dice_throw(&dice, 3);
    if (dice_once_in(&dice, 4)) {
        trial->options.knobs = (struct knobs){
            .companions = dice_throw(&dice, 4),
            .groups = dice_throw(&dice, 3),
            .group_calls_given = dice_once_in(&dice, 2),
            .group_calls = dice_throw(&dice, 30),
            .view_entries_given = dice_once_in(&dice, 2),
            .view_entries = 1 + dice_throw(&dice, 20),
            .peer_entries_given = dice_once_in(&dice, 2),
            .peer_entries = 1 + dice_throw(&dice, 4),
        };
    }
    trial->options.knobs.bpf = dice_throw(&dice, 3);
    trial->options.knobs.modules = dice_throw(&dice, 3);
    trial->options.target.user_manager = dice_once_in(&dice, 12);
    if (dice_once_in(&dice, 4)) {
        free(trial->unit.name);
        trial->unit.name =
            mem_strdup(dice_once_in(&dice, 2) ? "served@one.service" : "served@.service");
    }
    trial_mount(trial, &(struct dice){ .state = seed ^ 0x3017 });
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

    print_error("seed %llu, systemd%s %d, form %s (%s), peers %d, fit %d: %s\n%s",
                (unsigned long long)trial->seed,
                trial->options.target.user_manager ? " --user" : "", trial->options.target.version,
                forms[trial->options.filesystem], forms[trial->suggestion.filesystem],
                trial->options.peers, trial->options.fit, what, trial->unit_text);
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

/* Whether a note tells the administrator about a fact: it counts as said, not as silent. */
static bool was_told(const struct trial *trial, const struct fact *fact)
{
    const struct notes *notes = &trial->suggestion.notes;
    CLEANUP(free_char)
    char *collapsed = fact->kind == FACT_PATH && path_is_collapsed(fact->path.requested)
                          ? path_parent(fact->path.requested)
                          : NULL;
    bool statfs = fact->kind == FACT_ARGUMENT && strcmp(fact->argument.topic, "statfs") == 0;
    const char *about = collapsed                    ? collapsed
                        : fact->kind == FACT_PATH    ? fact->path.requested
                        : fact->kind == FACT_SYSCALL ? fact->syscall.name
                        : statfs                     ? fact->argument.value
                                                     : NULL;
    enum note_topic topic = fact->kind == FACT_SYSCALL ? TOPIC_CALL : TOPIC_PATH;

    for (size_t i = 0; about && i < notes->count; i++)
        if (notes->items[i].topic == topic && notes->items[i].about &&
            (!statfs || notes->items[i].severity == SEVERITY_WARNING) &&
            strcmp(notes->items[i].about, about) == 0)
            return true;
    return false;
}

/* The unit's own settings may forbid what an unconfined training did: that is not ours to judge. */
static bool is_ours(const struct trial *trial, const char *directive)
{
    const struct verdict *verdict = suggestion_find(&trial->suggestion, directive);

    if (!trial->options.unit)
        return true;
    if (strcmp(directive, "PrivateTmp") == 0 && unit_is_on(trial->options.unit, "DynamicUser"))
        return false;
    /* What is switched off forbids nothing by itself: DynamicUser= does, which implies it. */
    return verdict && verdict->emitted && !unit_is_on(trial->options.unit, directive) &&
           !(verdict->count == 1 && strcmp(verdict->values[0].text, "no") == 0);
}

/* Clients from elsewhere are left out on purpose; listing / alone is no reason to show all of it
 * (the form was asked for, or would be given up for nothing), nor is a size where it was. */
static bool was_asked_for(const struct trial *trial, const struct fact *fact)
{
    if (fact->kind == FACT_PATH && fact->path.use == PATH_LIST && strcmp(fact->path.path, "/") == 0)
        return true;
    if (fact->kind == FACT_ARGUMENT && strcmp(fact->argument.topic, "statfs") == 0 &&
        trial->options.filesystem_given)
        return true;
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
    const struct seeds seeds = world_seeds(10, ROUNDS);
    size_t forbidden = 0;

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end && forbidden < DETAILS; seed++) {
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

/* ---- what is not known of the unit ---- */

/* Settings of drop-ins that nobody showed to suggest() do not cancel the empty root. */
static void test_unknown_settings(void **state)
{
    static const char *const hidden[] = { "ProtectSystem=strict", "ProtectSystem=full",
                                          "ReadOnlyPaths=/",      "NoExecPaths=/",
                                          "ReadWritePaths=/",     "InaccessiblePaths=/srv" };
    const struct seeds seeds = world_seeds(3, ROUNDS);

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end; seed++) {
        struct trial trial;
        trial_begin(&trial, seed, WORLD_ALL & ~WORLD_BLIND);
        const char *setting = hidden[seed % ELEMENTS_OF(hidden)];
        CLEANUP(free_char)
        char *text = mem_printf("%s\n[Service]\n%s\n", trial.unit_text, setting);
        CLEANUP(unit_done) struct unit unit = { 0 };
        assert_int_equal(unit_parse(&unit, text, strlen(text), "served.service", NULL), 0);
        struct allows *allows = allows_new(&trial.suggestion, &unit, trial.profile);
        const char *directive = NULL;
        bool whole = suggest_unit_is_whole(&trial.options);
        if (!whole && (!allows_root_is_kept(allows) ||
                       (!allows_start(allows, &directive) && is_ours(&trial, directive)))) {
            say_trial(&trial, setting);
            fail_msg("what the unit may have besides cancels the empty root, or stops the start");
        }
        allows_free(allows);
        trial_end(&trial);
    }
}

/* ---- the same bytes ---- */

static char *suggestion_text(const struct suggestion *suggestion)
{
    struct str text = { 0 };

    for (size_t i = 0; i < suggestion->count; i++) {
        const struct verdict *verdict = &suggestion->verdicts[i];
        str_addf(&text, "%s %d %d %s\n", verdict->name, verdict->emitted, verdict->reset,
                 verdict->why);
        for (size_t k = 0; k < verdict->count; k++)
            str_addf(&text, "  %d %s %s %s\n", verdict->values[k].optional, verdict->values[k].text,
                     verdict->values[k].options ? verdict->values[k].options : "",
                     verdict->values[k].why);
    }
    for (size_t i = 0; i < suggestion->notes.count; i++)
        str_addf(&text, "%s\n", suggestion->notes.items[i].text);
    return str_steal(&text);
}

static char *suggest_text(const struct profile *profile, const struct suggest_options *options)
{
    struct suggestion suggestion;

    suggest(profile, options, &suggestion);
    char *text = suggestion_text(&suggestion);
    suggestion_done(&suggestion);
    return text;
}

/* Fails with the first lines that differ. */
static void check_same(const struct trial *trial, const char *left, const char *right)
{
    size_t same = 0;

    for (size_t i = 0; left[i] && left[i] == right[i]; i++)
        if (left[i] == '\n')
            same = i + 1;
    if (strcmp(left, right) == 0)
        return;
    say_trial(trial, "not the same");
    fail_msg("%.*s\n%.*s", (int)strcspn(left + same, "\n"), left + same,
             (int)strcspn(right + same, "\n"), right + same);
}

/* Twice, and with the runs merged the other way round. */
static void test_same_bytes(void **state)
{
    const struct seeds seeds = world_seeds(1, ROUNDS);

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end; seed++) {
        struct trial trial;
        trial_begin(&trial, seed, WORLD_ALL);
        struct profile *other = world_train(seed + 5000, 4, WORLD_ALL);
        struct profile *left = profile_new(), *right = profile_new();
        profile_merge(left, trial.profile);
        profile_merge(left, other);
        profile_merge(right, other);
        profile_merge(right, trial.profile);
        profile_merge(right, other);
        char *once = suggest_text(trial.profile, &trial.options);
        char *twice = suggestion_text(&trial.suggestion);
        char *from_left = suggest_text(left, &trial.options);
        char *from_right = suggest_text(right, &trial.options);
        check_same(&trial, once, twice);
        check_same(&trial, from_left, from_right);
        free(once);
        free(twice);
        free(from_left);
        free(from_right);
        profile_free(left);
        profile_free(right);
        profile_free(other);
        trial_end(&trial);
    }
}

/* ---- what is not seen can only widen ---- */

/* By itself or by a group. */
static bool has_value(const struct verdict *verdict, const char *text)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (strcmp(verdict->values[i].text, text) == 0 ||
            strings_has(&verdict->values[i].covers, text))
            return true;
    return false;
}

/* Whether what a value of a list stands for stands in the other list too. */
static bool has_all_of(const struct verdict *verdict, const struct value *value)
{
    if (has_value(verdict, value->text))
        return true;
    for (size_t i = 0; i < value->covers.count; i++)
        if (!has_value(verdict, value->covers.items[i]))
            return false;
    return value->covers.count > 0;
}

/* Lists in which more values let more through. */
static bool is_grant_list(const char *name)
{
    static const char *const lists[] = { "SystemCallFilter",
                                         "RestrictAddressFamilies",
                                         "IPAddressAllow",
                                         "SocketBindAllow",
                                         "BindPaths",
                                         "BindReadOnlyPaths",
                                         "ReadWritePaths",
                                         "ExecPaths",
                                         "SystemCallArchitectures",
                                         "RestrictNamespaces",
                                         "DeviceAllow",
                                         "RestrictFileSystems",
                                         "SystemCallLog",
                                         "CapabilityBoundingSet",
                                         "AmbientCapabilities",
                                         NULL };

    return allows_is_word(lists, name);
}

static bool is_wider(const struct verdict *before, const struct verdict *after)
{
    if (!after->emitted)
        return true;
    if (!before->emitted)
        return false;
    for (size_t i = 0; i < before->count; i++)
        if (!has_all_of(after, &before->values[i]))
            return false;
    return is_grant_list(after->name) || before->count == after->count;
}

/* Whether it was left out only because another one stopped more, which is gone or wider now. */
static bool takes_over(const struct suggestion *before, const struct suggestion *after,
                       const char *name)
{
    static const struct {
        const char *name, *stronger;
    } pairs[] = { { "SocketBindDeny", "PrivateNetwork" },
                  { "SocketBindAllow", "PrivateNetwork" },
                  { "RestrictNetworkInterfaces", "PrivateNetwork" },
                  { "DevicePolicy", "PrivateDevices" },
                  { "DeviceAllow", "PrivateDevices" },
                  { "RestrictFileSystems", "PrivateUsers" } };

    for (size_t i = 0; i < ELEMENTS_OF(pairs); i++)
        if (strcmp(pairs[i].name, name) == 0 && !suggestion_find(before, name)->emitted &&
            suggestion_find(before, pairs[i].stronger)->emitted &&
            !suggestion_find(after, pairs[i].stronger)->emitted)
            return true;
    return false;
}

static void test_blind_spots_widen(void **state)
{
    static const char *const topics[] = { "io_uring",          "own-seccomp-filter",
                                          "lost-task",         "untraced-clone",
                                          "uncertain-path",    "foreign-mount-namespace",
                                          "unreadable-memory", "capability-use",
                                          "unreadable-socket", "something-new" };
    const struct seeds seeds = world_seeds(1, ROUNDS);

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end; seed++) {
        struct trial trial;
        trial_begin(&trial, seed, WORLD_ALL & ~WORLD_BLIND);
        struct fact spot = { .kind = FACT_BLIND_SPOT,
                             .blind_spot = {
                                 .topic = (char *)(uintptr_t)topics[seed % ELEMENTS_OF(topics)],
                                 .detail = (char *)(uintptr_t) "a law" } };
        struct sighting sighting = { .run = "run0", .count = 1, .program = "", .call = "" };
        struct suggestion after;
        profile_record(trial.profile, &spot, &sighting);
        suggest(trial.profile, &trial.options, &after);
        for (size_t i = 0; i < after.count; i++)
            if (!is_wider(&trial.suggestion.verdicts[i], &after.verdicts[i]) &&
                !takes_over(&trial.suggestion, &after, after.verdicts[i].name)) {
                say_trial(&trial, spot.blind_spot.topic);
                fail_msg("%s= is narrower", after.verdicts[i].name);
            }
        suggestion_done(&after);
        trial_end(&trial);
    }
}

/* ---- more is never less ---- */

/* What one more run did does not forbid what was allowed before. */
static void test_more_facts_forbid_nothing(void **state)
{
    const struct seeds seeds = world_seeds(3, ROUNDS);
    size_t forbidden = 0;

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end && forbidden < DETAILS; seed++) {
        struct trial trial;
        trial_begin(&trial, seed, WORLD_ALL & ~WORLD_BLIND);
        trial_forget(&trial);
        world_more(trial.profile, seed * 31);
        trial_suggest(&trial);
        forbidden += count_forbidden(&trial);
        trial_end(&trial);
    }
    assert_int_equal(forbidden, 0);
}

/* ---- nothing newer than the target, nobody's clients ---- */

static bool serves_others(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_ADDRESS, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->address.use == ADDRESS_LISTEN && facts[i]->address.family == AF_INET &&
            !str_starts_with(facts[i]->address.host, "127."))
            return true;
    return false;
}

static void check_versions(const struct trial *trial)
{
    int version = trial->options.target.version;

    for (size_t i = 0; i < trial->suggestion.count; i++) {
        const struct verdict *verdict = &trial->suggestion.verdicts[i];
        const struct directive *row = directive_find(directive_table, verdict->name);
        if (!verdict->emitted)
            continue;
        if (row->since > version)
            fail_msg("%s= is new in %d, the target is %d", row->name, row->since, version);
        for (const struct candidate *candidate = row->candidates; candidate && candidate->value;
             candidate++)
            if (has_value(verdict, candidate->value) && candidate->since > version)
                fail_msg("%s=%s is new in %d, the target is %d", row->name, candidate->value,
                         candidate->since, version);
        if (strcmp(row->name, "RestrictAddressFamilies") == 0 && version < 249)
            assert_false(has_value(verdict, "none"));
    }
}

static void test_target_is_kept_to(void **state)
{
    const struct seeds seeds = world_seeds(3, ROUNDS);

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end; seed++) {
        struct trial trial;
        trial_begin(&trial, seed, WORLD_ALL);
        check_versions(&trial);
        const struct verdict *deny = suggestion_find(&trial.suggestion, "IPAddressDeny");
        if (trial.options.peers == PEERS_AUTO && serves_others(trial.profile))
            assert_false(deny->emitted);
        if (trial.options.peers == PEERS_ANY)
            assert_false(deny->emitted);
        trial_end(&trial);
    }
}

/* ---- tight ---- */

/* Whether the strictest candidate alone would forbid something that was seen. */
static bool strictest_forbids(const struct trial *trial, const struct directive *row)
{
    struct value value = { .text = (char *)(uintptr_t)row->candidates[0].value };
    struct verdict verdict = { .name = row->name, .emitted = true, .values = &value, .count = 1 };
    struct suggestion alone = { .verdicts = &verdict, .count = 1, .target = trial->options.target };
    struct allows *allows = allows_new(&alone, NULL, trial->profile);
    const char *directive;
    bool forbids = false;

    for (int kind = 0; kind < FACT_KIND_COUNT && !forbids; kind++) {
        size_t count;
        const struct fact *const *facts =
            profile_facts(trial->profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count && !forbids; i++) {
            struct fact fact = *facts[i];
            fact.outcome = 0; /* in another place, with more privileges, it may succeed */
            forbids = !allows_fact(allows, &fact, &directive);
        }
    }
    allows_free(allows);
    return forbids;
}

/* Any name of a folded directory may have been the one that the directive is about. */
static bool is_collapsed(const struct fact *fact)
{
    return fact->kind == FACT_PATH &&
           (path_is_collapsed(fact->path.path) || path_is_collapsed(fact->path.requested));
}

/* A directive whose candidates decide is left out only for something it would have stopped. Some
 * look further than the evaluator: at what a later version or another kernel would stop. */
static void test_left_out_for_cause(void **state)
{
    static const char *const rows[] = { "NoNewPrivileges",      "ProtectKernelLogs",
                                        "ProtectKernelModules", "ProtectHostname",
                                        "PrivateNetwork",       "KeyringMode",
                                        "PrivateMounts",        NULL };
    const struct seeds seeds = world_seeds(3, ROUNDS);
    size_t loose = 0, left_out = 0;

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end && loose < DETAILS; seed++) {
        struct trial trial;
        trial_begin(&trial, seed, WORLD_ALL & ~WORLD_BLIND);
        for (size_t i = 0; i < trial.suggestion.count; i++) {
            const struct verdict *verdict = &trial.suggestion.verdicts[i];
            const struct directive *row = directive_find(directive_table, verdict->name);
            if (verdict->emitted || !verdict->witness || !allows_is_word(rows, verdict->name) ||
                row->since > trial.options.target.version ||
                verdict->witness->kind == FACT_MOVE || /* stopped by the unit's directories */
                (verdict->witness->kind == FACT_PROGRAM && row->flags & DIRECTIVE_SECCOMP) ||
                is_collapsed(verdict->witness))
                continue;
            left_out++;
            if (strictest_forbids(&trial, row))
                continue;
            say_trial(&trial, verdict->name);
            print_error("left out, but nothing seen needs it: %s\n", verdict->why);
            loose++;
        }
        trial_end(&trial);
    }
    assert_true(left_out > 0 || seeds.end - seeds.first < 10);
    assert_int_equal(loose, 0);
}

/* ---- what is a neighbour's ---- */

static const char *const neighbours[] = { "/etc/served/conf.d/neighbour", "/etc/served/neighbour",
                                          "/opt/app/lib/neighbour", "/run/db/neighbour",
                                          "/srv/releases/2/deep/er/neighbour" };

static void trial_add_neighbours(struct trial *trial)
{
    for (size_t i = 0; i < ELEMENTS_OF(neighbours); i++)
        profile_add_file(trial->profile, &(struct host_file){
                                             .path = (char *)(uintptr_t)neighbours[i],
                                             .target = (char[]){ "" },
                                             .mode = 0600,
                                             .entries = -1,
                                             .unused = -1,
                                         });
    trial_forget(trial);
    trial_suggest(trial);
}

/* Whether names there were made and removed, or more used than are told apart: then it is no
 * neighbour's directory. What the administrator binds is shown as he says. */
static bool is_theirs(const struct trial *trial, const char *path)
{
    CLEANUP(free_char) char *directory = path_parent(path);
    CLEANUP(strings_done) struct strings folded = { 0 };
    struct fact written = {
        .kind = FACT_PATH, .path = { PATH_WRITE, (char *)(uintptr_t)path, (char *)(uintptr_t)path }
    };
    const char *directive = NULL;
    bool theirs = allows_fact(trial->allows, &written, &directive);

    profile_collapsed(trial->profile, &folded);
    for (size_t i = 0; i < folded.count; i++)
        theirs |= path_is_within(directory, folded.items[i]);
    return theirs || (strstr(path, "/opt/app") && strstr(trial->unit_text, "/opt/app"));
}

static void test_neighbours_are_hidden(void **state)
{
    const struct seeds seeds = world_seeds(4, ROUNDS);
    size_t visible = 0, asked = 0;

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end && visible < DETAILS; seed++) {
        struct trial trial;
        trial_begin(&trial, seed, WORLD_ALL & ~WORLD_BLIND);
        trial_add_neighbours(&trial);
        const struct verdict *binds = suggestion_find(&trial.suggestion, "BindReadOnlyPaths");
        bool view = trial.suggestion.filesystem != FILESYSTEM_STRICT && binds->emitted;
        for (size_t i = 0; view && i < ELEMENTS_OF(neighbours); i++) {
            char *path = (char *)(uintptr_t)neighbours[i];
            const struct fact read = { .kind = FACT_PATH, .path = { PATH_READ, path, path } };
            if (is_theirs(&trial, path))
                continue;
            asked++;
            const char *directive = NULL;
            if (!allows_fact(trial.allows, &read, &directive))
                continue;
            say_trial(&trial, path);
            visible++;
        }
        trial_end(&trial);
    }
    assert_true(asked > 0 || seeds.end - seeds.first < 10);
    assert_int_equal(visible, 0);
}

/* ---- the strictest value ---- */

/* Whether it allows the fact as it was seen, and had it succeeded: with more privileges, or in
 * another place, it may. */
static bool allows_both(const struct allows *allows, const struct fact *fact)
{
    struct fact done = *fact;
    const char *directive;

    done.outcome = 0;
    return allows_fact(allows, fact, &directive) && allows_fact(allows, &done, &directive);
}

/* Whether `other` allows all that the trial's own suggestion allows, and the service starts. */
static bool allows_as_much(const struct trial *trial, const struct suggestion *other)
{
    struct allows *allows = allows_new(other, trial->options.unit, trial->profile);
    const char *directive;
    bool as_much = allows_start(allows, &directive);

    for (int kind = 0; kind < FACT_KIND_COUNT && as_much; kind++) {
        size_t count;
        const struct fact *const *facts =
            profile_facts(trial->profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count && as_much; i++)
            as_much = allows_both(allows, facts[i]) || !allows_both(trial->allows, facts[i]);
    }
    allows_free(allows);
    return as_much;
}

/* The same suggestion with another value of one row. */
static bool allows_instead(const struct trial *trial, size_t at, const char *text)
{
    struct verdict *verdicts = mem_new(trial->suggestion.count, sizeof(*verdicts));
    struct value value = { .text = (char *)(uintptr_t)text };
    struct suggestion other = trial->suggestion;

    memcpy(verdicts, trial->suggestion.verdicts, other.count * sizeof(*verdicts));
    verdicts[at].emitted = true;
    verdicts[at].values = &value;
    verdicts[at].count = 1;
    other.verdicts = verdicts;
    bool allowed = allows_as_much(trial, &other);
    free(verdicts);
    return allowed;
}

/* How many of the row's candidates the chosen value has before it: all when there is none. */
static size_t stricter_than(const struct directive *row, const struct verdict *verdict)
{
    size_t stricter = 0;

    for (const struct candidate *candidate = row->candidates; candidate && candidate->value;
         candidate++, stricter++)
        if (verdict->emitted && has_value(verdict, candidate->value))
            break;
    return stricter;
}

/* Rows that look further than the evaluator, and at what. */
static const char *const looking_further[] = {
    "LockPersonality",       /* what the query says elsewhere */
    "NoExecPaths",           /* code without a name */
    "PrivateBPF",            /* bpf(2) of any kind */
    "PrivateDevices",        /* nodes that are there on another machine; capabilities */
    "PrivateIPC",            /* who else uses an object */
    "PrivatePIDs",           /* the unit's type, and how the runs ended */
    "PrivateTmp",            /* who else looks for a file or a socket */
    "PrivateUsers",          /* owners of files, and the unit's user */
    "ProtectClock",          /* /dev/rtc by another name */
    "ProtectKernelTunables", /* _sysctl(2) */
    "RemoveIPC",             /* what is kept for the next start; root's is never removed */
    "RestrictRealtime",      /* what newer versions refuse */
    "RestrictSUIDSGID",      /* whether there is a fallback for openat2(2) */
    NULL
};

/* Whether the row is left out, or less strict, for the sake of something that was seen and that
 * the rest of the suggestion lets through. */
static bool is_for_cause(const struct trial *trial, const struct verdict *verdict)
{
    const struct fact *witness = verdict->witness;
    const struct directive *row = directive_find(directive_table, verdict->name);

    return witness && witness->kind != FACT_MOVE && witness->kind != FACT_BLIND_SPOT &&
           !is_collapsed(witness) &&
           !(witness->kind == FACT_PROGRAM && row->flags & DIRECTIVE_SECCOMP) &&
           allows_both(trial->allows, witness);
}

/* An entry for /home itself takes the place of the tmpfs, which then protects nothing; and who
 * looked at /home itself would see another mode and owner. */
static bool is_no_tmpfs(const struct trial *trial, const struct fact *witness, const char *value)
{
    static const char *const homes[] = { "/home", "/root", "/run/user" };
    const struct verdict *no_exec = suggestion_find(&trial->suggestion, "NoExecPaths");

    for (size_t i = 0; i < ELEMENTS_OF(homes); i++)
        if (strcmp(value, "tmpfs") == 0 &&
            ((no_exec->emitted && has_value(no_exec, homes[i])) ||
             (witness->kind == FACT_PATH && strcmp(witness->path.path, homes[i]) == 0)))
            return true;
    return false;
}

/* What the unit's DynamicUser= does is done without a line (systemd.exec(5)). */
static bool is_implied(const struct trial *trial, const char *row, const char *value)
{
    return trial->options.unit && unit_is_on(trial->options.unit, "DynamicUser") &&
           strcmp(row, "ProtectHome") == 0 && strcmp(value, "read-only") == 0;
}

/* No stricter value of the same row would have done. Where binds make the view a row may be left
 * out because there is nothing to protect; entries of / itself leave ProtectSystem= to what was
 * written at all. */
static size_t count_loose(const struct trial *trial, size_t at, size_t *tried)
{
    const struct verdict *verdict = &trial->suggestion.verdicts[at];
    const struct directive *row = directive_find(directive_table, verdict->name);
    size_t stricter = stricter_than(row, verdict), loose = 0;

    if (trial->suggestion.filesystem != FILESYSTEM_STRICT || !is_for_cause(trial, verdict) ||
        allows_is_word(looking_further, row->name) || strcmp(row->name, "ProtectSystem") == 0)
        return 0;
    for (size_t i = 0; i < stricter; i++) {
        if (row->candidates[i].since > trial->options.target.version ||
            is_no_tmpfs(trial, verdict->witness, row->candidates[i].value) ||
            is_implied(trial, row->name, row->candidates[i].value))
            continue;
        *tried += 1;
        if (!allows_instead(trial, at, row->candidates[i].value))
            continue;
        say_trial(trial, row->candidates[i].value);
        print_error("%s=%s would do, not %s: %s\n", row->name, row->candidates[i].value,
                    verdict->emitted ? verdict->values[0].text : "nothing", verdict->why);
        loose++;
    }
    return loose;
}

static void test_strictest_is_chosen(void **state)
{
    const struct seeds seeds = world_seeds(2, ROUNDS);
    size_t loose = 0, tried = 0;

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end && loose < DETAILS; seed++) {
        struct trial trial;
        trial_begin(&trial, seed, WORLD_ALL & ~WORLD_BLIND);
        for (size_t i = 0; i < trial.suggestion.count; i++)
            loose += count_loose(&trial, i, &tried);
        trial_end(&trial);
    }
    assert_true(tried > 0 || seeds.end - seeds.first < 10);
    assert_int_equal(loose, 0);
}

/* ---- who listens accepts ---- */

static bool trial_listens(const struct trial *trial)
{
    size_t count;
    const struct fact *const *facts = profile_facts(trial->profile, FACT_ADDRESS, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->address.use == ADDRESS_LISTEN)
            return true;
    facts = profile_facts(trial->profile, FACT_SYSCALL, &count);
    for (size_t i = 0; i < count; i++)
        if (facts[i]->syscall.name && strcmp(facts[i]->syscall.name, "listen") == 0)
            return true;
    return false;
}

/* In every fit, whether a client came in training or not. */
static void test_listeners_accept(void **state)
{
    static const char *const calls[] = { "accept", "accept4" };
    const struct seeds seeds = world_seeds(10, ROUNDS);
    size_t listeners = 0;

    (void)state;
    for (uint64_t seed = seeds.first; seed < seeds.end; seed++) {
        struct trial trial;
        trial_begin(&trial, seed, WORLD_ALL);
        bool listens = trial_listens(&trial);
        listeners += listens;
        for (size_t i = 0; listens && i < ELEMENTS_OF(calls); i++) {
            CLEANUP(free_char) char *arch = mem_strdup("x86_64");
            CLEANUP(free_char) char *name = mem_strdup(calls[i]);
            const struct fact call = { .kind = FACT_SYSCALL,
                                       .syscall = { .arch = arch, .name = name } };
            const char *directive = NULL;
            if (allows_fact(trial.allows, &call, &directive) || !is_ours(&trial, directive))
                continue;
            say_trial(&trial, directive);
            fail_msg("a listener may not %s", calls[i]);
        }
        trial_end(&trial);
    }
    assert_true(listeners > 0 || seeds.end - seeds.first < 10);
}

/* ---- recorded services ---- */

static void check_recorded(const char *path, struct profile *profile)
{
    for (size_t version = 0; version < ELEMENTS_OF(versions); version++)
        for (int form = 0; form < 3; form++)
            for (int peers = 0; peers < 4; peers++) {
                struct trial trial = {
                    .profile = profile,
                    .unit_text = (char *)(uintptr_t)path,
                    .options = { .target = { .version = versions[version] },
                                 .filesystem = (enum filesystem_form)form,
                                 .filesystem_given = true,
                                 .peers = (enum peer_policy)peers },
                };
                const char *directive = NULL;
                trial_suggest(&trial);
                assert_int_equal(count_forbidden(&trial), 0);
                if (!allows_start(trial.allows, &directive)) {
                    say_trial(&trial, directive);
                    fail_msg("the unit does not start");
                }
                assert_true(allows_root_is_kept(trial.allows));
                trial_forget(&trial);
            }
}

static void test_recorded_services(void **state)
{
    static const char *const cases[] = { "nginx", "redis",   "pyhttp", "hostile",
                                         "quiet", "sharing", "crowd" };
    const char *top = getenv("top_srcdir");

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char)
        char *path = mem_printf("%s/fixtures/cases/%s/profile.json", top ? top : ".", cases[i]);
        struct err err = { 0 };
        struct profile *profile = store_load(path, &err);
        if (!profile)
            fail_msg("%s", err.text);
        check_recorded(path, profile);
        profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trained_facts_are_allowed),
        cmocka_unit_test(test_unknown_settings),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_blind_spots_widen),
        cmocka_unit_test(test_more_facts_forbid_nothing),
        cmocka_unit_test(test_target_is_kept_to),
        cmocka_unit_test(test_left_out_for_cause),
        cmocka_unit_test(test_neighbours_are_hidden),
        cmocka_unit_test(test_strictest_is_chosen),
        cmocka_unit_test(test_listeners_accept),
        cmocka_unit_test(test_recorded_services),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
