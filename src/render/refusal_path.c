// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Paths: whether the service has one, may change it and may execute it, by what systemd.exec(5)
 * says of the lines. Of several lines that are about a path or a directory above it the one that
 * names the longest path decides.
 */
#include "render/refusal.h"
#include <string.h>

enum presence {
    PRESENCE_HOST,   /* the machine's */
    PRESENCE_EMPTY,  /* nothing that no line puts there */
    PRESENCE_HIDDEN, /* a directory or file without any permission in its place */
};

/* What is decided of a path, by which directive, which named so many bytes of it. */
struct decision {
    int state;
    const char *directive;
    size_t length;
};

struct place {
    const char *path;
    struct decision presence, read_only, no_exec; /* the last two: state is a boolean */
};

static void decide(struct place *place, struct decision *decision, const char *directive,
                   const char *prefix, int state)
{
    size_t length = strlen(prefix);

    if (!path_is_within(place->path, prefix) || (decision->directive && length < decision->length))
        return;
    *decision = (struct decision){ state, directive, length };
}

/* ---- lists of paths -------------------------------------------------------------------------- */

static bool has_option(const struct value *value, const char *option)
{
    const char *at = value->options ? strstr(value->options, option) : NULL;
    size_t length = strlen(option);

    return at && (at == value->options || at[-1] == ',') && (!at[length] || at[length] == ',');
}

static void apply_value(struct place *place, const char *directive, const struct value *value)
{
    const char *path = value->destination ? value->destination : value->text;

    if (strcmp(directive, "TemporaryFileSystem") == 0) {
        decide(place, &place->presence, directive, path, PRESENCE_EMPTY);
        decide(place, &place->read_only, directive, path, has_option(value, "ro"));
    } else if (strcmp(directive, "InaccessiblePaths") == 0) {
        decide(place, &place->presence, directive, path, PRESENCE_HIDDEN);
    } else if (strcmp(directive, "BindPaths") == 0 || strcmp(directive, "BindReadOnlyPaths") == 0) {
        decide(place, &place->presence, directive, path, PRESENCE_HOST);
        decide(place, &place->read_only, directive, path, directive[4] == 'R');
    } else if (strcmp(directive, "ReadWritePaths") == 0 ||
               strcmp(directive, "ReadOnlyPaths") == 0) {
        decide(place, &place->read_only, directive, path, directive[4] == 'O');
    } else {
        decide(place, &place->no_exec, directive, path, strcmp(directive, "NoExecPaths") == 0);
    }
}

static void apply_lists(const struct refusal *refusal, struct place *place)
{
    /* Of several for one path the later ones decide. */
    static const char *const lists[] = { "TemporaryFileSystem", "BindPaths",
                                         "BindReadOnlyPaths",   "ReadOnlyPaths",
                                         "ReadWritePaths",      "NoExecPaths",
                                         "ExecPaths",           "InaccessiblePaths" };

    for (size_t i = 0; i < ELEMENTS_OF(lists); i++) {
        const struct verdict *verdict = refusal_line(refusal, lists[i]);
        for (size_t k = 0; verdict && k < verdict->count; k++)
            apply_value(place, lists[i], &verdict->values[k]);
    }
}

/* ---- directives that stand for fixed paths --------------------------------------------------- */

enum effect {
    EFFECT_READ_ONLY,
    EFFECT_LEFT_ALONE,
    EFFECT_HIDDEN,
    EFFECT_EMPTY,
    EFFECT_EMPTY_READ_ONLY,
    EFFECT_DEVICES, /* a new read-only directory, from which nothing is executed */
};

static const struct {
    const char *directive, *value; /* NULL: whatever is on */
    enum effect effect;
    const char *paths; /* a blank between two */
} fixed[] = {
    { "ProtectSystem", NULL, EFFECT_READ_ONLY, "/usr /boot /efi" },
    { "ProtectSystem", "full", EFFECT_READ_ONLY, "/etc" },
    { "ProtectSystem", "strict", EFFECT_READ_ONLY, "/" },
    { "ProtectSystem", "strict", EFFECT_LEFT_ALONE, "/proc /sys /dev /home /root /run/user" },
    { "ProtectHome", "yes", EFFECT_HIDDEN, "/home /root /run/user" },
    { "ProtectHome", "read-only", EFFECT_READ_ONLY, "/home /root /run/user" },
    { "ProtectHome", "tmpfs", EFFECT_EMPTY_READ_ONLY, "/home /root /run/user" },
    { "PrivateTmp", NULL, EFFECT_EMPTY, "/tmp /var/tmp" },
    { "PrivateDevices", NULL, EFFECT_DEVICES, "/dev" },
    { "PrivateDevices", NULL, EFFECT_LEFT_ALONE, "/dev/shm /dev/mqueue /dev/hugepages /dev/pts" },
    { "ProtectKernelTunables", NULL, EFFECT_READ_ONLY,
      "/proc/acpi /proc/apm /proc/asound /proc/bus /proc/fs /proc/irq /proc/latency_stats "
      "/proc/mtrr "
      "/proc/scsi /proc/sys /proc/sysrq-trigger /proc/timer_stats /sys" },
    { "ProtectKernelTunables", NULL, EFFECT_LEFT_ALONE, "/sys/fs/cgroup /sys/fs/selinux" },
    { "ProtectKernelTunables", NULL, EFFECT_HIDDEN, "/proc/kallsyms /proc/kcore" },
    { "ProtectControlGroups", NULL, EFFECT_READ_ONLY, "/sys/fs/cgroup" },
    { "ProtectControlGroups", "private", EFFECT_EMPTY, "/sys/fs/cgroup" },
    { "ProtectControlGroups", "strict", EFFECT_EMPTY_READ_ONLY, "/sys/fs/cgroup" },
    { "ProtectKernelModules", NULL, EFFECT_HIDDEN, "/usr/lib/modules /lib/modules" },
    { "ProtectKernelLogs", NULL, EFFECT_HIDDEN, "/proc/kmsg /dev/kmsg" },
};

static void apply_effect(struct place *place, const char *directive, const char *path,
                         enum effect effect)
{
    switch (effect) {
    case EFFECT_READ_ONLY:
    case EFFECT_LEFT_ALONE:
        decide(place, &place->read_only, directive, path, effect == EFFECT_READ_ONLY);
        break;
    case EFFECT_HIDDEN:
        decide(place, &place->presence, directive, path, PRESENCE_HIDDEN);
        break;
    case EFFECT_EMPTY:
    case EFFECT_EMPTY_READ_ONLY:
        decide(place, &place->presence, directive, path, PRESENCE_EMPTY);
        decide(place, &place->read_only, directive, path, effect == EFFECT_EMPTY_READ_ONLY);
        break;
    case EFFECT_DEVICES:
        decide(place, &place->presence, directive, path, PRESENCE_HOST);
        decide(place, &place->read_only, directive, path, true);
        decide(place, &place->no_exec, directive, path, true);
        break;
    }
}

static void apply_fixed(const struct refusal *refusal, struct place *place)
{
    for (size_t i = 0; i < ELEMENTS_OF(fixed); i++) {
        const char *value = fixed[i].value;
        if (!refusal_is_on(refusal, fixed[i].directive) ||
            (value && strcmp(refusal_value(refusal, fixed[i].directive), value) != 0))
            continue;
        CLEANUP(free_char) char *paths = mem_strdup(fixed[i].paths);
        char *rest = NULL;
        for (char *path = strtok_r(paths, " ", &rest); path; path = strtok_r(NULL, " ", &rest))
            apply_effect(place, fixed[i].directive, path, fixed[i].effect);
    }
}

/* ---- the root, and what systemd mounts by itself --------------------------------------------- */

/* MountAPIVFS=, and what implies it, whatever that says (systemd.exec(5)). */
static bool has_api_mounts(const struct refusal *refusal)
{
    static const char *const implying[] = { "ProtectKernelTunables", "ProtectControlGroups",
                                            "PrivateBPF", "PrivatePIDs" };
    const char *proc = refusal_value(refusal, "ProtectProc");
    const char *subset = refusal_value(refusal, "ProcSubset");

    for (size_t i = 0; i < ELEMENTS_OF(implying); i++)
        if (refusal_is_on(refusal, implying[i]))
            return true;
    if ((*proc && strcmp(proc, "default") != 0) || (*subset && strcmp(subset, "all") != 0))
        return true;
    if (refusal_line(refusal, "MountAPIVFS"))
        return refusal_is_on(refusal, "MountAPIVFS");
    return refusal_line(refusal, "RootDirectory") != NULL;
}

static void apply_root(const struct refusal *refusal, struct place *place)
{
    static const char *const api[] = { "/proc", "/sys", "/dev" };

    if (refusal_line(refusal, "RootDirectory")) {
        decide(place, &place->presence, "RootDirectory", "/", PRESENCE_EMPTY);
        decide(place, &place->read_only, "RootDirectory", "/", true);
    }
    if (!has_api_mounts(refusal))
        return;
    for (size_t i = 0; i < ELEMENTS_OF(api); i++) {
        decide(place, &place->presence, "MountAPIVFS", api[i], PRESENCE_HOST);
        decide(place, &place->read_only, "MountAPIVFS", api[i], false);
    }
    if (refusal->suggestion->filesystem != FILESYSTEM_STRICT) {
        decide(place, &place->presence, "MountAPIVFS", "/run", PRESENCE_EMPTY);
        decide(place, &place->read_only, "MountAPIVFS", "/run", false);
    }
}

static struct place place_of(const struct refusal *refusal, const char *path)
{
    struct place place = { .path = path };

    apply_root(refusal, &place);
    apply_fixed(refusal, &place);
    apply_lists(refusal, &place);
    return place;
}

/* Whether a line puts something at that directory or below it. */
static bool is_made(const struct refusal *refusal, const char *directory)
{
    static const char *const lists[] = { "TemporaryFileSystem", "BindPaths", "BindReadOnlyPaths" };

    for (size_t i = 0; i < ELEMENTS_OF(lists); i++) {
        const struct verdict *verdict = refusal_line(refusal, lists[i]);
        for (size_t k = 0; verdict && k < verdict->count; k++) {
            const struct value *value = &verdict->values[k];
            if (path_is_within(value->destination ? value->destination : value->text, directory))
                return true;
        }
    }
    return false;
}

/* ---- devices and processes ------------------------------------------------------------------- */

/* What PrivateDevices= and DevicePolicy=closed leave (systemd.exec(5),
 * systemd.resource-control(5)).
 */
static bool is_pseudo_device(const char *path)
{
    static const char names[] =
        "null zero full random urandom tty ptmx pts shm mqueue hugepages log "
        "stdin stdout stderr fd";
    CLEANUP(free_char) char *name = mem_strdup(path + strlen("/dev/"));

    name[strcspn(name, "/")] = '\0';
    return str_has_word(names, name);
}

/* The directories of /dev that hold files. */
static bool is_file_in_dev(const char *path)
{
    return path_is_within(path, "/dev/shm") || path_is_within(path, "/dev/mqueue") ||
           path_is_within(path, "/dev/hugepages");
}

static bool is_listed_device(const struct refusal *refusal, const char *path)
{
    const struct verdict *verdict = refusal_line(refusal, "DeviceAllow");
    size_t length = strlen(path);

    for (size_t i = 0; verdict && i < verdict->count; i++)
        if (strncmp(verdict->values[i].text, path, length) == 0 &&
            strchr(" ", verdict->values[i].text[length]))
            return true;
    return false;
}

/* True when that is all there is to say. */
static bool refuse_device(struct refusal *refusal, const char *path)
{
    if (!str_starts_with(path, "/dev/") || is_pseudo_device(path) ||
        is_listed_device(refusal, path))
        return false;
    if (refusal_is_on(refusal, "PrivateDevices")) {
        refusal_add(refusal, "", "PrivateDevices", "ENOENT");
        return true;
    }
    if (refusal_line(refusal, "DevicePolicy") || refusal_line(refusal, "DeviceAllow"))
        refusal_add(refusal, "opening it, if it is a device that DeviceAllow= does not list",
                    refusal_line(refusal, "DevicePolicy") ? "DevicePolicy" : "DeviceAllow",
                    "EPERM");
    return false;
}

static bool refuse_process(struct refusal *refusal, const char *path)
{
    CLEANUP(free_char)
    char *name = str_starts_with(path, "/proc/") ? mem_strdup(path + strlen("/proc/")) : NULL;

    if (!name)
        return false;
    name[strcspn(name, "/")] = '\0';
    bool is_process = name[strspn(name, "0123456789")] == '\0';
    if (is_process && refusal_line(refusal, "ProtectProc")) {
        refusal_add(refusal, "processes of other users", "ProtectProc", "ENOENT");
        return false;
    }
    if (is_process || str_has_word("self thread-self", name) ||
        strcmp(refusal_value(refusal, "ProcSubset"), "pid") != 0)
        return false;
    refusal_add(refusal, "", "ProcSubset", "ENOENT");
    return true;
}

/* ---- sentences ------------------------------------------------------------------------------- */

/* Whether the service may pass permissions that are not there (capabilities(7)). */
static bool passes_modes(const struct refusal *refusal)
{
    size_t count;
    const struct run *const *runs = profile_runs(refusal->profile, &count);
    bool is_root = false;

    for (size_t i = 0; i < count; i++)
        is_root |= runs[i]->uid == 0;
    return is_root && (!refusal_line(refusal, "CapabilityBoundingSet") ||
                       refusal_has(refusal, "CapabilityBoundingSet", "CAP_DAC_OVERRIDE"));
}

static void refuse_absent(struct refusal *refusal, const struct place *place)
{
    CLEANUP(free_char) char *parent = path_parent(place->path);
    bool creatable = place->presence.length == strlen(parent) || is_made(refusal, parent);

    refusal_add(refusal, "", place->presence.directive,
                creatable ? "ENOENT: nothing is at this path" : "ENOENT: its directory is missing");
    if (creatable && place->read_only.state)
        refusal_add(refusal, "creating it", place->read_only.directive, "EROFS");
    else if (creatable)
        refusal_say(refusal, "not refused: creating it");
}

static void refuse_change(struct refusal *refusal, const struct place *place)
{
    /* A device can be written to where its directory is read-only. */
    bool is_device = str_starts_with(place->path, "/dev/") && !is_file_in_dev(place->path);

    if (place->read_only.state)
        refusal_add(refusal, is_device ? "creating or deleting" : "writing, creating or deleting",
                    place->read_only.directive, "EROFS");
    if (place->no_exec.state)
        refusal_add(refusal, "executing", place->no_exec.directive, "EACCES");
    if (refusal_line(refusal, "RestrictFileSystems"))
        refusal_add(refusal, "opening it on a type of file system that is not allowed",
                    "RestrictFileSystems", "EPERM");
}

void refusal_path(struct refusal *refusal, const char *path)
{
    const struct place place = place_of(refusal, path);

    switch ((enum presence)place.presence.state) {
    case PRESENCE_HOST:
        if (!refuse_device(refusal, path) && !refuse_process(refusal, path))
            refuse_change(refusal, &place);
        break;
    case PRESENCE_EMPTY:
        if (is_made(refusal, path) || place.presence.length == strlen(path))
            refuse_change(refusal, &place);
        else
            refuse_absent(refusal, &place);
        break;
    case PRESENCE_HIDDEN:
        if (passes_modes(refusal))
            refusal_say(refusal, "%s= puts an empty file or directory in its place",
                        place.presence.directive);
        else
            refusal_add(refusal, "", place.presence.directive, "EACCES");
        break;
    }
}
