// SPDX-License-Identifier: LGPL-2.1-or-later
/* Control sequences: ECMA-48 and DEC STD 070, as xterm, tmux, screen, the Linux console (see
 * console_codes(4)) and every emulator after them read them. */
#include "cli/status.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* Less than this is no room for a line of ours. */
#define ROWS_LEAST    5
#define COLUMNS_LEAST 20
/* Longer than the line ever needs to be, and short enough for one write. */
#define COLUMNS_MOST 200
/* How long a stopped terminal (Ctrl-S) may hold up the end of cinch. */
#define LAST_WAIT_MS 300
/* How long the guard may take to end: it may have been stopped (SIGSTOP), and waits as above. */
#define GUARD_WAIT_MS 1000

#define SAVE_CURSOR    "\0337"
#define RESTORE_CURSOR "\0338"
#define ALL_ROWS       "\033[r"
#define CLEAR_TO_END   "\033[K"
#define CLEAR_BELOW    "\033[J"

/* ---- text ---- */

char *status_duration(int64_t ms)
{
    int64_t seconds = ms / 1000;

    if (seconds < 120)
        return mem_printf("%" PRId64 " s", seconds);
    if (seconds < 120 * 60)
        return mem_printf("%" PRId64 " min", seconds / 60);
    return mem_printf("%.1f h", (double)seconds / 3600);
}

/* The names of what is counted: in full, and where room is short. */
struct words {
    const char *process, *processes, *calls, *learned, *lead;
};

static char *text_with(const struct words *words, const struct progress *progress)
{
    CLEANUP(free_char) char *quiet = status_duration(progress->quiet_ms);
    const struct tally *tally = &progress->tally;
    int64_t seconds = progress->elapsed_ms / 1000;
    struct str text = { 0 };

    str_add(&text, words->lead);
    if (seconds >= 3600)
        str_addf(&text, "%" PRId64 ":%02d:", seconds / 3600, (int)(seconds / 60 % 60));
    else
        str_addf(&text, "%d:", (int)(seconds / 60));
    str_addf(&text, "%02d %s | %s %s ago | %zu %s, %zu %s, %zu paths, %zu %s | %" PRIu64 " stops/s",
             (int)(seconds % 60), phase_name(progress->phase), words->learned, quiet,
             progress->processes, progress->processes == 1 ? words->process : words->processes,
             tally->syscalls, words->calls, tally->paths, tally->peers,
             tally->peers == 1 ? "peer" : "peers", progress->stops_per_s);
    return str_steal(&text);
}

/* Leaves out whole fields, from the last: half a number would be another number. */
static void cut_fields(char *text, size_t columns)
{
    char *separator;

    while (strlen(text) > columns && (separator = strrchr(text, '|')) && separator > text)
        separator[-1] = '\0';
    if (strlen(text) > columns)
        text[columns] = '\0';
}

char *status_text(const struct progress *progress, size_t columns)
{
    static const struct words full = { "process", "processes", "syscalls", "last new fact",
                                       "cinch " };
    static const struct words brief = { "proc", "procs", "calls", "new", "" };
    char *text = text_with(&full, progress);

    if (strlen(text) <= columns)
        return text;
    free(text);
    text = text_with(&brief, progress);
    cut_fields(text, columns);
    return text;
}

/* ---- the terminal ---- */

static bool terminal_knows_rows(void)
{
    const char *term = getenv("TERM");

    return term && *term && strcmp(term, "dumb") != 0 && strcmp(term, "unknown") != 0;
}

/* ---- the guard: the last row must not stay reserved for a cinch that was killed ---- */

/* What it is told: the screen whose last row is reserved, or zeros. */
struct reserved {
    unsigned rows, columns;
};

static _Noreturn void guard_run(struct status *status, int fd)
{
    static const int unwanted[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGTTOU };
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct reserved reserved;

    for (size_t i = 0; i < ELEMENTS_OF(unwanted); i++)
        signal(unwanted[i], SIG_IGN);
    (void)setpgid(0, 0);
    /* The standard streams are the service's: nobody shall wait for this process to close them. */
    for (int stream = 0; null >= 0 && stream <= 2; stream++)
        (void)dup2(null, stream);
    while (recv(fd, &reserved, sizeof(reserved), 0) == (ssize_t)sizeof(reserved)) {
        status->rows = reserved.rows;
        status->columns = reserved.columns;
    }
    status_erase(status);
    _exit(0);
}

static void guard_start(struct status *status)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return;
    pid_t pid = fork();
    if (pid == 0) {
        fd_close(&ends[0]);
        guard_run(status, ends[1]);
    }
    fd_close(&ends[1]);
    status->guard = pid > 0 ? pid : 0;
    status->guard_fd = ends[0];
}

static void guard_tell(const struct status *status)
{
    const struct reserved reserved = { status->rows, status->columns };

    /* Somebody may have killed it: that is no reason to die of SIGPIPE. */
    if (status->guard_fd >= 0)
        (void)send(status->guard_fd, &reserved, sizeof(reserved), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void guard_end(struct status *status)
{
    fd_close(&status->guard_fd);
    if (status->guard)
        process_end(status->guard, GUARD_WAIT_MS, NULL);
    status->guard = 0;
}

/* ---- drawing ---- */

void status_init(struct status *status)
{
    *status = (struct status){ .fd = -1, .guard_fd = -1 };
    if (!isatty(STDERR_FILENO) || !terminal_knows_rows())
        return;
    /* O_NONBLOCK is a property of the open file: on the service's own it would be felt. */
    status->fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (status->fd >= 0 && tcgetpgrp(status->fd) < 0) /* not the terminal that controls us */
        fd_close(&status->fd);
    if (status->fd >= 0)
        guard_start(status);
}

bool status_is_live(const struct status *status)
{
    return status->fd >= 0;
}

/* Sends what it can of the text and of what was left before. A sequence that was begun is always
 * ended before another, so that the terminal is never left in the middle of one. */
static bool status_send(struct status *status)
{
    while (status->unsent.length) {
        ssize_t put = write(status->fd, status->unsent.data, status->unsent.length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        status->unsent.length -= (size_t)put;
        memmove(status->unsent.data, status->unsent.data + put, status->unsent.length);
    }
    return true;
}

/* Whether the terminal is ours to draw on just now, and how large it is. */
static bool status_may_draw(const struct status *status, struct winsize *ret_size)
{
    struct termios mode;

    return tcgetpgrp(status->fd) == getpgrp() && tcgetattr(status->fd, &mode) == 0 &&
           (mode.c_lflag & ICANON) && ioctl(status->fd, TIOCGWINSZ, ret_size) == 0 &&
           ret_size->ws_row >= ROWS_LEAST && ret_size->ws_col >= COLUMNS_LEAST;
}

/* Gives the reserved row back. When the screen has another size now, nobody knows where the line
 * went (terminals move rows to and from their history): but it is below the service's cursor. */
static void add_release(struct str *out, const struct status *status, const struct winsize *size)
{
    str_add(out, SAVE_CURSOR ALL_ROWS);
    if (status->rows == size->ws_row && status->columns == size->ws_col)
        str_addf(out, "\033[%u;1H" CLEAR_TO_END RESTORE_CURSOR, status->rows);
    else
        str_add(out, RESTORE_CURSOR CLEAR_BELOW);
}

/* A line down and up again makes room below the cursor, when it stands in the last row. */
static void add_reserve(struct str *out, unsigned rows)
{
    str_addf(out, "\033D" SAVE_CURSOR "\033[1;%ur" RESTORE_CURSOR "\033[A", rows - 1);
}

static void add_line(struct str *out, const struct winsize *size, const struct progress *progress)
{
    size_t most = size->ws_col - 1 < COLUMNS_MOST ? size->ws_col - 1 : COLUMNS_MOST;
    CLEANUP(free_char) char *text = status_text(progress, most);

    str_addf(out, SAVE_CURSOR "\033[%u;1H\033[7m%s\033[m" CLEAR_TO_END RESTORE_CURSOR, size->ws_row,
             text);
}

void status_draw(struct status *status, const struct progress *progress)
{
    struct winsize size;

    if (status->fd < 0 || !status_send(status))
        return;
    if (!status_may_draw(status, &size)) {
        status_erase(status);
        return;
    }
    if (status->rows && (status->rows != size.ws_row || status->columns != size.ws_col)) {
        add_release(&status->unsent, status, &size);
        status->rows = 0;
    }
    if (!status->rows) {
        add_reserve(&status->unsent, size.ws_row);
        status->rows = size.ws_row;
        status->columns = size.ws_col;
        guard_tell(status);
    }
    add_line(&status->unsent, &size, progress);
    status_send(status);
}

void status_erase(struct status *status)
{
    struct pollfd terminal = { .fd = status->fd, .events = POLLOUT };
    struct winsize size = { 0 };

    if (status->fd < 0)
        return;
    (void)ioctl(status->fd, TIOCGWINSZ, &size);
    if (!status->rows && !status->unsent.length)
        return;
    if (status->rows)
        add_release(&status->unsent, status, &size);
    status->rows = 0;
    guard_tell(status);
    if (!status_send(status) && poll(&terminal, 1, LAST_WAIT_MS) > 0)
        status_send(status);
}

void status_done(struct status *status)
{
    status_erase(status);
    guard_end(status);
    str_done(&status->unsent);
    fd_close(&status->fd);
}
