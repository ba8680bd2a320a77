// SPDX-License-Identifier: LGPL-2.1-or-later
/* The system calls: each once, under the phases in which it was made. */
#include "render/page.h"
#include <string.h>

/* More than Linux has. */
#define CALLS_SHOWN 512

/* A system call, its facts joined: they differ by outcome. */
struct call {
    const struct fact *fact; /* one of them */
    unsigned phases;
    bool worked; /* it succeeded at least once, or may have */
};

static bool is_same_call(const struct fact *a, const struct fact *b)
{
    const char *left = a->syscall.name, *right = b->syscall.name;

    return strcmp(a->syscall.arch, b->syscall.arch) == 0 && !left == !right &&
           (left ? strcmp(left, right) == 0 : a->syscall.number == b->syscall.number);
}

/* Facts of one call are neighbours: a profile sorts them by what they say. */
static struct call *collect(const struct profile *profile, size_t *ret_count)
{
    size_t count, calls = 0;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);
    struct call *list = mem_new(count, sizeof(*list));

    for (size_t i = 0; i < count; i++) {
        if (!calls || !is_same_call(list[calls - 1].fact, facts[i]))
            list[calls++].fact = facts[i];
        list[calls - 1].phases |= evidence_phases(&facts[i]->evidence);
        list[calls - 1].worked |= fact_may_have_succeeded(facts[i]);
    }
    *ret_count = calls;
    return list;
}

/* "openat", "x86:open", "number 500"; of the machine's own architecture without its name. */
static char *call_name(const struct syscall_fact *call, const char *arch)
{
    CLEANUP(free_char) char *name = call->name ? page_name(call->name) : NULL;
    CLEANUP(free_char) char *other = page_name(call->arch);
    struct str text = { 0 };

    if (!arch || strcmp(arch, call->arch) != 0)
        str_addf(&text, "%s:", other);
    if (name)
        str_add(&text, name);
    else if (call->number == SYSCALL_ANY)
        str_add(&text, "(many without a name)");
    else
        str_addf(&text, "(number %llu)", (unsigned long long)call->number);
    return str_steal(&text);
}

/* "start, serve" */
static char *phases_text(unsigned phases)
{
    struct str text = { 0 };

    for (int phase = 0; phase < PHASE_COUNT; phase++)
        if (phases & 1u << phase)
            str_addf(&text, "%s%s", text.length ? ", " : "", phase_name((enum phase)phase));
    if (!phases)
        str_add(&text, "in an unknown phase");
    else if (!(phases & (phases - 1)))
        str_add(&text, " only");
    return str_steal(&text);
}

static void show_group(struct page *page, const struct call *calls, size_t count, unsigned phases,
                       const char *arch)
{
    CLEANUP(strings_done) struct strings names = { 0 };

    for (size_t i = 0; i < count; i++) {
        if (calls[i].phases != phases)
            continue;
        CLEANUP(free_char) char *name = call_name(&calls[i].fact->syscall, arch);
        strings_add(&names, name);
    }
    if (!names.count)
        return;
    CLEANUP(free_char) char *when = phases_text(phases);
    CLEANUP(free_char) char *title = mem_printf("%s (%zu)", when, names.count);
    page_text(page, 2, title);
    page_list(page, 4, "", &names, CALLS_SHOWN);
}

static void show_failed(struct page *page, const struct call *calls, size_t count, const char *arch)
{
    CLEANUP(strings_done) struct strings names = { 0 };

    for (size_t i = 0; i < count; i++) {
        if (calls[i].worked)
            continue;
        const char *error = errno_name(calls[i].fact->outcome);
        CLEANUP(free_char) char *name = call_name(&calls[i].fact->syscall, arch);
        CLEANUP(free_char) char *text = mem_printf("%s (%s)", name, error ? error : "?");
        strings_add(&names, text);
    }
    if (names.count)
        page_text(page, 2, "never succeeded");
    page_list(page, 4, "", &names, CALLS_SHOWN);
}

void show_calls(struct page *page)
{
    size_t count;
    struct call *calls = collect(page->profile, &count);
    const char *known = profile_setting(page->profile, "arch");
    const char *arch = known || !count ? known : calls[0].fact->syscall.arch;

    page_title_count(page, "System calls", count);
    for (unsigned phases = 0; phases < 1u << PHASE_COUNT; phases++)
        show_group(page, calls, count, phases, arch);
    show_failed(page, calls, count, arch);
    free(calls);
}
