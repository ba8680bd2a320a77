// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The program's own quoting, for tests/live/quoting to hold against systemd:
 *   quote value DIRECTIVE VERSION unit|run    standard input: SOURCE NUL DESTINATION NUL ...
 *   quote program|argument                    standard input: WORD NUL ...
 * One line per record: "+" and the quoted text, or "-" when it is refused. An empty DESTINATION is
 * none.
 */
#include <cinch/render.h>
#include <stdio.h>
#include <string.h>

/* The next NUL-terminated record of standard input, or NULL. */
static char *next_record(void)
{
    struct str record = { 0 };
    int c;

    while ((c = getchar()) > 0)
        str_add_char(&record, (char)c);
    if (c == EOF) {
        str_done(&record);
        return NULL;
    }
    return str_steal(&record);
}

static void say(int result, const struct str *quoted)
{
    if (result < 0)
        puts("-");
    else
        printf("+%s\n", quoted->data);
}

static int quote_values(const char *directive, int version, enum quote_form form)
{
    struct target target = { .version = version };
    char *source;

    while ((source = next_record())) {
        CLEANUP(free_char) char *owned = source;
        CLEANUP(free_char) char *destination = next_record();
        CLEANUP(str_done) struct str quoted = { 0 };
        struct value value = { .text = source, .is_path = true };
        if (destination && destination[0])
            value.destination = destination;
        say(quote_value(&quoted, directive, &value, &target, form), &quoted);
    }
    return 0;
}

static int quote_words(int (*quote)(struct str *ret, const char *word))
{
    char *word;

    while ((word = next_record())) {
        CLEANUP(free_char) char *owned = word;
        CLEANUP(str_done) struct str quoted = { 0 };
        say(quote(&quoted, word), &quoted);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "value") == 0)
        return quote_values(argv[2], atoi(argv[3]),
                            strcmp(argv[4], "run") == 0 ? QUOTE_RUN_ARGUMENT : QUOTE_UNIT);
    if (argc == 2 && strcmp(argv[1], "program") == 0)
        return quote_words(quote_program);
    if (argc == 2 && strcmp(argv[1], "argument") == 0)
        return quote_words(quote_argument);
    return 2;
}
