// SPDX-License-Identifier: LGPL-2.1-or-later
/* Where the profile of a training goes. */
#include "cli/train_output.h"
#include "cli/cli.h"
#include <cinch/base/proc.h>
#include <cinch/store.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the profile goes when nobody says. */
char *train_output_default(const struct train_options *options)
{
    CLEANUP(free_char) char *target = NULL;

    if (options->gate && options->unit)
        return mem_printf("%s.cinch.json", path_name(options->unit));
    if (options->pid && proc_link(options->pid, "exe", &target) == 0)
        return mem_printf("%s.cinch.json", path_name(target));
    return mem_printf("%s.cinch.json", options->argv[0] ? path_name(options->argv[0]) : "service");
}

/* What a rename would make a plain file of, or could not replace at all. */
static int check_output_name(const char *output, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(output);
    struct stat st;

    if (!*output || strcmp(output, "-") == 0)
        return err_set(err, EINVAL, "-o \"%s\" names no file; standard output is the service's own",
                       shown);
    if (stat(output, &st) == 0 && !S_ISREG(st.st_mode))
        return err_set(err, EINVAL, "%s is %s; choose the name of a plain file with -o", shown,
                       S_ISDIR(st.st_mode) ? "a directory" : "no plain file");
    return 0;
}

/* A file system may be read-only, or take no files; access(2) does not tell root. */
static bool may_create(const char *output)
{
    CLEANUP(free_char) char *probe = mem_printf("%s.XXXXXX", output);
    CLEANUP(fd_close) int fd = mkostemp(probe, O_CLOEXEC);

    if (fd >= 0)
        unlink(probe);
    return fd >= 0;
}

/* Learning for an hour and then not being able to write would be a poor show. */
int train_output_check(const char *output, struct err *err)
{
    int result = check_output_name(output, err);
    if (result < 0)
        return result;
    CLEANUP(free_char)
    char *directory = strchr(output, '/') ? path_parent(output) : mem_strdup(".");
    CLEANUP(free_char) char *shown = text_encode_string(directory);

    if (access(directory, W_OK | X_OK) == 0 && may_create(output))
        return 0;
    return err_set(err, errno, "cannot write into %s: %s; choose another place with -o", shown,
                   strerror(errno));
}

void train_output_warn(const char *output)
{
    CLEANUP(free_char) char *owner = directory_foreign_owner(output);
    CLEANUP(free_char)
    char *line = mem_printf(
        "warning: %s, which lets that user replace the profile; choose another directory with -o",
        owner ? owner : "");

    if (owner)
        cli_say(line);
}

char *train_output_partial(const char *output)
{
    size_t length = strlen(output);
    bool has_suffix = length > 5 && strcmp(output + length - 5, ".json") == 0;
    struct stat status;

    if (lstat(output, &status) < 0)
        return mem_strdup(output);
    return mem_printf("%.*s.partial.json", (int)(has_suffix ? length - 5 : length), output);
}

/* Keeps what was learned even when its place is full or gone. Returns where it is, NULL if nowhere.
 */
char *train_output_save(const struct profile *profile, const char *output)
{
    static const char *const elsewhere[] = { "/var/tmp", "/tmp", "/dev/shm" };
    CLEANUP(err_done) struct err err = { 0 };

    file_lift_limit(); /* it was the service's */
    if (store_save(profile, output, &err) == 0)
        return mem_strdup(output);
    cli_say_error(&err, "cannot save the profile");
    for (size_t i = 0; i < ELEMENTS_OF(elsewhere); i++) {
        CLEANUP(free_char) char *path = path_join(elsewhere[i], path_name(output));
        if (store_save(profile, path, NULL) == 0) {
            CLEANUP(free_char)
            char *line =
                mem_printf("the profile was saved to %s instead: move it once there is room", path);
            cli_say(line);
            return mem_strdup(path);
        }
    }
    return NULL;
}
