/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: facts that rule a value of a directive out. */
#ifndef CINCH_SYSTEMD_VETO_H
#define CINCH_SYSTEMD_VETO_H

#include <cinch/systemd.h>

enum veto_kind {
    VETO_END = 0,
    VETO_SYSCALL,         /* a call of this name, with any outcome; `value`: on this arch only */
    VETO_SYSCALL_KNOWN,   /* the same, except where it failed with ENOSYS */
    VETO_ARGUMENT,        /* an argument fact of this topic; `value` NULL: any */
    VETO_ARGUMENT_DONE,   /* the same, except where the call failed */
    VETO_ARGUMENT_OTHER,  /* one with a value that is not among the words of `value` */
    VETO_PROGRAM,         /* a program that is "set-id", "file-caps", "exec-stack", "text-rel" */
    VETO_SOCKET,          /* socket(2) of this family */
    VETO_SOCKET_OTHER,    /* socket(2) of a family not among the words of `text` */
    VETO_ABSTRACT_SOCKET, /* an AF_UNIX address in the abstract namespace */
    VETO_READ,            /* any use of an existing path at or below `text` */
    VETO_TOUCH,           /* any use of it, failed ones too */
    VETO_WRITE,           /* any write intent at or below it, failed ones too; not at or below the
                           * words of `value` */
    VETO_MAP,             /* a file at or below it executed or mapped executable */
    VETO_MOUNT,           /* a mount or unmount at or below it */
    VETO_CAPABILITY,      /* a capability that the service needs; "": any */
    VETO_COUNT,
};

/* What a directive's value blocks: the value may be set only if no fact matches. */
struct veto {
    enum veto_kind kind;
    const char *text;
    const char *value;
};

/* Lists that several rows use. */
extern const struct veto veto_gaining[];
extern const struct veto veto_devices[];

/* The first fact that matches one of the vetoes (ended by VETO_END), NULL when none does. */
const struct fact *veto_applies(const struct profile *profile, const struct veto *vetoes);
/* The first syscall fact of that name, whatever its architecture and outcome, or NULL. */
const struct fact *veto_syscall(const struct profile *profile, const char *name);

#endif
