// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A profile made of the input, or read from it where it begins with "{", and what comes of it in
 * every form: no crash, and nothing in a unit but assignments of directives that were meant.
 */
#include "evaluate/allows.h"
#include <cinch/render.h>
#include <cinch/render/show.h>
#include <cinch/store.h>
#include <cjson/cJSON.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* systemd's LONG_LINE_MAX: a longer line makes it refuse the file. */
#define LINE_LIMIT ((size_t)1 << 20)
/* Facts of one input: what is compared with each other grows with their square. */
#define FACT_LIMIT 48
#define TEXT_LIMIT 40

struct input {
    const uint8_t *data;
    size_t size, at;
};

static unsigned take(struct input *input, unsigned below)
{
    return input->at < input->size ? input->data[input->at++] % below : 0;
}

/* ---- a profile ---- */

static const char *const words[] = {
    "/",
    "/etc/",
    "/var/lib/",
    "/var/lib/a/",
    "/run/",
    "/dev/",
    "/dev/sd",
    "/home/x",
    "/root/",
    "/usr/lib/",
    "/tmp/",
    "/proc/",
    "/sys/",
    "/var/run/",
    "/usr/",
    "/usr/bin",
    "/proc/self/",
    "@",
    "127.0.0.1",
    "10.0.0.",
    "::1",
    "fe80::",
    "openat",
    "execve",
    "mount",
    "x86_64",
    "/a:b",
    "memory",
    "write-execute",
    "mknod",
    "S_IFBLK",
    "namespace",
    "user",
    "CAP_CHOWN",
    "setid-mode",
    "/usr/lib/python3/dist-packages/",
    "systemd",
    "252",
    "group @aio",
    "0.0.0.0/0",
    "io_uring",
    "/var/lib/private/",
    "/dev/shm/",
    "lo",
    "~",
    "none",
    "no",
    "2",
    "-1",
    "prctl",
    "umask",
    "0022",
};

/* A word, bytes of the input, or both. */
static char *take_text(struct input *input)
{
    struct str text = { 0 };
    unsigned how = take(input, 4);

    str_add(&text, how ? words[take(input, ELEMENTS_OF(words))] : "");
    for (unsigned i = how == 1 ? 0 : take(input, TEXT_LIMIT); i > 0 && input->at < input->size; i--)
        if (input->data[input->at++])
            str_add_char(&text, (char)input->data[input->at - 1]);
    return str_steal(&text);
}

static int take_number(struct input *input)
{
    static const int numbers[] = { -1, 0,  1,     2,     3,  10,        13,       17,
                                   53, 80, 65535, 65536, -5, INT32_MAX, INT32_MIN };

    return numbers[take(input, ELEMENTS_OF(numbers))];
}

static void take_program(struct input *input, struct program_fact *program)
{
    *program = (struct program_fact){ .path = take_text(input),
                                      .interpreter = take_text(input),
                                      .script_option = take_text(input),
                                      .format = mem_strdup(take(input, 2) ? "elf" : "script"),
                                      .arch = take_text(input),
                                      .run_path = take_text(input),
                                      .mode = take(input, 2) ? 04755 : 0755,
                                      .exec_stack = take(input, 2) };
}

static void take_fields(struct input *input, struct fact *fact)
{
    switch (fact->kind) {
    case FACT_SYSCALL:
        fact->syscall = (struct syscall_fact){ take_text(input), take_text(input), 0 };
        break;
    case FACT_PATH:
        fact->path.use = (enum path_use)take(input, PATH_USE_COUNT);
        fact->path.path = take_text(input);
        fact->path.requested = take(input, 2) ? take_text(input) : mem_strdup(fact->path.path);
        break;
    case FACT_MOVE:
        fact->move = (struct move_fact){ take_text(input), take_text(input) };
        break;
    case FACT_SOCKET:
        fact->socket =
            (struct socket_fact){ take_number(input), take_number(input), take_number(input),
                                  (enum socket_origin)take(input, SOCKET_ORIGIN_COUNT) };
        break;
    case FACT_ADDRESS:
        fact->address = (struct address_fact){ (enum address_use)take(input, ADDRESS_USE_COUNT),
                                               take_number(input),
                                               take_number(input),
                                               take_number(input),
                                               take_text(input),
                                               take_number(input) };
        break;
    case FACT_NAME:
        fact->name = (struct name_fact){ take_text(input), take_text(input), take_number(input) };
        break;
    case FACT_ARGUMENT:
        fact->argument =
            (struct argument_fact){ take_text(input), take_text(input), take_text(input) };
        break;
    case FACT_PROGRAM:
        take_program(input, &fact->program);
        break;
    case FACT_BLIND_SPOT:
        fact->blind_spot = (struct blind_spot_fact){ take_text(input), take_text(input) };
        break;
    case FACT_CAPABILITY:
        fact->capability =
            (struct capability_fact){ take_text(input), take_text(input),
                                      (enum capability_basis)take(input, CAPABILITY_BASES) };
        break;
    case FACT_KIND_COUNT:
        break;
    }
}

static void take_fact(struct input *input, struct profile *profile)
{
    static const int outcomes[] = { 0, 0, 0, OUTCOME_UNKNOWN, 1, 2, 13, 30, 4095 };
    struct fact fact = { .kind = (enum fact_kind)take(input, FACT_KIND_COUNT),
                         .outcome = outcomes[take(input, ELEMENTS_OF(outcomes))] };
    CLEANUP(free_char) char *program = take(input, 3) ? mem_strdup("/usr/bin/d") : take_text(input);
    const struct sighting sighting = { .run = "r",
                                       .count = take(input, 3),
                                       .at_ms = take_number(input),
                                       .phase = (enum phase)take(input, PHASE_COUNT),
                                       .foreign = take(input, 2),
                                       .program = program,
                                       .call = words[22 + take(input, 3)] };

    take_fields(input, &fact);
    profile_record(profile, &fact, &sighting);
    fact_done(&fact);
}

static void take_file(struct input *input, struct profile *profile)
{
    static const unsigned modes[] = { 0755, 0600, 01777, 04755, 0, 0700 };
    CLEANUP(free_char) char *path = take_text(input);
    CLEANUP(free_char) char *target = take_text(input);
    CLEANUP(free_char) char *filesystem = take_text(input);
    const struct host_file file = { .path = path,
                                    .type = (enum file_type)take(input, FILE_TYPE_COUNT),
                                    .mode = modes[take(input, ELEMENTS_OF(modes))],
                                    .uid = take(input, 2),
                                    .target = target,
                                    .entries = take_number(input),
                                    .unused = take_number(input),
                                    .filesystem = filesystem };

    profile_add_file(profile, &file);
}

static void take_run(struct input *input, struct profile *profile)
{
    CLEANUP(strings_done) struct strings command = { 0 };
    CLEANUP(free_char) char *cwd = take_text(input);
    CLEANUP(free_char) char *user = take_text(input);

    for (unsigned i = take(input, 4); i > 0; i--) {
        CLEANUP(free_char) char *argument = take_text(input);
        strings_add(&command, argument);
    }
    const struct run run = { .id = (char[]){ "r" },
                             .command = command,
                             .cwd = cwd,
                             .user = user,
                             .uid = take(input, 2),
                             .started = take_number(input),
                             .duration_ms = take_number(input),
                             .complete = true,
                             .capabilities =
                                 (enum capability_watch)take(input, CAPABILITY_WATCH_COUNT) };

    profile_add_run(profile, &run);
}

static struct profile *take_profile(struct input *input)
{
    struct profile *profile = profile_new();

    take_run(input, profile);
    for (unsigned i = 0; i < FACT_LIMIT && input->at < input->size; i++) {
        unsigned what = take(input, 8);
        if (what == 0) {
            CLEANUP(free_char) char *name = take_text(input);
            CLEANUP(free_char) char *value = take_text(input);
            profile_add_setting(profile, name, value);
        } else if (what <= 2) {
            take_file(input, profile);
        } else {
            take_fact(input, profile);
        }
    }
    return profile;
}

static void take_unit(struct input *input, struct unit *unit)
{
    static const char *const keys[] = {
        "ReadWritePaths",    "BindPaths",     "StateDirectory", "User",
        "BindReadOnlyPaths", "DynamicUser",   "ExecStart",      "InaccessiblePaths",
        "ProtectSystem",     "RootDirectory", "PrivateTmp",     "CapabilityBoundingSet"
    };
    struct str text = { 0 };

    unit->name = take_text(input);
    str_add(&text, "[Service]\n");
    for (unsigned i = take(input, 4); i > 0; i--) {
        CLEANUP(free_char) char *value = take_text(input);
        str_addf(&text, "%s=%s\n", keys[take(input, ELEMENTS_OF(keys))], value);
    }
    if (unit_parse(unit, text.data, text.length, "fuzz", NULL) < 0)
        unit->count = 0;
    str_done(&text);
}

/* ---- what must hold of what comes out ---- */

static bool is_name_known(const struct suggestion *suggestion, const char *name)
{
    static const char *const own[] = { "Type",        "ExecStart", "User", "WorkingDirectory",
                                       "Description", "WantedBy" };

    for (size_t i = 0; i < ELEMENTS_OF(own); i++)
        if (strcmp(own[i], name) == 0)
            return true;
    const struct verdict *verdict = suggestion_find(suggestion, name);
    return verdict && verdict->emitted;
}

/* Every byte that is printed to a person is printable; `utf8`: or part of a path. */
static void check_text(const char *text, bool utf8)
{
    size_t line = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        line = *at == '\n' ? 0 : line + 1;
        if (line >= LINE_LIMIT || *at == 0x7f || (*at < 0x20 && !strchr("\n\t", *at)) ||
            (*at > 0x7e && !utf8))
            abort();
    }
    if (!text_is_utf8(text, strlen(text)) || !text[0] || text[strlen(text) - 1] != '\n')
        abort();
}

/* Lines as systemd reads them: comments, sections that we made, assignments that were meant. */
static void check_unit(const struct suggestion *suggestion, const char *text, bool whole)
{
    struct unit unit = { 0 };
    size_t lines = 0;

    check_text(text, true);
    for (const char *at = text; *at; at += strcspn(at, "\n") + 1)
        lines += !strchr("#[\n", *at);
    if (unit_parse(&unit, text, strlen(text), "made", NULL) < 0 || unit.count != lines)
        abort();
    for (size_t i = 0; i < unit.count; i++) {
        bool outside = strcmp(unit.settings[i].section, "Service") != 0;
        if (!is_name_known(suggestion, unit.settings[i].key) || (outside && !whole))
            abort();
    }
    unit_done(&unit);
}

static void check_arguments(const char *text)
{
    check_text(text, true);
    for (const char *at = text; *at; at += strcspn(at, "\n") + 1)
        if (!str_starts_with(at, "-p '") && *at != '#' && *at != '\n')
            abort();
}

/* The pages for a person, and answers about what was used and what never was. */
static void check_pages(const struct suggestion *suggestion, const struct profile *profile)
{
    static char *const queries[] = { "/etc/shadow", "/dev/x",     "ptrace",      "clone3",
                                     "CAP_KILL",    "AF_INET",    "10.0.0.1:80", "@mount",
                                     "PrivateTmp=", "nothing\x1b" };
    const struct show_options options[] = { { 0 }, { .all = true, .columns = 50 } };
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
    bool found;

    for (size_t i = 0; i < ELEMENTS_OF(options); i++) {
        CLEANUP(free_char) char *page = render_show(profile, &options[i]);
        check_text(page, false);
    }
    CLEANUP(free_char)
    char *answers = render_explanation(suggestion, profile, queries, ELEMENTS_OF(queries), &found);
    check_text(answers, false);
    if (!count)
        return;
    CLEANUP(free_char)
    char *used = render_explanation(suggestion, profile, &facts[0]->path.path, 1, &found);
    check_text(used, false);
}

static void check_all(const struct suggestion *suggestion, const struct profile *profile,
                      const struct unit *unit)
{
    CLEANUP(free_char) char *dropin = render_dropin(suggestion, profile, unit, NULL, COMMENTS_FULL);
    CLEANUP(free_char) char *whole = render_unit(suggestion, profile, NULL);
    CLEANUP(free_char) char *arguments = render_run_args(suggestion, profile);
    CLEANUP(free_char) char *json = render_json(suggestion, profile);
    bool found;
    CLEANUP(free_char)
    char *explanation = render_explanation(suggestion, profile, NULL, 0, &found);
    CLEANUP(free_char) char *given = unit ? render_unit(suggestion, profile, unit) : NULL;

    check_unit(suggestion, dropin, false);
    check_unit(suggestion, whole, true);
    check_arguments(arguments);
    check_text(explanation, false);
    check_pages(suggestion, profile);
    cJSON *tree = cJSON_Parse(json);
    if (!tree || !found)
        abort();
    cJSON_Delete(tree);
}

static void check_facts(const struct suggestion *suggestion, const struct profile *profile,
                        const struct unit *unit)
{
    struct allows *allows = allows_new(suggestion, unit, profile);

    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        size_t count;
        const struct fact *const *facts = profile_facts(profile, (enum fact_kind)kind, &count);
        for (size_t i = 0; i < count; i++) {
            const char *directive;
            (void)allows_fact(allows, facts[i], &directive);
        }
    }
    allows_free(allows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int versions[] = { 232, 245, 252, 254, 257, 262 };
    struct input input = { data, size, 0 };
    bool is_json = size && data[0] == '{';
    CLEANUP(unit_done) struct unit unit = { 0 };
    struct suggest_options options = { .target = { .version = 252 } };

    if (!is_json) {
        options.target.version = versions[take(&input, ELEMENTS_OF(versions))];
        options.target.user_manager = take(&input, 8) == 7;
        options.fit = (enum fit)take(&input, 3);
        options.filesystem = (enum filesystem_form)take(&input, 3);
        options.filesystem_given = take(&input, 2);
        options.peers = (enum peer_policy)take(&input, 4);
        options.complain = take(&input, 8) == 7;
        options.knobs.bpf = (enum bpf_use)take(&input, 3);
        if (take(&input, 3) == 2) {
            take_unit(&input, &unit);
            options.unit = &unit;
        }
    }
    CLEANUP(profile_freep)
    struct profile *profile =
        is_json ? store_from_json((const char *)data, size, "fuzz", NULL) : take_profile(&input);
    struct suggestion suggestion = { 0 };

    if (!profile)
        return 0;
    suggest(profile, &options, &suggestion);
    check_all(&suggestion, profile, options.unit);
    check_facts(&suggestion, profile, options.unit);
    suggestion_done(&suggestion);
    return 0;
}
