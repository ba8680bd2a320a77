// SPDX-License-Identifier: LGPL-2.1-or-later
/* DefaultLimit...= of process 1 and Limit...= of a unit (systemd.exec(5), "Process properties"). */
#include "run/pid1.h"
#include "run/start.h"
#include <cinch/systemd.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a value without a unit is. */
enum amount { NUMBER, BYTES, SECONDS, MICROSECONDS, NICENESS };

static const struct {
    int resource;
    const char *name;
    enum amount amount;
} limits[] = {
    { RLIMIT_CPU, "CPU", SECONDS },         { RLIMIT_FSIZE, "FSIZE", BYTES },
    { RLIMIT_DATA, "DATA", BYTES },         { RLIMIT_STACK, "STACK", BYTES },
    { RLIMIT_CORE, "CORE", BYTES },         { RLIMIT_RSS, "RSS", BYTES },
    { RLIMIT_NOFILE, "NOFILE", NUMBER },    { RLIMIT_AS, "AS", BYTES },
    { RLIMIT_NPROC, "NPROC", NUMBER },      { RLIMIT_MEMLOCK, "MEMLOCK", BYTES },
    { RLIMIT_LOCKS, "LOCKS", NUMBER },      { RLIMIT_SIGPENDING, "SIGPENDING", NUMBER },
    { RLIMIT_MSGQUEUE, "MSGQUEUE", BYTES }, { RLIMIT_NICE, "NICE", NICENESS },
    { RLIMIT_RTPRIO, "RTPRIO", NUMBER },    { RLIMIT_RTTIME, "RTTIME", MICROSECONDS },
};

static bool parse_number(const char *text, const char **ret_end, rlim_t *ret)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *ret = strtoull(text, &end, 10);
    *ret_end = end;
    return errno == 0;
}

/* "16M", to the base 1024. */
static bool parse_bytes(const char *text, rlim_t *ret)
{
    static const char suffixes[] = "BKMGTPE";
    const char *end, *suffix;
    rlim_t number;

    if (!parse_number(text, &end, &number))
        return false;
    suffix = *end ? strchr(suffixes, *end) : suffixes;
    if (!suffix || (*end && end[1]))
        return false;
    unsigned shift = 10 * (unsigned)(suffix - suffixes);
    *ret = number << shift;
    return *ret >> shift == number;
}

/* Seconds, rounded up, or microseconds. */
static bool parse_time(const char *text, bool microseconds, rlim_t *ret)
{
    const char *end;
    int64_t ms;

    if (microseconds && parse_number(text, &end, ret) && !*end)
        return true;
    if (duration_parse(text, &ms, NULL) < 0)
        return false;
    *ret = microseconds ? (rlim_t)ms * 1000 : ((rlim_t)ms + 999) / 1000;
    return true;
}

/* "-5" and "+5" are nice levels, a plain number is the kernel's own (getrlimit(2)). */
static bool parse_niceness(const char *text, rlim_t *ret)
{
    bool is_level = *text == '+' || *text == '-';
    const char *end;

    if (!parse_number(text + is_level, &end, ret) || *end || *ret > (is_level ? 20 : 40))
        return false;
    if (is_level)
        *ret = *text == '+' ? 20 - *ret : 20 + *ret;
    return true;
}

static bool parse_amount(enum amount amount, const char *text, rlim_t *ret)
{
    const char *end;

    if (strcmp(text, "infinity") == 0) {
        *ret = RLIM_INFINITY;
        return true;
    }
    switch (amount) {
    case NUMBER:
        return parse_number(text, &end, ret) && !*end;
    case BYTES:
        return parse_bytes(text, ret);
    case SECONDS:
    case MICROSECONDS:
        return parse_time(text, amount == MICROSECONDS, ret);
    case NICENESS:
        return parse_niceness(text, ret);
    }
    return false;
}

void start_limit(struct trace_surroundings *ret, int resource, rlim_t soft, rlim_t hard)
{
    ret->limits[resource].is_set = true;
    ret->limits[resource].value = (struct rlimit){ .rlim_cur = soft, .rlim_max = hard };
}

/* DefaultLimitNAME=, or with `suffix` "Soft" the lower one; false when there is none. */
static bool read_default(const char *answer, const char *name, const char *suffix, rlim_t *ret)
{
    CLEANUP(free_char) char *property = mem_printf("DefaultLimit%s%s", name, suffix);
    CLEANUP(free_char) char *text = pid1_line(answer, property);

    return text && parse_amount(NUMBER, text, ret);
}

void start_take_limits(const char *answer, struct trace_surroundings *ret)
{
    rlim_t soft, hard;

    for (size_t i = 0; i < ELEMENTS_OF(limits); i++)
        if (read_default(answer, limits[i].name, "", &hard) &&
            read_default(answer, limits[i].name, "Soft", &soft))
            start_limit(ret, limits[i].resource, soft, hard);
}

/* "VALUE" or "SOFT:HARD". */
static void take_value(struct trace_surroundings *ret, size_t row, const char *value)
{
    size_t length = strcspn(value, ":");
    CLEANUP(free_char) char *lower = mem_strndup(value, length);
    rlim_t soft, hard;

    if (parse_amount(limits[row].amount, lower, &soft) &&
        parse_amount(limits[row].amount, value[length] ? value + length + 1 : lower, &hard) &&
        soft <= hard)
        start_limit(ret, limits[row].resource, soft, hard);
}

void start_take_unit_limits(const struct unit *unit, struct trace_surroundings *ret)
{
    for (size_t i = 0; i < ELEMENTS_OF(limits); i++) {
        CLEANUP(free_char) char *key = mem_printf("Limit%s", limits[i].name);
        const char *value = unit_get(unit, key);
        if (value)
            take_value(ret, i, value);
    }
}
