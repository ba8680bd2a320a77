// SPDX-License-Identifier: LGPL-2.1-or-later
/* Vetoes: whether a fact rules a value out. */
#include "systemd/core/veto.h"
#include "systemd/core/capability_table.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Programs that gain privileges when they are executed. */
const struct veto veto_gaining[] = {
    { VETO_PROGRAM, "set-id", NULL },
    { VETO_PROGRAM, "file-caps", NULL },
    { 0 },
};

/* What PrivateDevices= refuses beside device nodes: @raw-io, and making nodes. */
const struct veto veto_devices[] = {
    { VETO_SYSCALL, "ioperm", NULL },
    { VETO_SYSCALL, "iopl", NULL },
    { VETO_SYSCALL, "pciconfig_iobase", NULL },
    { VETO_SYSCALL, "pciconfig_read", NULL },
    { VETO_SYSCALL, "pciconfig_write", NULL },
    { VETO_SYSCALL, "s390_pci_mmio_read", NULL },
    { VETO_SYSCALL, "s390_pci_mmio_write", NULL },
    { VETO_ARGUMENT, "mknod", "S_IFCHR" },
    { VETO_ARGUMENT, "mknod", "S_IFBLK" },
    { VETO_MAP, "/dev", NULL },
    { VETO_CAPABILITY, "CAP_MKNOD", NULL },
    { VETO_CAPABILITY, "CAP_SYS_RAWIO", NULL },
    { 0 },
};

static bool path_matches(const struct fact *fact, const struct veto *veto)
{
    return path_may_be_within(fact->path.path, veto->text) ||
           path_may_be_within(fact->path.requested, veto->text);
}

/* A use that failed because the path was missing or hidden may keep failing. */
static bool read_matches(const struct fact *fact, const struct veto *veto)
{
    switch (fact->outcome) {
    case ENOENT:
    case ENOTDIR:
    case EACCES:
    case EPERM:
        return false;
    default:
        return path_matches(fact, veto);
    }
}

/* Whether a path lies at or below one of the blank-separated places. */
static bool path_is_among(const char *path, const char *places)
{
    for (const char *at = places + strspn(places, " "); *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        CLEANUP(free_char) char *place = mem_strndup(at, length);
        if (path_is_within(path, place))
            return true;
        at += length;
    }
    return false;
}

static bool write_matches(const struct fact *fact, const struct veto *veto)
{
    return path_use_is_write(fact->path.use) && path_matches(fact, veto) &&
           !(veto->value && path_is_among(fact->path.path, veto->value));
}

static bool map_matches(const struct fact *fact, const struct veto *veto)
{
    return (fact->path.use == PATH_EXECUTE || fact->path.use == PATH_MAP_EXECUTE) &&
           path_matches(fact, veto);
}

static bool mount_matches(const struct fact *fact, const struct veto *veto)
{
    return fact->path.use == PATH_MOUNT && fact_may_have_succeeded(fact) &&
           path_matches(fact, veto);
}

static bool syscall_matches(const struct fact *fact, const struct veto *veto)
{
    return fact->syscall.name && strcmp(fact->syscall.name, veto->text) == 0 &&
           (!veto->value || strcmp(fact->syscall.arch, veto->value) == 0);
}

static bool syscall_known_matches(const struct fact *fact, const struct veto *veto)
{
    return fact->outcome != ENOSYS && syscall_matches(fact, veto);
}

static bool argument_matches(const struct fact *fact, const struct veto *veto)
{
    return strcmp(fact->argument.topic, veto->text) == 0 &&
           (!veto->value || strcmp(fact->argument.value, veto->value) == 0);
}

static bool argument_done_matches(const struct fact *fact, const struct veto *veto)
{
    return fact_may_have_succeeded(fact) && argument_matches(fact, veto);
}

static bool argument_other_matches(const struct fact *fact, const struct veto *veto)
{
    return strcmp(fact->argument.topic, veto->text) == 0 &&
           !str_has_word(veto->value, fact->argument.value);
}

/* A set-group-id bit without group execution means mandatory locking, not set-id (inode(7)). */
static bool program_matches(const struct fact *fact, const struct veto *veto)
{
    const struct program_fact *program = &fact->program;
    const struct {
        const char *property;
        bool holds;
    } properties[] = {
        { "set-id", program->mode & 04000 || (program->mode & 02010) == 02010 },
        { "file-caps", program->file_caps },
        { "exec-stack", program->exec_stack },
        { "text-rel", program->text_rel },
    };

    for (size_t i = 0; i < ELEMENTS_OF(properties); i++)
        if (strcmp(properties[i].property, veto->text) == 0)
            return properties[i].holds;
    return false;
}

static bool socket_matches(const struct fact *fact, const struct veto *veto)
{
    return fact->socket.origin == SOCKET_CREATED && fact->socket.family == family_find(veto->text);
}

static bool socket_other_matches(const struct fact *fact, const struct veto *veto)
{
    const char *name = family_name(fact->socket.family);

    return fact->socket.origin == SOCKET_CREATED && (!name || !str_has_word(veto->text, name));
}

static bool abstract_matches(const struct fact *fact, const struct veto *veto)
{
    (void)veto;
    return fact->address.family == AF_UNIX && fact->address.host[0] == '@';
}

static const struct {
    enum fact_kind fact;
    bool (*matches)(const struct fact *fact, const struct veto *veto);
} matchers[VETO_COUNT] = {
    [VETO_SYSCALL] = { FACT_SYSCALL, syscall_matches },
    [VETO_SYSCALL_KNOWN] = { FACT_SYSCALL, syscall_known_matches },
    [VETO_ARGUMENT] = { FACT_ARGUMENT, argument_matches },
    [VETO_ARGUMENT_DONE] = { FACT_ARGUMENT, argument_done_matches },
    [VETO_ARGUMENT_OTHER] = { FACT_ARGUMENT, argument_other_matches },
    [VETO_PROGRAM] = { FACT_PROGRAM, program_matches },
    [VETO_SOCKET] = { FACT_SOCKET, socket_matches },
    [VETO_SOCKET_OTHER] = { FACT_SOCKET, socket_other_matches },
    [VETO_ABSTRACT_SOCKET] = { FACT_ADDRESS, abstract_matches },
    [VETO_READ] = { FACT_PATH, read_matches },
    [VETO_TOUCH] = { FACT_PATH, path_matches },
    [VETO_WRITE] = { FACT_PATH, write_matches },
    [VETO_MAP] = { FACT_PATH, map_matches },
    [VETO_MOUNT] = { FACT_PATH, mount_matches },
};

static const struct fact *veto_match(const struct profile *profile, const struct veto *veto)
{
    size_t count;

    if (veto->kind == VETO_CAPABILITY)
        return capability_needed(profile, *veto->text ? veto->text : NULL);
    const struct fact *const *facts = profile_facts(profile, matchers[veto->kind].fact, &count);

    for (size_t i = 0; i < count; i++)
        if (matchers[veto->kind].matches(facts[i], veto))
            return facts[i];
    return NULL;
}

const struct fact *veto_applies(const struct profile *profile, const struct veto *vetoes)
{
    for (; vetoes && vetoes->kind != VETO_END; vetoes++) {
        const struct fact *fact = veto_match(profile, vetoes);
        if (fact)
            return fact;
    }
    return NULL;
}

const struct fact *veto_syscall(const struct profile *profile, const char *name)
{
    const struct veto veto = { .kind = VETO_SYSCALL, .text = name };

    return veto_match(profile, &veto);
}
