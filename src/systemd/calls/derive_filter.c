// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * SystemCallFilter=: an allow-list; never name:errno, with which 257 fails to start (228).
 */
#include "systemd/calls/call_filter.h"
#include "systemd/calls/calls_rows.h"
#include "systemd/core/abi.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/touched.h"
#include "systemd/core/verdict.h"
#include <string.h>

static void filter_done(struct filter *filter)
{
    struct filter_name *name, *next;

    HASH_ITER (hh, filter->names, name, next) {
        HASH_DEL(filter->names, name);
        free(name->why);
        free(name);
    }
    strings_done(&filter->unseen);
    groups_done(&filter->groups);
}

/* Where the content of the groups comes from. */
static char *groups_describe(const struct filter *filter)
{
    int version = filter->context->options->target.version;

    switch (filter->groups.source) {
    case GROUPS_RECORDED:
        return mem_strdup("@groups as this host's systemd defines them");
    case GROUPS_BUILT_IN:
        return mem_printf("@groups as systemd %d defines them", version);
    case GROUPS_UNKNOWN:
        return mem_printf("no @groups, because their content in systemd %d is unknown", version);
    }
    return NULL;
}

static char *filter_describe(const struct filter *filter, size_t seen, size_t others)
{
    const struct fact *own = derive_blind_spot(filter->context->profile, "own-seccomp-filter");
    CLEANUP(free_char) char *spot = own ? fact_describe(own) : NULL;
    CLEANUP(free_char) char *groups = groups_describe(filter);

    return mem_printf("allows %zu observed calls and %zu companions, and systemd adds @default; "
                      "any other call fails with EPERM%s%s%s%s%s",
                      seen, others, filter->fit.groups ? " (" : "",
                      filter->fit.groups ? groups : "", filter->fit.groups ? ")" : "",
                      own ? "; allows more because of the " : "", own ? spot : "");
}

/* A program that only sends a signal needs little more than its start; another one may keep the
 * service from starting. */
static void note_unseen_programs(const struct filter *filter)
{
    for (size_t i = 0; i < filter->unseen.count; i++) {
        const char *program = filter->unseen.items[i];
        /* What a plain one does is known. */
        if (touched_plain_program(filter->context, program))
            continue;
        CLEANUP(free_char) char *encoded = text_encode_string(program);
        bool harmless = unit_program_signals(program);

        derive_note(
            filter->context, harmless ? SEVERITY_NOTE : SEVERITY_WARNING, TOPIC_PATH, program,
            harmless ? mem_printf("the unit runs %s, which training did not run. Only the system "
                                  "calls of its start are known; train it or test it",
                                  encoded)
                     : mem_printf("the unit runs %s, which training did not run: it may fail in "
                                  "the sandbox and take the unit with it; train it too",
                                  encoded));
    }
}

/* A first start is not the next one. */
static void note_left_behind(const struct derive_context *context)
{
    const struct fact *fact = touched_left_behind(context->profile);
    CLEANUP(free_char) char *path = fact ? text_encode_string(fact->path.path) : NULL;

    if (fact)
        derive_note(context, SEVERITY_WARNING, TOPIC_PATH, fact->path.path,
                    mem_printf("the service leaves %s behind, and training did not show a start "
                               "that finds it. The output allows removing it; also train a start "
                               "with it in place and give both profiles",
                               path));
}

static void filter_derive(const struct derive_context *context, struct verdict *ret)
{
    size_t seen = 0, others = 0;
    CLEANUP(filter_done)
    struct filter filter = { .context = context,
                             .libseccomp = filter_libseccomp(context),
                             .plain_64 = abi_is_plain_64(context->profile) &&
                                         !abi_foreign(context->profile) };

    fit_settle(context->options, &filter.fit);
    groups_init(&filter.groups, context->profile, &context->options->target);
    filter.standard = groups_find(&filter.groups, "@default");
    touched_unseen_programs(context, &filter.unseen);
    filter_want(&filter);
    for (const struct filter_name *name = filter.names; name; name = name->hh.next)
        name->witness ? seen++ : others++;
    filter_cover(&filter, ret);
    ret->why = filter_describe(&filter, seen, others);
    ret->witness = derive_blind_spot(context->profile, "own-seccomp-filter");
    note_unseen_programs(&filter);
    note_left_behind(context);
}

void derive_filter(const struct derive_context *context, const struct directive *directive,
                   struct verdict *ret)
{
    (void)directive;
    if (context->options->complain)
        verdict_refuse(ret, mem_strdup("SystemCallLog= logs these calls instead (--complain)"),
                       NULL);
    else
        filter_derive(context, ret);
}

/* systemd.exec(5): calls outside an inverted list are logged. @default is not part of it by itself,
 * as it is of SystemCallFilter='s. */
void derive_log(const struct derive_context *context, const struct directive *directive,
                struct verdict *ret)
{
    (void)directive;
    if (!context->options->complain) {
        verdict_refuse(
            ret, mem_strdup("SystemCallFilter= refuses these calls instead; --complain logs them"),
            NULL);
        return;
    }
    filter_derive(context, ret);
    verdict_add(ret, "@default", mem_strdup("systemd always adds this to SystemCallFilter="), NULL);
    free(ret->why);
    CLEANUP(free_char) char *spot = ret->witness ? fact_describe(ret->witness) : NULL;
    ret->inverted = true;
    ret->why =
        mem_printf("refuses nothing; every other call is logged (kernel log and journal, "
                   "\"type=1326\"). When nothing is logged any more, run without --complain%s%s",
                   spot ? "; allows more because of the " : "", spot ? spot : "");
}

void derive_error_number(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret)
{
    (void)context;
    (void)directive;
    ret->why = mem_strdup("a refused call fails with EPERM, so probes and error paths outside "
                          "training continue; without this the service is killed");
    verdict_add(ret, "EPERM", mem_strdup(ret->why), NULL);
}
