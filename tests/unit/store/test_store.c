// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is written is what is read: identity, the exact form, and that order does not matter. */
#include "unit.h"

#include "random_profile.h"
#include <cinch/store.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PROFILES 200

static char *borrow(const char *text)
{
    return (char *)(uintptr_t)text;
}

static struct profile *parse(const char *text)
{
    struct err err = { 0 };
    struct profile *profile = store_from_json(text, strlen(text), "test", &err);

    if (!profile)
        print_error("%s\n", err.text);
    assert_non_null(profile);
    assert_null(err.text);
    return profile;
}

static void test_identity(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < PROFILES; seed++) {
        CLEANUP(profile_freep) struct profile *profile = random_profile(seed, 1 + seed % 30);
        CLEANUP(free_char) char *text = store_to_json(profile);
        CLEANUP(profile_freep) struct profile *again = parse(text);
        CLEANUP(free_char) char *same = store_to_json(again);
        const char *what;
        if (!random_profile_equal(profile, again, &what))
            fail_msg("seed %ju: %s differ", (uintmax_t)seed, what);
        assert_string_equal(text, same);
        assert_int_equal(text[strlen(text) - 1], '\n');
        for (const char *at = text; *at; at++)
            assert_true((*at >= 0x20 && *at <= 0x7e) || *at == '\n');
    }
}

/* The comparison of this test sees a difference in each kind of thing. */
static void test_equality_can_fail(void **state)
{
    CLEANUP(profile_freep) struct profile *a = random_profile(1, 20);
    CLEANUP(profile_freep) struct profile *b = random_profile(2, 20);
    CLEANUP(profile_freep) struct profile *longer = random_profile(1, 20);
    const char *what;

    (void)state;
    assert_false(random_profile_equal(a, b, &what));
    assert_true(random_profile_equal(a, longer, &what));
    profile_add_setting(longer, "one", "more");
    assert_false(random_profile_equal(a, longer, &what));
    assert_string_equal(what, "settings");
}

static void test_merging_what_was_stored(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < PROFILES; seed += 10) {
        CLEANUP(profile_freep) struct profile *profile = random_profile(seed, 20);
        CLEANUP(profile_freep) struct profile *other = random_profile(seed + 1, 20);
        CLEANUP(profile_freep) struct profile *reversed = profile_new();
        CLEANUP(free_char) char *text = store_to_json(profile);
        CLEANUP(profile_freep) struct profile *again = parse(text);
        profile_merge(again, profile);
        profile_merge(again, again);
        CLEANUP(free_char) char *twice = store_to_json(again);
        assert_string_equal(text, twice);
        profile_merge(reversed, other);
        profile_merge(reversed, profile);
        profile_merge(profile, other);
        CLEANUP(free_char) char *one = store_to_json(profile);
        CLEANUP(free_char) char *two = store_to_json(reversed);
        assert_string_equal(one, two);
    }
}

static const char empty[] =
    "{\n\"format\": \"cinch-profile\",\n\"version\": 1,\n\"runs\": [],\n"
    "\"syscalls\": [],\n\"paths\": [],\n\"moves\": [],\n\"sockets\": [],\n"
    "\"addresses\": [],\n\"names\": [],\n\"programs\": [],\n\"arguments\": [],\n"
    "\"capabilities\": [],\n"
    "\"host\": {\n\"settings\": [],\n\"files\": []\n},\n"
    "\"blind_spots\": []\n}\n";

static void test_empty(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    CLEANUP(free_char) char *text = store_to_json(profile);

    (void)state;
    assert_string_equal(text, empty);
    CLEANUP(profile_freep) struct profile *again = parse(text);
    assert_int_equal(profile_fact_count(again), 0);
    /* before there were names */
    char *names = strstr(text, "\"names\": [],\n");
    memmove(names, names + strlen("\"names\": [],\n"),
            strlen(names + strlen("\"names\": [],\n")) + 1);
    CLEANUP(profile_freep) struct profile *old = parse(text);
    assert_int_equal(profile_fact_count(old), 0);
}

/* What earlier versions wrote: nothing was watched, and nothing is known. */
static void test_without_capabilities(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    CLEANUP(free_char) char *text = NULL;
    size_t count;

    (void)state;
    profile_add_run(profile, &(struct run){ .id = (char[]){ "old" } });
    text = store_to_json(profile);
    assert_null(strstr(text, "unwatched"));
    char *section = strstr(text, "\"capabilities\": [],\n");
    assert_non_null(section);
    memmove(section, strchr(section, '\n') + 1, strlen(strchr(section, '\n') + 1) + 1);
    CLEANUP(profile_freep) struct profile *again = parse(text);
    assert_int_equal(profile_runs(again, &count)[0]->capabilities, CAPABILITIES_UNWATCHED);
    assert_int_equal(profile_fact_count(again), 0);
}

/* Adds one sighting of a system call; `count` 0 stands for "not counted". */
static void see_call(struct profile *profile, const char *name, int outcome, uint64_t count)
{
    struct fact fact = { .kind = FACT_SYSCALL,
                         .outcome = outcome,
                         .syscall = { borrow("x86_64"), borrow(name), name ? 0 : 999 } };
    struct sighting sighting = {
        .run = "r1", .count = count, .at_ms = 1500, .phase = PHASE_SERVE, .program = "/bin/p"
    };

    profile_record(profile, &fact, &sighting);
}

/* The line of the profile that holds `part`. */
static char *line_with(const char *text, const char *part)
{
    const char *at = strstr(text, part), *start = at;

    assert_non_null(at);
    while (start[-1] != '\n')
        start--;
    return mem_strndup(start, strcspn(start, "\n"));
}

static void assert_line(const char *text, const char *expected)
{
    CLEANUP(free_char) char *part = mem_strndup(expected, strcspn(expected, ","));
    CLEANUP(free_char) char *line = line_with(text, part);

    if (!strstr(line, expected))
        fail_msg("%s\nis not in\n%s", expected, line);
}

/* What was not observed is null, what was and is none is 0. */
static void test_sums_of_system_calls(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();

    (void)state;
    see_call(profile, "all", 0, 5);
    see_call(profile, "all", ENOENT, 2);
    see_call(profile, "fine", 0, 5);
    see_call(profile, "fails", EACCES, 1);
    see_call(profile, "fails", 512, 1);
    see_call(profile, "partly", OUTCOME_UNKNOWN, 90);
    see_call(profile, "partly", EINTR, 10);
    see_call(profile, "hidden", OUTCOME_UNKNOWN, 7);
    see_call(profile, "uncounted", OUTCOME_UNKNOWN, 0);
    see_call(profile, NULL, 0, 1);
    CLEANUP(free_char) char *text = store_to_json(profile);
    assert_line(text, "\"name\": \"all\", \"count\": 7, \"succeeded\": 5, "
                      "\"errors\": {\"ENOENT\": 2}, \"unobserved\": 0, ");
    assert_line(text, "\"name\": \"fine\", \"count\": 5, \"succeeded\": 5, \"errors\": {}, "
                      "\"unobserved\": 0, ");
    assert_line(text, "\"name\": \"fails\", \"count\": 2, \"succeeded\": 0, "
                      "\"errors\": {\"EACCES\": 1, \"4095\": 1}, \"unobserved\": 0, ");
    assert_line(text, "\"name\": \"partly\", \"count\": 100, \"succeeded\": null, "
                      "\"errors\": {\"EINTR\": 10}, \"unobserved\": 90, ");
    assert_line(text, "\"name\": \"hidden\", \"count\": 7, \"succeeded\": null, "
                      "\"errors\": null, \"unobserved\": 7, ");
    assert_line(text, "\"name\": \"uncounted\", \"count\": null, \"succeeded\": null, "
                      "\"errors\": null, \"unobserved\": null, ");
    assert_line(text, "\"name\": null, \"number\": 999, \"count\": 1, ");
    assert_line(text, "\"name\": \"fine\", \"count\": 5, \"succeeded\": 5, \"errors\": {}, "
                      "\"unobserved\": 0, \"outcomes\": [{\"outcome\": \"success\", \"seen\": "
                      "[{\"run\": \"r1\", \"count\": 5, \"first_ms\": 1500, \"slices\": [2], "
                      "\"phases\": [\"serve\"], \"program\": \"/bin/p\", \"call\": null}]}]}");
}

static void test_facts_as_text(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct fact path = { .kind = FACT_PATH,
                         .outcome = ENOENT,
                         .path = { PATH_READ, borrow("/a\\\xff\n\""), borrow("/l") } };
    struct fact address = { .kind = FACT_ADDRESS,
                            .outcome = EINPROGRESS,
                            .address = { ADDRESS_CONNECT, 1, 5, -1, borrow("@\\x00a"), 0 } };
    struct fact socket = { .kind = FACT_SOCKET, .socket = { 99, 77, 6, SOCKET_PAIR } };

    (void)state;
    profile_add_fact(profile, &path);
    profile_add_fact(profile, &address);
    profile_add_fact(profile, &socket);
    CLEANUP(free_char) char *text = store_to_json(profile);
    assert_line(text, "  {\"path\": \"/a\\\\\\\\\\\\xff\\\\x0a\\\"\", \"requested\": \"/l\", "
                      "\"use\": \"read\", \"outcome\": \"ENOENT\", \"seen\": []}");
    assert_line(text, "  {\"use\": \"connect\", \"family\": \"AF_UNIX\", \"type\": "
                      "\"SOCK_SEQPACKET\", \"protocol\": null, \"host\": \"@\\\\x00a\", "
                      "\"port\": null, \"outcome\": \"EINPROGRESS\", \"seen\": []}");
    assert_line(text, "  {\"family\": 99, \"type\": 77, \"protocol\": 6, \"origin\": \"pair\", "
                      "\"outcome\": \"success\", \"seen\": []}");
}

/* What model.h writes as -1, 0 or "" for "none" is null. */
static void test_what_is_not_there_is_null(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();

    (void)state;
    profile_add_run(profile, &(struct run){ .id = borrow("r1"),
                                            .ready_ms = -1,
                                            .exit_status = -1,
                                            .workload_status = -1 });
    profile_add_file(profile, &(struct host_file){ .path = borrow("/a"),
                                                   .type = FILE_SYMLINK,
                                                   .mode = 0777,
                                                   .entries = -1,
                                                   .unused = -1 });
    CLEANUP(free_char) char *text = store_to_json(profile);
    assert_line(text,
                "{\"id\": \"r1\", \"command\": [], \"cwd\": null, \"user\": null, \"uid\": 0, "
                "\"environment\": [], \"workload\": null, \"ready\": null, \"cinch\": null, "
                "\"started\": 0, \"ready_ms\": null, \"duration_ms\": 0, "
                "\"exit_status\": null, \"signal\": null, \"workload_status\": null, "
                "\"complete\": false}");
    assert_line(text, "{\"path\": \"/a\", \"type\": \"symlink\", \"mode\": \"0777\", \"uid\": 0, "
                      "\"gid\": 0, \"target\": null, \"entries\": null, \"unused\": null}");
}

/* A profile whose writer forgot the record of a run is not lost. */
static void test_run_without_record(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    size_t count;

    (void)state;
    see_call(profile, "read", 0, 5);
    CLEANUP(free_char) char *text = store_to_json(profile);
    CLEANUP(profile_freep) struct profile *again = parse(text);
    const struct run *const *runs = profile_runs(again, &count);
    assert_int_equal(count, 1);
    assert_string_equal(runs[0]->id, "r1");
    assert_false(runs[0]->complete);
    assert_int_equal(profile_fact_count(again), 1);
    profile_runs(profile, &count);
    assert_int_equal(count, 0);
}

/* Another program may sort keys, indent, and add what this version does not know. */
static void test_other_spellings(void **state)
{
    CLEANUP(profile_freep)
    struct profile *profile = parse(
        "\t{\"zebra\": [{\"deep\": [[[1.5e300, true, null]]]}], \"syscalls\": [\r\n"
        "{\"outcomes\": [{\"seen\": [{\"call\": null, \"program\": null, \"phases\": [\"stop\", "
        "\"start\"], \"slices\": [63, 0, 0], \"first_ms\": -1, \"count\": 1e3, \"run\": "
        "\"\\u0072\", \"new\": {}}], \"outcome\": 2, \"why\": \"\\ud83d\\ude00 \xc3\xa4\"}], "
        "\"unobserved\": 0, \"errors\": {\"ENOENT\": 1000.0}, \"succeeded\": 0, \"count\": 1000, "
        "\"name\": \"open\", \"number\": 2, \"arch\": \"x86_64\"}],\n"
        "\"sockets\": [{\"family\": 2, \"type\": 1, \"protocol\": 0, \"origin\": \"created\", "
        "\"outcome\": 0, \"seen\": []}],\n"
        "\"paths\": [], \"addresses\": [], \"programs\": [], \"arguments\": [], \"blind_spots\": "
        "[], \"host\": {\"more\": {}, \"files\": [], \"settings\": []}, \"runs\": [{\"id\": \"r\", "
        "\"command\": [], \"cwd\": null, \"user\": null, \"uid\": 0, \"workload\": null, "
        "\"ready\": null, \"cinch\": null, \"started\": \"-9223372036854775808\", \"ready_ms\": "
        "null, \"duration_ms\": 0, \"exit_status\": null, \"signal\": null, \"workload_status\": "
        "null, \"complete\": true, \"environment\": []}], \"version\": 1, \"format\": "
        "\"cinch-profile\"}");
    size_t count;

    (void)state;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);
    assert_int_equal(count, 1);
    assert_int_equal(facts[0]->outcome, ENOENT);
    assert_int_equal(facts[0]->evidence.seen[0].count, 1000);
    assert_true(facts[0]->evidence.seen[0].slices == (((uint64_t)1 << 63) | 1));
    assert_int_equal(facts[0]->evidence.seen[0].phases, 1u << PHASE_STOP | 1u << PHASE_START);
    assert_int_equal(facts[0]->evidence.seen[0].first_ms, -1);
    const struct run *const *runs = profile_runs(profile, &count);
    assert_true(runs[0]->started == INT64_MIN);
    CLEANUP(free_char) char *text = store_to_json(profile);
    assert_null(strstr(text, "zebra"));
    assert_line(text, "{\"family\": \"AF_INET\", \"type\": \"SOCK_STREAM\", \"protocol\": 0, ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_equality_can_fail),
        cmocka_unit_test(test_merging_what_was_stored),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_without_capabilities),
        cmocka_unit_test(test_sums_of_system_calls),
        cmocka_unit_test(test_facts_as_text),
        cmocka_unit_test(test_what_is_not_there_is_null),
        cmocka_unit_test(test_run_without_record),
        cmocka_unit_test(test_other_spellings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
