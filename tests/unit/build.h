/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building small profiles in a line each, for the tests of systemd/. */
#ifndef CINCH_TESTS_BUILD_H
#define CINCH_TESTS_BUILD_H

#include <cinch/systemd.h>

#define BUILD_PROGRAM "/usr/bin/served"

/* const char * from a literal, for the char * of a fact; facts are copied. */
static inline char *build_text(const char *text)
{
    return (char *)(uintptr_t)text;
}

static inline void build_see(struct profile *profile, const struct fact *fact, const char *call)
{
    struct sighting sighting = { .run = "r1",
                                 .count = 1,
                                 .at_ms = 10,
                                 .phase = PHASE_START,
                                 .program = BUILD_PROGRAM,
                                 .call = call };
    profile_record(profile, fact, &sighting);
}

static inline void build_syscall_on(struct profile *profile, const char *arch, const char *name,
                                    int outcome)
{
    struct fact fact = { .kind = FACT_SYSCALL,
                         .outcome = outcome,
                         .syscall = { .arch = build_text(arch), .name = build_text(name) } };
    build_see(profile, &fact, name);
}

static inline void build_syscall(struct profile *profile, const char *name, int outcome)
{
    build_syscall_on(profile, "x86_64", name, outcome);
}

static inline void build_argument(struct profile *profile, const char *call, const char *topic,
                                  const char *value, int outcome)
{
    struct fact fact = { .kind = FACT_ARGUMENT,
                         .outcome = outcome,
                         .argument = { .call = build_text(call),
                                       .topic = build_text(topic),
                                       .value = build_text(value) } };
    build_see(profile, &fact, call);
}

static inline void build_path(struct profile *profile, enum path_use use, const char *path,
                              int outcome)
{
    struct fact fact = {
        .kind = FACT_PATH,
        .outcome = outcome,
        .path = { .use = use, .path = build_text(path), .requested = build_text(path) }
    };
    build_see(profile, &fact, "openat");
}

static inline void build_socket(struct profile *profile, int family, int type,
                                enum socket_origin origin, int outcome)
{
    struct fact fact = { .kind = FACT_SOCKET,
                         .outcome = outcome,
                         .socket = { .family = family, .type = type, .origin = origin } };
    build_see(profile, &fact, "socket");
}

static inline void build_address(struct profile *profile, enum address_use use, int family,
                                 int type, const char *host, int port, int outcome)
{
    struct fact fact = { .kind = FACT_ADDRESS,
                         .outcome = outcome,
                         .address = { .use = use,
                                      .family = family,
                                      .type = type,
                                      .host = build_text(host),
                                      .port = port } };
    build_see(profile, &fact, address_use_name(use));
}

static inline void build_name(struct profile *profile, const char *name, const char *host,
                              int64_t ttl_s)
{
    struct fact fact = { .kind = FACT_NAME, .name = { build_text(name), build_text(host), ttl_s } };
    build_see(profile, &fact, "recvfrom");
}

/* A program with a mode and flags, as "set-id" tests need them. */
static inline void build_program(struct profile *profile, const struct program_fact *program)
{
    struct fact fact = { .kind = FACT_PROGRAM, .program = *program };
    build_see(profile, &fact, "execve");
}

static inline void build_blind_spot(struct profile *profile, const char *topic)
{
    struct fact fact = { .kind = FACT_BLIND_SPOT,
                         .blind_spot = { .topic = build_text(topic),
                                         .detail = build_text("for the test") } };
    build_see(profile, &fact, "");
}

static inline void build_capability(struct profile *profile, const char *name, const char *call,
                                    enum capability_basis basis)
{
    struct fact fact = { .kind = FACT_CAPABILITY,
                         .capability = {
                             .name = build_text(name), .call = build_text(call), .basis = basis } };
    build_see(profile, &fact, call);
}

/* A service that did next to nothing, on the machine the tests assume. */
static inline struct profile *build_profile(void)
{
    struct profile *profile = profile_new();

    profile_add_setting(profile, "arch", "x86_64");
    profile_add_setting(profile, "systemd", "252");
    profile_add_setting(profile, "libseccomp", "2.5.4");
    build_syscall(profile, "execve", 0);
    build_syscall(profile, "read", 0);
    return profile;
}

/* "A B C" of an emitted directive, NULL when it was left out. */
static inline char *build_value(const struct suggestion *suggestion, const char *name)
{
    const struct verdict *verdict = suggestion_find(suggestion, name);
    struct str text = { 0 };

    if (!verdict || !verdict->emitted)
        return NULL;
    for (size_t i = 0; i < verdict->count; i++)
        str_addf(&text, "%s%s", i ? " " : "", verdict->values[i].text);
    return str_steal(&text);
}

#endif
