/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * decode: turns trace events into facts. Knows what every argument of a system call means (one role
 * table, keyed by name), and nothing of systemd.
 *
 * A decoder borrows its profile and its trace_ops and owns only what it needs between the begin and
 * the end of a call.
 */
#ifndef CINCH_DECODE_H
#define CINCH_DECODE_H

#include <cinch/model.h>
#include <cinch/trace.h>

struct decoder;

/* `run_id` tags every sighting. `host_mount_namespace` paths only: tasks elsewhere are blind spots.
 */
struct decoder *decoder_new(struct profile *profile, const struct trace_ops *ops,
                            const char *run_id);
void decoder_free(struct decoder *decoder);

/* Looks at one event while its task is stopped. For TRACE_ENTER returns whether the end of the call
 * must be seen too; false otherwise. */
bool decoder_event(struct decoder *decoder, const struct trace_event *event);

/*
 * What a program's file says in full, asked once for each program at its exec: as elf_inspect() of
 * <cinch/elf.h>, which decode does not know. Without it program facts hold what the first bytes and
 * stat(2) say.
 */
typedef int decoder_inspect(const char *root, const char *path, struct program_fact *ret,
                            struct err *err);
void decoder_inspect_with(struct decoder *decoder, decoder_inspect *inspect,
                          void (*done)(struct program_fact *fact));

/* From now on what the service did with the path `from` is recorded as done with `to`: a socket
 * made for the training stands for the one systemd will make. Paths as in struct path_fact. */
void decoder_alias(struct decoder *decoder, const char *from, const char *to);

/* What the service tells its manager (sd_notify(3)) is looked for in what it sends to `address`,
 * the NOTIFY_SOCKET it was given; NULL: nowhere. */
void decoder_notify_socket(struct decoder *decoder, const char *address);
/* What it told since the last call: any of these. */
#define NOTIFY_READY     1u
#define NOTIFY_RELOADING 2u
#define NOTIFY_STOPPING  4u
unsigned decoder_notified(struct decoder *decoder);

/* What must stop on an architecture (AUDIT_ARCH_*) for its facts to be learned, for
 * tracer_stop_only; all other calls may be told by decoder_counted. The caller frees it. */
struct trace_rule *decoder_rules(uint32_t audit_arch, size_t *ret_count);
/* Calls that were made without a stop: how they ended is not known. */
void decoder_counted(struct decoder *decoder, const struct trace_count *count);
/* Whether a process must be seen at every call from now on, or no longer. Ask until false. */
bool decoder_watch(struct decoder *decoder, pid_t *ret_tgid, bool *ret_on);

/* Whether the call whose TRACE_EXIT was the last event need not be seen again: what its argument
 * named (valid until the next event) and the id by which decoder_repeated() knows it. */
bool decoder_cached_call(struct decoder *decoder, const char **ret_name, uint32_t *ret_id);
/* Such a call was made again. */
void decoder_repeated(struct decoder *decoder, const struct trace_repeat *recalled, int64_t at_ms);
/* Whose credentials, root or mounts are others since the last call; 0: perhaps everyone's. Ask
 * until false. */
bool decoder_changed(struct decoder *decoder, pid_t *ret_tid);

/* The service entered another phase; facts from now on carry it. */
void decoder_set_phase(struct decoder *decoder, enum phase phase);

/* Records the facts of a process that was there before tracing (inherited descriptors and cwd of
 * the first task): call once after the first exec. */
void decoder_inherit(struct decoder *decoder, pid_t tid);
/* What this process does until it executes a program is not the service's doing. */
void decoder_expect(struct decoder *decoder, pid_t pid);

/* Records what a task that was seized while it ran shows of its past: its program, libraries, open
 * files, sockets, working directory and root. For every task once; the rest stays unknown. */
void decoder_seed(struct decoder *decoder, pid_t tid, pid_t tgid);
/* Records a blind spot that the caller knows of. */
void decoder_blind_spot(struct decoder *decoder, const char *topic, const char *detail);
/* The tracer may not keep the privileges of set-id programs (it is not root): each that is executed
 * is a blind spot. */
void decoder_without_privileges(struct decoder *decoder);

/* Records every call that has begun and not ended as made, its outcome unknown: for a profile that
 * ends here. Nothing more may be told to the decoder. */
void decoder_cut_off(struct decoder *decoder);
/* How many different calls have begun: a call that never ends is in no fact yet. */
size_t decoder_call_kinds(const struct decoder *decoder);

/* How many listen(2) calls have succeeded. */
unsigned decoder_listen_count(const struct decoder *decoder);
/* How many facts could not be read in full (short reads of tracee memory). */
uint64_t decoder_degraded_count(const struct decoder *decoder);
/* The signal that a process took by waiting for it (sigtimedwait(2)) since the last call, 0 when
 * none did: TRACE_SIGNAL does not show it. */
int decoder_taken_signal(struct decoder *decoder, pid_t *ret_tgid);
/* Whether a process made or held a descriptor to read SIGHUP, SIGTERM or the like from
 * (signalfd(2)): such reads show only where each call stops. */
bool decoder_reads_signals(const struct decoder *decoder);
/* A capability that the kernel asked for and found. */
void decoder_capability_used(struct decoder *decoder, const struct trace_capability_use *grant);
/* The kernel tells of each task at its end whether it used any capability, and not which: one that
 * no rule names is a blind spot. */
void decoder_watch_use(struct decoder *decoder);
/* Asks so now of a task whose end will not be seen. */
void decoder_look_at(struct decoder *decoder, pid_t tid);
/* Whether the task installed a seccomp filter of its own since the last call; names it once. */
bool decoder_own_filter(struct decoder *decoder, pid_t *ret_tid);

/* ---- names (libseccomp's resolver and a small supplement)
 * ------------------------------------------ */

/* libseccomp's name of an AUDIT_ARCH_* value plus number (x32 is told by its bit): "x86_64". */
const char *arch_name(uint32_t audit_arch, uint64_t number);
/* This build's own architecture as AUDIT_ARCH_*. */
uint32_t arch_native_token(void);
/* This build's own architecture, the same way. */
const char *arch_native(void);
/* The name of a system call, NULL when unknown. Valid for the program's life. */
const char *syscall_name(uint32_t audit_arch, uint64_t number);
/* The number of a name on an architecture (AUDIT_ARCH_*), or -1. */
int64_t syscall_number(uint32_t audit_arch, const char *name);

#endif
