// SPDX-License-Identifier: LGPL-2.1-or-later
#include "build.h"
#include "random_profile.h"
#include "render/page.h"
#include "unit.h"
#include <cinch/render/show.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static void check_has(const char *where, const char *what)
{
    if (!strstr(where, what))
        fail_msg("no \"%s\" in:\n%s", what, where);
}

static void check_has_not(const char *where, const char *what)
{
    if (strstr(where, what))
        fail_msg("\"%s\" in:\n%s", what, where);
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;

    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;

    for (; *text; text += strcspn(text, "\n") + 1)
        longest = strcspn(text, "\n") > longest ? strcspn(text, "\n") : longest;
    return longest;
}

static void check_printable(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((*at < 0x20 || *at > 0x7e) && *at != '\n')
            fail_msg("byte %02x in:\n%s", (unsigned char)*at, text);
}

static void add_run(struct profile *profile, const char *id, int64_t started, int64_t duration_ms)
{
    const struct run run = { .id = build_text(id),
                             .cwd = build_text("/"),
                             .user = build_text("root"),
                             .workload = build_text("curl -fs localhost"),
                             .ready = build_text("listen"),
                             .started = started,
                             .ready_ms = 1204,
                             .duration_ms = duration_ms,
                             .exit_status = 3,
                             .complete = true,
                             .phases = 1u << PHASE_START | 1u << PHASE_SERVE };

    profile_add_run(profile, &run);
}

static char *shown(struct profile *profile, const struct show_options *options)
{
    char *text = render_show(profile, options);

    profile_free(profile);
    check_printable(text);
    return text;
}

static char *shown_plainly(struct profile *profile)
{
    const struct show_options options = { 0 };

    return shown(profile, &options);
}

/* ---- words ----------------------------------------------------------------------------------- */

static void test_words(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } durations[] = {
        { -1, "an unknown time" }, { 0, "0ms" },       { 999, "999ms" },        { 1000, "1s" },
        { 1204, "1.204s" },        { 60000, "1min" },  { 2463000, "41min 3s" }, { 3600000, "1h" },
        { 3720000, "1h 2min" },    { 86400000, "1d" }, { 90000000, "1d 1h" },
    };
    static const struct {
        const char *bytes, *text;
    } names[] = {
        { "/usr/sbin/d", "/usr/sbin/d" }, { "a b", "'a b'" }, { "", "''" }, { "a,b", "'a,b'" },
        { "\x1b[m", "\\x1b[m" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(durations); i++) {
        CLEANUP(free_char) char *text = page_duration(durations[i].ms);
        assert_string_equal(text, durations[i].text);
    }
    for (size_t i = 0; i < ELEMENTS_OF(names); i++) {
        CLEANUP(free_char) char *text = page_name(names[i].bytes);
        assert_string_equal(text, names[i].text);
    }
    CLEANUP(free_char) char *one = page_count(1, "file");
    CLEANUP(free_char) char *two = page_count(2, "file");
    assert_string_equal(one, "1 file");
    assert_string_equal(two, "2 files");
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void record_at(struct profile *profile, const char *run, const char *call, int64_t at_ms,
                      enum phase phase)
{
    const struct fact fact = { .kind = FACT_SYSCALL,
                               .syscall = { build_text("x86_64"), build_text(call), 0 } };
    const struct sighting sighting = {
        .run = run, .count = 1, .at_ms = at_ms, .phase = phase, .program = "/d", .call = call
    };

    profile_record(profile, &fact, &sighting);
}

/* What an earlier run had is not new, and stopping is no part of the work. */
static void test_runs(void **state)
{
    struct profile *profile = profile_new();

    (void)state;
    add_run(profile, "b-first", 1700000000, 60000);
    add_run(profile, "a-second", 1700003600, 60000);
    record_at(profile, "b-first", "read", 59000, PHASE_SERVE);
    record_at(profile, "b-first", "write", 100, PHASE_START);
    record_at(profile, "a-second", "write", 50000, PHASE_SERVE);
    record_at(profile, "a-second", "poll", 9000, PHASE_SERVE);
    record_at(profile, "a-second", "unlink", 59900, PHASE_STOP);
    CLEANUP(free_char) char *text = shown_plainly(profile);
    check_has(text, "Runs (2)\n");
    const char *first =
        strstr(text, "Tue 2023-11-14 22:13:20 UTC, for 1min; completed phases: start, serve");
    const char *second = strstr(text, "Tue 2023-11-14 23:13:20 UTC");
    assert_non_null(first);
    assert_true(second > first);
    check_has(text, "learned     2 facts, 2 of them in no earlier run\n");
    check_has(text, "no: the last new fact came 1s before the end of 1min");
    check_has(second, "learned     3 facts, 2 of them in no earlier run\n");
    check_has(second, "settled     yes: no new fact in the last 51s of 1min\n");
    check_has(text, "ready       after 1.204s, by listen\n");
    check_has(text, "ended       with exit status 3\n");
    check_has(text, "no run completed the phase reload");
    check_has(text, "no run completed the phase stop");
    check_has_not(text, "the phase serve\n");
}

static void test_short_run(void **state)
{
    struct profile *profile = profile_new();

    (void)state;
    add_run(profile, "r1", 1700000000, 4000);
    build_syscall(profile, "read", 0);
    CLEANUP(free_char) char *text = shown_plainly(profile);
    check_has(text, "unknown: the run is too short (4s)");
    check_has_not(text, "earlier run");
}

static void test_empty(void **state)
{
    (void)state;
    CLEANUP(free_char) char *text = shown_plainly(profile_new());
    check_has(text, "Runs (0)\n");
    check_has(text, "no program execution was recorded");
    check_has(text, "no socket was used");
    check_has(text, "none is known: their use was not watched");
    check_has(text, "no run of it succeeded");
}

/* ---- programs and calls ---------------------------------------------------------------------- */

static void test_programs(void **state)
{
    struct profile *profile = build_profile();
    struct program_fact program = { .path = build_text("/usr/sbin/d"),
                                    .interpreter = build_text("/lib64/ld.so"),
                                    .script_option = build_text(""),
                                    .format = build_text("elf"),
                                    .arch = build_text("x86_64"),
                                    .run_path = build_text("$ORIGIN"),
                                    .mode = 04755 };

    (void)state;
    strings_add(&program.needed, "libc.so.6");
    build_program(profile, &program);
    strings_done(&program.needed);
    program = (struct program_fact){ .path = build_text("/usr/bin/s"),
                                     .interpreter = build_text("/bin/sh"),
                                     .script_option = build_text("-e"),
                                     .format = build_text("script"),
                                     .arch = build_text(""),
                                     .run_path = build_text(""),
                                     .mode = 0755 };
    build_program(profile, &program);
    profile_add_setting(profile, "package /usr/sbin/d", "dpackage");
    CLEANUP(free_char) char *text = shown_plainly(profile);
    check_has(text, "x86_64 ELF, dynamic, loaded by /lib64/ld.so, set-user-ID of user 0; from\n");
    check_has(text, "package dpackage");
    check_has(text, "needs       libc.so.6\n");
    check_has(text, "run path    $ORIGIN\n");
    check_has(text, "  /usr/bin/s\n    script run by /bin/sh -e\n");
}

static void test_calls(void **state)
{
    struct profile *profile = build_profile();
    const struct fact unnamed = { .kind = FACT_SYSCALL,
                                  .syscall = { build_text("x86_64"), NULL, 500 } };

    (void)state;
    build_syscall(profile, "access", ENOENT);
    build_syscall(profile, "openat", ENOENT);
    build_syscall(profile, "openat", 0);
    build_syscall_on(profile, "x86", "open", 0);
    build_see(profile, &unnamed, "");
    record_at(profile, "r1", "read", 9000, PHASE_SERVE);
    CLEANUP(free_char) char *text = shown_plainly(profile);
    check_has(text, "System calls (6)\n");
    check_has(text, "start only (5)\n    x86:open, (number 500), access, execve, openat\n");
    check_has(text, "start, serve (1)\n    read\n");
    check_has(text, "never succeeded\n    access (ENOENT)\n");
}

/* ---- paths ----------------------------------------------------------------------------------- */

static void test_paths(void **state)
{
    struct profile *profile = build_profile();

    (void)state;
    build_path(profile, PATH_READ, "/etc/d.conf", 0);
    build_path(profile, PATH_READ, "/etc-other", 0);
    build_path(profile, PATH_STAT, "/etc", 0);
    build_path(profile, PATH_READ, "/etc/none", ENOENT);
    build_path(profile, PATH_READ, "/etc/shadow", EACCES);
    build_path(profile, PATH_CREATE, "/var/log/d/a b", 0);
    build_path(profile, PATH_WRITE, "/var/log/d/a b", 0);
    build_path(profile, PATH_READ, "/srv/data/", 0);
    for (char name[] = "/usr/lib/lib0.so"; name[12] < '9'; name[12]++) {
        build_path(profile, PATH_READ, name, 0);
        build_path(profile, PATH_MAP_EXECUTE, name, 0);
    }
    CLEANUP(free_char) char *text = shown_plainly(profile);
    check_has(text, "Paths (16)\n  /\n    etc/\n");
    check_has(text, "      d.conf                          read\n");
    check_has(text, "    etc-other                         read\n");
    check_has(text, "      none                            not found\n");
    check_has(text, "      shadow                          failed with EACCES\n");
    check_has(text, "    'var/log/d/a b'                   created, written\n");
    check_has(text, "    srv/data/...                      read: any name in this directory\n");
    check_has(text, "    usr/lib/\n      9 files                         loaded\n");
    check_has_not(text, "lib3.so");
}

/* A tree of any size fits the page; every name is counted, and --all has each. */
static void test_many_paths(void **state)
{
    const struct show_options all = { .all = true };
    struct profile *profiles[2] = { build_profile(), build_profile() };

    (void)state;
    for (int i = 0; i < 3000; i++) {
        CLEANUP(free_char)
        char *path = mem_printf("/srv/%02d/%c/%d", i % 90, 'a' + i % 11, i);
        build_path(profiles[0], i % 2 ? PATH_READ : PATH_WRITE, path, 0);
        build_path(profiles[1], i % 2 ? PATH_READ : PATH_WRITE, path, 0);
    }
    CLEANUP(free_char) char *text = shown_plainly(profiles[0]);
    CLEANUP(free_char) char *whole = shown(profiles[1], &all);
    check_has(text, "Paths (3000)\n");
    check_has(text, " read, ");
    check_has(text, "    00/                               34 paths: 34 written\n");
    check_has(text, " more\n");
    assert_true(count_lines(text) < 100);
    assert_true(longest_line(text) <= 78);
    assert_true(count_lines(whole) > 3000);
    check_has(whole, "        2999    ");
}

/* ---- network and privileges ------------------------------------------------------------------ */

static void test_network(void **state)
{
    struct profile *profile = build_profile();

    (void)state;
    build_address(profile, ADDRESS_LISTEN, AF_INET6, SOCK_STREAM, "::", 80, 0);
    build_address(profile, ADDRESS_CONNECT, AF_INET, SOCK_STREAM, "192.0.2.7", 443, ECONNREFUSED);
    build_address(profile, ADDRESS_SEND, AF_UNIX, SOCK_DGRAM, "/run/systemd/notify", 0, 0);
    build_name(profile, "db.example.org", "192.0.2.7", 60);
    build_socket(profile, AF_NETLINK, SOCK_RAW, SOCKET_CREATED, 0);
    CLEANUP(free_char) char *text = shown_plainly(profile);
    check_has(text, "listens on    [::]:80 (TCP)\n");
    check_has(text, "connects to   192.0.2.7:443 (TCP, failed with ECONNREFUSED)\n");
    check_has(text, "sends to      /run/systemd/notify (datagram)\n");
    check_has(text, "names         db.example.org is 192.0.2.7\n");
    check_has(text, "sockets       AF_NETLINK raw\n");
}

static void test_privileges(void **state)
{
    struct profile *profile = build_profile();

    (void)state;
    build_capability(profile, "CAP_CHOWN", "fchown", CAPABILITY_RULE);
    build_capability(profile, "CAP_CHOWN", "chown", CAPABILITY_KERNEL);
    build_capability(profile, "CAP_KILL", "", CAPABILITY_GUESS);
    build_argument(profile, "prlimit64", "rlimit", "RLIMIT_NOFILE", EPERM);
    build_blind_spot(profile, "io_uring");
    build_blind_spot(profile, "a-new-topic");
    CLEANUP(free_char) char *text = shown_plainly(profile);
    check_has(text, "CAP_CHOWN\n    needed by   fchown\n    checked in  chown\n");
    check_has(text, "CAP_KILL\n    maybe for   no system call\n");
    check_has(text, "rlimit        RLIMIT_NOFILE (failed with EPERM)\n");
    check_has(text, "not observed: operations through io_uring (io_uring: for the");
    check_has(text, "not observed: a-new-topic (a-new-topic: for the test)\n");
}

/* ---- the page -------------------------------------------------------------------------------- */

static void test_width_and_colour(void **state)
{
    struct profile *profile = build_profile();
    const struct show_options narrow = { .columns = 50 }, coloured = { .colour = true };

    (void)state;
    add_run(profile, "r1", 1700000000, 4000);
    CLEANUP(free_char) char *text = render_show(profile, &narrow);
    CLEANUP(free_char) char *bold = render_show(profile, &coloured);
    CLEANUP(free_char) char *plain = shown_plainly(profile);
    assert_true(longest_line(text) <= 50);
    assert_true(longest_line(plain) > 50 && longest_line(plain) <= 78);
    check_has(bold, "\x1b[1mRuns (1)\x1b[0m\n");
}

/* No byte of a name reaches the terminal, and no name ends a line. */
static void test_hostile(void **state)
{
    struct profile *profile = build_profile();
    static const char evil[] = "/a\x1b[2J\nGaps\n  none is known\xe2\x80\xae";
    const struct fact move = { .kind = FACT_MOVE, .move = { build_text(evil), build_text(evil) } };

    (void)state;
    build_path(profile, PATH_READ, evil, 0);
    build_argument(profile, "c\x1b", "t\n", evil, 0);
    build_capability(profile, "CAP\x1b", "c\n", CAPABILITY_RULE);
    build_name(profile, "a\nb", "h\x1b", 1);
    build_address(profile, ADDRESS_SEND, AF_UNIX, SOCK_STREAM, evil, 0, 0);
    build_syscall_on(profile, "a\x1b", "n\n", EPERM);
    build_see(profile, &move, "rename");
    profile_add_setting(profile, "os", evil);
    CLEANUP(free_char) char *text = shown_plainly(profile);
    check_has(text, "\\x1b[2J\\x0aGaps\\x0a  none is known\\xe2\\x80\\xae");
    check_has_not(text, "\n  none is known");
}

/* Whatever a profile may hold is printable and bounded. */
static void test_random(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        CLEANUP(free_char) char *text = shown_plainly(random_profile(seed, 60));
        check_has(text, "Gaps\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_short_run),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_programs),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_many_paths),
        cmocka_unit_test(test_network),
        cmocka_unit_test(test_privileges),
        cmocka_unit_test(test_width_and_colour),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
