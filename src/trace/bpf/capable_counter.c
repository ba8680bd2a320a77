// SPDX-License-Identifier: LGPL-2.1-or-later
/* The user's side of the program: who is followed, and what was found. */
#include "trace/bpf/capable_counter.h"
#include "trace/bpf/bpf.h"
#include "trace/bpf/btf.h"
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

struct grants {
    struct grants_maps maps;
    int ask, leave;
    struct told *told;
    char *programs[GROUP_LIMIT];
    unsigned group_count;
    bool is_short; /* something found no room */
    uint32_t keys[GRANT_LIMIT];
    uint64_t counts[GRANT_LIMIT];
    size_t round_count, at; /* of this round */
};

static void set_home(const struct grants *grants, uint64_t namespace)
{
    const uint32_t first = 0;

    bpf_map_put(grants->maps.home, &first, &namespace);
}

/* Every new mapping asks for CAP_SYS_ADMIN (cap_vm_enough_memory() of the kernel). */
static uint64_t trial(const struct grants *grants)
{
    const uint32_t key = CAP_SYS_ADMIN << 16 | SYS_mmap;
    uint64_t count = 0;

    for (unsigned i = 0; i < TRIAL_COUNT; i++) {
        void *mapped =
            mmap(NULL, TRIAL_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped != MAP_FAILED)
            munmap(mapped, TRIAL_BYTES);
    }
    return bpf_map_get(grants->maps.found, &key, &count) < 0 ? 0 : count;
}

static bool grants_are_right(struct grants *grants)
{
    pid_t tid = (pid_t)syscall(SYS_gettid);
    struct grant grant;

    grants_follow(grants, tid, "");
    uint64_t followed = trial(grants);
    grants_leave(grants, tid);
    bool right = followed == TRIAL_COUNT && trial(grants) == TRIAL_COUNT;
    while (grants_next(grants, &grant))
        ;
    set_home(grants, 0);
    return right && grants_are_whole(grants);
}

static bool grants_attach(struct grants *grants)
{
    fd_close(&grants->leave);
    fd_close(&grants->ask);
    grants->leave = grants_attach_leave(&grants->maps);
    grants->ask = grants_attach_ask(&grants->maps);
    return grants->leave >= 0 && grants->ask >= 0 && grants_are_right(grants);
}

static bool grants_open(struct grants *grants)
{
    grants->maps.tids = bpf_map_create(BPF_MAP_TYPE_HASH, sizeof(uint32_t), sizeof(uint32_t),
                                       TASK_LIMIT, BPF_F_NO_PREALLOC);
    grants->maps.home =
        bpf_map_create(BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), sizeof(uint64_t), 1, 0);
    grants->maps.found =
        bpf_map_create(BPF_MAP_TYPE_HASH, sizeof(uint32_t), sizeof(uint64_t), GRANT_LIMIT, 0);
    if (grants->maps.tids < 0 || grants->maps.home < 0 || grants->maps.found < 0)
        return false;
    grants->maps.credentials = btf_offset("task_struct", "cred");
    grants->maps.own_credentials = btf_offset("task_struct", "real_cred");
    if (grants->maps.credentials < 0 || grants->maps.own_credentials < 0)
        return false;
    if (grants_attach(grants))
        return true;
    /* In a pid namespace of our own ids are others than the kernel's. */
    return grants->ask >= 0 && stat("/proc/self/ns/pid", &grants->maps.own) == 0 &&
           grants_attach(grants);
}

struct grants *grants_new(void)
{
    if (!grants_know_registers())
        return NULL;
    struct grants *grants = mem_new(1, sizeof(*grants));

    grants->maps.tids = grants->maps.home = grants->maps.found = grants->ask = grants->leave = -1;
    grants->programs[0] = mem_strdup("");
    grants->group_count = 1;
    if (grants_open(grants))
        return grants;
    grants_free(grants);
    return NULL;
}

void grants_free(struct grants *grants)
{
    struct told *told, *next;

    if (!grants)
        return;
    HASH_ITER (hh, grants->told, told, next) {
        HASH_DEL(grants->told, told);
        free(told);
    }
    fd_close(&grants->ask);
    fd_close(&grants->leave);
    fd_close(&grants->maps.tids);
    fd_close(&grants->maps.home);
    fd_close(&grants->maps.found);
    for (unsigned i = 0; i < grants->group_count; i++)
        free(grants->programs[i]);
    free(grants);
}

/* Group 0 is for programs without a name and for those that found no room. */
static uint32_t group_of(struct grants *grants, const char *program)
{
    for (unsigned i = 0; i < grants->group_count; i++)
        if (strcmp(grants->programs[i], program) == 0)
            return i;
    if (grants->group_count == GROUP_LIMIT)
        return 0;
    grants->programs[grants->group_count] = mem_strdup(program);
    return grants->group_count++;
}

void grants_follow(struct grants *grants, pid_t tid, const char *program)
{
    uint32_t key = (uint32_t)tid, group = group_of(grants, program);
    struct stat st;
    char path[48];

    snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)tid);
    if (grants->maps.own.st_ino && stat(path, &st) == 0 && st.st_ino != grants->maps.own.st_ino)
        grants->is_short = true;
    grants->is_short |= bpf_map_put(grants->maps.tids, &key, &group) < 0;
}

void grants_leave(struct grants *grants, pid_t tid)
{
    uint32_t key = (uint32_t)tid;

    bpf_map_remove(grants->maps.tids, &key); /* ENOENT: it ended meanwhile */
}

/* What is news of a count. */
static uint64_t grants_news(struct grants *grants, uint32_t key, uint64_t count)
{
    struct told *told;

    HASH_FIND(hh, grants->told, &key, sizeof(key), told);
    if (!told) {
        told = mem_new(1, sizeof(*told));
        told->key = key;
        HASH_ADD(hh, grants->told, key, sizeof(told->key), told);
    }
    uint64_t news = count - told->count;
    told->count = count;
    return news;
}

bool grants_next(struct grants *grants, struct grant *ret)
{
    if (!grants->at) {
        int got = bpf_map_get_all(grants->maps.found, grants->keys, grants->counts, GRANT_LIMIT);
        grants->round_count = got < 0 ? 0 : (size_t)got;
        grants->is_short |= got < 0 || grants->round_count == GRANT_LIMIT;
    }
    while (grants->at < grants->round_count) {
        uint32_t key = grants->keys[grants->at];
        uint64_t news = grants_news(grants, key, grants->counts[grants->at++]);
        if (!news)
            continue;
        *ret = (struct grant){ .program = grants->programs[KEY_GROUP(key)],
                               .capability = KEY_CAPABILITY(key),
                               .number = KEY_NUMBER(key),
                               .is_borrowed = key & GRANT_BORROWED,
                               .count = news };
        return true;
    }
    grants->at = 0;
    return false;
}

bool grants_are_whole(const struct grants *grants)
{
    return !grants->is_short;
}
