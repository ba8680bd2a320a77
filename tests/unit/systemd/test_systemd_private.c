// SPDX-License-Identifier: LGPL-2.1-or-later
/* The rows that give a service something of its own: what grants them, what refuses them, by which
 * witness; and that the evaluator, asked about the strictest value, forbids that witness. */
#include "build.h"
#include "evaluate/allows.h"
#include "systemd/core/derive.h"
#include "systemd/directive_table.h"
#include "unit.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* A table of cases says what matters and leaves the rest zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define OWN_UID   33
#define OTHER_UID 1000

enum step_kind { STEP_NONE, ARGUMENT, CALL, PATH, BIND_PORT, PROGRAM_SET_ID, SETTING };

/* One thing the service did. */
struct step {
    enum step_kind kind;
    const char *a, *b, *c;
    int use, outcome;
    enum file_type type; /* PATH: what the census says */
    unsigned uid;
    bool foreign;
};

struct private_case {
    const char *directive;
    int version;       /* 0: 252 */
    const char *value; /* NULL: left out */
    const char *why;   /* part of its reason, NULL: any */
    struct step steps[3];
    const char *unit; /* lines of [Service]; NULL: User=www */
    unsigned run_uid; /* 0: OWN_UID; ROOT for root */
    int run_signal;
};

#define ROOT         4294967295u
#define ROOT_WATCHED 4294967294u /* and what it used of capabilities is known */
#define OPENED(how, path, what)                                                                    \
    {                                                                                              \
        PATH, path, .use = how, .type = what                                                       \
    }

static const struct private_case cases[] = {
    { "KeyringMode", 0, "private", NULL, { { ARGUMENT, "keyctl", "keyctl", "KEYCTL_READ" } } },
    { "KeyringMode",
      0,
      "shared",
      "KEY_SPEC_USER_KEYRING",
      { { ARGUMENT, "add_key", "keyring", "KEY_SPEC_USER_KEYRING" } } },
    { "KeyringMode",
      0,
      "private",
      NULL,
      { { ARGUMENT, "add_key", "keyring", "KEY_SPEC_USER_KEYRING", .outcome = ENOKEY } } },
    { "KeyringMode",
      0,
      "shared",
      "key-request user",
      { { ARGUMENT, "request_key", "key-request", "user" } } },
    { "KeyringMode",
      0,
      NULL,
      "KEY_SPEC_USER_SESSION_KEYRING",
      { { ARGUMENT, "keyctl", "keyring", "KEY_SPEC_USER_SESSION_KEYRING" } } },
    { "KeyringMode", 234, NULL, "needs systemd 235", { { 0 } } },

    /* Files that were made, or none, say nothing of those that are made later. */
    { "UMask", 0, NULL, "sets no mask itself", { { 0 } } },
    { "UMask", 0, NULL, "sets no mask", { { ARGUMENT, "openat", "create-mode", "0600" } } },
    { "UMask", 0, NULL, "create-mode 0666", { { ARGUMENT, "openat", "create-mode", "0666" } } },
    { "UMask", 0, "0077", "0077", { { ARGUMENT, "umask", "umask", "0077" } } },
    { "UMask", 0, "0027", "0037", { { ARGUMENT, "umask", "umask", "0037" } } },
    { "UMask", 0, NULL, "no tighter: umask", { { ARGUMENT, "umask", "umask", "0022" } } },
    { "UMask", 0, NULL, "no tighter: umask", { { ARGUMENT, "umask", "umask", "*" } } },
    { "UMask",
      0,
      NULL,
      "no tighter: umask with umask 0000",
      { { ARGUMENT, "umask", "umask", "0000" }, { ARGUMENT, "umask", "umask", "0077" } } },
    { "UMask",
      0,
      "0027",
      NULL,
      { { ARGUMENT, "openat", "create-mode", "0640" }, { ARGUMENT, "umask", "umask", "0077" } } },
    { "UMask",
      0,
      NULL,
      "create-mode 0664",
      { { ARGUMENT, "openat", "create-mode", "0664" }, { ARGUMENT, "umask", "umask", "0077" } } },
    { "UMask",
      0,
      NULL,
      "already the tightest",
      { { ARGUMENT, "umask", "umask", "0077" } },
      "UMask=0077\n" },
    { "UMask",
      0,
      "0007",
      NULL,
      { { ARGUMENT, "openat", "create-mode", "0660" }, { ARGUMENT, "umask", "umask", "0007" } },
      "UMask=0002\n" },
    { "UMask", 0, NULL, "train again", { { PATH, "/srv/new", .use = PATH_CREATE } } },
    { "UMask",
      0,
      "0077",
      NULL,
      { { PATH, "/srv/new", .use = PATH_CREATE }, { ARGUMENT, "umask", "umask", "0077" } } },

    { "RemoveIPC", 0, "yes", NULL, { { ARGUMENT, "shmget", "ipc-key", "IPC_PRIVATE" } } },
    { "RemoveIPC", 0, NULL, "runs as root", { { 0 } }, "" },
    { "RemoveIPC", 0, NULL, "DynamicUser=yes implies", { { 0 } }, "DynamicUser=yes\n" },
    { "RemoveIPC", 0, NULL, "ipc-key key", { { ARGUMENT, "semget", "ipc-key", "key" } } },
    { "RemoveIPC",
      0,
      "yes",
      NULL,
      { { ARGUMENT, "semget", "ipc-key", "key", .outcome = ENOENT } } },
    { "RemoveIPC",
      0,
      NULL,
      "/dev/shm/cache",
      { OPENED(PATH_CREATE, "/dev/shm/cache", FILE_REGULAR) } },
    { "RemoveIPC",
      0,
      "yes",
      NULL,
      { OPENED(PATH_CREATE, "/dev/shm/cache", FILE_MISSING),
        OPENED(PATH_DELETE, "/dev/shm/cache", FILE_MISSING) } },
    { "RemoveIPC",
      0,
      NULL,
      "/dev/shm/theirs",
      { { PATH, "/dev/shm/theirs", .use = PATH_READ, .foreign = true } } },

    { "PrivateIPC", 0, "yes", NULL, { { ARGUMENT, "shmget", "ipc-key", "IPC_PRIVATE" } } },
    { "PrivateIPC", 0, NULL, "ipc-key key", { { ARGUMENT, "shmget", "ipc-key", "key" } } },
    { "PrivateIPC", 0, NULL, "mqueue", { { ARGUMENT, "mq_open", "mqueue", "/jobs" } } },
    { "PrivateIPC", 0, NULL, "did not create: shmat", { { CALL, "shmat" } } },
    { "PrivateIPC", 0, "yes", NULL, { { CALL, "shmat", .outcome = EINVAL } } },
    { "PrivateIPC",
      0,
      "yes",
      NULL,
      { { CALL, "shmat" }, { ARGUMENT, "shmget", "ipc-key", "IPC_PRIVATE" } } },
    { "PrivateIPC",
      0,
      NULL,
      "did not create: semop",
      { { CALL, "semop" }, { ARGUMENT, "shmget", "ipc-key", "IPC_PRIVATE" } } },
    { "PrivateIPC", 247, NULL, "needs systemd 248", { { 0 } } },

    { "PrivateMounts", 0, "yes", NULL, { { 0 } } },
    { "PrivateMounts",
      0,
      NULL,
      "tmpfs MS_NOSUID",
      { { ARGUMENT, "mount", "mount", "tmpfs MS_NOSUID" } } },
    { "PrivateMounts", 0, NULL, "/mnt", { OPENED(PATH_MOUNT, "/mnt", FILE_DIRECTORY) } },
    { "PrivateMounts",
      0,
      "yes",
      NULL,
      { { PATH, "/mnt", .use = PATH_MOUNT, .outcome = EPERM, .type = FILE_DIRECTORY } } },

    { "PrivateUsers", 0, "yes", "no users except its own and root", { { 0 } } },
    { "PrivateUsers", 0, NULL, "the unit runs as root, but training did not", { { 0 } }, "" },
    { "PrivateUsers", 0, NULL, "training ran as root", { { 0 } }, NULL, ROOT },
    { "PrivateUsers", 0, NULL, "did not record its capability use", { { 0 } }, "", ROOT },
    { "PrivateUsers", 0, "yes", NULL, { { 0 } }, "", ROOT_WATCHED },
    { "PrivateUsers", 0, NULL, "target other", { { ARGUMENT, "ptrace", "target", "other" } } },
    { "PrivateUsers", 0, NULL, "/proc/<pid>", { { PATH, "/proc/<pid>/exe", .use = PATH_READ } } },
    { "PrivateUsers",
      0,
      NULL,
      "AmbientCapabilities=",
      { { 0 } },
      "User=www\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n" },
    { "PrivateUsers",
      0,
      NULL,
      "/home/u/file",
      { { PATH, "/home/u/file", .use = PATH_READ, .uid = OTHER_UID } } },
    { "PrivateUsers",
      257,
      "identity",
      "/home/u/file",
      { { PATH, "/home/u/file", .use = PATH_READ, .uid = OTHER_UID } } },
    { "PrivateUsers",
      257,
      NULL,
      "/srv/far",
      { { PATH, "/srv/far", .use = PATH_READ, .uid = 70000 } } },
    { "PrivateUsers",
      258,
      "full",
      "/srv/far",
      { { PATH, "/srv/far", .use = PATH_READ, .uid = 70000 } } },
    { "PrivateUsers", 0, "yes", NULL, { { PATH, "/srv/own", .use = PATH_READ, .uid = OWN_UID } } },
    { "PrivateUsers",
      0,
      NULL,
      "SO_PEERCRED",
      { { ARGUMENT, "getsockopt", "socket-option", "SO_PEERCRED" } } },
    { "PrivateUsers",
      257,
      "identity",
      "SO_PEERCRED",
      { { ARGUMENT, "getsockopt", "socket-option", "SO_PEERCRED" } } },
    { "PrivateUsers", 257, NULL, "ownership", { { ARGUMENT, "fchown", "ownership", "33:-" } } },
    { "PrivateUsers",
      0,
      NULL,
      "other-user",
      { { ARGUMENT, "kill", "signal", "SIGTERM service other-user" } } },
    { "PrivateUsers",
      0,
      NULL,
      "uid 34 other",
      { { ARGUMENT, "setuid", "credentials", "uid 34 other" } } },
    { "PrivateUsers", 0, "yes", NULL, { { ARGUMENT, "setuid", "credentials", "uid 33 own" } } },
    { "PrivateUsers", 0, NULL, "port 25", { { BIND_PORT, .use = 25 } } },
    { "PrivateUsers", 0, "yes", NULL, { { BIND_PORT, .use = 1024 } } },
    { "PrivateUsers", 0, NULL, "set-id", { { PROGRAM_SET_ID, "/usr/bin/su" } } },

    { "PrivatePIDs", 262, "yes", NULL, { { 0 } } },
    { "PrivatePIDs", 256, NULL, "needs systemd 257", { { 0 } } },
    { "PrivatePIDs", 257, NULL, "systemd 257 may kill", { { 0 } } },
    { "PrivatePIDs", 261, NULL, "systemd 257 may kill", { { 0 } } },
    { "PrivatePIDs", 262, NULL, "PAMName=", { { 0 } }, "User=www\nPAMName=login\n" },
    { "PrivatePIDs", 262, NULL, "Type=forking", { { 0 } }, "User=www\nType=forking\n" },
    { "PrivatePIDs", 262, NULL, "PIDFile=", { { 0 } }, "User=www\nPIDFile=/run/x\n" },
    { "PrivatePIDs", 262, NULL, "$MAINPID", { { 0 } }, "ExecReload=/bin/kill -HUP $MAINPID\n" },
    { "PrivatePIDs",
      262,
      NULL,
      "StateDirectory=",
      { { 0 } },
      "DynamicUser=yes\nStateDirectory=x\n" },
    { "PrivatePIDs", 262, NULL, "LogsDirectory=", { { 0 } }, "DynamicUser=1\nLogsDirectory=x\n" },
    { "PrivatePIDs",
      262,
      NULL,
      "RuntimeDirectory=",
      { { 0 } },
      "DynamicUser=yes\nRuntimeDirectory=x\nRuntimeDirectoryPreserve=restart\n" },
    { "PrivatePIDs",
      262,
      "yes",
      NULL,
      { { 0 } },
      "DynamicUser=yes\nRuntimeDirectory=x\nConfigurationDirectory=x\n" },
    { "PrivatePIDs", 262, "yes", NULL, { { 0 } }, "User=www\nStateDirectory=x\n" },
    { "PrivatePIDs", 262, NULL, "no run shows", { { 0 } }, NULL, 0, 15 },
    { "PrivatePIDs",
      262,
      NULL,
      "SIGTERM other",
      { { ARGUMENT, "kill", "signal", "SIGTERM other" } } },
    { "PrivatePIDs", 262, "yes", NULL, { { ARGUMENT, "kill", "signal", "SIGTERM service" } } },
    { "PrivatePIDs",
      262,
      NULL,
      "/proc/<pid>/stat",
      { { PATH, "/proc/<pid>/stat", .use = PATH_READ } } },
    { "PrivatePIDs", 262, NULL, "/run/x.pid", { { PATH, "/run/x.pid", .use = PATH_CREATE } } },

    { "ProtectControlGroups", 0, "yes", "\"strict\" needs systemd 257", { { 0 } } },
    { "ProtectControlGroups", 257, "strict", NULL, { { 0 } } },
    { "ProtectControlGroups",
      257,
      "yes",
      "/proc/self/cgroup",
      { { PATH, "/proc/self/cgroup", .use = PATH_READ } } },
    { "ProtectControlGroups",
      257,
      NULL,
      "cgroup.procs",
      { { PATH, "/sys/fs/cgroup/x/cgroup.procs", .use = PATH_WRITE } } },
    { "ProtectKernelTunables",
      0,
      NULL,
      "/sys/fs/ext4",
      { { PATH, "/sys/fs/ext4/sda1/x", .use = PATH_WRITE } } },
    { "ProtectKernelTunables",
      0,
      "yes",
      NULL,
      { { PATH, "/sys/fs/cgroup/x/cgroup.procs", .use = PATH_WRITE } } },
    { "PrivateBPF",
      258,
      "yes",
      NULL,
      { { SETTING, "bpffs", "yes" }, { SETTING, "kernel", "6.11.0-1" } } },
    { "PrivateBPF",
      258,
      "yes",
      NULL,
      { { SETTING, "bpffs", "yes" }, { SETTING, "kernel", "7.0" } } },
    { "PrivateBPF",
      262,
      NULL,
      "PrivatePIDs=",
      { { SETTING, "bpffs", "yes" }, { SETTING, "kernel", "7.0" } } },
    { "PrivateBPF",
      262,
      "yes",
      NULL,
      { { SETTING, "bpffs", "yes" }, { SETTING, "kernel", "7.0" } },
      "User=www\nPIDFile=/run/x\n" },
    { "PrivateBPF",
      258,
      NULL,
      "did not record whether it exists",
      { { SETTING, "kernel", "7.0" } } },
    { "PrivateBPF",
      258,
      NULL,
      "without /sys/fs/bpf systemd fails",
      { { SETTING, "bpffs", "no" }, { SETTING, "kernel", "7.0" } } },
    { "PrivateBPF",
      258,
      NULL,
      "6.11",
      { { SETTING, "bpffs", "yes" }, { SETTING, "kernel", "6.8.0-63" } } },
    { "PrivateBPF", 258, NULL, "6.11", { { SETTING, "bpffs", "yes" } } },
    { "PrivateBPF", 258, NULL, "bpf (", { { CALL, "bpf" }, { SETTING, "bpffs", "yes" } } },
    { "PrivateBPF", 257, NULL, "needs systemd 258", { { 0 } } },
    { "PrivateTmp", 252, "yes", NULL, { { 0 } } },
    { "PrivateTmp", 257, "disconnected", NULL, { { 0 } } },
    { "PrivateTmp", 257, "yes", NULL, { { PATH, "/tmp/scratch", .use = PATH_CREATE } } },
    { "LockPersonality", 0, "yes", NULL, { { ARGUMENT, "personality", "personality", "0x0" } } },
    { "RestrictRealtime",
      0,
      NULL,
      "RLIMIT_RTPRIO",
      { { ARGUMENT, "prlimit64", "rlimit", "RLIMIT_RTPRIO raise-hard" } } },
    { "ProtectKernelLogs", 0, NULL, "/mnt", { OPENED(PATH_MOUNT, "/mnt", FILE_DIRECTORY) } },

    { "DevicePolicy", 0, NULL, "PrivateDevices=yes implies", { { 0 } } },
    { "DevicePolicy",
      0,
      "closed",
      "DeviceAllow=",
      { OPENED(PATH_READ, "/dev/fuse", FILE_CHAR_DEVICE) } },
    { "DevicePolicy", 0, NULL, "S_IFCHR", { { ARGUMENT, "mknodat", "mknod", "S_IFCHR" } } },
    { "DevicePolicy",
      0,
      NULL,
      "DevicePolicy=strict",
      { OPENED(PATH_READ, "/dev/fuse", FILE_CHAR_DEVICE) },
      "DevicePolicy=strict\n" },
    { "DevicePolicy",
      0,
      NULL,
      "/srv/chroot/null",
      { OPENED(PATH_READ, "/srv/chroot/null", FILE_CHAR_DEVICE) } },
    { "DeviceAllow",
      0,
      "/dev/fuse rw",
      NULL,
      { OPENED(PATH_READ, "/dev/fuse", FILE_CHAR_DEVICE),
        OPENED(PATH_WRITE, "/dev/fuse", FILE_CHAR_DEVICE) } },
    { "DeviceAllow",
      0,
      "/dev/sdb r",
      NULL,
      { OPENED(PATH_READ, "/dev/sdb", FILE_BLOCK_DEVICE),
        OPENED(PATH_READ, "/dev/null", FILE_CHAR_DEVICE),
        OPENED(PATH_STAT, "/dev/kvm", FILE_CHAR_DEVICE) } },
    { "DeviceAllow",
      0,
      "char-ttyUSB rw",
      NULL,
      { OPENED(PATH_READ, "/dev/ttyUSB0", FILE_CHAR_DEVICE),
        OPENED(PATH_WRITE, "/dev/ttyUSB1", FILE_CHAR_DEVICE) } },
    { "DeviceAllow",
      0,
      "/dev/hwrng w",
      NULL,
      { { PATH, "/dev/hwrng", .use = PATH_WRITE, .outcome = EBUSY, .type = FILE_CHAR_DEVICE } } },
    { "DeviceAllow",
      0,
      NULL,
      "opened only standard device nodes",
      { { PATH, "/dev/hwrng", .use = PATH_READ, .outcome = EACCES, .type = FILE_CHAR_DEVICE } } },
};

static void step_apply(struct profile *profile, const struct step *step)
{
    struct program_fact program = { .path = build_text(step->a ? step->a : ""),
                                    .format = build_text("elf"),
                                    .arch = build_text("x86_64"),
                                    .mode = 04755 };
    struct fact path = { .kind = FACT_PATH,
                         .outcome = step->outcome,
                         .path = { .use = (enum path_use)step->use,
                                   .path = build_text(step->a),
                                   .requested = build_text(step->a) } };
    struct sighting sighting = { .run = "r1",
                                 .count = 1,
                                 .program = BUILD_PROGRAM,
                                 .call = "openat",
                                 .foreign = step->foreign };
    struct host_file file = { .path = build_text(step->a),
                              .type = step->type,
                              .uid = step->uid,
                              .target = build_text(""),
                              .entries = -1,
                              .unused = -1 };

    switch (step->kind) {
    case STEP_NONE:
        break;
    case ARGUMENT:
        build_argument(profile, step->a, step->b, step->c, step->outcome);
        break;
    case CALL:
        build_syscall(profile, step->a, step->outcome);
        break;
    case PATH:
        profile_record(profile, &path, &sighting);
        profile_add_file(profile, &file);
        break;
    case BIND_PORT:
        build_address(profile, ADDRESS_BIND, AF_INET, SOCK_STREAM, "127.0.0.1", step->use, 0);
        break;
    case SETTING:
        profile_add_setting(profile, step->a, step->b);
        break;
    case PROGRAM_SET_ID:
        build_program(profile, &program);
        break;
    }
}

static struct profile *case_profile(const struct private_case *row)
{
    struct profile *profile = build_profile();
    struct run run = { .id = build_text("r1"),
                       .uid = row->run_uid >= ROOT_WATCHED ? 0 : OWN_UID,
                       .capabilities = row->run_uid == ROOT_WATCHED ? CAPABILITIES_BY_TASK
                                                                    : CAPABILITIES_UNWATCHED,
                       .exit_status = row->run_signal ? -1 : 0,
                       .signal = row->run_signal,
                       .complete = true };

    profile_add_run(profile, &run);
    for (size_t i = 0; i < ELEMENTS_OF(row->steps); i++)
        step_apply(profile, &row->steps[i]);
    return profile;
}

static void case_suggest(const struct private_case *row, const struct profile *profile,
                         struct unit *unit, struct suggestion *ret)
{
    CLEANUP(free_char)
    char *text = mem_printf("[Service]\n%s", row->unit ? row->unit : "User=www\n");
    struct suggest_options options = { .target = { .version = row->version ? row->version : 252 },
                                       .filesystem = FILESYSTEM_STRICT,
                                       .filesystem_given = true,
                                       .unit = unit };

    assert_int_equal(unit_parse(unit, text, strlen(text), "x.service", NULL), 0);
    suggest(profile, &options, ret);
}

static void check_case(const struct private_case *row)
{
    CLEANUP(profile_freep) struct profile *profile = case_profile(row);
    CLEANUP(unit_done) struct unit unit = { 0 };
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };

    case_suggest(row, profile, &unit, &suggestion);
    const struct verdict *verdict = suggestion_find(&suggestion, row->directive);
    assert_non_null(verdict);
    CLEANUP(free_char) char *value = build_value(&suggestion, row->directive);
    bool right = row->value ? value && strcmp(value, row->value) == 0 : !value;
    if (right && row->why && (!row->value || strcmp(row->directive, "DeviceAllow") != 0))
        right = strstr(verdict->why, row->why) != NULL;
    if (!right)
        print_message("case %td: %s=%s (%s)\n", row - cases, row->directive, value ? value : "-",
                      verdict->why);
    assert_true(right);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++)
        check_case(&cases[i]);
}

/* What refused a row is forbidden by the row, says who knows nothing of how it was derived; but
 * where the row looks further than one fact can tell. */
static void test_witness_is_forbidden(void **state)
{
    static const char *const further[] = {
        "UMask no tighter: umask",       "UMask no tighter: umask with umask 0000",
        "UMask already the tightest",    "UMask train again",
        "PrivatePIDs /run/x.pid",        "RemoveIPC /dev/shm/cache",
        "PrivateIPC did not create",     "PrivateBPF bpf",
        "RestrictRealtime RLIMIT_RTPRIO"
    };
    size_t checked = 0;

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        CLEANUP(profile_freep) struct profile *profile = case_profile(&cases[i]);
        CLEANUP(unit_done) struct unit unit = { 0 };
        CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
        CLEANUP(free_char)
        char *name = mem_printf("%s %s", cases[i].directive, cases[i].why ? cases[i].why : "");
        bool skipped = cases[i].value;
        case_suggest(&cases[i], profile, &unit, &suggestion);
        const struct fact *witness = suggestion_find(&suggestion, cases[i].directive)->witness;
        const struct directive *row = directive_find(directive_table, cases[i].directive);
        for (size_t k = 0; k < ELEMENTS_OF(further); k++)
            skipped |= str_starts_with(name, further[k]);
        if (skipped || !witness)
            continue;
        struct value value = { .text = build_text(row->candidates ? row->candidates[0].value
                                                                  : "closed") };
        struct verdict alone = { .name = row->name, .emitted = true, .values = &value, .count = 1 };
        struct suggestion only = { .verdicts = &alone, .count = 1, .target = { .version = 262 } };
        const char *directive = NULL;
        bool allowed = allows_suggestion(&only, &unit, profile, witness, &directive);
        if (allowed)
            print_message("case %zu: %s= allows what refused it\n", i, row->name);
        assert_false(allowed);
        checked++;
    }
    assert_true(checked > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_witness_is_forbidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
