// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The directives, in the order in which they are printed. A row says since when systemd knows the
 * directive, what it forbids, which blind spots forbid it, and who derives its value.
 * docs/ADDING_A_DIRECTIVE.md says how to add one.
 */
#include "systemd/derive.h"

#define CANDIDATES(...) ((const struct candidate[]){ __VA_ARGS__, { 0 } })
#define DENIALS(...)    ((const struct denial[]){ __VA_ARGS__, { 0 } })

#define SYSCALL(call)                                                                              \
    {                                                                                              \
        DENY_SYSCALL, call, NULL                                                                   \
    }
#define ARGUMENT(topic, value)                                                                     \
    {                                                                                              \
        DENY_ARGUMENT, topic, value                                                                \
    }
#define READ(path)                                                                                 \
    {                                                                                              \
        DENY_READ, path, NULL                                                                      \
    }
#define TOUCH(path)                                                                                \
    {                                                                                              \
        DENY_TOUCH, path, NULL                                                                     \
    }
#define WRITE(path)                                                                                \
    {                                                                                              \
        DENY_WRITE, path, NULL                                                                     \
    }

const struct directive directive_table[] = {
    /* ---- privileges ---- */
    { .name = "LockPersonality",
      .since = 235,
      .flags = DIRECTIVE_SECCOMP,
      .derive = derive_candidate,
      /* Even the query personality(0xffffffff) is refused. */
      .candidates = CANDIDATES({ "yes", 235, DENIALS(SYSCALL("personality")) }),
      .blind_spots = { BLIND_ALWAYS },
      .forbids = "personality(), which changes how the kernel runs a program" },

    /* ---- file system: derive_filesystem*.c ---- */

    /* ---- kernel ---- */

    /* ---- network ---- */

    /* ---- system calls ---- */
};

const size_t directive_count = ELEMENTS_OF(directive_table);
