// SPDX-License-Identifier: LGPL-2.1-or-later
/* The probe's questions about what a service has of its own, and what it may make. */
#include "probe.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IPC_KEY 0xc1c1

/* linux/keyctl.h */
#define USER_KEYRING (-4)

static const char *answer_number(const char *format, unsigned long number)
{
    static char text[32];

    snprintf(text, sizeof(text), format, number);
    return text;
}

static const char *answer_result(long result)
{
    return probe_answer(result < 0 ? errno : 0);
}

static const char *ask_keyring(const char *what)
{
    static const char type[] = "user", name[] = "cinch-probe";

    if (strcmp(what, "add") == 0)
        return answer_result(syscall(SYS_add_key, type, name, "x", 1L, (long)USER_KEYRING));
    return answer_result(syscall(SYS_request_key, type, name, NULL, 0L));
}

static const char *ask_ipc(const char *what)
{
    if (strcmp(what, "make") == 0)
        return answer_result(shmget(IPC_KEY, 4096, IPC_CREAT | 0666));
    if (strcmp(what, "private") == 0)
        return answer_result(shmctl(shmget(IPC_PRIVATE, 4096, 0600), IPC_RMID, NULL));
    return answer_result(shmget(IPC_KEY, 0, 0));
}

static const char *ask_umask(const char *what)
{
    (void)what;
    return answer_number("%04lo", umask(0));
}

static const char *ask_owner(const char *path)
{
    struct stat about;

    return stat(path, &about) < 0 ? probe_answer(errno) : answer_number("%lu", about.st_uid);
}

static const char *ask_permissions(const char *path)
{
    struct stat about;

    return stat(path, &about) < 0 ? probe_answer(errno)
                                  : answer_number("%04lo", about.st_mode & 07777ul);
}

static const char *ask_chown(const char *path)
{
    return answer_result(chown(path, 1, (gid_t)-1));
}

static const char *ask_setid(const char *path)
{
    return answer_result(chmod(path, 04755));
}

static const char *ask_mode(const char *path)
{
    return answer_result(chmod(path, 0755));
}

static const char *ask_mount(const char *path)
{
    return answer_result(mount("tmpfs", path, "tmpfs", 0, ""));
}

static const char *ask_namespace(const char *what)
{
    (void)what;
    return answer_result(unshare(CLONE_NEWUTS));
}

static const char *ask_policy(const char *name)
{
    int policy = strcmp(name, "fifo") == 0 ? SCHED_FIFO : SCHED_BATCH;
    struct sched_param param = { .sched_priority = policy == SCHED_FIFO ? 1 : 0 };

    return answer_result(sched_setscheduler(0, policy, &param));
}

/* Too long a name: EINVAL, unless the call is refused. */
static const char *ask_hostname(const char *name)
{
    return answer_result(syscall(SYS_sethostname, name, -1L));
}

static const char *ask_new_privileges(const char *what)
{
    (void)what;
    return answer_number("%lu", (unsigned long)prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

static const char *ask_pid(const char *what)
{
    (void)what;
    return getpid() == 1 ? "first" : "another";
}

/* A call of another ABI: getpid of i386. */
static const char *ask_foreign(const char *what)
{
    (void)what;
#ifdef __x86_64__
    long result = 20;
    __asm__ volatile("int $0x80" : "+a"(result) : : "r8", "r9", "r10", "r11", "memory");
    return result > 0 ? "ok" : "refused";
#else
    return "none";
#endif
}

static const struct {
    const char *prefix;
    const char *(*ask)(const char *subject);
} QUESTIONS[] = {
    { "keyring:", ask_keyring },
    { "ipc:", ask_ipc },
    { "umask:", ask_umask },
    { "owner:", ask_owner },
    { "permissions:", ask_permissions },
    { "chown:", ask_chown },
    { "setid:", ask_setid },
    { "mode:", ask_mode },
    { "mount:", ask_mount },
    { "namespace:", ask_namespace },
    { "policy:", ask_policy },
    { "hostname:", ask_hostname },
    { "new-privileges:", ask_new_privileges },
    { "pid:", ask_pid },
    { "foreign:", ask_foreign },
};

const char *probe_ask_own(const char *question)
{
    for (size_t i = 0; i < sizeof(QUESTIONS) / sizeof(QUESTIONS[0]); i++) {
        size_t length = strlen(QUESTIONS[i].prefix);
        if (strncmp(question, QUESTIONS[i].prefix, length) == 0)
            return QUESTIONS[i].ask(question + length);
    }
    return NULL;
}
