// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/suggest_arguments.h"
#include <cinch/render.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* Whether a file begins like a profile; one that is cut off does too. Nothing else is opened: that
 * alone starts a watchdog or winds a tape, and what is read from a pipe is gone. */
static bool is_profile_file(const char *path)
{
    char start[512] = { 0 };
    struct stat st;

    if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
        return false;
    CLEANUP(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    return fd >= 0 && read(fd, start, sizeof(start) - 1) > 0 && strstr(start, PROFILE_FORMAT);
}

/* The last of several operands are queries unless they are profiles: a name in *.json (an absolute
 * one may as well be a path to ask about, so that has to look like a profile inside). */
static bool is_query(const char *operand)
{
    if (strcmp(operand, "-") == 0 || ends_with(operand, ".cinch.json"))
        return false;
    return !(ends_with(operand, ".json") && operand[0] != '/') && !is_profile_file(operand);
}

static int explain(struct suggest_arguments *arguments, struct err *err)
{
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    size_t profiles = arguments->count;
    bool found = false;

    while (profiles > 1 && is_query(arguments->operands[profiles - 1]))
        profiles--;
    if (suggest_arguments_load(arguments, profiles, err) < 0) {
        cli_say_error(err, "the profile cannot be used");
        return 1;
    }
    suggest(arguments->profile, &arguments->options, &suggestion);
    CLEANUP(free_char)
    char *text = render_explanation(&suggestion, arguments->profile, arguments->operands + profiles,
                                    arguments->count - profiles, &found);
    return cli_print(text) && found ? 0 : 1;
}

int cmd_explain(int argc, char **argv)
{
    CLEANUP(suggest_arguments_done) struct suggest_arguments arguments = { 0 };
    CLEANUP(err_done) struct err err = { 0 };
    int result = suggest_arguments_parse(&arguments, argc, argv, &err);

    if (result == 0 && arguments.format_given)
        result = err_set(&err, EINVAL, "explain prints text; --format belongs to suggest");
    if (result == 0 && arguments.output)
        result = err_set(&err, EINVAL, "explain prints text; -o belongs to suggest");
    if (result < 0) {
        if (err.text)
            cli_say(err.text);
        return cli_usage(argv[0]);
    }
    if (arguments.help)
        return cli_print(help_text(argv[0])) ? 0 : 1;
    return explain(&arguments, &err);
}
