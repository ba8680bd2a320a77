// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/summary.h"
#include "cli/cli.h"
#include "cli/status.h"
#include <cinch/render.h>
#include <cinch/systemd.h>
#include <inttypes.h>
#include <signal.h>
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

char *summary_learned(const struct tally *tally, int64_t duration_ms)
{
    const struct {
        size_t count;
        const char *one, *more;
    } rows[] = {
        { tally->syscalls, "system call", "system calls" },
        { tally->paths, "path", "paths" },
        { tally->sockets, "socket", "sockets" },
        { tally->addresses, "address", "addresses" },
        { tally->peers, "peer", "peers" },
        { tally->programs, "program", "programs" },
    };
    struct str line = { 0 };

    str_addf(&line, "learned in %.1f s:", (double)duration_ms / 1000);
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        str_addf(&line, "%s %zu %s", i ? "," : "", rows[i].count,
                 rows[i].count == 1 ? rows[i].one : rows[i].more);
    return str_steal(&line);
}

/* "a, b": the phases of that set. */
static char *list_phases(unsigned phases)
{
    struct str list = { 0 };

    for (int phase = 0; phase < PHASE_COUNT; phase++)
        if (phases & 1u << phase)
            str_addf(&list, "%s%s", list.length ? ", " : "", phase_name((enum phase)phase));
    return str_steal(&list);
}

static void say_phases(const struct profile *profile)
{
    unsigned all = (1u << PHASE_COUNT) - 1, phases = runs_phases(profile);
    CLEANUP(free_char) char *seen = list_phases(phases);
    CLEANUP(free_char) char *unseen = list_phases(all & ~phases);
    CLEANUP(free_char)
    char *line = mem_printf("phases seen: %s%s%s", *seen ? seen : "none",
                            *unseen ? "; not seen, so not allowed: " : "", unseen);
    const char *state = runs_first_state(profile);
    CLEANUP(free_char) char *shown = text_encode_string(state ? state : "");

    cli_say(line);
    if (!(phases & 1u << PHASE_STOP))
        cli_say("warning: training did not record how the service stops (it was released or "
                "killed); train a run that ends with SIGTERM");
    if (!state)
        return;
    CLEANUP(free_char)
    char *again = mem_printf("this start made %s: the next finds that and may do something else; "
                             "train a second start too",
                             shown);
    cli_say(again);
}

/* What was around the service: it may do other things elsewhere. */
static void say_surroundings(const struct train_options *options)
{
    const struct unit *unit = options->settings;
    CLEANUP(free_char) char *name = text_encode_string(unit ? unit->name : "");
    CLEANUP(free_char)
    char *line = mem_printf("trained in the environment of %s", *name ? name : "the unit");

    if (options->pid || options->gate)
        return;
    cli_say(options->inherit_environment
                ? "trained in your own environment, directory, umask and limits, which its unit "
                  "does not have"
            : unit ? line
                   : "trained in systemd's environment for a service (--inherit-environment: in "
                     "yours)");
}

void summary_say(const struct profile *profile, const struct train_options *options,
                 const struct train_result *result)
{
    struct tally tally;

    tally_count(profile, &tally);
    CLEANUP(free_char) char *line = summary_learned(&tally, result->duration_ms);
    cli_say(line);
    say_surroundings(options);
    say_settled(profile, result->worked_ms);
    say_phases(profile);
}

/* ---- what else there is to say ---- */

/* More than a person reads; the profile has them all. */
#define LINES_SAID 20

/* `rest`: what the lines are about, for those that are not said. */
static void say_lines(const struct strings *lines, const char *rest)
{
    for (size_t i = 0; i < lines->count && i < LINES_SAID; i++)
        cli_say(lines->items[i]);
    if (lines->count <= LINES_SAID)
        return;
    CLEANUP(free_char)
    char *more = mem_printf("%s: %zu more, all in the profile", rest, lines->count - LINES_SAID);
    cli_say(more);
}

/* Loud, since so much may have passed unseen. */
static void say_io_uring(const struct profile *profile)
{
    size_t count;
    const struct fact *const *spots = profile_facts(profile, FACT_BLIND_SPOT, &count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(spots[i]->blind_spot.topic, "io_uring") != 0)
            continue;
        cli_say("warning: the service uses io_uring, and training did not record the files, "
                "sockets and addresses it used that way; train again with --no-io-uring");
        return;
    }
}

void summary_say_blind_spots(const struct profile *profile)
{
    CLEANUP(strings_done) struct strings lines = { 0 };
    size_t count;
    const struct fact *const *spots = profile_facts(profile, FACT_BLIND_SPOT, &count);

    for (size_t i = 0; i < count; i++) {
        const struct blind_spot_fact *spot = &spots[i]->blind_spot;
        const char *words = blind_spot_words(spot->topic);
        CLEANUP(free_char)
        char *line = mem_printf("not observed: %s%s%s (%s); directives it touches are left out or "
                                "widened",
                                spot->topic, words ? ", " : "", words ? words : "", spot->detail);
        strings_add(&lines, line);
    }
    say_lines(&lines, "not observed");
    say_io_uring(profile);
}

static char *describe_directory(const char *directory)
{
    return mem_printf("too many names to tell apart in %s: what was done with any of them will be "
                      "allowed for all",
                      directory);
}

static char *describe_crowd(const char *kind)
{
    return mem_printf("too many %s to tell apart (more than %d): what one of them needs will be "
                      "allowed for all",
                      kind, PROFILE_WILDCARD);
}

void summary_say_collapsed(const struct profile *profile)
{
    static const struct {
        void (*find)(const struct profile *profile, struct strings *ret);
        char *(*describe)(const char *name);
        const char *rest;
    } rows[] = {
        { profile_collapsed, describe_directory, "directories with too many names" },
        { profile_wildcards, describe_crowd, "too many to tell apart" },
    };

    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(strings_done) struct strings names = { 0 }, lines = { 0 };
        rows[i].find(profile, &names);
        for (size_t j = 0; j < names.count; j++) {
            CLEANUP(free_char) char *line = rows[i].describe(names.items[j]);
            strings_add(&lines, line);
        }
        say_lines(&lines, rows[i].rest);
    }
}

static void add_word(struct str *line, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";

    if (word[strspn(word, plain)])
        quote_shell(line, word);
    else
        str_add(line, word);
}

void summary_say_next(const char *saved, const struct train_options *options)
{
    struct str line = { 0 };

    str_add(&line, options->pid ? "next: train it from its start, too, for this alone proves "
                                  "nothing; then: cinch suggest START.cinch.json "
                                : "next: cinch suggest ");
    add_word(&line, saved);
    if (options->unit) {
        str_add(&line, " --unit ");
        add_word(&line, options->unit);
    }
    cli_say(line.data);
    str_done(&line);
}

static char *describe_never_ready(const struct train_result *result,
                                  const struct train_options *options)
{
    return mem_printf("the service did not become ready in %.0f s%s; say when it is ready with "
                      "--ready",
                      (double)(result->worked_ms > 0 ? result->worked_ms : result->duration_ms) /
                          1000,
                      options->workload ? ": the workload did not run" : "");
}

char *summary_failure(const struct train_result *result, const struct train_options *options)
{
    bool killed = WIFSIGNALED(result->status);

    if (result->ended_early)
        return mem_printf("the service ended before its time (%s %d): this profile proves nothing",
                          killed ? "signal" : "exit status",
                          killed ? WTERMSIG(result->status) : WEXITSTATUS(result->status));
    if (result->never_ready)
        return describe_never_ready(result, options);
    if (result->workload_status > 0)
        return mem_printf("the workload failed (exit status %d): this profile proves nothing",
                          result->workload_status);
    if (result->hurried)
        return mem_strdup("the service was killed after a second signal to end: how it stops was "
                          "not learned");
    if (result->killed)
        return mem_printf("the service did not stop within %lld s and was killed: how it stops was "
                          "not learned",
                          (long long)(result->grace_ms / 1000));
    return NULL;
}

/* As systemd.service(5) has it (SuccessExitStatus=): an end by these is a clean one. */
static bool is_clean_signal(int signal)
{
    return signal == SIGHUP || signal == SIGINT || signal == SIGTERM || signal == SIGPIPE;
}

void summary_say_end(const struct train_result *result)
{
    bool killed = WIFSIGNALED(result->status);
    int code = killed ? WTERMSIG(result->status) : WEXITSTATUS(result->status);

    if (result->runs_on)
        cli_say("the service is started again, by the unit's Restart= or by its socket or timer, "
                "and is not traced any more");
    if (!result->joined || result->let_go || (killed ? is_clean_signal(code) : code == 0))
        return;
    CLEANUP(free_char)
    char *line = mem_printf("the service ended with %s %d: if that is not what it does when all is "
                            "well, train again",
                            killed ? "signal" : "exit status", code);
    cli_say(line);
}
