// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/suggest_arguments.h"
#include <cinch/manager.h>
#include <cinch/store.h>
#include <errno.h>
#include <getopt.h>
#include <string.h>

/* ---- the command line ------------------------------------------------------------------------ */

/* The number of `word` in a list of words that ends with NULL; -EINVAL with `err` otherwise. */
static int choice_find(const char *option, const char *const *words, const char *word,
                       struct err *err)
{
    struct str known = { 0 };

    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], word) == 0) {
            str_done(&known);
            return i;
        }
        str_addf(&known, "%s%s", i ? ", " : "", words[i]);
    }
    CLEANUP(free_char) char *shown = text_encode_string(word);
    err_set(err, EINVAL, "%s %s: it has to be one of %s", option, shown, known.data);
    str_done(&known);
    return -EINVAL;
}

/* A version as systemctl --version says it: digits only. 0 or -EINVAL with `err`. */
static int version_parse(const char *text, const char *source, int *ret, struct err *err)
{
    size_t digits = strspn(text, "0123456789");
    CLEANUP(free_char) char *shown = text_encode_string(text);

    if (!digits || digits > 4 || text[digits])
        return err_set(err, EINVAL, "%s %s: it has to be a number such as 252", source, shown);
    int version = (int)strtol(text, NULL, 10);
    if (version < TARGET_OLDEST)
        return err_set(err, EINVAL,
                       "%s %s: systemd before %d lacks what a sandbox needs; %d is the oldest that "
                       "can be written for",
                       source, shown, TARGET_OLDEST, TARGET_OLDEST);
    *ret = version;
    return 0;
}

/* An option that takes one of some words: the word's number plus `first` becomes its value. */
struct choice {
    int option;
    const char *name;
    const char *words[5];
    int first;
};

static const struct choice choices[] = {
    { 'f', "--format", { "dropin", "unit", "run-args", "json" }, FORMAT_DROPIN },
    { 's', "--filesystem", { "view", "strict", "root" }, FILESYSTEM_VIEW },
    { 'p', "--peers", { "observed", "local", "any" }, PEERS_OBSERVED },
    { 'M', "--manager", { "system", "user" }, 0 },
    { 'F', "--fit", { "snug", "exact", "loose" }, FIT_SNUG },
    { 'c', "--companions", { "none", "likely", "all" }, COMPANIONS_NONE },
    { 'g', "--groups", { "no", "yes" }, GROUPS_NO },
    { 'm', "--modules", { "imported", "all" }, MODULES_IMPORTED },
    { 'K', "--comments", { "short", "full", "none" }, COMMENTS_SHORT },
    { 'B', "--bpf-framework", { "no", "yes" }, BPF_NO },
};

static void set_choice(struct suggest_arguments *arguments, int option, int value)
{
    struct suggest_options *options = &arguments->options;

    switch (option) {
    case 'f':
        arguments->format = (enum suggest_format)value;
        arguments->format_given = true;
        break;
    case 's':
        options->filesystem = (enum filesystem_form)value;
        options->filesystem_given = true;
        break;
    case 'p':
        options->peers = (enum peer_policy)value;
        break;
    case 'M':
        options->target.user_manager = value == 1;
        arguments->manager_given = true;
        break;
    case 'F':
        options->fit = (enum fit)value;
        break;
    case 'c':
        options->knobs.companions = (enum companions)value;
        break;
    case 'g':
        options->knobs.groups = (enum group_use)value;
        break;
    case 'm':
        options->knobs.modules = (enum module_use)value;
        break;
    case 'K':
        arguments->comments = (enum comment_form)value;
        break;
    case 'B':
        options->knobs.bpf = (enum bpf_use)value;
        break;
    }
}

/* 1 when the option is no choice. */
static int parse_choice(struct suggest_arguments *arguments, int option, struct err *err)
{
    for (size_t i = 0; i < ELEMENTS_OF(choices); i++) {
        const struct choice *choice = &choices[i];
        if (choice->option != option)
            continue;
        int found = choice_find(choice->name, choice->words, optarg, err);
        if (found < 0)
            return found;
        set_choice(arguments, option, choice->first + found);
        return 0;
    }
    return 1;
}

/* A number of things, not absurdly many. */
static int parse_count(const char *option, unsigned least, unsigned *ret, bool *ret_given,
                       struct err *err)
{
    size_t digits = strspn(optarg, "0123456789");
    CLEANUP(free_char) char *shown = text_encode_string(optarg);
    unsigned long value = strtoul(optarg, NULL, 10);

    if (!digits || digits > 6 || optarg[digits] || value < least)
        return err_set(err, EINVAL, "%s %s: it has to be a number from %u to 999999", option, shown,
                       least);
    *ret = (unsigned)value;
    *ret_given = true;
    return 0;
}

static void add_operand(struct suggest_arguments *arguments, char *operand)
{
    mem_reserve(&arguments->operands, &arguments->capacity, arguments->count + 1, sizeof(char *));
    arguments->operands[arguments->count++] = operand;
}

static int parse_option(struct suggest_arguments *arguments, int option, struct err *err)
{
    struct knobs *knobs = &arguments->options.knobs;
    int result;

    switch (option) {
    case 1: /* not an option: getopt's "-" mode keeps the order, whatever POSIXLY_CORRECT says */
        add_operand(arguments, optarg);
        return 0;
    case 'u':
        arguments->unit = optarg;
        return 0;
    case 'R':
        arguments->root = optarg;
        return 0;
    case 'o':
        arguments->output = optarg;
        return 0;
    case 'v':
        return version_parse(optarg, "--systemd-version", &arguments->options.target.version, err);
    case 'G':
        return parse_count("--group-calls", 0, &knobs->group_calls, &knobs->group_calls_given, err);
    case 'P':
        return parse_count("--view-entries", 1, &knobs->view_entries, &knobs->view_entries_given,
                           err);
    case 'N':
        return parse_count("--peer-entries", 1, &knobs->peer_entries, &knobs->peer_entries_given,
                           err);
    case 'W':
        strings_add(&arguments->without, optarg);
        return 0;
    case 'O':
        strings_add(&arguments->only, optarg);
        return 0;
    case 'C':
        arguments->options.complain = true;
        return 0;
    case 'T':
        arguments->portable = true;
        return 0;
    case 'A':
        arguments->allow_failed = true;
        return 0;
    case 'h':
        arguments->help = true;
        return 0;
    default:
        result = parse_choice(arguments, option, err);
        return result > 0 ? -EINVAL : result;
    }
}

int suggest_arguments_parse(struct suggest_arguments *arguments, int argc, char **argv,
                            struct err *err)
{
    static const struct option options[] = {
        { "output", required_argument, NULL, 'o' },
        { "unit", required_argument, NULL, 'u' },
        { "root", required_argument, NULL, 'R' },
        { "systemd-version", required_argument, NULL, 'v' },
        { "format", required_argument, NULL, 'f' },
        { "filesystem", required_argument, NULL, 's' },
        { "peers", required_argument, NULL, 'p' },
        { "manager", required_argument, NULL, 'M' },
        { "complain", no_argument, NULL, 'C' },
        { "fit", required_argument, NULL, 'F' },
        { "companions", required_argument, NULL, 'c' },
        { "groups", required_argument, NULL, 'g' },
        { "group-calls", required_argument, NULL, 'G' },
        { "view-entries", required_argument, NULL, 'P' },
        { "peer-entries", required_argument, NULL, 'N' },
        { "modules", required_argument, NULL, 'm' },
        { "bpf-framework", required_argument, NULL, 'B' },
        { "without", required_argument, NULL, 'W' },
        { "only", required_argument, NULL, 'O' },
        { "comments", required_argument, NULL, 'K' },
        { "portable", no_argument, NULL, 'T' },
        { "allow-failed", no_argument, NULL, 'A' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    int option;

    while ((option = cli_option(argc, argv, "-:ho:", options)) != -1) {
        int result = parse_option(arguments, option, err);
        if (result < 0)
            return result;
    }
    while (optind < argc)
        add_operand(arguments, argv[optind++]);
    if (arguments->portable) /* @groups differ from one systemd to another */
        arguments->options.knobs.groups = GROUPS_NO;
    if (!arguments->help && !arguments->count)
        return err_set(err, EINVAL, "no profile given; cinch train makes one");
    return 0;
}

/* ---- what it names --------------------------------------------------------------------------- */

struct profile *suggest_arguments_profile(char *const *paths, size_t count, struct err *err)
{
    struct profile *profile = profile_new();

    for (size_t i = 0; i < count; i++) {
        CLEANUP(profile_freep) struct profile *one = store_load(paths[i], err);
        if (!one) {
            profile_free(profile);
            return NULL;
        }
        cli_warn_of_owner(paths[i]);
        profile_merge(profile, one);
    }
    return profile;
}

static int load_unit(struct suggest_arguments *arguments, struct err *err)
{
    struct suggest_options *options = &arguments->options;

    options->nothing_else =
        arguments->format == FORMAT_RUN_ARGS || arguments->format == FORMAT_UNIT;
    const struct unit_query query = { .name = arguments->unit,
                                      .root = arguments->root,
                                      .user_manager = options->target.user_manager,
                                      .manager_given = arguments->manager_given };

    if (!query.name)
        return 0;
    int result = manager_read_unit(&query, &arguments->unit_read, err);
    if (result < 0)
        return result;
    options->unit = &arguments->unit_read;
    options->target.user_manager |= arguments->unit_read.is_user;
    return 0;
}

/* The version the profiles were made with, unless one was given. This machine is not asked: the
 * same profile says the same everywhere. */
static int settle_target(struct suggest_arguments *arguments, struct err *err)
{
    size_t count;
    const struct host_setting *const *settings = profile_settings(arguments->profile, &count);
    const char *version = NULL;

    if (arguments->options.target.version)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const char *value = settings[i]->value;
        if (strcmp(settings[i]->name, "systemd") != 0)
            continue;
        if (version)
            return err_set(err, EINVAL,
                           "the profiles come from machines with different versions of systemd; "
                           "say which one to write for with --systemd-version N");
        version = value;
    }
    if (!version)
        return err_set(err, EINVAL,
                       "the profile does not know the version of systemd (there was none where it "
                       "was made); give --systemd-version N");
    return version_parse(version, "the profile's systemd", &arguments->options.target.version, err);
}

int suggest_arguments_load(struct suggest_arguments *arguments, size_t profiles, struct err *err)
{
    int result = -EINVAL;

    arguments->profile = suggest_arguments_profile(arguments->operands, profiles, err);
    if (arguments->profile)
        result = load_unit(arguments, err);
    return result < 0 ? result : settle_target(arguments, err);
}

void suggest_arguments_done(struct suggest_arguments *arguments)
{
    free(arguments->operands);
    strings_done(&arguments->without);
    strings_done(&arguments->only);
    profile_free(arguments->profile);
    unit_done(&arguments->unit_read);
    *arguments = (struct suggest_arguments){ 0 };
}
