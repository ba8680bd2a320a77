// SPDX-License-Identifier: LGPL-2.1-or-later
/* cinch elf: can this be chrooted, and what would have to come along? */
#include "cli/cli.h"
#include <cinch/elf.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* The shape of the JSON is told in docs/cinch.1; what is there stays, more may come. */
#define ELF_OUTPUT_VERSION 1

/* The exit statuses of the command besides EXIT_USAGE; the first that applies wins. */
enum { ELF_EXIT_UNREADABLE = 3, ELF_EXIT_NOT_STATIC = 1, ELF_EXIT_STATIC = 0 };

/* What one FILE came to. `error` is set when it could not be read. */
struct elf_answer {
    const char *file;
    struct elf_closure closure;
    struct err error;
};

static int answer_exit(const struct elf_answer *answer)
{
    if (answer->error.text || answer->closure.verdict == ELF_NOT_A_PROGRAM)
        return ELF_EXIT_UNREADABLE;
    return answer->closure.verdict == ELF_STATIC ? ELF_EXIT_STATIC : ELF_EXIT_NOT_STATIC;
}

static bool answer_is_script(const struct elf_answer *answer)
{
    return strcmp(answer->closure.program.format, "script") == 0;
}

static void answer_done(struct elf_answer *answer)
{
    elf_closure_done(&answer->closure);
    err_done(&answer->error);
}

/* ---- text ------------------------------------------------------------------------------------ */

static void text_member(struct str *out, const struct elf_member *member)
{
    static const char *const labels[ELF_HOW_COUNT] = {
        [ELF_SELF] = "",
        [ELF_INTERPRETER] = "loader",
        [ELF_SCRIPT_INTERPRETER] = "#! runs",
        [ELF_SCRIPT_PROGRAM] = "env runs",
        [ELF_NEEDED] = "library",
    };
    CLEANUP(free_char) char *name = text_encode_string(member->name);
    CLEANUP(free_char) char *path = member->path ? text_encode_string(member->path) : NULL;
    CLEANUP(free_char) char *asker = text_encode_string(member->needed_by);

    if (member->how == ELF_SELF)
        return;
    str_addf(out, "  %-8s  %s", path ? labels[member->how] : "MISSING", name);
    if (path && strcmp(path, name) != 0)
        str_addf(out, " => %s (%s)", path, member->via);
    if (!path && *asker)
        str_addf(out, ", needed by %s", asker);
    if (*member->note)
        str_addf(out, " [%s]", member->note);
    str_add_char(out, '\n');
}

static size_t text_libraries(const struct elf_closure *closure)
{
    size_t count = 0;

    for (size_t i = 0; i < closure->count; i++)
        count += closure->members[i].how == ELF_NEEDED;
    return count;
}

/* The answer to "can this be chrooted with RootDirectory= holding only the binary?" */
static void text_verdict(struct str *out, const struct elf_answer *answer)
{
    const struct elf_closure *closure = &answer->closure;
    size_t others = closure->count - 1;
    size_t libraries = text_libraries(closure);
    const char *plural = others == 1 ? "" : "s";

    str_add(out, "  RootDirectory= holding only this file: ");
    if (closure->missing)
        str_addf(out, "no; %zu of the files it needs %s missing already here.\n", closure->missing,
                 closure->missing == 1 ? "is" : "are");
    else if (closure->verdict == ELF_DYNAMIC)
        str_addf(out, "no; %zu more file%s would have to be there, %zu of them libraries.\n",
                 others, plural, libraries);
    else if (answer_is_script(answer))
        str_addf(out, "no, but with %zu more static file%s: what its #! line names.\n", others,
                 plural);
    else
        str_add(out, "yes; it starts without any other file.\n");
}

static void text_answer(struct str *out, const struct elf_answer *answer)
{
    const struct elf_closure *closure = &answer->closure;
    CLEANUP(free_char) char *file = text_encode_string(answer->file);
    const char *kind = "script";

    if (answer_exit(answer) == ELF_EXIT_UNREADABLE)
        return;
    if (!answer_is_script(answer))
        kind = *closure->program.arch ? closure->program.arch : "unknown architecture";
    str_addf(out, "%s: %s (%s)\n", file, elf_verdict_name(closure->verdict), kind);
    for (size_t i = 0; i < closure->count; i++)
        text_member(out, &closure->members[i]);
    for (size_t i = 0; i < closure->notes.count; i++)
        str_addf(out, "  note      %s\n", closure->notes.items[i]);
    text_verdict(out, answer);
}

/* Files that give no answer are told of on standard error, whatever the format. */
static void say_problem(const struct elf_answer *answer)
{
    CLEANUP(free_char) char *file = text_encode_string(answer->file);

    if (answer->error.text) {
        cli_say(answer->error.text);
    } else if (answer->closure.verdict == ELF_NOT_A_PROGRAM) {
        CLEANUP(free_char)
        char *line = mem_printf("%s is not a program: it is %s", file, answer->closure.reason);
        cli_say(line);
    }
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void json_text(cJSON *object, const char *key, const char *text)
{
    cJSON_AddItemToObject(object, key, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

/* A name, which may be any bytes. */
static void json_name(cJSON *object, const char *key, const char *name)
{
    CLEANUP(free_char) char *encoded = name ? text_encode_string(name) : NULL;

    json_text(object, key, encoded);
}

static cJSON *json_member(const struct elf_member *member)
{
    cJSON *object = cJSON_CreateObject();

    json_text(object, "how", elf_how_name(member->how));
    json_name(object, "name", member->name);
    json_name(object, "path", member->path);
    json_text(object, "via", member->via);
    json_name(object, "needed_by", member->needed_by);
    json_text(object, "note", member->note);
    return object;
}

static void json_closure(cJSON *object, const struct elf_closure *closure)
{
    const struct program_fact *program = &closure->program;

    json_text(object, "format", program->format);
    json_text(object, "arch", program->arch);
    json_name(object, "interpreter", program->interpreter);
    json_name(object, "run_path", program->run_path);
    cJSON_AddBoolToObject(object, "exec_stack", program->exec_stack);
    cJSON_AddBoolToObject(object, "text_relocations", program->text_rel);
    cJSON_AddNumberToObject(object, "missing", (double)closure->missing);
    cJSON *members = cJSON_AddArrayToObject(object, "members");
    for (size_t i = 0; i < closure->count; i++)
        cJSON_AddItemToArray(members, json_member(&closure->members[i]));
    cJSON *notes = cJSON_AddArrayToObject(object, "notes");
    for (size_t i = 0; i < closure->notes.count; i++)
        cJSON_AddItemToArray(notes, cJSON_CreateString(closure->notes.items[i]));
}

static cJSON *json_answer(const struct elf_answer *answer)
{
    const struct elf_closure *closure = &answer->closure;
    cJSON *object = cJSON_CreateObject();

    json_name(object, "file", answer->file);
    if (answer->error.text) {
        json_text(object, "verdict", "unreadable");
        json_text(object, "error", answer->error.text);
        return object;
    }
    json_text(object, "verdict", elf_verdict_name(closure->verdict));
    json_text(object, "error", *closure->reason ? closure->reason : NULL);
    json_closure(object, closure);
    return object;
}

/* ---- the command ----------------------------------------------------------------------------- */

/* Asks about one file after the other; returns the exit status that wins. */
static int answer_files(char *const *files, struct str *text, cJSON *json)
{
    bool seen[ELF_EXIT_UNREADABLE + 1] = { false };

    for (; *files; files++) {
        struct elf_answer answer = { .file = *files };
        if (elf_closure(*files, &answer.closure, &answer.error) < 0)
            err_set(&answer.error, EIO, "cannot read a FILE");
        say_problem(&answer);
        if (json)
            cJSON_AddItemToArray(json, json_answer(&answer));
        else
            text_answer(text, &answer);
        seen[answer_exit(&answer)] = true;
        answer_done(&answer);
    }
    if (seen[ELF_EXIT_UNREADABLE])
        return ELF_EXIT_UNREADABLE;
    return seen[ELF_EXIT_NOT_STATIC] ? ELF_EXIT_NOT_STATIC : ELF_EXIT_STATIC;
}

static int answer_json(char *const *files)
{
    cJSON *top = cJSON_CreateObject();

    json_text(top, "format", "cinch-elf");
    cJSON_AddNumberToObject(top, "version", ELF_OUTPUT_VERSION);
    int status = answer_files(files, NULL, cJSON_AddArrayToObject(top, "files"));
    char *printed = cJSON_Print(top);
    cJSON_Delete(top);
    bool whole = printed && cli_print(printed) && cli_print("\n");
    free(printed);
    return whole ? status : ELF_EXIT_UNREADABLE;
}

static int answer_text(char *const *files)
{
    CLEANUP(str_done) struct str text = { 0 };
    int status = answer_files(files, &text, NULL);

    return cli_print(text.data ? text.data : "") ? status : ELF_EXIT_UNREADABLE;
}

int cmd_elf(int argc, char **argv)
{
    static const struct option options[] = {
        { "format", required_argument, NULL, 'f' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    const char *format = "text";
    int option;

    /* As the usage has it FILE... may stand before --format: getopt_long moves options forward. */
    while ((option = cli_option(argc, argv, ":h", options)) != -1) {
        switch (option) {
        case 'f':
            format = optarg;
            break;
        case 'h':
            return cli_print(help_text("elf")) ? 0 : 1;
        default:
            return cli_usage("elf");
        }
    }
    bool is_json = strcmp(format, "json") == 0;
    if (optind >= argc || (!is_json && strcmp(format, "text") != 0))
        return cli_usage("elf");
    return is_json ? answer_json(argv + optind) : answer_text(argv + optind);
}
