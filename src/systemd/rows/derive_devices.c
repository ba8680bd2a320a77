// SPDX-License-Identifier: LGPL-2.1-or-later
/* DevicePolicy= and DeviceAllow=: the device nodes that may be opened, as the kernel checks at
 * open(2) and mknod(2) (systemd.resource-control(5)). "closed" contains the nodes every service
 * needs; with "strict" systemd cannot even open /dev/null for the service's standard input. */
#include "systemd/core/derive.h"
#include "systemd/core/directive.h"
#include "systemd/core/verdict.h"
#include "systemd/core/veto.h"
#include "systemd/rows/rows.h"
#include <errno.h>
#include <string.h>

struct device {
    const char *name; /* a path, or a class of /proc/devices */
    bool read, write;
    const struct fact *witness;
};

struct devices {
    struct device *items;
    size_t count;
    size_t capacity;
    const struct fact *unlistable; /* no list can have it */
};

/* Nodes that come and go, and are numbered in the order they came: the next start may find another
 * number. The names are the kernel's, as in /proc/devices. */
static const struct {
    const char *prefix, *class;
} classes[] = {
    { "/dev/dm-", "block-device-mapper" },
    { "/dev/dri/", "char-drm" },
    { "/dev/hidraw", "char-hidraw" },
    { "/dev/input/", "char-input" },
    { "/dev/loop", "block-loop" },
    { "/dev/nvme", "block-blkext" },
    { "/dev/sd", "block-sd" },
    { "/dev/snd/", "char-alsa" },
    { "/dev/ttyACM", "char-ttyACM" },
    { "/dev/ttyUSB", "char-ttyUSB" },
    { "/dev/video", "char-video4linux" },
};

/* ---- which facts are about a device ---- */

/* The cgroup is asked after the file's mode: what failed before fails alike. */
static bool outcome_is_refusal(int outcome)
{
    static const int refusals[] = { ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG, EROFS };

    for (size_t i = 0; i < ELEMENTS_OF(refusals); i++)
        if (outcome == refusals[i])
            return true;
    return false;
}

static bool use_opens(enum path_use use)
{
    switch (use) {
    case PATH_READ:
    case PATH_WRITE:
    case PATH_MAP_EXECUTE:
        return true;
    case PATH_STAT:
    case PATH_LINK:
    case PATH_LIST:
    case PATH_EXECUTE:
    case PATH_CREATE:
    case PATH_DELETE:
    case PATH_BIND:
    case PATH_CONNECT:
    case PATH_MOUNT:
    case PATH_USE_COUNT:
        return false;
    }
    return false;
}

static bool file_is_device(const struct host_file *file)
{
    return file->type == FILE_CHAR_DEVICE || file->type == FILE_BLOCK_DEVICE;
}

/* Below /dev a node that is gone now, or that the census does not know, counts. */
static bool is_device(const struct profile *profile, const char *path)
{
    static const char *const no_nodes[] = { "/dev/shm", "/dev/mqueue", "/dev/hugepages",
                                            "/dev/log" };
    size_t count;
    const struct host_file *const *files = profile_files_at(profile, path, &count);

    for (size_t i = 0; i < count; i++)
        if (file_is_device(files[i]))
            return true;
    for (size_t i = 0; i < ELEMENTS_OF(no_nodes); i++)
        if (path_is_within(path, no_nodes[i]))
            return false;
    return str_starts_with(path, "/dev/") && (!count || files[0]->type == FILE_MISSING);
}

/* What "closed" has in it: cgroup_context's own list in systemd 252 and 257. */
static bool is_closed_device(const char *path)
{
    static const char *const nodes[] = {
        "/dev/null",    "/dev/zero", "/dev/full", "/dev/random",
        "/dev/urandom", "/dev/tty",  "/dev/ptmx", "/dev/pts/ptmx"
    };

    for (size_t i = 0; i < ELEMENTS_OF(nodes); i++)
        if (strcmp(path, nodes[i]) == 0)
            return true;
    return path_is_within(path, "/dev/pts");
}

/* ---- the list ---- */

static void devices_add(struct devices *devices, const char *name, const struct fact *fact)
{
    struct device *device = NULL;

    for (size_t i = 0; i < devices->count && !device; i++)
        if (strcmp(devices->items[i].name, name) == 0)
            device = &devices->items[i];
    if (!device) {
        mem_reserve(&devices->items, &devices->capacity, devices->count + 1, sizeof(*device));
        device = &devices->items[devices->count++];
        *device = (struct device){ .name = name, .witness = fact };
    }
    device->read |= fact->path.use != PATH_WRITE;
    device->write |= fact->path.use == PATH_WRITE;
}

static const char *class_of(const char *path)
{
    for (size_t i = 0; i < ELEMENTS_OF(classes); i++)
        if (str_starts_with(path, classes[i].prefix))
            return classes[i].class;
    return NULL;
}

/* Two nodes of a class with dynamic numbers list the whole class. */
static const char *name_in_list(const struct devices *devices, const char *path)
{
    const char *class = class_of(path);

    for (size_t i = 0; class && i < devices->count; i++)
        if (class_of(devices->items[i].name) == class && strcmp(devices->items[i].name, path) != 0)
            return class;
    return path;
}

static void devices_fold(struct devices *devices)
{
    for (size_t i = 0; i < devices->count; i++) {
        const char *name = name_in_list(devices, devices->items[i].name);
        if (name == devices->items[i].name)
            continue;
        struct device *into = &devices->items[i];
        for (size_t k = i + 1; k < devices->count;) {
            if (class_of(devices->items[k].name) != name) {
                k++;
                continue;
            }
            into->read |= devices->items[k].read;
            into->write |= devices->items[k].write;
            memmove(&devices->items[k], &devices->items[k + 1],
                    (--devices->count - k) * sizeof(*into));
        }
        into->name = name;
    }
}

/* Whether collapsed names may be device nodes: their directory is named dev, anywhere (a directory
 * above does not collapse what is in it). */
static bool is_folded_dev(const char *path)
{
    CLEANUP(free_char) char *directory = path_parent(path);

    return path_is_collapsed(path) &&
           (path_is_within(path, "/dev") || strcmp(path_name(directory), "dev") == 0);
}

static void devices_collect(const struct profile *profile, struct devices *devices)
{
    static const struct veto made[] = { { VETO_ARGUMENT_DONE, "mknod", "S_IFCHR" },
                                        { VETO_ARGUMENT_DONE, "mknod", "S_IFBLK" },
                                        { 0 } };
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    devices->unlistable = veto_applies(profile, made);
    for (size_t i = 0; i < count; i++) {
        const char *path = facts[i]->path.path;
        if (!use_opens(facts[i]->path.use) || outcome_is_refusal(facts[i]->outcome) ||
            is_closed_device(path) || !(is_device(profile, path) || is_folded_dev(path)))
            continue;
        if (!str_starts_with(path, "/dev/") || path_is_collapsed(path))
            devices->unlistable = facts[i];
        else
            devices_add(devices, path, facts[i]);
    }
    devices_fold(devices);
}

/* ---- the rows ---- */

static bool refused_as_unlistable(const struct devices *devices, const struct directive *directive,
                                  struct verdict *ret)
{
    if (!devices->unlistable)
        return false;
    CLEANUP(free_char) char *seen = fact_describe(devices->unlistable);
    verdict_refuse(ret,
                   mem_printf("the service uses a device that cannot be listed: %s; it blocks %s",
                              seen, directive->forbids),
                   devices->unlistable);
    return true;
}

/* The unit's own stricter policy is left as it is. */
static bool refused_as_strict(const struct derive_context *context, struct verdict *ret)
{
    const struct unit *unit = context->options->unit;
    const char *policy = unit ? unit_get(unit, "DevicePolicy") : NULL;

    if (!policy || strcmp(policy, "strict") != 0)
        return false;
    verdict_refuse(ret, mem_strdup("the unit sets DevicePolicy=strict with its own list"), NULL);
    return true;
}

void derive_device_policy(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret)
{
    struct devices devices = { 0 };

    devices_collect(context->profile, &devices);
    if (!refused_as_strict(context, ret) && !refused_as_unlistable(&devices, directive, ret)) {
        ret->why = mem_strdup(
            devices.count
                ? "besides the standard device nodes the service needs only those of DeviceAllow="
                : "the service opened only standard device nodes");
        verdict_add(ret, "closed", mem_strdup(ret->why), NULL);
    }
    free(devices.items);
}

void derive_device_allow(const struct derive_context *context, const struct directive *directive,
                         struct verdict *ret)
{
    struct devices devices = { 0 };

    devices_collect(context->profile, &devices);
    if (refused_as_strict(context, ret) || refused_as_unlistable(&devices, directive, ret)) {
        free(devices.items);
        return;
    }
    for (size_t i = 0; i < devices.count; i++) {
        const struct device *device = &devices.items[i];
        CLEANUP(free_char)
        char *text =
            mem_printf("%s %s%s", device->name, device->read ? "r" : "", device->write ? "w" : "");
        verdict_add(ret, text, fact_describe(device->witness), device->witness)->is_path = true;
    }
    if (devices.count)
        ret->why = mem_strdup("device nodes the service opened, with the access it used");
    else
        verdict_refuse(ret, mem_strdup("the service opened only standard device nodes"), NULL);
    free(devices.items);
}
