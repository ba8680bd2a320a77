// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The groups of system calls of the systemd here, from its own mouth: `systemd-analyze
 * syscall-filter`. The only program that the census runs: bounded in time and output, without a
 * terminal, with an environment of its own; what does not come out as expected is left out.
 */
#include "host/census.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* It takes 5 ms and prints 22 kB (systemd 252). */
#define GROUPS_TIME_MS    2000
#define GROUPS_TEXT_LIMIT ((size_t)1 << 18)

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads to the end: 0, or -errno when it came too late or was too much. */
static int read_all(int fd, int64_t deadline_ms, struct str *ret)
{
    for (;;) {
        char buffer[4096];
        struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
        int64_t left_ms = deadline_ms - now_ms();
        if (left_ms <= 0 || ret->length > GROUPS_TEXT_LIMIT)
            return -ETIME;
        int ready = poll(&poll_fd, 1, (int)left_ms);
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready <= 0)
            continue;
        ssize_t length = read(fd, buffer, sizeof(buffer));
        if (length == 0)
            return 0;
        if (length < 0 && errno != EINTR)
            return -errno;
        if (length > 0)
            str_add_bytes(ret, buffer, (size_t)length);
    }
}

/* The program with its standard output in `output`, all else nowhere, signals as at birth. */
static int groups_spawn(const char *program, int output, pid_t *ret)
{
    static const char *const environment[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", "SYSTEMD_COLORS=0",
                                               "SYSTEMD_PAGER=", NULL };
    static const char *const arguments[] = { "systemd-analyze", "--no-pager", "syscall-filter",
                                             NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int result =
        posix_spawn(ret, program, &actions, &attributes, (char *const *)(uintptr_t)arguments,
                    (char *const *)(uintptr_t)environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return -result;
}

int census_groups_run(const char *program, int time_ms, struct str *ret)
{
    int64_t deadline_ms = now_ms() + time_ms;
    int status = 0, ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    int result = groups_spawn(program, ends[1], &pid);
    close(ends[1]);
    if (result == 0) {
        result = read_all(ends[0], deadline_ms, ret);
        int64_t left_ms = result < 0 ? 0 : deadline_ms - now_ms();
        process_end(pid, left_ms > 0 ? left_ms : 0, &status);
        if (result == 0 && status != 0)
            result = -EPROTO;
    }
    close(ends[0]);
    return result;
}

/* ---- what it prints: "@group", then its members with four blanks before them ---- */

static bool is_word(const char *text, size_t length)
{
    bool is = length > 1 && length < 40;

    for (size_t i = 0; i < length && is; i++)
        is = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') ||
             text[i] == '_' || text[i] == '-' || (text[i] == '@' && i == 0);
    return is;
}

/* What the line says: of a group its members so far stand in `members`. */
static void parse_line(struct profile *profile, const char *line, size_t length, struct str *group,
                       struct str *members)
{
    size_t blanks = strspn(line, " ");

    if (length == 0 || blanks >= length)
        return;
    if (blanks) {
        if (group->length && is_word(line + blanks, length - blanks)) {
            str_add(members, members->length ? " " : "");
            str_add_bytes(members, line + blanks, length - blanks);
        }
        return;
    }
    if (group->length && members->length)
        profile_add_setting(profile, group->data, members->data);
    str_done(group);
    str_done(members);
    /* @known is all there is: it is worth no list, and is the longest. */
    if (line[0] == '@' && is_word(line, length) && !(length == 6 && !memcmp(line, "@known", 6))) {
        str_add(group, "group ");
        str_add_bytes(group, line, length);
    }
}

void census_groups_parse(struct profile *profile, const char *text)
{
    struct str group = { 0 }, members = { 0 };

    while (*text) {
        size_t length = strcspn(text, "\n");
        parse_line(profile, text, length, &group, &members);
        text += length + (text[length] == '\n');
    }
    parse_line(profile, "#", 1, &group, &members); /* ends the last one */
    str_done(&group);
    str_done(&members);
}

void census_groups(struct profile *profile)
{
    static const char *const programs[] = { "/usr/bin/systemd-analyze", "/bin/systemd-analyze" };
    struct str text = { 0 };

    for (size_t i = 0; i < ELEMENTS_OF(programs); i++) {
        int result = census_groups_run(programs[i], GROUPS_TIME_MS, &text);
        if (result == 0)
            census_groups_parse(profile, text.data ? text.data : "");
        if (result != -ENOENT)
            break;
    }
    str_done(&text);
}
