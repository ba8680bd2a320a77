// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decode_run.h"
#include <string.h>

static void drive_start(struct decode_run *run)
{
    *run = (struct decode_run){ .arch = AUDIT_ARCH_X86_64, .tid = RUN_TID };
    fake_init(&run->fake);
    run->profile = profile_new();
    run->decoder = decoder_new(run->profile, &run->fake.ops, "run");
}

void drive_init_unstarted(struct decode_run *run)
{
    drive_start(run);
}

void drive_init(struct decode_run *run)
{
    drive_start(run);
    decoder_inherit(run->decoder, RUN_TID);
}

void drive_done(struct decode_run *run)
{
    decoder_free(run->decoder);
    profile_free(run->profile);
}

bool drive_enter(struct decode_run *run, const char *name, const uint64_t args[6])
{
    struct trace_event event = { .kind = TRACE_ENTER,
                                 .tid = run->tid,
                                 .tgid = RUN_TID,
                                 .arch = run->arch,
                                 .number = (uint64_t)syscall_number(run->arch, name),
                                 .at_ms = ++run->now_ms };

    memcpy(event.args, args, sizeof(event.args));
    return decoder_event(run->decoder, &event);
}

void drive_exit(struct decode_run *run, int64_t rval)
{
    struct trace_event event = { .kind = TRACE_EXIT,
                                 .tid = run->tid,
                                 .tgid = RUN_TID,
                                 .rval = rval,
                                 .is_error = rval < 0,
                                 .at_ms = ++run->now_ms };

    decoder_event(run->decoder, &event);
}

void drive_call(struct decode_run *run, const char *name, const uint64_t args[6], int64_t rval)
{
    if (drive_enter(run, name, args))
        drive_exit(run, rval);
}

void drive_event(struct decode_run *run, enum trace_kind kind, pid_t tid, pid_t other)
{
    struct trace_event event = { .kind = kind,
                                 .tid = tid,
                                 .tgid = tid,
                                 .parent = other,
                                 .former_tid = other,
                                 .detail = "it vanished",
                                 .at_ms = ++run->now_ms };

    decoder_event(run->decoder, &event);
}

/* Sum over the facts of a kind for which `matches` holds. */
#define SUM_OF(run, fact_kind_, condition)                                                         \
    uint64_t sum = 0;                                                                              \
    size_t count;                                                                                  \
    const struct fact *const *facts = profile_facts((run)->profile, fact_kind_, &count);           \
    for (size_t i = 0; i < count; i++) {                                                           \
        const struct fact *fact = facts[i];                                                        \
        if (condition)                                                                             \
            sum += evidence_total(&fact->evidence);                                                \
    }

uint64_t seen_path(const struct decode_run *run, enum path_use use, const char *path,
                   const char *requested, int outcome)
{
    if (!requested)
        requested = path;
    SUM_OF(run, FACT_PATH,
           fact->path.use == use && fact->outcome == outcome &&
               strcmp(fact->path.path, path) == 0 && strcmp(fact->path.requested, requested) == 0)
    return sum;
}

bool path_was_foreign(const struct decode_run *run, enum path_use use, const char *path)
{
    SUM_OF(run, FACT_PATH,
           fact->path.use == use && strcmp(fact->path.path, path) == 0 &&
               evidence_foreign(&fact->evidence))
    return sum > 0;
}

uint64_t seen_move(const struct decode_run *run, const char *from, const char *to)
{
    SUM_OF(run, FACT_MOVE,
           strcmp(fact->move.from, from) == 0 && strcmp(fact->move.to, to) == 0 &&
               fact->outcome == 0)
    return sum;
}

uint64_t seen_syscall(const struct decode_run *run, const char *name, int outcome)
{
    SUM_OF(run, FACT_SYSCALL,
           fact->syscall.name && strcmp(fact->syscall.name, name) == 0 && fact->outcome == outcome)
    return sum;
}

uint64_t seen_socket(const struct decode_run *run, int family, int type, enum socket_origin origin,
                     int outcome)
{
    SUM_OF(run, FACT_SOCKET,
           fact->socket.family == family && fact->socket.type == type &&
               fact->socket.origin == origin && fact->outcome == outcome)
    return sum;
}

uint64_t seen_address(const struct decode_run *run, enum address_use use, int type,
                      const char *host, int port, int outcome)
{
    SUM_OF(run, FACT_ADDRESS,
           fact->address.use == use && fact->address.type == type &&
               strcmp(fact->address.host, host) == 0 && fact->address.port == port &&
               fact->outcome == outcome)
    return sum;
}

uint64_t seen_argument(const struct decode_run *run, const char *topic, const char *value,
                       int outcome)
{
    SUM_OF(run, FACT_ARGUMENT,
           strcmp(fact->argument.topic, topic) == 0 && strcmp(fact->argument.value, value) == 0 &&
               fact->outcome == outcome)
    return sum;
}

uint64_t seen_capability(const struct decode_run *run, const char *name, const char *call,
                         enum capability_basis basis)
{
    SUM_OF(run, FACT_CAPABILITY,
           strcmp(fact->capability.name, name) == 0 && strcmp(fact->capability.call, call) == 0 &&
               fact->capability.basis == basis)
    return sum;
}

uint64_t seen_blind_spot(const struct decode_run *run, const char *topic, const char *detail)
{
    SUM_OF(run, FACT_BLIND_SPOT,
           strcmp(fact->blind_spot.topic, topic) == 0 &&
               strcmp(fact->blind_spot.detail, detail) == 0)
    return sum;
}

const struct program_fact *seen_program(const struct decode_run *run, const char *path)
{
    size_t count;
    const struct fact *const *facts = profile_facts(run->profile, FACT_PROGRAM, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(facts[i]->program.path, path) == 0)
            return &facts[i]->program;
    return NULL;
}

size_t seen_count(const struct decode_run *run, enum fact_kind kind)
{
    size_t count;

    profile_facts(run->profile, kind, &count);
    return count;
}
