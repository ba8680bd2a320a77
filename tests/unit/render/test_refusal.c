// SPDX-License-Identifier: LGPL-2.1-or-later
/* What explain says of a thing that training never used: which line refuses it, with which error.
 * The evaluator, which shares no code with it, has to refuse the same. */
#include "build.h"
#include "render/refusal.h"
#include "unit.h"
#include <cinch/evaluate.h>
#include <cinch/store.h>
#include <string.h>
#include <sys/socket.h>

/* A service that read a file, wrote another, used a TCP socket to one peer, and no capability. */
static struct profile *make_profile(void)
{
    struct profile *profile = build_profile();
    const struct run run = { .id = build_text("r1"),
                             .cwd = build_text("/"),
                             .user = build_text("d"),
                             .uid = 1000,
                             .started = 1,
                             .duration_ms = 60000,
                             .complete = true,
                             .capabilities = CAPABILITIES_BY_GRANT,
                             .phases = 15 };
    static const struct host_file files[] = {
        { .path = (char *)(uintptr_t) "/etc", .type = FILE_DIRECTORY, .mode = 0755 },
        { .path = (char *)(uintptr_t) "/etc/d.conf", .type = FILE_REGULAR, .mode = 0644 },
        { .path = (char *)(uintptr_t) "/var", .type = FILE_DIRECTORY, .mode = 0755 },
        { .path = (char *)(uintptr_t) "/var/lib", .type = FILE_DIRECTORY, .mode = 0755 },
        { .path = (char *)(uintptr_t) "/var/lib/d", .type = FILE_DIRECTORY, .mode = 0755 },
        { .path = (char *)(uintptr_t) "/", .type = FILE_DIRECTORY, .mode = 0755 },
    };

    profile_add_run(profile, &run);
    for (size_t i = 0; i < ELEMENTS_OF(files); i++) {
        struct host_file file = files[i];
        file.target = build_text("");
        file.entries = file.unused = -1;
        profile_add_file(profile, &file);
    }
    build_syscall(profile, "openat", 0);
    build_syscall(profile, "socket", 0);
    build_syscall(profile, "connect", 0);
    build_syscall(profile, "clone", 0);
    build_path(profile, PATH_READ, "/etc/d.conf", 0);
    build_path(profile, PATH_CREATE, "/var/lib/d/state", 0);
    build_path(profile, PATH_WRITE, "/var/lib/d/state", 0);
    build_socket(profile, AF_INET, SOCK_STREAM, SOCKET_CREATED, 0);
    build_address(profile, ADDRESS_CONNECT, AF_INET, SOCK_STREAM, "10.1.2.3", 443, 0);
    return profile;
}

struct scene {
    struct profile *profile;
    struct suggest_options options;
    struct suggestion suggestion;
};

static void scene_init(struct scene *scene, int version, enum filesystem_form form, bool complain)
{
    *scene = (struct scene){
        .profile = make_profile(),
        .options = { .target.version = version,
                     .filesystem = form,
                     .filesystem_given = true,
                     .complain = complain },
    };
    suggest(scene->profile, &scene->options, &scene->suggestion);
}

static void scene_done(struct scene *scene)
{
    suggestion_done(&scene->suggestion);
    profile_free(scene->profile);
}

/* The sentences about a query, a newline after each; NULL when it is no thing. */
static char *lines_of(const struct scene *scene, const char *text)
{
    CLEANUP(refusal_done)
    struct refusal refusal = { .suggestion = &scene->suggestion, .profile = scene->profile };
    CLEANUP(query_done) struct query query = { 0 };
    struct str lines = { 0 };

    query_init(&query, text);
    if (!refusal_find(&refusal, &query))
        return NULL;
    for (size_t i = 0; i < refusal.lines.count; i++)
        str_addf(&lines, "%s\n", refusal.lines.items[i]);
    return str_steal(&lines);
}

static void check(const struct scene *scene, const char *query, const char *wanted)
{
    CLEANUP(free_char) char *lines = lines_of(scene, query);

    if (!lines || !strstr(lines, wanted))
        fail_msg("%s: no \"%s\" in:\n%s", query, wanted, lines ? lines : "(nothing)");
}

static void test_calls(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, 252, FILESYSTEM_VIEW, false);
    check(&scene, "ptrace", "refused by SystemCallFilter=, with EPERM\n");
    check(&scene, "clone3", "refused by RestrictNamespaces=, with ENOSYS\n");
    check(&scene, "openat2", "refused by RestrictSUIDSGID=, with ENOSYS\n");
    check(&scene, "openat",
          "set-user-ID and set-group-ID modes: refused by RestrictSUIDSGID=, with "
          "EPERM\n");
    check(&scene, "mmap", "refused by MemoryDenyWriteExecute=, with EPERM\n");
    check(&scene, "socket", "refused by RestrictAddressFamilies=, with EAFNOSUPPORT\n");
    check(&scene, "getsid", "allowed by SystemCallFilter=: systemd adds @default");
    assert_null(lines_of(&scene, "no_such-call"));
    assert_null(lines_of(&scene, ""));
    check(&scene, "@mount", "refused by SystemCallFilter=: 12 calls: chroot, fsconfig, ");
    check(&scene, "@file-system", "allowed: ");
    assert_null(lines_of(&scene, "@no-such-group"));
    scene_done(&scene);
    scene_init(&scene, 257, FILESYSTEM_VIEW, false);
    check(&scene, "ptrace", "refused by SystemCallFilter=, with EPERM\n");
    check(&scene, "mmap", "MemoryDenyWriteExecute=, with EACCES (EPERM before Linux 6.3)\n");
    scene_done(&scene);
    scene_init(&scene, 252, FILESYSTEM_VIEW, true);
    check(&scene, "ptrace", "not refused: SystemCallLog= logs it");
    scene_done(&scene);
}

static void test_capabilities(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, 252, FILESYSTEM_VIEW, false);
    check(&scene, "CAP_SYS_ADMIN",
          "a call that needs it: refused by CapabilityBoundingSet=, with EPERM\n");
    check(&scene, "cap_sys_admin", "with EPERM\n");
    check(&scene, "CAP_NET_BIND_SERVICE", "with EACCES\n");
    check(&scene, "CAP_DAC_OVERRIDE", "with EACCES\n");
    check(&scene, "CAP_FSETID", "removed by CapabilityBoundingSet=: calls succeed");
    scene_done(&scene);
}

static void test_network(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, 252, FILESYSTEM_VIEW, false);
    check(&scene, "AF_PACKET", "refused by RestrictAddressFamilies=, with EAFNOSUPPORT\n");
    check(&scene, "af_packet", "EAFNOSUPPORT\n");
    check(&scene, "8.8.8.8", "a datagram to it: refused by IPAddressDeny=, with EPERM\n");
    check(&scene, "8.8.8.8:53",
          "a TCP connection to it: refused by IPAddressDeny=, with ETIMEDOUT");
    check(&scene, "[2001:db8::1]:53", "refused by RestrictAddressFamilies=, with EAFNOSUPPORT\n");
    check(&scene, "10.0.0.0/8", "a datagram to it: refused by IPAddressDeny=, with EPERM\n");
    CLEANUP(free_char) char *peer = lines_of(&scene, "10.1.2.3");
    assert_string_equal(peer, "");
    scene_done(&scene);
}

static void test_paths(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, 252, FILESYSTEM_VIEW, false);
    check(&scene, "/etc/shadow",
          "refused by TemporaryFileSystem=, with ENOENT: nothing is at this "
          "path\ncreating it: refused by TemporaryFileSystem=, with EROFS\n");
    check(&scene, "/opt/x",
          "refused by TemporaryFileSystem=, with ENOENT: its directory is missing");
    check(&scene, "/etc/d.conf", "deleting: refused by BindReadOnlyPaths=, with EROFS\n");
    check(&scene, "/etc/sh\\x1bdow", "with ENOENT");
    scene_done(&scene);
    scene_init(&scene, 252, FILESYSTEM_STRICT, false);
    check(&scene, "/usr/x", "deleting: refused by ProtectSystem=, with EROFS\n");
    check(&scene, "/etc/shadow", "refused by InaccessiblePaths=, with EACCES\n");
    check(&scene, "/dev/kvm", "refused by PrivateDevices=, with ENOENT\n");
    check(&scene, "/tmp", "executing: refused by NoExecPaths=, with EACCES\n");
    CLEANUP(free_char) char *temporary = lines_of(&scene, "/tmp");
    assert_null(strstr(temporary, "ENOENT"));
    check(&scene, "/tmp/x",
          "refused by PrivateTmp=, with ENOENT: nothing is at this path\n"
          "not refused: creating it\n");
    scene_done(&scene);
    scene_init(&scene, 252, FILESYSTEM_ROOT, false);
    check(&scene, "/etc/shadow", "refused by RootDirectory=, with ENOENT");
    scene_done(&scene);
}

/* ---- the evaluator agrees -------------------------------------------------------------------- */

static bool evaluator_allows(const struct scene *scene, const struct fact *fact)
{
    const char *directive = NULL;
    CLEANUP(profile_freep) struct profile *asked = profile_new();

    profile_merge(asked, scene->profile);
    build_see(asked, fact, "called");
    return allows_suggestion(&scene->suggestion, NULL, asked, fact, &directive);
}

static void check_refused(const struct scene *scene, const char *query, const struct fact *fact)
{
    CLEANUP(free_char) char *lines = lines_of(scene, query);
    bool refused = lines && (str_starts_with(lines, "refused by") ||
                             strstr(lines, "needs it: refused") || strstr(lines, "\nrefused by"));

    if (refused == evaluator_allows(scene, fact))
        fail_msg("%s: the evaluator %s it; explain says:\n%s", query,
                 refused ? "allows" : "refuses", lines ? lines : "(nothing)");
}

static void check_agreement(const struct scene *scene)
{
    static const char *const calls[] = { "ptrace",      "mount",     "bpf",    "getsid",
                                         "openat",      "clone",     "reboot", "settimeofday",
                                         "init_module", "kexec_load" };
    static const char *const paths[] = { "/etc/shadow",      "/opt/x",  "/etc/d.conf",
                                         "/var/lib/d/state", "/root/x", "/srv/x" };

    for (size_t i = 0; i < ELEMENTS_OF(calls); i++) {
        const struct fact fact = { .kind = FACT_SYSCALL,
                                   .syscall = { build_text("x86_64"), build_text(calls[i]), 0 } };
        check_refused(scene, calls[i], &fact);
    }
    for (int i = 0; capability_name(i); i++) {
        const struct fact fact = { .kind = FACT_CAPABILITY,
                                   .capability = { build_text(capability_name(i)), build_text("c"),
                                                   CAPABILITY_RULE } };
        if (!strstr("CAP_FSETID CAP_BLOCK_SUSPEND CAP_NET_BROADCAST", capability_name(i)))
            check_refused(scene, capability_name(i), &fact);
    }
    for (int i = 1; i < 46; i++) {
        const struct fact fact = { .kind = FACT_SOCKET,
                                   .socket = { i, SOCK_STREAM, 0, SOCKET_CREATED } };
        if (family_name(i))
            check_refused(scene, family_name(i), &fact);
    }
    for (size_t i = 0; i < ELEMENTS_OF(paths); i++) {
        const struct fact fact = {
            .kind = FACT_PATH, .path = { PATH_READ, build_text(paths[i]), build_text(paths[i]) }
        };
        if (scene->suggestion.filesystem != FILESYSTEM_STRICT)
            check_refused(scene, paths[i], &fact);
    }
}

static void test_evaluator_agrees(void **state)
{
    static const int versions[] = { 247, 252, 257, 262 };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(versions); i++) {
        for (int form = FILESYSTEM_VIEW; form <= FILESYSTEM_ROOT; form++) {
            struct scene scene;
            scene_init(&scene, versions[i], (enum filesystem_form)form, false);
            check_agreement(&scene);
            scene_done(&scene);
        }
    }
}

/* The machine has the path, for everybody. */
static void add_host(struct profile *profile, const char *path)
{
    struct host_file file = {
        .type = FILE_REGULAR, .mode = 0777, .target = build_text(""), .entries = -1, .unused = -1
    };
    CLEANUP(free_char) char *at = mem_strdup(path);
    size_t count;

    for (;;) {
        file.path = at;
        (void)profile_files_at(profile, at, &count);
        if (!count)
            profile_add_file(profile, &file);
        if (strcmp(at, "/") == 0)
            return;
        char *parent = path_parent(at);
        free(at);
        at = parent;
        file.type = FILE_DIRECTORY;
    }
}

static bool says_refused(const char *lines, bool is_write)
{
    return str_starts_with(lines, "refused by") || strstr(lines, "\nrefused by") ||
           strstr(lines, "puts an empty") ||
           (is_write && strstr(lines, "writing, creating or deleting: refused"));
}

static void check_path(const struct scene *scene, const char *path, enum path_use use)
{
    const struct fact fact = { .kind = FACT_PATH,
                               .path = { use, build_text(path), build_text(path) } };
    CLEANUP(profile_freep) struct profile *asked = profile_new();
    CLEANUP(free_char) char *lines = lines_of(scene, path);
    const char *directive = "none";

    profile_merge(asked, scene->profile);
    build_see(asked, &fact, "openat");
    add_host(asked, path);
    bool allowed = allows_suggestion(&scene->suggestion, NULL, asked, &fact, &directive);
    if (allowed == says_refused(lines, use == PATH_WRITE) &&
        strcmp(directive, "RestrictFileSystems") != 0)
        fail_msg("%s (%s): the evaluator names %s; explain says:\n%s", path, path_use_name(use),
                 directive, lines);
}

/* Of trained services, in each form. */
static void test_evaluator_agrees_on_paths(void **state)
{
    static const char *const cases[] = { "nginx", "redis", "setpriv", "sharing" };
    static const char *const paths[] = {
        "/etc/shadow",
        "/opt/x",
        "/root/x",
        "/srv/x",
        "/usr/lib/x",
        "/etc/nginx/zz",
        "/proc/sys/kernel/hostname",
        "/proc/kcore",
        "/proc/meminfo",
        "/sys/kernel/x",
        "/dev/kvm",
        "/tmp/x",
        "/run/x",
        "/var/lib/x",
        "/home/u/x",
        "/dev/shm/x",
        "/sys/fs/cgroup/x",
        "/boot/x",
        "/run/user/1000/x",
    };
    const char *top = getenv("top_srcdir");

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases) * 3 * 2; i++) {
        CLEANUP(err_done) struct err err = { 0 };
        CLEANUP(free_char)
        char *file = mem_printf("%s/fixtures/cases/%s/profile.json", top ? top : ".", cases[i / 6]);
        struct scene scene = {
            .profile = store_load(file, &err),
            .options = { .target.version = i % 2 ? 252 : 257,
                         .filesystem = (enum filesystem_form)(i / 2 % 3),
                         .filesystem_given = true },
        };
        assert_non_null(scene.profile);
        suggest(scene.profile, &scene.options, &scene.suggestion);
        for (size_t k = 0; k < ELEMENTS_OF(paths) * 2; k++)
            check_path(&scene, paths[k / 2], k % 2 ? PATH_WRITE : PATH_READ);
        scene_done(&scene);
    }
}

/* ---- words that are not known ---------------------------------------------------------------- */

static void test_near(void **state)
{
    static const struct {
        const char *word, *names;
    } rows[] = {
        { "opennat", "openat openat2" },
        { "NoNewPrivilege", "NoNewPrivileges" },
        { "CAP_CHOWM", "CAP_CHOWN" },
        { "d.conf", "/etc/d.conf" },
        { "AF_PACKTE", "AF_PACKET" },
        { "zzzzzzzz", "" },
        { "", "" },
        { "xy", "" },
    };
    struct scene scene;

    (void)state;
    scene_init(&scene, 252, FILESYSTEM_VIEW, false);
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(strings_done) struct strings near = { 0 };
        struct str names = { 0 };
        near_names(&scene.suggestion, scene.profile, rows[i].word, &near);
        for (size_t k = 0; k < near.count; k++)
            str_addf(&names, "%s%s", k ? " " : "", near.items[k]);
        CLEANUP(free_char) char *got = str_steal(&names);
        assert_string_equal(got, rows[i].names);
    }
    scene_done(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_capabilities),
        cmocka_unit_test(test_network),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_near),
        cmocka_unit_test(test_evaluator_agrees),
        cmocka_unit_test(test_evaluator_agrees_on_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
