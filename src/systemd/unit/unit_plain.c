// SPDX-License-Identifier: LGPL-2.1-or-later
/* Plain commands: with plain words they do the same on every host, so training need not have run
 * them: "kill -HUP $MAINPID", "rm -f /run/served.pid". An owner is plain as a number and as root:
 * chown and install look up every name (also "65534"), use a number when nothing is found, and find
 * root in /etc/passwd and /etc/group. Another name may come from a library and a socket that only
 * this host has (nsswitch.conf(5)). */
#include "systemd/unit/unit_plain.h"
#include <cinch/base/limits.h>
#include <ctype.h>
#include <limits.h>
#include <string.h>

/* The calls are those of coreutils 9.1 and 9.7 beyond the start of a program (strace). */
static const struct unit_plain plain_programs[] = {
    { .name = "kill", .is_signal = true, .calls = { "kill" }, .capabilities = "" },
    { .name = "rm",
      .options = "frRv",
      .use = PATH_DELETE,
      .calls = { "unlink", "unlinkat", "rmdir", "openat", "newfstatat", "fstat", "fstatfs",
                 "getdents64", "lseek", "fcntl", "ioctl", "faccessat", "faccessat2", "close" },
      .capabilities = "CAP_DAC_OVERRIDE CAP_FOWNER" },
    { .name = "mkdir",
      .options = "pvm:",
      .use = PATH_CREATE,
      .calls = { "mkdir", "mkdirat", "openat", "newfstatat", "fstat", "chdir", "fchdir", "umask",
                 "chmod", "fchmod", "fchmodat", "close" },
      .capabilities = "CAP_DAC_OVERRIDE" },
    { .name = "touch",
      .options = "acm",
      .use = PATH_CREATE,
      .calls = { "openat", "dup2", "dup3", "utimensat", "newfstatat", "close" },
      .capabilities = "CAP_DAC_OVERRIDE CAP_FOWNER" },
    { .name = "chmod",
      .options = "fv",
      .operands = 1,
      .use = PATH_WRITE,
      .calls = { "umask", "newfstatat", "chmod", "fchmodat", "fchmodat2" },
      .capabilities = "CAP_FOWNER" },
    { .name = "chown",
      .options = "Rcfhv",
      .operands = 1,
      .operand_is_owner = true,
      .use = PATH_WRITE,
      .calls = { "chown", "lchown", "fchown", "fchownat", "openat", "newfstatat", "fstat",
                 "fstatfs", "getdents64", "lseek", "fcntl", "close" },
      .capabilities = "CAP_CHOWN CAP_DAC_OVERRIDE" },
    { .name = "install",
      .options = "dvm:o:g:",
      .needed = 'd',
      .owners = "og",
      .use = PATH_CREATE,
      .calls = { "mkdir", "mkdirat", "openat", "newfstatat", "chdir", "fchdir", "umask", "chmod",
                 "fchmod", "fchmodat", "chown", "lchown", "fchown", "fchownat", "geteuid", "fcntl",
                 "lseek", "close" },
      .capabilities = "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER" },
    { .name = "test",
      .options = "defhLrswxSp",
      .use = PATH_STAT,
      .calls = { "newfstatat", "faccessat", "faccessat2", "access", "geteuid", "getegid" },
      .capabilities = "CAP_DAC_READ_SEARCH" },
};

const struct unit_plain *unit_plain_find(const char *program)
{
    for (size_t i = 0; i < ELEMENTS_OF(plain_programs); i++)
        if (strcmp(path_name(program), plain_programs[i].name) == 0)
            return &plain_programs[i];
    return NULL;
}

const char *unit_plain_name(size_t number)
{
    return number < ELEMENTS_OF(plain_programs) ? plain_programs[number].name : NULL;
}

/* What names a signal or a process by its number: neither the terminal nor /proc is asked. */
static bool is_signal_word(const char *word)
{
    static const char *const known[] = { "$MAINPID", "${MAINPID}", "-s", "--signal", "--" };
    static const char plain[] = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    for (size_t i = 0; i < ELEMENTS_OF(known); i++)
        if (strcmp(word, known[i]) == 0)
            return true;
    return word[strspn(word, plain)] == '\0';
}

/* No variable, no specifier, nothing that leads elsewhere. */
static bool is_plain_path(const char *word)
{
    CLEANUP(free_char) char *path = path_normalise(word);

    return word[0] == '/' && word[1] && !strpbrk(word, "$%") && !strstr(word, "/..") && path &&
           strcmp(path, word) == 0;
}

/* A mode without set-id bits, which RestrictSUIDSGID= stops (systemd.exec(5)). */
static bool is_plain_mode(const char *word)
{
    size_t digits = strspn(word, "01234567");

    if (digits && !word[digits])
        return digits <= 3 || (digits == 4 && (word[0] == '0' || word[0] == '1'));
    return *word && word[strspn(word, "ugoa+-=rwxXt,")] == '\0';
}

/* One user or group: a number, or root, which is looked up in `file`. */
static bool is_plain_owner(const struct plain_words *words, const char *name, size_t length,
                           const char *file)
{
    size_t plus = length && name[0] == '+', digits = strspn(name + plus, "0123456789");

    if (length > plus && digits >= length - plus)
        return true;
    if (length != strlen("root") || strncmp(name, "root", length) != 0)
        return false;
    if (words->files)
        strings_add(words->files, file);
    return true;
}

/* USER, USER:GROUP or :GROUP (chown(1)). "USER:" asks for that user's own group. */
static bool is_plain_owners(const struct plain_words *words, const char *word)
{
    size_t user = strcspn(word, ":");
    const char *group = word[user] ? word + user + 1 : NULL;

    return (user || group) && (user == 0 || is_plain_owner(words, word, user, "/etc/passwd")) &&
           (!group || is_plain_owner(words, group, strlen(group), "/etc/group"));
}

/* The value of an option. */
static bool takes_value(struct plain_words *words, const char *word)
{
    char option = words->wants_value;
    const char *file = option == 'g' ? "/etc/group" : "/etc/passwd";

    words->wants_value = '\0';
    if (words->row->owners && strchr(words->row->owners, option))
        return is_plain_owner(words, word, strlen(word), file);
    return is_plain_mode(word);
}

/* Single letters after one "-". */
static bool takes_options(struct plain_words *words, const char *letters)
{
    const char *options = words->row->options;

    for (; *letters; letters++) {
        const char *known = *letters != ':' ? strchr(options, *letters) : NULL;
        if (!known)
            return false;
        words->is_needed_there |= *letters == words->row->needed;
        words->wants_value = known[1] == ':' ? *letters : '\0';
        if (words->wants_value && letters[1])
            return false;
    }
    return true;
}

/* ---- variables ---- */

/* What the unit itself gives a variable: NULL when it does not, or when something else may give it
 * another value later (systemd.exec(5)). Owned. */
static char *value_of(const struct unit *unit, const char *name, size_t length)
{
    static const char *const others[] = { "EnvironmentFile", "UnsetEnvironment", "PAMName" };
    CLEANUP(strings_done) struct strings words = { 0 };
    const char *found = NULL;

    for (size_t i = 0; unit && i < ELEMENTS_OF(others); i++)
        if (unit_get(unit, others[i]) && *unit_get(unit, others[i]))
            return NULL;
    if (unit)
        unit_list(unit, "Environment", &words);
    for (size_t i = 0; i < words.count; i++)
        if (strncmp(words.items[i], name, length) == 0 && words.items[i][length] == '=')
            found = words.items[i] + length + 1;
    /* What is split or replaced once more is not plain. */
    return found && *found && !strpbrk(found, "$% \t\n\"'\\") ? mem_strdup(found) : NULL;
}

/* How long a variable's name is. */
static size_t name_length(const char *text)
{
    size_t length = 0;

    while (isalnum((unsigned char)text[length]) || text[length] == '_')
        length++;
    return length;
}

/* "$NAME" as a whole word, "${NAME}" anywhere in it (systemd.service(5), "COMMAND LINES"). What the
 * unit does not set stays as it is: no plain word has a "$". */
static char *expand(struct plain_words *words, const char *word)
{
    struct str text = { 0 };

    for (const char *at = word; *at && text.length <= PATH_MAX;) {
        bool braces = at[0] == '$' && at[1] == '{';
        const char *name = at + 1 + braces;
        size_t length = name_length(name);
        bool ends = braces ? name[length] == '}' : at == word && !name[length];
        bool wanted = at[0] == '$' && length && ends && words->variables++ < LIMIT_PLAIN_WORDS;
        CLEANUP(free_char) char *value = wanted ? value_of(words->unit, name, length) : NULL;
        if (value)
            str_add(&text, value);
        else
            str_add_bytes(&text, at, 1);
        at = value ? name + length + braces : at + 1;
    }
    str_add(&text, "");
    return str_steal(&text);
}

/* ---- a command ---- */

void plain_begin(struct plain_words *words, const char *program, bool expands)
{
    *words = (struct plain_words){ .row = unit_plain_find(program),
                                   .unit = words->unit,
                                   .paths = words->paths,
                                   .files = words->files,
                                   .variables = words->variables,
                                   .expands = expands };
}

static bool take(struct plain_words *words, const char *word)
{
    const struct unit_plain *row = words->row;

    if (row->is_signal)
        return is_signal_word(word);
    if (words->wants_value)
        return takes_value(words, word);
    if (word[0] == '-' && word[1] && words->operands == 0) {
        if (strcmp(word, "--") == 0)
            return true;
        return takes_options(words, word + 1);
    }
    if (words->operands++ < row->operands)
        return row->operand_is_owner ? is_plain_owners(words, word) : is_plain_mode(word);
    if ((row->needed && !words->is_needed_there) || !is_plain_path(word))
        return false;
    if (words->paths)
        strings_add(words->paths, word);
    return true;
}

bool plain_take(struct plain_words *words, const char *word)
{
    CLEANUP(free_char)
    char *expanded = words->expands ? expand(words, word) : mem_strdup(word);

    return words->row && strlen(expanded) <= PATH_MAX && words->operands <= LIMIT_PLAIN_WORDS &&
           take(words, expanded);
}
