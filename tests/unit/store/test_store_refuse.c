// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is refused, and that one line of plain text names the source, the place and the remedy. */
#include "unit.h"

#include <cinch/store.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* fixtures/fuzz/store/small.json: one record of each kind. */
static char *seed_profile(const char *name)
{
    const char *top = getenv("top_srcdir");
    CLEANUP(free_char)
    char *path = mem_printf("%s/fixtures/fuzz/store/%s", top ? top : ".", name);
    struct str text = { 0 };

    if (fd_read_file(AT_FDCWD, path, 1 << 20, &text) < 0)
        fail_msg("%s is missing (run through make check)", path);
    return text.data;
}

static char *small_profile(void)
{
    return seed_profile("small.json");
}

/* Replaces the first `old` by `new`. */
static char *with(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);

    if (!at)
        fail_msg("%s is not in the profile", old);
    return mem_printf("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

static void assert_refused_bytes(const char *text, size_t length, const char *expected)
{
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(profile_freep)
    struct profile *profile = store_from_json(text, length, "a\nb.json", &err);

    if (profile)
        fail_msg("not refused: %s", expected);
    assert_non_null(err.text);
    assert_int_equal(err.code, EINVAL);
    if (!str_starts_with(err.text, "a\\x0ab.json") || !strstr(err.text, expected))
        fail_msg("\"%s\" does not say \"%s\"", err.text, expected);
    assert_true(strlen(err.text) < 500);
    for (const char *at = err.text; *at; at++)
        assert_true(*at >= 0x20 && *at <= 0x7e);
}

static void assert_refused(const char *text, const char *expected)
{
    assert_refused_bytes(text, strlen(text), expected);
}

static void test_the_profile_itself_is_good(void **state)
{
    CLEANUP(free_char) char *text = small_profile();
    CLEANUP(err_done) struct err err = { 0 };

    (void)state;
    CLEANUP(profile_freep)
    struct profile *profile = store_from_json(text, strlen(text), "small", &err);
    assert_non_null(profile);
    CLEANUP(free_char) char *again = store_to_json(profile);
    assert_string_equal(text, again);
}

/* What came to the format later may be absent. */
static void test_older_profiles_are_read(void **state)
{
    CLEANUP(free_char) char *text = seed_profile("before-moves.json");
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(profile_freep)
    struct profile *profile = store_from_json(text, strlen(text), "older", &err);
    size_t count;

    (void)state;
    assert_non_null(profile);
    profile_facts(profile, FACT_MOVE, &count);
    assert_int_equal(count, 0);
    profile_facts(profile, FACT_PATH, &count);
    assert_int_equal(count, 1);
}

static const struct {
    const char *text;
    const char *expected;
} not_json[] = {
    { "", "a\\x0ab.json: line 1: there is nothing in it; copy it again" },
    { " \n ", "line 2: there is nothing in it" },
    { "hello", "line 1: this is not JSON; give a profile that cinch train wrote" },
    { "<?xml version=\"1.0\"?>", "this is not JSON" },
    { "\xef\xbb\xbf{}", "this is not JSON" },
    { "{\n\"a\": tru", "line 2: the text ends in the middle: it is truncated" },
    { "{\"a\": trux}", "this is not JSON" },
    { "{\"a\"", "truncated" },
    { "{\"a", "truncated" },
    { "{\"a\\", "truncated" },
    { "{\"a\\u00", "truncated" },
    { "{\"a\": -", "truncated" },
    { "{\"a\": 1.", "truncated" },
    { "[[]", "truncated" },
    { "{} {}", "something follows the end of the profile; remove it" },
    { "{}\n\n}", "line 3: something follows the end" },
    { "{\"a\": NaN}", "this is not JSON" },
    { "{\"a\": Infinity}", "this is not JSON" },
    { "{\"a\": 01}", "a number is malformed" },
    { "{\"a\": +1}", "this is not JSON" },
    { "{\"a\": .5}", "this is not JSON" },
    { "{\"a\": 1.}", "a number is malformed" },
    { "{\"a\": 1e}", "a number is malformed" },
    { "{\"a\": 0x10}", "a comma or a closing bracket is missing" },
    { "{\"a\": 1111111111111111111111111111111111111111111111111111111111111}", "too long" },
    { "{\"a\": \"\\u0000\"}", "a string holds a NUL" },
    { "{\"a\": \"\\ud800\"}", "a \\u escape is malformed" },
    { "{\"a\": \"\\udc00\"}", "a \\u escape is malformed" },
    { "{\"a\": \"\\ud800\\u0041\"}", "a \\u escape is malformed" },
    { "{\"a\": \"\\uzzzz\"}", "a \\u escape is malformed" },
    { "{\"a\": \"\\x41\"}", "an escape in a string is unknown" },
    { "{\"a\": \"\n\"}", "a string holds a control byte" },
    { "{\"a\": \"\xff\"}", "a string is not UTF-8" },
    { "{\"a\": \"\xc3\"}", "a string is not UTF-8" },
    { "{a: 1}", "a key is missing here" },
    { "{\"a\": 1,}", "a key is missing here" },
    { "[1,]", "this is not JSON" },
    { "[1 2]", "a comma or a closing bracket is missing here" },
    { "{\"a\" 1}", "a colon is missing here" },
    { "{\"a\": 1]", "a comma or a closing bracket is missing here" },
    { "/* */ {}", "this is not JSON" },
    { "[]", "this is no object; give a profile that cinch train wrote" },
    { "null", "this is no object" },
    { "1", "this is no object" },
    { "{}", "there is no \"format\": this is no profile of cinch" },
    { "{\"format\": \"other\"}", "/format: this is not \"cinch-profile\"" },
    { "{\"format\": [1, 2]}", "/format: this is not \"cinch-profile\"" },
    { "{\"format\": \"cinch-profile\"}", "there is no \"version\"" },
};

static void test_not_a_profile(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(not_json); i++)
        assert_refused(not_json[i].text, not_json[i].expected);
    assert_refused_bytes("{\"a\": 1\0}", 9, "a comma or a closing bracket is missing here");
    assert_refused_bytes("{\"a\0\": 1}", 9, "a string holds a control byte");
    assert_refused_bytes("{}\0", 3, "something follows the end of the profile");
    assert_refused_bytes(NULL, 0, "there is nothing in it");
}

/* Every beginning of a profile is refused as truncated, none as anything else. */
static void test_truncated_anywhere(void **state)
{
    CLEANUP(free_char) char *text = small_profile();

    (void)state;
    for (size_t length = 1; length < strlen(text) - 1; length++)
        assert_refused_bytes(text, length, "the text ends in the middle: it is truncated");
}

#define SEEN "\"run\": \"r1\", \"count\": 2, \"first_ms\": 1, \"slices\": [0]"

static const struct {
    const char *old;
    const char *new;
    const char *expected;
} wrong[] = {
    { "\"basis\": \"kernel\"", "\"basis\": \"god\"",
      "/capabilities/0/basis: found \"god\", expected one of rule, guess, kernel" },
    { "\"capabilities\": \"grant\"", "\"capabilities\": 2",
      "/runs/0/capabilities: found 2, expected one of unwatched, task, grant" },
    /* format and version */
    { "\"cinch-profile\"", "\"nginx\"", "line 2, /format: this is not \"cinch-profile\"" },
    { "\"version\": 1", "\"version\": 2",
      "line 3, /version: version 2 is newer than this cinch reads (1); use the cinch that wrote "
      "it or a newer one" },
    { "\"version\": 1", "\"version\": 1e15", "version 1000000000000000 is newer" },
    { "\"version\": 1", "\"version\": 0", "/version: found 0, expected a version from 1 on" },
    { "\"version\": 1", "\"version\": -2", "a version from 1 on" },
    { "\"version\": 1", "\"version\": 1.5", "/version: found 1.5, expected an integer" },
    { "\"version\": 1", "\"version\": \"1\"", "/version: found \"1\", expected an integer" },
    { "\"version\": 1", "\"version\": null", "/version: found null, expected an integer" },
    /* duplicate keys: top level, host, a fact, a member of a fact, what is unknown, spelt otherwise
     */
    { "\"version\": 1,", "\"version\": 1, \"version\": 1,",
      "line 3: duplicate key \"version\"; keep one of them" },
    { "\"version\": 1,", "\"x\": 1,\n\"\\u0078\": 2, \"version\": 1,",
      "line 4: duplicate key \"x\"" },
    { "\"settings\": [", "\"settings\": [], \"settings\": [", "/host: duplicate key \"settings\"" },
    { "\"use\": \"read\"", "\"use\": \"read\", \"use\": \"write\"",
      "line 11, /paths/0: duplicate key \"use\"" },
    { "\"use\": \"read\"", "\"use\": \"read\", \"us\\u0065\": \"write\"",
      "/paths/0: duplicate key \"use\"" },
    { "\"first_ms\": 1", "\"first_ms\": 1, \"first_ms\": 1",
      "/syscalls/0/outcomes/0/seen/0: duplicate key \"first_ms\"" },
    { "\"version\": 1,", "\"version\": 1, \"x\": {\"y/~\\n\": [0, {\"z\": 1, \"z\": 1}]},",
      "/x/y~1~0\\x0a/1: duplicate key \"z\"" },
    { "\"version\": 1,", "\"version\": 1, \"x\": [{\"z\": 1, \"z\": 1}],",
      "/x/0: duplicate key \"z\"" },
    { "\"files\": [", "\"x\": {\"z\": 1, \"z\": 1}, \"files\": [", "/host/x: duplicate key \"z\"" },
    /* what is missing */
    { "\"paths\"", "\"path\"", "/paths: this is missing; add it or train again" },
    { "\"host\"", "\"hosts\"", "/host: this is missing" },
    { "\"files\"", "\"Files\"", "/host/files: this is missing" },
    { "\"use\": \"read\", ", "", "line 11, /paths/0/use: this is missing; add it" },
    { "\"outcomes\"", "\"outcome\"", "/syscalls/0/outcomes: this is missing" },
    { "\"errors\": {\"ENOENT\": 1}, ", "", "/syscalls/0/errors: this is missing" },
    { "\"name\": \"openat\"", "\"name\": null", "/syscalls/0/number: this is missing" },
    { "\"program\": \"/bin/served\", ", "", "seen/0/program: this is missing" },
    /* types */
    { "\"runs\": [", "\"runs\": {}, \"x\": [", "/runs: this is no array" },
    { "\"host\": {", "\"host\": [], \"x\": {", "/host: this is no object" },
    { "  {\"path\": \"/etc/served.conf\", \"requested\"", "  7, {\"path\": \"\", \"requested\"",
      "/paths/0: found 7, expected an object; correct it or train again" },
    { "\"path\": \"/etc/served.conf\"", "\"path\": null", "/path: found null, expected a string" },
    { "\"path\": \"/etc/served.conf\"", "\"path\": [\"a\"]", "found an array, expected a string" },
    { "\"path\": \"/etc/served.conf\"", "\"path\": {}", "found an object, expected a string" },
    { "\"path\": \"/etc/served.conf\"", "\"path\": true", "found true, expected a string" },
    { "\"command\": [\"/bin/served\", \"-f\"]", "\"command\": \"/bin/served\"",
      "/runs/0/command: found \"/bin/served\", expected an array of strings" },
    { "[\"/bin/served\", \"-f\"]", "[\"/bin/served\", 1]",
      "/runs/0/command/1: found 1, expected a string" },
    { "\"complete\": true", "\"complete\": 1", "/complete: found 1, expected true or false" },
    { "\"seen\": [{", "\"seen\": {}, \"x\": [{", "seen: found an object, expected an array" },
    { "\"seen\": [{", "\"seen\": [7, {", "seen/0: found 7, expected an object" },
    { "\"outcomes\": [{", "\"outcomes\": [], \"x\": [{",
      "outcomes: found an array, expected an array of one or more outcomes" },
    { "\"outcomes\": [{", "\"outcomes\": [1, {", "outcomes/0: found 1, expected an object" },
    { "\"slices\": [0]", "\"slices\": 0", "slices: found 0, expected an array" },
    { "\"ttl\": 60, ", "", "/names/0/ttl: this is missing" },
    { "\"ttl\": 60", "\"ttl\": \"soon\"", "/names/0/ttl: found \"soon\", expected an integer" },
    { "\"names\": [", "\"names\": {}, \"x\": [", "/names: this is no array" },
    /* numbers */
    { SEEN, "\"run\": \"r1\", \"count\": -2, \"first_ms\": 1, \"slices\": [0]",
      "/syscalls/0/outcomes/0/seen/0/count: found -2, expected a count from 1 to 2^64-1" },
    { "\"count\": 2", "\"count\": 0", "/count: found 0, expected a count from 1" },
    { "\"count\": 2", "\"count\": 2.5", "/count: found 2.5, expected an integer" },
    { "\"count\": 2", "\"count\": \"2\"", "/count: found \"2\", expected an integer" },
    { "\"count\": 2", "\"count\": 9007199254740992",
      "/count: found 9007199254740992, expected an integer (beyond 2^53-1: a string of its decimal "
      "digits)" },
    { "\"count\": 2", "\"count\": 1e999", "/count: found inf, expected an integer" },
    { "\"count\": 2", "\"count\": -1e999", "/count: found -inf, expected an integer" },
    { "\"count\": 2", "\"count\": \"18446744073709551616\"", "expected an integer" },
    { "\"count\": 2", "\"count\": \"9007199254740991\"", "expected an integer" },
    { "\"count\": 2", "\"count\": \"09007199254740993\"", "expected an integer" },
    { "\"count\": 2", "\"count\": \"9007199254740993 \"", "expected an integer" },
    { "\"first_ms\": 1", "\"first_ms\": \"9223372036854775808\"", "a signed 64-bit integer" },
    { "\"first_ms\": 1", "\"first_ms\": \"-9223372036854775809\"", "a signed 64-bit integer" },
    { "\"uid\": 0", "\"uid\": 4294967296",
      "/uid: found 4294967296, expected an integer from 0 to" },
    { "\"uid\": 0", "\"uid\": -1", "/uid: found -1, expected an integer from 0 to 4294967295" },
    { "\"exit_status\": 0", "\"exit_status\": 2147483648", "a signed 32-bit integer or null" },
    { "\"slices\": [0]", "\"slices\": [64]", "slices/0: found 64, expected a slice from 0 to 63" },
    { "\"slices\": [0]", "\"slices\": [0, -1]", "slices/1: found -1, expected a slice from 0" },
    { "\"slices\": [0]", "\"slices\": [\"a\"]", "slices/0: found \"a\", expected an integer" },
    /* words */
    { "\"use\": \"read\"", "\"use\": \"reed\"",
      "line 11, /paths/0/use: found \"reed\", expected one of stat, link, read, list, execute," },
    { "\"use\": \"read\"", "\"use\": 2", "/paths/0/use: found 2, expected one of stat" },
    { "\"phases\": [\"start\"]", "\"phases\": [\"begin\"]",
      "phases/0: found \"begin\", expected one of start, serve, reload, stop" },
    { "\"phases\": [\"start\"]", "\"phases\": [0]", "phases/0: found 0, expected one of start" },
    { "\"origin\": \"created\"", "\"origin\": \"\"", "one of created, pair, accepted" },
    { "\"type\": \"file\"", "\"type\": \"dir\"", "one of file, directory, symlink" },
    { "\"outcome\": \"success\"", "\"outcome\": \"EWHAT\"",
      "found \"EWHAT\", expected \"success\"" },
    { "\"outcome\": \"success\"", "\"outcome\": 4096",
      "found 4096, expected \"success\", an errno" },
    { "\"outcome\": \"success\"", "\"outcome\": -1", "found -1, expected \"success\"" },
    { "\"outcome\": \"success\"", "\"outcome\": true", "found true, expected \"success\"" },
    { "\"family\": \"AF_INET\"", "\"family\": \"AF_NONE\"", "a family like \"AF_INET\"" },
    { "\"family\": \"AF_INET\"", "\"family\": 2147483648", "a family like \"AF_INET\"" },
    { "\"type\": \"SOCK_STREAM\"", "\"type\": \"STREAM\"", "a socket type like" },
    { "\"mode\": \"0644\"", "\"mode\": 420", "an octal mode like \"0755\"" },
    { "\"mode\": \"0644\"", "\"mode\": \"0648\"", "an octal mode" },
    { "\"mode\": \"0644\"", "\"mode\": \"644\"", "an octal mode" },
    { "\"mode\": \"0644\"", "\"mode\": \"40000000000\"", "an octal mode" },
    /* encodings */
    { "\"path\": \"/etc/served.conf\"", "\"path\": \"/etc/\xc3\xa4\"",
      "found \"/etc/\\xc3\\xa4\", expected printable ASCII (\\xHH for any other byte" },
    { "\"path\": \"/etc/served.conf\"", "\"path\": \"/a\\nb\"", "printable ASCII" },
    { "\"path\": \"/etc/served.conf\"", "\"path\": \"/a\\\\\"", "printable ASCII" },
    { "\"path\": \"/etc/served.conf\"", "\"path\": \"/\\\\x41\"", "printable ASCII" },
    { "\"path\": \"/etc/served.conf\"", "\"path\": \"/\\\\xFF\"", "printable ASCII" },
    { "\"path\": \"/etc/served.conf\"", "\"path\": \"/a\\\\x00b\"", "a text without \\x00" },
    { "\"id\": \"r1\"", "\"id\": \"r\\\\x00\"", "a text without \\x00" },
    { "@served\\\\x00", "@served\\\\x0", "printable ASCII" },
    { "@served\\\\x00", "served\\\\x00", "a text without \\x00" },
    /* what contradicts itself */
    { "\"count\": 3", "\"count\": 4",
      "line 8, /syscalls/0/count: this disagrees with the evidence in \"outcomes\", which adds up "
      "to 3; correct one of them" },
    { "\"succeeded\": 2", "\"succeeded\": null", "/syscalls/0/succeeded: this disagrees" },
    { "{\"ENOENT\": 1}", "{\"EACCES\": 1}", "adds up to {\"ENOENT\":1}" },
    { "{\"ENOENT\": 1}", "{\"ENOENT\": 1, \"EPERM\": 1}", "/errors: this disagrees" },
    { "{\"ENOENT\": 1}", "null", "/errors: this disagrees" },
    { "\"unobserved\": 0", "\"unobserved\": 1", "/unobserved: this disagrees" },
    { "{\"outcome\": \"ENOENT\", ", "{\"outcome\": \"success\", ",
      "/syscalls/0/outcomes: duplicate outcome; join their evidence" },
    { "\"run\": \"r1\"", "\"run\": \"r2\"",
      "/syscalls/0/outcomes/0/seen/0/run: found \"r2\", expected the id of a run in /runs" },
    { "\"id\": \"r1\"", "\"id\": \"r3\"", "found \"r1\", expected the id of a run in /runs" },
    { "\"seen\": [{", "\"seen\": [{" SEEN ", \"phases\": [], \"program\": null, \"call\": null}, {",
      "/syscalls/0/outcomes/0/seen: duplicate run \"r1\"; keep one of them" },
};

static void test_wrong_profiles(void **state)
{
    CLEANUP(free_char) char *good = small_profile();

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(wrong); i++) {
        CLEANUP(free_char) char *text = with(good, wrong[i].old, wrong[i].new);
        assert_refused(text, wrong[i].expected);
    }
}

/* `before`, `piece` so often, `after`. */
static char *repeated(const char *before, const char *piece, size_t times, const char *after)
{
    struct str text = { 0 };

    str_add(&text, before);
    while (times--)
        str_add(&text, piece);
    str_add(&text, after);
    return str_steal(&text);
}

static void test_bounds(void **state)
{
    CLEANUP(free_char) char *good = small_profile();
    CLEANUP(free_char) char *deep = repeated("{\"a\": ", "[", 1000000, "");
    CLEANUP(free_char) char *wide = repeated("\"x\": {\"y\": [0", ",0", 1 << 20, "]}, \"paths\"");
    CLEANUP(free_char) char *bounded = with(good, "\"paths\"", wide);
    CLEANUP(free_char) char *many = repeated("\"x\": [0", ",0", 1 << 20, "], \"paths\"");
    CLEANUP(free_char) char *fine = with(good, "\"paths\"", many);
    struct str members = { 0 };

    (void)state;
    assert_refused(deep, "values are nested too deep for a profile");
    assert_refused(bounded, "/x: this holds more than 1048576 values");
    CLEANUP(profile_freep)
    struct profile *profile = store_from_json(fine, strlen(fine), "fine", NULL);
    assert_non_null(profile);
    for (int i = 0; i < 60; i++)
        str_addf(&members, "\"x%d\": 1, ", i);
    str_add(&members, "\"paths\"");
    CLEANUP(free_char) char *crowded = with(good, "\"paths\"", members.data);
    assert_refused(crowded, "this has too many members");
    str_done(&members);
}

static void test_too_many_runs(void **state)
{
    CLEANUP(free_char) char *good = small_profile();
    CLEANUP(free_char) char *line = mem_strdup(strstr(good, "  {\"id\""));
    *strchr(line, '\n') = '\0';
    CLEANUP(free_char) char *another = mem_printf("%s,", line);
    CLEANUP(free_char) char *some = repeated("\"runs\": [", another, 65535, "");
    CLEANUP(free_char) char *many = repeated("\"runs\": [", another, 65536, "");
    CLEANUP(free_char) char *fine = with(good, "\"runs\": [", some);
    CLEANUP(free_char) char *refused = with(good, "\"runs\": [", many);

    (void)state;
    CLEANUP(profile_freep)
    struct profile *profile = store_from_json(fine, strlen(fine), "fine", NULL);
    assert_non_null(profile);
    assert_refused(refused, "/runs: there are more than 65536 records");
}

/* A wrong value of any length is shown in part. */
static void test_long_values_are_cut(void **state)
{
    CLEANUP(free_char) char *good = small_profile();
    CLEANUP(free_char) char *word = repeated("\"use\": \"", "\\n", 100000, "\"");
    CLEANUP(free_char) char *key = repeated("\"", "k", 100000, "\": 1");
    CLEANUP(free_char) char *keys = mem_printf("\"use\": \"read\", %s, %s", key, key);
    CLEANUP(free_char) char *long_word = with(good, "\"use\": \"read\"", word);
    CLEANUP(free_char) char *long_key = with(good, "\"use\": \"read\"", keys);

    (void)state;
    assert_refused(long_word, "\\x0a...\", expected one of stat");
    assert_refused(long_key, "kkk...\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_profile_itself_is_good),
        cmocka_unit_test(test_older_profiles_are_read),
        cmocka_unit_test(test_not_a_profile),
        cmocka_unit_test(test_truncated_anywhere),
        cmocka_unit_test(test_wrong_profiles),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_too_many_runs),
        cmocka_unit_test(test_long_values_are_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
