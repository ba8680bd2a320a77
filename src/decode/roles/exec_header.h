/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: the first bytes of a program, as execve(2) reads them. Pure. */
#ifndef CINCH_DECODE_HEAD_H
#define CINCH_DECODE_HEAD_H

#include <cinch/base.h>

enum head_kind { HEAD_OTHER, HEAD_ELF, HEAD_SCRIPT };

struct head {
    enum head_kind kind;
    char *interpreter; /* owned; NULL: none */
    char *option;      /* owned; after a script's interpreter, NULL: none */
    size_t wanted;     /* the interpreter's name ends this many bytes into the file, which is
                          beyond what was given; 0: nothing is missing */
};

/* Reads the first `length` bytes of a file; release with exec_header_done. */
void exec_header_parse(const void *bytes, size_t length, struct head *ret);
void exec_header_done(struct head *head);

#endif
