// SPDX-License-Identifier: LGPL-2.1-or-later
/* What a system service finds around it when process 1 starts it (systemd.exec(5), "Environment
 * variables in spawned processes"; DefaultLimitNOFILE= of systemd-system.conf(5)). */
#include "trace/tracer.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SOFT_FILES 1024
#define HARD_FILES 524288

/* Of ours it keeps what is meant for it: its manager's, and what is handed over. */
void surroundings_clear_environment(void)
{
    static const char *const kept[] = { "NOTIFY_SOCKET", "LISTEN_FDS",    "LISTEN_PID",
                                        "WATCHDOG_PID",  "WATCHDOG_USEC", "LISTEN_FDNAMES" };
    char *values[ELEMENTS_OF(kept)], id[33] = "";
    unsigned char random[16] = { 0 };

    for (size_t i = 0; i < ELEMENTS_OF(kept); i++)
        values[i] = getenv(kept[i]);
    clearenv();
    for (size_t i = 0; i < ELEMENTS_OF(kept); i++)
        if (values[i])
            setenv(kept[i], values[i], 1);
    /* As Debian builds systemd 252; the last two are links to the two before on a merged /usr. */
    setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
    if (getrandom(random, sizeof(random), 0) == (ssize_t)sizeof(random)) {
        for (size_t i = 0; i < sizeof(random); i++)
            snprintf(id + 2 * i, 3, "%02x", random[i]);
        setenv("INVOCATION_ID", id, 1);
    }
}

int surroundings_enter(void)
{
    struct rlimit files = { .rlim_cur = SOFT_FILES, .rlim_max = HARD_FILES }, now;
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || chdir("/") < 0)
        return -errno;
    umask(0022);
    if (setrlimit(RLIMIT_NOFILE, &files) < 0 && getrlimit(RLIMIT_NOFILE, &now) == 0) {
        files.rlim_max = now.rlim_max < HARD_FILES ? now.rlim_max : HARD_FILES;
        files.rlim_cur = files.rlim_max < SOFT_FILES ? files.rlim_max : SOFT_FILES;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    for (int i = 1; i < SIGRTMAX; i++)
        signal(i, i == SIGPIPE ? SIG_IGN : SIG_DFL);
    return 0;
}
