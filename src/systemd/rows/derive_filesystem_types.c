// SPDX-License-Identifier: LGPL-2.1-or-later
/* RestrictFileSystems=: a BPF program at the kernel's file_open hook, which compares the type of
 * the file's file system (s_magic) with the list and returns EPERM. It sees every open by name,
 * execution, and reopening through /proc/self/fd; not O_PATH, stat(2), connect(2), pipe(2),
 * socket(2) or memfd_create(2) (Linux 6.18: do_dentry_open()). A file on overlayfs is opened twice,
 * the second time on the file system of its layer, which is unknown. The list is an allow-list, so
 * it must contain what systemd's executor opens in the service's control group: it applies to every
 * command of the unit but the first. */
#include "systemd/core/cgroup_bpf.h"
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/place_lookup.h"
#include "systemd/core/verdict.h"
#include "systemd/core/veto.h"
#include "systemd/filesystem/filesystem.h"
#include "systemd/rows/rows.h"
#include <errno.h>
#include <string.h>

/* Before, systemd makes the list after its own system call filters, which have no bpf(2), and with
 * what privileges the service has (exec_child() of 252). */
#define VERSION_BEFORE_FILTER 257

static const struct veto mounting[] = { { VETO_MOUNT, "/", NULL },
                                        { VETO_ARGUMENT_DONE, "mount", NULL },
                                        { 0 } };

/* What no training shows, or not all of it. */
static const struct {
    const char *name;
    const char *why;
} needed_always[] = {
    { "@anonymous", "pipes and sockets can be reopened through /proc/self/fd" },
    { "@basic-api", "systemd and the C library open /proc, /sys, /dev and control groups" },
    { "@security",
      "systemd opens SELinux and similar files when it starts another command of the unit" },
    { "@temporary", "/run, /dev/shm and memory files" },
    { "nsfs", "systemd opens namespaces when it starts another command of the unit" },
    { "pidfs", "since Linux 6.9 pidfds are files of this type" },
};

/* Members that training can name (systemd-analyze filesystems of 257). */
static const struct {
    const char *name;
    const char *members;
} groups[] = {
    { "@anonymous", "anon_inodefs pipefs sockfs" },
    { "@basic-api", "cgroup cgroup2 devpts devtmpfs mqueue proc sysfs" },
    { "@common-block", "btrfs erofs exfat ext4 f2fs iso9660 ntfs3 squashfs udf vfat xfs" },
    { "@security", "apparmorfs selinuxfs smackfs" },
    { "@temporary", "ramfs tmpfs" },
};

/* ---- what was opened ---- */

/* Errors that come before the hook is asked, or are its own. */
static bool is_refused_before(int outcome)
{
    static const int before[] = { EACCES, EEXIST,  EISDIR, ELOOP, ENAMETOOLONG,
                                  ENOENT, ENOTDIR, EPERM,  EROFS };

    for (size_t i = 0; i < ELEMENTS_OF(before); i++)
        if (before[i] == outcome)
            return true;
    return false;
}

static bool is_opened(const struct fact *fact)
{
    const unsigned opening =
        USE(PATH_READ) | USE(PATH_LIST) | USES_CODE | USE(PATH_WRITE) | USE(PATH_CREATE);

    return USE(fact->path.use) & opening && !is_refused_before(fact->outcome) &&
           place_region(fact->path.path) != REGION_IGNORED;
}

/* Other file systems mounted in /proc, which the census does not visit. */
static bool is_mounted_in_proc(const char *path)
{
    static const char *const places[] = { "/proc/sys/fs/binfmt_misc", "/proc/fs/nfsd", "/proc/xen",
                                          "/proc/bus/usb" };

    for (size_t i = 0; i < ELEMENTS_OF(places); i++)
        if (path_is_within(path, places[i]) && strcmp(path, places[i]) != 0)
            return true;
    return false;
}

/* The file systems of a path in the census, on all hosts; false: unknown. A missing file counts as
 * on that of its directory. */
static bool kinds_at(const struct profile *profile, const char *path, struct strings *ret)
{
    CLEANUP(free_char) char *at = mem_strdup(path);
    bool found = false;

    if (path_is_within(path, "/proc")) {
        strings_add(ret, "proc");
        return !is_mounted_in_proc(path);
    }
    while (!found) {
        size_t count;
        const struct host_file *const *files = profile_files_at(profile, at, &count);
        for (size_t i = 0; i < count; i++) {
            if (files[i]->type == FILE_MISSING)
                continue;
            if (!files[i]->filesystem || !*files[i]->filesystem)
                return false;
            strings_add(ret, files[i]->filesystem);
            found = true;
        }
        if (!found && !at[1])
            return false;
        char *parent = path_parent(at);
        free(at);
        at = parent;
    }
    return true;
}

/* ---- the list ---- */

/* A kind of file system, and a file that was opened on it. */
struct kind {
    char *name;
    const struct fact *witness;
};

struct kinds {
    struct kind *items;
    size_t count;
    size_t capacity;
};

static void kinds_done(struct kinds *kinds)
{
    for (size_t i = 0; i < kinds->count; i++)
        free(kinds->items[i].name);
    free(kinds->items);
}

static int kinds_compare(const void *left, const void *right)
{
    return strcmp(((const struct kind *)left)->name, ((const struct kind *)right)->name);
}

static void kinds_add(struct kinds *kinds, const char *name, const struct fact *witness)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (strcmp(kinds->items[i].name, name) == 0)
            return;
    mem_reserve(&kinds->items, &kinds->capacity, kinds->count + 1, sizeof(*kinds->items));
    kinds->items[kinds->count++] = (struct kind){ mem_strdup(name), witness };
    qsort(kinds->items, kinds->count, sizeof(*kinds->items), kinds_compare);
}

/* Why a kind can be on no list, or NULL. */
static const char *kind_refusal(const char *name)
{
    if (strcmp(name, "overlay") == 0 || strcmp(name, "ecryptfs") == 0)
        return "the file systems of its layers are unknown";
    return str_starts_with(name, "0x") ? "systemd has no name for this file system" : NULL;
}

/* `fact` NULL: it is the system's own. False when the verdict is out. */
static bool kinds_add_path(const struct derive_context *context, const char *path,
                           const struct fact *fact, struct kinds *kinds, struct verdict *ret)
{
    CLEANUP(strings_done) struct strings found = { 0 };
    CLEANUP(free_char) char *seen = fact ? fact_describe(fact) : mem_strdup(path);

    if (path_is_collapsed(path) || !kinds_at(context->profile, path, &found)) {
        verdict_refuse(ret, mem_printf("the file system of this path is unknown: %s", seen), fact);
        return false;
    }
    for (size_t i = 0; i < found.count; i++) {
        const char *refusal = kind_refusal(found.items[i]);
        if (refusal) {
            CLEANUP(free_char) char *name = text_encode_string(found.items[i]);
            verdict_refuse(ret, mem_printf("%s: %s: %s", name, refusal, seen), fact);
            return false;
        }
        kinds_add(kinds, found.items[i], fact);
    }
    return true;
}

static bool kinds_collect(const struct derive_context *context, struct kinds *kinds,
                          struct verdict *ret)
{
    static const char *const own[] = { "/", "/etc", "/run", "/usr", "/var" };
    size_t count;
    const struct fact *const *facts = profile_facts(context->profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (is_opened(facts[i]) &&
            !kinds_add_path(context, facts[i]->path.path, facts[i], kinds, ret))
            return false;
    for (size_t i = 0; i < ELEMENTS_OF(own); i++)
        if (!kinds_add_path(context, own[i], NULL, kinds, ret))
            return false;
    return true;
}

static const char *group_of(const char *kind)
{
    for (size_t i = 0; i < ELEMENTS_OF(groups); i++)
        if (str_has_word(groups[i].members, kind))
            return groups[i].name;
    return NULL;
}

static bool is_listed(const struct verdict *verdict, const char *name)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (strcmp(verdict->values[i].text, name) == 0)
            return true;
    return false;
}

static void list_kind(const struct kind *kind, bool exact, struct verdict *ret)
{
    const char *group = group_of(kind->name);
    bool disk = group && strcmp(group, "@common-block") == 0;
    CLEANUP(free_char)
    char *seen =
        kind->witness ? fact_describe(kind->witness) : mem_strdup("holds the system's own files");

    if (group && (is_listed(ret, group) || (disk && !exact && is_listed(ret, "@common-block"))))
        return;
    if (disk && !exact)
        verdict_add(ret, group,
                    mem_printf("disk file systems, %s on this host: %s", kind->name, seen),
                    kind->witness);
    else
        verdict_add(ret, kind->name, mem_strdup(seen), kind->witness);
}

/* ---- where it can be had ---- */

/* NULL when the training kernel has the module or --bpf-framework says so. Debian's kernels have
 * it; containers and other kernels often lack it, and the directive would have no effect. */
static char *module_missing(const struct derive_context *context)
{
    const char *modules = profile_setting(context->profile, "lsm");

    if (!modules && context->options->knobs.bpf == BPF_YES)
        return NULL;
    if (!modules)
        return mem_strdup("has no effect without the bpf security module, which training could not "
                          "check (securityfs was not mounted); --bpf-framework yes sets it anyway");
    CLEANUP(strings_done) struct strings names = { 0 };
    for (const char *at = modules; *at; at += strspn(at, ",")) {
        CLEANUP(free_char) char *name = mem_strndup(at, strcspn(at, ","));
        strings_add(&names, name);
        at += strlen(name);
    }
    if (strings_has(&names, "bpf"))
        return NULL;
    CLEANUP(free_char) char *encoded = text_encode_string(modules);
    return mem_printf("has no effect: the kernel lacks the bpf security module (it has %s)",
                      encoded);
}

/* Why systemd could not set it up, or the kernel not do it; NULL when they can. */
static char *support_missing(const struct derive_context *context)
{
    const struct filesystem_plan *plan = context->filesystem;
    char *missing = cgroup_bpf_missing(context);

    if (!missing && context->options->target.version < VERSION_BEFORE_FILTER)
        missing = mem_printf("systemd %d would apply it under the service's system call filter, "
                             "which refuses bpf(2)",
                             context->options->target.version);
    if (!missing)
        missing = module_missing(context);
    if (!missing && !plan->left_out.yes && plan_is_built(plan) && !plan->usr_whole.yes)
        missing = mem_strdup("systemd 255 and later load libbpf from the service's root, and the "
                             "empty root has none");
    return missing;
}

void derive_filesystem_types(const struct derive_context *context,
                             const struct directive *directive, struct verdict *ret)
{
    CLEANUP(kinds_done) struct kinds kinds = { 0 };
    bool exact = context->options->fit == FIT_EXACT;
    char *missing = support_missing(context);
    const struct fact *mounts = veto_applies(context->profile, mounting);

    if (missing) {
        verdict_refuse(ret, missing, NULL);
        return;
    }
    if (mounts) {
        CLEANUP(free_char) char *seen = fact_describe(mounts);
        verdict_refuse(ret, mem_printf("%s; it blocks %s", seen, directive->forbids), mounts);
        return;
    }
    if (!kinds_collect(context, &kinds, ret))
        return;
    for (size_t i = 0; i < ELEMENTS_OF(needed_always); i++)
        verdict_add(ret, needed_always[i].name, mem_strdup(needed_always[i].why), NULL);
    for (size_t i = 0; i < kinds.count; i++)
        list_kind(&kinds.items[i], exact, ret);
    ret->why = mem_strdup(
        exact ? "types of the file systems of opened files on this host, and those systemd uses"
              : "types of the file systems of opened files, other disk file systems, and those "
                "systemd uses");
}
