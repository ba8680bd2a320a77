// SPDX-License-Identifier: LGPL-2.1-or-later
/* CapabilityBoundingSet= and AmbientCapabilities=: from facts to lists, and what the evaluator says
 * of them. */
#include "build.h"
#include "evaluate/allows.h"
#include "systemd/core/capability_table.h"
#include "unit.h"
#include <errno.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct used {
    const char *name, *call;
    enum capability_basis basis;
};

struct list_case {
    const char
        *expected; /* "=NAME NAME", "=" for the empty list; else part of why it is left out */
    struct used used[6];
    struct {
        const char *call, *topic, *value;
    } argument;
    const char *write; /* a path */
    const char *unit;
    enum capability_watch watch; /* 0: by grant */
    unsigned uid;
    int version; /* 0: 252 */
    const char *blind_spot;
    const char *ambient; /* the same of AmbientCapabilities=; NULL: left out */
};

#define K(name, call)                                                                              \
    {                                                                                              \
        "CAP_" name, call, CAPABILITY_KERNEL                                                       \
    }
#define R(name, call)                                                                              \
    {                                                                                              \
        "CAP_" name, call, CAPABILITY_RULE                                                         \
    }
#define G(name, call)                                                                              \
    {                                                                                              \
        "CAP_" name, call, CAPABILITY_GUESS                                                        \
    }

static const struct list_case cases[] = {
    { "=" },
    { "=CAP_SETUID", { K("SETUID", "setuid") } },
    { "=CAP_CHOWN CAP_SETGID CAP_SETUID",
      { R("SETUID", "setresuid"), K("SETGID", "setgroups"), R("CHOWN", "fchownat") } },
    /* what the kernel asks of everyone */
    { "=",
      { K("SYS_ADMIN", ""), K("SYS_ADMIN", "mmap"), K("SYS_ADMIN", "clone"),
        K("SYS_ADMIN", "execve"), K("SYS_ADMIN", "brk") } },
    { "=",
      { K("IPC_LOCK", "io_uring_setup"), K("SETPCAP", "capset"), K("SYS_MODULE", "ioctl"),
        K("FSETID", "fchmod"), K("FSETID", "chown"), K("SYS_PTRACE", "execve") } },
    { "=", { K("NET_ADMIN", "openat"), K("NET_ADMIN", "socket"), K("SYSLOG", "read") } },
    /* and where it is not that */
    { "=CAP_SYS_ADMIN", { K("SYS_ADMIN", "mount") } },
    { "=CAP_SYS_ADMIN", { K("SYS_ADMIN", "clone") }, { "clone", "namespace", "net" } },
    { "=", { K("SYS_ADMIN", "clone") }, { "clone", "namespace", "user" } },
    { "=CAP_SYS_ADMIN", { K("SYS_ADMIN", "write") }, .write = "/proc/sys/kernel/core_pattern" },
    { "=CAP_NET_ADMIN", { K("NET_ADMIN", "openat") }, .write = "/proc/sys/net/ipv4/ip_forward" },
    { "=CAP_NET_ADMIN",
      { K("NET_ADMIN", "setsockopt") },
      { "setsockopt", "socket-option", "SO_MARK" } },
    { "=", { K("NET_ADMIN", "setsockopt") }, { "setsockopt", "socket-option", "TCP_CONGESTION" } },
    { "=CAP_FSETID", { K("FSETID", "fchmod") }, { "fchmod", "setid-mode", "02755" } },
    { "=CAP_SYSLOG", { K("SYSLOG", "openat") }, .write = "/dev/kmsg" },
    { "=CAP_IPC_LOCK", { K("IPC_LOCK", "mlock") } },
    /* setuid(2) asks first */
    { "=", { K("SETUID", "setuid") }, { "setuid", "credentials", "uid 0 own" } },
    { "=CAP_SETUID", { K("SETUID", "setuid") }, { "setuid", "credentials", "uid 33 other" } },
    /* guesses */
    { "=", { G("NET_ADMIN", "setsockopt") } },
    { "Others besides this one may be in use",
      { G("NET_ADMIN", "setsockopt") },
      .watch = CAPABILITIES_BY_TASK },
    { "=", { { 0 } }, .watch = CAPABILITIES_BY_TASK, .uid = 33 },
    /* what is not known */
    { "did not record capability use", { { 0 } }, .watch = CAPABILITY_WATCH_COUNT },
    { "blind spot capability-use",
      { { 0 } },
      .watch = CAPABILITIES_BY_TASK,
      .blind_spot = "capability-use" },
    { "blind spot io_uring", { { 0 } }, .blind_spot = "io_uring" },
    { "which the target's systemd cannot name", { R("BPF", "bpf") }, .version = 247 },
    { "=CAP_BPF", { R("BPF", "bpf") }, .version = 248 },
    /* the unit */
    { "=", { { 0 } }, .uid = 33, .unit = "User=www\nExecStart=/usr/bin/served\n" },
    { "training ran as user 33", { { 0 } }, .uid = 33, .unit = "ExecStart=/usr/bin/served\n" },
    { "a command as root (prefix \"!\"), but training ran as user 33",
      { { 0 } },
      .uid = 33,
      .unit = "User=www\nExecStart=!/usr/bin/served\n" },
    { "the unit runs /usr/bin/install as root",
      { { 0 } },
      .unit = "ExecStartPre=-/usr/bin/install -d /run/x\nExecStart=/usr/bin/served\n" },
    { "=",
      { { 0 } },
      .unit = "User=www\nExecStartPre=/usr/bin/install -d /run/x\nExecStart=/usr/bin/served\n" },
    { "=", { { 0 } }, .unit = "ExecStart=/usr/bin/served\nExecReload=/bin/kill -HUP $MAINPID\n" },
    { "=CAP_KILL CAP_SETUID",
      { R("SETUID", "setuid") },
      .unit = "ExecStart=/usr/bin/served\nExecReload=/bin/kill -HUP $MAINPID\n" },
    { "=CAP_SETUID",
      { R("SETUID", "setuid") },
      .unit = "ExecStart=/usr/bin/served\nCapabilityBoundingSet=CAP_SETUID CAP_SETGID\n" },
    { "it lacks CAP_SETUID",
      { R("SETUID", "setuid") },
      .unit = "ExecStart=/usr/bin/served\nCapabilityBoundingSet=CAP_SETGID\n" },
    { "it lacks CAP_SETUID",
      { R("SETUID", "setuid") },
      .unit = "ExecStart=/usr/bin/served\nCapabilityBoundingSet=~CAP_SETUID\n" },
    { "=CAP_SETUID",
      { R("SETUID", "setuid") },
      .unit = "ExecStart=/usr/bin/served\nCapabilityBoundingSet=~CAP_SYS_ADMIN\n" },
    /* ambient */
    { "=CAP_NET_BIND_SERVICE",
      { K("NET_BIND_SERVICE", "bind") },
      .uid = 33,
      .unit = "User=www\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nExecStart=/usr/bin/served\n" },
    { "=CAP_NET_BIND_SERVICE",
      { K("NET_BIND_SERVICE", "bind") },
      .uid = 33,
      .unit = "User=www\nAmbientCapabilities=CAP_NET_BIND_SERVICE "
              "CAP_NET_RAW\nExecStart=/usr/bin/served\n",
      .ambient = "=CAP_NET_BIND_SERVICE" },
    { "=",
      { { 0 } },
      .uid = 33,
      .unit = "User=www\nAmbientCapabilities=CAP_NET_RAW\nExecStart=/usr/bin/served\n",
      .ambient = "=" },
    /* systemd reads names in any case, and numbers */
    { "=CAP_NET_BIND_SERVICE",
      { K("NET_BIND_SERVICE", "bind") },
      .uid = 33,
      .unit = "User=www\nAmbientCapabilities=cap_net_bind_service\nExecStart=/usr/bin/served\n" },
    { "=CAP_NET_BIND_SERVICE",
      { K("NET_BIND_SERVICE", "bind") },
      .uid = 33,
      .unit = "User=www\nAmbientCapabilities=10\nExecStart=/usr/bin/served\n" },
    { "=CAP_NET_BIND_SERVICE",
      { K("NET_BIND_SERVICE", "bind") },
      .uid = 33,
      .unit = "User=www\nAmbientCapabilities=Cap_Net_Bind_Service 13\n"
              "ExecStart=/usr/bin/served\n",
      .ambient = "=CAP_NET_BIND_SERVICE" },
    { "an unknown name, which would have to be in this list", /* what it gives is not known */
      { K("NET_BIND_SERVICE", "bind") },
      .uid = 33,
      .unit = "User=www\nAmbientCapabilities=CAP_NET_RAW CAP_OF_TOMORROW\n"
              "ExecStart=/usr/bin/served\n" },
    { "=CAP_NET_BIND_SERVICE",
      { K("NET_BIND_SERVICE", "bind") },
      .uid = 33,
      .unit = "User=www\nAmbientCapabilities=~CAP_SYS_ADMIN\nExecStart=/usr/bin/served\n",
      .ambient = "=CAP_NET_BIND_SERVICE" },
    { "=CAP_NET_BIND_SERVICE",
      { K("NET_BIND_SERVICE", "bind") },
      .uid = 33,
      .unit = "User=www\nAmbientCapabilities=~CAP_OF_TOMORROW\nExecStart=/usr/bin/served\n",
      .ambient = "=CAP_NET_BIND_SERVICE" },
    { "it lacks CAP_SETUID",
      { R("SETUID", "setuid") },
      .unit = "ExecStart=/usr/bin/served\nCapabilityBoundingSet=~cap_setuid\n" },
};

static struct profile *case_profile(const struct list_case *example)
{
    struct profile *profile = build_profile();
    struct run run = { .id = build_text("r1"), .uid = example->uid, .complete = true };
    const struct program_fact served = { .path = build_text(BUILD_PROGRAM),
                                         .format = build_text("elf"),
                                         .arch = build_text("x86_64"),
                                         .mode = 0755 };

    run.capabilities = !example->watch                            ? CAPABILITIES_BY_GRANT
                       : example->watch == CAPABILITY_WATCH_COUNT ? CAPABILITIES_UNWATCHED
                                                                  : example->watch;
    profile_add_run(profile, &run);
    build_program(profile, &served);
    build_path(profile, PATH_EXECUTE, BUILD_PROGRAM, 0);
    for (const struct used *used = example->used; used->name; used++)
        build_capability(profile, used->name, used->call, used->basis);
    if (example->argument.call)
        build_argument(profile, example->argument.call, example->argument.topic,
                       example->argument.value, 0);
    if (example->write)
        build_path(profile, PATH_WRITE, example->write, 0);
    if (example->blind_spot)
        build_blind_spot(profile, example->blind_spot);
    return profile;
}

/* "=VALUES" of what is emitted, else why it is not. */
static char *said(const struct suggestion *suggestion, const char *name)
{
    const struct verdict *verdict = suggestion_find(suggestion, name);
    struct str text = { 0 };

    assert_non_null(verdict);
    if (!verdict->emitted)
        return mem_strdup(verdict->why);
    assert_true(strlen(verdict->why) > 10);
    for (size_t i = 0; i < verdict->count; i++) {
        str_add(&text, i ? " " : "=");
        str_add(&text, verdict->values[i].text);
        assert_true(strlen(verdict->values[i].why) > 5);
    }
    return str_steal(&text);
}

static void case_check(size_t at, const char *directive, const char *expected, const char *got)
{
    bool fits = expected[0] == '=' ? strcmp(expected, got) == 0 : strstr(got, expected) != NULL;

    if (!fits)
        fail_msg("case %zu: %s is \"%s\", not \"%s\"", at, directive, got, expected);
}

/* What was used is allowed by what came out, and the unit starts. */
static void case_allows(size_t at, const struct suggestion *suggestion, const struct unit *unit,
                        const struct profile *profile)
{
    struct allows *allows = allows_new(suggestion, unit, profile);
    const char *directive = NULL;
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_CAPABILITY, &count);

    for (size_t i = 0; i < count; i++)
        if (suggestion_find(suggestion, "CapabilityBoundingSet")->emitted &&
            !allows_fact(allows, facts[i], &directive))
            fail_msg("case %zu: %s= forbids %s in %s", at, directive, facts[i]->capability.name,
                     facts[i]->capability.call);
    assert_true(allows_ambient(allows));
    allows_free(allows);
}

static void test_lists(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = case_profile(&cases[i]);
        CLEANUP(free_char)
        char *text = mem_printf("[Service]\n%s", cases[i].unit ? cases[i].unit : "");
        struct unit unit = { 0 };
        struct suggestion suggestion;
        struct suggest_options options = {
            .target = { .version = cases[i].version ? cases[i].version : 252 },
            .unit = cases[i].unit ? &unit : NULL,
        };
        assert_int_equal(unit_parse(&unit, text, strlen(text), "u", NULL), 0);
        suggest(profile, &options, &suggestion);
        CLEANUP(free_char) char *list = said(&suggestion, "CapabilityBoundingSet");
        CLEANUP(free_char) char *ambient = said(&suggestion, "AmbientCapabilities");
        case_check(i, "CapabilityBoundingSet", cases[i].expected, list);
        if (cases[i].ambient)
            case_check(i, "AmbientCapabilities", cases[i].ambient, ambient);
        else
            assert_int_not_equal(ambient[0], '=');
        case_allows(i, &suggestion, options.unit, profile);
        suggestion_done(&suggestion);
        unit_done(&unit);
    }
}

/* Rows that take a capability away with what they stop. */
static void test_side_effects(void **state)
{
    static const struct {
        const char *directive, *name, *call;
    } rows[] = {
        { "PrivateDevices", "CAP_SYS_RAWIO", "ioctl" },
        { "PrivateDevices", "CAP_MKNOD", "mknodat" },
        { "ProtectClock", "CAP_SYS_TIME", "ioctl" },
        { "ProtectKernelLogs", "CAP_SYSLOG", "ioctl" },
        { "ProtectKernelModules", "CAP_SYS_MODULE", "finit_module" },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        for (int used = 0; used < 2; used++) {
            struct list_case example = { .expected = "" };
            if (used)
                example.used[0] = (struct used){ rows[i].name, rows[i].call, CAPABILITY_KERNEL };
            CLEANUP(profile_freep) struct profile *profile = case_profile(&example);
            const struct suggest_options options = { .target = { .version = 252 },
                                                     .filesystem = FILESYSTEM_STRICT,
                                                     .filesystem_given = true };
            struct suggestion suggestion;
            suggest(profile, &options, &suggestion);
            const struct verdict *verdict = suggestion_find(&suggestion, rows[i].directive);
            if (verdict->emitted == used)
                fail_msg("%s=: %s", rows[i].directive, verdict->why);
            suggestion_done(&suggestion);
        }
}

/* The evaluator by hand. */
static void test_evaluator(void **state)
{
    static const struct {
        const char *directive, *value; /* NULL: a unit's */
        const char *unit;
        const char *name, *call;
        const char *forbids;
        enum capability_basis basis;
    } rows[] = {
        { "CapabilityBoundingSet", "", NULL, "CAP_CHOWN", "chown", "CapabilityBoundingSet" },
        { "CapabilityBoundingSet", "CAP_CHOWN", NULL, "CAP_CHOWN", "chown", NULL },
        { "CapabilityBoundingSet", "CAP_KILL", NULL, "CAP_CHOWN", "chown",
          "CapabilityBoundingSet" },
        { "CapabilityBoundingSet", "", NULL, "CAP_SYS_ADMIN", "mmap", NULL, CAPABILITY_KERNEL },
        { "CapabilityBoundingSet", "", NULL, "CAP_SYS_ADMIN", "mount", "CapabilityBoundingSet",
          CAPABILITY_KERNEL },
        { "CapabilityBoundingSet", "", NULL, "CAP_NET_ADMIN", "setsockopt", NULL,
          CAPABILITY_GUESS },
        { "PrivateDevices", "yes", NULL, "CAP_MKNOD", "mknod", "PrivateDevices" },
        { "PrivateDevices", "yes", NULL, "CAP_CHOWN", "chown", NULL },
        { NULL, NULL, "CapabilityBoundingSet=CAP_KILL", "CAP_CHOWN", "chown",
          "CapabilityBoundingSet" },
        { NULL, NULL, "CapabilityBoundingSet=~CAP_KILL", "CAP_CHOWN", "chown", NULL },
        { NULL, NULL, "CapabilityBoundingSet=~CAP_CHOWN", "CAP_CHOWN", "chown",
          "CapabilityBoundingSet" },
        { NULL, NULL, "CapabilityBoundingSet=~cap_chown", "CAP_CHOWN", "chown",
          "CapabilityBoundingSet" },
        { NULL, NULL, "CapabilityBoundingSet=0", "CAP_CHOWN", "chown", NULL },
        { NULL, NULL, "User=www", "CAP_CHOWN", "chown", NULL },
        { "AmbientCapabilities", "", "User=www\nAmbientCapabilities=cap_chown", "CAP_CHOWN",
          "chown", "AmbientCapabilities" },
        { "AmbientCapabilities", "CAP_CHOWN", "User=www\nAmbientCapabilities=0", "CAP_CHOWN",
          "chown", NULL },
        { "AmbientCapabilities", "", "AmbientCapabilities=cap_chown", "CAP_CHOWN", "chown", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        struct list_case example = { .expected = "",
                                     .used = { { rows[i].name, rows[i].call, rows[i].basis } } };
        CLEANUP(profile_freep) struct profile *profile = case_profile(&example);
        struct value value = { .text = build_text(rows[i].value) };
        struct verdict verdict = {
            .name = rows[i].directive, .emitted = true, .values = &value, .count = 1
        };
        const struct suggestion suggestion = { .target = { .version = 252 },
                                               .verdicts = &verdict,
                                               .count = rows[i].directive ? 1 : 0 };
        CLEANUP(free_char)
        char *text = mem_printf("[Service]\n%s\n", rows[i].unit ? rows[i].unit : "");
        struct unit unit = { 0 };
        const char *directive = NULL;
        size_t count;
        assert_int_equal(unit_parse(&unit, text, strlen(text), "u", NULL), 0);
        const struct fact *fact = profile_facts(profile, FACT_CAPABILITY, &count)[0];
        allows_suggestion(&suggestion, &unit, profile, fact, &directive);
        if (!directive != !rows[i].forbids ||
            (directive && strcmp(directive, rows[i].forbids) != 0))
            fail_msg("row %zu: %s forbids it", i, directive ? directive : "nothing");
        unit_done(&unit);
    }
}

/* systemd ends with 218/CAPABILITIES where one is given that is not in the bounding set. */
static void test_ambient_is_within(void **state)
{
    static const char text[] = "[Service]\nUser=www\nAmbientCapabilities=CAP_NET_RAW\n";
    struct list_case example = { .expected = "" };
    CLEANUP(profile_freep) struct profile *profile = case_profile(&example);
    struct value value = { .text = build_text("CAP_KILL") };
    struct verdict verdict = {
        .name = "CapabilityBoundingSet", .emitted = true, .values = &value, .count = 1
    };
    const struct suggestion suggestion = { .target = { .version = 252 },
                                           .verdicts = &verdict,
                                           .count = 1 };
    struct unit unit = { 0 };

    (void)state;
    assert_int_equal(unit_parse(&unit, text, strlen(text), "u", NULL), 0);
    struct allows *allows = allows_new(&suggestion, &unit, profile);
    assert_false(allows_ambient(allows));
    value.text = build_text("CAP_NET_RAW");
    assert_true(allows_ambient(allows));
    allows_free(allows);
    unit_done(&unit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_side_effects),
        cmocka_unit_test(test_evaluator),
        cmocka_unit_test(test_ambient_is_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
