// SPDX-License-Identifier: LGPL-2.1-or-later
/* Notes on what no drop-in may do unasked: another user, a secret handed over. */
#include "build.h"
#include "unit.h"
#include <errno.h>
#include <string.h>

static void add_file(struct profile *profile, const char *path, unsigned mode)
{
    profile_add_file(profile, &(struct host_file){ .path = build_text(path),
                                                   .type = FILE_REGULAR,
                                                   .mode = mode,
                                                   .target = build_text(""),
                                                   .entries = -1,
                                                   .unused = -1 });
}

/* A service of root that was watched: what it used of root's it would say. */
static struct profile *rooted(const char *written, const char *secret, unsigned mode)
{
    struct profile *profile = build_profile();
    const struct run run = { .id = build_text("r1"),
                             .complete = true,
                             .capabilities = CAPABILITIES_BY_GRANT };
    const struct program_fact served = { .path = build_text(BUILD_PROGRAM),
                                         .format = build_text("elf"),
                                         .arch = build_text("x86_64"),
                                         .mode = 0755 };

    profile_add_run(profile, &run);
    build_program(profile, &served);
    build_path(profile, PATH_EXECUTE, BUILD_PROGRAM, 0);
    if (written)
        build_path(profile, PATH_CREATE, written, 0);
    if (secret) {
        build_path(profile, PATH_READ, secret, 0);
        add_file(profile, secret, mode);
    }
    return profile;
}

struct advice_case {
    const char *written, *secret;
    unsigned mode;
    const char *unit;
    int version;
    const char *capability;
    unsigned uid;
    bool directory;       /* what was written is one */
    const char *said;     /* a note has this, or */
    const char *not_said; /* none has this */
};

static const struct advice_case cases[] = {
    { .written = "/var/lib/web/x",
      .said = "used none of root's privileges: DynamicUser=yes is enough, with StateDirectory=web. "
              "Train" },
    { .written = "/srv/x", .said = "User= with a dedicated user is enough, but /srv must belong" },
    { .secret = "/etc/web/key.pem",
      .mode = 0600,
      .said = "DynamicUser=yes is enough; only root may read /etc/web/key.pem" },
    { .secret = "/etc/web/key.pem",
      .mode = 0600,
      .said = "only root may read /etc/web/key.pem, and the service reads it only at its start. "
              "LoadCredential=" },
    { .secret = "/etc/web/key.pem", .mode = 0644, .not_said = "LoadCredential" },
    { .secret = "/etc/shadow", .mode = 0600, .not_said = "LoadCredential" },
    { .secret = "/etc/web/key.pem", .mode = 0600, .version = 246, .not_said = "LoadCredential" },
    { .written = "/etc/web/key.pem",
      .secret = "/etc/web/key.pem",
      .mode = 0600,
      .not_said = "LoadCredential" },
    { .capability = "CAP_NET_BIND_SERVICE", .not_said = "none of root's privileges" },
    { .capability = "CAP_NET_BIND_SERVICE", .not_said = "only to change to another user" },
    { .capability = "CAP_SETGID", .not_said = "only to change to another user" },
    { .capability = "CAP_SETUID",
      .said = "only to change to another user. If it can start as that user" },
    { .capability = "CAP_SETUID",
      .unit = "User=web\nExecStart=" BUILD_PROGRAM "\n",
      .not_said = "only to change to another user" },
    { .unit = "User=web\nExecStart=" BUILD_PROGRAM "\n", .not_said = "none of root's privileges" },
    { .unit = "DynamicUser=yes\nExecStart=" BUILD_PROGRAM "\n",
      .not_said = "none of root's privileges" },
    { .written = "/proc/self/loginuid",
      .said = "Their programs run in this sandbox too, with only the programs, files and home "
              "directories used in training, and NoNewPrivileges=yes disables sudo" },
    { .written = "/proc/self/oom_score_adj", .not_said = "user sessions" },
    /* the directory alone is the user's, not the place it lies in */
    { .written = "/run/web",
      .directory = true,
      .said = "DynamicUser=yes is enough, with RuntimeDirectory=web. Train" },
    { .written = "/run/web", .said = "but /run must belong" },
    /* the service's own data */
    { .written = "/srv/repo/segment",
      .secret = "/srv/repo/config",
      .mode = 0600,
      .not_said = "only root may read" },
    { .secret = "/etc/shadow", .mode = 0640, .not_said = "none of root's privileges" },
    { .capability = "CAP_NET_RAW",
      .said = "CAP_NET_RAW is the only privilege it used: User= with a dedicated user and "
              "AmbientCapabilities=CAP_NET_RAW is enough" },
    { .capability = "CAP_DAC_OVERRIDE", .not_said = "AmbientCapabilities=" },
    { .capability = "CAP_NET_RAW",
      .unit = "User=web\nExecStart=" BUILD_PROGRAM "\n",
      .uid = 33,
      .not_said = "AmbientCapabilities=" },
    { .written = "/var/lib/web/x",
      .unit = "User=web\nExecStart=" BUILD_PROGRAM "\n",
      .uid = 33,
      .said = "except directories that systemd can create: StateDirectory=web: DynamicUser=yes is "
              "enough" },
    { .written = "/srv/x",
      .unit = "User=web\nExecStart=" BUILD_PROGRAM "\n",
      .uid = 33,
      .not_said = "DynamicUser=yes is enough" },
    { .unit = "User=web\nDynamicUser=yes\nExecStart=" BUILD_PROGRAM "\n",
      .uid = 33,
      .not_said = "DynamicUser=yes is enough" },
    { .unit = "Type=forking\nExecStart=" BUILD_PROGRAM "\n", .said = "use that with Type=exec" },
    { .unit = "Type=forking\nExecStart=" BUILD_PROGRAM "\n",
      .version = 239,
      .not_said = "Type=exec" },
    { .unit = "Type=simple\nExecStart=" BUILD_PROGRAM "\n", .not_said = "Type=exec" },
    { .secret = "/etc/evil\033key",
      .mode = 0600,
      .said = "only root may read /etc/evil\\x1bkey, and the" },
};

static bool has_note(const struct suggestion *suggestion, const char *text)
{
    for (size_t i = 0; i < suggestion->notes.count; i++)
        if (strstr(suggestion->notes.items[i].text, text))
            return true;
    return false;
}

static void case_run(size_t at, const struct advice_case *example)
{
    CLEANUP(profile_freep)
    struct profile *profile = rooted(example->written, example->secret, example->mode);
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { .name = mem_strdup("t.service") };
    struct suggest_options options = { .target = { .version = example->version ? example->version
                                                                               : 252 } };

    if (example->uid)
        profile_add_run(profile, &(struct run){ .id = build_text("r1"),
                                                .complete = true,
                                                .uid = example->uid,
                                                .duration_ms = 1,
                                                .capabilities = CAPABILITIES_BY_GRANT });
    if (example->directory)
        profile_add_file(profile, &(struct host_file){ .path = build_text(example->written),
                                                       .type = FILE_DIRECTORY,
                                                       .mode = 0755,
                                                       .target = build_text(""),
                                                       .entries = 0,
                                                       .unused = 0 });
    if (example->capability)
        build_capability(profile, example->capability, "bind", CAPABILITY_KERNEL);
    if (example->unit) {
        CLEANUP(free_char) char *text = mem_printf("[Service]\n%s", example->unit);
        assert_int_equal(unit_parse(&unit, text, strlen(text), "t", NULL), 0);
        options.unit = &unit;
    }
    suggest(profile, &options, &suggestion);
    if (example->said && !has_note(&suggestion, example->said))
        fail_msg("case %zu: nothing says: %s", at, example->said);
    if (example->not_said && has_note(&suggestion, example->not_said))
        fail_msg("case %zu: something says: %s", at, example->not_said);
}

static void test_notes(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        case_run(i, &cases[i]);
}

/* systemd starts the service elsewhere: names that begin where training ran are not there. */
static void test_relative_names(void **state)
{
    static const struct {
        const char *cwd, *word, *unit;
        bool noted;
    } rows[] = {
        { "/srv/web", "site", NULL, true },
        { "/srv/web", "./site/", NULL, true },
        { "/srv/web", "--root=site", NULL, true },
        { "/srv/ev\033il", "site", NULL, true },
        { "/srv/web", "/srv/web/site", NULL, false },
        { "/srv/web", "--root=/srv/web/site", NULL, false },
        { "/srv/web", "elsewhere", NULL, false },
        { "/srv/web", ".", NULL, false },
        { "/srv/web", "failed", NULL, false },
        { "/", "srv/web/site", NULL, false },
        { "", "site", NULL, false },
        { "/srv/web", "site", "ExecStart=" BUILD_PROGRAM " site\n", true },
        { "/srv/web", "site", "ExecStart=" BUILD_PROGRAM " /srv/web\n", false },
        { "/srv/web", "site", "WorkingDirectory=-/srv/web\nExecStart=" BUILD_PROGRAM " site\n",
          false },
        { "/srv/web", "site", "WorkingDirectory=/srv\nExecStart=" BUILD_PROGRAM " site\n", true },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(profile_freep) struct profile *profile = build_profile();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { .name = mem_strdup("t.service") };
        struct suggest_options options = { .target = { .version = 252 } };
        struct run run = { .id = build_text("r1"), .cwd = build_text(rows[i].cwd) };
        CLEANUP(free_char) char *site = path_join(rows[i].cwd, "site/index.html");
        strings_add(&run.command, "served");
        strings_add(&run.command, rows[i].word);
        profile_add_run(profile, &run);
        build_path(profile, PATH_READ, site, 0);
        build_path(profile, PATH_READ, "/srv/web/served", 0);
        build_path(profile, PATH_READ, "/srv/web/failed", ENOENT);
        if (rows[i].unit) {
            CLEANUP(free_char) char *text = mem_printf("[Service]\n%s", rows[i].unit);
            assert_int_equal(unit_parse(&unit, text, strlen(text), "t", NULL), 0);
            options.unit = &unit;
        }
        suggest(profile, &options, &suggestion);
        if (has_note(&suggestion, "WorkingDirectory=/srv/") != rows[i].noted)
            fail_msg("row %zu: %s", i, rows[i].noted ? "nothing was said" : "something was said");
        assert_false(has_note(&suggestion, "\033"));
        strings_done(&run.command);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_notes),
                                        cmocka_unit_test(test_relative_names) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
