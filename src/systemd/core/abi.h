/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: architectures, and ABIs other than the native one. */
#ifndef CINCH_SYSTEMD_ABI_H
#define CINCH_SYSTEMD_ABI_H

#include <cinch/systemd.h>

/* Whether a libseccomp architecture name is the native one; and systemd's name for it, or NULL. */
bool abi_is_native(const struct profile *profile, const char *arch);
const char *abi_systemd_name(const char *arch);
/* Whether the native ABI is one of the 64-bit ones that lack the old 32-bit names. */
bool abi_is_plain_64(const struct profile *profile);
/* The first fact of a call or program of a foreign ABI, or NULL. */
const struct fact *abi_foreign(const struct profile *profile);

#endif
