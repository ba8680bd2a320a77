// SPDX-License-Identifier: LGPL-2.1-or-later
/* The runs: when, how long, what they showed, how settled. */
#include "render/page.h"
#include <inttypes.h>
#include <string.h>
#include <time.h>

/* Runs shown one by one; more are counted. */
#define RUNS_SHOWN 12
/* A shorter run shows nothing of how learning slows down. */
#define RUN_TELLING_MS 10000

/* A run and what it learned. */
struct run_facts {
    const struct run *run;
    size_t count;    /* facts that it saw */
    size_t added;    /* of those, in no run that started earlier */
    int64_t last_ms; /* when the last of them came, stopping left out; -1: there is none */
};

/* ---- facts by run ---------------------------------------------------------------------------- */

/* The number of the run with that id; `count` when there is none. Runs are sorted by id. */
static size_t run_number(const struct run *const *runs, size_t count, const char *id)
{
    size_t at = 0, end = count;

    while (at < end) {
        size_t middle = at + (end - at) / 2;
        int order = strcmp(runs[middle]->id, id);
        if (order == 0)
            return middle;
        if (order < 0)
            at = middle + 1;
        else
            end = middle;
    }
    return count;
}

static void run_facts_add(const struct fact *fact, const struct run *const *runs, size_t count,
                          struct run_facts *learned)
{
    const struct evidence *evidence = &fact->evidence;
    size_t first = count, first_seen = 0;

    for (size_t i = 0; i < evidence->count; i++) {
        size_t number = run_number(runs, count, evidence->seen[i].run);
        if (number == count)
            continue;
        learned[number].count++;
        if (first == count || runs[number]->started < runs[first]->started) {
            first = number;
            first_seen = i;
        }
    }
    if (first == count)
        return;
    const struct seen *seen = &evidence->seen[first_seen];
    learned[first].added++;
    if (seen->phases != 1u << PHASE_STOP && seen->first_ms > learned[first].last_ms)
        learned[first].last_ms = seen->first_ms;
}

static struct run_facts *run_facts_of(const struct profile *profile, const struct run *const *runs,
                                      size_t count)
{
    struct run_facts *learned = mem_new(count, sizeof(*learned));

    for (size_t i = 0; i < count; i++)
        learned[i] = (struct run_facts){ .run = runs[i], .last_ms = -1 };
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        size_t fact_count;
        const struct fact *const *facts = profile_facts(profile, (enum fact_kind)kind, &fact_count);
        for (size_t i = 0; i < fact_count; i++)
            run_facts_add(facts[i], runs, count, learned);
    }
    return learned;
}

/* ---- one run --------------------------------------------------------------------------------- */

static void add_phases(struct str *text, unsigned phases)
{
    const char *separator = "";

    for (int phase = 0; phase < PHASE_COUNT; phase++) {
        if (!(phases & 1u << phase))
            continue;
        str_addf(text, "%s%s", separator, phase_name((enum phase)phase));
        separator = ", ";
    }
}

/* systemd.time(7)'s form; UTC, so that a profile shows the same everywhere. */
static void add_moment(struct str *text, int64_t seconds)
{
    time_t moment = (time_t)seconds;
    struct tm parts;
    char shown[64];

    if (gmtime_r(&moment, &parts) &&
        strftime(shown, sizeof(shown), "%a %Y-%m-%d %H:%M:%S UTC", &parts))
        str_add(text, shown);
    else
        str_addf(text, "second %" PRId64, seconds);
}

static void run_title(struct page *page, const struct run *run)
{
    CLEANUP(free_char) char *duration = page_duration(run->duration_ms);
    struct str text = { 0 };

    add_moment(&text, run->started);
    str_addf(&text, ", for %s", duration);
    if (run->phases) {
        str_add(&text, "; completed phases: ");
        add_phases(&text, run->phases);
    }
    page_text(page, 2, text.data);
    str_done(&text);
    if (!run->complete)
        page_line(page, 4, "checkpoint", "the run did not finish; what came later is missing");
}

static void run_command(struct page *page, const struct run *run)
{
    if (run->command.count) {
        page_begin(page, 4, "command", PAGE_HANGING);
        for (size_t i = 0; i < run->command.count; i++) {
            CLEANUP(free_char) char *word = page_name(run->command.items[i]);
            page_word(page, word);
        }
        page_end(page);
    }
    CLEANUP(free_char) char *user = page_name(*run->user ? run->user : "?");
    CLEANUP(free_char) char *directory = page_name(*run->cwd ? run->cwd : "?");
    CLEANUP(free_char) char *line = mem_printf("%s (UID %u), in", user, run->uid);

    page_begin(page, 4, "as", PAGE_HANGING);
    page_words(page, line);
    page_word(page, directory);
    page_end(page);
}

static void run_ready(struct page *page, const struct run *run)
{
    CLEANUP(free_char) char *ready = page_name(run->ready);
    CLEANUP(free_char) char *after = page_duration(run->ready_ms);
    CLEANUP(free_char)
    char *line = run->ready_ms < 0 ? mem_printf("never, by %s", ready)
                                   : mem_printf("after %s, by %s", after, ready);

    if (*run->ready)
        page_line(page, 4, "ready", line);
}

static void run_workload(struct page *page, const struct run *run)
{
    CLEANUP(free_char) char *workload = text_encode_string(run->workload);
    struct str line = { 0 };

    if (!*run->workload) {
        page_line(page, 4, "workload", "none was given");
        return;
    }
    if (run->workload_status < 0)
        str_add(&line, "did not run to its end: ");
    else if (run->workload_status > 0)
        str_addf(&line, "failed with exit status %d: ", run->workload_status);
    str_add(&line, workload);
    page_line(page, 4, "workload", line.data);
    str_done(&line);
}

static void run_end(struct page *page, const struct run *run)
{
    CLEANUP(free_char)
    char *line = run->signal ? mem_printf("by signal %d", run->signal)
                             : mem_printf("with exit status %d", run->exit_status);

    if (run->signal || run->exit_status >= 0)
        page_line(page, 4, "ended", line);
}

static void run_settled(struct page *page, const struct run_facts *learned)
{
    const struct run *run = learned->run;
    /* A profile may say of a fact that it came after its run. */
    int64_t last_ms = learned->last_ms > 0 ? learned->last_ms : 0;
    int64_t quiet_ms = last_ms < run->duration_ms ? run->duration_ms - last_ms : 0;
    CLEANUP(free_char) char *duration = page_duration(run->duration_ms);
    CLEANUP(free_char) char *quiet = page_duration(quiet_ms);
    CLEANUP(free_char) char *line = NULL;

    if (run->duration_ms < RUN_TELLING_MS)
        line = mem_printf("unknown: the run is too short (%s) to tell whether training is "
                          "complete; train for longer or with a fuller workload",
                          duration);
    else if (quiet_ms < run->duration_ms / 2)
        line = mem_printf("no: the last new fact came %s before the end of %s; train for longer",
                          quiet, duration);
    else
        line = mem_printf("yes: no new fact in the last %s of %s", quiet, duration);
    page_line(page, 4, "settled", line);
}

static void run_learned(struct page *page, const struct run_facts *learned, bool only)
{
    CLEANUP(free_char) char *facts = page_count(learned->count, "fact");
    CLEANUP(free_char)
    char *line = only ? mem_printf("%s", facts)
                      : mem_printf("%s, %zu of them in no earlier run", facts, learned->added);

    page_line(page, 4, "learned", line);
}

/* ---- all ------------------------------------------------------------------------------------- */

/* "Debian GNU/Linux 12, kernel 6.1, x86_64, systemd 252" */
static void show_machine(struct page *page)
{
    static const struct {
        const char *name, *label;
    } rows[] = { { "os", "" }, { "kernel", "kernel " }, { "arch", "" }, { "systemd", "systemd " } };
    struct str line = { 0 };

    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        const char *value = profile_setting(page->profile, rows[i].name);
        CLEANUP(free_char) char *shown = text_encode_string(value ? value : "");
        if (value)
            str_addf(&line, "%s%s%s", line.length ? ", " : "", rows[i].label, shown);
    }
    if (line.length)
        page_line(page, 2, "on", line.data);
    str_done(&line);
}

/* The one that started first before the others. */
static int run_facts_compare(const void *left, const void *right)
{
    const struct run *a = ((const struct run_facts *)left)->run;
    const struct run *b = ((const struct run_facts *)right)->run;

    if (a->started != b->started)
        return a->started < b->started ? -1 : 1;
    return strcmp(a->id, b->id);
}

void show_runs(struct page *page)
{
    size_t count;
    const struct run *const *runs = profile_runs(page->profile, &count);
    struct run_facts *learned = run_facts_of(page->profile, runs, count);
    size_t shown = page->options.all || count <= RUNS_SHOWN ? count : RUNS_SHOWN;

    page_title_count(page, "Runs", count);
    show_machine(page);
    qsort(learned, count, sizeof(*learned), run_facts_compare);
    for (size_t i = 0; i < shown; i++) {
        run_title(page, learned[i].run);
        run_command(page, learned[i].run);
        run_ready(page, learned[i].run);
        run_workload(page, learned[i].run);
        run_end(page, learned[i].run);
        run_learned(page, &learned[i], count == 1);
        run_settled(page, &learned[i]);
    }
    CLEANUP(free_char) char *rest = mem_printf("and %zu more runs", count - shown);
    if (shown < count)
        page_text(page, 2, rest);
    free(learned);
}
