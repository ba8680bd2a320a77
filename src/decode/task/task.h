/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: a task, its process and its descriptors. */
#ifndef CINCH_DECODE_TASK_H
#define CINCH_DECODE_TASK_H

#include "decode/task/decoder.h"

struct task *task_get(struct decoder *decoder, pid_t tid, pid_t tgid);
struct task *task_find(struct decoder *decoder, pid_t tid);
void task_free(struct decoder *decoder, struct task *task);
const char *task_program(struct decoder *decoder, struct task *task);
void task_note_pid(struct decoder *decoder, pid_t pid);
bool task_pid_is_own(const void *decoder, long pid);

struct fd_entry *task_fd_find(struct process *process, int fd);
/* Replaces what is known of a descriptor. */
struct fd_entry *task_fd_put(struct process *process, int fd, int family, int type, int protocol);
void task_fd_copy(struct process *process, int from, int to);
void task_fd_forget(struct process *process, int fd);
void task_fd_forget_range(struct process *process, unsigned first, unsigned last);
void task_fd_inherit(struct process *child, const struct process *parent);

/* Releases what a call gathered. */
void task_call_done(struct call *call);
/* Its ids and capabilities have to be read again. */
void task_forget_privileges(struct task *task);
/* The inode of the socket behind a descriptor; 0 when it is none or cannot be told. */
uint64_t socket_inode(const struct decoder *decoder, const struct task *task, int fd);

#endif
