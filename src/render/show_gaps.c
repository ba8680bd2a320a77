// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a profile does not know: blind spots, phases that no run completed, directories with too
 * many names. */
#include "render/page.h"
#include <cinch/systemd.h>

#define GAPS_SHOWN 20

static void add(struct strings *lines, char *line)
{
    strings_add(lines, line);
    free(line);
}

static void add_runs(const struct profile *profile, struct strings *lines)
{
    unsigned phases = runs_phases(profile);
    const char *state = runs_first_state(profile);
    char *objection = runs_objection(profile);

    if (objection)
        add(lines, mem_printf("no run of it succeeded (%s): cinch suggest refuses it", objection));
    free(objection);
    for (int phase = 0; phases && phase < PHASE_COUNT; phase++)
        if (!(phases & 1u << phase))
            add(lines, mem_printf("no run completed the phase %s", phase_name((enum phase)phase)));
    if (!phases)
        add(lines, mem_strdup("the profile does not say which phases were completed"));
    if (!state)
        return;
    CLEANUP(free_char) char *shown = page_name(state);
    add(lines, mem_printf("the only start made %s: a second start finds it, and may do something "
                          "else",
                          shown));
}

static void add_blind_spots(const struct profile *profile, struct strings *lines)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_BLIND_SPOT, &count);

    for (size_t i = 0; i < count; i++) {
        const struct blind_spot_fact *spot = &facts[i]->blind_spot;
        const char *words = blind_spot_words(spot->topic);
        CLEANUP(free_char) char *topic = page_name(spot->topic);
        CLEANUP(free_char) char *detail = text_encode_string(spot->detail);
        add(lines, mem_printf("not observed: %s (%s%s%s)", words ? words : topic, topic,
                              *detail ? ": " : "", detail));
    }
}

static void add_collapsed(const struct profile *profile, struct strings *lines)
{
    CLEANUP(strings_done) struct strings directories = { 0 }, kinds = { 0 };

    profile_collapsed(profile, &directories);
    profile_wildcards(profile, &kinds);
    for (size_t i = 0; i < directories.count; i++) {
        CLEANUP(free_char) char *shown = page_name(directories.items[i]);
        add(lines,
            mem_printf("%s has more names than a profile keeps: any name in it counts as used",
                       shown));
    }
    for (size_t i = 0; i < kinds.count; i++)
        add(lines, mem_printf("more than a profile keeps: %s; any of them counts as used",
                              kinds.items[i]));
}

void show_gaps(struct page *page)
{
    CLEANUP(strings_done) struct strings lines = { 0 };

    add_runs(page->profile, &lines);
    add_blind_spots(page->profile, &lines);
    add_collapsed(page->profile, &lines);
    page_title(page, "Gaps");
    if (!lines.count)
        page_text(page, 2, "none is known");
    for (size_t i = 0; i < lines.count && (page->options.all || i < GAPS_SHOWN); i++)
        page_text(page, 2, lines.items[i]);
    CLEANUP(free_char) char *rest = mem_printf("and %zu more", lines.count - GAPS_SHOWN);
    if (lines.count > GAPS_SHOWN && !page->options.all)
        page_text(page, 2, rest);
}
