// SPDX-License-Identifier: LGPL-2.1-or-later
/* Splits a value into words as systemd does (systemd.syntax(7), Quoting). */
#include "systemd/unit/unit_words.h"
#include <errno.h>
#include <string.h>
#include <strings.h>

bool unit_is_separator(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int unit_digit(char c, unsigned base)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

    return at && at - digits < (int)base ? (int)(at - digits) : -1;
}

/* `count` digits after `at`: their value, or -1. */
static int unit_number(const char *at, unsigned count, unsigned base)
{
    int value = 0;

    for (unsigned i = 0; i < count; i++) {
        int digit = unit_digit(at[i], base);
        if (digit < 0)
            return -1;
        value = value * (int)base + digit;
    }
    return value > 0 && value <= 255 ? value : -1;
}

/* One C escape after the backslash at `at` (systemd.service(5), table 3): its length or 0. The
 * wide \u and \U ones do not occur in program names and are not known here. */
static size_t unit_c_escape(const char *at, char *ret)
{
    static const char letters[] = "abfnrtvs\\\"'";
    static const char meant[] = "\a\b\f\n\r\t\v \\\"'";
    const char *letter = at[0] ? strchr(letters, at[0]) : NULL;

    if (letter) {
        *ret = meant[letter - letters];
        return 1;
    }
    bool hexadecimal = at[0] == 'x';
    int value = hexadecimal ? unit_number(at + 1, 2, 16) : unit_number(at, 3, 8);
    *ret = (char)value;
    return value < 0 ? 0 : 3;
}

/* What follows a backslash: the length used, 0 when systemd would refuse it. */
static size_t unit_escape(const char *at, bool c_escapes, char *ret)
{
    *ret = at[0];
    if (c_escapes)
        return unit_c_escape(at, ret);
    return at[0] ? 1 : 0;
}

/* Takes the next word off *at, quotes and escapes removed: 1, 0 at the end, -1 when it is broken
 * (systemd ignores the rest of such a line). */
int unit_word(const char **at, bool c_escapes, struct str *ret)
{
    char quote = 0;

    ret->length = 0;
    str_add(ret, "");
    *at += strspn(*at, " \t\n\r");
    if (!**at)
        return 0;
    for (; **at && (quote || !unit_is_separator(**at)); ++*at) {
        char c = **at;
        if (c == '\\') {
            size_t used = unit_escape(*at + 1, c_escapes, &c);
            if (!used)
                return -1;
            *at += used;
            str_add_char(ret, c);
        } else if (quote ? c == quote : c == '"' || c == '\'') {
            quote = quote ? 0 : c;
        } else {
            str_add_char(ret, c);
        }
    }
    return quote ? -1 : 1;
}

bool unit_words(const char *text, bool c_escapes, struct strings *ret)
{
    struct str word = { 0 };
    int result;

    while ((result = unit_word(&text, c_escapes, &word)) > 0)
        strings_add(ret, word.data);
    str_done(&word);
    return result == 0;
}
