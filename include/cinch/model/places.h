/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model: directories that are nobody's own. */
#ifndef CINCH_MODEL_PLACES_H
#define CINCH_MODEL_PLACES_H

#include <cinch/base.h>

/* Whether many programs share the directory, or it holds what nobody else should see: it and all
 * above it is never granted as a whole for the sake of some files in it. */
bool place_is_guarded(const char *path);
/* Whether what lies in the directory (the first `length` bytes of `path`) belongs to many: when its
 * own names are folded, what lies deeper is not. Each such place is guarded; /tmp and the like are
 * not shared on purpose: whole trees come and go there. */
bool place_is_shared(const char *path, size_t length);

/* Whether the name of a file, without its directory, says that it holds a key or a password. */
bool place_is_secret_name(const char *name);

#endif
