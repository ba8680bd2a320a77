/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: socket addresses as the bytes a program handed over. Pure. */
#ifndef CINCH_DECODE_SOCKADDR_H
#define CINCH_DECODE_SOCKADDR_H

#include <cinch/base.h>

/* The kernel takes no more (struct sockaddr_storage). */
#define SOCKADDR_LIMIT 128

struct address {
    int family;
    int port;     /* 0 when the family has none */
    char *host;   /* owned; as in struct address_fact, but an AF_UNIX path as it was given */
    bool is_path; /* AF_UNIX with a name in the file system */
};

/* Reads an address of `length` bytes. 0 with *ret filled (release with sockaddr_done), or -EINVAL
 * when the kernel would refuse these bytes. */
int sockaddr_parse(const void *bytes, size_t length, struct address *ret) MUST_USE;
void sockaddr_done(struct address *address);
void sockaddr_copy(struct address *to, const struct address *from);

#endif
