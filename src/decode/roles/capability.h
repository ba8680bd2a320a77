/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside decode/: which calls take a capability, told from what is known of the call and of who
 * makes it. Only of a task that has the capability is it asked at all.
 */
#ifndef CINCH_DECODE_CAPABILITY_H
#define CINCH_DECODE_CAPABILITY_H

#include "decode/task/decoder.h"
#include <cinch/decode.h>

struct task;
struct call;

struct capability_question {
    struct decoder *decoder;
    struct task *task;
    const struct call *call;
    const struct trace_privileges *privileges;
};

/* A call that succeeds takes a capability where the condition holds. */
struct capability_rule {
    const char *call;
    int capability; /* CAP_* */
    enum capability_basis basis;
    bool (*holds)(const struct capability_question *question); /* NULL: always */
    /* Instead: the call names the capabilities itself. */
    uint64_t (*which)(const struct capability_question *question);
};

/* Sorted by call. */
extern const struct capability_rule capability_rules[];
extern const size_t capability_rule_count;
/* The rules of a call; NULL when there are none. */
const struct capability_rule *capability_rules_of(const char *call, size_t *ret_count);

/* A call begins, its roles have looked at it. */
void capability_begin(struct decoder *decoder, struct task *task, struct call *call);
/* It ended. */
void capability_end(struct decoder *decoder, struct task *task, const struct call *call,
                    int outcome);
/* A program was executed whose file gives or demands capabilities. */
void capability_record_file(struct decoder *decoder, struct task *task, const struct call *call,
                            const char *path);
void capability_after_exec(struct decoder *decoder, struct task *task);
void capability_inherit(struct decoder *decoder, struct task *task, struct task *parent);
/* The task's last stop; it is gone. */
void capability_leaving(struct decoder *decoder, struct task *task);
void capability_gone(struct decoder *decoder, struct task *task);

#endif
