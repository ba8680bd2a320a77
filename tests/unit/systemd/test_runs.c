// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the runs of a profile say of it. */
#include "build.h"
#include "unit.h"
#include <signal.h>
#include <string.h>

#define SEEN(phase) (1u << (phase))

static struct run finished(const char *id)
{
    return (struct run){ .id = build_text(id),
                         .complete = true,
                         .ready_ms = 100,
                         .workload_status = -1,
                         .phases = SEEN(PHASE_START) | SEEN(PHASE_SERVE) | SEEN(PHASE_STOP) };
}

static void assert_objection(struct profile *profile, const char *wanted)
{
    CLEANUP(free_char) char *objection = runs_objection(profile);

    if (!wanted)
        assert_null(objection);
    else if (!objection || !strstr(objection, wanted))
        fail_msg("\"%s\" does not say \"%s\"", objection ? objection : "", wanted);
}

static void test_worthless(void **state)
{
    struct run runs[6];
    static const char *const wanted[6] = { "did not become ready", "the workload did not finish",
                                           "exit status 3",        "signal 11",
                                           "exit status 127",      NULL };
    (void)state;
    for (size_t i = 0; i < 6; i++)
        runs[i] = finished("r1");
    runs[0].ready_ms = -1;
    runs[0].ready = build_text("tcp:80");
    runs[1].workload = runs[2].workload = build_text("true");
    runs[2].workload_status = 3;
    runs[3].signal = SIGSEGV;
    runs[4].exit_status = 127;
    runs[5].exit_status = 1; /* noted, no more */
    for (size_t i = 0; i < 6; i++) {
        CLEANUP(profile_freep) struct profile *profile = build_profile();
        build_syscall(profile, "read", 0);
        profile_add_run(profile, &runs[i]);
        assert_objection(profile, wanted[i]);
        const struct run good = finished("r2");
        profile_add_run(profile, &good);
        assert_objection(profile, NULL);
    }
    CLEANUP(profile_freep) struct profile *empty = profile_new();
    assert_objection(empty, "no system call");
}

static bool is_noted(const struct profile *profile, const char *unit_text, const char *note)
{
    struct unit unit = { 0 };
    struct suggest_options options = { .target = { .version = 252 } };
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    bool found = false;

    if (unit_text) {
        assert_int_equal(unit_parse(&unit, unit_text, strlen(unit_text), "x.service", NULL), 0);
        options.unit = &unit;
    }
    suggest(profile, &options, &suggestion);
    for (size_t i = 0; i < suggestion.notes.count; i++)
        found |= strstr(suggestion.notes.items[i].text, note) != NULL;
    unit_done(&unit);
    return found;
}

static void test_phases(void **state)
{
    static const char unit[] = "[Service]\nExecStart=/usr/bin/served\nExecReload=/bin/kill -HUP "
                               "$MAINPID\n";
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    struct run run = finished("r1");

    (void)state;
    run.phases = 0; /* of an older cinch */
    profile_add_run(profile, &run);
    assert_false(is_noted(profile, unit, "how the service stops"));
    run.phases = SEEN(PHASE_START) | SEEN(PHASE_SERVE);
    run.duration_ms = 1;
    profile_add_run(profile, &run);
    assert_true(is_noted(profile, NULL, "did not record how the service stops"));
    assert_true(is_noted(profile, unit, "no reload was trained"));
    assert_false(is_noted(profile, NULL, "no reload was trained"));
    run.id = build_text("r2");
    run.phases = SEEN(PHASE_RELOAD) | SEEN(PHASE_STOP);
    profile_add_run(profile, &run);
    assert_false(is_noted(profile, unit, "how the service stops"));
    assert_false(is_noted(profile, unit, "no reload was trained"));
}

static void test_first_start(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    struct run run = finished("r1");

    (void)state;
    profile_add_run(profile, &run);
    build_path(profile, PATH_CREATE, "/run/served.pid", 0);
    build_path(profile, PATH_CREATE, "/var/lib/served/scratch", 0);
    build_path(profile, PATH_DELETE, "/var/lib/served/scratch", 0);
    assert_null(runs_first_state(profile));
    build_path(profile, PATH_CREATE, "/var/lib/served/data", 0);
    assert_string_equal(runs_first_state(profile), "/var/lib/served/data");
    assert_true(is_noted(profile, NULL, "only one start was trained"));
    run.id = build_text("r2");
    profile_add_run(profile, &run);
    assert_null(runs_first_state(profile));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worthless),
        cmocka_unit_test(test_phases),
        cmocka_unit_test(test_first_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
