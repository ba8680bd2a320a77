/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* limits. */
#ifndef CINCH_LIMITS_H
#define CINCH_LIMITS_H

/* Files of a run that are looked at for a JIT compiler; the rest are taken to have none. */
#define LIMIT_COMPILER_FILES 4096

#endif
