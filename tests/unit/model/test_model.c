// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit.h"
#include <cinch/model.h>
#include <errno.h>
#include <string.h>

static struct fact path_fact(const char *path, enum path_use use, int outcome)
{
    return (struct fact){ .kind = FACT_PATH,
                          .outcome = outcome,
                          .path = { .use = use,
                                    .path = (char *)(uintptr_t)path,
                                    .requested = (char *)(uintptr_t)path } };
}

static void see(struct profile *profile, const char *run, const char *path, int outcome, int at_ms)
{
    struct fact fact = path_fact(path, PATH_READ, outcome);
    struct sighting sighting = { .run = run,
                                 .count = 1,
                                 .at_ms = at_ms,
                                 .phase = at_ms > 1000 ? PHASE_SERVE : PHASE_START,
                                 .program = "/bin/p",
                                 .call = "openat" };
    profile_record(profile, &fact, &sighting);
}

static void test_same_fact_is_one(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    size_t count;

    (void)state;
    see(profile, "r1", "/b", 0, 5);
    see(profile, "r1", "/a", 0, 1);
    see(profile, "r1", "/b", 0, 2000);
    see(profile, "r1", "/b", ENOENT, 3);
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
    assert_int_equal(count, 3);
    assert_string_equal(facts[0]->path.path, "/a");
    assert_int_equal(facts[1]->outcome, 0);
    assert_int_equal(evidence_total(&facts[1]->evidence), 2);
    assert_int_equal(evidence_first(&facts[1]->evidence)->first_ms, 5);
    assert_int_equal(evidence_phases(&facts[1]->evidence), 1u << PHASE_START | 1u << PHASE_SERVE);
}

static bool seen_equal(const struct seen *a, const struct seen *b)
{
    return strcmp(a->run, b->run) == 0 && a->count == b->count && a->first_ms == b->first_ms &&
           a->slices == b->slices && a->phases == b->phases && a->foreign == b->foreign &&
           strcmp(a->program, b->program) == 0 && strcmp(a->call, b->call) == 0;
}

static void assert_same(const struct profile *left, const struct profile *right)
{
    size_t left_count, right_count;
    const struct fact *const *a = profile_facts(left, FACT_PATH, &left_count);
    const struct fact *const *b = profile_facts(right, FACT_PATH, &right_count);

    assert_int_equal(left_count, right_count);
    for (size_t i = 0; i < left_count; i++) {
        assert_string_equal(a[i]->path.path, b[i]->path.path);
        assert_int_equal(a[i]->outcome, b[i]->outcome);
        assert_int_equal(a[i]->evidence.count, b[i]->evidence.count);
        for (size_t run = 0; run < a[i]->evidence.count; run++)
            assert_true(seen_equal(&a[i]->evidence.seen[run], &b[i]->evidence.seen[run]));
    }
}

static struct profile *random_profile(unsigned seed)
{
    struct profile *profile = profile_new();

    srand(seed);
    for (int i = rand() % 30; i > 0; i--) {
        char run[] = { 'r', (char)('0' + rand() % 3), 0 };
        char path[] = { '/', (char)('a' + rand() % 4), 0 };
        see(profile, run, path, rand() % 2 ? ENOENT : 0, rand() % 4000);
    }
    return profile;
}

static void test_merge_laws(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed < 300; seed++) {
        CLEANUP(profile_freep) struct profile *a = random_profile(seed);
        CLEANUP(profile_freep) struct profile *b = random_profile(seed + 1000);
        CLEANUP(profile_freep) struct profile *c = random_profile(seed + 2000);
        CLEANUP(profile_freep) struct profile *ab_c = profile_new();
        CLEANUP(profile_freep) struct profile *c_ba = profile_new();
        profile_merge(ab_c, a);
        profile_merge(ab_c, b);
        profile_merge(ab_c, c);
        profile_merge(c_ba, c);
        profile_merge(c_ba, b);
        profile_merge(c_ba, a);
        assert_same(ab_c, c_ba);
        profile_merge(ab_c, a);
        profile_merge(ab_c, ab_c == a ? b : c_ba);
        assert_same(ab_c, c_ba);
    }
}

static void see_name(struct profile *profile, const char *host, int64_t ttl_s)
{
    struct fact fact = { .kind = FACT_NAME,
                         .name = { .name = (char *)(uintptr_t) "api.example.org",
                                   .host = (char *)(uintptr_t)host,
                                   .ttl_s = ttl_s } };
    struct sighting sighting = { .run = "r1", .count = 1, .program = "/bin/p", .call = "read" };

    profile_record(profile, &fact, &sighting);
}

/* A cache tells what is left: the longest life stays, whichever came first. */
static void test_time_to_live_is_the_longest(void **state)
{
    static const int64_t lives[][3] = { { 17, 60, 59 }, { -1, 60, 3 }, { 60, -7, 0 } };
    size_t count;

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(lives); i++) {
        CLEANUP(profile_freep) struct profile *one = profile_new();
        CLEANUP(profile_freep) struct profile *other = profile_new();
        see_name(one, "192.0.2.7", lives[i][0]);
        see_name(other, "192.0.2.7", lives[i][1]);
        see_name(other, "192.0.2.7", lives[i][2]);
        see_name(other, "192.0.2.8", -7);
        profile_merge(one, other);
        const struct fact *const *facts = profile_facts(one, FACT_NAME, &count);
        assert_int_equal(count, 2);
        assert_int_equal(facts[0]->name.ttl_s, 60);
        assert_int_equal(facts[1]->name.ttl_s, -1);
    }
}

static void test_slices(void **state)
{
    (void)state;
    assert_int_equal(evidence_slice(0), 0);
    assert_int_equal(evidence_slice(999), 0);
    assert_int_equal(evidence_slice(1000), 1);
    assert_int_equal(evidence_slice(INT64_MAX), 63);
    for (unsigned slice = 1; slice < 64; slice++)
        assert_true(evidence_slice_start_ms(slice) > evidence_slice_start_ms(slice - 1));
}

static void test_files_at(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct host_file file = { .path = (char[]){ "/b" }, .type = FILE_REGULAR, .mode = 0644 };
    size_t count;

    (void)state;
    profile_add_file(profile, &file);
    profile_add_file(profile, &file);
    file.mode = 0600;
    profile_add_file(profile, &file);
    file.path = (char[]){ "/a" };
    profile_add_file(profile, &file);
    profile_files_at(profile, "/b", &count);
    assert_int_equal(count, 2);
    profile_files_at(profile, "/c", &count);
    assert_int_equal(count, 0);
}

static void test_names_round_trip(void **state)
{
    (void)state;
    for (int use = 0; use < PATH_USE_COUNT; use++)
        assert_int_equal(path_use_find(path_use_name((enum path_use)use)), use);
    for (int family = 1; family < 50; family++)
        if (family_name(family))
            assert_int_equal(family_find(family_name(family)), family);
    assert_int_equal(errno_find("ENOENT"), ENOENT);
    assert_string_equal(errno_name(EAGAIN), "EAGAIN");
    assert_null(errno_name(0));
    assert_null(errno_name(100000));
    assert_int_equal(family_find("AF_NONSENSE"), -1);
    assert_string_equal(blind_spot_words("uncertain-path"), "which file a path led to");
    assert_null(blind_spot_words("uncertain"));
}

static struct run tied_run(const char *cwd, const char *argument, bool complete)
{
    struct run run = { .complete = complete, .duration_ms = 5 };

    run.id = (char *)(uintptr_t) "r";
    run.cwd = (char *)(uintptr_t)cwd;
    if (argument)
        strings_add(&run.command, argument);
    return run;
}

/* Two records of one run that neither is later than the other: the order of joining is no matter.
 */
static void test_tied_runs_commute(void **state)
{
    struct run records[] = { tied_run("/a", NULL, false), tied_run("/b", NULL, false),
                             tied_run("/b", "x", false),  tied_run("/", "x", false),
                             tied_run("/a", "x", true),   tied_run("/b", "y", true) };
    size_t count = ELEMENTS_OF(records), found;

    (void)state;
    for (size_t i = 0; i < count * count; i++) {
        CLEANUP(profile_freep) struct profile *one = profile_new();
        CLEANUP(profile_freep) struct profile *other = profile_new();
        profile_add_run(one, &records[i / count]);
        profile_add_run(one, &records[i % count]);
        profile_add_run(other, &records[i % count]);
        profile_add_run(other, &records[i / count]);
        const struct run *first = profile_runs(one, &found)[0];
        const struct run *second = profile_runs(other, &found)[0];
        assert_int_equal(found, 1);
        assert_string_equal(first->cwd, second->cwd);
        assert_int_equal(first->command.count, second->command.count);
        assert_int_equal(first->complete, second->complete);
        assert_true(!first->command.count ||
                    strcmp(first->command.items[0], second->command.items[0]) == 0);
        assert_int_equal(first->complete, i / count >= 4 || i % count >= 4);
    }
    for (size_t i = 0; i < count; i++)
        strings_done(&records[i].command);
}

/* What a checkpoint waits for: a new fact, or a known one in a new phase; not a repetition. */
static void test_changes_are_counted(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();

    (void)state;
    see(profile, "r1", "/a", 0, 5);
    assert_int_equal(profile_change_count(profile), 1);
    see(profile, "r1", "/a", 0, 6);
    assert_int_equal(profile_change_count(profile), 1);
    see(profile, "r1", "/a", 0, 2000);
    assert_int_equal(profile_change_count(profile), 2);
    see(profile, "r1", "/b", 0, 2001);
    see(profile, "r1", "/b", 0, 2002);
    assert_int_equal(profile_change_count(profile), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_fact_is_one),
        cmocka_unit_test(test_merge_laws),
        cmocka_unit_test(test_time_to_live_is_the_longest),
        cmocka_unit_test(test_slices),
        cmocka_unit_test(test_files_at),
        cmocka_unit_test(test_names_round_trip),
        cmocka_unit_test(test_tied_runs_commute),
        cmocka_unit_test(test_changes_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
