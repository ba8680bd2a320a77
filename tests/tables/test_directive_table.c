// SPDX-License-Identifier: LGPL-2.1-or-later
/* What must hold of the tables of systemd/ whatever stands in them. */
#include "systemd/calls/filter_table.h"
#include "systemd/core/derive.h"
#include "systemd/core/syscall_groups.h"
#include "systemd/directive_table.h"
#include "unit.h"
#include <seccomp.h>
#include <string.h>

static void test_rows_are_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < directive_count; i++) {
        const struct directive *directive = &directive_table[i];
        assert_non_null(directive->name);
        assert_in_range(directive->since, 1, 300);
        assert_non_null(directive->derive);
        assert_non_null(directive->forbids);
        assert_true(strlen(directive->forbids) > 3);
        assert_ptr_equal(directive_find(directive_table, directive->name),
                         directive); /* no name twice */
        assert_true(directive->derive != derive_candidate || directive->candidates);
        if (directive->derive != derive_candidate && !directive->rule)
            fail_msg("%s: what its derive function looks at stands in no .rule", directive->name);
    }
}

static void test_candidates(void **state)
{
    (void)state;
    for (size_t i = 0; i < directive_count; i++) {
        const struct candidate *candidate = directive_table[i].candidates;
        for (; candidate && candidate->value; candidate++) {
            assert_true(candidate->since >= directive_table[i].since);
            assert_non_null(candidate->vetoes);
            for (const struct veto *veto = candidate->vetoes; veto->kind; veto++)
                assert_non_null(veto->text);
            for (const struct candidate *later = candidate + 1; later->value; later++)
                assert_string_not_equal(candidate->value, later->value);
        }
    }
}

/* A task that was lost may have done anything. */
static void test_blind_spots(void **state)
{
    (void)state;
    for (size_t i = 0; i < directive_count; i++) {
        const char *const *spots = directive_table[i].blind_spots;
        assert_string_equal(spots[0], "lost-task");
        assert_string_equal(spots[1], "untraced-clone");
        assert_null(spots[ELEMENTS_OF(directive_table[i].blind_spots) - 1]);
        assert_null(directive_table[i].widened_by[ELEMENTS_OF(directive_table[i].widened_by) - 1]);
    }
}

/* context_has_no_new_privileges() of systemd 252 names these. */
static void test_seccomp_flags(void **state)
{
    static const char *const names[] = {
        "LockPersonality",         "MemoryDenyWriteExecute",
        "PrivateDevices",          "ProtectClock",
        "ProtectHostname",         "ProtectKernelTunables",
        "ProtectKernelModules",    "ProtectKernelLogs",
        "RestrictAddressFamilies", "RestrictNamespaces",
        "RestrictRealtime",        "RestrictSUIDSGID",
        "SystemCallArchitectures", "SystemCallFilter",
        "SystemCallLog",
    };

    (void)state;
    for (size_t i = 0; i < directive_count; i++) {
        bool named = false;
        for (size_t k = 0; k < ELEMENTS_OF(names); k++)
            named |= strcmp(names[k], directive_table[i].name) == 0;
        if (named != !!(directive_table[i].flags & DIRECTIVE_SECCOMP))
            fail_msg("%s: DIRECTIVE_SECCOMP is %s", directive_table[i].name,
                     named ? "missing" : "wrong");
    }
}

/* A name resolves, or the table says that it is newer than the libseccomp this was built with, or
 * it is of an ABI libseccomp has no pseudo number for. */
static void check_name(const char *name)
{
    static const char *const supplement[] = { "llseek" };
    const struct scmp_version *version = seccomp_version();
    int built = (int)(version->major * 10000 + version->minor * 100 + version->micro);
    int number = seccomp_syscall_resolve_name_arch(SCMP_ARCH_X86_64, name);

    assert_true(groups_is_call_name(name));
    if (number != __NR_SCMP_ERROR) {
        if ((number < 0) != filter_is_elsewhere(name))
            fail_msg("%s: its place in filter_elsewhere_names is wrong", name);
        return;
    }
    for (size_t i = 0; i < ELEMENTS_OF(supplement); i++)
        if (strcmp(supplement[i], name) == 0)
            return;
    if (filter_is_resolvable(name, built))
        fail_msg("libseccomp does not know %s", name);
}

static void test_names_resolve(void **state)
{
    (void)state;
    for (size_t i = 0; i < filter_family_count; i++)
        for (size_t k = 0; filter_families[i].members[k]; k++)
            check_name(filter_families[i].members[k]);
    for (size_t i = 0; i < filter_rule_count; i++)
        for (size_t k = 0; filter_rules[i].names[k]; k++)
            check_name(filter_rules[i].names[k]);
}

/* The other direction: a name said to be too new for this libseccomp must be unknown to it. */
static void test_newer_names(void **state)
{
    const struct scmp_version *version = seccomp_version();
    int built = (int)(version->major * 10000 + version->minor * 100 + version->micro);

    (void)state;
    for (size_t i = 0; i < filter_newer_count; i++) {
        bool known = seccomp_syscall_resolve_name_arch(
                         SCMP_ARCH_X86_64, filter_newer_names[i].name) != __NR_SCMP_ERROR;
        if (known != (filter_newer_names[i].libseccomp <= built))
            fail_msg("%s: libseccomp %d %s it", filter_newer_names[i].name, built,
                     known ? "knows" : "does not know");
    }
}

static void test_families_have_no_doubles(void **state)
{
    (void)state;
    for (size_t i = 0; i < filter_family_count; i++)
        for (size_t k = 0; filter_families[i].members[k]; k++)
            for (size_t other = 0; other < k; other++)
                assert_string_not_equal(filter_families[i].members[k],
                                        filter_families[i].members[other]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_complete),
        cmocka_unit_test(test_candidates),
        cmocka_unit_test(test_blind_spots),
        cmocka_unit_test(test_seccomp_flags),
        cmocka_unit_test(test_names_resolve),
        cmocka_unit_test(test_newer_names),
        cmocka_unit_test(test_families_have_no_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
