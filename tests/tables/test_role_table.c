// SPDX-License-Identifier: LGPL-2.1-or-later
/* What must hold for every row of the role table. */
#include "decode/roles/role_kinds.h"
#include "decode/task/decoder.h"
#include "decode/task/syscall_names.h"
#include "unit.h"
#include <linux/audit.h>
#include <seccomp.h>
#include <string.h>

static const uint32_t arches[] = {
    SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_AARCH64, SCMP_ARCH_ARM, SCMP_ARCH_S390X,
};

static bool resolves_somewhere(const char *name)
{
    for (size_t i = 0; i < ELEMENTS_OF(arches); i++)
        if (syscall_number(arches[i], name) >= 0)
            return true;
    return false;
}

static void test_rows_are_sorted(void **state)
{
    (void)state;
    for (size_t i = 1; i < role_row_count; i++)
        if (strcmp(role_rows[i - 1].name, role_rows[i].name) >= 0)
            fail_msg("%s stands after %s", role_rows[i].name, role_rows[i - 1].name);
}

static void test_every_name_is_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < role_row_count; i++)
        if (!resolves_somewhere(role_rows[i].name))
            fail_msg("no architecture has %s, nor the supplement", role_rows[i].name);
    assert_false(resolves_somewhere("no_such_call"));
}

static void test_every_name_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < role_row_count; i++)
        assert_ptr_equal(role_row_find(role_rows[i].name), &role_rows[i]);
    assert_null(role_row_find("getpid"));
    assert_null(role_row_find(""));
}

/* A role that nothing handles would be a word without meaning. */
static void test_every_role_does_something(void **state)
{
    (void)state;
    for (size_t i = 0; i < role_row_count; i++)
        for (size_t at = 0; at < ARGUMENT_COUNT; at++) {
            enum role role = role_rows[i].args[at].role;
            const struct role_kind *kind = &role_kinds[role];
            bool is_marker = role == ROLE_NONE || role == ROLE_DIRFD || role == ROLE_SOCKET_FD ||
                             role == ROLE_MULTIPLEX || role == ROLE_SIGRETURN;
            if (!is_marker && !kind->gather && !kind->begin && !kind->end && !kind->wants_end)
                fail_msg("%s: role of argument %zu does nothing", role_rows[i].name, at);
        }
}

/* What was done by descriptor names no file: the list of such calls has every row that writes to or
 * lists what its first argument is a descriptor of. */
static void test_descriptors_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < role_row_count; i++) {
        const struct argument_role *first = &role_rows[i].args[0];
        bool takes =
            first->role == ROLE_PATH_FD && (first->use == PATH_WRITE || first->use == PATH_LIST);
        if (takes && !call_traits_have(role_rows[i].name, CALL_TAKES_DESCRIPTOR))
            fail_msg("%s takes a descriptor: src/model/call_traits.c", role_rows[i].name);
    }
    assert_true(call_traits_have("openat2", CALL_OPENS));
    assert_false(call_traits_have("openat2", CALL_TAKES_DESCRIPTOR));
    assert_false(call_traits_have("", CALL_OPENS));
}

/* A descriptor of a directory belongs to the path right after it. */
static void test_directories_stand_before_paths(void **state)
{
    (void)state;
    for (size_t i = 0; i < role_row_count; i++)
        for (size_t at = 0; at < ARGUMENT_COUNT; at++) {
            if (role_rows[i].args[at].role != ROLE_DIRFD)
                continue;
            enum role next = at + 1 < ARGUMENT_COUNT ? role_rows[i].args[at + 1].role : ROLE_NONE;
            if (next < ROLE_PATH || next > ROLE_HANDLE)
                fail_msg("%s: no path after the directory", role_rows[i].name);
        }
}

static void test_supplement_agrees_with_library(void **state)
{
    (void)state;
    for (size_t i = 0; i < syscall_name_supplement_count; i++) {
        const struct supplement_row *row = &syscall_name_supplement[i];
        for (size_t at = 0; at < ELEMENTS_OF(arches); at++) {
            if (row->arch && row->arch != arches[at])
                continue;
            int known = seccomp_syscall_resolve_name_arch(arches[at], row->name);
            if (known >= 0)
                assert_int_equal(known, row->number);
            assert_int_equal(syscall_number(arches[at], row->name), row->number);
            assert_string_equal(syscall_name(arches[at], row->number), row->name);
        }
    }
}

static void test_arch_names_are_the_library_s(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(arches); i++)
        assert_int_equal(seccomp_arch_resolve_name(arch_name(arches[i], 0)), arches[i]);
    assert_string_equal(arch_name(AUDIT_ARCH_X86_64, 0x40000001), "x32");
    assert_string_equal(arch_name(AUDIT_ARCH_X86_64, UINT64_MAX), "x86_64");
    assert_string_equal(arch_name(12345, 0), "unknown");
    assert_int_equal(seccomp_arch_resolve_name(arch_native()), seccomp_arch_native());
}

static void test_numbers_and_names(void **state)
{
    (void)state;
    assert_string_equal(syscall_name(AUDIT_ARCH_X86_64, 257), "openat");
    assert_string_equal(syscall_name(AUDIT_ARCH_X86_64, 257), "openat"); /* from the memo */
    assert_string_equal(syscall_name(AUDIT_ARCH_I386, 295), "openat");
    assert_string_equal(syscall_name(AUDIT_ARCH_X86_64, 0x40000000 | 257), "openat");
    assert_null(syscall_name(AUDIT_ARCH_X86_64, 9999));
    assert_null(syscall_name(AUDIT_ARCH_X86_64, UINT64_MAX));
    assert_int_equal(syscall_number(AUDIT_ARCH_X86_64, "openat"), 257);
    assert_int_equal(syscall_number(AUDIT_ARCH_AARCH64, "open"), -1);
    assert_int_equal(syscall_number(SCMP_ARCH_X32, "openat"), 0x40000000 | 257);
    assert_true(syscall_arch_is_wide(AUDIT_ARCH_X86_64, 1));
    assert_false(syscall_arch_is_wide(AUDIT_ARCH_X86_64, 0x40000001));
    assert_false(syscall_arch_is_wide(AUDIT_ARCH_I386, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_sorted),
        cmocka_unit_test(test_every_name_is_known),
        cmocka_unit_test(test_every_name_is_found),
        cmocka_unit_test(test_every_role_does_something),
        cmocka_unit_test(test_descriptors_are_known),
        cmocka_unit_test(test_directories_stand_before_paths),
        cmocka_unit_test(test_supplement_agrees_with_library),
        cmocka_unit_test(test_arch_names_are_the_library_s),
        cmocka_unit_test(test_numbers_and_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
