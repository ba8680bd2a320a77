// SPDX-License-Identifier: LGPL-2.1-or-later
/* The tables of directories and their meaning. */
#include "systemd/core/place_lookup.h"
#include "systemd/filesystem/filesystem.h"
#include <cinch/model/places.h>
#include <fnmatch.h>
#include <string.h>

/* Hidden when a directory above them has to be bound whole. */
static const char *const secrets[] = {
    "/etc/gshadow",
    "/etc/gshadow-",
    "/etc/letsencrypt/archive",
    "/etc/letsencrypt/keys",
    "/etc/letsencrypt/live",
    "/etc/pki/tls/private",
    "/etc/security/opasswd",
    "/etc/shadow",
    "/etc/shadow-",
    "/etc/ssh",
    "/etc/ssl/private",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/root/.ssh",
    "/var/lib/systemd",
};

/* Names that mean secrets wherever they are. */
static const char *const secret_names[] = { ".ssh", ".gnupg", ".aws", ".kube", "private" };

static bool policy_in(const char *const *table, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i], path) == 0)
            return true;
    return false;
}

/* /usr/lib/x86_64-linux-gnu and its aliases: every library of the host. */
static bool policy_is_triplet(const char *path)
{
    const char *name = path_name(path);

    return strstr(name, "-linux-gnu") &&
           (str_starts_with(path, "/usr/lib/") || str_starts_with(path, "/lib/") ||
            str_starts_with(path, "/usr/local/lib/"));
}

/* A person's home directory: /home/someone. */
static bool policy_is_home(const char *path)
{
    return str_starts_with(path, "/home/") && !strchr(path + strlen("/home/"), '/');
}

bool policy_is_guarded(const char *path)
{
    if (place_is_guarded(path) || policy_is_triplet(path) || policy_is_home(path) ||
        policy_in(secret_names, ELEMENTS_OF(secret_names), path_name(path)))
        return true;
    for (size_t i = 0; i < ELEMENTS_OF(secrets); i++)
        if (path_is_within(secrets[i], path))
            return true;
    return false;
}

void policy_secrets_below(const char *path, struct strings *ret)
{
    for (size_t i = 0; i < ELEMENTS_OF(secrets); i++)
        if (path_is_within(secrets[i], path) && strcmp(secrets[i], path) != 0)
            strings_add(ret, secrets[i]);
    for (size_t i = 0; policy_is_home(path) && i < ELEMENTS_OF(secret_names); i++) {
        CLEANUP(free_char) char *secret = path_join(path, secret_names[i]);
        strings_add(ret, secret);
    }
}

enum unit_kind {
    UNIT_FILES,  /* single files; directories only where that costs little */
    UNIT_DATA,   /* the directory this many levels below belongs to one thing */
    UNIT_PARENT, /* an unknown directory: the files beside a used file belong to it */
};

struct unit_rule {
    const char *below;
    enum unit_kind kind;
    size_t depth;       /* levels below `below` */
    bool writes_nearby; /* only the directory that is written is made writable, not the unit */
};

/* The longest `below` decides. */
static const struct unit_rule unit_rules[] = {
    { "/", UNIT_PARENT, 0, true },
    { "/boot", UNIT_FILES, 0, true },
    { "/bin", UNIT_FILES, 0, true },
    { "/dev", UNIT_FILES, 0, true },
    { "/etc", UNIT_DATA, 1, true },
    { "/etc/alternatives", UNIT_FILES, 0, true },
    { "/etc/apt", UNIT_FILES, 0, true },
    { "/etc/default", UNIT_FILES, 0, true },
    { "/etc/letsencrypt", UNIT_FILES, 0, true },
    { "/etc/letsencrypt/archive", UNIT_DATA, 1, true },
    { "/etc/letsencrypt/live", UNIT_DATA, 1, true },
    { "/etc/pam.d", UNIT_FILES, 0, true },
    { "/etc/pki", UNIT_DATA, 1, true },
    { "/etc/pki/tls", UNIT_DATA, 1, true },
    { "/etc/security", UNIT_FILES, 0, true },
    { "/etc/ssh", UNIT_FILES, 0, true },
    { "/etc/ssl", UNIT_DATA, 1, true },
    { "/etc/ssl/private", UNIT_FILES, 0, true },
    { "/etc/systemd", UNIT_FILES, 0, true },
    { "/home", UNIT_DATA, 2, true },
    { "/lib", UNIT_FILES, 0, true },
    { "/lib32", UNIT_FILES, 0, true },
    { "/lib64", UNIT_FILES, 0, true },
    { "/libx32", UNIT_FILES, 0, true },
    { "/media", UNIT_DATA, 2, true },
    { "/mnt", UNIT_DATA, 1, true },
    { "/opt", UNIT_DATA, 1, true },
    { "/proc", UNIT_FILES, 0, true },
    { "/root", UNIT_DATA, 1, true },
    { "/run", UNIT_FILES, 0, true },
    { "/sbin", UNIT_FILES, 0, true },
    { "/srv", UNIT_DATA, 1, true },
    { "/sys", UNIT_FILES, 0, true },
    { "/usr", UNIT_FILES, 0, true },
    { "/usr/local/share", UNIT_DATA, 1, true },
    { "/usr/share", UNIT_DATA, 1, true },
    { "/usr/share/i18n", UNIT_FILES, 0, true },
    { "/usr/share/locale", UNIT_DATA, 1, true }, /* a language; every start reads locale.alias */
    { "/usr/share/zoneinfo", UNIT_FILES, 0, true },
    { "/var", UNIT_FILES, 0, true },
    { "/var/cache", UNIT_DATA, 1, false },
    { "/var/lib", UNIT_DATA, 1, false },
    { "/var/lib/dpkg", UNIT_FILES, 0, true },
    { "/var/lib/private", UNIT_DATA, 1, false },
    { "/var/lib/systemd", UNIT_FILES, 0, true },
    { "/var/log", UNIT_DATA, 1, false },
    { "/var/opt", UNIT_DATA, 1, false },
    { "/var/spool", UNIT_DATA, 1, false },
    { "/var/www", UNIT_DATA, 1, true },
};

static const struct unit_rule *policy_rule(const char *real)
{
    const struct unit_rule *best = &unit_rules[0];

    for (size_t i = 1; i < ELEMENTS_OF(unit_rules); i++)
        if (path_is_within(real, unit_rules[i].below) &&
            strlen(unit_rules[i].below) > strlen(best->below))
            best = &unit_rules[i];
    return best;
}

/* The component of `path` at `depth` (1 is the first) starts with a dot. */
static bool policy_is_hidden(const char *path, size_t depth)
{
    for (; *path; path++)
        if (path[0] == '/' && --depth == 0)
            return path[1] == '.';
    return false;
}

/* An interpreter's standard library belongs together, like Python's, because error paths load more
 * of it. Packages add their files elsewhere. */
static size_t policy_library_depth(const char *real)
{
    static const struct {
        const char *pattern;
        size_t depth;
    } libraries[] = {
        { "/usr/lib/*-linux-gnu*/perl-base/*", 4 },
        { "/usr/lib/*-linux-gnu*/perl/5*/*", 5 },
        { "/usr/share/perl/5*/*", 4 },
        { "/usr/lib/python3.*/*", 3 },
        { "/usr/lib/ruby/[0-9]*/*", 4 },
    };

    for (size_t i = 0; i < ELEMENTS_OF(libraries); i++)
        if (fnmatch(libraries[i].pattern, real, 0) == 0 && place_depth(real) > libraries[i].depth)
            return libraries[i].depth;
    return 0;
}

size_t policy_unit_depth(const char *real, bool written, bool code)
{
    const struct unit_rule *rule = policy_rule(real);
    size_t depth = place_depth(real);
    size_t unit = place_depth(rule->below) + rule->depth;
    size_t modules = written ? 0 : policy_modules_depth(real);

    if (modules)
        return depth <= modules + 1 ? 0 : modules + 1;
    if (!written && policy_library_depth(real))
        return policy_library_depth(real);
    if (rule->kind == UNIT_FILES || (written && rule->writes_nearby))
        return 0;
    if (rule->kind == UNIT_PARENT) {
        CLEANUP(free_char) char *parent = path_parent(real);
        return code || policy_is_guarded(parent) ? 0 : depth - 1;
    }
    /* Dot files of a home are each their own thing. */
    return depth <= unit || policy_is_hidden(real, unit) ? 0 : unit;
}

bool policy_is_replaced(const char *path)
{
    static const char *const replaced[] = {
        "/etc/group",  "/etc/gshadow",     "/etc/hosts",    "/etc/localtime", "/etc/nsswitch.conf",
        "/etc/passwd", "/etc/resolv.conf", "/etc/services", "/etc/shadow",    "/etc/timezone",
    };

    return policy_in(replaced, ELEMENTS_OF(replaced), path);
}

bool policy_is_standard_device(const char *path)
{
    /* systemd 252 and 257, mount_private_dev() */
    static const char *const nodes[] = {
        "/dev",       "/dev/null", "/dev/zero", "/dev/full",   "/dev/random", "/dev/urandom",
        "/dev/tty",   "/dev/ptmx", "/dev/pts",  "/dev/shm",    "/dev/mqueue", "/dev/hugepages",
        "/dev/stdin", "/dev/fd",   "/dev/log",  "/dev/stdout", "/dev/stderr",
    };

    return policy_in(nodes, ELEMENTS_OF(nodes), path) || path_is_within(path, "/dev/pts") ||
           path_is_within(path, "/dev/shm") || path_is_within(path, "/dev/mqueue") ||
           path_is_within(path, "/dev/fd");
}

const char *const policy_writable_devices[] = { "/dev/hugepages", "/dev/mqueue", "/dev/pts",
                                                "/dev/shm", NULL };

bool policy_is_unbindable(const char *path)
{
    return strcmp(path, "/proc/sys/kernel/random/boot_id") == 0;
}

/* Where privileged programs listen, or take orders from files (systemd, dbus, docker, ...). */
const char *const policy_doors[] = {
    "/run/containerd",
    "/run/crio",
    "/run/dbus",
    "/run/docker",
    "/run/docker.sock",
    "/run/incus",
    "/run/libvirt",
    "/run/lxd",
    "/run/podman",
    "/run/polkit",
    "/run/screen",
    "/run/snapd-snap.socket",
    "/run/snapd.socket",
    "/run/sudo",
    "/run/systemd/generator",
    "/run/systemd/generator.early",
    "/run/systemd/generator.late",
    "/run/systemd/io.system.ManagedOOM",
    "/run/systemd/private",
    "/run/systemd/system",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/tmux",
    "/run/udev",
    NULL,
};

bool policy_is_door(const char *directory)
{
    for (size_t i = 0; policy_doors[i]; i++)
        if (path_is_within(directory, policy_doors[i]))
            return true;
    return false;
}

/* The end of the word at `at`; NULL when it is none of the words. */
static const char *after_word(const char *at, const char *const *words)
{
    for (; *words; words++) {
        size_t length = strlen(*words);
        if (strncmp(at, *words, length) == 0 && (at[length] == '/' || !at[length]))
            return at + length;
    }
    return NULL;
}

size_t policy_modules_depth(const char *real)
{
    static const char *const libraries[] = { "/usr/lib", "/usr/lib64", "/usr/local/lib",
                                             "/usr/local/lib64", NULL };
    static const char *const shared[] = { "/dist-packages", "/site-packages", NULL };
    const char *at = after_word(real, libraries);

    if (!at || !str_starts_with(at, "/python3"))
        return 0;
    at += 1 + strcspn(at + 1, "/");
    at = after_word(at, shared);
    if (!at)
        return 0;
    CLEANUP(free_char) char *directory = mem_strndup(real, (size_t)(at - real));
    return place_depth(directory);
}
