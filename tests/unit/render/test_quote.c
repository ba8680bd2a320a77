// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Round trips through a second reading of the grammar, written from systemd.syntax(7) and
 * systemd.exec(5) and not from src/: what quote_value() writes must come back byte for byte, and
 * what it refuses must have a reason.
 */
#include "unit.h"
#include <cinch/render.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- the second reading ---------------------------------------------------------------------- */

/* What a line "X=VALUE" of a unit file is to systemd: false when more or less than one line. */
static bool line_is_one(const char *value)
{
    size_t length = strlen(value), backslashes = 0;

    if (strpbrk(value, "\n\r") || !text_is_utf8(value, length))
        return false;
    while (backslashes < length && value[length - 1 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2 == 0;
}

/* One field up to an unquoted separator; returns what follows it, NULL when quotes stay open. */
static const char *field_read(const char *at, const char *separators, char *ret)
{
    enum { BARE, SINGLE, DOUBLE } mode = BARE;

    for (; *at; at++) {
        if (*at == '\\') {
            if (!*++at)
                return NULL;
            *ret++ = *at;
        } else if (mode == BARE && strchr(separators, *at)) {
            break;
        } else if (mode != SINGLE && *at == '"') {
            mode = mode == DOUBLE ? BARE : DOUBLE;
        } else if (mode != DOUBLE && *at == '\'') {
            mode = mode == SINGLE ? BARE : SINGLE;
        } else {
            *ret++ = *at;
        }
    }
    *ret = '\0';
    return mode == BARE ? at : NULL;
}

/* %% is a percent sign; any other specifier would be something else than what was meant. */
static bool specifiers_read(char *text)
{
    char *to = text;

    for (const char *at = text; *at; at++) {
        if (*at == '%' && *++at != '%')
            return false;
        *to++ = *at;
    }
    *to = '\0';
    return true;
}

struct reading {
    bool optional;
    char fields[3][600];
    size_t count;
};

static bool bind_read(const char *value, enum quote_form form, struct reading *ret)
{
    const char *at = value;

    *ret = (struct reading){ 0 };
    if (form == QUOTE_UNIT && !line_is_one(value))
        return false;
    do {
        if (ret->count == 3)
            return false;
        at = field_read(at, ": \t", ret->fields[ret->count]);
        if (!at || (form == QUOTE_UNIT && !specifiers_read(ret->fields[ret->count])))
            return false;
        ret->count++;
    } while (*at++ == ':');
    ret->optional = ret->fields[0][0] == '-';
    if (ret->optional)
        memmove(ret->fields[0], ret->fields[0] + 1, strlen(ret->fields[0]));
    return at[-1] == '\0';
}

/* ---- random paths ---------------------------------------------------------------------------- */

static unsigned draw(uint32_t *seed, unsigned below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static void draw_path(uint32_t *seed, char *ret)
{
    static const char *const pieces[] = {
        " ",        "\"",   "'",  "\\",           "%",        ":",    "$", "#",  ";",    "*",
        "-",        "\t",   "n",  "x41",          "\xc3\xa9", "i",    "{", "a",  ".",    "..",
        "/",        "\x01", "\n", "\r",           "\xff",     "\x7f", "B", "%n", "\\\\", "~",
        "\xc2\x9b", "=",    "@",  "\xe2\x82\xac",
    };
    unsigned count = 1 + draw(seed, 9);

    strcpy(ret, "/");
    while (count--)
        strcat(ret, pieces[draw(seed, draw(seed, 3) ? 20 : ELEMENTS_OF(pieces))]);
}

static bool has_dots(const char *path)
{
    CLEANUP(free_char) char *framed = mem_printf("%s/", path);

    return strstr(framed, "/./") || strstr(framed, "/../");
}

static bool has_control(const char *path, bool tab)
{
    for (const char *at = path; *at; at++)
        if (((unsigned char)*at < 32 && (*at != '\t' || !tab)) || *at == 0x7f ||
            strncmp(at, "\xc2\x9b", 2) == 0)
            return true;
    return false;
}

/* Why a bind of that path may be refused. */
static bool may_refuse(const char *path, int version)
{
    bool strict = version > 252;

    return has_dots(path) || !text_is_utf8(path, strlen(path)) || has_control(path, !strict) ||
           (strict && strpbrk(path, "\"'"));
}

static void check_bind(char *source, char *destination, int version, enum quote_form form,
                       unsigned *refused)
{
    struct target target = { .version = version };
    struct value value = {
        .text = source, .is_path = true, .destination = destination, .optional = version % 2
    };
    struct str quoted = { 0 };
    struct reading reading;

    if (quote_value(&quoted, "BindReadOnlyPaths", &value, &target, form) < 0) {
        assert_int_equal(quoted.length, 0);
        assert_true(may_refuse(source, version) ||
                    (destination && may_refuse(destination, version)));
        ++*refused;
        return;
    }
    assert_false(may_refuse(source, version));
    assert_true(bind_read(quoted.data, form, &reading));
    assert_int_equal(reading.optional, value.optional);
    assert_int_equal(reading.count, destination ? 2 : 1);
    assert_string_equal(reading.fields[0], source);
    if (destination)
        assert_string_equal(reading.fields[1], destination);
    str_done(&quoted);
}

static void test_bind_round_trip(void **state)
{
    static const int versions[] = { 232, 252, 253, 257, 260 };
    const unsigned rounds = 20000;
    uint32_t seed = 7;
    unsigned refused = 0;

    (void)state;
    for (unsigned i = 0; i < rounds; i++) {
        char source[300], destination[300];
        draw_path(&seed, source);
        draw_path(&seed, destination);
        int version = versions[draw(&seed, ELEMENTS_OF(versions))];
        enum quote_form form = draw(&seed, 2) ? QUOTE_UNIT : QUOTE_RUN_ARGUMENT;
        check_bind(source, draw(&seed, 2) ? destination : NULL, version, form, &refused);
    }
    assert_in_range(refused, rounds / 10, rounds * 9 / 10); /* both sides were exercised */
}

/* ReadWritePaths= and the like: one quoted word, quotes and tabs in every version. */
static void test_paths_round_trip(void **state)
{
    struct target target = { .version = 257 };
    uint32_t seed = 11;

    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        char path[300];
        draw_path(&seed, path);
        struct value value = { .text = path, .is_path = true };
        struct str quoted = { 0 };
        struct reading reading;
        bool refuse =
            has_dots(path) || !text_is_utf8(path, strlen(path)) || has_control(path, true);
        assert_int_equal(quote_value(&quoted, "ReadWritePaths", &value, &target, QUOTE_UNIT),
                         refuse ? -EINVAL : 0);
        if (refuse)
            continue;
        /* no field ends at a colon there: read it with blanks only */
        assert_true(line_is_one(quoted.data));
        const char *end = field_read(quoted.data, " \t", reading.fields[0]);
        assert_true(end && !*end && specifiers_read(reading.fields[0]));
        assert_string_equal(reading.fields[0], path);
        str_done(&quoted);
    }
}

static void check_value(const char *directive, struct value value, int version,
                        enum quote_form form, const char *expected)
{
    struct target target = { .version = version };
    struct str quoted = { 0 };

    int result = quote_value(&quoted, directive, &value, &target, form);
    assert_int_equal(result, expected ? 0 : -EINVAL);
    if (expected)
        assert_string_equal(quoted.data, expected);
    str_done(&quoted);
}

#define PATH(bytes)                                                                                \
    {                                                                                              \
        .text = (char *)(uintptr_t)(bytes), .is_path = true                                        \
    }
#define WORD(bytes)                                                                                \
    {                                                                                              \
        .text = (char *)(uintptr_t)(bytes)                                                         \
    }
#define TEXT(bytes) ((char *)(uintptr_t)(bytes))

static void test_values(void **state)
{
    static const struct {
        const char *directive;
        struct value value;
        int version;
        enum quote_form form;
        const char *expected;
    } rows[] = {
        { "DeviceAllow", PATH("/dev/fuse rw"), 252, QUOTE_UNIT, "/dev/fuse rw" },
        { "DeviceAllow", PATH("char-ttyUSB r"), 257, QUOTE_RUN_ARGUMENT, "char-ttyUSB r" },
        { "DeviceAllow", PATH("/dev/fuse"), 252, QUOTE_UNIT, NULL },
        { "DeviceAllow", PATH("/dev/fuse rwx"), 252, QUOTE_UNIT, NULL },
        { "DeviceAllow", PATH("/dev/a b rw"), 252, QUOTE_UNIT, NULL },
        { "DeviceAllow", PATH("/dev/../etc r"), 252, QUOTE_UNIT, NULL },
        { "DeviceAllow", PATH("/dev/a%n r"), 252, QUOTE_UNIT, NULL },
        { "DeviceAllow", PATH("/dev/a\nb r"), 252, QUOTE_UNIT, NULL },
        { "BindPaths", PATH("/usr/lib"), 257, QUOTE_UNIT, "/usr/lib" },
        { "BindPaths", PATH("/a b"), 257, QUOTE_UNIT, "\"/a b\"" },
        { "BindPaths", PATH("/a%n"), 252, QUOTE_UNIT, "/a%%n" },
        { "BindPaths", PATH("/a%n"), 252, QUOTE_RUN_ARGUMENT, "/a%n" },
        { "BindPaths", PATH("/a:b"), 252, QUOTE_UNIT, "\"/a:b\"" },
        { "BindPaths", PATH("/a\\"), 257, QUOTE_UNIT, "\"/a\\\\\"" },
        { "BindPaths", PATH("/a\"b"), 252, QUOTE_UNIT, "\"/a\\\"b\"" },
        { "BindPaths", PATH("/a\"b"), 253, QUOTE_UNIT, NULL },
        { "BindPaths", PATH("/a\tb"), 252, QUOTE_UNIT, "\"/a\tb\"" },
        { "BindPaths", PATH("/a\tb"), 257, QUOTE_UNIT, NULL },
        { "BindPaths", PATH("/a\nUser=root"), 252, QUOTE_RUN_ARGUMENT, NULL },
        { "BindPaths", PATH("/a\rUser=root"), 252, QUOTE_UNIT, NULL },
        { "BindPaths", PATH("/\xff"), 252, QUOTE_UNIT, NULL },
        { "BindPaths", PATH("/\xc3\xa9"), 257, QUOTE_UNIT, "\"/\xc3\xa9\"" },
        { "BindPaths", PATH("a/b"), 252, QUOTE_UNIT, NULL },
        { "BindPaths", PATH(""), 252, QUOTE_UNIT, NULL },
        { "BindPaths", PATH("/a/../b"), 252, QUOTE_UNIT, NULL },
        { "BindPaths", PATH("/a/..b/.c/..."), 252, QUOTE_UNIT, "/a/..b/.c/..." },
        { "BindPaths",
          { .text = TEXT("/a"), .is_path = true, .options = TEXT("norbind") },
          252,
          QUOTE_UNIT,
          "/a:/a:norbind" },
        { "BindPaths",
          { .text = TEXT("/a"), .is_path = true, .options = TEXT("x y") },
          252,
          QUOTE_UNIT,
          NULL },
        { "ReadWritePaths", PATH("/a\"b\t'"), 257, QUOTE_UNIT, "\"/a\\\"b\t'\"" },
        { "ReadWritePaths",
          { .text = TEXT("/a b"), .is_path = true, .optional = true },
          257,
          QUOTE_UNIT,
          "-\"/a b\"" },
        { "ReadWritePaths",
          { .text = TEXT("/a"), .is_path = true, .destination = TEXT("/b") },
          257,
          QUOTE_UNIT,
          NULL },
        { "TemporaryFileSystem",
          { .text = TEXT("/"), .is_path = true, .options = TEXT("ro") },
          252,
          QUOTE_UNIT,
          "/:ro" },
        { "TemporaryFileSystem", WORD("/:ro"), 252, QUOTE_UNIT, "/:ro" },
        { "TemporaryFileSystem", PATH("/a:b"), 252, QUOTE_UNIT, NULL },
        { "TemporaryFileSystem", PATH("/a "), 252, QUOTE_UNIT, "\"/a \"" },
        { "TemporaryFileSystem", PATH("/a "), 253, QUOTE_UNIT, NULL },
        { "TemporaryFileSystem", PATH("/a "), 257, QUOTE_RUN_ARGUMENT, NULL },
        { "TemporaryFileSystem", PATH("/ "), 257, QUOTE_UNIT, NULL },
        { "TemporaryFileSystem", PATH("/ a"), 257, QUOTE_UNIT, "\"/ a\"" },
        { "TemporaryFileSystem",
          { .text = TEXT("/a "), .is_path = true, .options = TEXT("ro") },
          257,
          QUOTE_UNIT,
          "\"/a \":ro" },
        { "ReadOnlyPaths", PATH("/a "), 257, QUOTE_UNIT, "\"/a \"" },
        { "BindPaths", PATH("/a "), 257, QUOTE_UNIT, "\"/a \"" },
        { "RootDirectory", PATH("/run/a b%"), 252, QUOTE_UNIT, "/run/a b%%" },
        { "RootDirectory", PATH("/run/a "), 252, QUOTE_UNIT, NULL },
        { "RootDirectory", PATH("/run/a\\"), 252, QUOTE_UNIT, NULL },
        { "SystemCallFilter", WORD("openat"), 252, QUOTE_UNIT, "openat" },
        { "SystemCallFilter", WORD("@system-service"), 252, QUOTE_UNIT, "@system-service" },
        { "SystemCallFilter", WORD("a b"), 252, QUOTE_UNIT, NULL },
        { "SystemCallFilter", WORD("a%b"), 252, QUOTE_UNIT, NULL },
        { "SystemCallFilter", WORD(""), 252, QUOTE_UNIT, NULL },
        { "SystemCallFilter", WORD("a\nb"), 252, QUOTE_UNIT, NULL },
        { "IPAddressAllow", WORD("fe80::/64"), 252, QUOTE_UNIT, "fe80::/64" },
        { "SystemCallFilter", PATH("/a"), 252, QUOTE_UNIT, NULL },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        check_value(rows[i].directive, rows[i].value, rows[i].version, rows[i].form,
                    rows[i].expected);
}

/* What shows nothing, or turns what follows around, is in no line that systemd or a person reads;
 * letters of any script are. */
static void test_hidden(void **state)
{
    static const struct {
        const char *text;
        bool written;
    } cases[] = {
        { "\xe2\x80\xae", false },     /* U+202E */
        { "\xe2\x80\xaa", false },     /* U+202A */
        { "\xe2\x81\xa6", false },     /* U+2066 */
        { "\xe2\x81\xa9", false },     /* U+2069 */
        { "\xe2\x80\xa8", false },     /* U+2028 */
        { "\xe2\x80\xa9", false },     /* U+2029 */
        { "\xe2\x80\x8b", false },     /* U+200B */
        { "\xe2\x80\x8f", false },     /* U+200F */
        { "\xef\xbb\xbf", false },     /* U+FEFF */
        { "\xf3\xa0\x81\x81", false }, /* U+E0041 */
        { "\xc2\xad", false },         /* U+00AD */
        { "\xd8\x9c", false },         /* U+061C */
        { "\xe2\x80\x90", true },      /* U+2010, a hyphen */
        { "\xe2\x80\xa7", true },      /* U+2027, a dot */
        { "\xd7\x90\xd8\xa7", true },  /* Hebrew, Arabic */
        { "\xf0\x9f\x98\x80", true },  /* U+1F600 */
    };
    const struct target target = { .version = 252 };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char) char *path = mem_printf("/srv/a%sb", cases[i].text);
        CLEANUP(str_done) struct str out = { 0 };
        struct value value = { .text = path, .is_path = true };
        assert_int_equal(text_has_hidden(path), !cases[i].written);
        assert_int_equal(quote_value(&out, "BindPaths", &value, &target, QUOTE_UNIT) == 0,
                         cases[i].written);
        assert_int_equal(quote_program(&out, path) == 0, cases[i].written);
        assert_int_equal(quote_argument(&out, path) == 0, cases[i].written);
    }
    assert_false(text_has_hidden("\xe2\x80"));
    assert_false(text_has_hidden("\xff\xe2"));
}

static void test_long_path(void **state)
{
    char path[5000] = "/";
    char name[302] = "/";

    (void)state;
    memset(name + 1, 'n', 300);
    check_value("BindPaths", (struct value)PATH(name), 252, QUOTE_UNIT, NULL);
    while (strlen(path) < 4094)
        strcat(path, "a/");
    check_value("BindPaths", (struct value)PATH(path), 252, QUOTE_UNIT, path);
    strcat(path, "a/");
    check_value("BindPaths", (struct value)PATH(path), 252, QUOTE_UNIT, NULL);
}

static void test_command(void **state)
{
    static const struct {
        const char *text, *program, *argument;
    } rows[] = {
        { "/usr/sbin/nginx", "/usr/sbin/nginx", "/usr/sbin/nginx" },
        { "/opt/a b/$x%", "\"/opt/a b/$x%%\"", "\"/opt/a b/$$x%%\"" },
        { "nginx", "nginx", "nginx" },
        { "-g", NULL, "-g" },
        { ";", NULL, "\";\"" },
        { "", NULL, "\"\"" },
        { "/a'b", NULL, "\"/a'b\"" },
        { "/a b ", NULL, "\"/a b \"" },
        { "/ ", NULL, "\"/ \"" },
        { "/a\"\\", NULL, "\"/a\\\"\\\\\"" },
        { "/a\nb", NULL, NULL },
        { "/a\tb", NULL, NULL },
        { "/\xff", NULL, NULL },
        { "/a/../b", NULL, "/a/../b" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct str program = { 0 }, argument = { 0 };
        assert_int_equal(quote_program(&program, rows[i].text), rows[i].program ? 0 : -EINVAL);
        assert_int_equal(quote_argument(&argument, rows[i].text), rows[i].argument ? 0 : -EINVAL);
        if (rows[i].program)
            assert_string_equal(program.data, rows[i].program);
        if (rows[i].argument)
            assert_string_equal(argument.data, rows[i].argument);
        str_done(&program);
        str_done(&argument);
    }
}

static void test_shell(void **state)
{
    struct str quoted = { 0 };

    (void)state;
    quote_shell(&quoted, "a'b $c\\");
    assert_string_equal(quoted.data, "'a'\\''b $c\\'");
    str_done(&quoted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bind_round_trip), cmocka_unit_test(test_paths_round_trip),
        cmocka_unit_test(test_values),          cmocka_unit_test(test_long_path),
        cmocka_unit_test(test_hidden),          cmocka_unit_test(test_command),
        cmocka_unit_test(test_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
