// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any order of events over a tracee whose memory, descriptors and files are the input itself:
 * nothing crashes, nothing grows without bound, and every call that began is counted once.
 */
#include "decode/roles/roles.h"
#include <cinch/decode.h>
#include <errno.h>
#include <linux/audit.h>
#include <string.h>

#define BASE 0x1000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
    size_t at;
};

static uint8_t take(struct input *input)
{
    return input->at < input->size ? input->data[input->at++] : 0;
}

static ssize_t input_read_memory(void *context, pid_t tid, uint64_t address, void *buffer,
                                 size_t length)
{
    const struct input *input = context;

    (void)tid;
    if (address < BASE || address - BASE >= input->size)
        return -EFAULT;
    size_t left = input->size - (size_t)(address - BASE);
    if (length > left)
        length = left;
    memcpy(buffer, input->data + (address - BASE), length);
    return (ssize_t)length;
}

static int input_fd_link(void *context, pid_t tid, int fd, char **ret_target)
{
    static const char *const texts[] = {
        "/srv", "/proc/7/fd", "pipe:[1]", "/a (deleted)", "/memfd:x (deleted)", "socket:[2]", "/"
    };

    (void)context;
    (void)tid;
    if (fd % 8 == 7)
        return -EBADF;
    *ret_target = mem_strdup(texts[(unsigned)fd % ELEMENTS_OF(texts)]);
    return 0;
}

static int input_read_link(void *context, pid_t tid, const char *path, char **ret_target)
{
    const struct input *input = context;
    size_t length = strlen(path);

    (void)tid;
    if (length % 3 == 0)
        return -EINVAL;
    if (length % 3 == 1 || !input->size)
        return -ENOENT;
    *ret_target = mem_strndup((const char *)input->data, input->size % 40);
    return 0;
}

static int input_socket_info(void *context, pid_t tid, int fd, struct trace_socket *ret)
{
    const struct input *input = context;

    (void)tid;
    if (fd % 4 == 3)
        return -ENOTSOCK;
    ret->family = fd % 3;
    ret->type = fd % 5;
    ret->peer_length =
        (socklen_t)(input->size < sizeof(ret->peer) ? input->size : sizeof(ret->peer));
    ret->local_length = ret->peer_length;
    memcpy(&ret->peer, input->data, ret->peer_length);
    memcpy(&ret->local, input->data, ret->peer_length);
    return 0;
}

static int input_credentials(void *context, pid_t tid, uid_t ret_uids[3], gid_t ret_gids[3])
{
    (void)tid;
    for (int i = 0; i < 3; i++) {
        ret_uids[i] = (uid_t)take(context);
        ret_gids[i] = (gid_t)take(context);
    }
    return take(context) % 4 ? 0 : -ESRCH;
}

static int input_limit(void *context, pid_t tid, int resource, uint64_t ret[2])
{
    (void)tid;
    (void)resource;
    ret[0] = take(context);
    ret[1] = take(context);
    return take(context) % 4 ? 0 : -ESRCH;
}

static int input_same_mount_namespace(void *context, pid_t tid)
{
    (void)context;
    return tid % 5 != 4;
}

static ssize_t input_read_file(void *context, pid_t tid, const char *path, void *buffer,
                               size_t length, struct stat *ret_stat)
{
    (void)path;
    *ret_stat = (struct stat){ .st_mode = 0755 };
    return input_read_memory(context, tid, BASE, buffer, length);
}

static void fill_call(struct input *input, struct trace_event *event)
{
    static const uint32_t arches[] = { AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64 };
    const struct role_row *row = &role_rows[take(input) % role_row_count];
    int64_t number;

    event->arch = arches[take(input) % ELEMENTS_OF(arches)];
    number = syscall_number(event->arch, row->name);
    event->number = number < 0 ? take(input) : (uint64_t)number;
    for (int i = 0; i < 6; i++) {
        uint8_t value = take(input);
        event->args[i] = value & 1 ? BASE + value : value & 2 ? ~(uint64_t)value : value;
    }
}

static uint64_t count_calls(const struct profile *profile)
{
    size_t count;
    uint64_t sum = 0;
    const struct fact *const *facts = profile_facts(profile, FACT_SYSCALL, &count);

    for (size_t i = 0; i < count; i++)
        sum += evidence_total(&facts[i]->evidence);
    return sum;
}

static void drive(struct decoder *decoder, struct input *input, uint64_t *begun)
{
    struct trace_event event = { .at_ms = (int64_t)input->at };

    event.kind = take(input) % (TRACE_DONE + 1);
    event.tid = 1 + take(input) % 6;
    event.tgid = 1 + event.tid % 3;
    event.parent = event.former_tid = take(input) % 6;
    if (event.kind == TRACE_ENTER) {
        fill_call(input, &event);
        ++*begun;
    }
    event.rval = (int8_t)take(input) * 4;
    event.is_error = event.rval < 0;
    decoder_event(decoder, &event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size, 0 };
    struct trace_ops ops = { .context = &input,
                             .read_memory = input_read_memory,
                             .fd_link = input_fd_link,
                             .read_link = input_read_link,
                             .socket_info = input_socket_info,
                             .same_mount_namespace = input_same_mount_namespace,
                             .read_file = input_read_file,
                             .credentials = input_credentials,
                             .limit = input_limit };
    struct profile *profile = profile_new();
    struct decoder *decoder = decoder_new(profile, &ops, "fuzz");
    struct trace_event done = { .kind = TRACE_DONE };
    uint64_t begun = 0;
    pid_t tid;

    decoder_inherit(decoder, 1);
    for (int events = 0; events < 500 && input.at < input.size; events++)
        drive(decoder, &input, &begun);
    decoder_event(decoder, &done);
    while (decoder_own_filter(decoder, &tid))
        ;
    /* Restarts are counted with the call they go on with: fewer, never more. */
    if (count_calls(profile) > begun)
        abort();
    decoder_free(decoder);
    profile_free(profile);
    return 0;
}
