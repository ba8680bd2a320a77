// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/pid1.h"
#include <cinch/systemd.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* An answer takes some 10 ms. */
#define ANSWER_MS 5000
/* What one answer may say. */
#define ANSWER_BYTES ((size_t)1 << 20)

/* All that anybody here wants to know. */
#define PROPERTIES                                                                                 \
    "Id,LoadState,ActiveState,SubState,Result,Type,Restart,InvocationID,NRestarts,ExecMainStatus," \
    "ExecMainCode,ExecStartPre,ExecStart,ExecReload,ReloadSignal,ConditionResult,"                 \
    "ConditionTimestampMonotonic,RootDirectory,RootImage,TemporaryFileSystem,InaccessiblePaths,"   \
    "NoExecPaths"

int64_t pid1_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Starts systemctl with these arguments. What it says goes to `fd` or, -1, to nobody. Its pid; 0
 * when it cannot be started. */
static pid_t start_systemctl(const char *const *arguments, int fd)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (fd >= 0)
        posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    else
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    /* What is typed at the terminal is for us. */
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawnp(&pid, arguments[0], &actions, &attributes,
                              (char *const *)(uintptr_t)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed ? 0 : pid;
}

/* It has said all that it will, or too much, or nothing for too long. */
static void end_question(struct pid1 *pid1)
{
    if (pid1->child >= 0) {
        (void)syscall(SYS_pidfd_send_signal, pid1->child, SIGKILL, NULL, 0);
        (void)waitid(P_PIDFD, (id_t)pid1->child, NULL, WEXITED);
    }
    fd_close(&pid1->fd);
    fd_close(&pid1->child);
    pid1->fd = pid1->child = -1;
    str_done(&pid1->coming);
    pid1->coming = (struct str){ 0 };
}

/* The same of the manager: what it gives every service. */
#define MANAGER_PROPERTIES                                                                         \
    "Version,Environment,DefaultLimitCPU,DefaultLimitCPUSoft,DefaultLimitFSIZE,"                   \
    "DefaultLimitFSIZESoft,DefaultLimitDATA,DefaultLimitDATASoft,DefaultLimitSTACK,"               \
    "DefaultLimitSTACKSoft,DefaultLimitCORE,DefaultLimitCORESoft,DefaultLimitRSS,"                 \
    "DefaultLimitRSSSoft,DefaultLimitNOFILE,DefaultLimitNOFILESoft,DefaultLimitAS,"                \
    "DefaultLimitASSoft,DefaultLimitNPROC,DefaultLimitNPROCSoft,DefaultLimitMEMLOCK,"              \
    "DefaultLimitMEMLOCKSoft,DefaultLimitLOCKS,DefaultLimitLOCKSSoft,DefaultLimitSIGPENDING,"      \
    "DefaultLimitSIGPENDINGSoft,DefaultLimitMSGQUEUE,DefaultLimitMSGQUEUESoft,DefaultLimitNICE,"   \
    "DefaultLimitNICESoft,DefaultLimitRTPRIO,DefaultLimitRTPRIOSoft,DefaultLimitRTTIME,"           \
    "DefaultLimitRTTIMESoft"

/* The unit's name is one word of a command line, after "--". */
static void ask(struct pid1 *pid1)
{
    const char *const arguments[] = { "systemctl",
                                      "show",
                                      pid1->is_manager ? "--property=" MANAGER_PROPERTIES
                                                       : "--property=" PROPERTIES,
                                      "--",
                                      pid1->unit,
                                      NULL };
    int ends[2];

    if ((!pid1->unit && !pid1->is_manager) || pid1->fd >= 0)
        return;
    pid1->asked_ms = pid1_clock_ms();
    if (pipe2(ends, O_CLOEXEC) < 0)
        return;
    /* Our end alone: systemctl would lose what does not fit into the pipe at once. */
    (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
    pid_t pid = start_systemctl(arguments, ends[1]);
    fd_close(&ends[1]);
    pid1->fd = ends[0];
    if (pid > 0)
        pid1->child = (int)syscall(SYS_pidfd_open, pid, 0);
}

void pid1_ask_after(struct pid1 *pid1, int64_t pause_ms)
{
    if (pid1_clock_ms() - pid1->asked_ms >= pause_ms)
        ask(pid1);
}

/* Reads on: whether all of it is here. */
static bool is_whole(struct pid1 *pid1)
{
    char bytes[4096];
    ssize_t got;

    while ((got = read(pid1->fd, bytes, sizeof(bytes))) > 0 && pid1->coming.length < ANSWER_BYTES)
        str_add_bytes(&pid1->coming, bytes, (size_t)got);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

bool pid1_answered(struct pid1 *pid1)
{
    if (pid1->fd < 0)
        return false;
    bool whole = is_whole(pid1);
    if (!whole && pid1_clock_ms() - pid1->asked_ms < ANSWER_MS &&
        pid1->coming.length < ANSWER_BYTES)
        return false;
    if (whole && pid1->coming.length) {
        free(pid1->state);
        pid1->state = str_steal(&pid1->coming);
    }
    pid1->answers++;
    end_question(pid1);
    return true;
}

void pid1_ask_now(struct pid1 *pid1)
{
    ask(pid1);
    while (pid1->fd >= 0 && !pid1_answered(pid1)) {
        struct pollfd answer = { .fd = pid1->fd, .events = POLLIN };
        (void)poll(&answer, 1, 100);
    }
}

pid_t pid1_do(const struct pid1 *pid1, const char *verb)
{
    /* What depends on the unit is not stopped with it, as when it ends by itself. */
    const char *const arguments[] = { "systemctl", "--no-block", "--job-mode=ignore-dependencies",
                                      verb,        "--",         pid1->unit,
                                      NULL };

    return start_systemctl(arguments, -1);
}

void pid1_do_now(const struct pid1 *pid1, const char *verb)
{
    pid_t pid = pid1_do(pid1, verb);
    CLEANUP(fd_close) int child = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
    struct pollfd end = { .fd = child, .events = POLLIN };

    (void)poll(&end, child >= 0, ANSWER_MS);
}

/* ---- what it says ---- */

char *pid1_line(const char *state, const char *name)
{
    size_t length = strlen(name);

    for (const char *line = state; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == '=')
            return mem_strndup(line + length + 1, strcspn(line + length + 1, "\n"));
    }
    return NULL;
}

char *pid1_property(const struct pid1 *pid1, const char *name)
{
    return pid1_line(pid1->state, name);
}

bool pid1_property_is(const struct pid1 *pid1, const char *name, const char *value)
{
    CLEANUP(free_char) char *text = pid1_property(pid1, name);

    return text && strcmp(text, value) == 0;
}

bool pid1_knows(const struct pid1 *pid1)
{
    return pid1->unit && pid1->state && pid1_property_is(pid1, "LoadState", "loaded");
}

/* A oneshot unit is active only once its command has ended, or never (systemd.service(5), Type=):
 * it says nothing of when the command is at work. */
bool pid1_has_started(const struct pid1 *pid1)
{
    return !pid1_knows(pid1) || pid1_property_is(pid1, "Type", "oneshot") ||
           pid1_property_is(pid1, "ActiveState", "active") ||
           pid1_property_is(pid1, "ActiveState", "reloading");
}

bool pid1_has_stopped(const struct pid1 *pid1)
{
    return pid1_property_is(pid1, "ActiveState", "inactive") ||
           pid1_property_is(pid1, "ActiveState", "failed");
}

/* ---- how it reloads ---- */

static const struct {
    const char *name;
    int number;
} reload_signals[] = {
    { "HUP", SIGHUP }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 }, { "WINCH", SIGWINCH }
};

/* "-USR1", "SIGUSR1", "--signal=10" and the like, a word of a command; 0: none of these. */
static uint64_t signal_of(const char *word, size_t length)
{
    static const char *const heads[] = { "--signal=", "-", "SIG" };
    char text[16];

    for (size_t i = 0; i < ELEMENTS_OF(heads); i++) {
        size_t head = strlen(heads[i]);
        if (length > head && strncmp(word, heads[i], head) == 0) {
            word += head;
            length -= head;
        }
    }
    for (size_t i = 0; i < ELEMENTS_OF(reload_signals); i++) {
        int digits = snprintf(text, sizeof(text), "%d", reload_signals[i].number);
        if ((length == strlen(reload_signals[i].name) &&
             memcmp(word, reload_signals[i].name, length) == 0) ||
            (length == (size_t)digits && memcmp(word, text, length) == 0))
            return UINT64_C(1) << reload_signals[i].number;
    }
    return 0;
}

/* Of systemctl's "{ path=/bin/kill ; argv[]=/bin/kill -USR1 $MAINPID ; ... }", any number of them.
 */
uint64_t pid1_reload_signals(const struct pid1 *pid1)
{
    CLEANUP(free_char) char *commands = pid1_property(pid1, "ExecReload");
    CLEANUP(free_char) char *number = pid1_property(pid1, "ReloadSignal");
    uint64_t signals = 0;

    if (number && pid1_property_is(pid1, "Type", "notify-reload"))
        signals = signal_of(number, strlen(number));
    for (const char *at = commands; at && (at = strstr(at, "argv[]=")) != NULL;) {
        at += strlen("argv[]=");
        size_t length = strcspn(at, " ;");
        CLEANUP(free_char) char *program = mem_strndup(at, length);
        bool sends = unit_program_signals(program);
        for (at += length; *at && *at != ';'; at += strcspn(at, " ;")) {
            at += strspn(at, " ");
            if (sends)
                signals |= signal_of(at, strcspn(at, " ;"));
        }
    }
    return signals;
}

void pid1_done(struct pid1 *pid1)
{
    end_question(pid1);
    free(pid1->state);
    pid1->state = NULL;
}
