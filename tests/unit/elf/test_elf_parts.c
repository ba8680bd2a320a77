// SPDX-License-Identifier: LGPL-2.1-or-later
/* The pure parts of elf/: #! lines, ld.so.cache, $ORIGIN and its like, glibc-hwcaps. */
#include "elf/loader.h"
#include "elf/script.h"
#include "unit.h"
#include <byteswap.h>
#include <errno.h>
#include <string.h>

/* ---- #! lines -------------------------------------------------------------------------------- */

#define NAME_252                                                                                   \
    "/abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"                              \
    "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"                              \
    "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"                              \
    "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"
_Static_assert(sizeof(NAME_252) - 1 == 252, "as long as its name says");

static const struct {
    const char *line;
    const char *interpreter; /* NULL: the kernel refuses it */
    const char *option;
} lines[] = {
    { "#!/bin/sh\n", "/bin/sh", NULL },
    { "#!/bin/sh", "/bin/sh", NULL },
    { "#! \t/bin/sh\t \necho\n", "/bin/sh", NULL },
    { "#!/bin/sh -e\n", "/bin/sh", "-e" },
    { "#!/bin/sh -e  -x \t\n", "/bin/sh", "-e  -x" },
    { "#!/bin/sh\r\n", "/bin/sh\r", NULL },
    { "#!sh\n", "sh", NULL },
    { "#!" NAME_252 "\n/x", NAME_252, NULL },
    { "#!" NAME_252 "y\n", NAME_252 "y", NULL }, /* the newline is the last of 256 bytes */
    { "#!" NAME_252 "yz\n", NULL, NULL },        /* perhaps cut off */
    { "#!" NAME_252 "\t\n", NAME_252, NULL },
    { "#!" NAME_252 " -x\n", NAME_252, NULL }, /* the option is cut off, to nothing */
    { "#!\n/bin/sh\n", NULL, NULL },
    { "#!", NULL, NULL },
    { "#! \t \n", NULL, NULL },
    { "#", NULL, NULL },
    { "", NULL, NULL },
    { " #!/bin/sh\n", NULL, NULL },
};

static void test_script_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(lines); i++) {
        struct elf_script script = { 0 };
        const char *problem;
        const char *line = lines[i].line;
        bool is_script = elf_script_parse(line, strlen(line), &script, &problem);
        assert_int_equal(is_script, lines[i].interpreter != NULL);
        if (is_script) {
            assert_string_equal(script.interpreter, lines[i].interpreter);
            assert_null(problem);
        } else {
            assert_int_equal(problem != NULL, str_starts_with(line, "#!"));
        }
        assert_int_equal(script.option != NULL, lines[i].option != NULL);
        if (script.option)
            assert_string_equal(script.option, lines[i].option);
        elf_script_done(&script);
    }
}

/* A NUL ends the line as the kernel sees it, also in front of a newline. */
static void test_script_nul(void **state)
{
    static const char line[] = "#!/bin/sh -e\0hidden\n";
    struct elf_script script = { 0 };
    const char *problem;

    (void)state;
    assert_true(elf_script_parse(line, sizeof(line) - 1, &script, &problem));
    assert_string_equal(script.interpreter, "/bin/sh");
    assert_string_equal(script.option, "-e");
    elf_script_done(&script);
    assert_false(elf_script_parse("#!\0/bin/sh\n", 11, &script, &problem));
}

static void test_env_programs(void **state)
{
    static const struct {
        const char *option;
        const char *program;
    } cases[] = {
        { "python3", "python3" },
        { "/opt/x", "/opt/x" },
        { "python3 -u", "python3 -u" }, /* one argument, so one name */
        { "-S python3 -u", "python3" },
        { "-Spython3", "python3" },
        { "-S A=1 B=2  prog C=3", "prog" },
        { "-S -i -u HOME -C /tmp prog", "prog" },
        { "-S -- prog", "prog" },
        { "--split-string=prog x", "prog" },
        { "-vS prog", "prog" },
        { "-S \"prog\"", NULL },
        { "-S ${PROG}", NULL },
        { "-S A=1", NULL },
        { "-S", NULL },
        { "-i", NULL },
        { "A=1", NULL },
    };

    (void)state;
    assert_null(elf_script_env_program(NULL));
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char) char *program = elf_script_env_program(cases[i].option);
        assert_int_equal(program != NULL, cases[i].program != NULL);
        if (program)
            assert_string_equal(program, cases[i].program);
    }
}

/* ---- ld.so.cache ----------------------------------------------------------------------------- */

/* An entry of a cache to be built; `hwcap` as in the file. */
struct entry {
    const char *name;
    const char *path;
    uint32_t flags;
    uint64_t hwcap;
};

#define IS_INDEX ((uint64_t)1 << 62)

static const struct entry entries[] = {
    { "liba.so", "/v3/liba.so", 0x303, IS_INDEX | 1 },
    { "liba.so", "/v2/liba.so", 0x303, IS_INDEX | 0 },
    { "liba.so", "/liba.so", 0x303, 0 },
    { "liba.so", "/32/liba.so", 0x003, 0 },
    { "liba.so", "/second/liba.so", 0x303, 0 },
    { "libb.so", "/tls/libb.so", 0x303, (uint64_t)1 << 63 },
    { "libc.so", "relative/libc.so", 0x303, 0 },
    { "libd.so", "/bad/libd.so", 0x303, IS_INDEX | 7 },
};

static void put32(struct str *out, uint32_t value, bool swap)
{
    if (swap)
        value = bswap_32(value);
    str_add_bytes(out, &value, sizeof(value));
}

static void put64(struct str *out, uint64_t value, bool swap)
{
    if (swap)
        value = bswap_64(value);
    str_add_bytes(out, &value, sizeof(value));
}

/* A new-format cache; its offsets count from where it starts in `out`, its extensions' from 0. */
static void cache_new(struct str *out, bool swap)
{
    const size_t base = out->length;
    const unsigned char order =
        (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) != swap ? 2 : 3; /* little, big */
    const size_t count = ELEMENTS_OF(entries);
    struct str strings = { 0 };
    uint32_t at = (uint32_t)(48 + count * 24);
    uint32_t names[2];

    str_add(out, "glibc-ld.so.cache1.1");
    put32(out, (uint32_t)count, swap);
    put32(out, 0, swap);
    str_add_bytes(out, &order, 1);
    str_add_bytes(out, "\0\0", 3);
    size_t extension_field = out->length;
    for (int i = 0; i < 4; i++)
        put32(out, 0, swap);
    for (size_t i = 0; i < count; i++) {
        put32(out, entries[i].flags, swap);
        put32(out, at + (uint32_t)strings.length, swap);
        str_add_bytes(&strings, entries[i].name, strlen(entries[i].name) + 1);
        put32(out, at + (uint32_t)strings.length, swap);
        str_add_bytes(&strings, entries[i].path, strlen(entries[i].path) + 1);
        put32(out, 0, swap);
        put64(out, entries[i].hwcap, swap);
    }
    names[0] = (uint32_t)base + at + (uint32_t)strings.length;
    str_add_bytes(&strings, "x86-64-v2", 10);
    names[1] = (uint32_t)base + at + (uint32_t)strings.length;
    str_add_bytes(&strings, "x86-64-v3", 10);
    str_add_bytes(out, strings.data, strings.length);
    str_done(&strings);

    struct str field = { 0 };
    uint32_t extensions = (uint32_t)out->length;
    put32(&field, extensions, swap);
    memcpy(out->data + extension_field, field.data, 4);
    str_done(&field);
    put32(out, 0xeaa42174, swap);
    put32(out, 2, swap);
    for (uint32_t tag = 0; tag < 2; tag++) {
        put32(out, tag, swap);
        put32(out, 0, swap);
        put32(out, extensions + 8 + 2 * 16, swap);
        put32(out, tag ? 8 : 0, swap);
    }
    put32(out, names[0], swap);
    put32(out, names[1], swap);
}

/* What an old ldconfig writes: the old format, and behind it the new one if asked. */
static void cache_old(struct str *out, bool with_new)
{
    static const char strings[] = "libo.so\0/o/libo.so";

    str_add_bytes(out, "ld.so-1.7.0", 12);
    put32(out, 1, false);
    put32(out, 0x303, false);
    put32(out, 0, false);
    put32(out, 8, false);
    if (!with_new) {
        str_add_bytes(out, strings, sizeof(strings));
        return;
    }
    str_add_bytes(out, "\0\0\0", 4);
    cache_new(out, false);
}

static const char *find(const struct str *bytes, const char *name, int32_t flags,
                        const char *hwcaps)
{
    struct elf_ldcache cache;
    struct strings levels = { 0 };

    assert_int_equal(elf_ldcache_open(bytes->data, bytes->length, &cache), 0);
    elf_hwcaps_list("x86_64", hwcaps, &levels);
    const char *found = elf_ldcache_find(&cache, name, flags, &levels);
    strings_done(&levels);
    return found;
}

#define V2 "cx16 lahf_lm popcnt pni ssse3 sse4_1 sse4_2"
#define V3 V2 " avx avx2 bmi1 bmi2 f16c fma abm movbe"

static void expect_new(const struct str *bytes)
{
    assert_string_equal(find(bytes, "liba.so", 0x303, ""), "/liba.so");
    assert_string_equal(find(bytes, "liba.so", 0x303, V2), "/v2/liba.so");
    assert_string_equal(find(bytes, "liba.so", 0x303, V3), "/v3/liba.so");
    assert_string_equal(find(bytes, "liba.so", 0x003, V3), "/32/liba.so");
    assert_null(find(bytes, "liba.so", 0x803, V3));
    assert_null(find(bytes, "liba.s", 0x303, V3));
    assert_null(find(bytes, "libb.so", 0x303, V3));
    assert_null(find(bytes, "libc.so", 0x303, V3));
    assert_null(find(bytes, "libd.so", 0x303, V3));
}

static void test_cache_formats(void **state)
{
    struct str bytes = { 0 };

    (void)state;
    cache_new(&bytes, false);
    expect_new(&bytes);
    str_done(&bytes);
    cache_new(&bytes, true);
    expect_new(&bytes);
    str_done(&bytes);
    cache_old(&bytes, true);
    expect_new(&bytes);
    assert_null(find(&bytes, "libo.so", 0x303, ""));
    str_done(&bytes);
    cache_old(&bytes, false);
    assert_string_equal(find(&bytes, "libo.so", 0x303, ""), "/o/libo.so");
    str_done(&bytes);
}

/* A copy of exactly the bytes, so that a sanitizer sees a step beyond them. */
static void probe(const char *bytes, size_t length)
{
    struct strings levels = { 0 };
    struct elf_ldcache cache;
    char *copy = mem_new(length, 1);

    memcpy(copy, bytes, length);
    elf_hwcaps_list("x86_64", V3, &levels);
    if (elf_ldcache_open(copy, length, &cache) == 0)
        for (size_t i = 0; i < ELEMENTS_OF(entries); i++) {
            const char *found = elf_ldcache_find(&cache, entries[i].name, 0x303, &levels);
            assert_true(!found || found[0] == '/');
        }
    strings_done(&levels);
    free(copy);
}

static void test_cache_damaged(void **state)
{
    struct elf_ldcache cache;
    struct str bytes = { 0 };

    (void)state;
    assert_int_equal(elf_ldcache_open("", 0, &cache), -EINVAL);
    assert_int_equal(elf_ldcache_open("glibc-ld.so.cache1.1", 20, &cache), -EINVAL);
    cache_old(&bytes, true);
    for (size_t i = 0; i < bytes.length; i++) {
        static const char damages[] = { 1, 0x7f, (char)0x80, (char)0xff };
        probe(bytes.data, i);
        for (size_t d = 0; d < ELEMENTS_OF(damages); d++) {
            char kept = bytes.data[i];
            bytes.data[i] = (char)(kept ^ damages[d]);
            probe(bytes.data, bytes.length);
            bytes.data[i] = kept;
        }
    }
    str_done(&bytes);
}

/* ---- tokens and levels ----------------------------------------------------------------------- */

static void test_tokens(void **state)
{
    static const struct {
        enum elf_libc libc;
        const char *text;
        const char *expected;
    } cases[] = {
        { ELF_LIBC_GLIBC, "/a/b", "/a/b" },
        { ELF_LIBC_GLIBC, "$ORIGIN", "/o" },
        { ELF_LIBC_GLIBC, "${ORIGIN}/../$LIB/${PLATFORM}", "/o/../lib64/cpu" },
        { ELF_LIBC_GLIBC, "$ORIGIN/$ORIGIN", "/o//o" },
        { ELF_LIBC_GLIBC, "$ORIGINAL $LIBS ${LIB", "$ORIGINAL $LIBS ${LIB" },
        { ELF_LIBC_GLIBC, "${ORIGIN}x$LIB.d$", "/oxlib64.d$" },
        { ELF_LIBC_GLIBC, "$HOME", "$HOME" },
        { ELF_LIBC_MUSL, "$ORIGIN/x", "/o/x" },
        { ELF_LIBC_MUSL, "${ORIGIN}x:$ORIGINx", "/ox:/ox" },
        { ELF_LIBC_MUSL, "/x/$LIB", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct elf_loader loader = { .libc = cases[i].libc, .platform = "cpu" };
        loader.lib = mem_strdup("lib64");
        CLEANUP(free_char) char *text = elf_loader_expand(&loader, cases[i].text, "/o");
        assert_int_equal(text != NULL, cases[i].expected != NULL);
        if (text)
            assert_string_equal(text, cases[i].expected);
        elf_loader_done(&loader);
    }
}

static void test_hwcaps(void **state)
{
    struct strings levels = { 0 };

    (void)state;
    elf_hwcaps_list("x86_64", V3, &levels);
    assert_int_equal(levels.count, 2);
    assert_string_equal(levels.items[0], "x86-64-v3");
    assert_string_equal(levels.items[1], "x86-64-v2");
    strings_done(&levels);
    /* A level needs those below it. */
    levels = (struct strings){ 0 };
    elf_hwcaps_list("x86_64", "avx avx2 bmi1 bmi2 f16c fma abm movbe", &levels);
    assert_int_equal(levels.count, 0);
    elf_hwcaps_list("x86", V3, &levels);
    assert_int_equal(levels.count, 0);
    strings_done(&levels);
}

static void test_platform(void **state)
{
    const struct elf_arch *x86_64 = elf_arch_find(62, 2, 1, 0);
    const struct elf_arch *x86 = elf_arch_find(3, 1, 1, 0);

    (void)state;
    assert_string_equal(elf_hwcaps_platform(x86_64, true, V3), "haswell");
    assert_string_equal(elf_hwcaps_platform(x86_64, false, V3), "x86_64");
    assert_string_equal(elf_hwcaps_platform(x86_64, true, V2), "x86_64");
    assert_string_equal(elf_hwcaps_platform(x86, true, V3), "i686");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_script_lines),  cmocka_unit_test(test_script_nul),
        cmocka_unit_test(test_env_programs),  cmocka_unit_test(test_cache_formats),
        cmocka_unit_test(test_cache_damaged), cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_hwcaps),        cmocka_unit_test(test_platform),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
