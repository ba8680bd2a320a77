/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cases for the file system's rows as text. A line of a profile is one of
 *     mkdir NAME, chown NAME, open NAME, access NAME   "create", else "write" by that call
 *     chdir NAME, readlink NAME   "stat" by that call
 *     USE NAME [-> PATH] [ERRNO] [foreign] [reload|again]   a path fact; again: twice while serving
 *     user UID   of the run
 *     dir PATH ENTRIES UNUSED | file PATH | link PATH TARGET | socket PATH | gone PATH   the census
 *     mode PATH MODE [OWNER]   a directory of that mode and owner, not counted
 *     closed PATH [OWNER]   a file of mode 0600 | key PATH   it is a private key
 *     as VALUE   the service ran with the credentials "uid VALUE"
 *     argument TOPIC VALUE
 *     elf PATH | script PATH   the format of a program
 *     move FROM TO    a rename from one directory into another
 *     env VARIABLE | arg WORD | blind TOPIC [DETAIL] (a colon is a blank) | loads PROGRAM FILES...
 * (what its loader takes) and the answer is the emitted directives of the file system, one value a
 * line.
 */
#ifndef CINCH_TESTS_FILESYSTEM_CASE_H
#define CINCH_TESTS_FILESYSTEM_CASE_H

#include "build.h"
#include "unit.h"
#include <stdio.h>
#include <string.h>

struct words {
    char *items[8];
    size_t count;
};

static inline struct words case_words(char *line)
{
    struct words words = { 0 };
    char *state = NULL;

    for (char *word = strtok_r(line, " ", &state); word && words.count < ELEMENTS_OF(words.items);
         word = strtok_r(NULL, " ", &state))
        words.items[words.count++] = word;
    return words;
}

static inline void case_fact(struct profile *profile, const struct words *words, int use)
{
    struct fact fact = {
        .kind = FACT_PATH,
        .path = { .use = (enum path_use)use, .path = words->items[1], .requested = words->items[1] }
    };
    struct sighting sighting = {
        .run = "r1",
        .count = 1,
        .program = BUILD_PROGRAM,
        .call = path_use_find(words->items[0]) < 0 ? words->items[0] : "call",
    };

    for (size_t i = 2; i < words->count; i++) {
        if (strcmp(words->items[i], "->") == 0)
            fact.path.path = words->items[++i];
        else if (strcmp(words->items[i], "foreign") == 0)
            sighting.foreign = true;
        else if (strcmp(words->items[i], "reload") == 0)
            sighting.phase = PHASE_RELOAD;
        else if (strcmp(words->items[i], "again") == 0) {
            sighting.phase = PHASE_SERVE;
            sighting.count = 2;
            sighting.call = "openat";
        } else
            fact.outcome = errno_find(words->items[i]);
        assert_true(fact.outcome >= 0);
    }
    profile_record(profile, &fact, &sighting);
}

static inline void case_file(struct profile *profile, const struct words *words)
{
    if (strcmp(words->items[0], "key") == 0) {
        profile_add_setting(profile, "private-key", words->items[1]);
        return;
    }
    static const struct {
        const char *word;
        enum file_type type;
    } types[] = { { "dir", FILE_DIRECTORY },  { "mode", FILE_DIRECTORY }, { "file", FILE_REGULAR },
                  { "closed", FILE_REGULAR }, { "link", FILE_SYMLINK },   { "socket", FILE_SOCKET },
                  { "gone", FILE_MISSING } };
    struct host_file file = {
        .path = words->items[1], .mode = 0755, .target = build_text(""), .entries = -1, .unused = -1
    };
    bool known = false;

    for (size_t i = 0; i < ELEMENTS_OF(types); i++)
        if (strcmp(words->items[0], types[i].word) == 0) {
            file.type = types[i].type;
            known = true;
        }
    assert_true(known);
    if (strcmp(words->items[0], "mode") == 0) {
        file.mode = (unsigned)strtoul(words->items[2], NULL, 8);
        file.uid = words->count > 3 ? (unsigned)atoi(words->items[3]) : 0;
        profile_add_file(profile, &file);
        return;
    }
    if (strcmp(words->items[0], "closed") == 0) {
        file.mode = 0600;
        file.uid = words->count > 2 ? (unsigned)atoi(words->items[2]) : 0;
    }
    if (file.type == FILE_SYMLINK)
        file.target = words->items[2];
    if (file.type == FILE_DIRECTORY && words->count > 3) {
        file.entries = atoll(words->items[2]);
        file.unused = atoll(words->items[3]);
    }
    profile_add_file(profile, &file);
}

static inline void case_setting(struct profile *profile, const struct words *words)
{
    char *name = mem_printf("program %s", words->items[1]);
    struct str value = { 0 };

    for (size_t i = 2; i < words->count; i++)
        str_addf(&value, "%s%s", i > 2 ? " " : "", words->items[i]);
    profile_add_setting(profile, name, value.data);
    str_done(&value);
    free(name);
}

static inline void case_line(struct profile *profile, struct run *run, char *line)
{
    struct words words = case_words(line);
    int use = words.count ? path_use_find(words.items[0]) : -1;
    struct fact blind = { .kind = FACT_BLIND_SPOT, .blind_spot = { .detail = build_text("test") } };

    if (!words.count)
        return;
    if (strcmp(words.items[0], "user") == 0) {
        run->uid = (unsigned)atoi(words.items[1]);
        return;
    }
    if (strcmp(words.items[0], "mkdir") == 0)
        use = PATH_CREATE;
    if (strcmp(words.items[0], "chdir") == 0 || strcmp(words.items[0], "readlink") == 0)
        use = PATH_STAT;
    if (strcmp(words.items[0], "access") == 0 || strcmp(words.items[0], "chown") == 0 ||
        strcmp(words.items[0], "open") == 0)
        use = PATH_WRITE;
    /* "link" is both a use and a kind of file: facts of it are written "follow". */
    if (strcmp(words.items[0], "follow") == 0)
        case_fact(profile, &words, PATH_LINK);
    else if (use >= 0 && use != PATH_LINK)
        case_fact(profile, &words, use);
    else if (strcmp(words.items[0], "as") == 0) {
        CLEANUP(free_char) char *value = mem_printf("uid %s", words.items[1]);
        build_argument(profile, "setuid", "credentials", value, 0);
    } else if (strcmp(words.items[0], "argument") == 0)
        build_argument(profile, "call", words.items[1], words.items[2], 0);
    else if (strcmp(words.items[0], "elf") == 0 || strcmp(words.items[0], "script") == 0) {
        struct program_fact program = { .path = words.items[1], .format = words.items[0] };
        build_program(profile, &program);
    } else if (strcmp(words.items[0], "move") == 0) {
        struct fact move = { .kind = FACT_MOVE, .move = { words.items[1], words.items[2] } };
        build_see(profile, &move, "rename");
    } else if (strcmp(words.items[0], "loads") == 0)
        case_setting(profile, &words);
    else if (strcmp(words.items[0], "env") == 0)
        strings_add(&run->environment, words.items[1]);
    else if (strcmp(words.items[0], "arg") == 0)
        strings_add(&run->command, words.items[1]);
    else if (strcmp(words.items[0], "blind") == 0) {
        blind.blind_spot.topic = words.items[1];
        if (words.count > 2) {
            blind.blind_spot.detail = words.items[2];
            if (strchr(words.items[2], ':'))
                *strchr(words.items[2], ':') = ' ';
        }
        build_see(profile, &blind, "");
    } else
        case_file(profile, &words);
}

static inline struct profile *case_profile(const char *text)
{
    struct profile *profile = build_profile();
    struct run run = { .id = build_text("r1"), .complete = true };
    char *copy = mem_strdup(text);
    char *state = NULL;

    strings_add(&run.command, "served");
    for (char *line = strtok_r(copy, "\n", &state); line; line = strtok_r(NULL, "\n", &state))
        case_line(profile, &run, line);
    profile_add_run(profile, &run);
    strings_done(&run.command);
    strings_done(&run.environment);
    free(copy);
    return profile;
}

static inline void case_print_value(struct str *text, const struct verdict *verdict,
                                    const struct value *value)
{
    str_addf(text, "%s=%s%s%s", verdict->name, value->optional ? "-" : "",
             value->in_root ? "+" : "", value->text);
    if (value->destination)
        str_addf(text, ":%s", value->destination);
    if (value->options)
        str_addf(text, ":%s", value->options);
    str_add(text, "\n");
}

static inline bool case_is_view(const struct suggestion *suggestion)
{
    return suggestion_find(suggestion, "BindReadOnlyPaths")->emitted &&
           (suggestion_find(suggestion, "TemporaryFileSystem")->emitted ||
            suggestion_find(suggestion, "RootDirectory")->emitted);
}

/* `code`: with the rows of what may be executed, which follow from most others; `hidden`: with what
 * is hidden, which is much; `homes`: with the ProtectHome= of a view, which most have. */
static inline char *case_answer(const struct suggestion *suggestion, bool code, bool hidden,
                                bool homes)
{
    static const char *const rows[] = {
        "RootDirectory",
        "MountAPIVFS",
        "TemporaryFileSystem",
        "BindReadOnlyPaths",
        "BindPaths",
        "StateDirectory",
        "StateDirectoryMode",
        "CacheDirectory",
        "LogsDirectory",
        "LogsDirectoryMode",
        "RuntimeDirectory",
        "RuntimeDirectoryMode",
        "RuntimeDirectoryPreserve",
        "ConfigurationDirectory",
        "InaccessiblePaths",
        "ProtectSystem",
        "ReadWritePaths",
        "ReadOnlyPaths",
        "NoExecPaths",
        "ExecPaths",
        "PrivateTmp",
        "PrivateDevices",
        "ProtectHome",
        "ProtectProc",
        "ProcSubset",
        "ProtectKernelTunables",
        "ProtectControlGroups",
    };
    struct str text = { 0 };

    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        const struct verdict *verdict = suggestion_find(suggestion, rows[i]);
        assert_non_null(verdict);
        assert_non_null(verdict->why);
        if (!verdict->emitted || (!code && strstr(rows[i], "ExecPaths")) ||
            (!hidden && strcmp(rows[i], "InaccessiblePaths") == 0) ||
            (!homes && strcmp(rows[i], "ProtectHome") == 0 && case_is_view(suggestion)))
            continue;
        if (!verdict->count)
            str_addf(&text, "%s=\n", verdict->name);
        for (size_t value = 0; value < verdict->count; value++) {
            assert_non_null(verdict->values[value].why);
            case_print_value(&text, verdict, &verdict->values[value]);
        }
    }
    return str_steal(&text);
}

struct filesystem_case {
    const char *profile;
    const char *unit; /* text of a unit file, or NULL */
    const char *unit_name;
    enum filesystem_form form;
    bool given;
    bool code;    /* case_answer() */
    bool unknown; /* the unit may have more than that */
    enum fit fit;
    int version; /* 0: 252 */
    const char *expected;
};

/* Runs a case; the profile must outlive `ret`. */
static inline void case_suggest(const struct filesystem_case *example,
                                const struct profile *profile, struct unit *unit,
                                struct suggestion *ret)
{
    struct suggest_options options = { .target = { .version =
                                                       example->version ? example->version : 252 },
                                       .fit = example->fit ? example->fit : FIT_SNUG,
                                       .filesystem = example->form,
                                       .filesystem_given = example->given,
                                       .nothing_else = !example->unknown };
    struct err err = { 0 };

    if (example->unit) {
        unit->name = mem_strdup(example->unit_name ? example->unit_name : "t.service");
        assert_int_equal(unit_parse(unit, example->unit, strlen(example->unit), "t", &err), 0);
        options.unit = unit;
    }
    suggest(profile, &options, ret);
}

static inline void case_check(const struct filesystem_case *example)
{
    CLEANUP(profile_freep) struct profile *profile = case_profile(example->profile);
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    CLEANUP(unit_done) struct unit unit = { 0 };

    case_suggest(example, profile, &unit, &suggestion);
    CLEANUP(free_char)
    char *answer =
        case_answer(&suggestion, example->code, strstr(example->expected, "InaccessiblePaths"),
                    strstr(example->expected, "ProtectHome"));
    assert_string_equal(answer, example->expected);
}

#endif
