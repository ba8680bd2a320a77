/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside trace/: where the running kernel keeps things, as it tells itself in /sys/kernel/btf
 * (Documentation/bpf/btf.rst of the kernel). */
#ifndef CINCH_TRACE_BTF_H
#define CINCH_TRACE_BTF_H

/* The offset of a member in a structure in bytes, anonymous structures looked into; -ENOENT when
 * there is none, other -errno when the kernel does not tell. */
int btf_offset(const char *structure, const char *member);

#endif
