/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside trace/: glibc keeps two signals to itself from the first thread on (nptl(7)); what they
 * did before is put back in a child of ours before it becomes the service.
 */
#ifndef CINCH_TRACE_INTERNAL_SIGNALS_H
#define CINCH_TRACE_INTERNAL_SIGNALS_H

#define INTERNAL_SIGNALS 2
struct internal_signals {
    unsigned long actions[INTERNAL_SIGNALS][8]; /* struct sigaction as the kernel has it */
};
/* Before the first thread is made. */
void internal_signals_keep(struct internal_signals *ret);
void internal_signals_restore(const struct internal_signals *kept);

#endif
