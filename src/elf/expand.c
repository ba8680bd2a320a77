// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elf/loader.h"
#include <ctype.h>
#include <string.h>

/*
 * How long the token `name` is behind a `$`: NAME or {NAME}, and in the first case no letter of an
 * identifier may follow (glibc elf/dl-load.c is_dst). 0 when it is not there.
 */
static size_t expand_token(const char *text, const char *name)
{
    bool braces = text[0] == '{';
    size_t length = strlen(name);

    text += braces;
    if (strncmp(text, name, length) != 0)
        return 0;
    char next = text[length];
    if (braces)
        return next == '}' ? length + 2 : 0;
    return isalnum((unsigned char)next) || next == '_' ? 0 : length;
}

/* Length and replacement of the token behind a `$`; 0 when it is none and stays as it is. */
static size_t expand_find(const struct elf_loader *loader, const char *text, const char *origin,
                          const char **ret_value)
{
    const struct {
        const char *name;
        const char *value;
    } tokens[] = {
        { "ORIGIN", origin },
        { "LIB", loader->lib },
        { "PLATFORM", loader->platform },
    };

    for (size_t i = 0; i < ELEMENTS_OF(tokens); i++) {
        size_t length = expand_token(text, tokens[i].name);
        if (length) {
            *ret_value = tokens[i].value;
            return length;
        }
    }
    return 0;
}

/* musl knows $ORIGIN alone, does not look at what follows it, and gives up on any other `$`. */
static size_t expand_find_musl(const char *text, const char *origin, const char **ret_value)
{
    *ret_value = origin;
    if (str_starts_with(text, "ORIGIN"))
        return strlen("ORIGIN");
    return str_starts_with(text, "{ORIGIN}") ? strlen("{ORIGIN}") : 0;
}

char *elf_loader_expand(const struct elf_loader *loader, const char *text, const char *origin)
{
    CLEANUP(str_done) struct str result = { 0 };
    const char *value = NULL;

    for (const char *dollar; (dollar = strchr(text, '$')); text = dollar + 1) {
        str_add_bytes(&result, text, (size_t)(dollar - text));
        size_t length = loader->libc == ELF_LIBC_MUSL
                            ? expand_find_musl(dollar + 1, origin, &value)
                            : expand_find(loader, dollar + 1, origin, &value);
        if (!length && loader->libc == ELF_LIBC_MUSL)
            return NULL;
        str_add(&result, length ? value : "$");
        dollar += length;
    }
    str_add(&result, text);
    return str_steal(&result);
}
