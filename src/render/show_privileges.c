// SPDX-License-Identifier: LGPL-2.1-or-later
/* Capabilities, and the arguments that directives depend on. */
#include "render/page.h"
#include <string.h>

#define CALLS_SHOWN     8
#define ARGUMENTS_SHOWN 12

/* ---- capabilities ---------------------------------------------------------------------------- */

/* The facts of one capability, which are neighbours. */
static void show_capability(struct page *page, const struct fact *const *facts, size_t count)
{
    static const char *const labels[CAPABILITY_BASES] = {
        [CAPABILITY_RULE] = "needed by",
        [CAPABILITY_GUESS] = "maybe for",
        [CAPABILITY_KERNEL] = "checked in",
    };
    CLEANUP(free_char) char *name = page_name(facts[0]->capability.name);

    page_text(page, 2, name);
    for (int basis = 0; basis < CAPABILITY_BASES; basis++) {
        CLEANUP(strings_done) struct strings calls = { 0 };
        for (size_t i = 0; i < count; i++) {
            const char *call = facts[i]->capability.call;
            CLEANUP(free_char) char *shown = page_name(*call ? call : "no system call");
            if ((int)facts[i]->capability.basis == basis)
                strings_add(&calls, *call ? shown : "no system call");
        }
        strings_sort_unique(&calls);
        page_list(page, 4, labels[basis], &calls, CALLS_SHOWN);
    }
}

/* What it says that there are none, by the run that was watched least. */
static const char *none_words(const struct profile *profile)
{
    static const char *const words[CAPABILITY_WATCH_COUNT] = {
        [CAPABILITIES_UNWATCHED] = "none is known: their use was not watched",
        [CAPABILITIES_BY_TASK] = "no task used a capability",
        [CAPABILITIES_BY_GRANT] = "the kernel granted no capability",
    };
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);
    enum capability_watch least = count ? CAPABILITIES_BY_GRANT : CAPABILITIES_UNWATCHED;

    for (size_t i = 0; i < count; i++)
        if (runs[i]->capabilities < least)
            least = runs[i]->capabilities;
    return words[least];
}

static void show_capabilities(struct page *page)
{
    size_t count;
    const struct fact *const *facts = profile_facts(page->profile, FACT_CAPABILITY, &count);

    page_title(page, "Capabilities");
    if (!count)
        page_text(page, 2, none_words(page->profile));
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1;
             next < count && strcmp(facts[i]->capability.name, facts[next]->capability.name) == 0;)
            next++;
        show_capability(page, facts + i, next - i);
    }
}

/* ---- arguments ------------------------------------------------------------------------------- */

static void show_topic(struct page *page, const struct fact *const *facts, size_t count)
{
    CLEANUP(strings_done) struct strings values = { 0 };
    CLEANUP(free_char) char *topic = page_name(facts[0]->argument.topic);

    for (size_t i = 0; i < count; i++) {
        CLEANUP(free_char) char *value = text_encode_string(facts[i]->argument.value);
        const char *error = errno_name(facts[i]->outcome);
        CLEANUP(free_char)
        char *text = mem_printf("%s%s%s%s", value, error ? " (failed with " : "",
                                error ? error : "", error ? ")" : "");
        strings_add(&values, text);
    }
    strings_sort_unique(&values);
    page_list(page, 2, topic, &values, ARGUMENTS_SHOWN);
}

/* Topics of a hostile profile are as many as it likes; cinch's own are fewer than this. */
#define TOPICS_SHOWN 40

static void show_arguments(struct page *page)
{
    size_t count, topics = 0;
    const struct fact *const *facts = profile_facts(page->profile, FACT_ARGUMENT, &count);

    if (count)
        page_title(page, "Arguments");
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1;
             next < count && strcmp(facts[i]->argument.topic, facts[next]->argument.topic) == 0;)
            next++;
        if (page->options.all || topics++ < TOPICS_SHOWN)
            show_topic(page, facts + i, next - i);
    }
}

void show_privileges(struct page *page)
{
    show_capabilities(page);
    show_arguments(page);
}
