// SPDX-License-Identifier: LGPL-2.1-or-later
/* SystemCallFilter=: what is listed, why, and what never is. */
#include "build.h"
#include "unit.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static const struct value *listed(const struct suggestion *suggestion, const char *name)
{
    const struct verdict *verdict = suggestion_find(suggestion, "SystemCallFilter");

    assert_true(verdict->emitted);
    for (size_t i = 0; i < verdict->count; i++)
        if (strcmp(verdict->values[i].text, name) == 0)
            return &verdict->values[i];
    return NULL;
}

static void suggest_for(const struct profile *profile, int version, struct suggestion *ret)
{
    struct suggest_options options = { .target = { .version = version } };

    suggest(profile, &options, ret);
}

static bool is_noted(const struct suggestion *suggestion, const char *text)
{
    for (size_t i = 0; i < suggestion->notes.count; i++)
        if (strstr(suggestion->notes.items[i], text))
            return true;
    return false;
}

static void test_reasons(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall(profile, "openat", 0);
    build_syscall(profile, "openat", ENOENT);
    build_syscall(profile, "clone3", ENOSYS);
    suggest_for(profile, 252, &suggestion);
    const struct value *openat = listed(&suggestion, "openat");
    assert_string_equal(openat->why, "seen: openat (x86_64), once by /usr/bin/served, phase start, "
                                     "failed ones with ENOENT");
    assert_int_equal(openat->witness->kind, FACT_SYSCALL);
    assert_non_null(strstr(listed(&suggestion, "openat2")->why, "goes with openat (family open)"));
    assert_null(listed(&suggestion, "openat2")->witness);
    assert_non_null(listed(&suggestion, "clone")); /* what clone3 falls back to */
    assert_non_null(listed(&suggestion, "clone3"));
    assert_non_null(listed(&suggestion, "wait4"));
    assert_non_null(strstr(listed(&suggestion, "write")->why, "systemd itself"));
}

static void test_only_what_is_needed(void **state)
{
    static const char *const absent[] = { "socket", "fork",       "clone",  "kill",
                                          "mount",  "ptrace",     "openat", "mmap2",
                                          "stat64", "socketcall", "bpf",    "sched_setscheduler" };
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall(profile, "sched_getscheduler", 0);
    suggest_for(profile, 252, &suggestion);
    for (size_t i = 0; i < ELEMENTS_OF(absent); i++)
        assert_null(listed(&suggestion, absent[i]));
}

/* One family does not pull in the next. */
static void test_families_do_not_chain(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall(profile, "pidfd_send_signal", 0);
    suggest_for(profile, 252, &suggestion);
    assert_non_null(listed(&suggestion, "kill"));
    assert_non_null(listed(&suggestion, "waitid"));
    assert_null(listed(&suggestion, "wait4"));
}

static void test_plain_names_in_order(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    suggest_for(profile, 257, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "SystemCallFilter");
    assert_true(verdict->reset);
    for (size_t i = 0; i < verdict->count; i++) {
        assert_null(strpbrk(verdict->values[i].text, "@~: \n"));
        assert_true(i == 0 || strcmp(verdict->values[i - 1].text, verdict->values[i].text) < 0);
    }
}

static void test_hostile_names(void **state)
{
    static const char *const names[] = { "@system-service", "~read", "read:kill", "a b",
                                         "x\nUser=",        "",      "0x10" };
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    struct fact number = { .kind = FACT_SYSCALL,
                           .syscall = { .arch = build_text("x86_64"), .number = 600 } };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(names); i++)
        build_syscall(profile, names[i], 0);
    build_see(profile, &number, "");
    suggest_for(profile, 252, &suggestion);
    for (size_t i = 0; i < ELEMENTS_OF(names); i++)
        assert_null(listed(&suggestion, names[i]));
    assert_true(is_noted(&suggestion, "system call 600 (x86_64)"));
    assert_true(is_noted(&suggestion, "x\\x0aUser="));
}

static void test_libseccomp_of_the_target(void **state)
{
    static const struct {
        const char *setting;
        int version;
        bool cachestat, statmount;
    } cases[] = {
        { "2.5.4", 252, true, false },
        { "2.5.1", 252, false, false },
        { "2.6.0", 252, true, true },
        { "2.5.4", 257, true, true }, /* another machine: what distributions have with 257 */
        { "2.6.0", 247, false, false },
        { "nonsense", 252, true, false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = profile_new();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        profile_add_setting(profile, "arch", "x86_64");
        profile_add_setting(profile, "systemd", "252");
        profile_add_setting(profile, "libseccomp", cases[i].setting);
        build_syscall(profile, "cachestat", 0);
        build_syscall(profile, "statmount", ENOSYS);
        suggest_for(profile, cases[i].version, &suggestion);
        assert_int_equal(listed(&suggestion, "cachestat") != NULL, cases[i].cachestat);
        assert_int_equal(listed(&suggestion, "statmount") != NULL, cases[i].statmount);
        assert_int_equal(is_noted(&suggestion, "cachestat (x86_64)"), !cases[i].cachestat);
    }
}

static void test_other_abi(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall_on(profile, "x86", "_llseek", 0);
    suggest_for(profile, 252, &suggestion);
    assert_non_null(strstr(listed(&suggestion, "_llseek")->why, "(x86)"));
    assert_non_null(listed(&suggestion, "sigreturn"));
}

/* On a 32-bit machine its old names are the machine's own. */
static void test_machines(void **state)
{
    static const struct {
        const char *machine, *arch, *architectures;
        bool old_names;
    } cases[] = {
        { "x86_64", "x86_64", "native", false }, { "aarch64", "aarch64", "native", false },
        { "i686", "x86", "native", true },       { "armv7l", "arm", "native", true },
        { "x86_64", "x86", "native x86", true },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = profile_new();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        profile_add_setting(profile, "arch", cases[i].machine);
        build_syscall_on(profile, cases[i].arch, "fstat", 0);
        suggest_for(profile, 252, &suggestion);
        CLEANUP(free_char)
        char *architectures = build_value(&suggestion, "SystemCallArchitectures");
        assert_string_equal(architectures, cases[i].architectures);
        assert_int_equal(listed(&suggestion, "fstat64") != NULL, cases[i].old_names);
    }
}

static void test_own_filter_widens(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion before = { 0 }, after = { 0 };

    (void)state;
    suggest_for(profile, 252, &before);
    build_blind_spot(profile, "own-seccomp-filter");
    suggest_for(profile, 252, &after);
    assert_null(listed(&before, "timerfd_create"));
    assert_non_null(listed(&after, "timerfd_create"));
    const struct verdict *verdict = suggestion_find(&after, "SystemCallFilter");
    assert_non_null(strstr(verdict->why, "blind spot own-seccomp-filter"));
    assert_int_equal(verdict->witness->kind, FACT_BLIND_SPOT);
}

static void test_rules(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion now = { 0 }, later = { 0 };

    (void)state;
    build_path(profile, PATH_READ, "/etc/resolv.conf", 0);
    build_program(profile, &(struct program_fact){ .path = build_text("/bin/su"),
                                                   .arch = build_text("x86_64"),
                                                   .mode = 04755 });
    suggest_for(profile, 252, &now);
    suggest_for(profile, 258, &later);
    assert_non_null(listed(&now, "sendmmsg"));
    assert_null(listed(&now, "open_tree"));
    assert_null(listed(&now, "capset"));
    assert_non_null(listed(&later, "open_tree"));
    assert_non_null(listed(&later, "capset"));
}

/* libnss_systemd of 257 opens /proc and asks what file system that is. */
static void test_name_services(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(profile_freep) struct profile *without = build_profile();
    CLEANUP(suggestion_done)
    struct suggestion old = { 0 }, now = { 0 }, other = { 0 };

    (void)state;
    build_path(profile, PATH_READ, "/etc/nsswitch.conf", 0);
    suggest_for(profile, 252, &old);
    suggest_for(profile, 253, &now);
    suggest_for(without, 257, &other);
    assert_null(listed(&old, "fstatfs"));
    assert_non_null(listed(&now, "fstatfs"));
    assert_null(listed(&other, "fstatfs"));
}

/* "nginx -s reload": the program was trained, but not as this command. */
static void test_commands_that_signal(void **state)
{
    static const struct {
        const char *text;
        bool kills;
    } cases[] = {
        { "[Service]\nExecStart=/usr/bin/served\nExecReload=/usr/bin/served -s reload\n", true },
        { "[Service]\nExecStart=/usr/bin/served\nExecStop=-/usr/bin/served -s stop\n", true },
        { "[Service]\nExecStart=/usr/bin/served\nExecStop=\n", false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = build_profile();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        struct suggest_options options = { .target = { .version = 252 }, .unit = &unit };
        build_path(profile, PATH_EXECUTE, "/usr/bin/served", 0);
        assert_int_equal(unit_parse(&unit, cases[i].text, strlen(cases[i].text), "x", NULL), 0);
        suggest(profile, &options, &suggestion);
        assert_int_equal(listed(&suggestion, "kill") != NULL, cases[i].kills);
    }
}

static void test_program_training_missed(void **state)
{
    static const char text[] =
        "[Service]\nExecStart=/usr/bin/served\nExecReload=/bin/kill -HUP 1\n";
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };
    struct suggest_options options = { .target = { .version = 252 }, .unit = &unit };

    (void)state;
    build_path(profile, PATH_EXECUTE, "/usr/bin/served", 0);
    assert_int_equal(unit_parse(&unit, text, sizeof(text) - 1, "x", NULL), 0);
    suggest(profile, &options, &suggestion);
    assert_non_null(listed(&suggestion, "kill"));
    assert_non_null(listed(&suggestion, "openat"));
    assert_true(is_noted(&suggestion, "the unit runs /bin/kill"));
    assert_false(is_noted(&suggestion, "the unit runs /usr/bin/served"));
}

/* Without a unit a reload in training says that there will be one, and by kill(1) as a rule. */
static void test_reload_without_unit(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion before = { 0 }, after = { 0 };
    struct fact fact = { .kind = FACT_SYSCALL,
                         .syscall = { .arch = build_text("x86_64"), .name = build_text("read") } };
    struct sighting sighting = { .run = "r1", .count = 1, .phase = PHASE_RELOAD };

    (void)state;
    suggest_for(profile, 252, &before);
    assert_null(listed(&before, "kill"));
    assert_true(is_noted(&before, "no unit was given"));
    profile_see(profile, &fact, &sighting);
    suggest_for(profile, 252, &after);
    assert_non_null(listed(&after, "kill"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_only_what_is_needed),
        cmocka_unit_test(test_families_do_not_chain),
        cmocka_unit_test(test_plain_names_in_order),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_libseccomp_of_the_target),
        cmocka_unit_test(test_other_abi),
        cmocka_unit_test(test_machines),
        cmocka_unit_test(test_own_filter_widens),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_name_services),
        cmocka_unit_test(test_program_training_missed),
        cmocka_unit_test(test_commands_that_signal),
        cmocka_unit_test(test_reload_without_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
