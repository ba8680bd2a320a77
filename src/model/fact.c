// SPDX-License-Identifier: LGPL-2.1-or-later
#include "model/fact.h"
#include "model/key.h"
#include "model/wildcard.h"
#include <cinch/base/limits.h>
#include <errno.h>
#include <string.h>

static void key_syscall(struct str *key, const struct fact *fact)
{
    key_text(key, fact->syscall.arch);
    key_text(key, fact->syscall.name);
    key_number(key, fact->syscall.name ? 0 : (int64_t)fact->syscall.number);
}

static void key_path(struct str *key, const struct fact *fact)
{
    key_text(key, fact->path.path);
    key_text(key, fact->path.requested);
    key_number(key, fact->path.use);
}

static void key_move(struct str *key, const struct fact *fact)
{
    key_text(key, fact->move.from);
    key_text(key, fact->move.to);
}

static void key_socket(struct str *key, const struct fact *fact)
{
    key_number(key, fact->socket.family);
    key_number(key, fact->socket.type);
    key_number(key, fact->socket.protocol);
    key_number(key, fact->socket.origin);
}

static void key_address(struct str *key, const struct fact *fact)
{
    key_number(key, fact->address.family);
    key_text(key, fact->address.host);
    key_number(key, fact->address.port);
    key_number(key, fact->address.use);
    key_number(key, fact->address.type);
    key_number(key, fact->address.protocol);
}

static void key_name(struct str *key, const struct fact *fact)
{
    key_text(key, fact->name.name);
    key_text(key, fact->name.host);
}

static void key_argument(struct str *key, const struct fact *fact)
{
    key_text(key, fact->argument.topic);
    key_text(key, fact->argument.value);
    key_text(key, fact->argument.call);
}

static void key_program(struct str *key, const struct fact *fact)
{
    const struct program_fact *program = &fact->program;

    key_text(key, program->path);
    key_text(key, program->format);
    key_text(key, program->arch);
    key_text(key, program->interpreter);
    key_text(key, program->script_option);
    key_text(key, program->run_path);
    key_number(key, program->is_static | program->exec_stack << 1 | program->text_rel << 2 |
                        program->file_caps << 3);
    key_number(key, program->mode);
    key_number(key, program->uid);
    key_number(key, program->gid);
    key_strings(key, &program->needed);
}

static void key_blind_spot(struct str *key, const struct fact *fact)
{
    key_text(key, fact->blind_spot.topic);
    key_text(key, fact->blind_spot.detail);
}

static void key_capability(struct str *key, const struct fact *fact)
{
    key_text(key, fact->capability.name);
    key_text(key, fact->capability.call);
    key_number(key, fact->capability.basis);
}

static void (*const key_writers[FACT_KIND_COUNT])(struct str *, const struct fact *) = {
    [FACT_SYSCALL] = key_syscall,
    [FACT_PATH] = key_path,
    [FACT_MOVE] = key_move,
    [FACT_SOCKET] = key_socket,
    [FACT_ADDRESS] = key_address,
    [FACT_NAME] = key_name,
    [FACT_ARGUMENT] = key_argument,
    [FACT_PROGRAM] = key_program,
    [FACT_BLIND_SPOT] = key_blind_spot,
    [FACT_CAPABILITY] = key_capability,
};

void fact_key(struct str *key, const struct fact *fact)
{
    str_add_char(key, (char)fact->kind);
    key_writers[fact->kind](key, fact);
    key_number(key, fact->outcome);
}

/* The owned texts of a fact, by kind. */
static size_t fact_texts(struct fact *fact, char **texts[8])
{
    size_t count = 0;

    switch (fact->kind) {
    case FACT_SYSCALL:
        texts[count++] = &fact->syscall.arch;
        texts[count++] = &fact->syscall.name;
        break;
    case FACT_PATH:
        texts[count++] = &fact->path.path;
        texts[count++] = &fact->path.requested;
        break;
    case FACT_MOVE:
        texts[count++] = &fact->move.from;
        texts[count++] = &fact->move.to;
        break;
    case FACT_ADDRESS:
        texts[count++] = &fact->address.host;
        break;
    case FACT_NAME:
        texts[count++] = &fact->name.name;
        texts[count++] = &fact->name.host;
        break;
    case FACT_ARGUMENT:
        texts[count++] = &fact->argument.call;
        texts[count++] = &fact->argument.topic;
        texts[count++] = &fact->argument.value;
        break;
    case FACT_PROGRAM:
        texts[count++] = &fact->program.path;
        texts[count++] = &fact->program.interpreter;
        texts[count++] = &fact->program.script_option;
        texts[count++] = &fact->program.format;
        texts[count++] = &fact->program.arch;
        texts[count++] = &fact->program.run_path;
        break;
    case FACT_BLIND_SPOT:
        texts[count++] = &fact->blind_spot.topic;
        texts[count++] = &fact->blind_spot.detail;
        break;
    case FACT_CAPABILITY:
        texts[count++] = &fact->capability.name;
        texts[count++] = &fact->capability.call;
        break;
    case FACT_SOCKET:
    case FACT_KIND_COUNT:
        break;
    }
    return count;
}

void fact_copy(struct fact *to, const struct fact *from)
{
    char **texts[8];

    *to = *from;
    to->evidence = (struct evidence){ 0 };
    size_t count = fact_texts(to, texts);
    for (size_t i = 0; i < count; i++) {
        bool nullable = from->kind == FACT_SYSCALL;
        *texts[i] = *texts[i] || nullable ? mem_strdup(*texts[i]) : mem_strdup("");
    }
    if (from->kind == FACT_PROGRAM)
        strings_copy(&to->program.needed, &from->program.needed);
    if (from->kind == FACT_SYSCALL && from->syscall.name)
        to->syscall.number = 0;
    if (from->kind == FACT_NAME && from->name.ttl_s < 0)
        to->name.ttl_s = -1;
}

void fact_join(struct fact *into, const struct fact *from)
{
    if (into->kind == FACT_NAME && into->name.ttl_s < from->name.ttl_s)
        into->name.ttl_s = from->name.ttl_s;
}

void fact_done(struct fact *fact)
{
    char **texts[8];
    size_t count = fact_texts(fact, texts);

    for (size_t i = 0; i < count; i++)
        free(*texts[i]);
    if (fact->kind == FACT_PROGRAM)
        strings_done(&fact->program.needed);
    evidence_done(&fact->evidence);
}

size_t fact_paths(struct fact *fact, char **paths[FACT_PATHS])
{
    size_t count = 0;

    switch (fact->kind) {
    case FACT_PATH:
        paths[count++] = &fact->path.path;
        paths[count++] = &fact->path.requested;
        break;
    case FACT_MOVE:
        paths[count++] = &fact->move.from;
        paths[count++] = &fact->move.to;
        break;
    case FACT_ADDRESS: /* of an AF_UNIX socket */
        paths[count++] = &fact->address.host;
        break;
    case FACT_BLIND_SPOT:
        paths[count++] = &fact->blind_spot.detail;
        break;
    case FACT_PROGRAM:
        paths[count++] = &fact->program.path;
        break;
    case FACT_SYSCALL:
    case FACT_SOCKET:
    case FACT_NAME:
    case FACT_ARGUMENT:
    case FACT_CAPABILITY:
    case FACT_KIND_COUNT:
        break;
    }
    return count;
}

bool fact_kind_collapses(enum fact_kind kind)
{
    return kind == FACT_PATH || kind == FACT_MOVE || kind == FACT_ADDRESS ||
           kind == FACT_BLIND_SPOT || kind == FACT_PROGRAM;
}

bool fact_is_missing(const struct fact *fact)
{
    return fact->kind == FACT_PATH && (fact->outcome == ENOENT || fact->outcome == ENOTDIR ||
                                       fact->outcome == ENAMETOOLONG || fact->outcome == ELOOP);
}

int fact_outcome(const struct fact *fact)
{
    return fact->outcome > 0 && !errno_name(fact->outcome) ? LIMIT_ERRNO : fact->outcome;
}

size_t fact_needed_bytes(const struct fact *fact)
{
    size_t bytes = 0;

    for (size_t i = 0; fact->kind == FACT_PROGRAM && i < fact->program.needed.count; i++)
        bytes += strlen(fact->program.needed.items[i]);
    return bytes;
}
