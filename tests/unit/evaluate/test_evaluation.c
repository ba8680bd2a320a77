// SPDX-License-Identifier: LGPL-2.1-or-later
/* A written unit against a profile: SystemCallFilter= in its forms, and what is not judged. */
#include "unit.h"
#include <cinch/evaluate.h>
#include <string.h>

static void see_call(struct profile *profile, char *name)
{
    const struct fact fact = {
        .kind = FACT_SYSCALL,
        .syscall = { .arch = (char *)(uintptr_t) "x86_64", .name = name },
    };
    const struct sighting sighting = { .run = "r", .count = 1, .program = "/bin/d", .call = name };

    profile_record(profile, &fact, &sighting);
}

/* The directives that refuse something, joined by blanks. */
static char *refused(const char *lines, const char *call, struct strings *ret_unknown)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    CLEANUP(evaluation_done) struct evaluation evaluation = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(free_char) char *text = mem_printf("[Service]\nExecStart=/bin/d\n%s", lines);
    CLEANUP(free_char) char *name = mem_strdup(call);
    const struct target target = { .version = 252 };
    struct str said = { 0 };

    see_call(profile, name);
    assert_int_equal(unit_parse(&unit, text, strlen(text), "d.service", &err), 0);
    evaluation_make(&unit, profile, &target, &evaluation);
    assert_int_equal(evaluation.judged, 1);
    str_add(&said, "");
    for (size_t i = 0; i < evaluation.count; i++) {
        assert_non_null(evaluation.refusals[i].setting);
        str_addf(&said, "%s%s", i ? " " : "", evaluation.refusals[i].directive);
    }
    for (size_t i = 0; ret_unknown && i < evaluation.unknown.count; i++)
        strings_add(ret_unknown, evaluation.unknown.items[i]);
    return str_steal(&said);
}

static void test_filters(void **state)
{
    static const struct {
        const char *lines, *call;
        bool is_refused;
    } rows[] = {
        { "", "chown", false },
        { "SystemCallFilter=\n", "chown", false },
        { "SystemCallFilter=chown\n", "chown", false },
        { "SystemCallFilter=read write\n", "chown", true },
        { "SystemCallFilter=read\nSystemCallFilter=chown\n", "chown", false },
        { "SystemCallFilter=read\nSystemCallFilter=\n", "chown", false },
        { "SystemCallFilter=read\n", "execve", false }, /* @default */
        { "SystemCallFilter=@system-service\n", "chown", false },
        { "SystemCallFilter=@system-service\nSystemCallFilter=~@chown\n", "chown", true },
        { "SystemCallFilter=@system-service\nSystemCallFilter=~@chown\nSystemCallFilter=chown\n",
          "chown", false },
        { "SystemCallFilter=@system-service\nSystemCallFilter=~chown\n", "fchown", false },
        { "SystemCallFilter=~chown\n", "chown", true },
        { "SystemCallFilter=~read chown:EACCES\n", "chown", true },
        { "SystemCallFilter=~@chown\n", "chown", true },
        { "SystemCallFilter=~@chown\n", "read", false },
        { "SystemCallFilter=~chown\nSystemCallFilter=chown\n", "chown", false },
        { "SystemCallFilter=~read\nSystemCallFilter=~chown\n", "chown", true },
        { "SystemCallFilter=~chown\n", "execve", false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(free_char) char *said = refused(rows[i].lines, rows[i].call, NULL);
        if (strcmp(said, rows[i].is_refused ? "SystemCallFilter" : "") != 0)
            fail_msg("%s: %s: \"%s\"", rows[i].lines, rows[i].call, said);
    }
}

static void test_other_directives(void **state)
{
    (void)state;
    CLEANUP(free_char) char *clock = refused("ProtectClock=yes\n", "clock_settime", NULL);
    CLEANUP(free_char) char *reset = refused("ProtectClock=no\n", "clock_settime", NULL);
    CLEANUP(free_char) char *abi = refused("SystemCallArchitectures=x86\n", "read", NULL);

    assert_string_equal(clock, "ProtectClock");
    assert_string_equal(reset, "");
    assert_string_equal(abi, "SystemCallArchitectures");
}

static void test_not_judged(void **state)
{
    CLEANUP(strings_done) struct strings unknown = { 0 };

    (void)state;
    CLEANUP(free_char)
    char *said = refused("TasksMax=1\nLimitNOFILE=3\nLimitNOFILE=4\nMemoryMax=\nNice=3\n"
                         "SocketBindDeny=tcp:80\nRestrictNetworkInterfaces=eth0\n",
                         "read", &unknown);
    CLEANUP(free_char) char *names = strings_list(&unknown, 20);
    assert_string_equal(said, "");
    assert_string_equal(names, "LimitNOFILE, RestrictNetworkInterfaces, SocketBindDeny, TasksMax");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_other_directives),
        cmocka_unit_test(test_not_judged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
