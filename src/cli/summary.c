// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/summary.h"
#include "cli/cli.h"
#include "cli/status.h"
#include <cinch/render.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>

/* A shorter run shows nothing of how learning slows down. */
#define CURVE_LEAST_MS 10000

/* ---- how settled ---- */

char *summary_settled(const struct discovery *discovery)
{
    int64_t worked_s = discovery->worked_ms / 1000, quiet_s = discovery->quiet_ms / 1000;
    int64_t unit_s = worked_s < 120 ? 1 : worked_s < 120 * 60 ? 60 : 3600;
    const char *unit = unit_s == 1 ? "s" : unit_s == 60 ? "min" : "h";
    const char *verdict = "";

    /* What is still learned in the second half of the time would go on in twice the time. */
    if (quiet_s * 2 < worked_s)
        verdict = ": still learning, train longer";
    return mem_printf("no new fact in the last %" PRId64 " of %" PRId64 " %s%s", quiet_s / unit_s,
                      worked_s / unit_s, unit, verdict);
}

/* 0 for none, else 1 to `most` by the logarithm: one new fact must show beside a thousand. */
static size_t level_of(size_t count, size_t most)
{
    size_t level = 0;

    for (; count; count /= 3)
        level++;
    return level < most ? level : most;
}

char *summary_sparkline(const struct discovery *discovery, bool utf8)
{
    static const char *const blocks[] = { " ",      "\u2581", "\u2582", "\u2583", "\u2584",
                                          "\u2585", "\u2586", "\u2587", "\u2588" };
    static const char *const plain[] = { " ", ".", ":", "-", "=", "+", "*", "#", "@" };
    struct str line = { 0 };

    for (size_t i = 0; i < DISCOVERY_SLICES; i++) {
        size_t level = level_of(discovery->slices[i], ELEMENTS_OF(blocks) - 1);
        str_add(&line, utf8 ? blocks[level] : plain[level]);
    }
    return str_steal(&line);
}

/* The locale's encoding, by locale(7)'s order of its variables. */
static bool speaks_utf8(void)
{
    static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

    for (size_t i = 0; i < ELEMENTS_OF(variables); i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
    }
    return false;
}

static void say_settled(const struct profile *profile, int64_t worked_ms)
{
    struct discovery discovery;

    discovery_of(profile, worked_ms, &discovery);
    if (discovery.worked_ms < CURVE_LEAST_MS) {
        cli_say("too short a time to tell whether it showed all that it does");
        return;
    }
    CLEANUP(free_char) char *settled = summary_settled(&discovery);
    CLEANUP(free_char) char *curve = summary_sparkline(&discovery, speaks_utf8());
    /* Not by cli_say, which would encode the blocks; every byte of this is our own. */
    fprintf(stderr, "cinch: new facts over time [%s] %s\n", curve, settled);
}

void summary_say(const struct profile *profile, const struct train_result *result)
{
    struct tally tally;

    tally_count(profile, &tally);
    CLEANUP(free_char)
    char *line = mem_printf("learned in %.1f s: %zu system calls, %zu paths, %zu sockets, %zu "
                            "addresses (%zu peers), %zu "
                            "programs",
                            (double)result->duration_ms / 1000, tally.syscalls, tally.paths,
                            tally.sockets, tally.addresses, tally.peers, tally.programs);
    cli_say(line);
    say_settled(profile, result->worked_ms);
}

/* ---- what else there is to say ---- */

/* More than a person reads; the profile has them all. */
#define BLIND_SPOTS_SAID 20

/* Loud, since so much may have passed unseen. */
static void say_io_uring(const struct profile *profile)
{
    size_t count;
    const struct fact *const *spots = profile_facts(profile, FACT_BLIND_SPOT, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(spots[i]->blind_spot.topic, "io_uring") != 0)
            continue;
        cli_say("WARNING: the service uses io_uring: files, sockets and addresses it used that way "
                "were not seen. Train it again with --no-io-uring");
        return;
    }
}

void summary_say_blind_spots(const struct profile *profile)
{
    size_t count;
    const struct fact *const *spots = profile_facts(profile, FACT_BLIND_SPOT, &count);

    for (size_t i = 0; i < count && i < BLIND_SPOTS_SAID; i++) {
        CLEANUP(free_char)
        char *line =
            mem_printf("not observed: %s (%s); directives it touches are left out or widened",
                       spots[i]->blind_spot.topic, spots[i]->blind_spot.detail);
        cli_say(line);
    }
    if (count > BLIND_SPOTS_SAID) {
        CLEANUP(free_char)
        char *more =
            mem_printf("not observed: %zu more, all in the profile", count - BLIND_SPOTS_SAID);
        cli_say(more);
    }
    say_io_uring(profile);
}

static void say_crowds(const struct profile *profile)
{
    CLEANUP(strings_done) struct strings crowds = { 0 };

    profile_crowds(profile, &crowds);
    for (size_t i = 0; i < crowds.count && i < BLIND_SPOTS_SAID; i++) {
        CLEANUP(free_char)
        char *line = mem_printf("too many %s to tell apart (more than %d): what one of them needs "
                                "will be allowed for all",
                                crowds.items[i], PROFILE_CROWD);
        cli_say(line);
    }
    if (crowds.count > BLIND_SPOTS_SAID) {
        CLEANUP(free_char)
        char *more =
            mem_printf("too many to tell apart of %zu more kinds", crowds.count - BLIND_SPOTS_SAID);
        cli_say(more);
    }
}

void summary_say_folded(const struct profile *profile)
{
    CLEANUP(strings_done) struct strings folded = { 0 };

    profile_folded(profile, &folded);
    for (size_t i = 0; i < folded.count && i < BLIND_SPOTS_SAID; i++) {
        CLEANUP(free_char)
        char *line = mem_printf("too many names to tell apart in %s (more than %d): what was done "
                                "with any of them will be allowed for all",
                                folded.items[i], PROFILE_FOLD_NAMES);
        cli_say(line);
    }
    if (folded.count > BLIND_SPOTS_SAID) {
        CLEANUP(free_char)
        char *more = mem_printf("too many names to tell apart in %zu more directories",
                                folded.count - BLIND_SPOTS_SAID);
        cli_say(more);
    }
    say_crowds(profile);
}

void summary_say_next(const char *saved, const char *unit)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";
    struct str line = { 0 };

    str_add(&line, "next: cinch suggest ");
    if (saved[strspn(saved, plain)])
        quote_shell(&line, saved);
    else
        str_add(&line, saved);
    if (unit)
        str_add(&line, " --unit FILE (the unit's own, which systemctl cat shows first)");
    cli_say(line.data);
    str_done(&line);
}

bool summary_say_failure(const struct train_result *result)
{
    CLEANUP(free_char) char *line = NULL;

    if (result->never_ready)
        line = mem_strdup("the service was not ready in 90 s: the workload did not run; say when "
                          "it is ready with --ready");
    else if (result->ended_early)
        line = mem_printf("the service ended before its time (%s %d): this profile proves nothing",
                          WIFSIGNALED(result->status) ? "signal" : "exit status",
                          WIFSIGNALED(result->status) ? WTERMSIG(result->status)
                                                      : WEXITSTATUS(result->status));
    else if (result->workload_status > 0)
        line = mem_printf("the workload failed (exit status %d): this profile proves nothing",
                          result->workload_status);
    else if (result->killed)
        line = mem_strdup("the service did not stop within 15 s of SIGTERM and was killed: how it "
                          "stops was not learned");
    if (line)
        cli_say(line);
    return line;
}

void summary_say_end(const struct train_result *result)
{
    if (!result->joined || result->let_go || !WIFEXITED(result->status) ||
        WEXITSTATUS(result->status) == 0)
        return;
    CLEANUP(free_char)
    char *line = mem_printf("the service ended with exit status %d: if that is not what it does "
                            "when all is well, train again",
                            WEXITSTATUS(result->status));
    cli_say(line);
}
