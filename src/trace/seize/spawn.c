// SPDX-License-Identifier: LGPL-2.1-or-later
/* Starting a service under the tracer: our fork waits until it is seized, becomes the user,
 * installs the filter and execs. Nothing it does before the execve belongs to the service. */
#include "trace/seize/seize.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/close_range.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Where execvp(3) would find the command. 0 with an owned path; -ENOENT; -EACCES when it is there
 * but cannot be executed. */
static int find_command(const char *name, char **ret_path)
{
    const char *search = getenv("PATH");
    int result = -ENOENT;

    if (strchr(name, '/')) {
        *ret_path = mem_strdup(name);
        return 0; /* execve itself tells what is wrong with it */
    }
    if (!search || !*search)
        search = "/bin:/usr/bin";
    for (; *name; search++) {
        size_t length = strcspn(search, ":");
        CLEANUP(free_char) char *directory = length ? mem_strndup(search, length) : mem_strdup(".");
        CLEANUP(free_char) char *path = path_join(directory, name);
        struct stat st;
        if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
            if (access(path, X_OK) == 0) {
                *ret_path = mem_strdup(path);
                return 0;
            }
            result = -EACCES;
        }
        search += length;
        if (!*search)
            break;
    }
    return result;
}

/* Whether a variable names that process. */
static bool names_process(const char *variable, pid_t pid)
{
    char text[16];
    const char *value = getenv(variable);

    snprintf(text, sizeof(text), "%d", (int)pid);
    return value && strcmp(value, text) == 0;
}

/* Variables that name the process they are meant for name the service, not us (sd_listen_fds(3),
 * sd_watchdog_enabled(3)). */
static void readdress_environment(pid_t parent)
{
    static const char *const variables[] = { "LISTEN_PID", "WATCHDOG_PID" };
    char ours[16];

    snprintf(ours, sizeof(ours), "%d", (int)getpid());
    for (size_t i = 0; i < ELEMENTS_OF(variables); i++)
        if (names_process(variables[i], parent))
            setenv(variables[i], ours, 1);
}

/* ---- what the service must not get of the one who started cinch ---- */

/* Where close_range(2) cannot do it: before Linux 5.11. */
static void mark_each(int first)
{
    struct rlimit limit = { .rlim_cur = 1024 };

    (void)getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = first; (rlim_t)fd < limit.rlim_cur; fd++)
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* How many descriptors after the standard streams were handed over on purpose (sd_listen_fds(3)).
 */
static int handed_over(pid_t parent)
{
    const char *count = getenv("LISTEN_FDS");
    unsigned long number = count ? strtoul(count, NULL, 10) : 0;

    return names_process("LISTEN_PID", parent) && number < INT_MAX / 2 ? (int)number : 0;
}

/* No other descriptor reaches the service: a shell's may be a file that its user may not read. */
static void keep_descriptors(pid_t parent)
{
    int first = STDERR_FILENO + 1 + handed_over(parent);

    if (close_range((unsigned)first, UINT_MAX, CLOSE_RANGE_CLOEXEC) < 0)
        mark_each(first);
}

/* As systemd sets them for User= (systemd.exec(5); get_user_creds() of 252 leaves out a home and a
 * shell that are none): ours would send the service to our home. */
static void take_home(const struct passwd *user)
{
    const char *shell = path_name(user->pw_shell);
    bool home = user->pw_dir[0] == '/' && user->pw_dir[1];
    bool login = user->pw_shell[0] == '/' && strcmp(shell, "nologin") != 0 &&
                 strcmp(shell, "false") != 0 && strcmp(shell, "true") != 0;

    setenv("USER", user->pw_name, 1);
    setenv("LOGNAME", user->pw_name, 1);
    if (home)
        setenv("HOME", user->pw_dir, 1);
    else
        unsetenv("HOME");
    if (login)
        setenv("SHELL", user->pw_shell, 1);
    else
        unsetenv("SHELL");
}

static int become_user(const struct passwd *user)
{
    if (!user)
        return 0;
    take_home(user);
    if (initgroups(user->pw_name, user->pw_gid) < 0 ||
        setresgid(user->pw_gid, user->pw_gid, user->pw_gid) < 0 ||
        setresuid(user->pw_uid, user->pw_uid, user->pw_uid) < 0)
        return -errno;
    return 0;
}

struct launch {
    const char *path;
    char *const *argv;
    char *const *envp;
    const struct passwd *user;
    const sigset_t *mask;
    const struct internal_signals *internal_signals;
    const struct sigaction *on_child; /* what SIGCHLD did when we were started */
    pid_t parent;
    struct installer *installer;
    const struct trace_surroundings *surroundings;
    bool is_unmarked; /* it must not seem that the service used a capability */
    int go_fd;        /* one byte arrives once the tracer has us */
    int error_fd;     /* our errno goes here when the service could not be started */
};

/* Why there is no service: the errno of a step before its first instruction. */
static _Noreturn void launch_failed(const struct launch *launch, enum launch_step step, int code)
{
    const struct launch_failure failure = { step, code };

    if (write(launch->error_fd, &failure, sizeof(failure)) < 0)
        _exit(125);
    _exit(127);
}

/* The child's side; never returns. */
static void __attribute__((noreturn)) launch_child(const struct launch *launch)
{
    char go;
    bool has_begun = launch->is_unmarked && installer_begin(launch->installer);

    while (read(launch->go_fd, &go, 1) < 0 && errno == EINTR)
        ;
    int code = -installer_end(launch->installer, has_begun);
    if (code)
        launch_failed(launch, LAUNCH_FILTER, code);
    surroundings_begin_environment(launch->surroundings);
    code = -become_user(launch->user);
    if (code)
        launch_failed(launch, LAUNCH_USER, code);
    surroundings_end_environment(launch->surroundings);
    /* A session of its own, as under systemd: in ours it could type into our terminal
     * (ioctl_tty(2), TIOCSTI). */
    (void)setsid();
    keep_descriptors(launch->parent);
    readdress_environment(launch->parent);
    sigaction(SIGCHLD, launch->on_child, NULL);
    internal_signals_restore(launch->internal_signals);
    code = -surroundings_enter(launch->surroundings);
    if (code)
        launch_failed(launch, LAUNCH_SURROUNDINGS, code);
    sigprocmask(SIG_SETMASK, launch->mask, NULL);
    execve(launch->path, launch->argv, launch->envp ? launch->envp : environ);
    launch_failed(launch, LAUNCH_EXEC, errno);
}

/* What stands in the way of ptrace, in words that name the knob. */
static int seize_denied(int code, struct err *err)
{
    struct str scope = { 0 };
    int result;

    if (fd_read_file(AT_FDCWD, "/proc/sys/kernel/yama/ptrace_scope", 16, &scope) == 0 &&
        scope.data[0] >= '2')
        result = err_set(err, code,
                         "the kernel denies ptrace: kernel.yama.ptrace_scope is %c; run cinch as "
                         "root%s",
                         scope.data[0],
                         scope.data[0] == '2' ? ", or set it to 1"
                                              : " on a machine booted with it at 2 or less");
    else
        result =
            err_set(err, code,
                    "cannot trace the service: %s; in a container give it CAP_SYS_PTRACE and a "
                    "seccomp profile that allows ptrace (docker: --cap-add=SYS_PTRACE)",
                    strerror(code));
    str_done(&scope);
    return result;
}

/* The parent's side: seizes the waiting child and lets it go. */
static int launch_seize(struct tracer *tracer, pid_t pid, int go_fd, struct err *err)
{
    if (ptrace(PTRACE_SEIZE, pid, 0, (void *)tracee_options(tracer, TRACER_OPTIONS)) < 0) {
        int code = errno;
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        return seize_denied(code, err);
    }
    struct tracee *task = tracee_get(tracer, pid);
    task->launching = true;
    /* Without a filter the first stop must be asked for by an interrupt: PTRACE_SEIZE does not
     * stop. */
    if (!tracer->filtered)
        ptrace(PTRACE_INTERRUPT, pid, 0, 0);
    if (write(go_fd, "", 1) < 0)
        return err_set(err, errno, "cannot start the service: %s", strerror(errno));
    return 0;
}

static int find_user(const char *name, struct passwd **ret_user, struct err *err)
{
    *ret_user = NULL;
    if (!name)
        return 0;
    errno = 0;
    *ret_user = getpwnam(name);
    if (!*ret_user) {
        CLEANUP(free_char) char *shown = text_encode_string(name);
        return err_set(err, ENOENT, "there is no user %s; give --user a name from getent passwd",
                       shown);
    }
    if (geteuid() != 0)
        return err_set(err, EPERM, "--user needs root: run cinch as root");
    return 0;
}

/* The group in the place of the user's own; by name or number. */
static int find_group(const char *name, struct passwd *user, struct err *err)
{
    bool is_number = name && name[0] && name[strspn(name, "0123456789")] == '\0';
    const struct group *group = !name || is_number ? NULL : getgrnam(name);

    if (!name || !user)
        return 0;
    if (!group && !is_number) {
        CLEANUP(free_char) char *shown = text_encode_string(name);
        return err_set(err, ENOENT, "there is no group %s, which the unit has in Group=", shown);
    }
    user->pw_gid = group ? group->gr_gid : (gid_t)strtoul(name, NULL, 10);
    return 0;
}

/* Says which command could not be found or executed. */
static int command_error(const char *name, int code, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(name);

    return err_set(err, code, "cannot run %s: %s", shown,
                   code == ENOENT ? "command not found" : strerror(code));
}

static pid_t launch_fork(struct tracer *tracer, struct launch *launch, struct err *err)
{
    struct sigaction reported = { .sa_handler = SIG_DFL }, on_child;
    sigset_t all, old, none;
    int go[2], error[2];

    if (pipe2(go, O_CLOEXEC) < 0)
        return err_set(err, errno, "cannot make a pipe: %s", strerror(errno));
    CLEANUP(fd_close) int go_read = go[0];
    CLEANUP(fd_close) int go_write = go[1];
    if (pipe2(error, O_CLOEXEC) < 0)
        return err_set(err, errno, "cannot make a pipe: %s", strerror(errno));
    CLEANUP(fd_close) int error_write = error[1];
    tracer->exec_error_fd = error[0];
    launch->go_fd = go_read;
    launch->error_fd = error_write;
    sigemptyset(&none);
    launch->mask = launch->surroundings->inherited ? &old : &none;
    launch->on_child = &on_child;
    launch->internal_signals = &tracer->internal_signals;
    /* Ignored, it would take us the ends of our children (waitpid(2)). */
    sigaction(SIGCHLD, &reported, &on_child);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &old);
    pid_t pid = fork();
    if (pid == 0)
        launch_child(launch);
    sigprocmask(SIG_SETMASK, &old, NULL);
    if (pid < 0)
        return err_set(err, errno, "cannot start another process: %s", strerror(errno));
    surroundings_limit(launch->surroundings, pid);
    int result = launch_seize(tracer, pid, go_write, err);
    return result < 0 ? result : pid;
}

pid_t tracer_spawn(struct tracer *tracer, const struct trace_spawn *spawn, struct err *err)
{
    static const struct trace_surroundings ours = { .inherited = true };
    struct launch launch = { .argv = spawn->argv, .envp = spawn->envp, .parent = getpid() };
    CLEANUP(free_char) char *path = NULL;
    struct passwd *user;
    int result = find_user(spawn->user, &user, err);

    if (result == 0)
        result = find_group(spawn->group, user, err);
    if (result < 0)
        return result;
    result = find_command(spawn->argv[0], &path);
    if (result < 0) {
        tracer->failure = (struct launch_failure){ LAUNCH_EXEC, -result };
        return command_error(spawn->argv[0], -result, err);
    }
    launch.surroundings = spawn->surroundings ? spawn->surroundings : &ours;
    if (!launch.surroundings->inherited && path[0] != '/') {
        CLEANUP(free_char) char *directory = getcwd(NULL, 0);
        CLEANUP(free_char) char *relative = path;
        path = path_join(directory ? directory : "/", relative);
    }
    launch.path = path;
    launch.user = user;
    tracer->no_io_uring = spawn->no_io_uring;
    launch.installer = installer_new(tracer->filtered ? &tracer->filter : NULL, spawn->no_io_uring);
    launch.is_unmarked = tracer->announces_ends;
    pid_t pid = launch_fork(tracer, &launch, err);
    free(launch.installer);
    return pid;
}

int tracer_exec_error(const struct tracer *tracer)
{
    return tracer->failure.step == LAUNCH_EXEC ? tracer->failure.code : 0;
}

int tracer_launch_error(const struct tracer *tracer, struct err *err)
{
    int code = tracer->failure.code;

    switch (tracer->failure.step) {
    case LAUNCH_EXEC:
        break;
    case LAUNCH_FILTER:
        return err_set(err, code,
                       "cannot install a seccomp filter: %s; a container's own filter may deny "
                       "seccomp(2) (docker: --security-opt seccomp=unconfined)",
                       strerror(code));
    case LAUNCH_USER:
        return err_set(err, code,
                       "cannot become that user: %s; in a container this takes CAP_SETUID and "
                       "CAP_SETGID",
                       strerror(code));
    case LAUNCH_SURROUNDINGS:
        return err_set(err, code,
                       "cannot enter the working directory of the service or open /dev/null for "
                       "it: %s; --inherit-environment starts it in yours",
                       strerror(code));
    }
    return 0;
}
