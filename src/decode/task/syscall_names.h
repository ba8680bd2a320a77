/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: names newer than libseccomp, and the width of an architecture. */
#ifndef CINCH_DECODE_NAMES_H
#define CINCH_DECODE_NAMES_H

#include <cinch/base.h>

struct supplement_row {
    const char *name;
    unsigned number;
    uint32_t arch; /* the only architecture that has it, 0: all that count alike */
};

/* Calls that a libseccomp of the age we accept may not know, with their number. */
extern const struct supplement_row syscall_name_supplement[];
extern const size_t syscall_name_supplement_count;

/* Whether a pointer in the task's memory has eight bytes. */
bool syscall_arch_is_wide(uint32_t audit_arch, uint64_t number);

#endif
