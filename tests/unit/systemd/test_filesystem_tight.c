// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the rows of the file system keep from the service beyond what the binds leave out. */
#include "filesystem_case.h"
#include <cinch/evaluate.h>

#define MACHINE                                                                                    \
    "dir / -1 -1\ndir /usr -1 -1\ndir /run 50 40\nfile /usr/bin/served\nexecute /usr/bin/served\n"

#define UNIT_ALONE "[Service]\nExecStart=/usr/bin/served\n"

/* A value of a suggestion on a unit: NULL when it must not be there. */
struct value_case {
    const char *profile;
    const char *unit;
    enum filesystem_form form;
    const char *directive;
    const char *expected; /* NULL: left out */
};

static void check_value(const struct value_case *example)
{
    const struct filesystem_case as_case = {
        .profile = example->profile, .unit = example->unit, .form = example->form, .given = true
    };
    CLEANUP(profile_freep) struct profile *profile = case_profile(example->profile);
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };

    case_suggest(&as_case, profile, &unit, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, example->directive);
    assert_int_equal(verdict->emitted, example->expected != NULL);
    if (example->expected)
        assert_string_equal(verdict->values[0].text, example->expected);
}

/* Each command of a unit has mounts of its own: what one makes in an empty directory is not there
 * for the next. */
static void test_run_of_commands(void **state)
{
#define MADE                                                                                       \
    MACHINE "create /run/a\ndir /run/a 1 0\ncreate /run/a/pid\nfile /run/a/pid\n"                  \
            "file /bin/mkdir\nexecute /bin/mkdir\nfile /bin/kill\nexecute /bin/kill\n"
#define UNIT_OF(rest) "[Service]\nExecStart=/usr/bin/served\n" rest
    static const struct value_case cases[] = {
        { MADE, NULL, FILESYSTEM_VIEW, "BindPaths", NULL },
        { MADE, UNIT_OF(""), FILESYSTEM_VIEW, "BindPaths", NULL },
        { MADE, UNIT_OF("ExecReload=/bin/kill -HUP $MAINPID\n"), FILESYSTEM_VIEW, "BindPaths",
          NULL },
        { MADE, UNIT_OF("ExecStartPre=-/bin/mkdir /run/a\n"), FILESYSTEM_VIEW, "BindPaths",
          "/run" },
        { MADE, UNIT_OF("ExecStartPre=-/bin/mkdir /run/a\n"), FILESYSTEM_ROOT, "BindPaths",
          "/run" },
        { MADE, UNIT_OF("ExecReload=/usr/bin/served -r\n"), FILESYSTEM_VIEW, "BindPaths", "/run" },
        { MADE, UNIT_OF("ExecStart=/usr/bin/served\n"), FILESYSTEM_VIEW, "BindPaths", "/run" },
        { MADE, UNIT_OF("ExecStop=/opt/cinch-gate -- /usr/bin/served -s\n"), FILESYSTEM_VIEW,
          "BindPaths", "/run" },
    };
#undef MADE
#undef UNIT_OF

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        check_value(&cases[i]);
}

/* A command that does the same everywhere needs no training: what its loader takes is known. */
static void test_plain_commands(void **state)
{
#define LOADS "loads /bin/kill /bin/kill /lib64/ld.so.2 /lib/libc.so.6\n"
    static const struct {
        const char *profile, *command;
        enum filesystem_form form;
        bool whole;
    } cases[] = {
        { MACHINE LOADS, "/bin/kill -HUP $MAINPID", FILESYSTEM_VIEW, false },
        { MACHINE LOADS, "/bin/kill -HUP $MAINPID", FILESYSTEM_ROOT, false },
        { MACHINE LOADS, "/bin/kill -HUP $MAINPID", FILESYSTEM_STRICT, false },
        { MACHINE LOADS, "-/bin/kill -s TERM ${MAINPID} ; /bin/kill -1 12", FILESYSTEM_VIEW,
          false },
        { MACHINE, "/bin/kill -HUP $MAINPID", FILESYSTEM_VIEW, true },
        { MACHINE, "/bin/kill -HUP $MAINPID", FILESYSTEM_STRICT, true },
        { MACHINE LOADS, "/usr/bin/kill -HUP $MAINPID", FILESYSTEM_VIEW, true },
        { MACHINE LOADS, "/bin/kill -HUP served", FILESYSTEM_VIEW, true },
        { MACHINE LOADS, "/bin/kill -HUP 1 ; /bin/kill --verbose 1", FILESYSTEM_VIEW, true },
        { MACHINE "loads /bin/kill relative /a/../b\n", "/bin/kill 1", FILESYSTEM_VIEW, true },
        { MACHINE "loads /bin/mv /bin/mv /lib/libc.so.6\n", "/bin/mv A B", FILESYSTEM_VIEW, true },
    };
#undef LOADS

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char)
        char *text =
            mem_printf("[Service]\nExecStart=/usr/bin/served\nExecReload=%s\n", cases[i].command);
        const struct filesystem_case as_case = { .unit = text,
                                                 .form = cases[i].form,
                                                 .given = true };
        CLEANUP(profile_freep) struct profile *profile = case_profile(cases[i].profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        bool strict = cases[i].form == FILESYSTEM_STRICT, whole = false;
        size_t loaded = 0;

        case_suggest(&as_case, profile, &unit, &suggestion);
        const struct verdict *shown =
            suggestion_find(&suggestion, strict ? "ExecPaths" : "BindReadOnlyPaths");
        for (size_t k = 0; k < shown->count; k++) {
            whole |= strcmp(shown->values[k].text, "/usr") == 0;
            loaded += strcmp(shown->values[k].text, "/lib/libc.so.6") == 0 ||
                      strcmp(shown->values[k].text, "/lib64/ld.so.2") == 0 ||
                      strcmp(shown->values[k].text, "/bin/kill") == 0;
        }
        assert_int_equal(whole, cases[i].whole);
        if (!whole)
            assert_int_equal(loaded, 3);
    }
}

/* What a unit mounts in a place of its own is told by its name in the service: the unit's mount
 * serves it, and the rest is known as ever. */
static void test_own_mounts(void **state)
{
#define FOREIGN "blind foreign-mount-namespace mount:/data\n"
#define USED                                                                                       \
    FOREIGN "dir /data 2 0\nfile /data/in\nread /data/in foreign\ncreate /data/out\n"              \
            "file /data/out\nstat /data\ndir /etc/web 5 4\nfile /etc/web/conf\n"                   \
            "read /etc/web/conf foreign\n"
#define UNIT "[Service]\nExecStart=/usr/bin/served\n"
    static const struct {
        const char *profile, *unit;
        enum filesystem_form form;
        const char *directive; /* and what it says, a blank between two; NULL: left out */
        const char *expected;
    } cases[] = {
        { USED, UNIT "BindPaths=/srv/a:/data\n", FILESYSTEM_VIEW, "BindPaths", "/srv/a:/data" },
        { USED, UNIT "BindPaths=/srv/a:/data\n", FILESYSTEM_VIEW, "BindReadOnlyPaths",
          "/etc/web /usr/bin/served" },
        { USED, UNIT "BindPaths=/srv/a:/data\n", FILESYSTEM_ROOT, "BindPaths", "/srv/a:/data" },
        { USED, UNIT "BindPaths=-/srv/a:/data:norbind\n", FILESYSTEM_VIEW, "BindPaths",
          "/srv/a:/data:norbind" },
        { USED, UNIT "TemporaryFileSystem=/data:mode=755\n", FILESYSTEM_VIEW, "TemporaryFileSystem",
          "/:ro /data:mode=755" },
        { USED, UNIT "TemporaryFileSystem=/data /gone\n", FILESYSTEM_ROOT, "TemporaryFileSystem",
          "/:ro /data" },
        { USED, UNIT "BindPaths=/srv/a:/data\n", FILESYSTEM_STRICT, "ProtectSystem", "strict" },
        { USED, UNIT "BindPaths=/srv/a:/data\n", FILESYSTEM_STRICT, "ReadWritePaths", NULL },
        { USED, UNIT "BindPaths=/srv/a:/data\n", FILESYSTEM_STRICT, "PrivateTmp", "yes" },
        /* Not what the unit has, or not what can be told of. */
        { USED, NULL, FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
        { USED, NULL, FILESYSTEM_STRICT, "PrivateTmp", NULL },
        { USED, UNIT "BindPaths=/srv/a:/other\n", FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
        { USED, UNIT "BindPaths=/data\n", FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
        { USED, UNIT "BindPaths=/srv/a:%t\n", FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
        { "blind foreign-mount-namespace /data\n", UNIT "BindPaths=/srv/a:/data\n", FILESYSTEM_VIEW,
          "TemporaryFileSystem", NULL },
        { "blind foreign-mount-namespace mount:/\n", UNIT "BindPaths=/srv/a:/\n", FILESYSTEM_VIEW,
          "TemporaryFileSystem", NULL },
        { "blind foreign-mount-namespace mount:/run/a\n", UNIT "BindPaths=/srv/a:/run/a\n",
          FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
        { "blind foreign-mount-namespace mount:/etc\n", UNIT "BindReadOnlyPaths=/srv/a:/etc\n",
          FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
        { FOREIGN "read /data/in -> /etc/out\nfile /etc/out\n", UNIT "BindPaths=/srv/a:/data\n",
          FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
        { FOREIGN "read /etc/in -> /data/out\nfile /data/out\n", UNIT "BindPaths=/srv/a:/data\n",
          FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
        { USED "blind foreign-mount-namespace /usr/bin/served\n", UNIT "BindPaths=/srv/a:/data\n",
          FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
    };
#undef FOREIGN
#undef USED
#undef UNIT

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        const struct filesystem_case as_case = { .unit = cases[i].unit,
                                                 .form = cases[i].form,
                                                 .given = true };
        CLEANUP(free_char) char *text = mem_printf("%s%s", MACHINE, cases[i].profile);
        CLEANUP(profile_freep) struct profile *profile = case_profile(text);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        struct str said = { 0 };
        size_t count;

        case_suggest(&as_case, profile, &unit, &suggestion);
        const struct verdict *verdict = suggestion_find(&suggestion, cases[i].directive);
        str_add(&said, "");
        for (size_t k = 0; k < verdict->count; k++) {
            const struct value *value = &verdict->values[k];
            str_addf(&said, "%s%s%s%s%s%s", k ? " " : "", value->text,
                     value->destination ? ":" : "", value->destination ? value->destination : "",
                     value->options ? ":" : "", value->options ? value->options : "");
        }
        assert_string_equal(said.data, cases[i].expected ? cases[i].expected : "");
        const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
        for (size_t k = 0; k < count && cases[i].expected; k++) {
            const char *refused = "nothing";
            if (!allows_suggestion(&suggestion, &unit, profile, facts[k], &refused))
                fail_msg("case %zu: %s refuses %s", i, refused, facts[k]->path.path);
        }
        str_done(&said);
    }
}

/* What is said of a place in /run, once and fitting. */
static void test_run_notes(void **state)
{
#define PID        "create /run/a.pid\nfile /run/a.pid\n"
#define DIRECTORY  "mkdir /run/a\nmode /run/a 0755 33\ncreate /run/a/x\nfile /run/a/x\n"
#define KEPT(mode) "create /run/a/x\nfile /run/a/x\nmode /run/a " mode "\n"
#define UNIT       "[Service]\nExecStart=/usr/bin/served\n"
#define TWO        "ExecStartPre=/usr/bin/served -t\n"
    static const struct {
        const char *profile, *unit, *note;
        size_t count; /* of notes of that place */
    } cases[] = {
        { MACHINE PID, UNIT TWO, "/run is bound from the host and writable, because other programs",
          1 },
        { MACHINE PID, UNIT "PIDFile=/run/a.pid\n",
          "/run is bound from the host and writable because PIDFile=", 1 },
        { MACHINE PID "create /run/b\nfile /run/b\n", UNIT TWO "PIDFile=/run/a.pid\n",
          "/run is bound from the host and writable because PIDFile=", 1 },
        { MACHINE PID DIRECTORY, UNIT TWO,
          "/run is bound from the host and writable because the service creates a directory", 1 },
        { MACHINE KEPT("0755 33"), UNIT, "/run/a existed before training", 1 },
        { MACHINE KEPT("0755"), UNIT, "/run/a existed before training", 1 },
        { MACHINE KEPT("0755 33"), UNIT "User=a\n",
          "/run/a must exist before the start, also after a boot; if nothing", 1 },
        { MACHINE KEPT("0755"), NULL,
          "/run/a must exist before the start, also after a boot; if nothing", 1 },
        { MACHINE PID, UNIT, "/run", 0 },
    };
#undef PID
#undef DIRECTORY
#undef KEPT
#undef UNIT
#undef TWO

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        const struct filesystem_case as_case = { .unit = cases[i].unit };
        CLEANUP(profile_freep) struct profile *profile = case_profile(cases[i].profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        size_t all = 0, fitting = 0;

        case_suggest(&as_case, profile, &unit, &suggestion);
        for (size_t k = 0; k < suggestion.notes.count; k++) {
            all += str_starts_with(suggestion.notes.items[k].text, "/run");
            fitting += str_starts_with(suggestion.notes.items[k].text, cases[i].note);
        }
        assert_int_equal(fitting, cases[i].count);
        assert_int_equal(all, cases[i].count);
    }
}

/* A view without a home is kept that way; nothing is said where a home was asked for, even in vain,
 * nor against a bind of the unit's own. */
static void test_homes(void **state)
{
    static const struct value_case cases[] = {
        { MACHINE, NULL, FILESYSTEM_VIEW, "ProtectHome", "yes" },
        { MACHINE, NULL, FILESYSTEM_ROOT, "ProtectHome", "yes" },
        { MACHINE, "[Service]\nProtectHome=read-only\n", FILESYSTEM_VIEW, "ProtectHome", "yes" },
        { MACHINE "stat /root/.rc ENOENT\n", NULL, FILESYSTEM_VIEW, "ProtectHome", NULL },
        { MACHINE "dir /home/a 3 2\nfile /home/a/b/c\nread /home/a/b/c\n", NULL, FILESYSTEM_VIEW,
          "ProtectHome", NULL },
        { MACHINE "dir /home/a 3 2\nfile /home/a/b/c\nread /home/a/b/c\n",
          "[Service]\nProtectHome=yes\n", FILESYSTEM_VIEW, "ProtectHome", "no" },
        { MACHINE, "[Service]\nBindPaths=/home/data\n", FILESYSTEM_VIEW, "ProtectHome", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        check_value(&cases[i]);
}

/* What root's group would see all the same. */
static void test_processes(void **state)
{
    static const struct value_case cases[] = {
        { MACHINE "read /proc/self/stat\n", NULL, FILESYSTEM_VIEW, "ProtectProc", "ptraceable" },
        { MACHINE "read /proc/self/stat\n", "[Service]\nUser=web\n", FILESYSTEM_VIEW, "ProtectProc",
          "invisible" },
        { MACHINE, "[Service]\nUser=web\n", FILESYSTEM_STRICT, "ProtectProc", "invisible" },
        { MACHINE, "[Service]\nUser=root\n", FILESYSTEM_STRICT, "ProtectProc", "ptraceable" },
        { MACHINE "read /proc/<pid>/stat\n", NULL, FILESYSTEM_STRICT, "ProtectProc", NULL },
        { MACHINE, NULL, FILESYSTEM_VIEW, "ProtectProc", NULL },
        { MACHINE "read /proc/self/stat\n", NULL, FILESYSTEM_VIEW, "ProcSubset", "pid" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        check_value(&cases[i]);
}

/* What is bound around the place where systemd puts the view together must not show it. */
static void test_view_in_itself(void **state)
{
    static const struct {
        const char *profile, *unit;
        enum filesystem_form form;
        const char *hidden; /* one of the values of InaccessiblePaths= */
        bool expected;
    } cases[] = {
        { MACHINE "create /run/a.pid\nfile /run/a.pid\n", "[Service]\nPIDFile=/run/a.pid\n",
          FILESYSTEM_VIEW, "/run/systemd/unit-root", true },
        { MACHINE "create /run/a.pid\nfile /run/a.pid\n", "[Service]\nPIDFile=/run/a.pid\n",
          FILESYSTEM_VIEW, "/run/systemd/mount-rootfs", true },
        { MACHINE "link /var/run /run\ncreate /var/run/a.pid -> /run/a.pid\nfile /run/a.pid\n",
          "[Service]\nPIDFile=/run/a.pid\n", FILESYSTEM_VIEW, "/run/systemd/unit-root", true },
        { MACHINE "dir /run/systemd 9 8\nlist /run/systemd\n", NULL, FILESYSTEM_VIEW,
          "/run/systemd/unit-root", true },
        { MACHINE, "[Service]\nBindPaths=-/run\n", FILESYSTEM_VIEW, "/run/systemd/unit-root",
          true },
        { MACHINE "read /etc/a\nfile /etc/a\n", NULL, FILESYSTEM_VIEW, "/run/systemd/unit-root",
          false },
        { MACHINE "create /run/a.pid\nfile /run/a.pid\n", "[Service]\nPIDFile=/run/a.pid\n",
          FILESYSTEM_STRICT, "/run/systemd/unit-root", false },
        { MACHINE "dir /var/lib 9 8\nlist /var/lib\n", "[Service]\n", FILESYSTEM_ROOT,
          "/var/lib/cinch/root/t", true },
        { MACHINE "dir /var/lib 9 8\nlist /var/lib\n", "[Service]\n", FILESYSTEM_VIEW,
          "/var/lib/cinch/root/t", false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        const struct filesystem_case as_case = { .unit = cases[i].unit,
                                                 .form = cases[i].form,
                                                 .given = true };
        CLEANUP(profile_freep) struct profile *profile = case_profile(cases[i].profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        bool hidden = false;

        case_suggest(&as_case, profile, &unit, &suggestion);
        const struct verdict *verdict = suggestion_find(&suggestion, "InaccessiblePaths");
        for (size_t k = 0; k < verdict->count; k++)
            hidden |= strcmp(verdict->values[k].text, cases[i].hidden) == 0;
        assert_int_equal(hidden, cases[i].expected);
    }
}

#define SITE                                                                                       \
    "dir /usr/lib/python3 900 800\ndir /usr/lib/python3/dist-packages 900 800\n"                   \
    "file /usr/lib/python3/dist-packages/six.py\nread /usr/lib/python3/dist-packages/six.py\n"     \
    "dir /usr/lib/python3/dist-packages/web 20 18\ndir /usr/lib/python3/dist-packages/web/in 9 "   \
    "8\n"                                                                                          \
    "file /usr/lib/python3/dist-packages/web/in/a.py\n"                                            \
    "read /usr/lib/python3/dist-packages/web/in/a.py\n"

/* Of a directory of all packages' modules what was imported, by package; all of it where somebody
 * else than Python listed it, where packages were looked for by version, and where it is asked for.
 */
static void test_modules(void **state)
{
    static const struct {
        const char *extra, *program;
        enum fit fit;
        bool narrow;
        enum module_use modules;
    } cases[] = {
        { "", "/usr/bin/python3.11", FIT_SNUG, true, MODULES_BY_FIT },
        { "", "/usr/bin/python3.11", FIT_SNUG, false, MODULES_ALL },
        { "", "/usr/bin/python3.11", FIT_LOOSE, true, MODULES_IMPORTED },
        { "", "/usr/bin/python3.11", FIT_EXACT, true, MODULES_BY_FIT },
        { "", "/usr/bin/python3.11", FIT_LOOSE, false, MODULES_BY_FIT },
        { "", "/usr/bin/ls", FIT_SNUG, false, MODULES_BY_FIT },
        { "read /usr/lib/python3/dist-packages/web-1.2.dist-info/METADATA\n", "/usr/bin/python3.11",
          FIT_SNUG, false, MODULES_BY_FIT },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char) char *text = mem_printf("%s%s%s", MACHINE, SITE, cases[i].extra);
        CLEANUP(profile_freep) struct profile *profile = case_profile(text);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        struct suggest_options options = { .target = { .version = 252 },
                                           .fit = cases[i].fit,
                                           .knobs = { .modules = cases[i].modules } };
        struct fact listed = { .kind = FACT_PATH,
                               .path = { .use = PATH_LIST,
                                         .path = build_text("/usr/lib/python3/dist-packages"),
                                         .requested =
                                             build_text("/usr/lib/python3/dist-packages") } };
        struct sighting sighting = {
            .run = "r1", .count = 1, .program = cases[i].program, .call = "getdents64"
        };
        const char *refused;
        bool whole = false, package = false, module = false;

        profile_record(profile, &listed, &sighting);
        suggest(profile, &options, &suggestion);
        const struct verdict *verdict = suggestion_find(&suggestion, "BindReadOnlyPaths");
        for (size_t k = 0; k < verdict->count; k++) {
            const char *value = verdict->values[k].text;
            whole |= path_is_within("/usr/lib/python3/dist-packages", value);
            package |= strcmp(value, "/usr/lib/python3/dist-packages/web") == 0;
            module |= strcmp(value, "/usr/lib/python3/dist-packages/six.py") == 0;
        }
        assert_int_equal(whole, !cases[i].narrow);
        assert_int_equal(package, cases[i].narrow);
        assert_int_equal(module, cases[i].narrow);
        size_t count;
        const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
        for (size_t k = 0; k < count; k++)
            assert_true(allows_suggestion(&suggestion, NULL, profile, facts[k], &refused));
    }
}

/* From 253 on systemd mounts something of its own below the /run of a root directory, which fails
 * where that is the host's and /run/host is read-only. */
static void test_run_in_root(void **state)
{
    static const struct {
        const char *profile;
        int version;
        bool root;
    } cases[] = {
        { MACHINE "list /run\n", 252, true },
        { MACHINE "list /run\n", 257, false },
        { MACHINE "create /run/a.pid\nfile /run/a.pid\n", 252, true },
        { MACHINE "create /run/a.pid\nfile /run/a.pid\n", 253, false },
        { MACHINE "read /run/a/b\nfile /run/a/b\ndir /run/a 1 0\n", 257, true },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        const struct filesystem_case as_case = { .unit = "[Service]\nPIDFile=/run/a.pid\n",
                                                 .form = FILESYSTEM_ROOT,
                                                 .given = true,
                                                 .version = cases[i].version };
        CLEANUP(profile_freep) struct profile *profile = case_profile(cases[i].profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };

        case_suggest(&as_case, profile, &unit, &suggestion);
        assert_int_equal(suggestion_find(&suggestion, "RootDirectory")->emitted, cases[i].root);
        assert_int_equal(suggestion_find(&suggestion, "ProtectSystem")->emitted &&
                             strcmp(suggestion_find(&suggestion, "ProtectSystem")->values[0].text,
                                    "strict") == 0,
                         !cases[i].root);
    }
}

/* What nobody showed of the unit may cancel an empty root: ProtectSystem=strict, and lists that
 * name the root. */
static void test_unknown_unit(void **state)
{
    static const struct {
        const char *directive, *value; /* "": a bare reset */
    } rows[] = { { "ProtectSystem", "no" }, { "ReadOnlyPaths", "" },  { "NoExecPaths", "" },
                 { "ExecPaths", "" },       { "ReadWritePaths", "" }, { "InaccessiblePaths", "" } };
    struct filesystem_case example = { .profile = MACHINE };

    (void)state;
    for (int unknown = 0; unknown < 2; unknown++) {
        CLEANUP(profile_freep) struct profile *profile = case_profile(example.profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        example.unknown = unknown;
        case_suggest(&example, profile, &unit, &suggestion);
        for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
            const struct verdict *verdict = suggestion_find(&suggestion, rows[i].directive);
            assert_int_equal(verdict->emitted, unknown);
            if (unknown && rows[i].value[0])
                assert_string_equal(verdict->values[0].text, rows[i].value);
            else if (unknown)
                assert_true(verdict->reset && verdict->count == 0);
        }
    }
}

static bool has_value_of(const struct suggestion *suggestion, const char *directive,
                         const char *text)
{
    const struct verdict *verdict = suggestion_find(suggestion, directive);

    for (size_t i = 0; verdict->emitted && i < verdict->count; i++)
        if (strcmp(verdict->values[i].text, text) == 0)
            return true;
    return false;
}

/* A view gives back nothing that the unit hides, nor the whole of what the unit's own view shows.
 */
static void test_unit_that_is_tight(void **state)
{
    static const struct {
        const char *unit, *directive, *value;
        bool is_there;
    } cases[] = {
        { "InaccessiblePaths=/srv/site/private", "InaccessiblePaths", "/srv/site/private", true },
        { "InaccessiblePaths=-/srv/site/private", "InaccessiblePaths", "/srv/site/private", true },
        { "InaccessiblePaths=/srv/other", "InaccessiblePaths", "/srv/other", false },
        { "InaccessiblePaths=/srv/site", "InaccessiblePaths", "/srv/site", false },
        { "TemporaryFileSystem=/:ro\nBindReadOnlyPaths=/usr /lib64", "BindReadOnlyPaths", "/usr",
          false },
        { "TemporaryFileSystem=/\nBindReadOnlyPaths=/opt/a:/opt/b", "BindReadOnlyPaths", "/opt/a",
          true },
        { "BindReadOnlyPaths=/opt", "BindReadOnlyPaths", "/opt", true },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(free_char) char *text = mem_printf("[Service]\n%s\n", cases[i].unit);
        const struct filesystem_case example = {
            .profile = MACHINE "dir /srv/site 9 2\nlist /srv/site\nread /srv/site/a\n", .unit = text
        };
        CLEANUP(profile_freep) struct profile *profile = case_profile(example.profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        case_suggest(&example, profile, &unit, &suggestion);
        if (has_value_of(&suggestion, cases[i].directive, cases[i].value) != cases[i].is_there)
            fail_msg("%s: %s", cases[i].unit, cases[i].value);
    }
}

/* A root of the unit's own takes away what is about paths, and nothing else. */
static void test_unit_with_a_root(void **state)
{
#define ROOTED "blind foreign-mount-namespace mount:/\n"
#define ROOT   "[Service]\nExecStart=/usr/bin/served\nRootDirectory=/srv/c\n"
    static const struct value_case cases[] = {
        { MACHINE ROOTED, ROOT, FILESYSTEM_VIEW, "ProtectClock", "yes" },
        { MACHINE ROOTED, ROOT, FILESYSTEM_VIEW, "ProtectKernelLogs", "yes" },
        { MACHINE ROOTED, ROOT, FILESYSTEM_VIEW, "ProtectKernelModules", "yes" },
        { MACHINE ROOTED, ROOT, FILESYSTEM_VIEW, "PrivateNetwork", "yes" },
        { MACHINE ROOTED, ROOT, FILESYSTEM_VIEW, "PrivateIPC", "yes" },
        { MACHINE ROOTED, ROOT, FILESYSTEM_VIEW, "TemporaryFileSystem", NULL },
        { MACHINE ROOTED, ROOT, FILESYSTEM_VIEW, "ProtectHostname", NULL },
        { MACHINE ROOTED, UNIT_ALONE, FILESYSTEM_VIEW, "ProtectClock", NULL },
        { MACHINE ROOTED, NULL, FILESYSTEM_VIEW, "ProtectClock", NULL },
    };
#undef ROOTED
#undef ROOT

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        check_value(&cases[i]);
}

/* Without a unit a run's user tells that it was a dynamic one; a unit that is wholly known decides.
 */
static void test_dynamic_runs(void **state)
{
    static const struct {
        unsigned uid;
        const char *unit;
        bool unknown;
        enum filesystem_form form;
    } cases[] = {
        { 62306, NULL, true, FILESYSTEM_ROOT },
        { 61184, NULL, false, FILESYSTEM_ROOT },
        { 65519, NULL, false, FILESYSTEM_ROOT },
        { 65520, NULL, false, FILESYSTEM_VIEW },
        { 61183, NULL, false, FILESYSTEM_VIEW },
        { 62306, "[Service]\nUser=web\n", false, FILESYSTEM_VIEW },
        { 62306, "[Service]\nUser=web\n", true, FILESYSTEM_ROOT },
        { 0, "[Service]\nDynamicUser=yes\n", true, FILESYSTEM_ROOT },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        const struct filesystem_case example = { .profile = MACHINE,
                                                 .unit = cases[i].unit,
                                                 .unknown = cases[i].unknown };
        const struct run run = { .id = (char[]){ "dynamic" }, .uid = cases[i].uid };
        CLEANUP(profile_freep) struct profile *profile = case_profile(example.profile);
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        profile_add_run(profile, &run);
        case_suggest(&example, profile, &unit, &suggestion);
        assert_int_equal(suggestion.filesystem, cases[i].form);
    }
}

/* The values of a directive, one after the other; "" when there is none. */
static void check_values(const struct value_case *example)
{
    const struct filesystem_case as_case = {
        .profile = example->profile, .unit = example->unit, .form = example->form, .given = true
    };
    CLEANUP(profile_freep) struct profile *profile = case_profile(example->profile);
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };

    case_suggest(&as_case, profile, &unit, &suggestion);
    CLEANUP(free_char) char *values = build_value(&suggestion, example->directive);
    assert_string_equal(values ? values : "", example->expected);
}

/* What the unit forbids of a directory that is bound stays forbidden, but for what training showed.
 */
static void test_bound_keeps_the_units_own(void **state)
{
#define DATA                                                                                       \
    MACHINE "dir /srv 20 2\ndir /srv/data 9 1\ncreate /srv/data/x\nfile /srv/data/x\n"             \
            "dir /srv/data/conf 3 3\ndir /srv/site 5 2\nlist /srv/site\n"
#define RAN DATA "file /srv/site/bin/cgi\nexecute /srv/site/bin/cgi\n"
    static const struct value_case cases[] = {
        { DATA, UNIT_ALONE "ReadOnlyPaths=-/srv/data/conf /srv/other\n", FILESYSTEM_VIEW,
          "ReadOnlyPaths", "/srv/data/conf" },
        { DATA, UNIT_ALONE "ReadOnlyPaths=/srv/data/conf\n", FILESYSTEM_STRICT, "ReadOnlyPaths",
          "/run /dev/hugepages /dev/mqueue /dev/pts /dev/shm /srv/data/conf" },
        { DATA "create /srv/data/conf/y\nfile /srv/data/conf/y\n",
          UNIT_ALONE "ReadOnlyPaths=/srv/data/conf\n", FILESYSTEM_VIEW, "ReadOnlyPaths", "" },
        { DATA, UNIT_ALONE "ReadOnlyPaths=/\n", FILESYSTEM_VIEW, "ReadOnlyPaths", "" },
        { DATA, UNIT_ALONE "NoExecPaths=/srv/site/up\n", FILESYSTEM_VIEW, "NoExecPaths",
          "/srv/data /srv/site/up" },
        { DATA, UNIT_ALONE "NoExecPaths=/srv\n", FILESYSTEM_VIEW, "NoExecPaths",
          "/srv/data /srv/site" },
        { DATA, UNIT_ALONE "NoExecPaths=/\nExecPaths=/srv/site/bin /usr\n", FILESYSTEM_VIEW,
          "NoExecPaths", "/srv/data" },
        { RAN, UNIT_ALONE "NoExecPaths=/srv\n", FILESYSTEM_VIEW, "NoExecPaths", "/srv/data" },
    };
#undef RAN
#undef DATA

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        check_values(&cases[i]);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_homes),
        cmocka_unit_test(test_processes),
        cmocka_unit_test(test_view_in_itself),
        cmocka_unit_test(test_run_in_root),
        cmocka_unit_test(test_modules),
        cmocka_unit_test(test_run_of_commands),
        cmocka_unit_test(test_plain_commands),
        cmocka_unit_test(test_own_mounts),
        cmocka_unit_test(test_run_notes),
        cmocka_unit_test(test_unknown_unit),
        cmocka_unit_test(test_dynamic_runs),
        cmocka_unit_test(test_unit_that_is_tight),
        cmocka_unit_test(test_bound_keeps_the_units_own),
        cmocka_unit_test(test_unit_with_a_root),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
