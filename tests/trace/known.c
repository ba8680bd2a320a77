// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names that are used again and again: known after the first time, and yet nothing may be missed.
 */
#include "tracee.h"
#include <linux/capability.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define OFTEN   500
#define THREADS 4
/* Longer than cinch takes a name for known. */
#define FORGOTTEN_US 1500000

static void open_often(const char *path, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        int fd = open(path, O_RDWR);
        require(fd >= 0, "open");
        close(fd);
    }
}

/* Each use counts, and the same name with another end is another fact. */
static void case_known_names(void)
{
    const char *path = strdup(in_scratch("again"));

    close(open("again", O_CREAT | O_WRONLY, 0644));
    open_often(path, OFTEN);
    expect("opened %s %u", path, OFTEN + 1);
    access(path, R_OK);
    access(path, R_OK);
    require(open(path, O_RDONLY | O_DIRECTORY) < 0 && errno == ENOTDIR, "no directory");
    expect("failed read %s ENOTDIR", path);
    unlink("again");
    require(open(path, O_RDWR) < 0, "gone");
    require(open(path, O_RDWR) < 0, "still gone");
    expect("failed write %s ENOENT", path);
    expect("outcome access success 2");
}

static void *open_in_thread(void *path)
{
    open_often(path, OFTEN);
    return NULL;
}

static void case_known_names_threads(void)
{
    char *path = strdup(in_scratch("shared"));
    pthread_t threads[THREADS];

    close(open("shared", O_CREAT | O_WRONLY, 0644));
    for (int i = 0; i < THREADS; i++)
        require(pthread_create(&threads[i], NULL, open_in_thread, path) == 0, "pthread_create");
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    expect("opened %s %u", path, THREADS * OFTEN + 1);
}

/* The same flags and the same name, of which another flag makes another use. */
static void case_known_names_flags(void)
{
    struct stat st;
    const char *link = strdup(in_scratch("link"));

    make_file("one");
    make_file("two");
    symlink("one", "link");
    fstatat(AT_FDCWD, link, &st, AT_SYMLINK_NOFOLLOW);
    fstatat(AT_FDCWD, link, &st, AT_SYMLINK_NOFOLLOW);
    fstatat(AT_FDCWD, link, &st, 0);
    expect("path stat %s", link);
    expect("path stat %s -> %s", in_scratch("one"), link);
    close(open(link, O_RDONLY));
    close(open(link, O_RDONLY));
    expect("path read %s -> %s", in_scratch("one"), link);
    close(open(link, O_WRONLY));
    expect("path write %s -> %s", in_scratch("one"), link);
    unlink("link");
    symlink("two", "link");
    usleep(FORGOTTEN_US);
    close(open(link, O_RDONLY));
    expect("path read %s -> %s", in_scratch("two"), link);
}

static void make_directories(const char *path)
{
    char *made = strdup(path);

    for (char *slash = strchr(made + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(made, 0755);
        *slash = '/';
    }
    mkdir(made, 0755);
    free(made);
}

static void wait_for(pid_t child)
{
    int status;

    require(waitpid(child, &status, 0) == child && status == 0, "the child's end");
}

/* Whom a name means another file to, and who may not use it. */
static void case_known_names_others(void)
{
    const char *secret = strdup(in_scratch("secret"));
    const char *jail = strdup(in_scratch("jail"));
    char *jailed;

    require(asprintf(&jailed, "%s%s", jail, secret) > 0, "asprintf");
    close(open("secret", O_CREAT | O_WRONLY, 0600));
    make_directories(jail);
    *strrchr(jailed, '/') = '\0';
    make_directories(jailed);
    jailed[strlen(jailed)] = '/';
    close(open(jailed, O_CREAT | O_WRONLY, 0644));
    open_often(secret, OFTEN);
    pid_t child = fork();
    if (child == 0) {
        if (setresuid(65534, 65534, 65534) < 0 || open(secret, O_RDWR) >= 0)
            _exit(1);
        _exit(0);
    }
    wait_for(child);
    expect("failed write %s EACCES", secret);
    child = fork();
    if (child == 0) {
        if (chroot(jail) < 0 || open(secret, O_RDWR) < 0)
            _exit(1);
        _exit(0);
    }
    wait_for(child);
    expect("path write %s", jailed);
    expect("opened %s %u", secret, OFTEN + 1);
    expect("opened %s 2", jailed);
}

static void drop_effective(void)
{
    struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
    struct __user_cap_data_struct sets[2];

    require(syscall(SYS_capget, &header, sets) == 0, "capget");
    sets[0].effective = sets[1].effective = 0;
    sets[0].permitted = sets[1].permitted = 0;
    require(syscall(SYS_capset, &header, sets) == 0, "capset");
}

/* Executes itself: see helper_cases. */
static void execute_helper(void)
{
    execl("/proc/self/exe", "tracee", "open-the-others", scratch(), (char *)NULL);
    _exit(1);
}

void case_open_the_others(void)
{
    open_often(in_scratch("others"), 1);
    make_file("opened");
}

/* Root that drops its capabilities is another than before, and than after its next exec (that is,
 * as capabilities(7) has it for uid 0). */
static void case_known_names_regained(void)
{
    const char *others = strdup(in_scratch("others"));

    close(open("others", O_CREAT | O_WRONLY, 0600));
    require(chown("others", 65534, 65534) == 0, "chown");
    open_often(others, OFTEN);
    pid_t child = fork();
    if (child == 0) {
        drop_effective();
        for (int i = 0; i < 3; i++)
            if (open(others, O_RDWR) >= 0 || errno != EACCES)
                _exit(1);
        execute_helper();
    }
    wait_for(child);
    expect("failed write %s EACCES", others);
    expect("path create %s", in_scratch("opened"));
    /* Once to make it, once to give it away, once by the other. */
    expect("opened %s %u", others, OFTEN + 3);
}

/* The call that a group of processes is stopped and continued around. */
static void case_known_names_stopped(void)
{
    const char *path = strdup(in_scratch("file"));

    make_file("file");
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        open_often(path, 3);
        raise(SIGSTOP);
        open_often(path, 3);
        _exit(0);
    }
    for (int i = 0; i < 2; i++) {
        int status;
        require(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status), "stopped");
        kill(child, SIGCONT);
    }
    wait_for(child);
    expect("opened %s 7", path);
}

const struct tracee_case known_cases[] = {
    { "known-names", case_known_names, false },
    { "known-names-threads", case_known_names_threads, false },
    { "known-names-flags", case_known_names_flags, false },
    { "known-names-others", case_known_names_others, true },
    { "known-names-stopped", case_known_names_stopped, false },
    { "known-names-regained", case_known_names_regained, true },
    { NULL, NULL, false },
};
