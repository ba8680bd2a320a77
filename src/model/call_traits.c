// SPDX-License-Identifier: LGPL-2.1-or-later
/* What sets of system calls have in common that a fact only names by its call. */
#include <cinch/model.h>
#include <stdlib.h>
#include <string.h>

/* In strcmp order. */
static const struct call_traits {
    const char *name;
    unsigned traits; /* enum call_trait */
} calls[] = {
    { "access", CALL_CHECKS_ACCESS },
    { "clone", CALL_MAKES_TASK },
    { "clone3", CALL_MAKES_TASK },
    { "faccessat", CALL_CHECKS_ACCESS },
    { "faccessat2", CALL_CHECKS_ACCESS },
    { "fallocate", CALL_TAKES_DESCRIPTOR },
    { "fchmod", CALL_TAKES_DESCRIPTOR },
    { "fchown", CALL_TAKES_DESCRIPTOR },
    { "fchown32", CALL_TAKES_DESCRIPTOR },
    { "fork", CALL_MAKES_TASK },
    { "fremovexattr", CALL_TAKES_DESCRIPTOR },
    { "fsetxattr", CALL_TAKES_DESCRIPTOR },
    { "fstat", CALL_TAKES_DESCRIPTOR },
    { "fstat64", CALL_TAKES_DESCRIPTOR },
    { "fstatat64", CALL_TAKES_DESCRIPTOR }, /* maybe: with an empty name */
    { "fstatfs", CALL_TAKES_DESCRIPTOR },
    { "fstatfs64", CALL_TAKES_DESCRIPTOR },
    { "ftruncate", CALL_TAKES_DESCRIPTOR },
    { "ftruncate64", CALL_TAKES_DESCRIPTOR },
    { "futimens", CALL_TAKES_DESCRIPTOR },
    { "getdents", CALL_TAKES_DESCRIPTOR },
    { "getdents64", CALL_TAKES_DESCRIPTOR },
    { "mmap", CALL_TAKES_DESCRIPTOR },
    { "mmap2", CALL_TAKES_DESCRIPTOR },
    { "mprotect", CALL_TAKES_DESCRIPTOR },
    { "newfstatat", CALL_TAKES_DESCRIPTOR }, /* maybe, likewise */
    { "open", CALL_OPENS },
    { "open_by_handle_at", CALL_OPENS },
    { "open_tree", CALL_OPENS },
    { "open_tree_attr", CALL_OPENS },
    { "openat", CALL_OPENS },
    { "openat2", CALL_OPENS },
    { "pkey_mprotect", CALL_TAKES_DESCRIPTOR },
    { "statx", CALL_TAKES_DESCRIPTOR }, /* maybe, likewise */
    { "vfork", CALL_MAKES_TASK },
};

static int compare(const void *name, const void *call)
{
    return strcmp(name, ((const struct call_traits *)call)->name);
}

bool call_traits_have(const char *name, enum call_trait trait)
{
    const struct call_traits *found =
        bsearch(name, calls, ELEMENTS_OF(calls), sizeof(calls[0]), compare);

    return found && found->traits & trait;
}
