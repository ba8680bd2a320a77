// SPDX-License-Identifier: LGPL-2.1-or-later
/* cinch check: would a unit, as it is written, allow all that training saw? */
#include "cli/suggest_arguments.h"
#include <cinch/evaluate.h>
#include <cinch/render.h>
#include <errno.h>
#include <string.h>

/* Exit statuses beside 0 (all is allowed). */
enum { CHECK_REFUSES = 1, CHECK_FAILED = 3 };

static int parse(struct suggest_arguments *arguments, int argc, char **argv, struct err *err)
{
    int result = suggest_arguments_parse(arguments, argc, argv, err);

    if (result < 0 || arguments->help)
        return result;
    if (arguments->unit)
        return err_set(err, EINVAL, "check takes the unit as its first word, not as --unit");
    if (arguments->output || arguments->without.count || arguments->only.count ||
        arguments->portable || arguments->options.complain)
        return err_set(err, EINVAL,
                       "check writes no directives; -o, --without, --only, --portable and "
                       "--complain belong to suggest");
    if (arguments->format_given && arguments->format != FORMAT_JSON)
        return err_set(err, EINVAL, "check prints text, or JSON with --format json");
    if (arguments->count < 2)
        return err_set(err, EINVAL, "give a unit and at least one profile");
    return 0;
}

/* The first operand is the unit, the others are profiles. */
static int load(struct suggest_arguments *arguments, struct err *err)
{
    arguments->unit = arguments->operands[0];
    memmove(arguments->operands, arguments->operands + 1,
            (arguments->count - 1) * sizeof(*arguments->operands));
    arguments->count--;
    return suggest_arguments_load(arguments, arguments->count, err);
}

int cmd_check(int argc, char **argv)
{
    CLEANUP(suggest_arguments_done) struct suggest_arguments arguments = { 0 };
    CLEANUP(evaluation_done) struct evaluation evaluation = { 0 };
    CLEANUP(err_done) struct err err = { 0 };

    if (parse(&arguments, argc, argv, &err) < 0) {
        if (err.text)
            cli_say(err.text);
        return cli_usage(argv[0]);
    }
    if (arguments.help)
        return cli_print(help_text(argv[0])) ? 0 : CHECK_FAILED;
    if (load(&arguments, &err) < 0) {
        cli_say_error(&err, "the unit cannot be checked");
        return CHECK_FAILED;
    }
    const struct unit *unit = arguments.options.unit;
    evaluation_make(unit, arguments.profile, &arguments.options.target, &evaluation);
    CLEANUP(free_char)
    char *text = arguments.format == FORMAT_JSON ? render_check_json(&evaluation, unit)
                                                 : render_check(&evaluation, unit);
    if (!cli_print(text))
        return CHECK_FAILED;
    return evaluation.count ? CHECK_REFUSES : 0;
}
