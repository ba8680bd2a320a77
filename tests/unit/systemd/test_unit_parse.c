// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit.h"
#include <cinch/base/limits.h>
#include <cinch/systemd.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static void parse(struct unit *unit, const char *text)
{
    CLEANUP(err_done) struct err err = { 0 };

    if (unit_parse(unit, text, strlen(text), "x.service", &err) < 0)
        fail_msg("%s", err.text);
}

static void check_list(const struct unit *unit, const char *key, const char *expected)
{
    struct strings words = { 0 };
    struct str joined = { 0 };

    unit_list(unit, key, &words);
    str_add(&joined, "");
    for (size_t i = 0; i < words.count; i++)
        str_addf(&joined, "<%s>", words.items[i]);
    assert_string_equal(joined.data, expected);
    strings_done(&words);
    str_done(&joined);
}

static void test_settings(void **state)
{
    struct unit unit = { 0 };

    (void)state;
    parse(&unit, "\xef\xbb\xbf# comment\n\n[Unit]\nDescription=a = b\n; other\n[Service]\n"
                 "  Type = notify \t\nUser=one\nUser=two\r\nEmpty=\nno equals sign\n=no key\n"
                 "Group=a\rGroup=b\n\r[X-Mine]\nUser=three");
    assert_int_equal(unit.count, 8);
    assert_string_equal(unit.settings[0].section, "Unit");
    assert_string_equal(unit.settings[0].value, "a = b");
    assert_string_equal(unit_get(&unit, "Type"), "notify");
    assert_string_equal(unit_get(&unit, "User"), "two");
    assert_string_equal(unit_get(&unit, "Empty"), "");
    assert_string_equal(unit_get(&unit, "Group"), "b");
    assert_null(unit_get(&unit, "Description"));
    assert_null(unit_get(&unit, "user"));
    unit_done(&unit);
}

static void test_continuation(void **state)
{
    struct unit unit = { 0 };

    (void)state;
    parse(&unit, "[Service]\nExecStart=/bin/a \\\n# in between \\\n   -b \\\n  ; c\n  -d\\\\\n"
                 "After=one\\\n\nNext=two\nLast=three\\");
    assert_string_equal(unit_get(&unit, "ExecStart"), "/bin/a     -b    -d\\\\");
    assert_string_equal(unit_get(&unit, "After"), "one");
    assert_string_equal(unit_get(&unit, "Next"), "two");
    assert_string_equal(unit_get(&unit, "Last"), "three");
    unit_done(&unit);
}

/* A comment is no continuation, whatever it ends in: the next line is an assignment. */
static void test_comment_does_not_continue(void **state)
{
    struct unit unit = { 0 };

    (void)state;
    parse(&unit, "[Service]\n# nothing \\\nUser=seen\n");
    assert_string_equal(unit_get(&unit, "User"), "seen");
    unit_done(&unit);
}

static void check_refused(const char *text, size_t length, const char *expected)
{
    CLEANUP(err_done) struct err err = { 0 };
    struct unit unit = { 0 };

    parse(&unit, "[Service]\nKept=yes\n");
    assert_int_equal(unit_parse(&unit, text, length, "evil\n.service", &err), -EINVAL);
    assert_non_null(strstr(err.text, expected));
    assert_non_null(strstr(err.text, "evil\\x0a.service"));
    assert_int_equal(unit.count, 1);
    assert_string_equal(unit_get(&unit, "Kept"), "yes");
    unit_done(&unit);
}

static void test_refused(void **state)
{
    static const char nul[] = "[Service]\n# a\0User=evil\n";
    static const char latin[] = "[Service]\nA=b\nUser=\xe9\n";
    static const char header[] = "[Service]\nA=b\n[Service\n";
    size_t length = (size_t)1100000;
    CLEANUP(free_char) char *longer = mem_new(length, 1);

    (void)state;
    check_refused(nul, sizeof(nul) - 1, "line 2");
    check_refused(latin, sizeof(latin) - 1, "line 3");
    check_refused(header, sizeof(header) - 1, "line 3");
    check_refused("[a\"b]\n", 6, "line 1");
    memset(longer, 'x', length);
    check_refused(longer, length, "line 1: longer");
    for (size_t i = 1; i + 1 < length; i += 64)
        memcpy(longer + i, "\\\n", 2);
    check_refused(longer, length, "longer");
}

static void test_list(void **state)
{
    struct unit unit = { 0 };

    (void)state;
    parse(&unit, "[Service]\nReadWritePaths=/old\nReadWritePaths=\n"
                 "ReadWritePaths=\"/a b\" -/c '-/d\"e'\nReadWriteDirectories=/f\\\\g /h%%i\n"
                 "ReadWritePaths=/open \"never closed\nSystemCallFilter=~@clock chown:EPERM\n"
                 "BindPaths=\"/a:b\":/c\n");
    check_list(&unit, "ReadWritePaths", "</a b><-/c><-/d\"e></f\\g></h%%i></open>");
    check_list(&unit, "ReadWriteDirectories", "</a b><-/c><-/d\"e></f\\g></h%%i></open>");
    check_list(&unit, "SystemCallFilter", "<~@clock><chown:EPERM>");
    check_list(&unit, "BindPaths", "</a:b:/c>");
    check_list(&unit, "Absent", "");
    unit_done(&unit);
}

static void test_is_on(void **state)
{
    struct unit unit = { 0 };

    (void)state;
    parse(&unit, "[Service]\nA=yes\nB=No\nC=strict\nD=off\nE=\nF=1\nG=yes\nG=false\nH=on\nH=\n");
    assert_true(unit_is_on(&unit, "A"));
    assert_false(unit_is_on(&unit, "B"));
    assert_true(unit_is_on(&unit, "C"));
    assert_false(unit_is_on(&unit, "D"));
    assert_false(unit_is_on(&unit, "E"));
    assert_true(unit_is_on(&unit, "F"));
    assert_false(unit_is_on(&unit, "G"));
    assert_true(unit_is_on(&unit, "H"));
    assert_false(unit_is_on(&unit, "Absent"));
    unit_done(&unit);
}

static void test_programs(void **state)
{
    struct strings programs = { 0 };
    struct str joined = { 0 };
    struct unit unit = { 0 };

    (void)state;
    parse(&unit,
          "[Service]\nExecStart=/dropped\nExecStart=\n"
          "ExecStartPre=-+/bin/pre -x ; /bin/second a ; \n"
          "ExecStart=@/usr/sbin/d argv0 /not/a/program\n"
          "ExecReload=!!/bin/kill -HUP $MAINPID\nExecStop=:\"/opt/a b/stop\" \";\" /neither\n"
          "ExecStopPost=/opt/tab\\x09\\tname \\; /nor ; /bin/last\nExecStartPost=relative x\n"
          "ExecCondition=%h/bin/x\nExecStartPost=\"/unclosed\n[X-Y]\nExecStart=/other\n");
    unit_programs(&unit, &programs);
    for (size_t i = 0; i < programs.count; i++)
        str_addf(&joined, "<%s>", programs.items[i]);
    assert_string_equal(joined.data, "</bin/kill></bin/last></bin/pre></bin/second></opt/a b/stop>"
                                     "</opt/tab\t\tname></usr/sbin/d>");
    strings_done(&programs);
    str_done(&joined);
    unit_done(&unit);
}

/* The words of the command that starts a service. */
static void test_start_command(void **state)
{
    static const struct {
        const char *line, *words;
    } cases[] = {
        { "/usr/sbin/d -x", "</usr/sbin/d><-x>" },
        { "@/usr/sbin/d name -x", "</usr/sbin/d><-x>" },
        { "-@/usr/sbin/d name", "</usr/sbin/d>" },
        { "/usr/bin/find / -exec /bin/a {} \\; -x",
          "</usr/bin/find></><-exec></bin/a><{}><;><-x>" },
        { "/usr/sbin/d a\\x3b ; /bin/e", "</usr/sbin/d><a;>" },
        { "@/opt/cinch-gate gate -- /usr/sbin/d -x", "</usr/sbin/d><-x>" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char) char *text = mem_printf("[Service]\nExecStart=%s\n", cases[i].line);
        CLEANUP(strings_done) struct strings words = { 0 };
        CLEANUP(str_done) struct str joined = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        parse(&unit, text);
        assert_true(unit_start_command(&unit, 0, &words));
        for (size_t k = 0; k < words.count; k++)
            str_addf(&joined, "<%s>", words.items[k]);
        assert_string_equal(joined.data, cases[i].words);
    }
}

/* The gate of a training is not the unit's own. */
static void test_gate(void **state)
{
    static const struct {
        const char *line, *programs;
        bool has_gate;
    } cases[] = {
        { "/usr/libexec/cinch-gate -- /usr/sbin/d --x /y", "</usr/sbin/d>", true },
        { "/usr/libexec/cinch-gate /usr/sbin/d -- /y", "</usr/sbin/d>", true },
        { "-/opt/cinch-gate --socket /run/s --argv0 d --drop-sys-admin -- /usr/sbin/d",
          "</usr/sbin/d>", true },
        { "/opt/cinch-gate --socket=/run/s --drop /usr/sbin/d ; /bin/e", "</bin/e></usr/sbin/d>",
          true },
        { "/opt/cinch-gate --without-tracer fail -- /opt/cinch-gate -- /usr/sbin/d",
          "</usr/sbin/d>", true },
        { "/opt/cinch-gate --socket", "", true },
        { "@/opt/cinch-gate gate -- /usr/sbin/d", "</usr/sbin/d>", true },
        { "/usr/sbin/d /usr/libexec/cinch-gate -- /x", "</usr/sbin/d>", false },
        { "/usr/sbin/my-cinch-gate -- /x", "</usr/sbin/my-cinch-gate>", false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct strings programs = { 0 };
        struct str joined = { 0 };
        struct unit unit = { 0 };
        char *text = mem_printf("[Service]\nExecStart=%s\n", cases[i].line);
        parse(&unit, text);
        unit_programs(&unit, &programs);
        str_add(&joined, "");
        for (size_t k = 0; k < programs.count; k++)
            str_addf(&joined, "<%s>", programs.items[k]);
        assert_string_equal(joined.data, cases[i].programs);
        assert_int_equal(unit_has_gate(&unit), cases[i].has_gate);
        strings_done(&programs);
        str_done(&joined);
        unit_done(&unit);
        free(text);
    }
}

static void test_plain(void **state)
{
    static const struct {
        const char *line;
        bool is_plain;
    } cases[] = {
        { "ExecReload=/bin/kill -HUP $MAINPID", true },
        { "ExecReload=-/bin/kill -s HUP ${MAINPID}", true },
        { "ExecReload=/opt/cinch-gate -- /bin/kill -HUP $MAINPID", true },
        { "ExecReload=/bin/kill -HUP $MAINPID\nExecStop=/bin/kill -- 1", true },
        { "ExecReload=/bin/kill -HUP $MAINPID\nExecStop=/bin/kill -v 1", false },
        { "ExecReload=/bin/kill -HUP served", false },
        { "ExecReload=/bin/kill --queue=1 $MAINPID", false },
        { "ExecReload=/bin/sh -c '/bin/kill -HUP 1'", false },
        { "ExecReload=/usr/bin/kill -HUP 1", false },
        { "ExecReload=/bin/other served ; /bin/kill -HUP 1 ; /bin/other served", true },
        { "ExecReload=", false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char) char *text = mem_printf("[Service]\n%s\n", cases[i].line);
        CLEANUP(unit_done) struct unit unit = { 0 };
        parse(&unit, text);
        assert_int_equal(unit_runs_plainly(&unit, "/bin/kill", NULL, NULL), cases[i].is_plain);
        assert_false(unit_runs_plainly(&unit, "/bin/other", NULL, NULL));
    }
    CLEANUP(unit_done) struct unit other = { 0 };
    parse(&other, "[Service]\nExecStartPre=/bin/other\nExecStop=/bin/kill\n");
    assert_false(unit_runs_plainly(&other, "/bin/other", NULL, NULL)); /* without any word, too */
    assert_true(unit_runs_plainly(&other, "/bin/kill", NULL, NULL));
    assert_string_equal(unit_plain_name(0), "kill");
    assert_non_null(unit_plain_name(1));
}

/* Words that leave nothing to the machine, and the paths that they name. */
static void test_plain_paths(void **state)
{
    static const struct {
        const char *command, *paths; /* NULL: it is not plain */
    } rows[] = {
        { "/bin/rm -f /run/a.pid", "/run/a.pid" },
        { "-/bin/rm -rf -- /run/a /run/b", "/run/a /run/b" },
        { "@/bin/rm remove -f /run/a", "/run/a" },
        { "/bin/rm -f $UNKNOWN", NULL },
        { "/bin/rm -f %t/a", NULL },
        { "/bin/rm -f a", NULL },
        { "/bin/rm -rf /", NULL },
        { "/bin/rm /run/../etc/passwd", NULL },
        { "/bin/rm --recursive /run/a", NULL },
        { "/bin/mkdir -p -m 0755 /run/a", "/run/a" },
        { "/bin/mkdir -m0755 /run/a", NULL },
        { "/bin/touch /run/a", "/run/a" },
        { "/bin/chmod 0640 /run/a", "/run/a" },
        { "/bin/chmod $MODE /run/a", NULL },
        { "/bin/chmod u+rw,go= /run/a", "/run/a" },
        { "/bin/chmod 1777 /run/a", "/run/a" },
        { "/bin/chmod 2755 /run/a", NULL },
        { "/bin/chmod g+s /run/a", NULL },
        { "/bin/mkdir -m 4755 /run/a", NULL },
        { "/bin/install -d -m 2750 /run/a", NULL },
        { "/bin/test -d /run/a", "/run/a" },
        { "/bin/test -n $MAINPID", NULL },
        { "/bin/chown 65534 /run/a", "/run/a" },
        { "/bin/chown -R +1:65534 /run/a /run/b", "/run/a /run/b" },
        { "/bin/chown :4 /run/a", "/run/a" },
        { "/bin/chown root /run/a", "/etc/passwd /run/a" },
        { "/bin/chown 4:root /run/a", "/etc/group /run/a" },
        { "/bin/chown rooty /run/a", NULL },
        { "/bin/chown 4x /run/a", NULL },
        { "/bin/chown nobody /run/a", NULL },
        { "/bin/chown root:adm /run/a", NULL },
        { "/bin/chown 4: /run/a", NULL },
        { "/bin/chown : /run/a", NULL },
        { "/bin/chown --reference=/run/b /run/a", NULL },
        { "/bin/install -d /run/a", "/run/a" },
        { "/bin/install -d -m 0750 -o 1 -g root /run/a", "/etc/group /run/a" },
        { "/bin/install -d -o nobody /run/a", NULL },
        { "/bin/install -o 1 /run/a /run/b", NULL },
        { "/bin/rm -f $PIDFILE", "/run/a.pid" },
        { "/bin/rm -f ${DIR}/b ${DIR}/${NAME}", "/run/b /run/c" },
        { "/bin/chown $OWNER /run/a", "/run/a" },
        { ":/bin/rm -f ${PIDFILE}", NULL },
        { "/bin/rm -f $DIR/b", NULL },
        { "/bin/rm -f $$PIDFILE", NULL },
        { "/bin/rm -f $SEVERAL", NULL },
        { "/bin/rm -f $EMPTY", NULL },
        { "/bin/rm -f ${UP}/etc", NULL },
        { "/bin/rm -f ${PIDFILE", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(free_char)
        char *text = mem_printf(
            "[Service]\nEnvironment=PIDFILE=/run/no DIR=/run NAME=c OWNER=4:4\n"
            "Environment=PIDFILE=/run/a.pid \"SEVERAL=/run/a /run/b\" EMPTY= UP=/run/..\n"
            "ExecStartPre=%s\n",
            rows[i].command);
        CLEANUP(unit_done) struct unit unit = { 0 };
        CLEANUP(strings_done) struct strings programs = { 0 }, paths = { 0 };
        struct str joined = { 0 };
        parse(&unit, text);
        unit_programs(&unit, &programs);
        bool plain = unit_runs_plainly(&unit, programs.items[0], &paths, &paths);
        for (size_t k = 0; k < paths.count; k++)
            str_addf(&joined, "%s%s", k ? " " : "", paths.items[k]);
        if (plain != (rows[i].paths != NULL) ||
            (plain && strcmp(joined.data ? joined.data : "", rows[i].paths) != 0))
            fail_msg("%s: %s", rows[i].command, joined.data ? joined.data : "");
        str_done(&joined);
    }
}

static void test_utf8(void **state)
{
    static const char *const good[] = { "", "a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80" };
    static const char *const bad[] = { "\xe9",         "\xc3",         "\xc0\xaf",
                                       "\xed\xa0\x80", "\xef\xbf\xbf", "\xf4\x90\x80\x80",
                                       "\xf8\x88\x80", "\xef\xb7\x90", "a\x80" };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(good); i++)
        assert_true(text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < ELEMENTS_OF(bad); i++)
        assert_false(text_is_utf8(bad[i], strlen(bad[i])));
}

static void test_names(void **state)
{
    static const struct {
        const char *given, *name;
    } rows[] = {
        { "web.service", "web.service" },
        { "web", "web.service" },
        { "web@1", "web@1.service" },
        { "web@", "web@.service" },
        { "org.example", "org.example.service" },
        { "org.example@a.b", "org.example@a.b.service" },
        { "web.socket", NULL },
        { "web@1.timer", NULL },
        { "", NULL },
        { ".service", NULL },
        { "a b", NULL },
        { "a/b", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(free_char) char *name = unit_name_complete(rows[i].given);
        if (rows[i].name)
            assert_string_equal(name, rows[i].name);
        else
            assert_null(name);
    }
}

/* Whoever may write a unit chooses how much there is to do. */
static void test_bounds(void **state)
{
    CLEANUP(unit_done) struct unit unit = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    struct str many = { 0 }, large = { 0 }, command = { 0 };

    (void)state;
    str_add(&many, "[Service]\n");
    for (int i = 0; i < LIMIT_UNIT_COMMANDS; i++)
        str_addf(&many, "ExecStartPre=/bin/true%d\n", i);
    assert_int_equal(unit_parse(&unit, many.data, many.length, "a", &err), 0);
    /* its drop-ins count, too */
    assert_int_equal(unit_parse(&unit, "[Service]\nExecStop=x\n", 21, "b", &err), -EINVAL);
    assert_non_null(strstr(err.text, "the unit and its drop-ins exceed what cinch reads"));
    err_done(&err);
    for (int i = LIMIT_UNIT_COMMANDS; i < LIMIT_UNIT_SETTINGS; i++)
        str_addf(&many, "BindPaths=/srv/%d\n", i);
    unit_done(&unit);
    assert_int_equal(unit_parse(&unit, many.data, many.length, "a", &err), 0);
    assert_int_equal(unit.count, LIMIT_UNIT_SETTINGS);
    assert_int_equal(unit_parse(&unit, "[Service]\nUser=x\n", 17, "b", &err), -EINVAL);
    unit_done(&unit);
    err_done(&err);
    str_add(&large, "[Service]\nStateDirectory=");
    while (large.length < LIMIT_UNIT_BYTES)
        str_add(&large, "name ");
    assert_int_equal(unit_parse(&unit, large.data, large.length, "a", &err), 0);
    str_add(&large, "a longer one, which is more than all may be together\n");
    unit_done(&unit);
    assert_int_equal(unit_parse(&unit, large.data, large.length, "a", &err), -EINVAL);
    str_add(&command, "[Service]\nEnvironment=A=/x\nExecStart=/bin/mkdir");
    for (int i = 0; i <= LIMIT_PLAIN_WORDS; i++)
        str_add(&command, " ${A}");
    parse(&unit, command.data);
    assert_false(unit_runs_plainly(&unit, "/bin/mkdir", NULL, NULL));
    unit_done(&unit);
    command.data[command.length -= strlen(" ${A}")] = '\0';
    parse(&unit, command.data);
    assert_true(unit_runs_plainly(&unit, "/bin/mkdir", NULL, NULL));
    str_done(&many);
    str_done(&large);
    str_done(&command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),         cmocka_unit_test(test_settings),
        cmocka_unit_test(test_continuation),  cmocka_unit_test(test_comment_does_not_continue),
        cmocka_unit_test(test_refused),       cmocka_unit_test(test_list),
        cmocka_unit_test(test_is_on),         cmocka_unit_test(test_programs),
        cmocka_unit_test(test_start_command), cmocka_unit_test(test_gate),
        cmocka_unit_test(test_plain),         cmocka_unit_test(test_plain_paths),
        cmocka_unit_test(test_utf8),          cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
