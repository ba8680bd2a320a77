// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names that look like a word that is not known. */
#include "render/refusal.h"
#include <cinch/systemd/group_table.h>
#include <string.h>
#include <strings.h>

#define NEAR_MOST   5
#define NEAR_LENGTH 40

struct near {
    const char *word;
    struct strings names[4]; /* by distance: 0 is a name with other case or more letters */
};

/* How many letters to insert, delete or replace, case aside; more than 3 is 3. */
static unsigned distance_of(const char *left, const char *right)
{
    size_t columns = strlen(right), rows = strlen(left);
    unsigned row[NEAR_LENGTH + 1];

    if (columns > NEAR_LENGTH || rows > columns + 3 || columns > rows + 3)
        return 3;
    for (unsigned k = 0; k <= columns; k++)
        row[k] = k;
    for (unsigned i = 1; i <= rows; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned k = 1; k <= columns; k++) {
            bool same = strncasecmp(&left[i - 1], &right[k - 1], 1) == 0;
            unsigned replaced = diagonal + !same;
            unsigned least = row[k] < row[k - 1] ? row[k] + 1 : row[k - 1] + 1;
            diagonal = row[k];
            row[k] = replaced < least ? replaced : least;
        }
    }
    return row[columns] < 3 ? row[columns] : 3;
}

static void consider(struct near *near, const char *name)
{
    size_t length = strlen(near->word);
    unsigned distance = distance_of(near->word, name);

    if (length >= 4 && (strcasestr(name, near->word) != NULL))
        distance = 0;
    if (distance < 3 && distance * 3 <= length)
        strings_add(&near->names[distance], name);
}

static void consider_words(struct near *near, const char *words)
{
    CLEANUP(free_char) char *copy = mem_strdup(words);
    char *rest = NULL;

    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        if (word[0] != '@')
            consider(near, word);
}

/* The paths whose last name is the word. */
static void consider_paths(struct near *near, const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(path_name(facts[i]->path.path), near->word) == 0)
            strings_add(&near->names[1], facts[i]->path.path);
}

void near_names(const struct suggestion *suggestion, const struct profile *profile,
                const char *word, struct strings *ret)
{
    struct near near = { .word = word };

    if (!*word || strlen(word) > NEAR_LENGTH)
        return;
    for (size_t i = 0; i < suggestion->count; i++)
        consider(&near, suggestion->verdicts[i].name);
    for (int i = 0; capability_name(i); i++)
        consider(&near, capability_name(i));
    for (int i = 0; i < 64; i++)
        if (family_name(i))
            consider(&near, family_name(i));
    for (size_t i = 0; i < group_row_count; i++)
        consider_words(&near, group_rows[i].members);
    consider_paths(&near, profile);
    for (size_t distance = 0; distance < ELEMENTS_OF(near.names); distance++) {
        struct strings *names = &near.names[distance];
        strings_sort_unique(names);
        for (size_t i = 0; i < names->count && ret->count < NEAR_MOST; i++) {
            CLEANUP(free_char) char *shown = text_encode_string(names->items[i]);
            strings_add(ret, shown);
        }
        strings_done(names);
    }
}
