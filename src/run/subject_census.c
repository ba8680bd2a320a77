// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What this machine has for the plain commands of units (unit_plain_name()): "kill -HUP $MAINPID"
 * stands in most ExecReload= lines, and few trainings reload. The profile carries what the loader
 * takes for it, so that `suggest` knows it anywhere.
 */
#include "run/training.h"
#include <cinch/elf.h>
#include <cinch/host.h>
#include <cinch/systemd.h>
#include <string.h>

#define CACHE "/etc/ld.so.cache"

/* One word of the setting. */
static bool put(struct str *value, const char *path)
{
    if (!path || path[0] != '/' || strpbrk(path, " \t\n"))
        return false;
    str_addf(value, "%s%s", value->length ? " " : "", path);
    return true;
}

/* Not where something is loaded into every program of the machine: what that does nobody knows. */
static bool put_closure(const struct elf_closure *closure, struct str *value)
{
    bool cached = false;

    if (closure->verdict == ELF_NOT_A_PROGRAM || closure->missing ||
        strcmp(closure->program.format, "elf") != 0)
        return false;
    for (size_t i = 0; i < closure->count; i++) {
        if (strcmp(closure->members[i].via, "preload") == 0 ||
            !put(value, closure->members[i].path))
            return false;
        cached |= strcmp(closure->members[i].via, "cache") == 0;
    }
    return !cached || put(value, CACHE);
}

static void record_program(struct profile *profile, const char *root, const char *path)
{
    CLEANUP(err_done) struct err err = { 0 };
    CLEANUP(elf_closure_done) struct elf_closure closure = { 0 };
    CLEANUP(free_char) char *name = mem_printf("program %s", path);
    struct str value = { 0 };

    if (elf_closure_in(root, "", path, &closure, &err) == 0 && put_closure(&closure, &value))
        profile_add_setting(profile, name, value.data);
    str_done(&value);
}

void training_take_census(struct training *training)
{
    static const char *const places[] = { "/bin", "/usr/bin" };
    const char *root = tracer_mount_ns_root(training->tracer);

    for (size_t i = 0; unit_plain_name(i); i++)
        for (size_t k = 0; k < ELEMENTS_OF(places); k++) {
            CLEANUP(free_char) char *path = path_join(places[k], unit_plain_name(i));
            record_program(training->profile, root, path);
        }
    training_record_compilers(training->profile, root);
    host_census_in(training->profile, root);
}
