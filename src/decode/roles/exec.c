// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Programs. What the kernel opens at an exec (the file, #! interpreters, PT_INTERP) no system call
 * shows; it is followed here from the name given to execve(2).
 */
#include "decode/paths/resolve.h"
#include "decode/roles/capability.h"
#include "decode/roles/exec_header.h"
#include "decode/roles/role_kinds.h"
#include "decode/roles/roles.h"
#include "decode/task/decoder.h"
#include "decode/task/record.h"
#include "decode/task/task.h"
#include "decode/task/task_paths.h"
#include <errno.h>
#include <string.h>

/* fs/exec.c: scripts may name scripts this deep; the last is the program. */
#define SCRIPT_DEPTH 5
/* Headers stand within these first bytes of nearly every program; else the file is read again, up
 * to the limit (tools that edit ELF files move the interpreter's name to the end). */
#define HEAD_BYTES       4096
#define HEAD_BYTES_LIMIT (64u << 20)

void exec_begin(struct role_context *context)
{
    /* The witness is who executes; the first program has none before it but the tracer's child. */
    if (context->decoder->is_started && !context->task->process->is_expected)
        task_program(context->decoder, context->task);
    path_begin(context);
}

static ssize_t program_read(struct role_context *context, const char *path, size_t size,
                            struct head *ret, struct stat *ret_stat)
{
    const struct trace_ops *ops = context->decoder->ops;
    char *bytes = mem_new(size, 1);
    ssize_t got = ops->read_file(ops->context, context->task->tid, path, bytes, size, ret_stat);

    if (got >= 0)
        exec_header_parse(bytes, (size_t)got, ret);
    free(bytes);
    return got;
}

/* Reads a program's head, twice when its first part was not enough. 0 or -errno. */
static int program_head(struct role_context *context, const char *path, struct head *ret,
                        struct stat *ret_stat)
{
    ssize_t got = program_read(context, path, HEAD_BYTES, ret, ret_stat);

    /* The program headers may be far away, and the name farther still. */
    for (int i = 0; i < 2 && got >= 0 && ret->wanted && ret->wanted <= HEAD_BYTES_LIMIT; i++) {
        size_t wanted = ret->wanted;
        exec_header_done(ret);
        got = program_read(context, path, wanted, ret, ret_stat);
    }
    return got < 0 ? (int)got : 0;
}

/* execve(2): a tracer without CAP_SYS_PTRACE takes set-id programs their privileges; what they
 * would have done with them is not seen. */
static void program_check_privileges(struct role_context *context,
                                     const struct program_fact *program)
{
    bool privileged = program->mode & (04000 | 02000) || program->file_caps;

    if (program->file_caps)
        capability_record_file(context->decoder, context->task, context->call, program->path);
    if (context->decoder->is_powerless && privileged)
        record_blind_spot(context->decoder, context->task, context->call, "no-privileges",
                          program->path);
}

/* Records the program, with what the full inspection says where there is one. */
static void program_fact_see(struct role_context *context, struct fact *fact)
{
    const struct decoder *decoder = context->decoder;
    const struct trace_ops *ops = decoder->ops;
    const char *root = ops->root ? ops->root(ops->context, context->task->tid) : "";
    struct program_fact inspected = { 0 };

    if (!decoder->inspect || decoder->inspect(root, fact->program.path, &inspected, NULL) < 0) {
        record_fact(context->decoder, context->task, context->call, fact, false);
        program_check_privileges(context, &fact->program);
        return;
    }
    fact->program = inspected;
    program_check_privileges(context, &inspected);
    record_fact(context->decoder, context->task, context->call, fact, false);
    decoder->inspect_done(&inspected);
}

static void program_see(struct role_context *context, const char *path, const struct head *head,
                        const struct stat *st)
{
    static const char *const formats[] = {
        [HEAD_OTHER] = "other", [HEAD_ELF] = "elf", [HEAD_SCRIPT] = "script"
    };
    struct fact fact = {
        .kind = FACT_PROGRAM,
        .program = { .path = (char *)(uintptr_t)path,
                     .interpreter = head->interpreter,
                     .script_option = head->option,
                     .format = (char *)(uintptr_t)formats[head->kind],
                     .mode = st->st_mode & 07777,
                     .uid = st->st_uid,
                     .gid = st->st_gid },
    };

    program_fact_see(context, &fact);
}

static void file_see(struct role_context *context, const struct resolved *file)
{
    path_record_links(context, file);
    path_record(context, PATH_EXECUTE, file);
}

/* One file the kernel loaded. Returns the name of the interpreter it asked for, NULL when none. */
static char *program_follow(struct role_context *context, const struct resolved *file,
                            enum head_kind *ret_kind)
{
    struct head head = { 0 };
    struct stat st = { 0 };
    char *interpreter = NULL;

    *ret_kind = HEAD_OTHER;
    file_see(context, file);
    int r = program_head(context, file->path, &head, &st);
    if (r < 0 || head.wanted) {
        record_blind_spot(context->decoder, context->task, context->call, "uncertain-path",
                          file->path);
    } else {
        program_see(context, file->path, &head, &st);
        *ret_kind = head.kind;
        interpreter = mem_strdup(head.interpreter);
    }
    exec_header_done(&head);
    return interpreter;
}

static struct resolved *interpreter_resolve(struct role_context *context, const char *name)
{
    struct resolved *file = task_paths_resolve(context->decoder, context->task, TRACE_CWD, name, 0);

    if (!file)
        record_blind_spot(context->decoder, context->task, context->call, "uncertain-path", name);
    return file;
}

/* Follows scripts to the program that runs at last; takes `file`. Returns that one. */
static struct resolved *exec_follow(struct role_context *context, struct resolved *file)
{
    enum head_kind kind = HEAD_SCRIPT;

    for (int depth = 0; depth <= SCRIPT_DEPTH && kind == HEAD_SCRIPT; depth++) {
        CLEANUP(free_char) char *interpreter = program_follow(context, file, &kind);
        struct resolved *next = interpreter ? interpreter_resolve(context, interpreter) : NULL;
        if (!next)
            break;
        if (kind == HEAD_SCRIPT) {
            resolve_free(file);
            file = next;
        } else {
            file_see(context, next);
            resolve_free(next);
        }
    }
    return file;
}

/* fexecve(3) of a file without a name. */
static void exec_see_nameless(struct role_context *context)
{
    record_argument(context->decoder, context->task, context->call, "execute", "memfd",
                    context->outcome);
}

static struct resolved *exec_truth(struct role_context *context)
{
    bool deleted;
    struct resolved *file =
        task_paths_descriptor(context->decoder, context->task, TRACE_EXE, &deleted);

    if (file && deleted) {
        resolve_free(file);
        file = NULL;
    }
    return file;
}

/* The exec happened. What the walk found is compared with what runs: they differ for files that
 * binfmt_misc hands to an interpreter, and in a race. */
static void exec_see(struct role_context *context)
{
    struct resolved *given = context->call->paths[context->position];
    struct resolved *last = NULL;

    context->call->paths[context->position] = NULL;
    if (given)
        last = exec_follow(context, given);
    struct resolved *truth = exec_truth(context);
    if (truth && (!last || strcmp(truth->path, last->path) != 0))
        truth = exec_follow(context, truth);
    else if (!truth)
        exec_see_nameless(context);
    resolve_free(truth);
    resolve_free(last);
}

void exec_end(struct role_context *context)
{
    const struct resolved *file = context->call->paths[context->position];

    if (!task_paths_is_shared(context->decoder, context->task, context->call))
        return;
    if (context->outcome == 0)
        exec_see(context);
    else if (file)
        file_see(context, file);
}

/* The exec was seen, its call was not. */
void exec_record_running(struct decoder *decoder, struct task *task)
{
    static const struct argument_role role = { ROLE_EXEC_PATH, PATH_EXECUTE, 0 };
    struct call call = { .name = "execve", .at_ms = decoder->now_ms };
    struct role_context context = {
        .decoder = decoder, .task = task, .call = &call, .argument = &role
    };

    exec_end(&context);
}
