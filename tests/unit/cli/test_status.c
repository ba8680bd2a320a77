// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a person is told of a training, while it goes on and when it is over. */
#include "cli/cli.h"
#include "cli/status.h"
#include "cli/summary.h"
#include "unit.h"
#include <cinch/systemd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

const char *help_text(const char *command)
{
    (void)command;
    return NULL;
}

/* ---- lines for a terminal ---- */

static void assert_wrapped(const char *text, size_t columns, size_t hanging, const char *wanted)
{
    CLEANUP(free_char) char *wrapped = cli_wrap(text, columns, hanging);

    assert_string_equal(wrapped, wanted);
}

static void test_no_word_is_broken(void **state)
{
    (void)state;
    assert_wrapped("cinch: it ends", 20, 7, "cinch: it ends\n");
    assert_wrapped("cinch: the service has ended before", 20, 7,
                   "cinch: the service\n       has ended\n       before\n");
    assert_wrapped("cinch: see /a/path/that/is/longer there", 20, 7,
                   "cinch: see\n       /a/path/that/is/longer\n       there\n");
    assert_wrapped("/a/path/that/is/longer", 20, 7, "/a/path/that/is/longer\n");
    assert_wrapped("", 20, 7, "");
    assert_wrapped("cinch: the service has ended before", 0, 7,
                   "cinch: the service has ended before\n");
}

static void test_help_keeps_its_columns(void **state)
{
    (void)state;
    assert_wrapped("  -q, --quiet  say nothing but errors\n\nExit status", 30, 0,
                   "  -q, --quiet  say nothing but\n               errors\n\nExit status\n");
    assert_wrapped("usage: cinch train [OPTION]... COMMAND", 30, 0,
                   "usage: cinch train [OPTION]...\nCOMMAND\n");
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

    profile_record(profile, &fact, &sighting);
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

/* What was said on standard error meanwhile. */
struct ear {
    FILE *file;
    int before;
};

static struct ear ear_open(void)
{
    struct ear ear = { .file = tmpfile(), .before = dup(STDERR_FILENO) };

    assert_non_null(ear.file);
    fflush(stderr);
    dup2(fileno(ear.file), STDERR_FILENO);
    return ear;
}

static char *ear_close(struct ear *ear)
{
    char bytes[16384];

    fflush(stderr);
    dup2(ear->before, STDERR_FILENO);
    close(ear->before);
    rewind(ear->file);
    size_t length = fread(bytes, 1, sizeof(bytes), ear->file);
    fclose(ear->file);
    return mem_strndup(bytes, length);
}

/* Wait statuses as waitpid(2) gives them. */
#define EXITED(status) ((status) << 8)

/* How a service ended that somebody else started and stopped. */
static void test_end(void **state)
{
    static const struct {
        struct train_result result;
        const char *said;
    } rows[] = {
        { { .joined = true, .status = EXITED(0) }, "" },
        { { .joined = true, .status = EXITED(3) },
          "cinch: the service ended with exit status 3: if that is not what it does when all is "
          "well, train again\n" },
        { { .joined = true, .status = SIGTERM }, "" },
        { { .joined = true, .status = SIGSEGV },
          "cinch: the service ended with signal 11: if that is not what it does when all is well, "
          "train again\n" },
        { { .joined = true, .runs_on = true, .status = EXITED(0) },
          "cinch: the service is started again, by the unit's Restart= or by its socket or timer, "
          "and is not traced any more\n" },
        /* its status is cinch's own then, or it runs on */
        { { .joined = false, .status = EXITED(3) }, "" },
        { { .joined = true, .let_go = true, .status = EXITED(3) }, "" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct ear ear = ear_open();
        summary_say_end(&rows[i].result);
        CLEANUP(free_char) char *said = ear_close(&ear);
        assert_string_equal(said, rows[i].said);
    }
}

static size_t count_lines(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* However many directories there are, and whatever their names. */
static void test_folded(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct ear ear = ear_open();
    char path[64];

    (void)state;
    summary_say_collapsed(profile);
    CLEANUP(free_char) char *nothing = ear_close(&ear);
    assert_string_equal(nothing, "");
    profile_limit(profile, &(struct collapse_limits){ 2, 100, 100, .wildcard = 0 });
    for (int i = 0; i < 25 * 4; i++) {
        snprintf(path, sizeof(path), "/srv/d%02d\033/%d", i / 4, i);
        see(profile, path, 0, PHASE_START);
    }
    ear = ear_open();
    summary_say_collapsed(profile);
    CLEANUP(free_char) char *said = ear_close(&ear);
    assert_int_equal(count_lines(said), 21);
    assert_non_null(strstr(said,
                           "cinch: too many names to tell apart in /srv/d00\\x1b: what was done "
                           "with any of them will be allowed for all\n"));
    assert_non_null(strstr(said, "cinch: directories with too many names: 5 more, all in the "
                                 "profile\n"));
}

static void test_next(void **state)
{
    static const struct unit unit = { 0 };
    static const struct {
        const char *saved, *unit;
        const struct unit *settings;
        pid_t pid;
        const char *said;
    } rows[] = {
        { "web.json", NULL, NULL, 0, "cinch: next: cinch suggest web.json\n" },
        { "a b.json", NULL, NULL, 0, "cinch: next: cinch suggest 'a b.json'\n" },
        { "web.json", "web.service", &unit, 0,
          "cinch: next: cinch suggest web.json --unit web.service\n" },
        { "web.json", "web.service", NULL, 0,
          "cinch: next: cinch suggest web.json --unit web.service\n" },
        { "web.json", NULL, NULL, 42,
          "cinch: next: train it from its start, too, for this alone proves nothing; then: cinch "
          "suggest START.cinch.json web.json\n" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        const struct train_options options = { .pid = rows[i].pid,
                                               .unit = rows[i].unit,
                                               .settings = rows[i].settings };
        struct ear ear = ear_open();
        summary_say_next(rows[i].saved, &options);
        CLEANUP(free_char) char *said = ear_close(&ear);
        assert_string_equal(said, rows[i].said);
    }
}

static void see_blind_spot(struct profile *profile, const char *topic, const char *detail)
{
    struct fact fact = { .kind = FACT_BLIND_SPOT,
                         .blind_spot = { .topic = (char *)(uintptr_t)topic,
                                         .detail = (char *)(uintptr_t)detail } };

    profile_record(profile, &fact, &(struct sighting){ .run = "r", .count = 1 });
}

static void test_blind_spots(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct ear ear = ear_open();

    (void)state;
    see_blind_spot(profile, "own-ptrace", "/usr/bin/gdb");
    summary_say_blind_spots(profile);
    CLEANUP(free_char) char *said = ear_close(&ear);
    assert_string_equal(said,
                        "cinch: not observed: own-ptrace, what the service's own debugger does "
                        "(/usr/bin/gdb); directives it touches are left out or widened\n");
    see_blind_spot(profile, "io_uring", "/usr/sbin/d");
    ear = ear_open();
    summary_say_blind_spots(profile);
    CLEANUP(free_char) char *loud = ear_close(&ear);
    assert_int_equal(count_lines(loud), 3);
    assert_non_null(strstr(loud, "cinch: warning: the service uses io_uring"));
}

/* ---- names are counted once ---- */

static void see_address(struct profile *profile, enum address_use use, int type, const char *host)
{
    struct fact fact = {
        .kind = FACT_ADDRESS,
        .address = { .use = use, .family = AF_INET, .type = type, .host = (char *)(uintptr_t)host }
    };
    struct sighting sighting = { .run = "r", .count = 1 };

    profile_record(profile, &fact, &sighting);
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
    profile_record(profile, &failed, &(struct sighting){ .run = "r", .count = 1 });
    see_address(profile, ADDRESS_CONNECT, SOCK_STREAM, "10.0.0.1");
    see_address(profile, ADDRESS_ACCEPT, SOCK_STREAM, "10.0.0.1");
    see_address(profile, ADDRESS_CONNECT, SOCK_DGRAM, "10.0.0.2"); /* sends nothing */
    see_address(profile, ADDRESS_SEND, SOCK_DGRAM, "10.0.0.3");
    see_address(profile, ADDRESS_LISTEN, SOCK_STREAM, "0.0.0.0");
    tally_count(profile, &tally);
    assert_int_equal(tally.paths, 1);
    assert_int_equal(tally.addresses, 5);
    assert_int_equal(tally.peers, 2);
    tally.syscalls = 1;
    tally.programs = 3;
    CLEANUP(free_char) char *learned = summary_learned(&tally, 1249);
    assert_string_equal(learned, "learned in 1.2 s: 1 system call, 1 path, 0 sockets, 5 addresses, "
                                 "2 peers, 3 programs");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_word_is_broken),
        cmocka_unit_test(test_help_keeps_its_columns),
        cmocka_unit_test(test_line_fits),
        cmocka_unit_test(test_discovery),
        cmocka_unit_test(test_still_learning),
        cmocka_unit_test(test_tally),
        cmocka_unit_test(test_nothing_discovered),
        cmocka_unit_test(test_end),
        cmocka_unit_test(test_folded),
        cmocka_unit_test(test_blind_spots),
        cmocka_unit_test(test_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
