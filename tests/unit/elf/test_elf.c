// SPDX-License-Identifier: LGPL-2.1-or-later
/* Programs and libraries in a tree of the test's own: nothing of this machine takes part. */
#include "elf_builder.h"
#include "unit.h"
#include <cinch/elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOADER   "/lib64/ld-linux-x86-64.so.2"
#define LOADER32 "/lib/ld-linux.so.2"
#define MUSL     "/lib/ld-musl-x86_64.so.1"

/* The state of a test: the name of its tree. */
static int tree_make(void **state)
{
    char *root = mem_printf("%s/cinch-elf-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");

    assert_non_null(mkdtemp(root));
    *state = root;
    return 0;
}

static int tree_remove_entry(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
    (void)stat;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int tree_remove(void **state)
{
    nftw(*state, tree_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return 0;
}

/* The outside name of a path of the tree; its directories are made. */
static char *tree_path(void **state, const char *path)
{
    char *full = mem_printf("%s%s", (const char *)*state, path);

    for (char *slash = full + strlen(*state) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(full, 0755);
        *slash = '/';
    }
    return full;
}

static void tree_write(void **state, const char *path, const void *bytes, size_t length)
{
    CLEANUP(free_char) char *full = tree_path(state, path);
    FILE *file = fopen(full, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(full, 0755), 0);
}

static void tree_text(void **state, const char *path, const char *text)
{
    tree_write(state, path, text, strlen(text));
}

static void tree_elf(void **state, const char *path, const struct elf_spec *spec)
{
    struct str bytes = { 0 };

    elf_build(spec, &bytes);
    tree_write(state, path, bytes.data, bytes.length);
    str_done(&bytes);
}

static void tree_link(void **state, const char *target, const char *path)
{
    CLEANUP(free_char) char *full = tree_path(state, path);

    assert_int_equal(symlink(target, full), 0);
}

/* A glibc loader, with its own idea of default directories behind its ELF parts. */
static void tree_loader(void **state, const char *directories, size_t length)
{
    struct elf_spec spec = { .soname = "ld-linux-x86-64.so.2", .entry = 0x1000 };
    struct str bytes = { 0 };

    elf_build(&spec, &bytes);
    str_add_bytes(&bytes, "\0/proc/self/exe\0", 16);
    str_add_bytes(&bytes, directories, length);
    str_add_bytes(&bytes, "\0/lib/more/\0/usr/share/", 23);
    tree_write(state, LOADER, bytes.data, bytes.length);
    str_done(&bytes);
}

#define PROGRAM(...) (&(struct elf_spec){ .interpreter = LOADER, .entry = 64, ##__VA_ARGS__ })
#define LIBRARY(...) (&(struct elf_spec){ __VA_ARGS__ })
#define DIRECTORIES  "/lib64/\0/usr/lib64/\0/lib/\0/usr/lib/\0"
#define SEARCH_PATH  "/usr/local/bin:/bin"

static struct elf_closure closure_of(void **state, const char *path)
{
    struct elf_closure closure = { 0 };
    struct err err = { 0 };

    assert_int_equal(elf_closure_in(*state, SEARCH_PATH, path, &closure, &err), 0);
    assert_null(err.text);
    assert_true(closure.count > 0);
    assert_int_equal(closure.members[0].how, ELF_SELF);
    return closure;
}

/* "name=path(via)" of each member but the file itself, in order; "name=-" for a missing one. */
static char *closure_text(const struct elf_closure *closure)
{
    struct str text = { 0 };

    for (size_t i = 1; i < closure->count; i++) {
        const struct elf_member *member = &closure->members[i];
        if (member->how == ELF_INTERPRETER && member->path)
            continue;
        str_addf(&text, "%s%s=%s", text.length ? " " : "", member->name,
                 member->path ? member->path : "-");
        if (member->path)
            str_addf(&text, "(%s)", member->via);
    }
    return str_steal(&text);
}

static void expect_closure(void **state, const char *path, enum elf_verdict verdict,
                           const char *expected)
{
    struct elf_closure closure = closure_of(state, path);
    CLEANUP(free_char) char *text = closure_text(&closure);

    assert_string_equal(text, expected);
    assert_int_equal(closure.verdict, verdict);
    elf_closure_done(&closure);
}

static void expect_reason(void **state, const char *path, const char *reason)
{
    struct elf_closure closure = closure_of(state, path);

    assert_int_equal(closure.verdict, ELF_NOT_A_PROGRAM);
    assert_non_null(strstr(closure.reason, reason));
    elf_closure_done(&closure);
}

/* ---- one file -------------------------------------------------------------------------------- */

/* A function of the file's own, one that it asks for, or a library's name; a longer name is none.
 */
static void test_jit(void **state)
{
    tree_elf(state, "/luajit", PROGRAM(.symbol = "luaJIT_setmode"));
    tree_elf(state, "/node",
             PROGRAM(.needed = { "libc.so.6" }, .symbol = "_ZN2v87Isolate8AllocateEv"));
    tree_elf(state, "/libguile.so", LIBRARY(.soname = "libguile-3.0.so.1"));
    tree_elf(state, "/plain", PROGRAM(.symbol = "luaJIT_setmode_not"));
    tree_elf(state, "/pcre", LIBRARY(.soname = "libpcre2-8.so.0", .symbol = "pcre2_jit_compile_8"));
    tree_text(state, "/script", "#!/luajit\nluaJIT_setmode");
    assert_string_equal(elf_jit(*state, "/luajit"), "LuaJIT");
    assert_string_equal(elf_jit(*state, "/node"), "V8");
    assert_string_equal(elf_jit(*state, "/libguile.so"), "Guile");
    assert_null(elf_jit(*state, "/plain"));
    assert_null(elf_jit(*state, "/pcre"));
    assert_null(elf_jit(*state, "/script"));
    assert_null(elf_jit(*state, "/missing"));
}

static void test_static(void **state)
{
    struct program_fact fact;

    tree_elf(state, "/static", &(struct elf_spec){ .type = ET_EXEC, .entry = 64 });
    tree_elf(state, "/pie", &(struct elf_spec){ .flags_1 = DF_1_PIE });
    tree_elf(state, "/started", &(struct elf_spec){ .entry = 64, .soname = "ld.so" });
    expect_closure(state, "/static", ELF_STATIC, "");
    expect_closure(state, "/pie", ELF_STATIC, "");
    expect_closure(state, "/started", ELF_STATIC, "");
    assert_int_equal(elf_inspect(*state, "/pie", &fact, NULL), 0);
    assert_true(fact.is_static);
    assert_string_equal(fact.path, "/pie");
    assert_string_equal(fact.format, "elf");
    assert_string_equal(fact.arch, "x86_64");
    assert_string_equal(fact.interpreter, "");
    assert_int_equal(fact.mode, 0755);
    assert_int_equal(fact.uid, getuid());
    assert_false(fact.exec_stack);
    assert_false(fact.text_rel);
    assert_false(fact.file_caps);
    program_fact_done(&fact);
}

static void test_dynamic_facts(void **state)
{
    struct program_fact fact;

    tree_elf(state, "/p",
             PROGRAM(.needed = { "libb.so", "liba.so" }, .rpath = "/cancelled", .runpath = "/r",
                     .exec_stack = true, .text_rel = true));
    assert_int_equal(elf_inspect(*state, "/p", &fact, NULL), 0);
    assert_false(fact.is_static);
    assert_string_equal(fact.interpreter, LOADER);
    assert_string_equal(fact.run_path, "/r");
    assert_int_equal(fact.needed.count, 2);
    assert_string_equal(fact.needed.items[0], "libb.so");
    assert_string_equal(fact.needed.items[1], "liba.so");
    assert_true(fact.exec_stack);
    assert_true(fact.text_rel);
    program_fact_done(&fact);
    tree_elf(state, "/q", PROGRAM(.rpath = "/only", .no_stack_header = true));
    assert_int_equal(elf_inspect(*state, "/q", &fact, NULL), 0);
    assert_string_equal(fact.run_path, "/only");
    assert_true(fact.exec_stack);
    program_fact_done(&fact);
}

static void test_architectures(void **state)
{
    static const struct {
        struct elf_spec spec;
        const char *arch;
        bool exec_stack;
    } cases[] = {
        { { .machine = EM_X86_64 }, "x86_64", true },
        { { .machine = EM_X86_64, .is_32 = true }, "x32", true },
        { { .machine = EM_386, .is_32 = true }, "x86", true },
        { { .machine = EM_AARCH64 }, "aarch64", false },
        { { .machine = EM_RISCV, .flags = 5 }, "riscv64", false },
        { { .machine = EM_PPC64, .flags = 2 }, "ppc64le", false },
        { { .machine = EM_S390, .is_big = true }, "s390x", true },
        { { .machine = EM_MIPS, .is_32 = true, .is_big = true }, "mips", true },
        { { .machine = EM_ARM, .is_32 = true, .flags = 0x5000400 }, "arm", true },
        { { .machine = 0x7777 }, "", true },
        { { .machine = EM_X86_64, .is_big = true }, "", true },
    };

    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct elf_spec spec = cases[i].spec;
        struct program_fact fact;
        spec.interpreter = "/lib/ld";
        spec.needed[0] = "libc.so";
        spec.no_stack_header = true;
        tree_elf(state, "/p", &spec);
        assert_int_equal(elf_inspect(*state, "/p", &fact, NULL), 0);
        assert_string_equal(fact.arch, cases[i].arch);
        assert_string_equal(fact.interpreter, "/lib/ld");
        assert_string_equal(fact.needed.items[0], "libc.so");
        assert_int_equal(fact.exec_stack, cases[i].exec_stack);
        program_fact_done(&fact);
    }
}

static void test_not_a_program(void **state)
{
    struct program_fact fact;
    struct err err = { 0 };

    tree_text(state, "/empty", "");
    tree_text(state, "/text", "hello\n");
    tree_text(state, "/cut", "\177ELF\2\1\1");
    tree_text(state, "/bang", "#! \t\n");
    tree_elf(state, "/object", &(struct elf_spec){ .type = ET_REL });
    tree_elf(state, "/core", &(struct elf_spec){ .type = ET_CORE });
    tree_elf(state, "/shared", LIBRARY(.needed = { "libc.so.6" }, .entry = 64));
    tree_elf(state, "/data", LIBRARY(.soname = "libdata.so"));
    expect_reason(state, "/empty", "an empty file");
    expect_reason(state, "/text", "neither an ELF file nor a script");
    expect_reason(state, "/cut", "damaged");
    expect_reason(state, "/bang", "names no interpreter");
    expect_reason(state, "/object", "a relocatable object file");
    expect_reason(state, "/core", "a core dump");
    expect_reason(state, "/shared", "a shared object");
    expect_reason(state, "/data", "a shared object");

    assert_int_equal(elf_inspect(*state, "/text", &fact, &err), -ENOEXEC);
    assert_non_null(strstr(err.text, "/text is not a program"));
    err_done(&err);
}

/* What is no regular file is not opened: a FIFO would block, a device could do anything. */
static void test_unreadable(void **state)
{
    CLEANUP(free_char) char *fifo = tree_path(state, "/fi\nfo");
    struct program_fact fact;
    struct elf_closure closure;
    static const struct {
        const char *path;
        int code;
        const char *text;
    } cases[] = {
        { "/absent", ENOENT, "/absent" },
        { "/directory", EISDIR, "directory" },
        { "/fi\nfo", 0, "/fi\\x0afo: not a regular file" },
        { "/loop", ELOOP, "/loop" },
    };

    free(tree_path(state, "/directory/")); /* makes what lies on the way */
    assert_int_equal(mkfifo(fifo, 0644), 0);
    tree_text(state, "/directory/file", "");
    tree_link(state, "/loop", "/loop");
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct err err = { 0 };
        int result = elf_closure_in(*state, "", cases[i].path, &closure, &err);
        assert_true(result < 0);
        if (cases[i].code)
            assert_int_equal(result, -cases[i].code);
        assert_non_null(strstr(err.text, cases[i].text));
        assert_int_equal(elf_inspect(*state, cases[i].path, &fact, NULL), result);
        err_done(&err);
    }
    assert_true(elf_inspect("", "/dev/null", &fact, NULL) < 0);
    assert_true(elf_inspect("/no/such/root", "/p", &fact, NULL) < 0);
}

/* Every prefix and every damaged byte of a program is refused or read, never more than that. */
static void test_damaged(void **state)
{
    struct str bytes = { 0 };
    struct elf_closure closure;
    const struct elf_spec *spec =
        PROGRAM(.needed = { "liba.so" }, .runpath = "$ORIGIN/x:", .soname = "s");

    tree_elf(state, "/x/liba.so", LIBRARY());
    elf_build(spec, &bytes);
    for (size_t i = 0; i < bytes.length; i++) {
        tree_write(state, "/p", bytes.data, i);
        assert_int_equal(elf_closure_in(*state, "", "/p", &closure, NULL), 0);
        assert_int_not_equal(closure.verdict, ELF_STATIC);
        elf_closure_done(&closure);
    }
    for (size_t i = 0; i < bytes.length; i++) {
        char kept = bytes.data[i];
        bytes.data[i] = (char)(kept ^ 0x80);
        tree_write(state, "/p", bytes.data, bytes.length);
        assert_int_equal(elf_closure_in(*state, "", "/p", &closure, NULL), 0);
        elf_closure_done(&closure);
        bytes.data[i] = kept;
    }
    str_done(&bytes);
}

/* ---- glibc's search -------------------------------------------------------------------------- */

static void test_default_directories(void **state)
{
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_elf(state, "/usr/lib/liba.so", LIBRARY(.needed = { "libb.so", "libnone.so" }));
    tree_elf(state, "/lib64/libb.so", LIBRARY());
    tree_elf(state, "/usr/lib64/libb.so", LIBRARY());
    tree_elf(state, "/p", PROGRAM(.needed = { "liba.so", "libb.so" }));
    expect_closure(state, "/p", ELF_DYNAMIC,
                   "liba.so=/usr/lib/liba.so(default) libb.so=/lib64/libb.so(default) "
                   "libnone.so=-");
    struct elf_closure closure = closure_of(state, "/p");
    assert_int_equal(closure.missing, 1);
    assert_int_equal(closure.members[1].how, ELF_INTERPRETER);
    assert_string_equal(closure.members[1].path, LOADER);
    assert_string_equal(closure.members[2].needed_by, "");
    assert_string_equal(closure.members[4].needed_by, "/usr/lib/liba.so");
    assert_int_equal(closure.notes.count, 0);
    elf_closure_done(&closure);
}

/* The loader knows its directories itself, whatever is usual; $LIB is one of them. */
static void test_loader_directories(void **state)
{
    static const char odd[] = "/lib/odd-gnu/\0/usr/lib/odd-gnu/\0";

    tree_loader(state, odd, sizeof(odd));
    tree_elf(state, "/lib64/liba.so", LIBRARY());
    tree_elf(state, "/usr/lib/odd-gnu/libb.so", LIBRARY());
    tree_elf(state, "/opt/lib/odd-gnu/libc.so", LIBRARY());
    tree_elf(state, "/p",
             PROGRAM(.needed = { "liba.so", "libb.so", "libc.so" }, .runpath = "/opt/$LIB"));
    expect_closure(state, "/p", ELF_DYNAMIC,
                   "liba.so=- libb.so=/usr/lib/odd-gnu/libb.so(default) "
                   "libc.so=/opt/lib/odd-gnu/libc.so(runpath)");
}

static void test_missing_loader(void **state)
{
    tree_elf(state, "/lib/liba.so", LIBRARY());
    tree_elf(state, "/p", PROGRAM(.needed = { "liba.so" }));
    expect_closure(state, "/p", ELF_DYNAMIC, LOADER "=- liba.so=/lib/liba.so(default)");
}

static void test_rpath_inherited(void **state)
{
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_elf(state, "/r/liba.so", LIBRARY(.needed = { "libb.so" }));
    tree_elf(state, "/r/libb.so", LIBRARY(.needed = { "libc.so" }));
    tree_elf(state, "/r/libc.so", LIBRARY());
    tree_elf(state, "/p", PROGRAM(.needed = { "liba.so" }, .rpath = "/r"));
    expect_closure(state, "/p", ELF_DYNAMIC,
                   "liba.so=/r/liba.so(rpath) libb.so=/r/libb.so(rpath) libc.so=/r/libc.so(rpath)");
    /* A library with a DT_RUNPATH looks at no DT_RPATH, and hands its own to nobody. */
    tree_elf(state, "/r/liba.so", LIBRARY(.needed = { "libb.so" }, .runpath = "/u"));
    tree_elf(state, "/u/libb.so", LIBRARY(.needed = { "libc.so", "libd.so" }));
    tree_elf(state, "/u/libd.so", LIBRARY());
    expect_closure(state, "/p", ELF_DYNAMIC,
                   "liba.so=/r/liba.so(rpath) libb.so=/u/libb.so(runpath) "
                   "libc.so=/r/libc.so(rpath) libd.so=-");
}

static void test_runpath_not_inherited(void **state)
{
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_elf(state, "/r/liba.so", LIBRARY(.needed = { "libb.so" }));
    tree_elf(state, "/r/libb.so", LIBRARY());
    tree_elf(state, "/p", PROGRAM(.needed = { "liba.so" }, .runpath = "/r"));
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=/r/liba.so(runpath) libb.so=-");
    /* The program's DT_RPATH counts for nothing beside its DT_RUNPATH. */
    tree_elf(state, "/p", PROGRAM(.needed = { "liba.so" }, .runpath = "/u", .rpath = "/r"));
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=-");
    /* Nor for its libraries. */
    tree_elf(state, "/u/liba.so", LIBRARY(.needed = { "libb.so" }));
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=/u/liba.so(runpath) libb.so=-");
}

static void test_origin(void **state)
{
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_elf(state, "/opt/app/bin/p",
             PROGRAM(.needed = { "liba.so", "libb.so", "libc.so", "libd.so" },
                     .rpath = "$ORIGINX:${ORIGIN}/../lib:$ORIGIN:/nowhere/$ORIGIN$$LI"));
    tree_elf(state, "/opt/app/lib/liba.so", LIBRARY(.needed = { "libe.so" }, .rpath = "$ORIGIN/e"));
    tree_elf(state, "/opt/app/bin/libb.so", LIBRARY());
    tree_elf(state, "/opt/app/lib/e/libe.so", LIBRARY());
    tree_elf(state, "/nowhere//opt/app/bin$$LI/libc.so", LIBRARY());
    tree_elf(state, "/usr/bin/libd.so", LIBRARY());
    const char *expected =
        "liba.so=/opt/app/bin/../lib/liba.so(rpath) libb.so=/opt/app/bin/libb.so(rpath) "
        "libc.so=/nowhere/opt/app/bin$$LI/libc.so(rpath) libd.so=- "
        "libe.so=/opt/app/bin/../lib/e/libe.so(rpath)";
    expect_closure(state, "/opt/app/bin/p", ELF_DYNAMIC, expected);
    /* The kernel tells ld.so the program's real place, and an absolute link stays in the tree. */
    tree_link(state, "/opt/app/bin/p", "/usr/bin/p");
    expect_closure(state, "/usr/bin/p", ELF_DYNAMIC, expected);
}

static void test_needed_path(void **state)
{
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_elf(state, "/a/p", PROGRAM(.needed = { "/a/liba.so", "$ORIGIN/libb.so", "/a/none.so" }));
    tree_elf(state, "/a/liba.so", LIBRARY());
    tree_elf(state, "/a/libb.so", LIBRARY());
    expect_closure(state, "/a/p", ELF_DYNAMIC,
                   "/a/liba.so=/a/liba.so(path) $ORIGIN/libb.so=/a/libb.so(path) /a/none.so=-");
}

/* What is loaded under a soname, or is the same file, serves again. */
static void test_reuse(void **state)
{
    CLEANUP(free_char) char *from = tree_path(state, "/lib/liba.so");
    CLEANUP(free_char) char *to = tree_path(state, "/lib/libhard.so");

    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_elf(state, "/lib/liba.so", LIBRARY(.soname = "libreal.so.1"));
    tree_elf(state, "/lib/libreal.so.1", LIBRARY());
    assert_int_equal(link(from, to), 0);
    tree_link(state, "liba.so", "/lib/libsoft.so");
    tree_elf(state, "/p",
             PROGRAM(.needed = { "liba.so", "libhard.so", "libsoft.so", "libreal.so.1",
                                 "ld-linux-x86-64.so.2" }));
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=/lib/liba.so(default)");
    /* The other way round the file of that name is another one. */
    tree_elf(state, "/q", PROGRAM(.needed = { "libreal.so.1", "liba.so" }));
    expect_closure(state, "/q", ELF_DYNAMIC,
                   "libreal.so.1=/lib/libreal.so.1(default) liba.so=/lib/liba.so(default)");
}

static void test_other_machine(void **state)
{
    CLEANUP(free_char) char *fifo = tree_path(state, "/c/libc.so");
    struct elf_closure closure;

    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_elf(state, "/a/liba.so", LIBRARY(.is_32 = true, .machine = EM_386));
    tree_elf(state, "/b/liba.so", LIBRARY(.machine = EM_AARCH64));
    tree_elf(state, "/x32/liba.so", LIBRARY(.is_32 = true));
    tree_elf(state, "/c/liba.so", LIBRARY());
    /* A damaged one, or a FIFO, is where the search ends. */
    tree_text(state, "/a/libb.so", "INPUT(libb.so.1)\n");
    tree_elf(state, "/c/libb.so", LIBRARY());
    assert_int_equal(mkfifo(fifo, 0644), 0);
    tree_elf(state, "/p",
             PROGRAM(.needed = { "liba.so", "libb.so", "libc.so" }, .rpath = "/a:/b:/x32:/c"));
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=/c/liba.so(rpath) libb.so=- libc.so=-");
    closure = closure_of(state, "/p");
    assert_string_equal(closure.members[2].note, "/a/liba.so: passed over, it is for x86; "
                                                 "/b/liba.so: passed over, it is for aarch64; "
                                                 "/x32/liba.so: passed over, it is for x32");
    assert_string_equal(closure.members[3].note, "/a/libb.so: neither an ELF file nor a script");
    assert_string_equal(closure.members[4].note, "/c/libc.so: not a regular file");
    elf_closure_done(&closure);
}

static void test_no_default_directories(void **state)
{
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_elf(state, "/lib/liba.so", LIBRARY());
    tree_elf(state, "/p", PROGRAM(.needed = { "liba.so" }, .flags_1 = DF_1_NODEFLIB));
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=-");
}

static void test_preload(void **state)
{
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_text(state, "/etc/ld.so.preload", "# libno.so\n/x/libpre.so:libq.so\tlibr.so # libs.so\n");
    tree_elf(state, "/x/libpre.so", LIBRARY(.needed = { "libq.so" }));
    tree_elf(state, "/lib/libq.so", LIBRARY());
    tree_elf(state, "/p", PROGRAM());
    expect_closure(state, "/p", ELF_DYNAMIC,
                   "/x/libpre.so=/x/libpre.so(preload) libq.so=/lib/libq.so(preload) libr.so=-");
}

/* A working directory in a run path: an empty element; seen from the root of a foreign tree. */
static void test_empty_element(void **state)
{
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_elf(state, "/liba.so", LIBRARY());
    tree_elf(state, "/bin/p", PROGRAM(.needed = { "liba.so" }, .rpath = "/x:"));
    expect_closure(state, "/bin/p", ELF_DYNAMIC, "liba.so=/liba.so(rpath)");
    tree_elf(state, "/bin/p", PROGRAM(.needed = { "liba.so" }, .rpath = ""));
    expect_closure(state, "/bin/p", ELF_DYNAMIC, "liba.so=-");
}

/* Caches that ldconfig made, in each of its formats; /lib is no default directory here. */
static void test_cache(void **state)
{
    static const char odd[] = "/lib/odd/\0/usr/lib/odd/\0";
    static const char *const formats[] = { "new", "compat", "old" };
    const char *sources = getenv("top_srcdir");
    struct elf_spec library32 = { .is_32 = true, .machine = EM_386 };
    struct elf_spec program32 = {
        .is_32 = true, .machine = EM_386, .interpreter = LOADER32, .needed = { "libz.so.1" }
    };

    tree_loader(state, odd, sizeof(odd));
    tree_elf(state, "/lib/liba.so", LIBRARY());
    tree_elf(state, "/lib/glibc-hwcaps/x86-64-v2/liba.so", LIBRARY());
    tree_elf(state, "/lib/libz.so.1", &library32);
    tree_elf(state, "/p", PROGRAM(.needed = { "liba.so", "libz.so.1", "libc.so.6" }));
    tree_elf(state, "/q", &program32);
    for (size_t i = 0; i < ELEMENTS_OF(formats); i++) {
        CLEANUP(free_char)
        char *path = mem_printf("%s/fixtures/fuzz/ldcache/%s", sources ? sources : ".", formats[i]);
        bool is_old = strcmp(formats[i], "old") == 0; /* it does not tell hwcaps */
        struct str bytes = { 0 };
        assert_int_equal(fd_read_file(AT_FDCWD, path, 1 << 20, &bytes), 0);
        tree_write(state, "/etc/ld.so.cache", bytes.data, bytes.length);
        str_done(&bytes);
        expect_closure(state, "/p", ELF_DYNAMIC,
                       is_old ? "liba.so=/lib/glibc-hwcaps/x86-64-v2/liba.so(cache) libz.so.1=- "
                                "libc.so.6=-"
                              : "liba.so=/lib/liba.so(cache) libz.so.1=- libc.so.6=-");
        expect_closure(state, "/q", ELF_DYNAMIC, LOADER32 "=- libz.so.1=/lib/libz.so.1(cache)");
    }
    /* A program that wants no default directories takes what the cache has elsewhere, but not what
     * it has of them. */
    tree_elf(state, "/p", PROGRAM(.needed = { "liba.so" }, .flags_1 = DF_1_NODEFLIB));
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=/lib/glibc-hwcaps/x86-64-v2/liba.so(cache)");
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=-");
    tree_loader(state, odd, sizeof(odd));
    /* What the cache names but is not there is looked for in the default directories. */
    tree_elf(state, "/usr/lib/odd/liba.so", LIBRARY());
    CLEANUP(free_char) char *gone = tree_path(state, "/lib/liba.so");
    CLEANUP(free_char) char *cache = tree_path(state, "/etc/ld.so.cache");
    tree_elf(state, "/p", PROGRAM(.needed = { "liba.so" }));
    assert_int_equal(unlink(gone), 0);
    CLEANUP(free_char) char *level = tree_path(state, "/lib/glibc-hwcaps/x86-64-v2/liba.so");
    assert_int_equal(unlink(level), 0);
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=/usr/lib/odd/liba.so(default)");
    assert_int_equal(truncate(cache, 30), 0);
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=/usr/lib/odd/liba.so(default)");
}

/* ---- musl ------------------------------------------------------------------------------------ */

static void test_musl(void **state)
{
    struct elf_spec program = { .interpreter = MUSL,
                                .entry = 64,
                                .needed = { "libc.so", "libm.so.6", "liba.so", "libb.so" },
                                .runpath = "$ORIGIN/r" };

    tree_elf(state, MUSL, LIBRARY(.entry = 64, .soname = "libc.musl-x86_64.so.1"));
    tree_elf(state, "/r/liba.so", LIBRARY(.needed = { "libc.musl-x86_64.so.1", "libd.so" }));
    tree_elf(state, "/r/libd.so", LIBRARY());
    tree_elf(state, "/usr/local/lib/libb.so", LIBRARY());
    tree_elf(state, "/odd/libb.so", LIBRARY());
    tree_elf(state, "/p", &program);
    /* Its libc is its loader; unlike glibc's, a DT_RUNPATH is inherited. */
    expect_closure(state, "/p", ELF_DYNAMIC,
                   "liba.so=/r/liba.so(runpath) libb.so=/usr/local/lib/libb.so(default) "
                   "libd.so=/r/libd.so(runpath)");
    tree_text(state, "/etc/ld-musl-x86_64.path", "/nowhere\n/odd:/usr/local/lib\n");
    expect_closure(state, "/p", ELF_DYNAMIC,
                   "liba.so=/r/liba.so(runpath) libb.so=/odd/libb.so(default) "
                   "libd.so=/r/libd.so(runpath)");
    program.runpath = "$ORIGIN/r:/$LIB";
    tree_elf(state, "/p", &program);
    expect_closure(state, "/p", ELF_DYNAMIC, "liba.so=- libb.so=/odd/libb.so(default)");
}

/* ---- scripts --------------------------------------------------------------------------------- */

static void test_scripts(void **state)
{
    struct program_fact fact;

    tree_elf(state, "/bin/sh", &(struct elf_spec){ .type = ET_EXEC, .entry = 64 });
    tree_elf(state, "/bin/dyn", PROGRAM());
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    tree_text(state, "/s", "#! /bin/sh  -e x \nexit\n");
    tree_text(state, "/t", "#!/s");
    tree_text(state, "/d", "#!/bin/dyn\n");
    tree_text(state, "/missing", "#!/bin/none\n");
    tree_text(state, "/bad", "#!/etc/passwd\n");
    tree_text(state, "/etc/passwd", "root\n");
    expect_closure(state, "/s", ELF_STATIC, "/bin/sh=/bin/sh(path)");
    expect_closure(state, "/t", ELF_STATIC, "/s=/s(path) /bin/sh=/bin/sh(path)");
    expect_closure(state, "/d", ELF_DYNAMIC, "/bin/dyn=/bin/dyn(path)");
    expect_closure(state, "/missing", ELF_DYNAMIC, "/bin/none=-");
    expect_reason(state, "/bad", "its interpreter /etc/passwd is neither");
    assert_int_equal(elf_inspect(*state, "/s", &fact, NULL), 0);
    assert_string_equal(fact.format, "script");
    assert_string_equal(fact.interpreter, "/bin/sh");
    assert_string_equal(fact.script_option, "-e x");
    assert_false(fact.is_static);
    program_fact_done(&fact);
}

static void test_script_chain(void **state)
{
    tree_elf(state, "/0", &(struct elf_spec){ .type = ET_EXEC, .entry = 64 });
    for (int i = 1; i <= 6; i++) {
        CLEANUP(free_char) char *path = mem_printf("/%d", i);
        CLEANUP(free_char) char *text = mem_printf("#!/%d\n", i - 1);
        tree_text(state, path, text);
    }
    expect_closure(state, "/5", ELF_STATIC,
                   "/4=/4(path) /3=/3(path) /2=/2(path) /1=/1(path) /0=/0(path)");
    expect_reason(state, "/6", "more script interpreters than the kernel follows");
    tree_text(state, "/self", "#!/self\n");
    expect_reason(state, "/self", "more script interpreters than the kernel follows");
}

static void test_env(void **state)
{
    struct elf_closure closure;

    tree_elf(state, "/usr/bin/env", &(struct elf_spec){ .type = ET_EXEC, .entry = 64 });
    tree_elf(state, "/bin/prog", &(struct elf_spec){ .type = ET_EXEC, .entry = 64 });
    tree_text(state, "/s", "#!/usr/bin/env prog\n");
    tree_text(state, "/split", "#!/usr/bin/env -S A=1 prog -x\n");
    tree_text(state, "/none", "#!/usr/bin/env none\n");
    tree_text(state, "/unknown", "#!/usr/bin/env -i\n");
    tree_text(state, "/bin/again", "#!/usr/bin/env again\n");
    expect_closure(state, "/s", ELF_STATIC,
                   "/usr/bin/env=/usr/bin/env(path) prog=/bin/prog(search-path)");
    expect_closure(state, "/split", ELF_STATIC,
                   "/usr/bin/env=/usr/bin/env(path) prog=/bin/prog(search-path)");
    expect_closure(state, "/none", ELF_DYNAMIC, "/usr/bin/env=/usr/bin/env(path) none=-");
    expect_closure(state, "/unknown", ELF_DYNAMIC, "/usr/bin/env=/usr/bin/env(path)");
    expect_reason(state, "/bin/again", "without an end");
    closure = closure_of(state, "/s");
    assert_int_equal(closure.notes.count, 1);
    assert_non_null(strstr(closure.notes.items[0], "looks up prog in PATH"));
    elf_closure_done(&closure);
    /* A program of PATH that is not static makes the script not static. */
    tree_elf(state, "/usr/local/bin/prog", PROGRAM());
    tree_loader(state, DIRECTORIES, sizeof(DIRECTORIES));
    expect_closure(state, "/s", ELF_DYNAMIC,
                   "/usr/bin/env=/usr/bin/env(path) prog=/usr/local/bin/prog(search-path)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_make, tree_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_static),
        TEST(test_dynamic_facts),
        TEST(test_architectures),
        TEST(test_not_a_program),
        TEST(test_unreadable),
        TEST(test_damaged),
        TEST(test_default_directories),
        TEST(test_loader_directories),
        TEST(test_missing_loader),
        TEST(test_rpath_inherited),
        TEST(test_runpath_not_inherited),
        TEST(test_origin),
        TEST(test_needed_path),
        TEST(test_reuse),
        TEST(test_other_machine),
        TEST(test_no_default_directories),
        TEST(test_preload),
        TEST(test_empty_element),
        TEST(test_jit),
        TEST(test_cache),
        TEST(test_musl),
        TEST(test_scripts),
        TEST(test_script_chain),
        TEST(test_env),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
