// SPDX-License-Identifier: LGPL-2.1-or-later
/* The user's side of the program: who is followed, and what was found. */
#include "trace/bpf/capable_counter.h"
#include "trace/bpf/bpf.h"
#include "trace/bpf/btf.h"
#include <cinch/base/proc.h>
#include <errno.h>
#include <linux/capability.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <unistd.h>
#include <uthash.h>

#define TASK_LIMIT  65536u
#define GRANT_LIMIT 4096u
#define GROUP_LIMIT 255u
#define TRIAL_COUNT 3u
#define TRIAL_BYTES 4096u

/* What the program counts by, in 32 bits. */
#define KEY_GROUP(key)      ((key) >> 24)
#define KEY_CAPABILITY(key) ((key) >> 16 & 0x7f)
#define KEY_NUMBER(key)     ((key)&0xffff)

struct told {
    uint32_t key;
    uint64_t count;
    UT_hash_handle hh;
};

struct capable_counter {
    struct capable_counter_maps maps;
    int ask, leave;
    struct told *told;
    char *programs[GROUP_LIMIT];
    unsigned group_count;
    bool is_short; /* something found no room */
    uint32_t keys[GRANT_LIMIT];
    uint64_t counts[GRANT_LIMIT];
    size_t round_count, at; /* of this round */
};

static void set_home(const struct capable_counter *capable_counter, uint64_t namespace)
{
    const uint32_t first = 0;

    bpf_map_put(capable_counter->maps.mount_ns, &first, &namespace);
}

/* Every new mapping asks for CAP_SYS_ADMIN (cap_vm_enough_memory() of the kernel). */
static uint64_t trial(const struct capable_counter *capable_counter)
{
    const uint32_t key = CAP_SYS_ADMIN << 16 | SYS_mmap;
    uint64_t count = 0;

    for (unsigned i = 0; i < TRIAL_COUNT; i++) {
        void *mapped =
            mmap(NULL, TRIAL_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped != MAP_FAILED)
            munmap(mapped, TRIAL_BYTES);
    }
    return bpf_map_get(capable_counter->maps.found, &key, &count) < 0 ? 0 : count;
}

static bool capable_counter_are_right(struct capable_counter *capable_counter)
{
    pid_t tid = (pid_t)syscall(SYS_gettid);
    struct grant grant;

    capable_counter_follow(capable_counter, tid, "");
    uint64_t followed = trial(capable_counter);
    capable_counter_leave(capable_counter, tid);
    bool right = followed == TRIAL_COUNT && trial(capable_counter) == TRIAL_COUNT;
    while (capable_counter_next(capable_counter, &grant))
        ;
    set_home(capable_counter, 0);
    return right && capable_counter_are_whole(capable_counter);
}

static bool capable_counter_attach(struct capable_counter *capable_counter)
{
    fd_close(&capable_counter->leave);
    fd_close(&capable_counter->ask);
    capable_counter->leave = capable_counter_attach_leave(&capable_counter->maps);
    capable_counter->ask = capable_counter_attach_ask(&capable_counter->maps);
    return capable_counter->leave >= 0 && capable_counter->ask >= 0 &&
           capable_counter_are_right(capable_counter);
}

static bool capable_counter_open(struct capable_counter *capable_counter)
{
    capable_counter->maps.tids = bpf_map_create(BPF_MAP_TYPE_HASH, sizeof(uint32_t),
                                                sizeof(uint32_t), TASK_LIMIT, BPF_F_NO_PREALLOC);
    capable_counter->maps.mount_ns =
        bpf_map_create(BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), sizeof(uint64_t), 1, 0);
    capable_counter->maps.found =
        bpf_map_create(BPF_MAP_TYPE_HASH, sizeof(uint32_t), sizeof(uint64_t), GRANT_LIMIT, 0);
    if (capable_counter->maps.tids < 0 || capable_counter->maps.mount_ns < 0 ||
        capable_counter->maps.found < 0)
        return false;
    capable_counter->maps.credentials = btf_offset("task_struct", "cred");
    capable_counter->maps.own_credentials = btf_offset("task_struct", "real_cred");
    if (capable_counter->maps.credentials < 0 || capable_counter->maps.own_credentials < 0)
        return false;
    if (capable_counter_attach(capable_counter))
        return true;
    /* In a pid namespace of our own ids are others than the kernel's. */
    return capable_counter->ask >= 0 &&
           stat("/proc/self/ns/pid", &capable_counter->maps.own) == 0 &&
           capable_counter_attach(capable_counter);
}

struct capable_counter *capable_counter_new(void)
{
    if (!capable_counter_know_registers())
        return NULL;
    struct capable_counter *capable_counter = mem_new(1, sizeof(*capable_counter));

    capable_counter->maps.tids = capable_counter->maps.mount_ns = capable_counter->maps.found =
        capable_counter->ask = capable_counter->leave = -1;
    capable_counter->programs[0] = mem_strdup("");
    capable_counter->group_count = 1;
    if (capable_counter_open(capable_counter))
        return capable_counter;
    capable_counter_free(capable_counter);
    return NULL;
}

void capable_counter_free(struct capable_counter *capable_counter)
{
    struct told *told, *next;

    if (!capable_counter)
        return;
    HASH_ITER (hh, capable_counter->told, told, next) {
        HASH_DEL(capable_counter->told, told);
        free(told);
    }
    fd_close(&capable_counter->ask);
    fd_close(&capable_counter->leave);
    fd_close(&capable_counter->maps.tids);
    fd_close(&capable_counter->maps.mount_ns);
    fd_close(&capable_counter->maps.found);
    for (unsigned i = 0; i < capable_counter->group_count; i++)
        free(capable_counter->programs[i]);
    free(capable_counter);
}

/* Group 0 is for programs without a name and for those that found no room. */
static uint32_t group_of(struct capable_counter *capable_counter, const char *program)
{
    for (unsigned i = 0; i < capable_counter->group_count; i++)
        if (strcmp(capable_counter->programs[i], program) == 0)
            return i;
    if (capable_counter->group_count == GROUP_LIMIT)
        return 0;
    capable_counter->programs[capable_counter->group_count] = mem_strdup(program);
    return capable_counter->group_count++;
}

void capable_counter_follow(struct capable_counter *capable_counter, pid_t tid, const char *program)
{
    uint32_t key = (uint32_t)tid, group = group_of(capable_counter, program);
    struct stat st;

    if (capable_counter->maps.own.st_ino && proc_stat_of(tid, "ns/pid", &st) == 0 &&
        st.st_ino != capable_counter->maps.own.st_ino)
        capable_counter->is_short = true;
    capable_counter->is_short |= bpf_map_put(capable_counter->maps.tids, &key, &group) < 0;
}

void capable_counter_leave(struct capable_counter *capable_counter, pid_t tid)
{
    uint32_t key = (uint32_t)tid;

    bpf_map_remove(capable_counter->maps.tids, &key); /* ENOENT: it ended meanwhile */
}

/* What is news of a count. */
static uint64_t capable_counter_news(struct capable_counter *capable_counter, uint32_t key,
                                     uint64_t count)
{
    struct told *told;

    HASH_FIND(hh, capable_counter->told, &key, sizeof(key), told);
    if (!told) {
        told = mem_new(1, sizeof(*told));
        told->key = key;
        HASH_ADD(hh, capable_counter->told, key, sizeof(told->key), told);
    }
    uint64_t news = count - told->count;
    told->count = count;
    return news;
}

bool capable_counter_next(struct capable_counter *capable_counter, struct grant *ret)
{
    if (!capable_counter->at) {
        int got = bpf_map_get_all(capable_counter->maps.found, capable_counter->keys,
                                  capable_counter->counts, GRANT_LIMIT);
        capable_counter->round_count = got < 0 ? 0 : (size_t)got;
        capable_counter->is_short |= got < 0 || capable_counter->round_count == GRANT_LIMIT;
    }
    while (capable_counter->at < capable_counter->round_count) {
        uint32_t key = capable_counter->keys[capable_counter->at];
        uint64_t news = capable_counter_news(capable_counter, key,
                                             capable_counter->counts[capable_counter->at++]);
        if (!news)
            continue;
        *ret = (struct grant){ .program = capable_counter->programs[KEY_GROUP(key)],
                               .capability = KEY_CAPABILITY(key),
                               .number = KEY_NUMBER(key),
                               .is_borrowed = key & GRANT_BORROWED,
                               .count = news };
        return true;
    }
    capable_counter->at = 0;
    return false;
}

bool capable_counter_are_whole(const struct capable_counter *capable_counter)
{
    return !capable_counter->is_short;
}
