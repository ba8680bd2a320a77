// SPDX-License-Identifier: LGPL-2.1-or-later
#include "unit.h"
#include <cinch/render.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* ---- a suggestion made by hand --------------------------------------------------------------- */

struct scene {
    struct profile *profile;
    struct suggestion suggestion;
};

static struct verdict *add_verdict(struct scene *scene, const char *name, bool emitted, bool reset,
                                   const char *why)
{
    struct suggestion *suggestion = &scene->suggestion;

    mem_reserve(&suggestion->verdicts, &suggestion->capacity, suggestion->count + 1,
                sizeof(struct verdict));
    suggestion->verdicts[suggestion->count] = (struct verdict){
        .name = name, .emitted = emitted, .reset = reset, .why = mem_strdup(why)
    };
    return &suggestion->verdicts[suggestion->count++];
}

static struct value *add_value(struct verdict *verdict, const char *text, const char *why,
                               const struct fact *witness)
{
    mem_reserve(&verdict->values, &verdict->capacity, verdict->count + 1, sizeof(struct value));
    verdict->values[verdict->count] =
        (struct value){ .text = mem_strdup(text), .why = mem_strdup(why), .witness = witness };
    return &verdict->values[verdict->count++];
}

static void add_path(struct verdict *verdict, const char *path, const char *why)
{
    add_value(verdict, path, why, NULL)->is_path = true;
}

static void see(struct profile *profile, const struct fact *fact, const char *call)
{
    struct sighting sighting = { .run = "r1", .count = 3, .program = "/usr/sbin/d", .call = call };

    profile_record(profile, fact, &sighting);
}

static char *text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

static const struct fact *only_fact(const struct profile *profile, enum fact_kind kind)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, kind, &count);

    assert_int_equal(count, 1);
    return facts[0];
}

static void scene_facts(struct profile *profile)
{
    struct fact openat = { .kind = FACT_SYSCALL,
                           .syscall = { .arch = text("x86_64"), .name = text("openat") } };
    struct fact passwd = { .kind = FACT_PATH,
                           .path = { .use = PATH_READ,
                                     .path = text("/etc/pass\x1bwd"),
                                     .requested = text("/etc/pass\x1bwd") } };
    struct fact peer = { .kind = FACT_ADDRESS,
                         .address = { .use = ADDRESS_SEND,
                                      .family = AF_INET,
                                      .type = SOCK_STREAM,
                                      .host = text("10.1.2.3"),
                                      .port = 80 } };

    see(profile, &openat, "openat");
    see(profile, &passwd, "openat");
    see(profile, &peer, "connect");
}

static void scene_init(struct scene *scene, int version)
{
    struct run run = {
        .id = text("r1"), .cwd = text("/srv/a b"), .user = text("www-data"), .uid = 33, .started = 1
    };

    *scene = (struct scene){ .profile = profile_new(), .suggestion.target.version = version };
    strings_add(&run.command, "/usr/sbin/d");
    strings_add(&run.command, "cost $5 \"100%\"");
    strings_add(&run.environment, "NOTIFY_SOCKET");
    profile_add_run(scene->profile, &run);
    strings_done(&run.command);
    strings_done(&run.environment);
    scene_facts(scene->profile);
    notes_add(&scene->suggestion.notes, SEVERITY_NOTE, TOPIC_PATH, "/usr/sbin/d",
              mem_strdup("restart it after an upgrade"));
    add_value(add_verdict(scene, "NoNewPrivileges", true, false, "no set-id program was executed"),
              "yes", "no set-id program was executed", NULL);
    struct verdict *binds =
        add_verdict(scene, "BindReadOnlyPaths", true, true, "what was read, and no more");
    add_path(binds, "/usr/lib", "libraries");
    add_path(binds, "/a\"b\nUser=root", "evil");
    add_path(binds, "/with space", "libraries");
    struct verdict *calls = add_verdict(scene, "SystemCallFilter", true, true, "an allow-list");
    add_value(calls, "openat", "seen", only_fact(scene->profile, FACT_SYSCALL));
    add_value(calls, "clone3", "clone's companion", NULL);
    add_value(calls, "evil\n[Service]", "hostile", NULL);
    add_value(add_verdict(scene, "RestrictAddressFamilies", true, true, "no socket was made"),
              "none", "no socket was made", NULL);
    add_value(add_verdict(scene, "IPAddressAllow", true, true, "its peers"), "10.0.0.0/8", "a peer",
              only_fact(scene->profile, FACT_ADDRESS));
    add_verdict(scene, "ReadOnlyPaths", true, true, "it would undo the view\\");
    add_verdict(scene, "ProtectClock", false, false, "it set the\nUser=root clock\\")->witness =
        only_fact(scene->profile, FACT_PATH);
}

static void scene_done(struct scene *scene)
{
    struct suggestion *suggestion = &scene->suggestion;

    for (size_t i = 0; i < suggestion->count; i++) {
        struct verdict *verdict = &suggestion->verdicts[i];
        for (size_t k = 0; k < verdict->count; k++) {
            free(verdict->values[k].text);
            free(verdict->values[k].why);
        }
        free(verdict->values);
        free(verdict->why);
    }
    free(suggestion->verdicts);
    notes_done(&suggestion->notes);
    profile_free(scene->profile);
}

static void check_has(const char *where, const char *what)
{
    if (!strstr(where, what))
        fail_msg("no \"%s\" in:\n%s", what, where);
}

static void check_has_not(const char *where, const char *what)
{
    if (strstr(where, what))
        fail_msg("\"%s\" in:\n%s", what, where);
}

/* Nothing that drives a terminal, no line too long to read. */
static void check_plain(const char *output)
{
    for (const char *at = output; *at; at++)
        assert_true(*at == '\n' || (*at >= 0x20 && *at <= 0x7e));
    assert_int_equal(output[strlen(output) - 1], '\n');
}

/* ---- drop-in --------------------------------------------------------------------------------- */

static void test_dropin(void **state)
{
    static const char expected[] =
        "# A sandbox made by cinch " PACKAGE_VERSION
        " from 1 training run of: /usr/sbin/d \"cost $5 \"100%\"\"\n"
        "# For systemd 252. To install it, let cinch suggest write it with\n"
        "#   -o /etc/systemd/system/d.service.d/zz-cinch.conf\n"
        "# and run: systemctl daemon-reload && systemctl restart d.service\n"
        "# note: restart it after an upgrade\n"
        "# warning: 2 values cannot be written for this systemd; see below\n"
        "\n[Service]\n"
        "# no set-id program was executed\nNoNewPrivileges=yes\n"
        "\n# what was read, and no more\nBindReadOnlyPaths=\n"
        "# libraries\nBindReadOnlyPaths=/usr/lib\n"
        "# cannot be written for systemd 252: BindReadOnlyPaths= \"/a\"b\\x0aUser=root\" (evil)\n"
        "BindReadOnlyPaths=\"/with space\"\n"
        "\n# an allow-list\nSystemCallFilter=\n# seen\nSystemCallFilter=openat\n"
        "# clone's companion\nSystemCallFilter=clone3\n"
        "# hostile\n# cannot be written for systemd 252: SystemCallFilter= \"evil\\x0a[Service]\" "
        "(hostile)\n"
        "\n# no socket was made\nRestrictAddressFamilies=\nRestrictAddressFamilies=none\n"
        "\n# its peers\nIPAddressAllow=\n# a peer\nIPAddressAllow=10.0.0.0/8\n"
        "\n# it would undo the view\\ .\nReadOnlyPaths=\n"
        "\n# not set: ProtectClock= (it set the\\x0aUser=root clock\\)\n";
    struct unit unit = { .name = text("d.service") };
    struct scene scene;

    (void)state;
    scene_init(&scene, 252);
    CLEANUP(free_char)
    char *output = render_dropin(&scene.suggestion, scene.profile, &unit, NULL, COMMENTS_FULL);
    assert_string_equal(output, expected);
    unit.name = text("evil name\n.service");
    CLEANUP(free_char)
    char *other = render_dropin(&scene.suggestion, scene.profile, &unit, NULL, COMMENTS_FULL);
    check_has(other, "/etc/systemd/system/NAME.service.d/");
    check_plain(other);
    unit.name = text("d@.service");
    CLEANUP(free_char)
    char *of_template = render_dropin(&scene.suggestion, scene.profile, &unit, NULL, COMMENTS_FULL);
    check_has(of_template, "/etc/systemd/system/d@INSTANCE.service.d/");
    check_has(of_template, "systemctl restart d@INSTANCE.service\n");
    scene_done(&scene);
}

/* What a parser reads back is what was meant, and nothing else. */
static void test_dropin_reads_back(void **state)
{
    CLEANUP(err_done) struct err err = { 0 };
    struct strings words = { 0 };
    struct unit unit = { 0 };
    struct scene scene;

    (void)state;
    scene_init(&scene, 252);
    CLEANUP(free_char)
    char *output = render_dropin(&scene.suggestion, scene.profile, NULL, NULL, COMMENTS_FULL);
    assert_int_equal(unit_parse(&unit, output, strlen(output), "drop-in", &err), 0);
    assert_null(unit_get(&unit, "User"));
    unit_list(&unit, "BindReadOnlyPaths", &words);
    assert_int_equal(words.count, 2);
    assert_string_equal(words.items[1], "/with space");
    strings_done(&words);
    unit_list(&unit, "SystemCallFilter", &words);
    assert_int_equal(words.count, 2);
    strings_done(&words);
    unit_done(&unit);
    scene_done(&scene);
}

/* Many names share one comment, the companions keep theirs, and no line grows without end. */
static void test_many_words(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, 252);
    const struct fact *witness = only_fact(scene.profile, FACT_SYSCALL);
    struct verdict *calls = &scene.suggestion.verdicts[2];
    for (unsigned i = 0; i < 40; i++) {
        CLEANUP(free_char) char *name = mem_printf("call_number_%u", i);
        CLEANUP(free_char) char *why = mem_printf("seen %u times", i);
        add_value(calls, name, why, witness);
    }
    CLEANUP(free_char)
    char *output = render_dropin(&scene.suggestion, scene.profile, NULL, NULL, COMMENTS_FULL);
    check_has(output, "# 41 used in training (");
    check_has(output, "\nSystemCallFilter=openat call_number_0 call_number_1 ");
    check_has(output, " call_number_39\n# clone's companion\nSystemCallFilter=clone3\n");
    check_has_not(output, "seen 7 times");
    for (const char *line = output; *line; line += strcspn(line, "\n") + 1)
        assert_in_range(strcspn(line, "\n"), 0, 120);
    scene_done(&scene);
}

/* What is granted beyond the evidence is said of the list and of each value that brings others. */
static void test_excess(void **state)
{
    char *names[] = { text("epoll_pwait"), text("eventfd2") };
    char *own[] = { text("clone3") };
    struct scene scene;
    bool found;

    (void)state;
    scene_init(&scene, 252);
    struct verdict *binds = &scene.suggestion.verdicts[1], *calls = &scene.suggestion.verdicts[2];
    binds->values[0].excess = (struct excess){
        .unit = EXCESS_FILES, .count = 3, .at_least = true, .within = text("in /usr/lib")
    };
    binds->excess = (struct excess){ .unit = EXCESS_FILES, .count = 1 };
    calls->values[1].excess = (struct excess){ .count = 1, .names = { .items = own, .count = 1 } };
    struct value *group = add_value(calls, "@io-event", "nearly all was seen", NULL);
    group->excess = (struct excess){ .count = 2, .names = { .items = names, .count = 2 } };
    calls->excess = (struct excess){ .count = 7, .names = { .items = names, .count = 2 } };
    CLEANUP(free_char)
    char *dropin = render_dropin(&scene.suggestion, scene.profile, NULL, NULL, COMMENTS_FULL);
    check_has(dropin,
              "no more\n# also allows 1 file not used in training\nBindReadOnlyPaths=\n"
              "# libraries\n# also allows at least 3 files in /usr/lib not used in training\n"
              "BindReadOnlyPaths=/usr/lib\n");
    check_has(dropin, "# an allow-list\n# also allows 7 calls not used in training\n");
    check_has(dropin, "# clone's companion\nSystemCallFilter=clone3\n");
    check_has(dropin,
              "# nearly all was seen\n# @io-event also allows 2 calls not used in training\n"
              "SystemCallFilter=@io-event\n");
    CLEANUP(free_char) char *json = render_json(&scene.suggestion, scene.profile);
    cJSON *root = cJSON_Parse(json);
    const cJSON *verdicts = cJSON_GetObjectItem(root, "verdicts");
    const cJSON *excess = cJSON_GetObjectItem(cJSON_GetArrayItem(verdicts, 2), "excess");
    assert_int_equal(cJSON_GetObjectItem(excess, "count")->valueint, 7);
    assert_string_equal(cJSON_GetObjectItem(excess, "unit")->valuestring, "calls");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(excess, "names")), 2);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(cJSON_GetArrayItem(verdicts, 0), "excess")));
    cJSON_Delete(root);
    CLEANUP(free_char)
    char *explained = render_explanation(&scene.suggestion, scene.profile,
                                         (char *[]){ text("SystemCallFilter") }, 1, &found);
    check_has(explained,
              "also allows what training did not use: 7 calls: epoll_pwait eventfd2 ...\n");
    check_has(explained, "also allows what training did not use: 2 calls: epoll_pwait eventfd2\n");
    check_has_not(explained, "1 call: clone3");
    scene_done(&scene);
}

/* ---- the other forms ------------------------------------------------------------------------- */

static void test_run_args(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, 257);
    CLEANUP(free_char) char *output = render_run_args(&scene.suggestion, scene.profile);
    check_has(output,
              "\n-p 'NoNewPrivileges=yes'\n-p 'BindReadOnlyPaths=/usr/lib'\n"
              "-p 'BindReadOnlyPaths=\"/with space\"'\n-p 'SystemCallFilter=openat clone3'\n"
              "-p 'RestrictAddressFamilies='\n-p 'IPAddressAllow=10.0.0.0/8'\n");
    check_has(output,
              "# cannot be written for systemd 257: BindReadOnlyPaths= \"/a\"b\\x0aUser=root\"");
    check_has_not(output, "ReadOnlyPaths='");
    check_has_not(output, "ProtectClock");
    check_plain(output);
    for (const char *line = output; *line; line += strcspn(line, "\n") + 1)
        assert_true(strncmp(line, "# ", 2) == 0 || strncmp(line, "-p '", 4) == 0);
    scene_done(&scene);
}

/* A list that is empty is written, in every form. */
static void test_empty_list(void **state)
{
    struct value none = { .text = (char[]){ "" }, .why = (char[]){ "nothing was used" } };
    struct verdict verdict = { .name = "CapabilityBoundingSet",
                               .emitted = true,
                               .values = &none,
                               .count = 1,
                               .why = (char[]){ "nothing was used" } };
    struct suggestion suggestion = { .target = { .version = 252 },
                                     .verdicts = &verdict,
                                     .count = 1 };
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    CLEANUP(free_char)
    char *dropin = render_dropin(&suggestion, profile, NULL, NULL, COMMENTS_FULL);
    CLEANUP(free_char) char *run_args = render_run_args(&suggestion, profile);

    (void)state;
    check_has(dropin, "# nothing was used\nCapabilityBoundingSet=\n");
    check_has(run_args, "-p 'CapabilityBoundingSet='\n");
    check_has_not(dropin, "cannot be written");
}

static void test_unit_made(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, 252);
    CLEANUP(free_char) char *output = render_unit(&scene.suggestion, scene.profile, NULL);
    check_has(output, "\n[Service]\n# NOTIFY_SOCKET was set in training\nType=notify\n"
                      "ExecStart=/usr/sbin/d \"cost $$5 \\\"100%%\\\"\"\nUser=www-data\n"
                      "WorkingDirectory=/srv/a b\n\n# no set-id");
    check_has(output, "\n[Install]\nWantedBy=multi-user.target\n");
    check_has_not(output, "BindReadOnlyPaths=\n");
    check_has_not(output, "\nReadOnlyPaths");
    check_plain(output);
    scene_done(&scene);
}

static void test_unit_given(void **state)
{
    static const char given[] = "[Unit]\nDescription=mine\n[Service]\nExecStart=/bin/x \\ \n"
                                "NoNewPrivileges=no\nReadOnlyDirectories=/\nProtectClock=yes\n"
                                "[Install]\nAlias=y.service\n";
    CLEANUP(err_done) struct err err = { 0 };
    struct unit unit = { 0 };
    struct scene scene;

    (void)state;
    scene_init(&scene, 252);
    assert_int_equal(unit_parse(&unit, given, strlen(given), "given", &err), 0);
    CLEANUP(free_char) char *output = render_unit(&scene.suggestion, scene.profile, &unit);
    check_has(output, "\n[Unit]\nDescription=mine\n\n[Service]\nExecStart=/bin/x \\ \n"
                      "ProtectClock=yes\n\n# no set-id");
    check_has(output, "\n\n[Install]\nAlias=y.service\n");
    check_has_not(output, "NoNewPrivileges=no");
    check_has_not(output, "ReadOnlyDirectories");
    unit_done(&unit);
    scene_done(&scene);
}

static void test_json(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, 252);
    CLEANUP(free_char) char *output = render_json(&scene.suggestion, scene.profile);
    for (const char *at = output; *at; at++)
        assert_true((*at >= 0x20 && *at <= 0x7e) || *at == '\n' || *at == '\t');
    cJSON *root = cJSON_Parse(output);
    assert_non_null(root);
    cJSON *note = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "notes"), 0);
    assert_string_equal(cJSON_GetObjectItem(note, "severity")->valuestring, "note");
    assert_string_equal(cJSON_GetObjectItem(note, "topic")->valuestring, "path");
    assert_string_equal(cJSON_GetObjectItem(note, "about")->valuestring, "/usr/sbin/d");
    assert_string_equal(cJSON_GetObjectItem(note, "text")->valuestring,
                        "restart it after an upgrade");
    cJSON *verdicts = cJSON_GetObjectItem(root, "verdicts");
    assert_int_equal(cJSON_GetArraySize(verdicts), (int)scene.suggestion.count);
    cJSON *values = cJSON_GetObjectItem(cJSON_GetArrayItem(verdicts, 1), "values");
    cJSON *evil = cJSON_GetArrayItem(values, 1);
    assert_string_equal(cJSON_GetObjectItem(evil, "text")->valuestring, "/a\"b\\x0aUser=root");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(evil, "unit")));
    cJSON *space = cJSON_GetArrayItem(values, 2);
    assert_string_equal(cJSON_GetObjectItem(space, "unit")->valuestring, "\"/with space\"");
    cJSON_Delete(root);
    scene_done(&scene);
}

/* Whatever is granted beyond the evidence is counted in something. */
static void test_json_units(void **state)
{
    (void)state;
    for (int unit = 0; unit < EXCESS_UNIT_COUNT; unit++) {
        struct scene scene;
        scene_init(&scene, 252);
        scene.suggestion.verdicts[0].excess =
            (struct excess){ .unit = (enum excess_unit)unit, .count = 2 };
        CLEANUP(free_char) char *output = render_json(&scene.suggestion, scene.profile);
        cJSON *root = cJSON_Parse(output);
        cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "verdicts"), 0);
        cJSON *excess = cJSON_GetObjectItem(first, "excess");
        assert_true(cJSON_IsString(cJSON_GetObjectItem(excess, "unit")));
        cJSON_Delete(root);
        scene_done(&scene);
    }
}

/* ---- explanation ----------------------------------------------------------------------------- */

static char *explain(struct scene *scene, const char *query, bool expected)
{
    bool found = !expected;
    char *output =
        render_explanation(&scene->suggestion, scene->profile,
                           (char *[]){ text(query ? query : "") }, query != NULL, &found);

    if (found != expected)
        fail_msg("%s: found %d:\n%s", query ? query : "(all)", found, output);
    check_plain(output);
    return output;
}

static void test_explain_all(void **state)
{
    struct scene scene;

    (void)state;
    scene_init(&scene, 252);
    for (int i = 0; i < 2; i++)
        add_verdict(&scene, i ? "PrivateTmp" : "PrivateUsers", false, false, "it was done");
    add_verdict(&scene, "ProtectHostname", false, false,
                "training did not record everything: openat of /etc/pass\\x1bwd (read), 3 times by "
                "/usr/sbin/d, phase start")
        ->witness = only_fact(scene.profile, FACT_PATH);
    CLEANUP(free_char) char *output = explain(&scene, NULL, true);
    check_has(output, "NoNewPrivileges=yes: no set-id program was executed\n");
    check_has(output, "BindReadOnlyPaths= (3 values): what was read");
    check_has(output, "  BindReadOnlyPaths=/a\"b\\x0aUser=root: evil\n");
    check_has(output, "ProtectClock= is not set: it set the\\x0aUser=root clock");
    check_has(output, "    vetoed by: openat of /etc/pass\\x1bwd");
    /* neighbours share a reason; one value needs no list; none is a reset */
    check_has(output, "\nPrivateUsers=, PrivateTmp= are not set: it was done\n\n");
    check_has(output,
              "\nIPAddressAllow=10.0.0.0/8: its peers\n  a peer\n    observed: connect of ");
    check_has(output, "\nRestrictAddressFamilies=none: no socket was made\n\n");
    check_has(output, "\nReadOnlyPaths= is reset to an empty list: it would undo the view\\ .\n\n");
    /* a reason that names its witness is said once */
    check_has(output, "ProtectHostname= is not set: training did not record everything: openat of "
                      "/etc/pass\\x1bwd (read),\n  3 times by /usr/sbin/d, phase start\n\n");
    scene_done(&scene);
}

static void test_explain_query(void **state)
{
    static const struct {
        const char *query, *has, *has_not;
    } rows[] = {
        { "protectclock=", "ProtectClock= is not set", "NoNewPrivileges" },
        { "openat", "  SystemCallFilter=openat: seen", "SystemCallFilter=clone3" },
        { "clone3",
          "clone3 was never used in training.\n  not refused by these "
          "directives\n\nSystemCallFilter= (3 values)",
          "openat:" },
        { "clone3", "  SystemCallFilter=clone3: clone's companion", "SystemCallFilter=openat" },
        { "/usr/lib/x86_64/libc.so.6", "  BindReadOnlyPaths=/usr/lib: libraries", "with space" },
        { "/etc/pass\\x1bwd", "openat of /etc/pass\\x1bwd", "NoNewPrivileges" },
        { "/etc/pass\x1bwd", "openat of /etc/pass\\x1bwd", "NoNewPrivileges" },
        { "/etc", "ProtectClock= is not set", "NoNewPrivileges" },
        { "10.1.2.3", "\nIPAddressAllow=10.0.0.0/8: its peers\n  a peer\n", "NoNewPrivileges" },
        { "10.1.2.3:80", "10.1.2.3", "NoNewPrivileges" },
        { "AF_INET", "10.1.2.3", "NoNewPrivileges" },
    };
    static const char *const unknown[] = { "no_such-call", "", "10.1.2.3:81\x1b[2J" };
    struct scene scene;

    (void)state;
    scene_init(&scene, 252);
    CLEANUP(free_char) char *family = explain(&scene, "AF_X25", true);
    check_has(family,
              "AF_X25 was never used in training.\n  refused by SystemCallFilter=: SIGSYS ends");
    CLEANUP(free_char) char *call = explain(&scene, "ptrace", true);
    check_has(call,
              "ptrace was never used in training.\n  refused by SystemCallFilter=: SIGSYS ends");
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(free_char) char *output = explain(&scene, rows[i].query, true);
        check_has(output, rows[i].has);
        check_has_not(output, rows[i].has_not);
    }
    for (size_t i = 0; i < ELEMENTS_OF(unknown); i++) {
        CLEANUP(free_char) char *output = explain(&scene, unknown[i], false);
        check_has(output, " is unknown. ");
    }
    scene_done(&scene);
}

/* systemd refuses a file with a line of 1 MiB (LONG_LINE_MAX): no text is worth that. A process may
 * make of its own command line what it likes (prctl(2), PR_SET_MM_ARG_START). */
static void test_no_line_is_too_long(void **state)
{
    const size_t length = (size_t)3 << 20;
    CLEANUP(free_char) char *endless = mem_new(length + 1, 1);
    struct run run = { .id = text("r0"), .started = 0 };
    struct scene scene;

    (void)state;
    memset(endless, 'x', length);
    scene_init(&scene, 252);
    strings_add(&run.command, endless);
    profile_add_run(scene.profile, &run);
    strings_done(&run.command);
    notes_add(&scene.suggestion.notes, SEVERITY_WARNING, TOPIC_NONE, NULL, mem_strdup(endless));
    add_value(add_verdict(&scene, "SystemCallErrorNumber", true, false, endless), endless, endless,
              NULL);
    char *const texts[] = { render_dropin(&scene.suggestion, scene.profile, NULL, NULL,
                                          COMMENTS_FULL),
                            render_unit(&scene.suggestion, scene.profile, NULL) };
    for (size_t i = 0; i < ELEMENTS_OF(texts); i++) {
        for (const char *at = texts[i]; *at; at += strcspn(at, "\n") + 1)
            assert_true(strcspn(at, "\n") < (size_t)1 << 20);
        check_has_not(texts[i], "SystemCallErrorNumber=xxx");
        free(texts[i]);
    }
    scene_done(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dropin),
        cmocka_unit_test(test_dropin_reads_back),
        cmocka_unit_test(test_many_words),
        cmocka_unit_test(test_run_args),
        cmocka_unit_test(test_empty_list),
        cmocka_unit_test(test_unit_made),
        cmocka_unit_test(test_unit_given),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_units),
        cmocka_unit_test(test_explain_all),
        cmocka_unit_test(test_explain_query),
        cmocka_unit_test(test_excess),
        cmocka_unit_test(test_no_line_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
