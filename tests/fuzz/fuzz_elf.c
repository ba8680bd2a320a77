// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes as every file of a small tree: the program, its loader, its libraries, its script
 * interpreter and its cache are all the same hostile bytes.
 */
#include <cinch/elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The tree, made once and removed at the end; its one file is written anew each time. */
static char tree_root[64];

static void tree_remove(void)
{
    CLEANUP(free_char) char *command = mem_printf("rm -rf -- %s", tree_root);

    if (system(command) != 0)
        perror("rm");
}

static void tree_link(const char *path, const char *target)
{
    CLEANUP(free_char) char *full = mem_printf("%s%s", tree_root, path);

    for (char *slash = full + strlen(tree_root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(full, 0755);
        *slash = '/';
    }
    if (symlink(target, full) < 0)
        abort();
}

static void tree_make(void)
{
    static const char *const names[] = {
        "/lib64/ld-linux-x86-64.so.2",
        "/lib/ld-musl-x86_64.so.1",
        "/lib/liba.so",
        "/usr/lib/libc.so.6",
        "/bin/sh",
        "/usr/bin/env",
        "/etc/ld.so.cache",
        "/etc/ld.so.preload",
        "/etc/ld-musl-x86_64.path",
    };

    snprintf(tree_root, sizeof(tree_root), "%s/cinch-fuzz-elf-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(tree_root))
        abort();
    atexit(tree_remove);
    for (size_t i = 0; i < ELEMENTS_OF(names); i++)
        tree_link(names[i], "/f");
}

static void tree_write(const uint8_t *data, size_t size)
{
    CLEANUP(free_char) char *path = mem_printf("%s/f", tree_root);
    CLEANUP(fd_close) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
}

static void check_closure(const struct elf_closure *closure)
{
    size_t missing = 0;

    for (size_t i = 0; i < closure->count; i++) {
        const struct elf_member *member = &closure->members[i];
        missing += !member->path;
        if (member->path && member->path[0] != '/')
            abort();
        if (!member->name || !member->via || !member->needed_by || !member->note)
            abort();
        if (strspn(member->note, "\t\n\r\033"))
            abort();
    }
    if (missing != closure->missing || !closure->count || closure->members[0].how != ELF_SELF)
        abort();
    if (closure->verdict == ELF_STATIC && missing)
        abort();
    if ((closure->verdict == ELF_NOT_A_PROGRAM) != (*closure->reason != '\0'))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct elf_closure closure;
    struct program_fact fact;

    if (!tree_root[0])
        tree_make();
    tree_write(data, size);
    if (elf_closure_in(tree_root, "/bin:/usr/bin", "/f", &closure, NULL) < 0)
        abort();
    check_closure(&closure);
    int result = elf_inspect(tree_root, "/f", &fact, NULL);
    if (result < 0 && (result != -ENOEXEC || closure.verdict != ELF_NOT_A_PROGRAM))
        abort();
    if (result == 0)
        program_fact_done(&fact);
    elf_closure_done(&closure);
    return 0;
}
