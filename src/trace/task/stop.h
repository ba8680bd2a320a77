/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside trace/: what a wait status of a seized task means. Pure, table-tested. */
#ifndef CINCH_TRACE_STOP_H
#define CINCH_TRACE_STOP_H

enum stop_kind {
    STOP_EXITED,   /* the task is no more: exited or killed */
    STOP_SYSCALL,  /* syscall-enter-stop or syscall-exit-stop, by PTRACE_O_TRACESYSGOOD */
    STOP_SECCOMP,  /* a filter said SECCOMP_RET_TRACE */
    STOP_NEW_TASK, /* fork, vfork or clone made a task; its tid is the event message */
    STOP_EXEC,     /* the old program image is gone; the former tid is the event message */
    STOP_GROUP,    /* group-stop: wait with PTRACE_LISTEN, or job control breaks */
    STOP_NOTICE,   /* PTRACE_EVENT_STOP of a new or continued task: go on */
    STOP_SIGNAL,   /* signal-delivery-stop: pass the signal on */
    STOP_LEAVING,  /* the task is about to end */
    STOP_OTHER,    /* not a stop we asked for: go on */
};

/* Classifies a status that waitpid(2) returned for a task under PTRACE_SEIZE (ptrace(2)). */
enum stop_kind stop_classify(int status);

#endif
