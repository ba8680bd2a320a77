// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * directives_page WEIGHTS: docs/DIRECTIVES.md from the directive table, on standard output.
 * WEIGHTS: fixtures/systemd/security-weights.tsv, what systemd-analyze security counts (252 to 262
 * agree).
 */
#include "systemd/core/derive.h"
#include "systemd/directive_table.h"
#include <cinch/systemd/unwritten_table.h>
#include <stdio.h>
#include <string.h>

/* ---- weights ---- */

#define WEIGHTS_MAX 128

struct weight {
    char id[96];
    unsigned weight;
};

struct weights {
    struct weight items[WEIGHTS_MAX];
    size_t count;
};

static bool weights_read(struct weights *weights, const char *path)
{
    FILE *file = fopen(path, "re");
    char line[256];

    if (!file)
        return false;
    while (fgets(line, sizeof(line), file) && weights->count < WEIGHTS_MAX) {
        struct weight *weight = &weights->items[weights->count];
        if (sscanf(line, "%95[^\t]\t%u", weight->id, &weight->weight) == 2)
            weights->count++;
    }
    fclose(file);
    return weights->count > 0;
}

/* Whether an id such as "RootDirectory=/RootImage=" or "SystemCallFilter=~@swap" is about it. */
static bool weight_is_of(const struct weight *weight, const char *name)
{
    CLEANUP(free_char) char *assigned = mem_printf("%s=", name);
    const char *at = strstr(weight->id, assigned);

    return at && (at == weight->id || at[-1] == '/');
}

static void print_weight(const struct weights *weights, const char *name)
{
    unsigned sum = 0, items = 0;

    for (size_t i = 0; i < weights->count; i++) {
        if (!weight_is_of(&weights->items[i], name))
            continue;
        sum += weights->items[i].weight;
        items++;
    }
    if (items > 1)
        printf("%u in %u", sum, items);
    else if (items)
        printf("%u", sum);
    else
        printf("-");
}

/* ---- rules in words ---- */

static void print_denial(const struct veto *veto)
{
    static const char *const words[VETO_COUNT] = {
        [VETO_SYSCALL] = "`%s` is called",
        [VETO_SYSCALL_KNOWN] = "`%s` is called, and the kernel has it",
        [VETO_ARGUMENT] = "the profile has a fact `%s`",
        [VETO_ARGUMENT_DONE] = "the profile has a successful fact `%s`",
        [VETO_ARGUMENT_OTHER] = "the profile has a fact `%s`",
        [VETO_PROGRAM] = "the service executes a program that is `%s`",
        [VETO_SOCKET] = "a socket of the family `%s` is created",
        [VETO_SOCKET_OTHER] = "a socket of a family other than `%s` is created",
        [VETO_ABSTRACT_SOCKET] = "an abstract socket is used: `%s`",
        [VETO_READ] = "a file at or below `%s` is used and exists",
        [VETO_TOUCH] = "`%s` or anything below it is used",
        [VETO_WRITE] = "`%s` or anything below it is written",
        [VETO_MAP] = "code is executed or mapped from below `%s`",
        [VETO_MOUNT] = "a file system is mounted below `%s`",
        [VETO_CAPABILITY] = "a capability is used: `%s`",
    };
    static const char *const values[VETO_COUNT] = {
        [VETO_SYSCALL] = " by a program of `%s`",
        [VETO_ARGUMENT] = " with `%s`",
        [VETO_ARGUMENT_DONE] = " with `%s`",
        [VETO_ARGUMENT_OTHER] = " with a value other than `%s`",
        [VETO_WRITE] = ", except `%s`",
    };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    printf(words[veto->kind], *veto->text ? veto->text : "any");
    if (veto->value && values[veto->kind])
        printf(values[veto->kind], veto->value);
#pragma GCC diagnostic pop
}

static void print_candidate(const struct directive *directive, const struct candidate *candidate)
{
    const struct veto *veto = candidate->vetoes;

    if (!veto->kind)
        return;
    printf("- `%s=%s` is not set when\n", directive->name, candidate->value);
    for (; veto->kind; veto++) {
        printf("  - ");
        print_denial(veto);
        printf("\n");
    }
}

static void print_list(const char *before, const char *const *items)
{
    for (size_t i = 0; items[i]; i++)
        printf("%s`%s`", i ? ", " : before, items[i]);
    if (items[0])
        printf("\n");
}

static void print_rule(const struct directive *directive)
{
    printf("\n### %s=\n\nBlocks %s.", directive->name, directive->forbids);
    if (directive->rule)
        printf(" %s.", directive->rule);
    printf("\n\n");
    for (const struct candidate *candidate = directive->candidates; candidate && candidate->value;
         candidate++)
        print_candidate(directive, candidate);
    if (directive->never)
        printf("- never set to %s\n", directive->never);
    print_list("- not set with the blind spots ", directive->blind_spots);
    print_list("- allows more with the blind spots ", directive->widened_by);
}

/* ---- the table ---- */

static void print_values(const struct directive *directive)
{
    const struct candidate *candidate = directive->candidates;

    if (!candidate) {
        printf("%s", directive->proc ? directive->proc->value : "as found");
        return;
    }
    for (; candidate->value; candidate++) {
        printf("%s%s", candidate == directive->candidates ? "" : ", ", candidate->value);
        if (candidate->since > directive->since)
            printf(" (%d)", candidate->since);
    }
}

static void print_row(const struct directive *directive, const struct weights *weights)
{
    printf("| `%s=` | %d | ", directive->name, directive->since);
    print_values(directive);
    printf(" | %s%s | ", directive->flags & DIRECTIVE_SYSTEM_ONLY ? "system" : "any",
           directive->flags & DIRECTIVE_SECCOMP ? ", seccomp" : "");
    print_weight(weights, directive->name);
    printf(" | %s |\n", directive->forbids);
}

/* ---- what has no row ---- */

static void print_others(void)
{
    printf("\n## Not written\n\n");
    for (size_t i = 0; i < unwritten_row_count; i++)
        printf("- %s: %s\n", unwritten_rows[i].names, unwritten_rows[i].why);
}

int main(int argc, char **argv)
{
    struct weights weights = { 0 };

    if (argc != 2 || !weights_read(&weights, argv[1])) {
        fprintf(stderr, "usage: directives_page fixtures/systemd/security-weights.tsv\n");
        return 2;
    }
    printf(
        "<!-- SPDX-License-Identifier: LGPL-2.1-or-later -->\n"
        "<!-- Made from src/systemd/directive_table.c: tests/tables/directives-page --update -->\n"
        "# The directives\n\n"
        "The directives that cinch can write, in the order in which it writes them.\n"
        "*Since*: the first systemd that has the directive. A value that came later has its own\n"
        "version in parentheses; an older target gets the next value.\n"
        "*Manager*: \"system\" is not written for a user manager. \"seccomp\" installs a filter, "
        "which before\nsystemd 255 forces no_new_privs on a service with `User=`.\n"
        "*Weight*: what `systemd-analyze security` counts for it, \"N in M\" for M items "
        "together; \"-\" is not counted.\n\n"
        "| directive | since | values | manager | weight | blocks |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < directive_count; i++)
        print_row(&directive_table[i], &weights);
    printf("\n## Rules\n\n"
           "A value is set only if it would block no fact of the profile. Failed calls count, too, "
           "except where\na rule says \"successful\". PROFILE_FORMAT.md describes the facts and "
           "the blind spots.\n`src/systemd/conflicts.c` resolves what two directives would break "
           "together.\n");
    for (size_t i = 0; i < directive_count; i++)
        print_rule(&directive_table[i]);
    print_others();
    return 0;
}
