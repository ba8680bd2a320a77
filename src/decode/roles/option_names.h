/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: names of numbers in arguments. */
#ifndef CINCH_DECODE_OPTION_NAMES_H
#define CINCH_DECODE_OPTION_NAMES_H

#include <stdint.h>

enum option_kind {
    OPTION_SIGNAL,
    OPTION_LIMIT,
    OPTION_KEYCTL,
    OPTION_KEYRING,
    OPTION_MOUNT,
    OPTION_KIND_COUNT
};

/* The name of a number; NULL when it has none. */
const char *option_name(enum option_kind kind, uint64_t value);
/* Names of the bits that are set, joined with "|"; unknown ones in hex. Owned; "" for none. */
char *option_flags(enum option_kind kind, uint64_t bits);
/* A socket option that a privilege or a policy hangs on; NULL for all others. */
const char *option_socket_name(uint32_t level, uint32_t option);

#endif
