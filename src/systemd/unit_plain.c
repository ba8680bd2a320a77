// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Plain commands of units: programs that do the same on every machine as long as their words are
 * plain, so that training need not have run them: "kill -HUP $MAINPID", "rm -f /run/served.pid".
 * Names of users and groups (chown, install -o) are not plain: which libraries and files they take
 * is the machine's business.
 */
#include "systemd/unit_plain.h"
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

/* Single letters after one "-". */
static bool takes_options(struct plain_words *words, const char *letters)
{
    const char *options = words->row->options;

    for (; *letters; letters++) {
        const char *known = *letters != ':' ? strchr(options, *letters) : NULL;
        if (!known)
            return false;
        words->wants_value = known[1] == ':';
        if (words->wants_value && letters[1])
            return false;
    }
    return true;
}

void plain_begin(struct plain_words *words, const char *program)
{
    *words = (struct plain_words){ .row = unit_plain_find(program), .paths = words->paths };
}

bool plain_take(struct plain_words *words, const char *word)
{
    const struct unit_plain *row = words->row;

    if (!row)
        return false;
    if (row->is_signal)
        return is_signal_word(word);
    if (words->wants_value) {
        words->wants_value = false;
        return !strpbrk(word, "$%");
    }
    if (word[0] == '-' && word[1] && words->operands == 0) {
        if (strcmp(word, "--") == 0)
            return true;
        return takes_options(words, word + 1);
    }
    if (words->operands++ < row->operands)
        return !strpbrk(word, "$%");
    if (!is_plain_path(word))
        return false;
    if (words->paths)
        strings_add(words->paths, word);
    return true;
}
