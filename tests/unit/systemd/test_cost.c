// SPDX-License-Identifier: LGPL-2.1-or-later
/* A service, or a client of its, chooses how many names there are: ten times as many may not make a
 * suggestion take a hundred times as long, nor a note name them all. */
#include "filesystem_case.h"
#include <time.h>

/* Directories, and ten times as many. */
#define FEW 40
/* Names in one directory; fewer than make a branch of it (PROFILE_COLLAPSE_BRANCH_NAMES). */
#define NAMES 18
/* What is said of any number of them can be read. */
#define NOTE_MOST 1500

/* What a directory shows, and then each name in it; "*" is its path. */
static const struct {
    const char *kind, *directory, *name;
} kinds[] = {
    { "temporary files in directories of others", "dir /tmp/* 18 0\n",
      "create /tmp/*\nfile /tmp/*\n" },
    { "temporary files in directories of its own", "mkdir /tmp/*\ndir /tmp/* 18 0\n",
      "create /tmp/*\nfile /tmp/*\n" },
    { "files that come and go", "mkdir /var/lib/served/*\ndir /var/lib/served/* 0 0\n",
      "create /var/lib/served/*\ndelete /var/lib/served/*\ngone /var/lib/served/*\n" },
    { "files that are read", "dir /srv/* 18 0\n", "read /srv/* foreign\nfile /srv/*\n" },
    { "files that are read again", "dir /srv/* 18 0\n", "read /srv/* again\nfile /srv/*\n" },
    { "directories that are asked about", "stat /srv/* foreign\ndir /srv/* 18 0\n",
      "stat /srv/*/d foreign\ndir /srv/*/d 18 0\n" },
    { "links that are read", "dir /srv/* 18 0\n", "readlink /srv/* foreign\nlink /srv/* x\n" },
    { "keys of others", "read /srv/*/used foreign\ndir /srv/* 18 1\n", "closed /srv/*\n" },
    { "sockets of others", "dir /run/* 18 0\n", "connect /run/* foreign\nsocket /run/*\n" },
    { "sockets of others among many", "dir /run/* 40 30\n",
      "connect /run/* foreign\nsocket /run/*\n" },
    { "sockets of its own", "mkdir /run/*\ndir /run/* 18 0\n", "bind /run/*\nsocket /run/*\n" },
};

static void add_lines(struct str *text, const char *lines, const char *path)
{
    for (const char *at = lines; *at; at++)
        if (*at == '*')
            str_add(text, path);
        else
            str_add_char(text, *at);
}

static double seconds_of(size_t kind, size_t directories)
{
    CLEANUP(str_done) struct str text = { 0 };
    const struct suggest_options options = { .target.version = 252 };
    struct suggestion suggestion = { 0 };

    for (size_t i = 0; i < directories; i++) {
        CLEANUP(free_char) char *directory = mem_printf("d%zux", i);
        add_lines(&text, kinds[kind].directory, directory);
        for (size_t k = 0; k < NAMES; k++) {
            CLEANUP(free_char) char *name = mem_printf("%s/n%zux", directory, k);
            add_lines(&text, kinds[kind].name, name);
        }
    }
    CLEANUP(profile_freep) struct profile *profile = case_profile(text.data);
    clock_t start = clock();
    suggest(profile, &options, &suggestion);
    clock_t end = clock();
    for (size_t i = 0; i < suggestion.notes.count; i++)
        if (strlen(suggestion.notes.items[i].text) > NOTE_MOST)
            fail_msg("%s: a note of %zu bytes", kinds[kind].kind,
                     strlen(suggestion.notes.items[i].text));
    suggestion_done(&suggestion);
    return (double)(end - start) / CLOCKS_PER_SEC;
}

static void test_time_is_linear(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(kinds); i++) {
        double few_s = seconds_of(i, FEW), many_s = seconds_of(i, 10 * FEW);

        if (many_s > 60 * few_s + 0.2)
            fail_msg("%s: %d took %.3f s, %d %.3f s", kinds[i].kind, FEW * NAMES, few_s,
                     10 * FEW * NAMES, many_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_time_is_linear) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
