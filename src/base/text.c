// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <errno.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

static bool text_is_plain(unsigned char c)
{
    return c >= 0x20 && c <= 0x7e && c != '\\';
}

char *text_encode(const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    struct str text = { 0 };

    for (size_t i = 0; i < length; i++) {
        if (text_is_plain(at[i])) {
            str_add_char(&text, (char)at[i]);
        } else if (at[i] == '\\') {
            str_add(&text, "\\\\");
        } else {
            const char escaped[] = { '\\', 'x', hex_digits[at[i] >> 4], hex_digits[at[i] & 15] };
            str_add_bytes(&text, escaped, sizeof(escaped));
        }
    }
    return str_steal(&text);
}

char *text_encode_string(const char *bytes)
{
    return text_encode(bytes, strlen(bytes));
}

static int hex_value(char c)
{
    const char *at = c ? strchr(hex_digits, c) : NULL;

    return at ? (int)(at - hex_digits) : -1;
}

/* Decodes one escape at `at` (a backslash); returns its length, 0 when it is none. */
static size_t text_decode_escape(const char *at, char *ret)
{
    if (at[1] == '\\') {
        *ret = '\\';
        return 2;
    }
    if (at[1] != 'x')
        return 0;
    int high = hex_value(at[2]);
    int low = high < 0 ? -1 : hex_value(at[3]);
    if (low < 0 || text_is_plain((unsigned char)(high << 4 | low)) || (high << 4 | low) == '\\')
        return 0;
    *ret = (char)(high << 4 | low);
    return 4;
}

int text_decode(const char *text, char **ret_bytes, size_t *ret_length)
{
    struct str bytes = { 0 };

    while (*text) {
        char c = *text;
        size_t used = 1;
        if (c == '\\')
            used = text_decode_escape(text, &c);
        else if (!text_is_plain((unsigned char)c))
            used = 0;
        if (!used) {
            str_done(&bytes);
            return -EINVAL;
        }
        str_add_char(&bytes, c);
        text += used;
    }
    *ret_length = bytes.length;
    *ret_bytes = str_steal(&bytes);
    return 0;
}

/* The character of a multi-byte sequence that starts with `lead` and has `more` further bytes, or
 * UINT32_MAX. */
static uint32_t text_wide(const unsigned char *at, size_t more)
{
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    uint32_t wide = at[0] & (0x3fu >> more);

    for (size_t i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return UINT32_MAX;
        wide = wide << 6 | (at[i] & 0x3f);
    }
    return wide < least[more] ? UINT32_MAX : wide;
}

/* systemd's unichar_is_valid(). */
static bool text_wide_is_valid(uint32_t wide)
{
    return wide < 0x110000 && (wide & 0xfffff800) != 0xd800 &&
           !(wide >= 0xfdd0 && wide <= 0xfdef) && (wide & 0xfffe) != 0xfffe;
}

/* How many bytes follow the first of a sequence; SIZE_MAX when it starts none. */
static size_t text_more(unsigned char lead)
{
    return lead < 0x80             ? 0
           : (lead & 0xe0) == 0xc0 ? 1
           : (lead & 0xf0) == 0xe0 ? 2
           : (lead & 0xf8) == 0xf0 ? 3
                                   : SIZE_MAX;
}

bool text_is_utf8(const void *bytes, size_t length)
{
    const unsigned char *at = bytes, *end = at + length;

    while (at < end) {
        size_t more = text_more(*at);
        if (more >= (size_t)(end - at))
            return false;
        if (more && !text_wide_is_valid(text_wide(at, more)))
            return false;
        at += more + 1;
    }
    return true;
}

bool text_has_hidden(const char *text)
{
    /* Unicode 15: the control and format characters and separators that show nothing, or change
     * how others are shown. Marks that Arabic writes before numbers are seen, and no reason; nor
     * are the variation selectors of the basic plane, which half of all emoji have. */
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        { 0x80, 0x9f },       /* C1 */
        { 0xad, 0xad },       /* soft hyphen */
        { 0x34f, 0x34f },     /* grapheme joiner */
        { 0x61c, 0x61c },     /* Arabic letter mark */
        { 0x115f, 0x1160 },   /* Hangul fillers */
        { 0x17b4, 0x17b5 },   /* inherent vowels */
        { 0x180b, 0x180f },   /* Mongolian separators and selectors */
        { 0x200b, 0x200f },   /* zero width, and marks of direction */
        { 0x2028, 0x202e },   /* line and paragraph separators, bidirectional embedding */
        { 0x2060, 0x206f },   /* invisible operators, bidirectional isolates */
        { 0x3164, 0x3164 },   /* Hangul filler */
        { 0xfeff, 0xfeff },   /* byte order mark */
        { 0xffa0, 0xffa0 },   /* Hangul filler */
        { 0xfff0, 0xfffb },   /* annotations */
        { 0x1bca0, 0x1bca3 }, /* shorthand */
        { 0x1d173, 0x1d17a }, /* musical beams */
        { 0xe0000, 0xe0fff }, /* tags */
    };
    const unsigned char *at = (const unsigned char *)text;

    for (; *at; at++) {
        size_t more = text_more(*at);
        uint32_t wide = more && more <= 3 ? text_wide(at, more) : 0;
        for (size_t i = 0; i < ELEMENTS_OF(hidden); i++)
            if (wide >= hidden[i].first && wide <= hidden[i].last)
                return true;
    }
    return false;
}
