// SPDX-License-Identifier: LGPL-2.1-or-later
/* The framework of the directive table: what every row gets for free. */
#include "build.h"
#include "systemd/core/derive.h"
#include "systemd/directive_table.h"
#include "unit.h"
#include <errno.h>
#include <string.h>

static void suggest_for(const struct profile *profile, int version, struct suggestion *ret)
{
    struct suggest_options options = { .target = { .version = version } };

    suggest(profile, &options, ret);
}

static void test_granted(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    suggest_for(profile, 252, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "LockPersonality");
    assert_true(verdict->emitted);
    assert_string_equal(verdict->values[0].text, "yes");
    assert_non_null(verdict->values[0].why);
    assert_non_null(verdict->why);
    assert_null(suggestion_find(&suggestion, "NoSuchDirective"));
}

static void test_refused_with_witness(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_argument(profile, "personality", "personality", "0xffffffff", EPERM);
    suggest_for(profile, 252, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "LockPersonality");
    assert_false(verdict->emitted);
    assert_int_equal(verdict->count, 0);
    assert_string_equal(verdict->witness->argument.topic, "personality");
    assert_non_null(strstr(verdict->why, "personality with personality 0xffffffff, failed with "
                                         "EPERM, once by /usr/bin/served, phase start"));
}

static void test_refused_by_version(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    suggest_for(profile, 234, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "LockPersonality");
    assert_false(verdict->emitted);
    assert_string_equal(verdict->why, "needs systemd 235; the target is 234");
}

static void test_empty_profile_proves_nothing(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    suggest_for(profile, 252, &suggestion);
    for (size_t i = 0; i < suggestion.count; i++)
        assert_false(suggestion.verdicts[i].emitted);
}

static void test_blind_spot_is_named(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_blind_spot(profile, "lost-task");
    suggest_for(profile, 252, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "LockPersonality");
    assert_false(verdict->emitted);
    assert_int_equal(verdict->witness->kind, FACT_BLIND_SPOT);
    assert_non_null(strstr(verdict->why, "blind spot lost-task"));
}

static bool has_all_values(const struct verdict *wide, const struct verdict *narrow)
{
    for (size_t i = 0; i < narrow->count; i++) {
        bool found = false;
        for (size_t k = 0; k < wide->count; k++)
            found |= strcmp(wide->values[k].text, narrow->values[i].text) == 0;
        if (!found)
            return false;
    }
    return true;
}

/* What one blind spot does to one directive: removes it, or widens it, and says so. */
static void check_blind_spot(const struct directive *directive, const char *topic,
                             enum filesystem_form form, bool widens)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion before = { 0 }, after = { 0 };
    struct suggest_options options = {
        .target = { .version = directive->since > 252 ? directive->since : 252 },
        .filesystem = form,
        .fit = FIT_EXACT, /* names, no groups */
        .complain = strcmp(directive->name, "SystemCallLog") == 0
    };

    suggest(profile, &options, &before);
    build_blind_spot(profile, topic);
    suggest(profile, &options, &after);
    const struct verdict *old = suggestion_find(&before, directive->name);
    const struct verdict *now = suggestion_find(&after, directive->name);
    assert_non_null(strstr(now->why, topic));
    assert_int_equal(now->witness->kind, FACT_BLIND_SPOT);
    assert_int_equal(now->emitted, widens);
    if (widens)
        assert_true(now->count > old->count && has_all_values(now, old));
}

static void test_every_blind_spot(void **state)
{
    static const enum filesystem_form forms[] = { FILESYSTEM_VIEW, FILESYSTEM_STRICT,
                                                  FILESYSTEM_ROOT };

    (void)state;
    for (size_t form = 0; form < ELEMENTS_OF(forms); form++)
        for (size_t i = 0; i < directive_count; i++) {
            for (size_t k = 0; directive_table[i].blind_spots[k]; k++)
                check_blind_spot(&directive_table[i], directive_table[i].blind_spots[k],
                                 forms[form], false);
            for (size_t k = 0; directive_table[i].widened_by[k]; k++)
                check_blind_spot(&directive_table[i], directive_table[i].widened_by[k], forms[form],
                                 true);
        }
}

static void add_run(struct profile *profile, const char *id)
{
    const struct run run = { .id = build_text(id) };

    profile_add_run(profile, &run);
}

static size_t count_notes(const struct suggestion *suggestion, const char *part)
{
    size_t count = 0;

    for (size_t i = 0; i < suggestion->notes.count; i++)
        count += strstr(suggestion->notes.items[i].text, part) != NULL;
    return count;
}

/* A run that joined late proves nothing alone, and all that the other runs prove with them. */
static void test_attached_late(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion late = { 0 }, whole = { 0 };

    (void)state;
    build_blind_spot(profile, "attached-late"); /* seen by r1 */
    add_run(profile, "r1");
    suggest_for(profile, 252, &late);
    for (size_t i = 0; i < late.count; i++)
        assert_false(late.verdicts[i].emitted);
    assert_non_null(strstr(suggestion_find(&late, "ProtectSystem")->why,
                           "blind spot attached-late, what the service did before cinch attached"));
    assert_int_equal(count_notes(&late, "Also train it from its start"), 1);
    add_run(profile, "r2");
    suggest_for(profile, 252, &whole);
    assert_true(suggestion_find(&whole, "NoNewPrivileges")->emitted);
    assert_true(suggestion_find(&whole, "SystemCallFilter")->emitted);
    assert_int_equal(count_notes(&whole, "from its start"), 0);
}

static void test_denials(void **state)
{
    static const struct {
        struct veto veto;
        bool hit;
    } cases[] = {
        { { VETO_READ, "/proc/kmsg", NULL }, false }, /* it failed */
        { { VETO_TOUCH, "/proc/kmsg", NULL }, true },
        { { VETO_TOUCH, "/proc/kms", NULL }, false }, /* no component boundary */
        { { VETO_TOUCH, "/", NULL }, true },
        { { VETO_WRITE, "/proc", NULL }, false },
        { { VETO_WRITE, "/var/log", NULL }, true },
        { { VETO_READ, "/var", NULL }, false },
        { { VETO_READ, "/etc", NULL }, true },
        { { VETO_ARGUMENT, "memory", NULL }, true },
        { { VETO_ARGUMENT, "memory", "write-execute" }, false },
        { { VETO_ARGUMENT, "clone", NULL }, false },
        { { VETO_SYSCALL, "read", NULL }, true },
        { { VETO_SYSCALL, "reboot", NULL }, false },
    };
    CLEANUP(profile_freep) struct profile *profile = build_profile();

    (void)state;
    build_path(profile, PATH_READ, "/proc/kmsg", EPERM);
    build_path(profile, PATH_CREATE, "/var/log/x", EACCES);
    build_path(profile, PATH_STAT, "/etc/passwd", 0);
    build_argument(profile, "mprotect", "memory", "make-executable", 0);
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct veto vetoes[] = { cases[i].veto, { 0 } };
        assert_int_equal(veto_applies(profile, vetoes) != NULL, cases[i].hit);
    }
}

static void test_notes_about_runs(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    char id[] = "r1";
    struct run run = { .id = id, .workload_status = 3, .complete = false };

    (void)state;
    profile_add_run(profile, &run);
    suggest_for(profile, 252, &suggestion);
    assert_true(suggestion.notes.count >= 2);
    assert_non_null(strstr(suggestion.notes.items[0].text, "failed (exit status 3)"));
    assert_non_null(strstr(suggestion.notes.items[1].text, "did not finish"));
}

static void test_describe(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    size_t count;

    (void)state;
    build_address(profile, ADDRESS_CONNECT, 2, 1, "10.0.0.1", 80, ECONNREFUSED);
    CLEANUP(free_char)
    char *address = fact_describe(profile_facts(profile, FACT_ADDRESS, &count)[0]);
    assert_string_equal(address, "connect of address 10.0.0.1 port 80 (connect, AF_INET stream), "
                                 "failed with ECONNREFUSED, once by /usr/bin/served, phase start");
    build_path(profile, PATH_READ, "/a\n\x1b", 0);
    CLEANUP(free_char) char *path = fact_describe(profile_facts(profile, FACT_PATH, &count)[0]);
    assert_string_equal(path,
                        "openat of /a\\x0a\\x1b (read), once by /usr/bin/served, phase start");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_granted),
        cmocka_unit_test(test_refused_with_witness),
        cmocka_unit_test(test_refused_by_version),
        cmocka_unit_test(test_empty_profile_proves_nothing),
        cmocka_unit_test(test_blind_spot_is_named),
        cmocka_unit_test(test_every_blind_spot),
        cmocka_unit_test(test_attached_late),
        cmocka_unit_test(test_denials),
        cmocka_unit_test(test_notes_about_runs),
        cmocka_unit_test(test_describe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
