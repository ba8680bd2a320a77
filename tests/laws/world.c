// SPDX-License-Identifier: LGPL-2.1-or-later
/* The machine and its service's uses of paths; world_calls.c has what else the service does. */
#include "world_inside.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SERVICE_UID 33

/* SplitMix64: small, and the same everywhere. */
unsigned dice_throw(struct dice *dice, unsigned sides)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (unsigned)((z ^ (z >> 31)) % sides);
}

bool dice_once_in(struct dice *dice, unsigned times)
{
    return dice_throw(dice, times) == 0;
}

static unsigned long number_from(const char *variable, unsigned long otherwise)
{
    const char *text = getenv(variable);

    return text && *text ? strtoul(text, NULL, 10) : otherwise;
}

struct seeds world_seeds(unsigned a_round, unsigned long rounds)
{
    unsigned long asked = number_from("CINCH_LAWS_SEED", 0);
    unsigned long from = number_from("CINCH_LAWS_FROM", 1);

    if (asked)
        return (struct seeds){ asked, asked + 1 };
    return (struct seeds){ from, from + number_from("CINCH_LAWS_ROUNDS", rounds) * a_round };
}

/* Directories end in "/", links have a target, "=" marks sockets and "#" device nodes. */
static const struct {
    const char *path, *target;
} tree[] = {
    { "/bin", "usr/bin" },
    { "/lib", "usr/lib" },
    { "/lib64", "usr/lib64" },
    { "/sbin", "usr/sbin" },
    { "/boot/", NULL },
    { "/boot/vmlinuz", NULL },
    { "/dev/", NULL },
    { "/dev/log", "/run/systemd/journal/dev-log" },
    { "/dev/null#", NULL },
    { "/dev/urandom#", NULL },
    { "/dev/fuse#", NULL },
    { "/dev/kvm#", NULL },
    { "/dev/rtc0#", NULL },
    { "/dev/kmsg#", NULL },
    { "/dev/shm/", NULL },
    { "/dev/snd/pcm0#", NULL },
    { "/dev/snd/pcm1#", NULL },
    { "/etc/", NULL },
    { "/etc/alternatives/", NULL },
    { "/etc/alternatives/served", "/usr/bin/helper" },
    { "/etc/group", NULL },
    { "/etc/localtime", "/usr/share/zoneinfo/Europe/Berlin" },
    { "/etc/nsswitch.conf", NULL },
    { "/etc/passwd", NULL },
    { "/etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf" },
    { "/etc/served/", NULL },
    { "/etc/served/conf.d/", NULL },
    { "/etc/served/conf.d/a b.conf", NULL },
    { "/etc/served/conf.d/b.conf", NULL },
    { "/etc/served/key.pem", NULL },
    { "/etc/served/served.conf", NULL },
    { "/etc/served/site", "/srv/current" },
    { "/etc/shadow", NULL },
    { "/etc/ssh/", NULL },
    { "/etc/ssh/ssh_host_key", NULL },
    { "/home/", NULL },
    { "/home/user/", NULL },
    { "/home/user/.served", NULL },
    { "/home/user/notes", NULL },
    { "/opt/", NULL },
    { "/opt/app/", NULL },
    { "/opt/app/bin/", NULL },
    { "/opt/app/bin/tool", NULL },
    { "/opt/app/lib/", NULL },
    { "/opt/app/lib/plugin.so", NULL },
    { "/proc/cpuinfo", NULL },
    { "/proc/self/cgroup", NULL },
    { "/proc/self/status", NULL },
    { "/proc/<pid>/stat", NULL },
    { "/proc/sys/net/core/somaxconn", NULL },
    { "/proc/sys/vm/overcommit_memory", NULL },
    { "/root/", NULL },
    { "/root/.rc", NULL },
    { "/run/", NULL },
    { "/run/db/", NULL },
    { "/run/db/db.sock=", NULL },
    { "/run/lock/", NULL },
    { "/run/served/", NULL },
    { "/run/systemd/", NULL },
    { "/run/systemd/journal/", NULL },
    { "/run/systemd/journal/dev-log=", NULL },
    { "/run/systemd/journal/socket=", NULL },
    { "/run/systemd/notify=", NULL },
    { "/run/systemd/resolve/", NULL },
    { "/run/systemd/resolve/stub-resolv.conf", NULL },
    { "/srv/", NULL },
    { "/srv/current", "releases/2" },
    { "/srv/releases/", NULL },
    { "/srv/releases/1/", NULL },
    { "/srv/releases/1/index", NULL },
    { "/srv/releases/2/", NULL },
    { "/srv/releases/2/deep/", NULL },
    { "/srv/releases/2/deep/er/", NULL },
    { "/srv/releases/2/deep/er/page", NULL },
    { "/srv/releases/2/index", NULL },
    { "/srv/releases/2/up", "../1/index" },
    { "/srv/upload/", NULL },
    { "/sys/class/net/lo", NULL },
    { "/sys/fs/bpf/map", NULL },
    { "/sys/fs/cgroup/memory.max", NULL },
    { "/sys/fs/ext4/features", NULL },
    { "/sys/kernel/mm/hugepage", NULL },
    { "/tmp/", NULL },
    { "/tmp/others", NULL },
    { "/tmp/others.d/", NULL },
    { "/tmp/x.sock=", NULL },
    { "/usr/", NULL },
    { "/usr/bin/", NULL },
    { "/usr/bin/alt", "/etc/alternatives/served" },
    { "/usr/bin/dash", NULL },
    { "/usr/bin/helper", NULL },
    { "/usr/bin/kill", NULL },
    { "/usr/bin/served", NULL },
    { "/usr/bin/sh", "dash" },
    { "/usr/lib/", NULL },
    { "/usr/lib/locale/", NULL },
    { "/usr/lib/locale/C.utf8/", NULL },
    { "/usr/lib/locale/C.utf8/LC_ALL", NULL },
    { "/usr/lib/modules/", NULL },
    { "/usr/lib/modules/list", NULL },
    { "/usr/lib/python3/", NULL },
    { "/usr/lib/python3/dist-packages/", NULL },
    { "/usr/lib/python3/dist-packages/link", "web/in" },
    { "/usr/lib/python3/dist-packages/six.py", NULL },
    { "/usr/lib/python3/dist-packages/web/", NULL },
    { "/usr/lib/python3/dist-packages/web/in/", NULL },
    { "/usr/lib/python3/dist-packages/web/in/a.py", NULL },
    { "/usr/lib/x86_64-linux-gnu/", NULL },
    { "/usr/lib/x86_64-linux-gnu/ld.so", NULL },
    { "/usr/lib/x86_64-linux-gnu/libc.so.6", NULL },
    { "/usr/lib/x86_64-linux-gnu/libfoo.so.1", "libfoo.so.1.2.3" },
    { "/usr/lib/x86_64-linux-gnu/libfoo.so.1.2.3", NULL },
    { "/usr/lib64/", NULL },
    { "/usr/lib64/ld.so.2", "../lib/x86_64-linux-gnu/ld.so" },
    { "/usr/sbin/", NULL },
    { "/usr/sbin/served", "../bin/served" },
    { "/usr/share/", NULL },
    { "/usr/share/served/", NULL },
    { "/usr/share/served/one", NULL },
    { "/usr/share/served/two", NULL },
    { "/usr/share/zoneinfo/", NULL },
    { "/usr/share/zoneinfo/Europe/", NULL },
    { "/usr/share/zoneinfo/Europe/Berlin", NULL },
    { "/var/", NULL },
    { "/var/cache/", NULL },
    { "/var/cache/served/", NULL },
    { "/var/lib/", NULL },
    { "/var/lib/served/", NULL },
    { "/var/lib/served/data", NULL },
    { "/var/lock", "/run/lock" },
    { "/var/log/", NULL },
    { "/var/log/served.log", NULL },
    { "/var/log/served/", NULL },
    { "/var/log/served/access.log", NULL },
    { "/var/run", "/run" },
    { "/var/tmp/", NULL },
};

static void machine_build(struct machine *machine)
{
    static const struct {
        char mark;
        enum file_type type;
    } marks[] = { { '/', FILE_DIRECTORY }, { '=', FILE_SOCKET }, { '#', FILE_CHAR_DEVICE } };

    for (size_t i = 0; i < ELEMENTS_OF(tree) && i < NODES_MAX; i++) {
        struct node *node = &machine->nodes[machine->count++];
        size_t length = strlen(tree[i].path);
        char last = tree[i].path[length - 1];
        *node = (struct node){ .type = tree[i].target ? FILE_SYMLINK : FILE_REGULAR,
                               .target = tree[i].target };
        for (size_t k = 0; k < ELEMENTS_OF(marks); k++)
            if (last == marks[k].mark)
                node->type = marks[k].type;
        node->path = mem_strndup(
            tree[i].path, length - (node->type != FILE_REGULAR && node->type != FILE_SYMLINK));
    }
}

void machine_done(struct machine *machine)
{
    for (size_t i = 0; i < machine->count; i++)
        free(machine->nodes[i].path);
    machine->count = 0;
}

struct node *machine_find(struct machine *machine, const char *path)
{
    for (size_t i = 0; i < machine->count; i++)
        if (strcmp(machine->nodes[i].path, path) == 0)
            return &machine->nodes[i];
    return NULL;
}

struct node *machine_add(struct machine *machine, const char *path, enum file_type type)
{
    struct node *node = machine_find(machine, path);

    if (!node && machine->count == NODES_MAX)
        return NULL;
    if (!node) {
        node = &machine->nodes[machine->count++];
        *node = (struct node){ .path = mem_strdup(path) };
    }
    node->type = type;
    node->named = true;
    return node;
}

/* Where a name leads, and a PATH_LINK fact of each link on the way. */
static char *machine_resolve(struct service *service, const char *name, bool last)
{
    CLEANUP(free_char) char *left = path_normalise(name);
    char *at = mem_strdup("/");
    size_t links = 0;

    for (const char *rest = left + 1; *rest;) {
        size_t length = strcspn(rest, "/");
        CLEANUP(free_char) char *component = mem_strndup(rest, length);
        const char *after = rest + length + (rest[length] == '/');
        char *next = strcmp(component, "..") == 0 ? path_parent(at) : path_join(at, component);
        struct node *node = machine_find(service->machine, next);
        if (!node || node->type != FILE_SYMLINK || (!*after && !last) || links++ > 40) {
            free(at);
            at = next;
            rest = after;
            continue;
        }
        service_see_path(service, PATH_LINK, next, next, 0, true, "openat");
        CLEANUP(free_char) char *start = path_join(at, node->target);
        CLEANUP(free_char) char *longer = *after ? path_join(start, after) : mem_strdup(start);
        free(left);
        left = path_normalise(longer);
        rest = left + 1;
        free(next);
        free(at);
        at = mem_strdup("/");
    }
    return at;
}

/* Another name of a node: some directory above it by a link that leads there. */
static char *machine_other_name(struct service *service, const char *path)
{
    struct machine *machine = service->machine;

    for (size_t tries = 0; tries < 6; tries++) {
        const struct node *link = &machine->nodes[dice_throw(service->dice, machine->count)];
        if (link->type != FILE_SYMLINK)
            continue;
        CLEANUP(free_char) char *parent = path_parent(link->path);
        CLEANUP(free_char) char *target = path_join(parent, link->target);
        CLEANUP(free_char) char *plain = path_normalise(target);
        if (!strstr(plain, "/..") && path_is_within(path, plain))
            return mem_printf("%s%s", link->path, path + strlen(plain));
    }
    return mem_strdup(path);
}

void service_see_path(struct service *service, enum path_use use, const char *requested,
                      const char *path, int outcome, bool foreign, const char *call)
{
    struct fact fact = { .kind = FACT_PATH,
                         .outcome = outcome,
                         .path = { .use = use,
                                   .path = (char *)(uintptr_t)path,
                                   .requested = (char *)(uintptr_t)requested } };
    struct node *node = machine_find(service->machine, path);

    if (node)
        node->named = true;
    service_see(service, &fact, call, foreign);
}

/* ---- what it does ---- */

static bool is_code(const char *path)
{
    return path_is_within(path, "/usr/bin") || path_is_within(path, "/usr/lib/x86_64-linux-gnu") ||
           path_is_within(path, "/opt/app");
}

static void use_node(struct service *service, enum path_use use, const char *call)
{
    struct machine *machine = service->machine;
    const struct node *node = &machine->nodes[dice_throw(service->dice, machine->count)];

    if (node->type == FILE_SYMLINK || node->type == FILE_MISSING)
        return;
    if ((use == PATH_LIST) != (node->type == FILE_DIRECTORY) && use != PATH_STAT &&
        !(use == PATH_READ && dice_once_in(service->dice, 4)))
        return;
    if ((use == PATH_CONNECT) != (node->type == FILE_SOCKET) && use != PATH_STAT)
        return;
    if ((use == PATH_EXECUTE || use == PATH_MAP_EXECUTE) && !is_code(node->path))
        return;
    CLEANUP(free_char) char *name = machine_other_name(service, node->path);
    CLEANUP(free_char) char *path = machine_resolve(service, name, true);
    service_see_path(service, use, name, path, 0, !node->made, call);
    if (use == PATH_MAP_EXECUTE) {
        service_see_path(service, PATH_READ, name, path, 0, !node->made, "openat");
        service_see_path(service, PATH_MAP_EXECUTE, path, path, 0, !node->made, "mmap");
    }
}

/* How large the file system of a directory is. */
static void size_something(struct service *service)
{
    const struct node *node =
        &service->machine->nodes[dice_throw(service->dice, service->machine->count)];

    if (node->type != FILE_DIRECTORY)
        return;
    CLEANUP(free_char) char *name = machine_other_name(service, node->path);
    CLEANUP(free_char) char *path = machine_resolve(service, name, true);
    struct fact fact = { .kind = FACT_ARGUMENT, .argument = { .value = path } };
    fact.argument.call = fact.argument.topic = (char *)(uintptr_t) "statfs";
    service_see_path(service, PATH_STAT, name, path, 0, !node->made, "statfs");
    service_see(service, &fact, "statfs", false);
}

static const char *const writable[] = { "/var/lib/served",
                                        "/var/log",
                                        "/var/log/served",
                                        "/run",
                                        "/run/served",
                                        "/run/lock",
                                        "/tmp",
                                        "/tmp/others.d",
                                        "/var/tmp",
                                        "/srv/upload",
                                        "/home/user",
                                        "/etc/served",
                                        "/var/cache/served",
                                        "/var/run",
                                        "/var/lock",
                                        "/etc/served/site/deep",
                                        "/dev/shm" };

/* A name that is not there, in a directory where things are made. */
static char *new_name(struct service *service)
{
    const char *where = writable[dice_throw(service->dice, ELEMENTS_OF(writable))];

    return mem_printf("%s/new%u", where, dice_throw(service->dice, 4));
}

static void make_something(struct service *service)
{
    static const struct {
        enum path_use use;
        enum file_type type;
        const char *call;
    } ways[] = { { PATH_CREATE, FILE_REGULAR, "openat" },
                 { PATH_CREATE, FILE_REGULAR, "rename" },
                 { PATH_CREATE, FILE_DIRECTORY, "mkdir" },
                 { PATH_BIND, FILE_SOCKET, "bind" } };
    size_t way = dice_throw(service->dice, ELEMENTS_OF(ways));
    CLEANUP(free_char) char *name = new_name(service);
    CLEANUP(free_char) char *path = machine_resolve(service, name, false);
    struct node *there = machine_find(service->machine, path);

    if (there && there->type != FILE_MISSING)
        return;
    if (strcmp(ways[way].call, "rename") == 0) {
        CLEANUP(free_char) char *before = mem_printf("%s.tmp", name);
        CLEANUP(free_char) char *real = mem_printf("%s.tmp", path);
        service_see_path(service, PATH_CREATE, before, real, 0, false, "openat");
        service_see_path(service, PATH_DELETE, before, real, 0, false, "rename");
        machine_add(service->machine, real, FILE_MISSING);
    }
    service_see_path(service, ways[way].use, name, path, 0, false, ways[way].call);
    there = machine_add(service->machine, path, ways[way].type);
    if (!there)
        return;
    there->made = true;
    if (ways[way].type == FILE_REGULAR)
        service_see_path(service, PATH_WRITE, name, path, 0, false, "openat");
    if (ways[way].type == FILE_DIRECTORY && dice_once_in(service->dice, 2)) {
        CLEANUP(free_char) char *below = path_join(name, "inner");
        CLEANUP(free_char) char *real = path_join(path, "inner");
        service_see_path(service, PATH_CREATE, below, real, 0, false, "openat");
        there = machine_add(service->machine, real, FILE_REGULAR);
        if (there)
            there->made = true;
    }
}

static void remove_something(struct service *service)
{
    CLEANUP(free_char) char *name = new_name(service);
    CLEANUP(free_char) char *path = machine_resolve(service, name, false);
    struct node *there = machine_find(service->machine, path);
    bool gone = !there || there->type == FILE_MISSING;

    if (!gone && there->type == FILE_DIRECTORY)
        service_see_path(service, PATH_DELETE, name, path, ENOTEMPTY, !there->made, "rmdir");
    else
        service_see_path(service, PATH_DELETE, name, path, gone ? ENOENT : 0, !gone && !there->made,
                         "unlink");
    machine_add(service->machine, path,
                !gone && there->type == FILE_DIRECTORY ? FILE_DIRECTORY : FILE_MISSING);
}

/* Which file system a directory is on: only within one can names move. */
static unsigned file_system_of(const char *path)
{
    static const char *const others[] = { "/run", "/dev/shm", "/tmp" };

    for (unsigned i = 0; i < ELEMENTS_OF(others); i++)
        if (path_is_within(path, others[i]))
            return i + 1;
    return 0;
}

/* Something made in one directory and renamed, or linked, into another. */
static void move_something(struct service *service)
{
    static const char *const calls[] = { "rename", "linkat" };
    unsigned way = dice_throw(service->dice, ELEMENTS_OF(calls));
    CLEANUP(free_char) char *from = new_name(service);
    CLEANUP(free_char) char *to = new_name(service);
    CLEANUP(free_char) char *real_from = machine_resolve(service, from, false);
    CLEANUP(free_char) char *real_to = machine_resolve(service, to, false);
    CLEANUP(free_char) char *left = path_parent(from);
    CLEANUP(free_char) char *entered = path_parent(to);
    struct fact fact = { .kind = FACT_MOVE, .move = { left, entered } };
    const struct node *there = machine_find(service->machine, real_to);
    const struct node *old = machine_find(service->machine, real_from);

    if (file_system_of(real_from) == file_system_of(real_to) && strcmp(left, entered) != 0 &&
        (!there || there->type == FILE_MISSING) && (!old || old->type == FILE_MISSING)) {
        service_see_path(service, PATH_CREATE, from, real_from, 0, false, "openat");
        service_see_path(service, way ? PATH_WRITE : PATH_DELETE, from, real_from, 0, false,
                         calls[way]);
        service_see_path(service, PATH_CREATE, to, real_to, 0, false, calls[way]);
        service_see(service, &fact, calls[way], false);
        machine_add(service->machine, real_from, way ? FILE_REGULAR : FILE_MISSING);
        struct node *made = machine_add(service->machine, real_to, FILE_REGULAR);
        if (made)
            made->made = true;
    }
}

/* A look for what is not there. */
static void miss_something(struct service *service)
{
    static const struct {
        enum path_use use;
        const char *call;
    } ways[] = { { PATH_READ, "openat" },
                 { PATH_STAT, "newfstatat" },
                 { PATH_WRITE, "openat" },
                 { PATH_EXECUTE, "execve" },
                 { PATH_CONNECT, "connect" } };
    struct machine *machine = service->machine;
    const struct node *node = &machine->nodes[dice_throw(service->dice, machine->count)];
    size_t way = dice_throw(service->dice, ELEMENTS_OF(ways));

    if (node->type != FILE_DIRECTORY)
        return;
    CLEANUP(free_char)
    char *name = mem_printf("%s/none%u", node->path, dice_throw(service->dice, 3));
    machine_add(machine, name, FILE_MISSING);
    service_see_path(service, ways[way].use, name, name, ENOENT, false, ways[way].call);
}

/* mkdir of what is there, readlink of what is no link. */
static void fail_on_something(struct service *service)
{
    struct machine *machine = service->machine;
    const struct node *node = &machine->nodes[dice_throw(service->dice, machine->count)];

    if (node->type == FILE_DIRECTORY && dice_once_in(service->dice, 2))
        service_see_path(service, PATH_CREATE, node->path, node->path, EEXIST, !node->made,
                         "mkdir");
    else if (node->type == FILE_DIRECTORY || node->type == FILE_REGULAR)
        service_see_path(service, PATH_STAT, node->path, node->path, EINVAL, !node->made,
                         "readlink");
    else if (node->type == FILE_SOCKET)
        service_see_path(service, PATH_CONNECT, node->path, node->path, ECONNREFUSED, true,
                         "connect");
}

static void do_something(struct service *service)
{
    static const struct {
        unsigned weight;
        enum path_use use;
        const char *call;
    } uses[] = { { 8, PATH_READ, "openat" },    { 5, PATH_STAT, "newfstatat" },
                 { 2, PATH_LIST, "openat" },    { 3, PATH_MAP_EXECUTE, "openat" },
                 { 1, PATH_EXECUTE, "execve" }, { 2, PATH_WRITE, "openat" },
                 { 2, PATH_CONNECT, "connect" } };
    static void (*const others[])(struct service *) = { make_something, remove_something,
                                                        miss_something, fail_on_something };
    unsigned thrown = dice_throw(service->dice, 36);

    if (dice_once_in(service->dice, 40))
        move_something(service);
    if (dice_once_in(service->dice, 80))
        size_something(service);

    for (size_t i = 0; i < ELEMENTS_OF(uses); i++) {
        if (thrown < uses[i].weight) {
            use_node(service, uses[i].use, uses[i].call);
            return;
        }
        thrown -= uses[i].weight;
    }
    others[thrown % ELEMENTS_OF(others)](service);
}

/* A folded directory: one that is there, or that the service made. */
static void crowd_something(struct service *service)
{
    static const struct {
        enum path_use use;
        int outcome;
        const char *call;
    } ways[] = { { PATH_READ, 0, "openat" },      { PATH_STAT, 0, "newfstatat" },
                 { PATH_LIST, 0, "openat" },      { PATH_WRITE, 0, "openat" },
                 { PATH_CREATE, 0, "openat" },    { PATH_DELETE, 0, "unlink" },
                 { PATH_STAT, ENOENT, "access" }, { PATH_DELETE, ENOENT, "unlink" },
                 { PATH_BIND, 0, "bind" } };
    struct machine *machine = service->machine;
    const struct node *node = &machine->nodes[dice_throw(service->dice, machine->count)];
    bool foreign = dice_once_in(service->dice, 2);

    if (node->type != FILE_DIRECTORY || path_is_within(node->path, "/dev") ||
        path_is_within(node->path, "/sys"))
        return;
    CLEANUP(free_char) char *name = machine_other_name(service, node->path);
    CLEANUP(free_char) char *path = machine_resolve(service, name, true);
    struct node *real = machine_find(machine, path);
    CLEANUP(free_char) char *names = mem_printf("%s/", name);
    CLEANUP(free_char) char *paths = mem_printf("%s/", path);
    if (!real)
        return;
    real->named = true;
    if (!foreign) /* what was not there before was made */
        service_see_path(service, PATH_CREATE, names, paths, 0, false, "openat");
    for (unsigned i = 0; i < 3; i++) {
        size_t way = dice_throw(service->dice, ELEMENTS_OF(ways));
        service_see_path(service, ways[way].use, names, paths, ways[way].outcome,
                         foreign && !ways[way].outcome, ways[way].call);
    }
    if (dice_once_in(service->dice, 3)) /* of links */
        service_see_path(service, PATH_READ, names, "/usr/share/served/one", 0, true, "openat");
}

/* Every service starts like this. */
static void start_up(struct service *service)
{
    static const struct {
        const char *name;
        enum path_use use;
        const char *call;
    } steps[] = { { "/usr/bin/served", PATH_EXECUTE, "execve" },
                  { "/lib64/ld.so.2", PATH_EXECUTE, "execve" },
                  { "/lib/x86_64-linux-gnu/libc.so.6", PATH_READ, "openat" } };

    for (size_t i = 0; i < ELEMENTS_OF(steps); i++) {
        CLEANUP(free_char) char *path = machine_resolve(service, steps[i].name, true);
        service_see_path(service, steps[i].use, steps[i].name, path, 0, true, steps[i].call);
    }
    service_see_path(service, PATH_MAP_EXECUTE, "/usr/lib/x86_64-linux-gnu/libc.so.6",
                     "/usr/lib/x86_64-linux-gnu/libc.so.6", 0, true, "mmap");
}

/* Most is root's, some the service's own, and a little is someone else's. */
static unsigned owner_of(const char *path)
{
    if (path_is_within(path, "/home/user"))
        return 1000;
    return path_is_within(path, "/srv/upload") || path_is_within(path, "/var/lib/served")
               ? SERVICE_UID
               : 0;
}

/* A few directories nobody else may look into. */
static unsigned mode_of(const struct node *node)
{
    static const char *const closed[] = { "/home/user", "/etc/ssh", "/var/lib/served", "/root" };

    for (size_t i = 0; node->type == FILE_DIRECTORY && i < ELEMENTS_OF(closed); i++)
        if (strcmp(node->path, closed[i]) == 0)
            return 0700;
    return 0755;
}

/* What a node lies on: one disk a run; older profiles do not say. */
static const char *filesystem_of(const struct service *service, const struct node *node)
{
    static const char *const disks[] = {
        "ext4", "ext4", "btrfs", "xfs", "overlay", "0x2fc12fc1", ""
    };
    static const char *const memory[] = { "/dev", "/run", "/tmp" };
    const char *disk = disks[strtoul(service->run, NULL, 10) % ELEMENTS_OF(disks)];

    if (node->type == FILE_MISSING || !*disk)
        return "";
    for (size_t i = 0; i < ELEMENTS_OF(memory); i++)
        if (path_is_within(node->path, memory[i]))
            return "tmpfs";
    if (path_is_within(node->path, "/sys"))
        return "sysfs";
    return path_is_within(node->path, "/srv") ? "nfs" : disk;
}

/* The census of what was named and of everything above it. */
static void take_census(struct service *service)
{
    struct machine *machine = service->machine;

    for (size_t i = 0; i < machine->count; i++)
        for (size_t k = 0; k < machine->count; k++)
            machine->nodes[i].named |=
                machine->nodes[k].named &&
                path_is_within(machine->nodes[k].path, machine->nodes[i].path);
    for (size_t i = 0; i < machine->count; i++) {
        const struct node *node = &machine->nodes[i];
        struct host_file file = { .path = node->path,
                                  .type = node->type,
                                  .mode = mode_of(node),
                                  .uid = owner_of(node->path),
                                  .target = (char *)(uintptr_t)(node->target ? node->target : ""),
                                  .entries = -1,
                                  .unused = -1,
                                  .filesystem = (char *)(uintptr_t)filesystem_of(service, node) };
        if (!node->named || str_starts_with(node->path, "/proc/<pid>"))
            continue;
        for (size_t k = 0; node->type == FILE_DIRECTORY && k < machine->count; k++) {
            if (i == k || !path_is_within(machine->nodes[k].path, node->path))
                continue;
            file.entries = file.entries < 0 ? 1 : file.entries + 1;
            file.unused = (file.unused < 0 ? 0 : file.unused) + !machine->nodes[k].named;
        }
        profile_add_file(service->profile, &file);
    }
}

/* All runs of a service are one user's. */
static unsigned user_of(const struct profile *profile, struct dice *dice)
{
    size_t count;
    const struct run *const *runs = profile_runs(profile, &count);

    if (count)
        return runs[0]->uid;
    return dice_once_in(dice, 2) ? SERVICE_UID : 0;
}

static void run_once(struct profile *profile, struct dice *dice, const char *id, unsigned steps,
                     unsigned what)
{
    struct machine *machine = mem_new(1, sizeof(*machine));
    struct service service = { .profile = profile, .dice = dice, .machine = machine, .run = id };
    struct run run = { .id = (char *)(uintptr_t)id,
                       .complete = true,
                       .uid = user_of(profile, dice) };

    machine_build(machine);
    strings_add(&run.command, "/usr/bin/served");
    start_up(&service);
    for (unsigned i = 0; what & WORLD_PATHS && i < steps; i++)
        do_something(&service);
    for (unsigned i = dice_throw(dice, 12); what & WORLD_CROWD && i < 3; i++)
        crowd_something(&service);
    calls_do(&service, &run, what);
    take_census(&service);
    profile_add_run(profile, &run);
    strings_done(&run.command);
    strings_done(&run.environment);
    machine_done(machine);
    free(machine);
}

struct profile *world_train(uint64_t seed, unsigned runs, unsigned what)
{
    struct dice dice = { .state = seed };
    struct profile *profile = profile_new();

    profile_add_setting(profile, "arch", "x86_64");
    profile_add_setting(profile, "systemd", "252");
    profile_add_setting(profile, "libseccomp", "2.5.4");
    profile_add_setting(profile, "program /bin/kill",
                        "/bin/kill /lib64/ld.so.2 /lib/x86_64-linux-gnu/libc.so.6");
    for (unsigned i = 0; i < runs; i++) {
        CLEANUP(free_char) char *id = mem_printf("%llu-%u", (unsigned long long)seed, i);
        run_once(profile, &dice, id, 5 + dice_throw(&dice, 60), what);
    }
    return profile;
}

void world_more(struct profile *profile, uint64_t seed)
{
    struct dice dice = { .state = seed };
    CLEANUP(free_char) char *id = mem_printf("more%llu", (unsigned long long)seed);

    run_once(profile, &dice, id, 2, WORLD_PATHS | WORLD_CALLS);
}
