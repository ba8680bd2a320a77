// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tracee.h"

static char *scratch_path;

void expect(const char *format, ...)
{
    va_list args;

    fputs("expect ", stdout);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout); /* a later fork must not print it again */
}

const char *scratch(void)
{
    return scratch_path;
}

const char *in_scratch(const char *name)
{
    char *path = NULL;

    require(asprintf(&path, "%s/%s", scratch_path, name) > 0, "asprintf");
    return path;
}

void require(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "tracee: %s: %s\n", what, strerror(errno));
    exit(99);
}

void skip(const char *why)
{
    printf("skip %s\n", why);
    fflush(stdout);
    exit(77);
}

void make_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    require(fd >= 0 && write(fd, "word\n", 5) == 5, path);
    close(fd);
}

static const struct tracee_case *const all_cases[] = { path_cases,   socket_cases, name_cases,
                                                       task_cases,   odd_cases,    clone_cases,
                                                       signal_cases, race_cases,   privilege_cases,
                                                       known_cases };

static int list_cases(void)
{
    for (size_t i = 0; i < sizeof(all_cases) / sizeof(all_cases[0]); i++)
        for (const struct tracee_case *at = all_cases[i]; at->name; at++)
            printf("%s %s\n", at->name, at->needs_root ? "root" : "any");
    return 0;
}

static bool run_named(const struct tracee_case *cases, const char *name)
{
    for (const struct tracee_case *at = cases; at->name; at++)
        if (strcmp(at->name, name) == 0) {
            at->run();
            return true;
        }
    return false;
}

/* tracee --list, or tracee CASE SCRATCH-DIRECTORY */
int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list_cases();
    if (argc != 3 || !(scratch_path = realpath(argv[2], NULL)) || chdir(scratch_path) < 0)
        return 99;
    for (size_t i = 0; i < sizeof(all_cases) / sizeof(all_cases[0]); i++)
        if (run_named(all_cases[i], argv[1]))
            return 0;
    return run_named(helper_cases, argv[1]) ? 0 : 99;
}
