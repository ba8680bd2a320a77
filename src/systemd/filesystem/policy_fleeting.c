// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names that change between runs: random ones (mkstemp(3)), process IDs, dates, UUIDs, hashes.
 * Their directory stands for them. */
#include "systemd/filesystem/filesystem.h"
#include <ctype.h>
#include <string.h>

/* The X's of mkstemp(3) and the like. */
#define RANDOM_LENGTH 6
/* Digits that are no version and no small number: process ids, years, dates, seconds. */
#define NUMBER_LENGTH 4
/* Hexadecimal digits with letters among them that are no word: half an MD5 and more. */
#define HASH_LENGTH 16

static size_t length_of(const char *text, int (*is)(int))
{
    size_t length = 0;

    while (is((unsigned char)text[length]))
        length++;
    return length;
}

/* "tmp.aB3xY9", "foo-Zk20Qe": six that no one would write, set off from the rest. */
static bool is_random(const char *token, size_t length)
{
    bool upper = false, lower = false, digit = false;

    if (length != RANDOM_LENGTH)
        return false;
    for (size_t i = 0; i < length; i++) {
        upper |= isupper((unsigned char)token[i]) != 0;
        lower |= islower((unsigned char)token[i]) != 0;
        digit |= isdigit((unsigned char)token[i]) != 0;
    }
    /* "README", "libfoo", "a1b2c3": each looks like a name; only all three features together look
     * random. */
    return upper && lower && (digit || isupper((unsigned char)token[length - 1]));
}

static bool is_hash(const char *token, size_t length)
{
    bool letter = false, digit = false;

    for (size_t i = 0; i < length; i++) {
        if (!isxdigit((unsigned char)token[i]))
            return false;
        letter |= isalpha((unsigned char)token[i]) != 0;
        digit |= isdigit((unsigned char)token[i]) != 0;
    }
    return length >= HASH_LENGTH && letter && digit;
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(const char *text)
{
    static const size_t groups[] = { 8, 4, 4, 4, 12 };

    for (size_t i = 0; i < ELEMENTS_OF(groups); i++) {
        if (length_of(text, isxdigit) != groups[i])
            return false;
        text += groups[i];
        if (i + 1 < ELEMENTS_OF(groups) && *text++ != '-')
            return false;
    }
    return !isalnum((unsigned char)*text);
}

/* The tokens of a name are the runs of letters and digits. */
static bool is_fleeting(const char *name, size_t length)
{
    CLEANUP(free_char) char *text = mem_strndup(name, length);

    for (const char *at = text; *at;) {
        size_t token = length_of(at, isalnum);
        bool number = token >= NUMBER_LENGTH && length_of(at, isdigit) == token;
        bool temporary = token == RANDOM_LENGTH + 3 && str_starts_with(at, "tmp") &&
                         (is_random(at + 3, RANDOM_LENGTH) || length_of(at + 3, isdigit));
        if (number || temporary || is_hash(at, token) || is_uuid(at) ||
            (at > text && is_random(at, token)))
            return true;
        at += token ? token : 1;
    }
    return false;
}

size_t policy_fleeting_depth(const char *real)
{
    static const char *const exempt[] = { "/usr", "/proc", "/sys", "/dev", "/etc", "/boot" };
    size_t depth = 0;

    for (size_t i = 0; i < ELEMENTS_OF(exempt); i++)
        if (path_is_within(real, exempt[i]))
            return 0;
    for (const char *at = real; *at == '/' && at[1]; depth++) {
        size_t length = strcspn(at + 1, "/");
        if (is_fleeting(at + 1, length))
            return depth;
        at += 1 + length;
    }
    return 0;
}

/* ---- what a file more or less weighs ---- */

unsigned policy_weight(const char *path)
{
    static const struct {
        const char *below;
        unsigned weight;
    } weights[] = {
        { "/usr/share", POLICY_WEIGHT / 2 }, { "/etc", POLICY_WEIGHT * 2 },
        { "/var/lib", POLICY_WEIGHT * 2 },   { "/var/mail", POLICY_WEIGHT * 8 },
        { "/home", POLICY_WEIGHT * 8 },      { "/root", POLICY_WEIGHT * 8 },
    };

    for (size_t i = 0; i < ELEMENTS_OF(weights); i++)
        if (path_is_within(path, weights[i].below))
            return weights[i].weight;
    return POLICY_WEIGHT;
}
