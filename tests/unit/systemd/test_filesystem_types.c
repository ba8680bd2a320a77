// SPDX-License-Identifier: LGPL-2.1-or-later
/* RestrictFileSystems=: what grants it, what refuses it, what the evaluator says of it, and that
 * the kinds are named as systemd names them. */
#include "build.h"
#include "host/census.h"
#include "unit.h"
#include <cinch/evaluate.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A row of the table says what matters and leaves the rest zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

static void lies_on(struct profile *profile, const char *path, enum file_type type,
                    const char *filesystem)
{
    profile_add_file(profile, &(struct host_file){ .path = build_text(path),
                                                   .type = type,
                                                   .target = build_text(""),
                                                   .entries = -1,
                                                   .unused = -1,
                                                   .filesystem = build_text(filesystem) });
}

/* A daemon on a disk of ext4 with its data on `data`. */
static struct profile *machine(const char *data)
{
    struct profile *profile = build_profile();

    build_syscall(profile, "read", 0);
    build_syscall(profile, "chown", 0); /* PrivateUsers= is out */
    build_argument(profile, "fchown", "ownership", "33:-", 0);
    build_path(profile, PATH_EXECUTE, "/usr/sbin/d", 0);
    build_path(profile, PATH_READ, "/proc/self/stat", 0);
    build_path(profile, PATH_READ, "/srv/data", 0);
    build_path(profile, PATH_READ, "/srv/none", ENOENT);
    build_path(profile, PATH_STAT, "/mnt/share", 0);
    lies_on(profile, "/", FILE_DIRECTORY, "ext4");
    lies_on(profile, "/usr/sbin/d", FILE_REGULAR, "ext4");
    lies_on(profile, "/srv", FILE_DIRECTORY, "ext4");
    lies_on(profile, "/srv/data", FILE_REGULAR, data);
    lies_on(profile, "/srv/none", FILE_MISSING, "");
    lies_on(profile, "/mnt/share", FILE_DIRECTORY, "nfs");
    profile_add_setting(profile, "lsm", "lockdown,capability,landlock,bpf");
    return profile;
}

struct type_case {
    const char *data; /* what /srv/data lies on; "" when the profile does not know */
    const char *value;
    const char *why; /* part of it, of a verdict that is not emitted */
    int version;     /* 257 */
    enum fit fit;
    bool is_view;
    const char *setting, *is; /* of the machine */
    const char *unit;
    const char *also; /* another path that was opened, with this outcome */
    int outcome;
};

#define OWN "@anonymous @basic-api @security @temporary nsfs pidfs "

static const struct type_case cases[] = {
    { "ext4", OWN "@common-block" },
    { "ext4", OWN "ext4", .fit = FIT_EXACT },
    { "btrfs", OWN "btrfs ext4", .fit = FIT_EXACT },
    { "btrfs", OWN "@common-block", .fit = FIT_LOOSE },
    { "nfs", OWN "@common-block nfs" },
    { "ceph", OWN "ceph ext4", .fit = FIT_EXACT },
    { "tmpfs", OWN "ext4", .fit = FIT_EXACT },
    /* nobody knows what its layers lie on */
    { "overlay", NULL, "file systems of its layers are unknown" },
    { "ecryptfs", NULL, "file systems of its layers are unknown" },
    { "0x2fc12fc1", NULL, "0x2fc12fc1: systemd has no name" },
    { "", NULL, "is unknown: openat of /srv/data" },
    /* systemd cannot, or the kernel does not */
    { "ext4", NULL, "needs systemd 250", .version = 249 },
    { "ext4", NULL, "built without BPF_FRAMEWORK", .version = 252 },
    { "ext4", NULL, "which refuses bpf(2)", .version = 256 },
    { "ext4", OWN "@common-block", .version = 262 },
    { "ext4", NULL, "built without BPF (-BPF_FRAMEWORK)", .setting = "systemd 257 BPF_FRAMEWORK",
      .is = "no" },
    { "ext4", NULL, "has none", .is_view = true },
    { "ext4", NULL, "PrivateUsers=", .unit = "[Service]\nPrivateUsers=yes\nUser=d\n" },
    /* opened, or as good as */
    { "ext4", OWN "@common-block fuse", .also = "/mnt/fuse", .outcome = ENXIO },
    { "ext4", OWN "@common-block", .also = "/mnt/fuse", .outcome = EACCES },
    { "ext4", NULL, "is unknown", .also = "/proc/sys/fs/binfmt_misc/status" },
    { "ext4", OWN "@common-block", .also = "/memfd:x (deleted)" },
    { "ext4", OWN "@common-block", .also = "pipe:[1]" },
    { "ext4", NULL, "is unknown", .also = "/srv/crowd/" },
};

static void check_case(const struct type_case *row)
{
    CLEANUP(profile_freep) struct profile *profile = machine(row->data);
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };
    const char *directive = NULL;
    struct suggest_options options = { .target = { .version = row->version ? row->version : 257 },
                                       .filesystem =
                                           row->is_view ? FILESYSTEM_VIEW : FILESYSTEM_STRICT,
                                       .fit = row->fit };

    lies_on(profile, "/mnt/fuse", FILE_REGULAR, "fuse");
    if (row->setting)
        profile_add_setting(profile, row->setting, row->is);
    if (row->also)
        build_path(profile, PATH_READ, row->also, row->outcome);
    if (row->unit) {
        assert_int_equal(unit_parse(&unit, row->unit, strlen(row->unit), "d.service", NULL), 0);
        options.unit = &unit;
    }
    suggest(profile, &options, &suggestion);
    CLEANUP(free_char) char *value = build_value(&suggestion, "RestrictFileSystems");
    const struct verdict *verdict = suggestion_find(&suggestion, "RestrictFileSystems");
    if (row->value ? !value || strcmp(value, row->value) != 0
                   : value || !strstr(verdict->why, row->why))
        fail_msg("case %td: %s (%s)", row - cases, value ? value : "-", verdict->why);
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        size_t count;
        const struct fact *const *facts = profile_facts(profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count; i++)
            if (!allows_suggestion(&suggestion, NULL, profile, facts[i], &directive))
                assert_string_not_equal(directive, "RestrictFileSystems");
    }
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        check_case(&cases[i]);
}

/* A kernel that would not enforce it. */
static void test_kernel(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    struct suggest_options options = { .target = { .version = 257 },
                                       .filesystem = FILESYSTEM_STRICT };

    (void)state;
    build_syscall(profile, "read", 0);
    lies_on(profile, "/", FILE_DIRECTORY, "ext4");
    profile_add_setting(profile, "lsm", "lockdown,capability,bpfilter");
    suggest(profile, &options, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "RestrictFileSystems");
    assert_false(verdict->emitted);
    assert_non_null(strstr(verdict->why, "lacks the bpf security module"));
}

/* Where nobody knows whether the kernel would, the line may do nothing: it is written when asked
 * for. */
static void test_unknown_kernel(void **state)
{
    struct suggest_options options = { .target = { .version = 257 },
                                       .filesystem = FILESYSTEM_STRICT };

    (void)state;
    for (int i = 0; i < 2; i++) {
        CLEANUP(profile_freep) struct profile *profile = build_profile();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        build_syscall(profile, "read", 0);
        lies_on(profile, "/", FILE_DIRECTORY, "ext4");
        options.knobs.bpf = i ? BPF_YES : BPF_AS_KNOWN;
        suggest(profile, &options, &suggestion);
        const struct verdict *verdict = suggestion_find(&suggestion, "RestrictFileSystems");
        assert_int_equal(verdict->emitted, false);
        assert_int_equal(strstr(verdict->why, "which training could not check") != NULL, !i);
    }
}

/* ---- the evaluator ---- */

static bool says_yes(const struct profile *profile, const char *list, enum path_use use,
                     const char *path)
{
    struct value values[8] = { 0 };
    struct verdict verdict = { .name = "RestrictFileSystems", .emitted = true, .values = values };
    struct suggestion suggestion = { .verdicts = &verdict,
                                     .count = 1,
                                     .target = { .version = 257 } };
    struct fact fact = { .kind = FACT_PATH, .path = { use, build_text(path), build_text(path) } };
    const char *directive = NULL;
    char *words = mem_strdup(list), *state = NULL;

    for (char *word = strtok_r(words, " ", &state); word; word = strtok_r(NULL, " ", &state))
        values[verdict.count++].text = word;
    bool allowed = allows_suggestion(&suggestion, NULL, profile, &fact, &directive);
    free(words);
    assert_true(allowed || strcmp(directive, "RestrictFileSystems") == 0);
    return allowed;
}

static void test_evaluator(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = machine("nfs");

    (void)state;
    assert_true(says_yes(profile, "ext4", PATH_READ, "/usr/sbin/d"));
    assert_true(says_yes(profile, "ext2", PATH_EXECUTE, "/usr/sbin/d")); /* one number */
    assert_true(says_yes(profile, "@common-block", PATH_READ, "/usr/sbin/d"));
    assert_false(says_yes(profile, "xfs @basic-api", PATH_READ, "/usr/sbin/d"));
    assert_false(says_yes(profile, "ext4", PATH_READ, "/srv/data"));
    assert_true(says_yes(profile, "nfs4 ext4", PATH_READ, "/srv/data"));
    assert_false(says_yes(profile, "@common-block", PATH_WRITE, "/srv/data"));
    assert_true(says_yes(profile, "proc", PATH_STAT, "/srv/data")); /* is not opened */
    assert_true(says_yes(profile, "proc", PATH_CONNECT, "/srv/data"));
    assert_false(says_yes(profile, "ext4", PATH_READ, "/proc/self/stat"));
    assert_true(says_yes(profile, "@basic-api", PATH_READ, "/proc/self/stat"));
    assert_true(says_yes(profile, "ext4", PATH_READ, "/srv/gone/since")); /* lay in /srv */
}

/* ---- names ---- */

/* Whether systemd has that number for that name: a line "    ext4 (magic: 0xef53)", of several
 * numbers with commas between them, and "[ext4]" after one that has another usual name. */
static bool has_number(const char *list, const char *name, const char *number)
{
    CLEANUP(free_char) char *start = mem_printf("\n    %s (magic: ", name);
    const char *line = strstr(list, start);

    if (!line)
        return false;
    line += strlen(start);
    CLEANUP(free_char) char *numbers = mem_strndup(line, strcspn(line, ")"));
    return strstr(numbers, number) != NULL;
}

/* Each number is called by a name that systemd has for it, and none is forgotten. */
static void test_names(void **state)
{
    CLEANUP(free_char)
    char *path = mem_printf("%s/fixtures/systemd/filesystems-257", getenv("top_srcdir"));
    CLEANUP(str_done) struct str list = { 0 };
    size_t known = 0;

    (void)state;
    assert_int_equal(fd_read_file(AT_FDCWD, path, 1 << 16, &list), 0);
    for (const char *at = strstr(list.data, "0x"); at; at = strstr(at + 2, "0x")) {
        CLEANUP(free_char) char *number = mem_strndup(at, strcspn(at, ",)["));
        CLEANUP(free_char) char *name = census_filesystem_name(strtoul(number, NULL, 16));
        if (!has_number(list.data, name, number))
            fail_msg("%s is %s", number, name);
        known++;
    }
    assert_true(known > 90);
    CLEANUP(free_char) char *zfs = census_filesystem_name(0x2fc12fc1);
    assert_string_equal(zfs, "0x2fc12fc1");
}

static void test_census(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    CLEANUP(fd_close) int fd = open("/proc", O_PATH | O_CLOEXEC);
    CLEANUP(free_char) char *proc = census_filesystem(fd);
    CLEANUP(free_char) char *nothing = census_filesystem(-1);
    size_t count;

    (void)state;
    assert_string_equal(proc, "proc");
    assert_string_equal(nothing, "");
    build_path(profile, PATH_READ, "/sys/kernel/mm", 0);
    build_path(profile, PATH_READ, "/sys/nothing", ENOENT);
    host_census(profile);
    const struct host_file *const *files = profile_files_at(profile, "/sys/kernel", &count);
    assert_int_equal(count, 1);
    assert_string_equal(files[0]->filesystem, "sysfs");
    files = profile_files_at(profile, "/sys/nothing", &count);
    assert_int_equal(count, 1);
    assert_string_equal(files[0]->filesystem, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),           cmocka_unit_test(test_kernel),
        cmocka_unit_test(test_unknown_kernel), cmocka_unit_test(test_evaluator),
        cmocka_unit_test(test_names),          cmocka_unit_test(test_census),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
