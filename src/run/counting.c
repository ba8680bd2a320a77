// SPDX-License-Identifier: LGPL-2.1-or-later
/* What need not stop is counted: between decode, which knows what must, and trace, which counts. */
#include "run/training.h"

void training_stop_only_where_needed(struct training *training)
{
    /* READY=1 that goes to a manager of our own is heard in the service's calls only. */
    bool listens = training->ready.spec.kind == READY_NOTIFY && training->ready.notify_fd < 0;
    size_t count;

    if (listens)
        return;
    struct trace_rule *rules = decoder_rules(arch_native_token(), &count);

    tracer_stop_only(training->tracer, rules, count);
    free(rules);
}

void training_collect_counts(struct training *training)
{
    struct trace_count count;

    while (tracer_next_count(training->tracer, &count)) {
        decoder_counted(training->decoder, &count);
        training->last_event_ms = count.at_ms ? count.at_ms : 1;
    }
}
