// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as a profile: refused in one line of ASCII, or read; and what was read is written and
 * read again without a change, and merging it with itself changes nothing. */
#include <cinch/store.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads what was written, which must succeed, and holds its text against `text`. */
static void read_again(const struct profile *profile, const char *text)
{
    struct profile *again = store_from_json(text, strlen(text), "again", NULL);

    if (!again || profile_fact_count(again) != profile_fact_count(profile))
        abort();
    profile_merge(again, profile);
    CLEANUP(free_char) char *same = store_to_json(again);
    if (strcmp(text, same) != 0)
        abort();
    profile_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(profile_freep)
    struct profile *profile = store_from_json((const char *)data, size, "fuzz\n.json", &err);

    if (profile && !err.text) {
        CLEANUP(free_char) char *text = store_to_json(profile);
        read_again(profile, text);
        return 0;
    }
    if (profile || !err.text || err.code <= 0)
        abort();
    for (const char *at = err.text; *at; at++)
        if (*at < 0x20 || *at > 0x7e)
            abort();
    return 0;
}
