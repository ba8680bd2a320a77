// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a person is told of a training, while it goes on and when it is over. */
#include "cli/cli.h"
#include "cli/status.h"
#include "cli/summary.h"
#include "unit.h"
#include <string.h>
#include <sys/socket.h>

const char *cli_help_text(const char *command)
{
    (void)command;
    return NULL;
}

/* ---- the line ---- */

static const struct progress example = {
    .elapsed_ms = 83999,
    .phase = PHASE_SERVE,
    .processes = 1,
    .tally = { .syscalls = 64, .paths = 120, .peers = 3 },
    .quiet_ms = 121000,
    .stops_per_s = 1548,
};

static void assert_text(const struct progress *progress, size_t columns, const char *wanted)
{
    CLEANUP(free_char) char *text = status_text(progress, columns);

    assert_string_equal(text, wanted);
}

static void test_line_fits(void **state)
{
    struct progress late = example;

    (void)state;
    assert_text(&example, 200,
                "cinch 1:23 serve | last new fact 2 min ago | 1 process, 64 syscalls, 120 paths, 3 "
                "peers | 1548 stops/s");
    assert_text(&example, 90,
                "1:23 serve | new 2 min ago | 1 proc, 64 calls, 120 paths, 3 peers | 1548 stops/s");
    assert_text(&example, 79, "1:23 serve | new 2 min ago | 1 proc, 64 calls, 120 paths, 3 peers");
    assert_text(&example, 30, "1:23 serve | new 2 min ago");
    assert_text(&example, 5, "1:23 ");
    late.elapsed_ms = 100 * 3600000LL + 61000;
    late.quiet_ms = 9 * 3600000LL;
    assert_text(&late, 30, "100:01:01 serve");
    for (size_t columns = 0; columns < 150; columns++) {
        CLEANUP(free_char) char *text = status_text(&late, columns);
        assert_true(strlen(text) <= columns);
    }
}

/* ---- the end ---- */

static void see(struct profile *profile, const char *path, int64_t at_ms, enum phase phase)
{
    struct fact fact = { .kind = FACT_PATH,
                         .path = { .use = PATH_READ,
                                   .path = (char *)(uintptr_t)path,
                                   .requested = (char *)(uintptr_t)path } };
    struct sighting sighting = { .run = "r", .count = 1, .at_ms = at_ms, .phase = phase };

    profile_see(profile, &fact, &sighting);
}

static void test_discovery(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct discovery discovery;

    (void)state;
    see(profile, "/a", 0, PHASE_START);
    see(profile, "/b", 10, PHASE_START);
    see(profile, "/c", 120000, PHASE_SERVE);
    see(profile, "/a", 839000, PHASE_SERVE); /* not new */
    see(profile, "/d", 840001, PHASE_STOP);  /* what stopping taught */
    discovery_of(profile, 840000, &discovery);
    assert_int_equal(discovery.slices[0], 2);
    assert_int_equal(discovery.slices[5], 1);
    assert_int_equal(discovery.slices[DISCOVERY_SLICES - 1], 0);
    assert_int_equal(discovery.quiet_ms, 720000);
    CLEANUP(free_char) char *settled = summary_settled(&discovery);
    assert_string_equal(settled, "no new fact in the last 12 of 14 min");
    CLEANUP(free_char) char *plain = summary_sparkline(&discovery, false);
    assert_string_equal(plain, ".    .                                  ");
    CLEANUP(free_char) char *blocks = summary_sparkline(&discovery, true);
    assert_int_equal(strncmp(blocks, "\u2581    \u2581 ", 11), 0);
}

static void test_still_learning(void **state)
{
    struct discovery discovery = { .worked_ms = 60000, .quiet_ms = 2500 };

    (void)state;
    discovery.slices[0] = 1000000;
    discovery.slices[1] = 3;
    CLEANUP(free_char) char *settled = summary_settled(&discovery);
    assert_string_equal(settled, "no new fact in the last 2 of 60 s: still learning, train longer");
    CLEANUP(free_char) char *plain = summary_sparkline(&discovery, false);
    assert_int_equal(strncmp(plain, "@: ", 3), 0);
}

static void test_nothing_discovered(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct discovery discovery;

    (void)state;
    discovery_of(profile, 0, &discovery);
    assert_int_equal(discovery.quiet_ms, 0);
    see(profile, "/a", 0, PHASE_START);
    discovery_of(profile, -1, &discovery);
    assert_int_equal(discovery.slices[0], 1);
}

/* ---- names are counted once ---- */

static void see_address(struct profile *profile, enum address_use use, int type, const char *host)
{
    struct fact fact = {
        .kind = FACT_ADDRESS,
        .address = { .use = use, .family = AF_INET, .type = type, .host = (char *)(uintptr_t)host }
    };
    struct sighting sighting = { .run = "r", .count = 1 };

    profile_see(profile, &fact, &sighting);
}

static void test_tally(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct tally tally;

    (void)state;
    see(profile, "/a", 0, PHASE_START);
    struct fact failed = { .kind = FACT_PATH,
                           .outcome = 13,
                           .path = { .use = PATH_WRITE, .path = (char[]){ "/a" } } };
    profile_see(profile, &failed, &(struct sighting){ .run = "r", .count = 1 });
    see_address(profile, ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.1");
    see_address(profile, ADDRESS_ACCEPT, SOCK_STREAM, "10.0.0.1");
    see_address(profile, ADDRESS_CONNECT, SOCK_DGRAM, "10.0.0.2"); /* sends nothing */
    see_address(profile, ADDRESS_SEND, SOCK_DGRAM, "10.0.0.3");
    see_address(profile, ADDRESS_LISTEN, SOCK_STREAM, "0.0.0.0");
    tally_count(profile, &tally);
    assert_int_equal(tally.paths, 1);
    assert_int_equal(tally.addresses, 5);
    assert_int_equal(tally.peers, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_fits),          cmocka_unit_test(test_discovery),
        cmocka_unit_test(test_still_learning),     cmocka_unit_test(test_tally),
        cmocka_unit_test(test_nothing_discovered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
