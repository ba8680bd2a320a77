/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside trace/: memory that cannot be read without the service's help. */
#ifndef CINCH_TRACE_FAULTS_H
#define CINCH_TRACE_FAULTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* struct trace_ops: memory_waits */
bool faults_wait(void *context, pid_t tid, uint64_t address);

#endif
