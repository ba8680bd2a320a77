// SPDX-License-Identifier: LGPL-2.1-or-later
/* SystemCallFilter=: what is listed, why, and what never is. */
#include "build.h"
#include "unit.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static const struct value *listed(const struct suggestion *suggestion, const char *name)
{
    const struct verdict *verdict = suggestion_find(suggestion, "SystemCallFilter");

    assert_true(verdict->emitted);
    for (size_t i = 0; i < verdict->count; i++)
        if (strcmp(verdict->values[i].text, name) == 0)
            return &verdict->values[i];
    return NULL;
}

/* By its name or by a group. */
static bool is_granted(const struct suggestion *suggestion, const char *name)
{
    const struct verdict *verdict = suggestion_find(suggestion, "SystemCallFilter");

    for (size_t i = 0; i < verdict->count; i++)
        if (strcmp(verdict->values[i].text, name) == 0 ||
            strings_has(&verdict->values[i].covers, name))
            return true;
    return false;
}

static void suggest_fit(const struct profile *profile, int version, enum fit fit,
                        struct suggestion *ret)
{
    struct suggest_options options = { .target = { .version = version }, .fit = fit };

    suggest(profile, &options, ret);
}

static void suggest_for(const struct profile *profile, int version, struct suggestion *ret)
{
    struct suggest_options options = { .target = { .version = version } };

    suggest(profile, &options, ret);
}

/* Whether a note contains a text, its severity before it: "warning: ...". */
static bool is_noted(const struct suggestion *suggestion, const char *text)
{
    for (size_t i = 0; i < suggestion->notes.count; i++) {
        CLEANUP(free_char) char *line = note_describe(&suggestion->notes.items[i]);
        if (strstr(line, text))
            return true;
    }
    return false;
}

static void test_reasons(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall(profile, "openat", 0);
    build_syscall(profile, "openat", ENOENT);
    build_syscall(profile, "clone3", ENOSYS);
    suggest_for(profile, 252, &suggestion);
    const struct value *openat = listed(&suggestion, "openat");
    assert_string_equal(openat->why,
                        "observed: openat (x86_64), once by /usr/bin/served, phase start, "
                        "also failed with ENOENT");
    assert_int_equal(openat->witness->kind, FACT_SYSCALL);
    assert_non_null(
        strstr(listed(&suggestion, "openat2")->why, "companion of openat: newer libraries"));
    assert_null(listed(&suggestion, "openat2")->witness);
    assert_non_null(listed(&suggestion, "clone")); /* what clone3 falls back to */
    assert_non_null(listed(&suggestion, "clone3"));
    assert_non_null(strstr(listed(&suggestion, "write")->why, "systemd needs it between"));
}

static void test_only_what_is_needed(void **state)
{
    static const char *const absent[] = { "socket", "fork",       "clone",  "kill",
                                          "mount",  "ptrace",     "openat", "mmap2",
                                          "stat64", "socketcall", "bpf",    "sched_setscheduler" };
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall(profile, "sched_getscheduler", 0);
    suggest_for(profile, 252, &suggestion);
    for (size_t i = 0; i < ELEMENTS_OF(absent); i++)
        assert_null(listed(&suggestion, absent[i]));
}

/* One family does not pull in the next. */
static void test_families_do_not_chain(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall(profile, "pidfd_send_signal", 0);
    suggest_fit(profile, 252, FIT_LOOSE, &suggestion);
    assert_true(is_granted(&suggestion, "kill"));
    assert_true(is_granted(&suggestion, "waitid"));
    assert_false(is_granted(&suggestion, "wait4"));
}

static void test_plain_names_in_order(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    suggest_fit(profile, 257, FIT_EXACT, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "SystemCallFilter");
    assert_true(verdict->reset);
    for (size_t i = 0; i < verdict->count; i++) {
        assert_null(strpbrk(verdict->values[i].text, "@~: \n"));
        assert_true(i == 0 || strcmp(verdict->values[i - 1].text, verdict->values[i].text) < 0);
    }
}

static void test_hostile_names(void **state)
{
    static const char *const names[] = { "@system-service", "~read", "read:kill", "a b",
                                         "x\nUser=",        "",      "0x10" };
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    struct fact number = { .kind = FACT_SYSCALL,
                           .syscall = { .arch = build_text("x86_64"), .number = 600 } };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(names); i++)
        build_syscall(profile, names[i], 0);
    build_see(profile, &number, "");
    suggest_for(profile, 252, &suggestion);
    for (size_t i = 0; i < ELEMENTS_OF(names); i++)
        assert_null(listed(&suggestion, names[i]));
    assert_true(is_noted(&suggestion, "system call 600 (x86_64)"));
    assert_true(is_noted(&suggestion, "x\\x0aUser="));
}

static void test_libseccomp_of_the_target(void **state)
{
    static const struct {
        const char *setting;
        int version;
        bool cachestat, statmount;
    } cases[] = {
        { "2.5.4", 252, true, false },
        { "2.5.1", 252, false, false },
        { "2.6.0", 252, true, true },
        { "2.5.4", 257, true, true }, /* another machine: what distributions have with 257 */
        { "2.6.0", 247, false, false },
        { "nonsense", 252, true, false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = profile_new();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        profile_add_setting(profile, "arch", "x86_64");
        profile_add_setting(profile, "systemd", "252");
        profile_add_setting(profile, "libseccomp", cases[i].setting);
        build_syscall(profile, "cachestat", 0);
        build_syscall(profile, "statmount", ENOSYS);
        suggest_for(profile, cases[i].version, &suggestion);
        assert_int_equal(listed(&suggestion, "cachestat") != NULL, cases[i].cachestat);
        assert_int_equal(listed(&suggestion, "statmount") != NULL, cases[i].statmount);
        assert_int_equal(is_noted(&suggestion, "cachestat (x86_64)"), !cases[i].cachestat);
    }
}

static void test_other_abi(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall_on(profile, "x86", "_llseek", 0);
    suggest_for(profile, 252, &suggestion);
    assert_non_null(strstr(listed(&suggestion, "_llseek")->why, "(x86)"));
    assert_non_null(listed(&suggestion, "lseek")); /* another of its family */
}

/* On a 32-bit machine its old names are the machine's own. */
static void test_machines(void **state)
{
    static const struct {
        const char *machine, *arch, *architectures;
        bool old_names;
    } cases[] = {
        { "x86_64", "x86_64", "native", false }, { "aarch64", "aarch64", "native", false },
        { "i686", "x86", "native", true },       { "armv7l", "arm", "native", true },
        { "x86_64", "x86", "native x86", true },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = profile_new();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        profile_add_setting(profile, "arch", cases[i].machine);
        build_syscall_on(profile, cases[i].arch, "fstat", 0);
        suggest_for(profile, 252, &suggestion);
        CLEANUP(free_char)
        char *architectures = build_value(&suggestion, "SystemCallArchitectures");
        assert_string_equal(architectures, cases[i].architectures);
        assert_int_equal(listed(&suggestion, "fstat64") != NULL, cases[i].old_names);
    }
}

static void test_own_filter_widens(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion before = { 0 }, after = { 0 };

    (void)state;
    suggest_for(profile, 252, &before);
    build_blind_spot(profile, "own-seccomp-filter");
    suggest_for(profile, 252, &after);
    assert_false(is_granted(&before, "timerfd_create"));
    assert_true(is_granted(&after, "timerfd_create"));
    const struct verdict *verdict = suggestion_find(&after, "SystemCallFilter");
    assert_non_null(strstr(verdict->why, "blind spot own-seccomp-filter"));
    assert_int_equal(verdict->witness->kind, FACT_BLIND_SPOT);
}

static void test_rules(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion now = { 0 }, later = { 0 };

    (void)state;
    build_path(profile, PATH_READ, "/etc/resolv.conf", 0);
    build_program(profile, &(struct program_fact){ .path = build_text("/bin/su"),
                                                   .arch = build_text("x86_64"),
                                                   .mode = 04755 });
    suggest_for(profile, 252, &now);
    suggest_for(profile, 258, &later);
    assert_non_null(listed(&now, "sendmmsg"));
    assert_null(listed(&now, "open_tree"));
    assert_null(listed(&now, "capset"));
    assert_non_null(listed(&later, "open_tree"));
    assert_non_null(listed(&later, "capset"));
}

/* A client that cannot be accepted stays in the queue, and the listener readable for ever. */
static void test_listeners_accept(void **state)
{
    static const struct {
        const char *call;
        enum address_use use;
        bool accepts;
    } cases[] = {
        { "listen", ADDRESS_LISTEN, true },
        { "listen", ADDRESS_BIND, true },  /* its address was not learned */
        { "read", ADDRESS_LISTEN, true },  /* it was passed in */
        { "socket", ADDRESS_BIND, false }, /* datagrams */
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        for (enum fit fit = FIT_SNUG; fit <= FIT_LOOSE; fit++) {
            CLEANUP(profile_freep) struct profile *profile = build_profile();
            CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
            build_syscall(profile, cases[i].call, 0);
            build_address(profile, cases[i].use, AF_INET, SOCK_STREAM, "0.0.0.0", 53, 0);
            suggest_fit(profile, 252, fit, &suggestion);
            assert_int_equal(is_granted(&suggestion, "accept"), cases[i].accepts);
            assert_int_equal(is_granted(&suggestion, "accept4"), cases[i].accepts);
        }
}

/* A socket that stays is in the way of the next start, unless the service is seen to remove it. */
static void test_left_behind(void **state)
{
    static const struct {
        enum path_use use;
        enum file_type type;
        bool removes, granted;
    } cases[] = {
        { PATH_BIND, FILE_SOCKET, false, true },     { PATH_CREATE, FILE_FIFO, false, true },
        { PATH_CREATE, FILE_SYMLINK, false, true },  { PATH_BIND, FILE_MISSING, false, false },
        { PATH_CREATE, FILE_REGULAR, false, false }, { PATH_BIND, FILE_SOCKET, true, false },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = build_profile();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        struct host_file file = { .path = build_text("/srv/x/ctl"),
                                  .type = cases[i].type,
                                  .target = build_text(""),
                                  .entries = -1,
                                  .unused = -1 };
        profile_add_file(profile, &file);
        build_syscall(profile, "read", 0);
        build_path(profile, cases[i].use, "/srv/x/ctl", 0);
        if (cases[i].removes)
            build_path(profile, PATH_DELETE, "/srv/x/ctl", ENOENT);
        suggest_for(profile, 252, &suggestion);
        assert_int_equal(is_granted(&suggestion, "unlink"), cases[i].granted);
        assert_int_equal(is_granted(&suggestion, "unlinkat"), cases[i].granted);
        assert_int_equal(is_noted(&suggestion, "warning: the service leaves /srv/x/ctl behind"),
                         cases[i].granted);
    }
}

/* libnss_systemd of 257 opens /proc and asks what file system that is. */
static void test_name_services(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(profile_freep) struct profile *without = build_profile();
    CLEANUP(suggestion_done)
    struct suggestion old = { 0 }, now = { 0 }, other = { 0 };

    (void)state;
    build_path(profile, PATH_READ, "/etc/nsswitch.conf", 0);
    suggest_for(profile, 252, &old);
    suggest_for(profile, 253, &now);
    suggest_for(without, 257, &other);
    assert_null(listed(&old, "fstatfs"));
    assert_non_null(listed(&now, "fstatfs"));
    assert_null(listed(&other, "fstatfs"));
}

/* The unit's commands, where /usr/bin/served was trained: "nginx -s reload" is a program that was,
 * but not as this command; the gate that the training came through is none that was missed. */
static void test_commands_of_the_unit(void **state)
{
    static const struct {
        const char *commands;
        const char *listed, *unlisted, *noted, *unnoted[2];
    } cases[] = {
        { .commands = "ExecStart=/usr/bin/served\nExecReload=/usr/bin/served -s reload\n",
          .listed = "kill" },
        { .commands = "ExecStart=/usr/bin/served\nExecStop=-/usr/bin/served -s stop\n",
          .listed = "kill" },
        { .commands = "ExecStart=/usr/bin/served\nExecStop=\n", .unlisted = "kill" },
        { .commands = "ExecStart=/usr/bin/served\nExecStop=/usr/bin/kill -s TERM $MAINPID\n",
          .listed = "kill",
          .unnoted = { "the unit runs" } },
        { .commands = "ExecStart=/usr/bin/served\nExecReload=/bin/kill -v 1\n",
          .listed = "kill",
          .noted = "the unit runs /bin/kill",
          .unnoted = { "warning: the unit runs", "the unit runs /usr/bin/served" } },
        { .commands = "ExecStart=/usr/bin/served\nExecStartPre=/bin/mkdir -p /run/served\n",
          .listed = "openat",
          .noted = "warning: the unit runs /bin/mkdir",
          .unnoted = { "the unit runs /usr/bin/served" } },
        { .commands = "ExecStart=/usr/libexec/cinch-gate -- /usr/bin/served -x\n",
          .noted = "still starts through cinch-gate",
          .unnoted = { "the unit runs", "but not in training" } },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = build_profile();
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(unit_done) struct unit unit = { 0 };
        CLEANUP(free_char) char *text = mem_printf("[Service]\n%s", cases[i].commands);
        struct suggest_options options = { .target = { .version = 252 }, .unit = &unit };
        build_path(profile, PATH_EXECUTE, "/usr/bin/served", 0);
        assert_int_equal(unit_parse(&unit, text, strlen(text), "x", NULL), 0);
        suggest(profile, &options, &suggestion);
        if (cases[i].listed && !listed(&suggestion, cases[i].listed))
            fail_msg("%s does not list %s", text, cases[i].listed);
        if (cases[i].unlisted && listed(&suggestion, cases[i].unlisted))
            fail_msg("%s lists %s", text, cases[i].unlisted);
        if (cases[i].noted && !is_noted(&suggestion, cases[i].noted))
            fail_msg("%s: no note has \"%s\"", text, cases[i].noted);
        for (size_t k = 0; k < ELEMENTS_OF(cases[i].unnoted) && cases[i].unnoted[k]; k++)
            if (is_noted(&suggestion, cases[i].unnoted[k]))
                fail_msg("%s: a note has \"%s\"", text, cases[i].unnoted[k]);
    }
}

/* Without a unit a reload in training says that there will be one, and by kill(1) as a rule. */
static void test_reload_without_unit(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion before = { 0 }, after = { 0 };
    struct fact fact = { .kind = FACT_SYSCALL,
                         .syscall = { .arch = build_text("x86_64"), .name = build_text("read") } };
    struct sighting sighting = { .run = "r1", .count = 1, .phase = PHASE_RELOAD };

    (void)state;
    suggest_for(profile, 252, &before);
    assert_null(listed(&before, "kill"));
    assert_true(is_noted(&before, "no unit is given"));
    profile_record(profile, &fact, &sighting);
    suggest_for(profile, 252, &after);
    assert_non_null(listed(&after, "kill"));
}

/* ---- how much ---- */

/* What each fit lists beside openat and fork, seen: what must be, what is likely, what may be. */
static void test_fits(void **state)
{
    static const struct {
        const char *name;
        bool exact, snug, loose;
    } cases[] = {
        { "openat", true, true, true },   { "execve", true, true, true },
        { "write", true, true, true },    { "clone", false, true, true },
        { "openat2", false, true, true }, { "tgkill", false, true, true },
        { "open", false, false, true },   { "vfork", false, false, true },
        { "select", false, false, true }, { "ptrace", false, false, false },
        { "mount", false, false, false }, { "socket", false, false, false },
    };
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion exact = { 0 }, snug = { 0 }, loose = { 0 };

    (void)state;
    build_syscall(profile, "openat", 0);
    build_syscall(profile, "fork", 0);
    suggest_fit(profile, 252, FIT_EXACT, &exact);
    suggest_fit(profile, 252, FIT_SNUG, &snug);
    suggest_fit(profile, 252, FIT_LOOSE, &loose);
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        if (is_granted(&exact, cases[i].name) != cases[i].exact ||
            is_granted(&snug, cases[i].name) != cases[i].snug ||
            is_granted(&loose, cases[i].name) != cases[i].loose)
            fail_msg("%s", cases[i].name);
}

/* What systemd's own directives make of a call is listed whatever the fit. */
static void test_fallbacks_of_directives(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall(profile, "clone3", 0);
    build_syscall(profile, "openat2", 0);
    suggest_fit(profile, 252, FIT_EXACT, &suggestion);
    assert_non_null(strstr(listed(&suggestion, "clone")->why, "RestrictNamespaces="));
    assert_non_null(strstr(listed(&suggestion, "openat")->why, "RestrictSUIDSGID="));
}

static void test_knobs(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    struct suggest_options options = { .target = { .version = 252 }, .fit = FIT_LOOSE };
    CLEANUP(suggestion_done) struct suggestion none = { 0 }, names = { 0 }, few = { 0 };

    (void)state;
    build_syscall(profile, "openat", 0);
    options.knobs.companions = COMPANIONS_NONE;
    suggest(profile, &options, &none);
    assert_false(is_granted(&none, "openat2"));
    options.knobs = (struct knobs){ .groups = GROUPS_NO };
    suggest(profile, &options, &names);
    assert_true(is_granted(&names, "openat2"));
    assert_int_not_equal(suggestion_find(&names, "SystemCallFilter")->values[0].text[0], '@');
    options.knobs = (struct knobs){ .group_calls_given = true, .group_calls = 0 };
    suggest(profile, &options, &few);
    const struct verdict *verdict = suggestion_find(&few, "SystemCallFilter");
    for (size_t i = 0; i < verdict->count; i++)
        for (size_t k = 0; k < verdict->values[i].excess.names.count; k++)
            assert_true(is_granted(&few, verdict->values[i].excess.names.items[k]));
}

/* ---- groups ---- */

/* All calls of @chown but one that only other machines have: the group adds nothing. */
static struct profile *profile_that_owns(void)
{
    struct profile *profile = build_profile();

    build_syscall(profile, "chown", 0);
    build_syscall(profile, "fchown", 0);
    build_syscall(profile, "lchown", 0);
    return profile;
}

static void test_group_that_adds_little(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_that_owns();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 }, without = { 0 };

    (void)state;
    suggest_for(profile, 252, &without);
    assert_null(listed(&without, "@chown")); /* fchownat is worth more than two names */
    build_syscall(profile, "fchownat", 0);
    suggest_for(profile, 252, &suggestion);
    const struct value *group = listed(&suggestion, "@chown");
    assert_non_null(group);
    assert_int_equal(group->covers.count, 4);
    assert_int_equal(group->excess.count, 0);
    assert_null(listed(&suggestion, "fchownat"));
}

/* Of a systemd whose groups nobody recorded names are all that can be vouched for. */
static void test_unknown_groups(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_that_owns();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall(profile, "fchownat", 0);
    suggest_for(profile, 254, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, "SystemCallFilter");
    assert_non_null(listed(&suggestion, "fchownat"));
    assert_null(listed(&suggestion, "@chown"));
    assert_non_null(strstr(verdict->why, "no @groups, because their content in systemd 254"));
    assert_true(verdict->excess.at_least);
    assert_non_null(listed(&suggestion, "rt_sigreturn")); /* perhaps not in its @default */
}

/* What the target's this host's systemd defines them goes before the tables, nested groups and all.
 */
static void test_recorded_groups(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    CLEANUP(suggestion_done) struct suggestion here = { 0 }, there = { 0 };

    (void)state;
    profile_add_setting(profile, "arch", "x86_64");
    profile_add_setting(profile, "systemd", "254");
    profile_add_setting(profile, "group @default", "execve brk @inner");
    profile_add_setting(profile, "group @inner", "madvise @default @gone"); /* round and round */
    profile_add_setting(profile, "group @owner", "chown @more fchown32 not\x01a-name");
    profile_add_setting(profile, "group @more", "fchown lchown");
    profile_add_setting(profile, "group hostile\n", "mount");
    build_syscall(profile, "chown", 0);
    build_syscall(profile, "fchown", 0);
    build_syscall(profile, "lchown", 0);
    suggest_for(profile, 254, &here);
    suggest_for(profile, 252, &there);
    assert_int_equal(listed(&here, "@owner")->covers.count, 3);
    assert_null(listed(&here, "chown"));
    assert_null(listed(&here, "madvise")); /* in @default through @inner */
    assert_non_null(strstr(suggestion_find(&here, "SystemCallFilter")->why,
                           "this host's systemd defines them"));
    assert_null(listed(&there, "@owner"));
    assert_non_null(listed(&there, "chown"));
    profile_add_setting(profile, "group @owner", "chown"); /* another machine says otherwise */
    suggestion_done(&here);
    suggest_for(profile, 254, &here);
    assert_null(listed(&here, "@owner"));
    assert_non_null(listed(&here, "chown"));
}

/* The excess has each call that is allowed and was not observed, once, @default's calls too. */
static void test_excess(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = build_profile();
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    (void)state;
    build_syscall(profile, "openat", 0);
    build_syscall(profile, "brk", 0);
    suggest_for(profile, 252, &suggestion);
    const struct excess *excess = &suggestion_find(&suggestion, "SystemCallFilter")->excess;
    assert_int_equal(excess->count, excess->names.count);
    assert_false(excess->at_least);
    assert_true(strings_has(&excess->names, "openat2"));
    assert_true(strings_has(&excess->names, "nanosleep"));
    assert_false(strings_has(&excess->names, "openat"));
    assert_false(strings_has(&excess->names, "brk"));
    assert_false(strings_has(&excess->names, "getuid32")); /* not of this machine */
    assert_false(strings_has(&excess->names, "riscv_hwprobe"));
    for (size_t i = 1; i < excess->names.count; i++)
        assert_true(strcmp(excess->names.items[i - 1], excess->names.items[i]) < 0);
    CLEANUP(free_char) char *said = excess_describe(excess);
    CLEANUP(free_char) char *expected = mem_printf("%zu calls", excess->names.count);
    assert_string_equal(said, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_only_what_is_needed),
        cmocka_unit_test(test_families_do_not_chain),
        cmocka_unit_test(test_plain_names_in_order),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_libseccomp_of_the_target),
        cmocka_unit_test(test_other_abi),
        cmocka_unit_test(test_machines),
        cmocka_unit_test(test_own_filter_widens),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_name_services),
        cmocka_unit_test(test_listeners_accept),
        cmocka_unit_test(test_left_behind),
        cmocka_unit_test(test_commands_of_the_unit),
        cmocka_unit_test(test_reload_without_unit),
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_fallbacks_of_directives),
        cmocka_unit_test(test_knobs),
        cmocka_unit_test(test_group_that_adds_little),
        cmocka_unit_test(test_unknown_groups),
        cmocka_unit_test(test_recorded_groups),
        cmocka_unit_test(test_excess),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
