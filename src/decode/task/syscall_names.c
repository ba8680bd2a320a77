// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names of architectures and system calls: libseccomp's resolver, a supplement for what is newer
 * than the library, and a memo, because the resolver searches linearly and allocates.
 */
#include "decode/task/syscall_names.h"
#include <cinch/decode.h>
#include <elf.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <string.h>
#include <uthash.h>

/* x32 shares AUDIT_ARCH_X86_64 and is told by bit 30 of the number (asm/unistd.h,
 * __X32_SYSCALL_BIT). */
#define X32_BIT 0x40000000u

struct arch_row {
    uint32_t token; /* SCMP_ARCH_* */
    const char *name;
};

static const struct arch_row arch_rows[] = {
    { SCMP_ARCH_X86_64, "x86_64" },
    { SCMP_ARCH_X86, "x86" },
    { SCMP_ARCH_X32, "x32" },
    { SCMP_ARCH_AARCH64, "aarch64" },
    { SCMP_ARCH_ARM, "arm" },
    { SCMP_ARCH_RISCV64, "riscv64" },
    { SCMP_ARCH_PPC64LE, "ppc64le" },
    { SCMP_ARCH_PPC64, "ppc64" },
    { SCMP_ARCH_PPC, "ppc" },
    { SCMP_ARCH_S390X, "s390x" },
    { SCMP_ARCH_S390, "s390" },
    { SCMP_ARCH_MIPS, "mips" },
    { SCMP_ARCH_MIPS64, "mips64" },
    { SCMP_ARCH_MIPS64N32, "mips64n32" },
    { SCMP_ARCH_MIPSEL, "mipsel" },
    { SCMP_ARCH_MIPSEL64, "mipsel64" },
    { SCMP_ARCH_MIPSEL64N32, "mipsel64n32" },
    { SCMP_ARCH_PARISC, "parisc" },
    { SCMP_ARCH_PARISC64, "parisc64" },
};

/* From number 424 on all architectures but alpha and mips (which add a base) count alike:
 * include/uapi/asm-generic/unistd.h of Linux 7.0. */
const struct supplement_row syscall_name_supplement[] = {
    { "uretprobe", 335, SCMP_ARCH_X86_64 },
    { "uprobe", 336, SCMP_ARCH_X86_64 },
    { "set_mempolicy_home_node", 450, 0 },
    { "cachestat", 451, 0 },
    { "fchmodat2", 452, 0 },
    { "map_shadow_stack", 453, 0 },
    { "futex_wake", 454, 0 },
    { "futex_wait", 455, 0 },
    { "futex_requeue", 456, 0 },
    { "statmount", 457, 0 },
    { "listmount", 458, 0 },
    { "lsm_get_self_attr", 459, 0 },
    { "lsm_set_self_attr", 460, 0 },
    { "lsm_list_modules", 461, 0 },
    { "mseal", 462, 0 },
    { "setxattrat", 463, 0 },
    { "getxattrat", 464, 0 },
    { "listxattrat", 465, 0 },
    { "removexattrat", 466, 0 },
    { "open_tree_attr", 467, 0 },
    { "file_getattr", 468, 0 },
    { "file_setattr", 469, 0 },
    { "listns", 470, 0 },
    { "rseq_slice_yield", 471, 0 },
};
const size_t syscall_name_supplement_count = ELEMENTS_OF(syscall_name_supplement);

/* libseccomp's token of a call: AUDIT_ARCH_* but for x32. A negative int as number (a skipped call)
 * has bit 30 set too and is no x32 call. */
static uint32_t token_of(uint32_t audit_arch, uint64_t number)
{
    bool x32 = audit_arch == AUDIT_ARCH_X86_64 && number <= INT32_MAX && number & X32_BIT;

    return x32 ? SCMP_ARCH_X32 : audit_arch;
}

static const char *token_name(uint32_t token)
{
    for (size_t i = 0; i < ELEMENTS_OF(arch_rows); i++)
        if (arch_rows[i].token == token)
            return arch_rows[i].name;
    return "unknown";
}

const char *arch_name(uint32_t audit_arch, uint64_t number)
{
    return token_name(token_of(audit_arch, number));
}

uint32_t arch_native_token(void)
{
    return seccomp_arch_native();
}

const char *arch_native(void)
{
    return token_name(seccomp_arch_native());
}

bool syscall_arch_is_wide(uint32_t audit_arch, uint64_t number)
{
    return audit_arch & __AUDIT_ARCH_64BIT && token_of(audit_arch, number) == audit_arch;
}

static bool supplement_is_for(const struct supplement_row *row, uint32_t token)
{
    const char *name = token_name(token);

    if (row->arch)
        return row->arch == token;
    return !str_starts_with(name, "mips") && strcmp(name, "unknown") != 0;
}

static char *supplement_name(uint32_t token, uint64_t number)
{
    uint64_t plain = token == SCMP_ARCH_X32 ? number & ~(uint64_t)X32_BIT : number;

    for (size_t i = 0; i < syscall_name_supplement_count; i++)
        if (syscall_name_supplement[i].number == plain &&
            supplement_is_for(&syscall_name_supplement[i], token))
            return mem_strdup(syscall_name_supplement[i].name);
    return NULL;
}

/* All names there are, and some numbers without: of those there may be any number. */
#define MEMO_LIMIT 4096

struct name_key {
    uint32_t token;
    uint32_t number;
};

struct name_entry {
    struct name_key key;
    char *name; /* NULL: known to have none */
    UT_hash_handle hh;
};

static char *name_resolve(uint32_t token, uint64_t number)
{
    char *name = seccomp_syscall_resolve_num_arch(token, (int)number);

    return name ? name : supplement_name(token, number);
}

const char *syscall_name(uint32_t audit_arch, uint64_t number)
{
    /* The memo of a pure function: the one place where state outlives its caller, because names
     * are promised to live as long as the program. */
    static struct name_entry *cached_call;
    struct name_key key = { token_of(audit_arch, number), (uint32_t)number };
    struct name_entry *entry;

    if (number > INT32_MAX)
        return NULL;
    HASH_FIND(hh, cached_call, &key, sizeof(key), entry);
    if (entry)
        return entry->name;
    char *name = name_resolve(key.token, number);
    if (!name && HASH_COUNT(cached_call) >= MEMO_LIMIT)
        return NULL;
    entry = mem_new(1, sizeof(*entry));
    entry->key = key;
    entry->name = name;
    HASH_ADD(hh, cached_call, key, sizeof(key), entry);
    return entry->name;
}

/* libseccomp's own number for x32 has bit 30 set already; a negative one is a pseudo number: the
 * architecture lacks the call (seccomp_syscall_resolve_name(3)). */
int64_t syscall_number(uint32_t audit_arch, const char *name)
{
    int number = seccomp_syscall_resolve_name_arch(audit_arch, name);

    if (number >= 0)
        return number;
    for (size_t i = 0; i < syscall_name_supplement_count; i++)
        if (strcmp(syscall_name_supplement[i].name, name) == 0 &&
            supplement_is_for(&syscall_name_supplement[i], audit_arch))
            return syscall_name_supplement[i].number | (audit_arch == SCMP_ARCH_X32 ? X32_BIT : 0);
    return -1;
}
