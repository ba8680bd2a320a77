// SPDX-License-Identifier: LGPL-2.1-or-later
/* What systemd-analyze says of groups, and what something else in its place might. */
#include "host/census.h"
#include "unit.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void test_parse(void **state)
{
    static const char text[] = "# System calls\n"
                               "@default\n"
                               "    # System calls that are always permitted\n"
                               "    brk\n"
                               "    execve\n"
                               "\n"
                               "@system-service\n"
                               "    @default\n"
                               "    @default\n"
                               "    kcmp\n"
                               "    not a word\n"
                               "    \x1b[0m\n"
                               "@known\n"
                               "    everything\n"
                               "@empty\n"
                               "@bad name\n"
                               "    lost\n"
                               "# Ungrouped System Calls:\n"
                               "#   mincore\n"
                               "    stray\n"
                               "@last\n"
                               "    futex_wait";
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    size_t count;

    (void)state;
    census_groups_parse(profile, text);
    const struct host_setting *const *settings = profile_settings(profile, &count);
    assert_int_equal(count, 3);
    assert_string_equal(settings[0]->name, "group @default");
    assert_string_equal(settings[0]->value, "brk execve");
    assert_string_equal(settings[1]->name, "group @last");
    assert_string_equal(settings[1]->value, "futex_wait");
    assert_string_equal(settings[2]->name, "group @system-service");
    assert_string_equal(settings[2]->value, "@default @default kcmp");
    census_groups_parse(profile, "");
    profile_settings(profile, &count);
    assert_int_equal(count, 3);
}

/* Runs a script in the place of systemd-analyze. */
static int run_script(const char *script, struct str *ret)
{
    char path[] = "/tmp/cinch-groups-XXXXXX";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    fprintf(file, "#!/bin/sh\n%s\n", script);
    assert_int_equal(fchmod(fd, 0700), 0);
    fclose(file);
    int result = census_groups_run(path, 300, ret);
    unlink(path);
    return result;
}

static void test_run(void **state)
{
    struct str text = { 0 };

    (void)state;
    assert_int_equal(run_script("echo \"$*\" $HOME", &text), 0);
    assert_string_equal(text.data, "--no-pager syscall-filter\n"); /* an environment of its own */
    str_done(&text);
    assert_int_equal(run_script("echo x; exit 1", &text), -EPROTO);
    str_done(&text);
    assert_int_equal(census_groups_run("/nonexistent/systemd-analyze", 300, &text), -ENOENT);
    str_done(&text);
}

/* What hangs or floods is killed. */
static void test_bounds(void **state)
{
    struct timespec before, after;
    struct str text = { 0 };

    (void)state;
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(run_script("exec sleep 30", &text), -ETIME);
    str_done(&text);
    assert_int_equal(
        run_script("while :; do echo 0123456789012345678901234567890123456789; done", &text),
        -ETIME);
    assert_true(text.length < 1 << 20);
    str_done(&text);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_run),
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
