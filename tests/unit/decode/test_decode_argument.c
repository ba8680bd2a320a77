// SPDX-License-Identifier: LGPL-2.1-or-later
/* Arguments that directives depend on, and the blind spots. */
#include "decode_run.h"
#include "unit.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

static int setup(void **state)
{
    struct decode_run *run = mem_new(1, sizeof(*run));

    drive_init(run);
    *state = run;
    return 0;
}

static int teardown(void **state)
{
    drive_done(*state);
    free(*state);
    return 0;
}

/* What one register says. */
static const struct {
    const char *call;
    uint64_t args[6];
    int64_t rval;
    const char *topic, *value; /* NULL: no argument fact at all */
} cases[] = {
    { "mmap", { 0, 1, PROT_WRITE | PROT_EXEC, MAP_ANONYMOUS }, 0, "memory", "write-execute" },
    { "mmap", { 0, 1, PROT_WRITE, MAP_ANONYMOUS }, 0, NULL, NULL },
    { "mprotect", { 0, 1, PROT_READ | PROT_EXEC }, -EACCES, "memory", "make-executable" },
    { "mprotect", { 0, 1, PROT_READ }, 0, NULL, NULL },
    { "pkey_mprotect", { 0, 1, PROT_EXEC }, 0, "memory", "make-executable" },
    { "shmat", { 1, 0, 0100000 }, 0, "memory", "shm-execute" },
    { "shmat", { 1, 0, 0 }, 0, NULL, NULL },
    { "unshare", { CLONE_NEWNET }, -EPERM, "namespace", "net" },
    { "unshare", { CLONE_NEWTIME }, 0, "namespace", "time" },
    { "unshare", { CLONE_FILES }, 0, NULL, NULL },
    { "setns", { 3, 0 }, 0, "namespace", "any" },
    { "setns", { 3, CLONE_NEWUSER }, 0, "namespace", "user" },
    { "clone", { CLONE_NEWPID | 17 }, 5, "namespace", "pid" },
    { "clone", { CLONE_VM | 0x80 }, 5, NULL, NULL }, /* a signal number, not a namespace */
    { "clone", { CLONE_PIDFD | 17 }, 5, "clone", "CLONE_PIDFD" },
    { "personality", { 0xffffffff }, 0, "personality", "0xffffffff" },
    { "sched_setscheduler", { 0, 1, 0 }, -EPERM, "scheduler", "SCHED_FIFO" },
    { "sched_setscheduler",
      { 0, 0x40000000, 0 },
      0,
      "scheduler",
      "SCHED_OTHER|SCHED_RESET_ON_FORK" },
    { "sched_setscheduler", { 0, 99, 0 }, -EINVAL, "scheduler", "99" },
    { "timerfd_create", { 8, 0 }, 5, "clock-alarm", "CLOCK_REALTIME_ALARM" },
    { "timerfd_create", { 1, 0 }, 5, NULL, NULL },
    { "timer_create", { 9, 0 }, 0, "clock-alarm", "CLOCK_BOOTTIME_ALARM" },
    { "prctl", { 15 }, 0, "prctl", "PR_SET_NAME" },
    { "prctl", { 12345 }, -EINVAL, "prctl", "12345" },
    { "kill", { RUN_TID, 15 }, 0, "signal", "SIGTERM self" },
    { "kill", { 0, 0 }, 0, "signal", "0 group" },
    { "kill", { (uint32_t)-5, 9 }, 0, "signal", "SIGKILL group" },
    { "kill", { (uint64_t)-1, 9 }, -EPERM, "signal", "SIGKILL all" },
    { "kill", { 77, 1 }, 0, "signal", "SIGHUP other" },
    { "kill", { FAKE_FOREIGN_PID, 1 }, -EPERM, "signal", "SIGHUP other other-user" },
    { "tgkill", { RUN_TID, RUN_TID, 34 }, 0, "signal", "SIGRT self" },
    { "pidfd_send_signal", { 5, 15, 0, 0 }, 0, "signal", "SIGTERM pidfd" },
    { "setuid", { 33 }, 0, "credentials", "uid 33 other" },
    { "setresuid", { 0, UINT32_MAX, 0 }, 0, "credentials", "uid 0,-,0 own" },
    { "setregid", { UINT64_MAX, 7 }, 0, "credentials", "gid -,7 other" },
    { "setgroups", { 0, 0 }, 0, "credentials", "groups none" },
    { "setgroups", { 2, 0x20 }, -EPERM, "credentials", "groups" },
    { "keyctl", { 0, 1 }, -ENOKEY, "keyctl", "KEYCTL_GET_KEYRING_ID" },
    { "keyctl", { 999 }, -EOPNOTSUPP, "keyctl", "999" },
    { "keyctl", { 11, 77, (uint32_t)-4 }, 9, "keyctl", "KEYCTL_READ" }, /* a buffer's address */
    { "add_key", { 0x20, 0x20, 0, 0, (uint32_t)-4 }, 9, "keyring", "KEY_SPEC_USER_KEYRING" },
    { "add_key", { 0x20, 0x20, 0, 0, 1234 }, 9, NULL, NULL },
    { "request_key", { 0x20, 0x20, 0, 0 }, 9, "key-request", "-" },
    { "getsockopt", { 3, 1, 17 }, 0, "socket-option", "SO_PEERCRED" },
    { "getsockopt", { 3, 1, 59 }, -ENOPROTOOPT, "socket-option", "SO_PEERGROUPS" },
    { "getsockopt", { 3, 6, 17 }, 0, NULL, NULL }, /* TCP's own 17 */
    { "getsockopt", { 3, 1, 4 }, 0, NULL, NULL },
    { "shmget", { 0, 4096, 01600 }, 3, "ipc-key", "IPC_PRIVATE" },
    { "semget", { 0x1234, 1, 01600 }, 3, "ipc-key", "key" },
    { "setsockopt", { 3, 1, 36 }, -EPERM, "socket-option", "SO_MARK" },
    { "setsockopt", { 3, 1, 2 }, 0, NULL, NULL },  /* SO_REUSEADDR: free for all */
    { "setsockopt", { 3, 6, 36 }, 0, NULL, NULL }, /* SO_MARK's number on another level */
    { "sched_setaffinity", { 77, 8, 0x20 }, 0, "target", "other" },
    { "sched_setaffinity", { 0, 8, 0x20 }, 0, NULL, NULL },
    { "ptrace", { 0x4206, FAKE_FOREIGN_PID }, -EPERM, "target", "other other-user" },
    { "fchown", { 3, 33, UINT32_MAX }, 0, "ownership", "33:-" },
    { "prlimit64", { 0, 7, 0, 0x20 }, 0, NULL, NULL }, /* asks */
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        struct decode_run *run = mem_new(1, sizeof(*run));
        int outcome = cases[i].rval < 0 ? (int)-cases[i].rval : 0;
        drive_init(run);
        drive_call(run, cases[i].call, cases[i].args, cases[i].rval);
        if (cases[i].topic)
            assert_int_equal(seen_argument(run, cases[i].topic, cases[i].value, outcome), 1);
        assert_int_equal(seen_count(run, FACT_ARGUMENT), cases[i].topic ? 1 : 0);
        drive_done(run);
        free(run);
    }
}

static void test_modes(void **state)
{
    struct decode_run *run = *state;
    uint64_t name = STRING(run, "/srv/new");

    drive_call(run, "mkdir", ARGS(name, 02755), 0);
    assert_int_equal(seen_argument(run, "setid-mode", "02755", 0), 1);
    drive_call(run, "mknodat", ARGS(CWD, name, S_IFCHR | 0600, 5), -EPERM);
    assert_int_equal(seen_argument(run, "mknod", "S_IFCHR", EPERM), 1);
    drive_call(run, "openat", ARGS(CWD, name, O_WRONLY | O_CREAT, 04755), -EACCES);
    assert_int_equal(seen_argument(run, "setid-mode", "04755", EACCES), 1);
    drive_call(run, "openat", ARGS(CWD, name, O_WRONLY, 04711), -EACCES); /* not used */
    assert_int_equal(seen_argument(run, "setid-mode", "04711", EACCES), 0);
    drive_call(run, "creat", ARGS(name, 06700), -EACCES);
    assert_int_equal(seen_argument(run, "setid-mode", "06700", EACCES), 1);
    assert_int_equal(seen_path(run, PATH_CREATE, "/srv/new", NULL, EACCES), 2);
}

static void test_keyrings(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "keyctl", ARGS(8, (uint32_t)-3, (uint32_t)-5), 0); /* KEYCTL_LINK */
    assert_int_equal(seen_argument(run, "keyring", "KEY_SPEC_SESSION_KEYRING", 0), 1);
    assert_int_equal(seen_argument(run, "keyring", "KEY_SPEC_USER_SESSION_KEYRING", 0), 1);
    drive_call(run, "request_key", ARGS(STRING(run, "user"), 0, 0, (uint32_t)-4), -ENOKEY);
    assert_int_equal(seen_argument(run, "key-request", "user", ENOKEY), 1);
    assert_int_equal(seen_argument(run, "keyring", "KEY_SPEC_USER_KEYRING", ENOKEY), 1);
}

/* What is made under a umask of one's own does not depend on another. */
static void test_umask(void **state)
{
    struct decode_run *run = *state;
    uint64_t name = STRING(run, "/srv/new"), how[3] = { O_CREAT | O_WRONLY, 0604, 0 };
    uint64_t open_how = fake_bytes(&run->fake, how, sizeof(how));

    drive_call(run, "openat", ARGS(CWD, name, O_WRONLY | O_CREAT, 0666), -EACCES);
    assert_int_equal(seen_argument(run, "create-mode", "0666", EACCES), 0);
    drive_call(run, "mkdir", ARGS(name, 0750), 0);
    assert_int_equal(seen_argument(run, "create-mode", "0750", 0), 1);
    drive_call(run, "chmod", ARGS(name, 0777), 0); /* not subject to it */
    assert_int_equal(seen_argument(run, "create-mode", "0777", 0), 0);
    drive_call(run, "umask", ARGS(0), 027);
    assert_int_equal(seen_argument(run, "umask", "0000", 0), 1);
    drive_event(run, TRACE_NEW_TASK, RUN_TID + 1, RUN_TID);
    run->tid = RUN_TID + 1;
    drive_call(run, "openat2", ARGS(CWD, name, open_how, 24), -EPERM);
    drive_call(run, "mknod", ARGS(name, S_IFIFO | 0622), 0);
    assert_int_equal(seen_argument(run, "create-mode", "0622", 0), 0);
    drive_call(run, "umask", ARGS(027), 0); /* put back */
    drive_call(run, "mknod", ARGS(name, S_IFIFO | 0622), 0);
    assert_int_equal(seen_argument(run, "create-mode", "0622", 0), 1);
    run->tid = RUN_TID; /* only in the child */
    drive_call(run, "mkdir", ARGS(name, 0705), 0);
    assert_int_equal(seen_argument(run, "create-mode", "0705", 0), 0);
}

static void test_executable_mappings(void **state)
{
    struct decode_run *run = *state;
    uint32_t words[] = { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, 7, 0 };

    fake_fd(&run->fake, 7, "/usr/lib/x.so");
    assert_true(drive_enter(run, "mmap", ARGS(0, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, 7)));
    drive_exit(run, 0x7fff0000);
    assert_int_equal(seen_path(run, PATH_MAP_EXECUTE, "/usr/lib/x.so", NULL, 0), 1);
    drive_call(run, "mmap", ARGS(0, 1, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, 7), 0x7fff0000);
    assert_int_equal(seen_count(run, FACT_PATH), 1);
    run->arch = AUDIT_ARCH_I386;
    drive_call(run, "mmap", ARGS(fake_bytes(&run->fake, words, sizeof(words))), 0x1000);
    drive_call(run, "mmap2", ARGS(0, 1, PROT_EXEC, MAP_PRIVATE, 7), 0x1000);
    drive_call(run, "ipc", ARGS(21, 5, 0100000, 0x10, 0), 0);
    assert_int_equal(seen_path(run, PATH_MAP_EXECUTE, "/usr/lib/x.so", NULL, 0), 3);
    assert_int_equal(seen_argument(run, "memory", "shm-execute", 0), 1);
}

/* Makers of code map a file that they removed: no path tells where it is. */
static void test_executable_mappings_without_a_name(void **state)
{
    struct decode_run *run = *state;

    fake_fd(&run->fake, 7, "/tmp/ffiX (deleted)");
    drive_call(run, "mmap", ARGS(0, 1, PROT_READ, MAP_PRIVATE, 7), 0x7fff0000);
    fake_fd(&run->fake, 8, "/memfd:jit (deleted)");
    drive_call(run, "mmap", ARGS(0, 1, PROT_EXEC, MAP_SHARED, 8), 0x7fff0000);
    assert_int_equal(seen_count(run, FACT_ARGUMENT), 0);
    drive_call(run, "mmap", ARGS(0, 1, PROT_READ | PROT_EXEC, MAP_SHARED, 7), 0x7fff0000);
    assert_int_equal(seen_argument(run, "execute", "removed-file", 0), 1);
    assert_int_equal(seen_count(run, FACT_PATH), 0);
}

static int fixed_limit(void *context, pid_t tid, int resource, uint64_t ret[2])
{
    (void)context;
    (void)tid;
    (void)resource;
    ret[0] = ret[1] = 1024;
    return 0;
}

static void test_limits(void **state)
{
    struct decode_run *run = *state;
    uint64_t more[2] = { 2048, 2048 }, less[2] = { 512, 1024 };
    uint32_t narrow[2] = { 5, UINT32_MAX };
    uint64_t raised = fake_bytes(&run->fake, more, sizeof(more));

    drive_call(run, "prlimit64", ARGS(0, 7, raised), 0);
    assert_int_equal(seen_argument(run, "rlimit", "RLIMIT_NOFILE", 0), 1);
    run->fake.ops.limit = fixed_limit;
    drive_call(run, "prlimit64", ARGS(77, 7, raised), -EPERM);
    assert_int_equal(seen_argument(run, "rlimit", "RLIMIT_NOFILE raise-hard", EPERM), 1);
    assert_int_equal(seen_argument(run, "target", "other", EPERM), 1);
    drive_call(run, "setrlimit", ARGS(8, fake_bytes(&run->fake, less, sizeof(less))), 0);
    assert_int_equal(seen_argument(run, "rlimit", "RLIMIT_MEMLOCK", 0), 1);
    run->arch = AUDIT_ARCH_I386;
    drive_call(run, "setrlimit", ARGS(4, fake_bytes(&run->fake, narrow, sizeof(narrow))), 0);
    assert_int_equal(seen_argument(run, "rlimit", "RLIMIT_CORE raise-hard", 0), 1);
}

static void test_privileged_arguments_in_memory(void **state)
{
    struct decode_run *run = *state;
    uint32_t header[2] = { 0x20080522, 0 }, sets[6] = { 0x400, 0x401, 0, 0, 1, 0 };
    uint64_t name = STRING(run, "/srv/x");
    uint64_t at = fake_bytes(&run->fake, header, sizeof(header));

    drive_call(run, "capset", ARGS(at, fake_bytes(&run->fake, sets, sizeof(sets))), 0);
    assert_int_equal(seen_argument(run, "credentials",
                                   "capabilities effective=0x0000000000000400 "
                                   "permitted=0x0000000100000401 inheritable=0x0000000000000000",
                                   0),
                     1);
    drive_call(run, "mount", ARGS(0, name, STRING(run, "tmpfs"), 6, 0), -EPERM);
    assert_int_equal(seen_argument(run, "mount", "tmpfs MS_NOSUID|MS_NODEV", EPERM), 1);
    drive_call(run, "mount", ARGS(name, name, 0, 0x1000, 0), 0);
    assert_int_equal(seen_argument(run, "mount", "- MS_BIND", 0), 1);
    drive_call(run, "fsopen", ARGS(STRING(run, "ext\n4"), 0), -EPERM);
    assert_int_equal(seen_argument(run, "mount", "ext\\x0a4", EPERM), 1);
    char endless[300] = ""; /* no type's name: and nothing of it is kept */
    memset(endless, 'x', sizeof(endless) - 1);
    drive_call(run, "fsopen", ARGS(STRING(run, endless), 0), -EINVAL);
    assert_int_equal(seen_argument(run, "mount", "-", EINVAL), 1);
    drive_call(run, "openat", ARGS(CWD, name, O_RDONLY | O_NOATIME, 0), -EPERM);
    assert_int_equal(seen_argument(run, "open-flag", "O_NOATIME", EPERM), 1);
    run->arch = AUDIT_ARCH_I386;
    drive_call(run, "setresuid", ARGS(0xffff, 33, 0xffff), 0); /* 16-bit ids */
    assert_int_equal(seen_argument(run, "credentials", "uid -,33,- other", 0), 1);
    drive_call(run, "chown", ARGS(name, 0xffff, 4), 0);
    assert_int_equal(seen_argument(run, "ownership", "-:4", 0), 1);
    drive_call(run, "ipc", ARGS(23, 0, 4096, 0), 5);
    assert_int_equal(seen_argument(run, "ipc-key", "IPC_PRIVATE", 0), 1);
}

static void test_ioctls_of_devices(void **state)
{
    struct decode_run *run = *state;
    unsigned asked = 0;

    fake_fd(&run->fake, 4, "/dev/pts/17");
    fake_fd(&run->fake, 5, "socket:[123]");
    fake_fd(&run->fake, 6, "/srv/file");
    fake_fd(&run->fake, 7, "pipe:[99]");
    drive_call(run, "ioctl", ARGS(4, 0x540e), 0);
    assert_int_equal(seen_argument(run, "ioctl", "0x540e /dev/pts/*", 0), 1);
    drive_call(run, "ioctl", ARGS(5, 0x8914), -EPERM);
    assert_int_equal(seen_argument(run, "ioctl", "0x8914 socket", EPERM), 1);
    drive_call(run, "ioctl", ARGS(6, 0x40086602), 0);
    assert_int_equal(seen_argument(run, "ioctl", "0x40086602 file", 0), 1);
    drive_call(run, "ioctl", ARGS(7, 0x1234), 0);
    asked = run->fake.proc_reads;
    assert_false(drive_enter(run, "ioctl", ARGS(4, 0x5421))); /* FIONBIO */
    assert_int_equal(run->fake.proc_reads, asked);
    assert_int_equal(seen_count(run, FACT_ARGUMENT), 3);
}

static void test_clone3(void **state)
{
    struct decode_run *run = *state;
    struct clone_args args = { .flags = CLONE_NEWNS | CLONE_INTO_CGROUP | CLONE_UNTRACED,
                               .set_tid_size = 1 };
    uint64_t at = fake_bytes(&run->fake, &args, sizeof(args));

    drive_call(run, "clone3", ARGS(at, sizeof(args)), -ENOSYS);
    assert_int_equal(seen_argument(run, "namespace", "mnt", ENOSYS), 1);
    assert_int_equal(seen_argument(run, "clone", "CLONE_INTO_CGROUP", ENOSYS), 1);
    assert_int_equal(seen_argument(run, "clone", "CLONE_UNTRACED", ENOSYS), 1);
    assert_int_equal(seen_argument(run, "clone", "set_tid", ENOSYS), 1);
    assert_int_equal(seen_syscall(run, "clone3", ENOSYS), 1);
    drive_call(run, "clone3", ARGS(0x20, sizeof(args)), 5);
    assert_int_equal(decoder_degraded_count(run->decoder), 1);
    drive_call(run, "clone3", ARGS(0x20, 8), -EINVAL);
    assert_int_equal(decoder_degraded_count(run->decoder), 1);
}

/* A child that asks not to be traced is traced, and its maker sees its own arguments again. */
static void test_untraced_clones(void **state)
{
    struct decode_run *run = *state;
    struct clone_args args = { .flags = CLONE_UNTRACED | CLONE_FS };
    uint64_t at = fake_bytes(&run->fake, &args, sizeof(args));
    const void *there = run->fake.memory + (at - FAKE_MEMORY);

    assert_true(drive_enter(run, "clone3", ARGS(at, sizeof(args))));
    assert_int_equal(*(const uint64_t *)there, CLONE_FS);
    drive_exit(run, 5);
    assert_int_equal(*(const uint64_t *)there, CLONE_UNTRACED | CLONE_FS);
    assert_true(drive_enter(run, "clone", ARGS(CLONE_UNTRACED | 17)));
    assert_int_equal(run->fake.first_argument, 17);
    drive_exit(run, -513); /* ERESTARTNOINTR: it comes again, as it was changed */
    assert_true(drive_enter(run, "clone", ARGS(17)));
    drive_exit(run, 5);
    assert_int_equal(run->fake.first_argument, CLONE_UNTRACED | 17);
    assert_int_equal(seen_argument(run, "clone", "CLONE_UNTRACED", 0), 2);
    assert_int_equal(seen_syscall(run, "clone", 0), 1);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
    run->fake.ops.set_first_argument = NULL;
    drive_call(run, "clone", ARGS(CLONE_UNTRACED | 17), 5);
    assert_int_equal(seen_blind_spot(run, "untraced-clone", "/usr/bin/daemon"), 1);
}

static bool always_waits(void *context, pid_t tid, uint64_t address)
{
    (void)context;
    (void)tid;
    (void)address;
    return true;
}

/* Whoever reads memory that the service fills waits for the service: not read then, and told. */
static void test_memory_that_is_filled(void **state)
{
    struct decode_run *run = *state;
    uint64_t name = STRING(run, "/etc/passwd");

    fake_file(&run->fake, "/etc/passwd");
    run->fake.ops.memory_waits = always_waits;
    drive_call(run, "access", ARGS(name), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/etc/passwd", NULL, 0), 1);
    drive_call(run, "userfaultfd", ARGS(0), -EPERM);
    drive_call(run, "access", ARGS(name), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/etc/passwd", NULL, 0), 2);
    drive_call(run, "userfaultfd", ARGS(0), 5);
    drive_call(run, "access", ARGS(name), 0);
    assert_int_equal(seen_path(run, PATH_STAT, "/etc/passwd", NULL, 0), 2);
    assert_int_equal(seen_blind_spot(run, "unreadable-memory", "access"), 1);
}

/* Seen when it was over already, its child runs untraced: that is told, and nothing is written. */
static void test_untraced_clone_that_is_over(void **state)
{
    struct decode_run *run = *state;
    const struct clone_args args = { .flags = CLONE_UNTRACED };
    uint64_t at = fake_bytes(&run->fake, &args, sizeof(args));
    struct trace_event event = { .kind = TRACE_ENTER,
                                 .tid = run->tid,
                                 .tgid = RUN_TID,
                                 .arch = run->arch,
                                 .number = (uint64_t)syscall_number(run->arch, "clone3"),
                                 .args = { at, sizeof(args) },
                                 .is_over = true };

    decoder_event(run->decoder, &event);
    event.kind = TRACE_EXIT;
    event.rval = 5;
    decoder_event(run->decoder, &event);
    assert_int_equal(*(const uint64_t *)(run->fake.memory + (at - FAKE_MEMORY)), CLONE_UNTRACED);
    assert_int_equal(seen_argument(run, "clone", "CLONE_UNTRACED", 0), 1);
    assert_int_equal(seen_blind_spot(run, "untraced-clone", "/usr/bin/daemon"), 1);
}

static void test_sched_setattr(void **state)
{
    struct decode_run *run = *state;
    struct {
        uint32_t size, policy;
        uint64_t flags;
    } attr = { 48, 6, 1 };

    drive_call(run, "sched_setattr", ARGS(0, fake_bytes(&run->fake, &attr, sizeof(attr)), 0), 0);
    assert_int_equal(seen_argument(run, "scheduler", "SCHED_DEADLINE|SCHED_RESET_ON_FORK", 0), 1);
}

static void test_own_filters_are_told_once(void **state)
{
    struct decode_run *run = *state;
    pid_t tid = 0;

    drive_call(run, "seccomp", ARGS(1, 0, 0), -EFAULT); /* a probe */
    drive_call(run, "prctl", ARGS(22, 2, 0), -EFAULT);
    assert_false(decoder_own_filter(run->decoder, &tid));
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
    drive_call(run, "seccomp", ARGS(1, 0, 0x20), 0);
    assert_true(decoder_own_filter(run->decoder, &tid));
    assert_int_equal(tid, RUN_TID);
    assert_false(decoder_own_filter(run->decoder, &tid));
    drive_call(run, "prctl", ARGS(22, 2, 0x20), 0);
    assert_true(decoder_own_filter(run->decoder, &tid));
    assert_int_equal(seen_blind_spot(run, "own-seccomp-filter", "/usr/bin/daemon"), 2);
    drive_call(run, "seccomp", ARGS(2, 0, 0x20), 0); /* asks what is there */
    assert_false(decoder_own_filter(run->decoder, &tid));
}

static void test_io_uring(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "io_uring_setup", ARGS(8, 0x20), -ENOSYS);
    assert_int_equal(seen_count(run, FACT_BLIND_SPOT), 0);
    drive_call(run, "io_uring_setup", ARGS(8, 0x20), 5);
    assert_int_equal(seen_blind_spot(run, "io_uring", "/usr/bin/daemon"), 1);
}

static void test_queues_have_names(void **state)
{
    struct decode_run *run = *state;

    drive_call(run, "mq_open", ARGS(STRING(run, "jobs"), O_RDWR), 4);
    assert_int_equal(seen_argument(run, "mqueue", "jobs", 0), 1);
    assert_int_equal(seen_count(run, FACT_PATH), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        TEST(test_modes),
        TEST(test_keyrings),
        TEST(test_umask),
        TEST(test_executable_mappings),
        TEST(test_executable_mappings_without_a_name),
        TEST(test_limits),
        TEST(test_privileged_arguments_in_memory),
        TEST(test_ioctls_of_devices),
        TEST(test_clone3),
        TEST(test_untraced_clones),
        TEST(test_untraced_clone_that_is_over),
        TEST(test_memory_that_is_filled),
        TEST(test_sched_setattr),
        TEST(test_own_filters_are_told_once),
        TEST(test_io_uring),
        TEST(test_queues_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
