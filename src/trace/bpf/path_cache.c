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
#define IDENTITY_LIMIT (VIEW_BLIND / COUNTER_GROUPS)
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

struct recall {
    struct counter *counter; /* borrowed */
    struct recall_maps maps;
    int end, leave; /* of calls, of tasks */
    uint32_t generation;
    uint64_t answered; /* calls that were told */
    struct look looks[COUNTER_NUMBERS];
    struct memories now, before; /* of this generation and the last */
    struct trace_recalled *news;
    size_t news_told, news_count, news_capacity;
    char **identities; /* number - 1 -> text */
    size_t identity_count, identity_capacity;
};

bool recall_covers(const struct recall *recall, uint64_t number)
{
    return recall && number < COUNTER_NUMBERS && recall->looks[number].path;
}

static uint32_t register_at(unsigned argument_plus_one)
{
    return argument_plus_one ? register_places.arguments[argument_plus_one - 1] : 0;
}

static int look_at(struct recall *recall, const struct trace_rule *rule)
{
    const uint32_t paths[] = { [TRACE_AT_END] = LOOK_ALWAYS,
                               [TRACE_FAILED] = LOOK_IF_FAILED,
                               [TRACE_CLONE] = LOOK_CLONE,
                               [TRACE_NEW_NAME] = register_at(rule->argument + 1) };
    struct look look = { .path = rule->test < ELEMENTS_OF(paths) ? paths[rule->test] : 0,
                         .arguments = { register_at(rule->same[0]), register_at(rule->same[1]) },
                         .empty = rule->value };
    if (rule->test == TRACE_CLONE) {
        look.arguments[0] = register_at(rule->argument + 1);
        look.arguments[1] = rule->high;
    }

    recall->looks[rule->number] = look;
    return counter_leave_to(recall->counter, rule->number, &look);
}

/* ---- views ---- */

unsigned recall_view(unsigned identity, unsigned group)
{
    return identity && group ? identity * COUNTER_GROUPS + group : 0;
}

unsigned recall_view_once_blind(unsigned view)
{
    return view | VIEW_BLIND;
}

bool recall_view_is_blind(unsigned view)
{
    return view & VIEW_BLIND;
}

unsigned recall_identity(struct recall *recall, pid_t tid)
{
    CLEANUP(str_done) struct str text = { 0 };

    if (recall_describe(tid, &text) < 0)
        return 0;
    for (size_t i = 0; i < recall->identity_count; i++)
        if (strcmp(recall->identities[i], text.data) == 0)
            return (unsigned)i + 1;
    if (recall->identity_count + 1 == IDENTITY_LIMIT)
        return 0;
    mem_reserve(&recall->identities, &recall->identity_capacity, recall->identity_count + 1,
                sizeof(*recall->identities));
    recall->identities[recall->identity_count++] = mem_strdup(text.data);
    return (unsigned)recall->identity_count;
}

/* ---- what is remembered ---- */

static bool call_take(const struct recall *recall, unsigned view, const struct trace_event *event,
                      const char *name, struct known_call *ret)
{
    const struct look *look = &recall->looks[event->number];

    if (!view || name[0] != '/' || strlen(name) + 1 >= NAME_ROOM)
        return false;
    *ret = (struct known_call){ .generation = recall->generation,
                                .view = view,
                                .number = (uint32_t)event->number,
                                .outcome = event->is_error ? (int32_t)event->rval : 0 };
    for (size_t i = 0; i < ELEMENTS_OF(look->arguments); i++)
        for (size_t j = 0; look->arguments[i] && j < ELEMENTS_OF(register_places.arguments); j++)
            if (register_places.arguments[j] == look->arguments[i])
                ret->arguments[i] = (uint32_t)event->args[j];
    strcpy(ret->name, name);
    return true;
}

int recall_remember(struct recall *recall, unsigned view, const struct trace_event *event,
                    const char *name, uint32_t id)
{
    struct memories *now = &recall->now;
    struct memory memory = { .id = id };
    const uint64_t none = 0;

    if (now->count == KNOWN_LIMIT || !recall_covers(recall, event->number) ||
        !call_take(recall, view, event, name, &memory.call))
        return -ENOSPC;
    /* Another task may have asked the same meanwhile: what was counted since stays. */
    int result = bpf_map_add(recall->maps.known, &memory.call, &none);
    if (result < 0)
        return result;
    mem_reserve(&now->items, &now->capacity, now->count + 1, sizeof(*now->items));
    now->items[now->count++] = memory;
    return 0;
}

static void tell(struct recall *recall, struct memory *memory, bool is_over)
{
    uint64_t count = memory->told;

    bpf_map_get(recall->maps.known, &memory->call, &count);
    struct trace_recalled news = { memory->id, count - memory->told, is_over };
    memory->told = count;
    mem_reserve(&recall->news, &recall->news_capacity, recall->news_count + 1,
                sizeof(*recall->news));
    recall->news[recall->news_count++] = news;
}

/* A call under way may still be counted to the generation it met: that is told when the next one
 * is over. */
void recall_forget(struct recall *recall)
{
    const uint32_t key = STATE_GENERATION;
    struct memories before = recall->before;

    for (size_t i = 0; i < before.count; i++) {
        tell(recall, &before.items[i], true);
        bpf_map_remove(recall->maps.known, &before.items[i].call);
    }
    before.count = 0;
    recall->before = recall->now;
    recall->now = before;
    const uint64_t generation = ++recall->generation;
    bpf_map_put(recall->maps.state, &key, &generation);
    for (size_t i = 0; i < recall->before.count; i++)
        tell(recall, &recall->before.items[i], false);
}

bool recall_next(struct recall *recall, struct trace_recalled *ret)
{
    if (recall->news_told < recall->news_count) {
        *ret = recall->news[recall->news_told++];
        return true;
    }
    recall->news_told = recall->news_count = 0;
    return false;
}

/* ---- a call that has just been made ---- */

int recall_read_call(struct recall *recall, pid_t tid, uint64_t *asks, struct trace_event *event)
{
    struct counter_task task;
    int result = counter_look(recall->counter, tid, &task);

    if (result < 0)
        return result;
    if (task.asks == *asks)
        return -EALREADY;
    *asks = task.asks;
    recall->answered++;
    event->number = task.number;
    event->rval = task.result;
    event->is_error = event->rval < 0 && event->rval >= -MAX_ERRNO;
    memcpy(event->args, task.arguments, sizeof(event->args));
    return 0;
}

uint64_t recall_unanswered(const struct recall *recall)
{
    const uint32_t key = STATE_ASKED;
    uint64_t asked = 0;

    if (!recall || bpf_map_get(recall->maps.state, &key, &asked) < 0)
        return 0;
    return asked - recall->answered;
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

static bool trial_of(struct recall *recall, pid_t *child, int go_fd)
{
    const struct counter_task task = { .view = 1 };
    const struct trace_event event = { .number = SYS_faccessat };
    struct trace_recalled told = { 0 };
    int status = 0;

    if (counter_follow(recall->counter, *child, &task) < 0 ||
        recall_remember(recall, task.view, &event, "/", 0) < 0 || write(go_fd, "", 1) < 0)
        return false;
    if (!trial_wait(child, &status) || !WIFSTOPPED(status))
        return false;
    recall->answered++;
    recall_forget(recall);
    if (!recall_next(recall, &told) || told.count != 1)
        return false;
    kill(*child, SIGCONT);
    return trial_wait(child, &status) && WIFEXITED(status) &&
           counter_untold(recall->counter, SYS_rt_sigreturn) == 1 &&
           counter_untold(recall->counter, SYS_exit_group) == 1;
}

/* Whatever is in the way (a kernel that shows registers elsewhere) shows here. */
static bool recall_is_right(struct recall *recall)
{
    const struct trace_rule rule = {
        .number = SYS_faccessat, .test = TRACE_NEW_NAME, .argument = 1, .same = { 3, 4 }
    };
    int go[2];

    if (look_at(recall, &rule) < 0 || pipe2(go, O_CLOEXEC) < 0)
        return false;
    CLEANUP(fd_close) int go_read = go[0];
    CLEANUP(fd_close) int go_write = go[1];
    pid_t child = fork();
    if (child == 0)
        trial_child(go_read);
    const pid_t tid = child;
    bool right = child > 0 && trial_of(recall, &child, go_write);
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    counter_leave(recall->counter, tid);
    counter_settle(recall->counter);
    recall->looks[rule.number] = (struct look){ 0 };
    return counter_leave_to(recall->counter, rule.number, NULL) == 0 && right;
}

static bool recall_open(struct recall *recall, const struct trace_rule *rules, size_t count)
{
    recall->maps.known = bpf_map_create(BPF_MAP_TYPE_HASH, sizeof(struct known_call),
                                        sizeof(uint64_t), 2 * KNOWN_LIMIT, BPF_F_NO_PREALLOC);
    recall->maps.state =
        bpf_map_create(BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), sizeof(uint64_t), STATE_COUNT, 0);
    if (recall->maps.known < 0 || recall->maps.state < 0)
        return false;
    recall->leave = recall_attach_leave(&recall->maps);
    recall->end = recall_attach(&recall->maps);
    counter_hand_over(recall->counter, true);
    if (recall->leave < 0 || recall->end < 0 || !recall_is_right(recall))
        return false;
    for (size_t i = 0; i < count; i++)
        if (rule_is_at_end(&rules[i]) && rules[i].number < COUNTER_NUMBERS &&
            look_at(recall, &rules[i]) < 0)
            return false;
    return true;
}

struct recall *recall_new(struct counter *counter, const struct trace_rule *rules, size_t count)
{
    struct recall *recall = mem_new(1, sizeof(*recall));

    recall->counter = counter;
    recall->maps = (struct recall_maps){ .tasks = counter_map(counter, COUNTER_TASKS),
                                         .slots = counter_map(counter, COUNTER_SLOTS),
                                         .looks = counter_map(counter, COUNTER_OTHERS) };
    recall->maps.known = recall->maps.state = recall->end = recall->leave = -1;
    if (register_places_known && recall_open(recall, rules, count))
        return recall;
    for (uint32_t i = 0; i < COUNTER_NUMBERS; i++)
        if (recall->looks[i].path)
            counter_leave_to(counter, i, NULL);
    recall_free(recall);
    return NULL;
}

void recall_free(struct recall *recall)
{
    if (!recall)
        return;
    fd_close(&recall->end);
    fd_close(&recall->leave);
    fd_close(&recall->maps.known);
    fd_close(&recall->maps.state);
    for (size_t i = 0; i < recall->identity_count; i++)
        free(recall->identities[i]);
    free(recall->identities);
    free(recall->now.items);
    free(recall->before.items);
    free(recall->news);
    free(recall);
}
