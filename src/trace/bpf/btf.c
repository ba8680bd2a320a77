// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/bpf/btf.h"
#include <cinch/base.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <string.h>

#define BTF_FILE  "/sys/kernel/btf/vmlinux"
#define BTF_LIMIT ((size_t)64 << 20)
#define BTF_DEPTH 8

struct btf {
    const char *types, *strings;
    size_t types_length, strings_length;
};

/* Bytes that follow a type's own. */
static size_t btf_extra(const struct btf_type *type)
{
    size_t count = BTF_INFO_VLEN(type->info);

    switch (BTF_INFO_KIND(type->info)) {
    case BTF_KIND_INT:
    case BTF_KIND_VAR:
    case BTF_KIND_DECL_TAG:
        return sizeof(uint32_t);
    case BTF_KIND_ARRAY:
        return sizeof(struct btf_array);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        return count * sizeof(struct btf_member);
    case BTF_KIND_ENUM:
        return count * sizeof(struct btf_enum);
    case BTF_KIND_ENUM64:
        return count * sizeof(struct btf_enum64);
    case BTF_KIND_FUNC_PROTO:
        return count * sizeof(struct btf_param);
    case BTF_KIND_DATASEC:
        return count * sizeof(struct btf_var_secinfo);
    default:
        return 0;
    }
}

static const char *btf_name(const struct btf *btf, uint32_t offset)
{
    return offset < btf->strings_length ? btf->strings + offset : "";
}

/* The next type; NULL after the last. */
static const struct btf_type *btf_next(const struct btf *btf, size_t *at)
{
    const struct btf_type *type = (const void *)(btf->types + *at);

    if (btf->types_length - *at < sizeof(*type) ||
        btf->types_length - *at - sizeof(*type) < btf_extra(type))
        return NULL;
    *at += sizeof(*type) + btf_extra(type);
    return type;
}

static const struct btf_type *btf_by_id(const struct btf *btf, uint32_t id)
{
    const struct btf_type *type = NULL;
    size_t at = 0;

    for (uint32_t i = 0; i < id; i++)
        if (!(type = btf_next(btf, &at)))
            return NULL;
    return type;
}

static int btf_find(const struct btf *btf, const struct btf_type *type, const char *member,
                    unsigned depth)
{
    const struct btf_member *members = (const void *)(type + 1);
    unsigned kind = BTF_INFO_KIND(type->info);

    if ((kind != BTF_KIND_STRUCT && kind != BTF_KIND_UNION) || depth == 0)
        return -ENOENT;
    for (size_t i = 0; i < BTF_INFO_VLEN(type->info); i++) {
        uint32_t bits = BTF_INFO_KFLAG(type->info) ? BTF_MEMBER_BIT_OFFSET(members[i].offset)
                                                   : members[i].offset;
        const char *name = btf_name(btf, members[i].name_off);
        if (strcmp(name, member) == 0)
            return (int)(bits / 8);
        const struct btf_type *inner = *name ? NULL : btf_by_id(btf, members[i].type);
        int found = inner ? btf_find(btf, inner, member, depth - 1) : -ENOENT;
        if (found >= 0)
            return (int)(bits / 8) + found;
    }
    return -ENOENT;
}

static int btf_search(const struct btf *btf, const char *structure, const char *member)
{
    const struct btf_type *type;
    size_t at = 0;

    while ((type = btf_next(btf, &at)))
        if (BTF_INFO_KIND(type->info) == BTF_KIND_STRUCT &&
            strcmp(btf_name(btf, type->name_off), structure) == 0)
            return btf_find(btf, type, member, BTF_DEPTH);
    return -ENOENT;
}

int btf_offset(const char *structure, const char *member)
{
    struct str file = { 0 };
    struct btf_header header;
    int result = fd_read_file(AT_FDCWD, BTF_FILE, BTF_LIMIT, &file);

    if (result < 0)
        return result;
    result = -EINVAL;
    if (file.length >= sizeof(header)) {
        memcpy(&header, file.data, sizeof(header));
        size_t rest = file.length - sizeof(header);
        const char *body = file.data + header.hdr_len;
        const struct btf btf = { .types = body + header.type_off,
                                 .strings = body + header.str_off,
                                 .types_length = header.type_len,
                                 .strings_length = header.str_len };
        bool whole = header.magic == BTF_MAGIC && header.hdr_len == sizeof(header) &&
                     header.type_off % sizeof(uint32_t) == 0 && header.type_off <= rest &&
                     header.type_len <= rest - header.type_off && header.str_off <= rest &&
                     header.str_len <= rest - header.str_off;
        if (whole)
            result = btf_search(&btf, structure, member);
    }
    str_done(&file);
    return result;
}
