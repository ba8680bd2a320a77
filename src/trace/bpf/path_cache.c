// SPDX-License-Identifier: LGPL-2.1-or-later
#include "trace/bpf/path_cache.h"
#include "trace/bpf/path_cache_parts.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Names known at once. */
#define KNOWN_LIMIT    2048u
#define IDENTITY_LIMIT (KEY_BLIND / COUNTER_GROUPS)
/* include/linux/errno.h of the kernel: -MAX_ERRNO .. -1 are errors. */
#define MAX_ERRNO 4095

struct memory {
    struct known_call call;
    uint32_t id;
    uint64_t told; /* how often of what was counted */
};

struct memories {
    struct memory *items;
    size_t count, capacity;
};

struct path_cache {
    struct counter *counter; /* borrowed */
    struct path_cache_maps maps;
    int end, leave; /* of calls, of tasks */
    uint32_t generation;
    uint64_t answered; /* calls that were told */
    struct exit_rule exit_rules[COUNTER_NUMBERS];
    struct memories now, before; /* of this generation and the last */
    struct trace_repeat *news;
    size_t news_told, news_count, news_capacity;
    char **identities; /* number - 1 -> text */
    size_t identity_count, identity_capacity;
};

bool path_cache_covers(const struct path_cache *path_cache, uint64_t number)
{
    return path_cache && number < COUNTER_NUMBERS && path_cache->exit_rules[number].path;
}

static uint32_t register_at(unsigned argument_plus_one)
{
    return argument_plus_one ? path_cache_registers.arguments[argument_plus_one - 1] : 0;
}

static int look_at(struct path_cache *path_cache, const struct trace_rule *rule)
{
    const uint32_t paths[] = { [TRACE_AT_END] = EXIT_RULE_ALWAYS,
                               [TRACE_FAILED] = EXIT_RULE_IF_FAILED,
                               [TRACE_CLONE] = EXIT_RULE_CLONE,
                               [TRACE_NEW_NAME] = register_at(rule->argument + 1) };
    struct exit_rule exit_rule = { .path = rule->test < ELEMENTS_OF(paths) ? paths[rule->test] : 0,
                                   .arguments = { register_at(rule->same[0]),
                                                  register_at(rule->same[1]) },
                                   .empty = rule->value };
    if (rule->test == TRACE_CLONE) {
        exit_rule.arguments[0] = register_at(rule->argument + 1);
        exit_rule.arguments[1] = rule->high;
    }

    path_cache->exit_rules[rule->number] = exit_rule;
    return counter_leave_to(path_cache->counter, rule->number, &exit_rule);
}

/* ---- views ---- */

unsigned path_cache_identity(struct path_cache *path_cache, pid_t tid)
{
    CLEANUP(str_done) struct str text = { 0 };

    if (task_identity_describe(tid, &text) < 0)
        return 0;
    for (size_t i = 0; i < path_cache->identity_count; i++)
        if (strcmp(path_cache->identities[i], text.data) == 0)
            return (unsigned)i + 1;
    if (path_cache->identity_count + 1 == IDENTITY_LIMIT)
        return 0;
    mem_reserve(&path_cache->identities, &path_cache->identity_capacity,
                path_cache->identity_count + 1, sizeof(*path_cache->identities));
    path_cache->identities[path_cache->identity_count++] = mem_strdup(text.data);
    return (unsigned)path_cache->identity_count;
}

/* ---- what is remembered ---- */

static bool call_take(const struct path_cache *path_cache, unsigned view,
                      const struct trace_event *event, const char *name, struct known_call *ret)
{
    const struct exit_rule *exit_rule = &path_cache->exit_rules[event->number];

    if (!view || name[0] != '/' || strlen(name) + 1 >= NAME_ROOM)
        return false;
    *ret = (struct known_call){ .generation = path_cache->generation,
                                .view = view,
                                .number = (uint32_t)event->number,
                                .outcome = event->is_error ? (int32_t)event->rval : 0 };
    for (size_t i = 0; i < ELEMENTS_OF(exit_rule->arguments); i++)
        for (size_t j = 0;
             exit_rule->arguments[i] && j < ELEMENTS_OF(path_cache_registers.arguments); j++)
            if (path_cache_registers.arguments[j] == exit_rule->arguments[i])
                ret->arguments[i] = (uint32_t)event->args[j];
    strcpy(ret->name, name);
    return true;
}

int path_cache_remember(struct path_cache *path_cache, unsigned view,
                        const struct trace_event *event, const char *name, uint32_t id)
{
    struct memories *now = &path_cache->now;
    struct memory memory = { .id = id };
    const uint64_t none = 0;

    if (now->count == KNOWN_LIMIT || !path_cache_covers(path_cache, event->number) ||
        !call_take(path_cache, view, event, name, &memory.call))
        return -ENOSPC;
    /* Another task may have asked the same meanwhile: what was counted since stays. */
    int result = bpf_map_add(path_cache->maps.known, &memory.call, &none);
    if (result < 0)
        return result;
    mem_reserve(&now->items, &now->capacity, now->count + 1, sizeof(*now->items));
    now->items[now->count++] = memory;
    return 0;
}

static void tell(struct path_cache *path_cache, struct memory *memory, bool is_over)
{
    uint64_t count = memory->told;

    bpf_map_get(path_cache->maps.known, &memory->call, &count);
    struct trace_repeat news = { memory->id, count - memory->told, is_over };
    memory->told = count;
    mem_reserve(&path_cache->news, &path_cache->news_capacity, path_cache->news_count + 1,
                sizeof(*path_cache->news));
    path_cache->news[path_cache->news_count++] = news;
}

/* A call under way may still be counted to the generation it met: that is told when the next one
 * is over. */
void path_cache_forget(struct path_cache *path_cache)
{
    const uint32_t key = STATE_GENERATION;
    struct memories before = path_cache->before;

    for (size_t i = 0; i < before.count; i++) {
        tell(path_cache, &before.items[i], true);
        bpf_map_remove(path_cache->maps.known, &before.items[i].call);
    }
    before.count = 0;
    path_cache->before = path_cache->now;
    path_cache->now = before;
    const uint64_t generation = ++path_cache->generation;
    bpf_map_put(path_cache->maps.state, &key, &generation);
    for (size_t i = 0; i < path_cache->before.count; i++)
        tell(path_cache, &path_cache->before.items[i], false);
}

bool path_cache_next(struct path_cache *path_cache, struct trace_repeat *ret)
{
    if (path_cache->news_told < path_cache->news_count) {
        *ret = path_cache->news[path_cache->news_told++];
        return true;
    }
    path_cache->news_told = path_cache->news_count = 0;
    return false;
}

/* ---- a call that has just been made ---- */

int path_cache_read_call(struct path_cache *path_cache, pid_t tid, uint64_t *exit_stops,
                         struct trace_event *event)
{
    struct counter_task task;
    int result = counter_exit_rule(path_cache->counter, tid, &task);

    if (result < 0)
        return result;
    if (task.exit_stops == *exit_stops)
        return -EALREADY;
    *exit_stops = task.exit_stops;
    path_cache->answered++;
    event->number = task.number;
    event->rval = task.result;
    event->is_error = event->rval < 0 && event->rval >= -MAX_ERRNO;
    memcpy(event->args, task.arguments, sizeof(event->args));
    return 0;
}

uint64_t path_cache_unanswered(const struct path_cache *path_cache)
{
    const uint32_t key = STATE_ASKED;
    uint64_t asked = 0;

    if (!path_cache || bpf_map_get(path_cache->maps.state, &key, &asked) < 0)
        return 0;
    return asked - path_cache->answered;
}

/* ---- trying it ---- */

static void trial_handler(int signal)
{
    (void)signal;
}

/* Makes a call that has no number at its end (rt_sigreturn), asks for a known name, then for
 * another one, of which it must stop, and makes the call that has no end. */
static void __attribute__((noreturn)) trial_child(int go_fd)
{
    char go;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (read(go_fd, &go, 1) == 1) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGUSR1, trial_handler);
        raise(SIGUSR1);
        /* A fourth argument, which it does not have, is compared too. */
        syscall(SYS_faccessat, AT_FDCWD, "/", F_OK, 0);
        syscall(SYS_faccessat, AT_FDCWD, "/.", F_OK, 0);
    }
    _exit(1);
}

/* *child is 0 once it was waited for. */
static bool trial_wait(pid_t *child, int *ret_status)
{
    if (waitpid(*child, ret_status, WUNTRACED) != *child)
        return false;
    if (!WIFSTOPPED(*ret_status))
        *child = 0;
    return true;
}

static bool trial_of(struct path_cache *path_cache, pid_t *child, int go_fd)
{
    const struct counter_task task = { .view = 1 };
    const struct trace_event event = { .number = SYS_faccessat };
    struct trace_repeat told = { 0 };
    int status = 0;

    if (counter_follow(path_cache->counter, *child, &task) < 0 ||
        path_cache_remember(path_cache, task.view, &event, "/", 0) < 0 || write(go_fd, "", 1) < 0)
        return false;
    if (!trial_wait(child, &status) || !WIFSTOPPED(status))
        return false;
    path_cache->answered++;
    path_cache_forget(path_cache);
    if (!path_cache_next(path_cache, &told) || told.count != 1)
        return false;
    kill(*child, SIGCONT);
    return trial_wait(child, &status) && WIFEXITED(status) &&
           counter_unreported(path_cache->counter, SYS_rt_sigreturn) == 1 &&
           counter_unreported(path_cache->counter, SYS_exit_group) == 1;
}

/* Whatever is in the way (a kernel that shows registers elsewhere) shows here. */
static bool path_cache_is_right(struct path_cache *path_cache)
{
    const struct trace_rule rule = {
        .number = SYS_faccessat, .test = TRACE_NEW_NAME, .argument = 1, .same = { 3, 4 }
    };
    int go[2];

    if (look_at(path_cache, &rule) < 0 || pipe2(go, O_CLOEXEC) < 0)
        return false;
    CLEANUP(fd_close) int go_read = go[0];
    CLEANUP(fd_close) int go_write = go[1];
    pid_t child = fork();
    if (child == 0)
        trial_child(go_read);
    const pid_t tid = child;
    bool right = child > 0 && trial_of(path_cache, &child, go_write);
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    counter_leave(path_cache->counter, tid);
    counter_settle(path_cache->counter);
    path_cache->exit_rules[rule.number] = (struct exit_rule){ 0 };
    return counter_leave_to(path_cache->counter, rule.number, NULL) == 0 && right;
}

static bool path_cache_open(struct path_cache *path_cache, const struct trace_rule *rules,
                            size_t count)
{
    path_cache->maps.known = bpf_map_create(BPF_MAP_TYPE_HASH, sizeof(struct known_call),
                                            sizeof(uint64_t), 2 * KNOWN_LIMIT, BPF_F_NO_PREALLOC);
    path_cache->maps.state =
        bpf_map_create(BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), sizeof(uint64_t), STATE_COUNT, 0);
    if (path_cache->maps.known < 0 || path_cache->maps.state < 0)
        return false;
    path_cache->leave = path_cache_attach_leave(&path_cache->maps);
    path_cache->end = path_cache_attach(&path_cache->maps);
    counter_hand_over(path_cache->counter, true);
    if (path_cache->leave < 0 || path_cache->end < 0 || !path_cache_is_right(path_cache))
        return false;
    for (size_t i = 0; i < count; i++)
        if (path_cache_is_at_end(&rules[i]) && rules[i].number < COUNTER_NUMBERS &&
            look_at(path_cache, &rules[i]) < 0)
            return false;
    return true;
}

struct path_cache *path_cache_new(struct counter *counter, const struct trace_rule *rules,
                                  size_t count)
{
    struct path_cache *path_cache = mem_new(1, sizeof(*path_cache));

    path_cache->counter = counter;
    path_cache->maps =
        (struct path_cache_maps){ .tasks = counter_map(counter, COUNTER_TASKS),
                                  .slots = counter_map(counter, COUNTER_SLOTS),
                                  .exit_rules = counter_map(counter, COUNTER_OTHERS) };
    path_cache->maps.known = path_cache->maps.state = path_cache->end = path_cache->leave = -1;
    if (path_cache_registers_known && path_cache_open(path_cache, rules, count))
        return path_cache;
    for (uint32_t i = 0; i < COUNTER_NUMBERS; i++)
        if (path_cache->exit_rules[i].path)
            counter_leave_to(counter, i, NULL);
    path_cache_free(path_cache);
    return NULL;
}

void path_cache_free(struct path_cache *path_cache)
{
    if (!path_cache)
        return;
    fd_close(&path_cache->end);
    fd_close(&path_cache->leave);
    fd_close(&path_cache->maps.known);
    fd_close(&path_cache->maps.state);
    for (size_t i = 0; i < path_cache->identity_count; i++)
        free(path_cache->identities[i]);
    free(path_cache->identities);
    free(path_cache->now.items);
    free(path_cache->before.items);
    free(path_cache->news);
    free(path_cache);
}

bool path_cache_is_at_end(const struct trace_rule *rule)
{
    return rule->test == TRACE_NEW_NAME || rule->test == TRACE_AT_END ||
           rule->test == TRACE_FAILED || rule->test == TRACE_CLONE;
}
