// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a service finds around it: what process 1 says of its defaults, what a unit says, and the
 * grammar of EnvironmentFile=. */
#include "run/start.h"
#include "unit.h"
#include <cinch/systemd.h>
#include <string.h>

static void assert_items(const struct strings *items, const char *const *wanted)
{
    size_t count = 0;

    for (; wanted[count]; count++) {
        assert_true(count < items->count);
        assert_string_equal(items->items[count], wanted[count]);
    }
    assert_int_equal(items->count, count);
}

static void test_environment_file(void **state)
{
    static const struct {
        const char *text;
        const char *wanted[4];
    } rows[] = {
        { "A=1\nB=2", { "A=1", "B=2" } },
        { " A = two words \t\nB=\n", { "A=two words", "B=" } },
        { "# A=1\n;B=2\n\n  # C=3\nD=4", { "D=4" } },
        { "A='a \"b\" $c' d\n", { "A=a \"b\" $cd" } },
        { "A=\"a \\\"b\\\" \\$c \\n\"\n", { "A=a \"b\" $c \\n" } },
        { "A=\"one\\\ntwo\nthree\"\nB=1", { "A=onetwo\nthree", "B=1" } },
        { "A=a\\ b\\\nc\\\\\n", { "A=a bc\\" } },
        { "A=a\\ \nB=1", { "A=a ", "B=1" } },
        { "A=a'b\"c\n", { "A=a'b\"c" } },
        { "export A=1\n1B=2\nC D\n=3\nE=\001\nF=\xff\nG=5\n", { "G=5" } },
        { "# a\\\nA=1\nB=2", { "B=2" } },
        { "A='never closed\nB=1", { "A=never closed\nB=1" } },
        { "NAME WITHOUT\nA=1\r\nB=2\r", { "A=1", "B=2" } },
        { "", { NULL } },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(strings_done) struct strings items = { 0 };
        environment_parse(rows[i].text, strlen(rows[i].text), &items);
        assert_items(&items, rows[i].wanted);
    }
}

static void test_manager(void **state)
{
    static const char *const unknown[] = {
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", NULL
    };
    static const char *const known[] = { "LANG=de_DE.UTF-8", "PATH=/bin", "A=two words", NULL };
    struct start start = { 0 }, other = { 0 };

    (void)state;
    start_take_manager(NULL, &start.surroundings);
    assert_items(&start.surroundings.base, unknown);
    assert_int_equal(start.surroundings.limits[RLIMIT_NOFILE].value.rlim_cur, 1024);
    assert_int_equal(start.surroundings.limits[RLIMIT_NOFILE].value.rlim_max, 524288);
    assert_false(start.surroundings.limits[RLIMIT_STACK].is_set);
    start_take_manager(
        "Version=252\nEnvironment=LANG=de_DE.UTF-8 PATH=/bin \"A=two words\"\n"
        "DefaultLimitNOFILE=99\nDefaultLimitNOFILESoft=9\nDefaultLimitCORE=infinity\n"
        "DefaultLimitCORESoft=0\nDefaultLimitRSS=nonsense\nDefaultLimitRSSSoft=1\n",
        &other.surroundings);
    assert_items(&other.surroundings.base, known);
    assert_int_equal(other.surroundings.limits[RLIMIT_NOFILE].value.rlim_cur, 9);
    assert_true(other.surroundings.limits[RLIMIT_CORE].value.rlim_max == RLIM_INFINITY);
    assert_false(other.surroundings.limits[RLIMIT_RSS].is_set);
    start_done(&start);
    start_done(&other);
}

/* What a unit of these lines comes to. */
static void take(const char *lines, struct start *ret)
{
    CLEANUP(unit_done) struct unit unit = { .name = mem_strdup("a@b.service") };
    CLEANUP(free_char) char *text = mem_printf("[Service]\n%s\n", lines);

    *ret = (struct start){ .surroundings = { .umask = 0022, .directory = mem_strdup("/") } };
    assert_int_equal(unit_parse(&unit, text, strlen(text), "t", NULL), 0);
    assert_int_equal(start_take_unit(&unit, NULL, ret, NULL), 0);
}

static void test_unit_variables(void **state)
{
    static const struct {
        const char *lines;
        const char *wanted[4];
    } rows[] = {
        { "Environment=A=1 \"B=two words\" 'C=x\\x41'", { "A=1", "B=two words", "C=xA" } },
        { "Environment=A=1\nEnvironment=\nEnvironment=B=%i", { "B=b" } },
        { "Environment=A=%% BAD =x 2=y B=%t/x", { "A=%", "B=/run/x" } },
        { "Environment=A=1 \"B=never closed", { "A=1" } },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct start start;
        take(rows[i].lines, &start);
        assert_items(&start.surroundings.variables, rows[i].wanted);
        start_done(&start);
    }
}

static void test_unit_limits(void **state)
{
    static const struct {
        const char *line;
        int resource;
        rlim_t soft, hard; /* both 0: it is left out */
    } rows[] = {
        { "LimitNOFILE=5:infinity", RLIMIT_NOFILE, 5, RLIM_INFINITY },
        { "LimitNOFILE=5", RLIMIT_NOFILE, 5, 5 },
        { "LimitNOFILE=6:5", RLIMIT_NOFILE, 0, 0 },
        { "LimitNOFILE=5x", RLIMIT_NOFILE, 0, 0 },
        { "LimitNOFILE=-1", RLIMIT_NOFILE, 0, 0 },
        { "LimitNOFILE=", RLIMIT_NOFILE, 0, 0 },
        { "LimitSTACK=2M:1G", RLIMIT_STACK, 2 << 20, 1 << 30 },
        { "LimitSTACK=99999999999E", RLIMIT_STACK, 0, 0 },
        { "LimitSTACK=99999999999999999999999", RLIMIT_STACK, 0, 0 },
        { "LimitCPU=1500ms:2min", RLIMIT_CPU, 2, 120 },
        { "LimitRTTIME=7:5s", RLIMIT_RTTIME, 7, 5000000 },
        { "LimitNICE=+5", RLIMIT_NICE, 15, 15 },
        { "LimitNICE=-5", RLIMIT_NICE, 25, 25 },
        { "LimitNICE=-50", RLIMIT_NICE, 0, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct start start;
        take(rows[i].line, &start);
        assert_int_equal(start.surroundings.limits[rows[i].resource].is_set, rows[i].hard != 0);
        assert_true(start.surroundings.limits[rows[i].resource].value.rlim_cur == rows[i].soft);
        assert_true(start.surroundings.limits[rows[i].resource].value.rlim_max == rows[i].hard);
        start_done(&start);
    }
}

static void test_unit_place(void **state)
{
    static const struct {
        const char *lines, *directory;
        mode_t umask;
    } rows[] = {
        { "", "/", 0022 },
        { "WorkingDirectory=/a/./b//c/", "/a/b/c", 0022 },
        { "WorkingDirectory=-%S/%p\nUMask=0077", "/var/lib/a", 0077 },
        { "WorkingDirectory=relative\nUMask=9", "/", 0022 },
        { "WorkingDirectory=/a\nWorkingDirectory=\nUMask=10000", "/", 0022 },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct start start;
        take(rows[i].lines, &start);
        assert_string_equal(start.surroundings.directory, rows[i].directory);
        assert_int_equal(start.surroundings.umask, rows[i].umask);
        start_done(&start);
    }
}

static void test_unapplied(void **state)
{
    static const char *const wanted[] = { "PassEnvironment= (process 1 is not systemd here; give "
                                          "--setenv)",
                                          "Environment= (A=%H)",
                                          "ProtectSystem=", "StandardInput= (tty\\x09x)", NULL };
    struct start start;

    (void)state;
    take("Environment=A=%H\nPassEnvironment=X\nPrivateTmp=no\nProtectSystem=full\n"
         "StandardInput=tty\tx\nStateDirectory=/abs .. c-missing:link\nNice=5",
         &start);
    assert_items(&start.unapplied, wanted);
    assert_int_equal(start.missing.count, 1);
    assert_string_equal(start.missing.items[0], "/var/lib/c-missing");
    assert_true(start_has_variable(&start.surroundings, "STATE_DIRECTORY"));
    assert_false(start_has_variable(&start.surroundings, "STATE"));
    start_done(&start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_environment_file), cmocka_unit_test(test_manager),
        cmocka_unit_test(test_unit_variables),   cmocka_unit_test(test_unit_limits),
        cmocka_unit_test(test_unit_place),       cmocka_unit_test(test_unapplied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
