// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store/scan.h"
#include <cinch/base.h>
#include <string.h>

/* cJSON copies a number into a buffer of 64 bytes. */
#define NUMBER_LIMIT 60

#define TRUNCATED "the text ends in the middle: it is truncated; copy it again or train again"
#define NO_JSON   "this is not JSON; give a profile that cinch train wrote"

struct scan {
    const char *at;
    const char *end;
    const char *wrong; /* NULL as long as all is well */
    size_t depth;
    size_t values;
};

static bool scan_fail(struct scan *scan, const char *wrong)
{
    scan->wrong = wrong;
    return false;
}

static bool scan_value(struct scan *scan);

static void scan_blanks(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
        scan->at++;
}

/* Steps over `c` after blanks; tells whether it stood there. */
static bool scan_skip(struct scan *scan, char c)
{
    scan_blanks(scan);
    if (scan->at == scan->end || *scan->at != c)
        return false;
    scan->at++;
    return true;
}

static bool scan_expect(struct scan *scan, char c, const char *wrong)
{
    if (scan_skip(scan, c))
        return true;
    return scan_fail(scan, scan->at == scan->end ? TRUNCATED : wrong);
}

static bool scan_literal(struct scan *scan, const char *word)
{
    size_t length = strlen(word);
    size_t left = (size_t)(scan->end - scan->at);

    if (memcmp(scan->at, word, left < length ? left : length) != 0)
        return scan_fail(scan, NO_JSON);
    if (left < length)
        return scan_fail(scan, TRUNCATED);
    scan->at += length;
    return true;
}

static size_t scan_digits(struct scan *scan)
{
    const char *start = scan->at;

    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
        scan->at++;
    return (size_t)(scan->at - start);
}

static bool scan_one_of(struct scan *scan, const char *characters)
{
    if (scan->at == scan->end || !*scan->at || !strchr(characters, *scan->at))
        return false;
    scan->at++;
    return true;
}

static bool scan_number(struct scan *scan)
{
    const char *start = scan->at;

    scan_one_of(scan, "-");
    const char *whole = scan->at;
    size_t digits = scan_digits(scan);
    bool good = digits == 1 || (digits > 1 && *whole != '0');
    if (good && scan_one_of(scan, "."))
        good = scan_digits(scan) > 0;
    if (good && scan_one_of(scan, "eE")) {
        scan_one_of(scan, "+-");
        good = scan_digits(scan) > 0;
    }
    if (!good)
        return scan_fail(scan, scan->at == scan->end
                                   ? TRUNCATED
                                   : "a number is malformed; correct it or train again");
    if (scan->at - start > NUMBER_LIMIT)
        return scan_fail(scan, "a number is too long; correct it or train again");
    return true;
}

/* Reads four hexadecimal digits; -1 when they are not there. */
static int scan_hex4(struct scan *scan)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        char c = scan->at < scan->end ? *scan->at : '\0';
        if (c >= '0' && c <= '9')
            value = value << 4 | (c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            value = value << 4 | ((c | 0x20) - 'a' + 10);
        else
            return -1;
        scan->at++;
    }
    return value;
}

/* After \u. */
static bool scan_unicode_escape(struct scan *scan)
{
    int unit = scan_hex4(scan);

    if (unit == 0)
        return scan_fail(scan, "a string holds a NUL (\\u0000); bytes are written as \\\\xHH, "
                               "correct it or train again");
    if (unit >= 0xd800 && unit <= 0xdbff) {
        bool paired = scan_one_of(scan, "\\") && scan_one_of(scan, "u");
        int low = paired ? scan_hex4(scan) : -1;
        unit = low >= 0xdc00 && low <= 0xdfff ? unit : -1;
    } else if (unit >= 0xdc00 && unit <= 0xdfff) {
        unit = -1;
    }
    if (unit < 0)
        return scan_fail(scan, scan->at == scan->end
                                   ? TRUNCATED
                                   : "a \\u escape is malformed; correct it or train again");
    return true;
}

/* One escape, or the bytes of a string up to the next ASCII. */
static bool scan_special(struct scan *scan)
{
    unsigned char c = (unsigned char)*scan->at;

    if (c < 0x20)
        return scan_fail(scan, "a string holds a control byte (or is not closed); bytes are "
                               "written as \\\\xHH, correct it or train again");
    if (c >= 0x80) {
        const char *start = scan->at;
        while (scan->at < scan->end && (unsigned char)*scan->at >= 0x80)
            scan->at++;
        return text_is_utf8(start, (size_t)(scan->at - start)) ||
               scan_fail(scan, "a string is not UTF-8; bytes are written as \\\\xHH, correct it or "
                               "train again");
    }
    scan->at++;
    if (scan_one_of(scan, "u"))
        return scan_unicode_escape(scan);
    return scan_one_of(scan, "\"\\/bfnrt") ||
           scan_fail(scan, scan->at == scan->end
                               ? TRUNCATED
                               : "an escape in a string is unknown; correct it or train again");
}

/* After the opening quote. */
static bool scan_string(struct scan *scan)
{
    while (scan->at < scan->end) {
        unsigned char c = (unsigned char)*scan->at;
        if (c == '"') {
            scan->at++;
            return true;
        }
        if (c >= 0x20 && c < 0x80 && c != '\\')
            scan->at++;
        else if (!scan_special(scan))
            return false;
    }
    return scan_fail(scan, TRUNCATED);
}

static bool scan_member(struct scan *scan, bool keyed)
{
    if (keyed && (!scan_expect(scan, '"', "a key is missing here; correct it or train again") ||
                  !scan_string(scan) ||
                  !scan_expect(scan, ':', "a colon is missing here; correct it or train again")))
        return false;
    return scan_value(scan);
}

/* After the opening bracket. */
static bool scan_members(struct scan *scan, bool keyed)
{
    char close = keyed ? '}' : ']';

    if (++scan->depth > SCAN_DEPTH)
        return scan_fail(scan, "values are nested too deep for a profile; correct it or train "
                               "again");
    if (!scan_skip(scan, close)) {
        do
            if (!scan_member(scan, keyed))
                return false;
        while (scan_skip(scan, ','));
        if (!scan_expect(scan, close,
                         "a comma or a closing bracket is missing here; correct it or train again"))
            return false;
    }
    scan->depth--;
    return true;
}

static bool scan_value(struct scan *scan)
{
    scan_blanks(scan);
    if (scan->at == scan->end)
        return scan_fail(scan, TRUNCATED);
    scan->values++;
    switch (*scan->at) {
    case '{':
    case '[':
        return scan_members(scan, *scan->at++ == '{');
    case '"':
        scan->at++;
        return scan_string(scan);
    case 't':
        return scan_literal(scan, "true");
    case 'f':
        return scan_literal(scan, "false");
    case 'n':
        return scan_literal(scan, "null");
    case '-':
    case '0' ... '9':
        return scan_number(scan);
    default:
        return scan_fail(scan, NO_JSON);
    }
}

const char *scan_check(const char *text, size_t length, size_t *ret_offset)
{
    struct scan scan = { .at = text, .end = text + length };

    scan_blanks(&scan);
    if (scan.at == scan.end) {
        scan_fail(&scan, "there is nothing in it; copy it again or train again");
    } else if (scan_value(&scan)) {
        scan_blanks(&scan);
        if (scan.at < scan.end)
            scan_fail(&scan, "something follows the end of the profile; remove it, and give "
                             "several profiles as several files");
    }
    *ret_offset = (size_t)(scan.at - text);
    return scan.wrong;
}

bool scan_enter(struct scan_slice slice, char open, struct scan_cursor *ret)
{
    struct scan scan = { .at = slice.text, .end = slice.text + slice.length };

    if (!scan_skip(&scan, open))
        return false;
    *ret = (struct scan_cursor){ scan.at, scan.end };
    return true;
}

bool scan_next(struct scan_cursor *cursor, struct scan_slice *ret_key, struct scan_slice *ret_value,
               size_t *ret_values)
{
    struct scan scan = { .at = cursor->at, .end = cursor->end };

    scan_skip(&scan, ',');
    scan_blanks(&scan);
    if (ret_key) {
        const char *key = scan.at;
        if (!scan_skip(&scan, '"') || !scan_string(&scan))
            return false;
        *ret_key = (struct scan_slice){ key, (size_t)(scan.at - key) };
        scan_skip(&scan, ':');
        scan_blanks(&scan);
    }
    const char *start = scan.at;
    if (!scan_value(&scan))
        return false;
    *ret_value = (struct scan_slice){ start, (size_t)(scan.at - start) };
    *ret_values = scan.values;
    cursor->at = scan.at;
    return true;
}
