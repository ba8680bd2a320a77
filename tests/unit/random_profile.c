// SPDX-License-Identifier: LGPL-2.1-or-later
#include "random_profile.h"
#include <limits.h>
#include <string.h>

struct source {
    uint64_t state;
    struct strings runs;
};

/* splitmix64 */
static uint64_t next(struct source *source)
{
    uint64_t z = source->state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static unsigned below(struct source *source, unsigned limit)
{
    return (unsigned)(next(source) % limit);
}

static const uint64_t edges[] = {
    0,
    1,
    2,
    INT32_MAX,
    UINT32_MAX,
    (uint64_t)1 << 53,
    ((uint64_t)1 << 53) - 1,
    ((uint64_t)1 << 53) + 1,
    1000000000000000,
    INT64_MAX,
    UINT64_MAX,
};

static uint64_t number(struct source *source)
{
    if (below(source, 3))
        return below(source, 1000);
    return below(source, 3) ? edges[below(source, ELEMENTS_OF(edges))] : next(source);
}

static int64_t signed_number(struct source *source)
{
    return below(source, 20) ? (int64_t)number(source) : INT64_MIN;
}

static int small_number(struct source *source)
{
    return below(source, 20) ? (int)signed_number(source) : INT_MIN;
}

/* Any bytes but NUL. */
static char *text(struct source *source)
{
    static const char *const known[] = {
        "",         "/usr/sbin/nginx", "/",    "a\nb", "\\x41",        "\\",      "\"",
        "\xff\xfe", "/tmp/\xc3\xa4",   "%s%n", "null", "\x7f\x1b[31m", "AF_INET", " ",
    };
    struct str bytes = { 0 };

    if (below(source, 2))
        return mem_strdup(known[below(source, ELEMENTS_OF(known))]);
    for (unsigned left = below(source, 12); left; left--)
        str_add_char(&bytes, (char)(1 + below(source, 255)));
    return str_steal(&bytes);
}

/* An abstract name may hold NULs: encoded, as model.h says. */
static char *host(struct source *source)
{
    unsigned char bytes[8];
    unsigned length = below(source, sizeof(bytes) + 1);

    if (below(source, 3)) {
        char *any = text(source);
        if (any[0] != '@')
            return any;
        free(any);
    }
    for (unsigned i = 0; i < length; i++)
        bytes[i] = (unsigned char)below(source, 2 + 254 * below(source, 2));
    CLEANUP(free_char) char *encoded = text_encode(bytes, length);
    return mem_printf("@%s", encoded);
}

static void texts(struct source *source, struct strings *ret)
{
    for (unsigned left = below(source, 4); left; left--) {
        CLEANUP(free_char) char *item = text(source);
        strings_add(ret, item);
    }
}

static int outcome(struct source *source)
{
    switch (below(source, 5)) {
    case 0:
        return OUTCOME_UNKNOWN;
    case 1:
        return (int)below(source, 4096);
    case 2:
        return 1 + (int)below(source, 40);
    default:
        return 0;
    }
}

static void add_runs(struct source *source, struct profile *profile, size_t size)
{
    for (size_t i = 0; i < size + 1; i++) {
        CLEANUP(free_char) char *suffix = text(source);
        struct run run = {
            .id = mem_printf("%zu%s", i, suffix),
            .cwd = text(source),
            .user = text(source),
            .uid = (unsigned)number(source),
            .workload = text(source),
            .ready = text(source),
            .cinch = text(source),
            .started = signed_number(source),
            .ready_ms = signed_number(source),
            .duration_ms = signed_number(source),
            .exit_status = small_number(source),
            .signal = small_number(source),
            .workload_status = small_number(source),
            .complete = below(source, 2),
            .capabilities = (enum capability_watch)below(source, CAPABILITY_WATCH_COUNT),
            .phases = below(source, 1u << PHASE_COUNT),
        };
        char *const owned[] = { run.id, run.cwd, run.user, run.workload, run.ready, run.cinch };
        texts(source, &run.command);
        texts(source, &run.environment);
        profile_add_run(profile, &run);
        strings_add(&source->runs, run.id);
        strings_done(&run.command);
        strings_done(&run.environment);
        for (size_t j = 0; j < ELEMENTS_OF(owned); j++)
            free(owned[j]);
    }
}

/* Adds the fact, once for each of some runs, and releases the texts it was made of. */
static void add_fact(struct source *source, struct profile *profile, struct fact *fact,
                     char *const *owned, size_t count)
{
    fact->outcome = outcome(source);
    profile_add_fact(profile, fact);
    for (unsigned left = below(source, 4); left; left--) {
        struct seen seen = {
            .run = source->runs.items[below(source, (unsigned)source->runs.count)],
            .count = number(source),
            .first_ms = signed_number(source),
            .slices = number(source),
            .phases = below(source, 1u << PHASE_COUNT),
            .foreign = below(source, 2),
            .program = text(source),
            .call = text(source),
        };
        fact->evidence = (struct evidence){ .seen = &seen, .count = 1 };
        profile_add_fact(profile, fact);
        free(seen.program);
        free(seen.call);
    }
    for (size_t i = 0; i < count; i++)
        free(owned[i]);
}

static void add_syscall(struct source *source, struct profile *profile)
{
    static const char *const names[] = { "openat", "read", "clone3", NULL, NULL };
    struct fact fact = { .kind = FACT_SYSCALL };
    char *name = mem_strdup(names[below(source, ELEMENTS_OF(names))]);
    char *owned[] = { mem_strdup(below(source, 2) ? "x86_64" : "x86"), name };

    fact.syscall = (struct syscall_fact){ owned[0], name, name ? 0 : number(source) };
    add_fact(source, profile, &fact, owned, ELEMENTS_OF(owned));
}

static void add_path(struct source *source, struct profile *profile)
{
    struct fact fact = { .kind = FACT_PATH };
    char *owned[] = { text(source), text(source) };

    fact.path =
        (struct path_fact){ (enum path_use)below(source, PATH_USE_COUNT), owned[0], owned[1] };
    add_fact(source, profile, &fact, owned, ELEMENTS_OF(owned));
}

static void add_move(struct source *source, struct profile *profile)
{
    struct fact fact = { .kind = FACT_MOVE };
    char *owned[] = { text(source), text(source) };

    fact.move = (struct move_fact){ owned[0], owned[1] };
    add_fact(source, profile, &fact, owned, ELEMENTS_OF(owned));
}

static void add_socket(struct source *source, struct profile *profile)
{
    struct fact fact = { .kind = FACT_SOCKET };

    fact.socket =
        (struct socket_fact){ small_number(source), small_number(source), small_number(source),
                              (enum socket_origin)below(source, SOCKET_ORIGIN_COUNT) };
    if (below(source, 2)) {
        fact.socket.family = (int)below(source, 50);
        fact.socket.type = (int)below(source, 12);
        fact.socket.protocol = -1;
    }
    add_fact(source, profile, &fact, NULL, 0);
}

static void add_address(struct source *source, struct profile *profile)
{
    struct fact fact = { .kind = FACT_ADDRESS };
    char *owned[] = { host(source) };

    fact.address = (struct address_fact){ (enum address_use)below(source, ADDRESS_USE_COUNT),
                                          (int)below(source, 50),
                                          (int)below(source, 12),
                                          small_number(source),
                                          owned[0],
                                          (int)below(source, 65536) };
    add_fact(source, profile, &fact, owned, ELEMENTS_OF(owned));
}

/* Few names, so that some differ in their time to live only. */
static void add_name(struct source *source, struct profile *profile)
{
    struct fact fact = { .kind = FACT_NAME };
    char *owned[] = { below(source, 2) ? mem_strdup("api.example.org") : text(source),
                      mem_strdup(below(source, 2) ? "192.0.2.7" : "2001:db8::7") };

    fact.name = (struct name_fact){ owned[0], owned[1], signed_number(source) };
    add_fact(source, profile, &fact, owned, ELEMENTS_OF(owned));
}

static void add_argument(struct source *source, struct profile *profile)
{
    struct fact fact = { .kind = FACT_ARGUMENT };
    char *owned[] = { text(source), text(source), text(source) };

    fact.argument = (struct argument_fact){ owned[0], owned[1], owned[2] };
    add_fact(source, profile, &fact, owned, ELEMENTS_OF(owned));
}

static void add_program(struct source *source, struct profile *profile)
{
    struct fact fact = { .kind = FACT_PROGRAM };
    char *owned[] = { text(source), text(source), text(source),
                      text(source), text(source), text(source) };
    struct strings needed = { 0 };

    texts(source, &needed);
    fact.program = (struct program_fact){
        .path = owned[0],
        .interpreter = owned[1],
        .script_option = owned[2],
        .format = owned[3],
        .arch = owned[4],
        .is_static = below(source, 2),
        .exec_stack = below(source, 2),
        .text_rel = below(source, 2),
        .needed = needed,
        .run_path = owned[5],
        .mode = (unsigned)number(source),
        .uid = (unsigned)number(source),
        .gid = (unsigned)number(source),
        .file_caps = below(source, 2),
    };
    add_fact(source, profile, &fact, owned, ELEMENTS_OF(owned));
    strings_done(&needed);
}

static void add_blind_spot(struct source *source, struct profile *profile)
{
    struct fact fact = { .kind = FACT_BLIND_SPOT };
    char *owned[] = { text(source), text(source) };

    fact.blind_spot = (struct blind_spot_fact){ owned[0], owned[1] };
    add_fact(source, profile, &fact, owned, ELEMENTS_OF(owned));
}

static void add_capability(struct source *source, struct profile *profile)
{
    struct fact fact = { .kind = FACT_CAPABILITY };
    char *owned[] = { below(source, 2) ? mem_strdup(capability_name((int)below(source, 41)))
                                       : text(source),
                      text(source) };

    fact.capability =
        (struct capability_fact){ owned[0], owned[1],
                                  (enum capability_basis)below(source, CAPABILITY_BASES) };
    add_fact(source, profile, &fact, owned, ELEMENTS_OF(owned));
}

static void add_host(struct source *source, struct profile *profile)
{
    CLEANUP(free_char) char *name = text(source);
    CLEANUP(free_char) char *value = text(source);
    CLEANUP(free_char) char *path = text(source);
    CLEANUP(free_char) char *target = text(source);
    CLEANUP(free_char) char *filesystem = below(source, 2) ? text(source) : NULL;

    profile_add_setting(profile, name, value);
    profile_add_file(profile,
                     &(struct host_file){ .path = path,
                                          .type = (enum file_type)below(source, FILE_TYPE_COUNT),
                                          .mode = (unsigned)number(source),
                                          .uid = (unsigned)number(source),
                                          .gid = (unsigned)number(source),
                                          .target = target,
                                          .entries = signed_number(source),
                                          .unused = signed_number(source),
                                          .filesystem = filesystem });
}

struct profile *random_profile(uint64_t seed, size_t size)
{
    static void (*const adders[])(struct source *, struct profile *) = {
        add_syscall, add_path,       add_socket, add_address, add_name,       add_argument,
        add_program, add_blind_spot, add_host,   add_move,    add_capability,
    };
    struct source source = { .state = seed };
    struct profile *profile = profile_new();

    add_runs(&source, profile, size / 4);
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < ELEMENTS_OF(adders); j++)
            adders[j](&source, profile);
    strings_done(&source.runs);
    return profile;
}

/* ---- equality ------------------------------------------------------------------------ */

#define SAME(field)      (a->field == b->field)
#define SAME_TEXT(field) (strcmp(a->field, b->field) == 0)

static bool strings_equal(const struct strings *a, const struct strings *b)
{
    bool equal = a->count == b->count;

    for (size_t i = 0; equal && i < a->count; i++)
        equal = strcmp(a->items[i], b->items[i]) == 0;
    return equal;
}

static bool evidence_equal(const struct evidence *left, const struct evidence *right)
{
    bool equal = left->count == right->count;

    for (size_t i = 0; equal && i < left->count; i++) {
        const struct seen *a = &left->seen[i], *b = &right->seen[i];
        equal = SAME_TEXT(run) && SAME(count) && SAME(first_ms) && SAME(slices) && SAME(phases) &&
                SAME(foreign) && SAME_TEXT(program) && SAME_TEXT(call);
    }
    return equal;
}

static bool program_equal(const struct program_fact *a, const struct program_fact *b)
{
    return SAME_TEXT(path) && SAME_TEXT(interpreter) && SAME_TEXT(script_option) &&
           SAME_TEXT(format) && SAME_TEXT(arch) && SAME(is_static) && SAME(exec_stack) &&
           SAME(text_rel) && strings_equal(&a->needed, &b->needed) && SAME_TEXT(run_path) &&
           SAME(mode) && SAME(uid) && SAME(gid) && SAME(file_caps);
}

static bool fact_equal(const struct fact *a, const struct fact *b)
{
    if (!SAME(kind) || !SAME(outcome) || !evidence_equal(&a->evidence, &b->evidence))
        return false;
    switch (a->kind) {
    case FACT_SYSCALL:
        return SAME_TEXT(syscall.arch) && !a->syscall.name == !b->syscall.name &&
               (!a->syscall.name || SAME_TEXT(syscall.name)) && SAME(syscall.number);
    case FACT_PATH:
        return SAME(path.use) && SAME_TEXT(path.path) && SAME_TEXT(path.requested);
    case FACT_MOVE:
        return SAME_TEXT(move.from) && SAME_TEXT(move.to);
    case FACT_SOCKET:
        return SAME(socket.family) && SAME(socket.type) && SAME(socket.protocol) &&
               SAME(socket.origin);
    case FACT_ADDRESS:
        return SAME(address.use) && SAME(address.family) && SAME(address.type) &&
               SAME(address.protocol) && SAME_TEXT(address.host) && SAME(address.port);
    case FACT_NAME:
        return SAME_TEXT(name.name) && SAME_TEXT(name.host) && SAME(name.ttl_s);
    case FACT_ARGUMENT:
        return SAME_TEXT(argument.call) && SAME_TEXT(argument.topic) && SAME_TEXT(argument.value);
    case FACT_PROGRAM:
        return program_equal(&a->program, &b->program);
    case FACT_BLIND_SPOT:
        return SAME_TEXT(blind_spot.topic) && SAME_TEXT(blind_spot.detail);
    case FACT_CAPABILITY:
        return SAME_TEXT(capability.name) && SAME_TEXT(capability.call) && SAME(capability.basis);
    case FACT_KIND_COUNT:
        break;
    }
    return false;
}

static bool run_equal(const struct run *a, const struct run *b)
{
    return SAME_TEXT(id) && strings_equal(&a->command, &b->command) && SAME_TEXT(cwd) &&
           SAME_TEXT(user) && SAME(uid) && SAME_TEXT(workload) && SAME_TEXT(ready) &&
           SAME_TEXT(cinch) && SAME(started) && SAME(ready_ms) && SAME(duration_ms) &&
           SAME(exit_status) && SAME(signal) && SAME(workload_status) && SAME(complete) &&
           strings_equal(&a->environment, &b->environment) && SAME(capabilities) && SAME(phases);
}

static bool setting_equal(const struct host_setting *a, const struct host_setting *b)
{
    return SAME_TEXT(name) && SAME_TEXT(value);
}

static bool file_equal(const struct host_file *a, const struct host_file *b)
{
    return SAME_TEXT(path) && SAME(type) && SAME(mode) && SAME(uid) && SAME(gid) &&
           SAME_TEXT(target) && SAME(entries) && SAME(unused) && SAME_TEXT(filesystem);
}

#define COMPARE(what, items, equal, ...)                                                           \
    do {                                                                                           \
        size_t count, other;                                                                       \
        const struct items *const *left = __VA_ARGS__(a, &count);                                  \
        const struct items *const *right = __VA_ARGS__(b, &other);                                 \
        *ret_what = what;                                                                          \
        if (count != other)                                                                        \
            return false;                                                                          \
        for (size_t i = 0; i < count; i++)                                                         \
            if (!equal(left[i], right[i]))                                                         \
                return false;                                                                      \
    } while (0)

static bool facts_equal(const struct profile *a, const struct profile *b, enum fact_kind kind)
{
    size_t count, other;
    const struct fact *const *left = profile_facts(a, kind, &count);
    const struct fact *const *right = profile_facts(b, kind, &other);
    bool equal = count == other;

    for (size_t i = 0; equal && i < count; i++)
        equal = fact_equal(left[i], right[i]);
    return equal;
}

bool random_profile_equal(const struct profile *a, const struct profile *b, const char **ret_what)
{
    static const char *const kinds[] = { "syscalls",    "paths",       "moves",     "sockets",
                                         "addresses",   "names",       "arguments", "programs",
                                         "blind spots", "capabilities" };

    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        *ret_what = kinds[kind];
        if (!facts_equal(a, b, (enum fact_kind)kind))
            return false;
    }
    COMPARE("runs", run, run_equal, profile_runs);
    COMPARE("settings", host_setting, setting_equal, profile_settings);
    COMPARE("files", host_file, file_equal, profile_files);
    return true;
}
