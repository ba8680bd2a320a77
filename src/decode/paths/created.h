/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside decode/: which names the run itself created. A mark on a directory speaks for all below
 * it; the nearest mark above a name decides, and without one it was there before.
 */
#ifndef CINCH_DECODE_CREATED_H
#define CINCH_DECODE_CREATED_H

#include <cinch/base.h>

struct created_mark;

/* As many names that the run made and removed again are remembered. */
#define CREATED_GONE 64

/* `{ 0 }` is empty. */
struct created {
    struct created_mark *marks;
    char *gone[CREATED_GONE];
    size_t gone_next;
    bool had_links; /* the run made a symbolic link somewhere */
};

/* Beyond this many names no more are marked: they count as foreign, which is the safe side. */
#define CREATED_LIMIT (1u << 16)

void created_add(struct created *created, const char *path);
/* What stood there is gone: who makes something there next is not known. */
void created_remove(struct created *created, const char *path);
/* Whether the run created what stands at `path`. */
bool created_has(const struct created *created, const char *path);
/* ... or created what stood there until a moment ago. */
bool created_had(const struct created *created, const char *path);
/* `from` now stands at `to`, with all that lies below it. */
void created_rename(struct created *created, const char *from, const char *to);
void created_done(struct created *created);

#endif
