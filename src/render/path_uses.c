// SPDX-License-Identifier: LGPL-2.1-or-later
/* What was done with a path, in words. */
#include "render/path_tree.h"
#include <errno.h>

#define BIT(use) (1u << (use))

/* Of a path that was used as `use`; `hidden_by` are uses that say it already. */
static const struct {
    unsigned use, hidden_by;
    const char *word;
} rows[] = {
    { BIT(PATH_EXECUTE), 0, "executed" },
    { BIT(PATH_MAP_EXECUTE), BIT(PATH_EXECUTE), "loaded" },
    { BIT(PATH_READ), BIT(PATH_EXECUTE) | BIT(PATH_MAP_EXECUTE), "read" },
    { BIT(PATH_LIST), 0, "listed" },
    { BIT(PATH_CREATE), 0, "created" },
    { BIT(PATH_WRITE), 0, "written" },
    { BIT(PATH_DELETE), 0, "deleted" },
    { BIT(PATH_BIND), 0, "bound as a socket" },
    { BIT(PATH_CONNECT), 0, "connected to" },
    { BIT(PATH_MOUNT), 0, "mounted" },
    { BIT(PATH_LINK), 0, "symlink followed" },
    { BIT(PATH_STAT), ~BIT(PATH_STAT), "looked up" },
};

_Static_assert(ELEMENTS_OF(rows) + 2 == PATH_USES_WORDS, "a counter for each word");

static const char missing[] = "not found";
static const char failed[] = "failed";

bool path_uses_are_missing(const struct path_uses *uses)
{
    return !uses->done && (uses->error == ENOENT || uses->error == ENOTDIR);
}

static bool has_word(const struct path_uses *uses, size_t row)
{
    return uses->done & rows[row].use && !(uses->done & rows[row].hidden_by);
}

char *path_uses_text(const struct path_uses *uses)
{
    const char *error = errno_name(uses->error);
    struct str text = { 0 };

    if (path_uses_are_missing(uses))
        return mem_strdup(missing);
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        if (has_word(uses, i))
            str_addf(&text, "%s%s", text.length ? ", " : "", rows[i].word);
    if (!uses->done && error)
        str_addf(&text, "%s with %s", failed, error);
    else if (!uses->done)
        str_addf(&text, "%s with errno %d", failed, uses->error);
    return str_steal(&text);
}

void path_uses_count(const struct path_uses *uses, size_t counts[PATH_USES_WORDS])
{
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        counts[i] += has_word(uses, i);
    counts[ELEMENTS_OF(rows)] += path_uses_are_missing(uses);
    counts[ELEMENTS_OF(rows) + 1] += !uses->done && !path_uses_are_missing(uses);
}

char *path_uses_counts_text(const size_t counts[PATH_USES_WORDS])
{
    struct str text = { 0 };

    for (size_t i = 0; i < PATH_USES_WORDS; i++) {
        const char *word = i < ELEMENTS_OF(rows)    ? rows[i].word
                           : i == ELEMENTS_OF(rows) ? missing
                                                    : failed;
        if (counts[i])
            str_addf(&text, "%s%zu %s", text.length ? ", " : "", counts[i], word);
    }
    return str_steal(&text);
}
