// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What suggest() takes grows with the profile and no faster: a service, or a client of its, chooses
 * how much of one kind a profile holds. Each case is a profile of one kind of fact, made small and
 * four times as large, and processor time is compared, the least of some tries: what else the
 * machine does meanwhile takes other processes' time. Linear growth is 4, quadratic 16.
 */
#include "build.h"
#include "unit.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SMALL      200
#define GROWTH     4
#define GROWTH_MAX 9.0
#define TRIES      5
/* What takes less is not worth a look, nor steady enough for one. */
#define SHORT_S 0.02

struct scale_case {
    const char *what;
    void (*add)(struct profile *profile, unsigned i);
};

/* ---- what a profile is made of ---- */

static void see_path(struct profile *profile, enum path_use use, const char *requested,
                     const char *path, int outcome)
{
    struct fact fact = {
        .kind = FACT_PATH,
        .outcome = outcome,
        .path = { .use = use, .path = build_text(path), .requested = build_text(requested) }
    };

    build_see(profile, &fact, "openat");
}

static void see_file(struct profile *profile, const char *path, enum file_type type,
                     const char *target)
{
    struct host_file file = { .path = build_text(path),
                              .type = type,
                              .mode = type == FILE_DIRECTORY ? 0755 : 0644,
                              .target = build_text(target),
                              .entries = type == FILE_DIRECTORY ? 9 : -1,
                              .unused = type == FILE_DIRECTORY ? 7 : -1,
                              .filesystem = build_text("ext4") };

    profile_add_file(profile, &file);
}

/* A file in a directory of its own. */
static void add_in(struct profile *profile, const char *base, unsigned i, enum path_use use)
{
    CLEANUP(free_char) char *directory = mem_printf("%s/d%u", base, i);
    CLEANUP(free_char) char *path = mem_printf("%s/f", directory);

    see_file(profile, directory, FILE_DIRECTORY, "");
    see_file(profile, path, FILE_REGULAR, "");
    see_path(profile, use, path, path, 0);
}

static void add_folded(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *directory = mem_printf("/srv/data/g%u/d%u", i / 15, i);
    CLEANUP(free_char) char *path = mem_printf("%s/", directory);

    see_file(profile, directory, FILE_DIRECTORY, "");
    see_path(profile, PATH_READ, path, path, 0);
    see_path(profile, PATH_CREATE, path, path, 0);
}

static void add_single(struct profile *profile, unsigned i)
{
    add_in(profile, "/srv/data", i, PATH_READ);
}

static void add_written(struct profile *profile, unsigned i)
{
    add_in(profile, "/srv/data", i, PATH_CREATE);
}

static void add_home(struct profile *profile, unsigned i)
{
    add_in(profile, "/home/user", i, PATH_WRITE);
}

static void add_run(struct profile *profile, unsigned i)
{
    add_in(profile, "/run", i, PATH_CREATE);
}

static void add_link(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *link = mem_printf("/opt/links/l%u", i);
    CLEANUP(free_char) char *path = mem_printf("/srv/data/d%u/f", i);

    add_in(profile, "/srv/data", i, PATH_READ);
    see_file(profile, link, FILE_SYMLINK, path);
    see_path(profile, PATH_READ, link, path, 0);
    see_path(profile, PATH_LINK, link, link, 0);
}

static void add_read_link(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *link = mem_printf("/opt/links/l%u", i);
    CLEANUP(free_char) char *path = mem_printf("/srv/data/d%u/f", i);
    struct fact fact = { .kind = FACT_PATH,
                         .path = { .use = PATH_STAT, .path = link, .requested = link } };

    add_in(profile, "/srv/data", i, PATH_READ);
    see_file(profile, link, FILE_SYMLINK, path);
    build_see(profile, &fact, "readlink");
}

static void add_linked_directory(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *link = mem_printf("/opt/links/l%u", i);
    CLEANUP(free_char) char *directory = mem_printf("/srv/data/d%u", i);
    CLEANUP(free_char) char *name = mem_printf("%s/f", link);
    CLEANUP(free_char) char *path = mem_printf("%s/f", directory);

    add_in(profile, "/srv/data", i, PATH_CREATE);
    see_file(profile, link, FILE_SYMLINK, directory);
    see_path(profile, PATH_READ, name, path, 0);
}

static void add_socket(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *directory = mem_printf("/run/s%u", i);
    CLEANUP(free_char) char *path = mem_printf("%s/socket", directory);

    see_file(profile, directory, FILE_DIRECTORY, "");
    see_file(profile, path, FILE_SOCKET, "");
    see_path(profile, PATH_CONNECT, path, path, 0);
}

static void add_asked(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *directory = mem_printf("/srv/data/g%u/d%u", i / 15, i);
    struct fact fact = { .kind = FACT_PATH,
                         .path = { .use = PATH_STAT, .path = directory, .requested = directory } };

    see_file(profile, directory, FILE_DIRECTORY, "");
    build_see(profile, &fact, "stat");
}

static void add_removal(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *directory = mem_printf("/srv/data/d%u", i);
    CLEANUP(free_char) char *path = mem_printf("%s/none", directory);

    add_in(profile, "/srv/data", i, PATH_READ);
    see_file(profile, path, FILE_MISSING, "");
    see_path(profile, PATH_DELETE, path, path, 2);
}

static void add_move(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *from = mem_printf("/srv/data/d%u", i);
    CLEANUP(free_char) char *to = mem_printf("/srv/data/d%u", i + 1);
    struct fact fact = { .kind = FACT_MOVE, .move = { .from = from, .to = to } };

    add_in(profile, "/srv/data", i, PATH_CREATE);
    build_see(profile, &fact, "rename");
}

static void add_secret(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *path = mem_printf("/srv/data/d%u/secret", i);
    struct host_file file = { .path = path, .mode = 0600, .target = build_text(""), .unused = -1 };

    add_in(profile, "/srv/data", i, PATH_LIST);
    profile_add_file(profile, &file);
}

static void add_library(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *path = mem_printf("/usr/lib/p%u/lib%u.so", i, i);
    CLEANUP(free_char) char *program = mem_printf("/usr/lib/p%u/program", i);
    struct strings needed = { 0 };

    add_in(profile, "/usr/lib", i, PATH_EXECUTE);
    see_file(profile, path, FILE_REGULAR, "");
    see_path(profile, PATH_MAP_EXECUTE, path, path, 0);
    strings_add(&needed, path_name(path));
    build_program(profile, &(struct program_fact){ .path = program,
                                                   .interpreter = build_text(""),
                                                   .script_option = build_text(""),
                                                   .format = build_text("elf"),
                                                   .arch = build_text("x86_64"),
                                                   .needed = needed,
                                                   .run_path = build_text("") });
    strings_done(&needed);
}

static void add_mount_point(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *name = mem_printf("mount /srv/data/d%u", i);

    add_in(profile, "/srv/data", i, PATH_READ);
    profile_add_setting(profile, name, "ext4");
}

static void add_device(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *path = mem_printf("/dev/d%u/node", i);

    see_file(profile, path, FILE_CHAR_DEVICE, "");
    see_path(profile, PATH_WRITE, path, path, 0);
}

static void add_errno(struct profile *profile, unsigned i)
{
    build_syscall(profile, "openat", (int)i + 1);
}

static void add_call(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *name = mem_printf("call_%u", i);

    build_syscall(profile, name, 0);
}

static void add_value(struct profile *profile, unsigned i)
{
    static const char *const topics[] = {
        "ioctl",       "prctl",  "sockopt", "clone-flags", "kill",
        "credentials", "statfs", "umask",   "signal",      "mount"
    };
    CLEANUP(free_char)
    char *value = mem_printf("value%c%c%c", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26);

    build_argument(profile, "call", topics[i % ELEMENTS_OF(topics)], value, 0);
}

static void add_address(struct profile *profile, unsigned i)
{
    CLEANUP(free_char)
    char *host = mem_printf("%u.%u.%u.%u", 1 + i % 200, i / 200 % 200, i % 7 * 16, 1 + i / 1000);

    build_address(profile, ADDRESS_CONNECT, AF_INET, SOCK_STREAM, host, 443, 0);
}

static void add_name(struct profile *profile, unsigned i)
{
    CLEANUP(free_char)
    char *host = mem_printf("%u.%u.%u.1", 1 + i % 200, i / 200 % 200, i % 7 * 16);
    CLEANUP(free_char) char *name = mem_printf("host%u.example", i);

    build_name(profile, name, host, 60);
    build_address(profile, ADDRESS_CONNECT, AF_INET, SOCK_STREAM, host, 443, 0);
}

static void add_port(struct profile *profile, unsigned i)
{
    build_address(profile, ADDRESS_BIND, AF_INET, SOCK_STREAM, "127.0.0.1",
                  1 + (int)(i * 7 % 65000), 0);
}

static void add_capability(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *call = mem_printf("call_%u", i);

    build_capability(profile, "CAP_CHOWN", call, CAPABILITY_KERNEL);
}

static void add_runs(struct profile *profile, unsigned i)
{
    CLEANUP(free_char) char *id = mem_printf("run%u", i);
    struct run run = { .id = id,
                       .cwd = build_text("/"),
                       .user = build_text("root"),
                       .workload = build_text(""),
                       .ready = build_text(""),
                       .cinch = build_text("0.2"),
                       .phases = 3,
                       .complete = true,
                       .exit_status = 0,
                       .ready_ms = 1,
                       .duration_ms = 100000 };
    struct sighting sighting = {
        .run = id, .count = 1, .program = BUILD_PROGRAM, .call = "openat"
    };
    struct fact fact = { .kind = FACT_PATH,
                         .path = { .use = PATH_READ,
                                   .path = build_text("/etc/served"),
                                   .requested = build_text("/etc/served") } };

    strings_add(&run.command, BUILD_PROGRAM);
    profile_add_run(profile, &run);
    profile_record(profile, &fact, &sighting);
    strings_done(&run.command);
}

static const struct scale_case cases[] = {
    { "folded directories", add_folded },
    { "files that are read", add_single },
    { "files that are made", add_written },
    { "files in a home", add_home },
    { "files in /run", add_run },
    { "symlinks to files", add_link },
    { "symlinks that are read", add_read_link },
    { "symlinks to directories", add_linked_directory },
    { "sockets of others", add_socket },
    { "directories that are asked about", add_asked },
    { "removals of what is not there", add_removal },
    { "moves", add_move },
    { "secrets", add_secret },
    { "programs and libraries", add_library },
    { "mount points", add_mount_point },
    { "devices", add_device },
    { "errnos of a call", add_errno },
    { "calls", add_call },
    { "values of arguments", add_value },
    { "addresses", add_address },
    { "host names", add_name },
    { "ports", add_port },
    { "capabilities", add_capability },
    { "runs", add_runs },
};

/* ---- what it takes ---- */

static struct profile *profile_of(const struct scale_case *one, unsigned count)
{
    struct profile *profile = build_profile();
    size_t ignored;

    for (unsigned i = 0; i < count; i++)
        one->add(profile, i);
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) /* sorts */
        (void)profile_facts(profile, (enum fact_kind)kind, &ignored);
    (void)profile_files(profile, &ignored);
    return profile;
}

static double now_s(void)
{
    struct timespec now;

    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double time_of(const struct profile *profile, enum filesystem_form form)
{
    struct suggest_options options = { .target = { .version = 252 },
                                       .filesystem = form,
                                       .filesystem_given = true };
    CLEANUP(suggestion_done) struct suggestion suggestion = { 0 };
    double start = now_s();

    suggest(profile, &options, &suggestion);
    return now_s() - start;
}

static double less(double a, double b)
{
    return a < b ? a : b;
}

static void check_growth(const struct scale_case *one, enum filesystem_form form)
{
    CLEANUP(profile_freep) struct profile *small = profile_of(one, SMALL);
    CLEANUP(profile_freep) struct profile *large = profile_of(one, SMALL * GROWTH);
    double short_s = time_of(small, form), long_s = time_of(large, form);

    for (int i = 1; i < TRIES && long_s > SHORT_S && long_s > GROWTH_MAX * short_s; i++) {
        short_s = less(short_s, time_of(small, form));
        long_s = less(long_s, time_of(large, form));
    }
    if (long_s > SHORT_S && long_s > GROWTH_MAX * short_s)
        fail_msg("%s, form %d: %u take %.0f ms, %u take %.0f ms", one->what, form, SMALL,
                 short_s * 1000, SMALL * GROWTH, long_s * 1000);
}

static void test_suggest_is_linear(void **state)
{
    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(cases); i++) {
        check_growth(&cases[i], FILESYSTEM_VIEW);
        check_growth(&cases[i], FILESYSTEM_STRICT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_suggest_is_linear) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
