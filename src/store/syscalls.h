/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside store/: in a profile each system call is one object with the sums a reader asks for first;
 * in the model it is one fact for each way the call ended. */
#ifndef CINCH_STORE_SYSCALLS_H
#define CINCH_STORE_SYSCALLS_H

#include "store/fact_record.h"

/* How many of the first `count` facts (one or more, as the model sorts them) are the same call. */
size_t syscalls_group(const struct fact *const *facts, size_t count);
/* Writes the object of one such group. */
void syscalls_write(struct str *out, const struct fact *const *facts, size_t count);
/* Reads one object and adds its facts; the sums must agree with the evidence. */
int syscalls_read(struct reader *reader, const cJSON *object, struct profile *profile);

#endif
