// SPDX-License-Identifier: LGPL-2.1-or-later
/* Directories with too many names to tell apart. */
#include "unit.h"
#include <cinch/model.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static const struct collapse_limits few = { .names = 3, .branches = 2, .branch_names = 1 };

static struct profile *profile_of_few(void)
{
    struct profile *profile = profile_new();

    profile_limit(profile, &few);
    return profile;
}

static void see_as(struct profile *profile, enum path_use use, const char *path,
                   const char *requested, bool foreign)
{
    struct fact fact = { .kind = FACT_PATH,
                         .path = { .use = use,
                                   .path = (char *)(uintptr_t)path,
                                   .requested = (char *)(uintptr_t)requested } };
    struct sighting sighting = {
        .run = "r", .count = 1, .foreign = foreign, .program = "/bin/p", .call = "openat"
    };
    profile_record(profile, &fact, &sighting);
}

/* ---- crowds ---- */

static void see_address(struct profile *profile, enum address_use use, const char *host, int port)
{
    struct fact fact = { .kind = FACT_ADDRESS,
                         .address = { .use = use,
                                      .family = strchr(host, ':') ? AF_INET6 : AF_INET,
                                      .type = SOCK_STREAM,
                                      .host = (char *)(uintptr_t)host,
                                      .port = port } };
    struct sighting sighting = { .run = "r", .count = 1, .program = "/bin/p", .call = "accept" };

    profile_record(profile, &fact, &sighting);
}

static void see_argument(struct profile *profile, const char *topic, const char *value)
{
    struct fact fact = { .kind = FACT_ARGUMENT,
                         .argument = { .call = (char[]){ "c" },
                                       .topic = (char *)(uintptr_t)topic,
                                       .value = (char *)(uintptr_t)value } };
    struct sighting sighting = { .run = "r", .count = 1, .program = "/bin/p", .call = "c" };

    profile_record(profile, &fact, &sighting);
}

/* The addresses and values, "HOST PORT" or "TOPIC VALUE", one a line; "+" when it counts. */
static char *crowd_listed(const struct profile *profile, enum fact_kind kind)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, kind, &count);
    struct str text = { 0 };

    str_add(&text, "");
    for (size_t i = 0; i < count; i++) {
        const char *counts = evidence_total(&facts[i]->evidence) ? "+" : "";
        if (kind == FACT_ADDRESS)
            str_addf(&text, "%s%s %d%s", i ? "\n" : "", facts[i]->address.host,
                     facts[i]->address.port, counts);
        else
            str_addf(&text, "%s%s %s%s", i ? "\n" : "", facts[i]->argument.topic,
                     facts[i]->argument.value, counts);
    }
    return str_steal(&text);
}

static void assert_crowd(const struct profile *profile, enum fact_kind kind, const char *expected)
{
    CLEANUP(free_char) char *text = crowd_listed(profile, kind);

    assert_string_equal(text, expected);
}

static struct profile *profile_of_three(void)
{
    struct profile *profile = profile_new();

    profile_limit(profile, &(struct collapse_limits){ 100, 100, 100, .wildcard = 3 });
    return profile;
}

/* More than three of a kind of network are one, and the others stay. */
static void test_addresses_are_a_crowd(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_three();
    CLEANUP(strings_done) struct strings crowds = { 0 };

    (void)state;
    see_address(profile, ADDRESS_ACCEPT, "192.0.2.1", 0);
    see_address(profile, ADDRESS_ACCEPT, "192.0.2.2", 0);
    see_address(profile, ADDRESS_ACCEPT, "198.51.100.3", 0);
    see_address(profile, ADDRESS_ACCEPT, "10.1.2.3", 0);
    see_address(profile, ADDRESS_ACCEPT, "127.0.0.1", 0);
    profile_wildcards(profile, &crowds);
    assert_int_equal(crowds.count, 0);
    see_address(profile, ADDRESS_ACCEPT, "203.0.113.4", 0);
    see_address(profile, ADDRESS_ACCEPT, "203.0.113.5", 0);
    assert_crowd(profile, FACT_ADDRESS, "0.0.0.0/0 0\n10.1.2.3 0+\n127.0.0.1 0+");
    see_address(profile, ADDRESS_SEND, "203.0.113.5", 7);
    profile_wildcards(profile, &crowds);
    assert_int_equal(crowds.count, 1);
    assert_string_equal(crowds.items[0], "addresses in 0.0.0.0/0 (accept)");
    for (int port = 1; port < 6; port++)
        see_address(profile, ADDRESS_CONNECT, "fe80::1%lo", port);
    assert_crowd(profile, FACT_ADDRESS,
                 "0.0.0.0/0 0\n10.1.2.3 0+\n127.0.0.1 0+\n203.0.113.5 7+\nfe80::/10 0");
}

/* What the port says stays: below 1024, and whoever is asked for names. */
static void test_ports_of_crowds(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_three();
    char host[16];

    (void)state;
    for (int i = 1; i < 6; i++) {
        snprintf(host, sizeof(host), "10.0.0.%d", i);
        see_address(profile, ADDRESS_CONNECT, host, 53);
        see_address(profile, ADDRESS_CONNECT, host, 5000 + i);
        see_address(profile, ADDRESS_BIND, "0.0.0.0", 2000 + i);
        see_address(profile, ADDRESS_BIND, "192.0.2.1", i);
        see_address(profile, ADDRESS_CONNECT, "0.0.0.0", 2000 + i);
    }
    see_address(profile, ADDRESS_BIND, "0.0.0.0", 0);
    assert_crowd(profile, FACT_ADDRESS,
                 "0.0.0.0/0 0\n10.0.0.0/8 0\n10.0.0.0/8 53\n127.0.0.0/8 0\n"
                 "192.0.2.1 1+\n192.0.2.1 2+\n192.0.2.1 3+\n192.0.2.1 4+\n192.0.2.1 5+");
}

static void test_arguments_are_a_crowd(void **state)
{
    static const char *const values[] = { "uid 1,1,- other", "uid 2,2,- other", "uid -,-,- own",
                                          "uid 3,3,- other", "groups none",     "uid 4,4,- other" };
    CLEANUP(profile_freep) struct profile *profile = profile_of_three();

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(values); i++)
        see_argument(profile, "credentials", values[i]);
    see_argument(profile, "mqueue", "/a");
    see_argument(profile, "mqueue", "/b");
    see_argument(profile, "ioctl", "0x1 /dev/pts/*");
    assert_crowd(profile, FACT_ARGUMENT,
                 "credentials groups none+\ncredentials uid * other\ncredentials uid -,-,- own+\n"
                 "ioctl 0x1 /dev/pts/*+\nmqueue /a+\nmqueue /b+");
    see_argument(profile, "mqueue", "/c");
    see_argument(profile, "mqueue", "/d");
    for (int i = 2; i < 6; i++)
        see_argument(profile, "ioctl", (char[]){ '0', 'x', (char)('0' + i), ' ', 's', '\0' });
    assert_crowd(profile, FACT_ARGUMENT,
                 "credentials groups none+\ncredentials uid * other\ncredentials uid -,-,- own+\n"
                 "ioctl * s\nioctl 0x1 /dev/pts/*+\nmqueue *");
}

/* Whatever the order, and however it is split into profiles. */
static void test_crowds_merge(void **state)
{
    char host[16];

    (void)state;
    for (int first = 0; first < 6; first++) {
        CLEANUP(profile_freep) struct profile *left = profile_of_three();
        CLEANUP(profile_freep) struct profile *right = profile_of_three();
        for (int i = 0; i < 6; i++) {
            snprintf(host, sizeof(host), "192.0.2.%d", (first + i) % 6);
            see_address(i < first ? left : right, ADDRESS_SEND, host, 9);
        }
        profile_merge(left, right);
        assert_crowd(left, FACT_ADDRESS, "0.0.0.0/0 0");
        profile_merge(right, left);
        assert_crowd(right, FACT_ADDRESS, "0.0.0.0/0 0");
    }
}

/* Many programs of a directory are one; what was read there does not count. */
static void test_programs_are_folded(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();
    struct sighting sighting = { .run = "r", .count = 1, .program = "/p", .call = "execve" };
    char path[16];
    size_t count;

    (void)state;
    for (int i = 0; i < 5; i++) {
        struct fact fact = { .kind = FACT_PROGRAM, .program = { .path = path, .mode = 0755 } };
        snprintf(path, sizeof(path), "/tmp/d/%d", i);
        profile_record(profile, &fact, &sighting);
        profile_facts(profile, FACT_PROGRAM, &count);
        assert_int_equal(count, i < 3 ? i + 1 : 1);
    }
    const struct fact *const *facts = profile_facts(profile, FACT_PROGRAM, &count);
    assert_string_equal(facts[0]->program.path, "/tmp/d/");
}

static void see(struct profile *profile, const char *path)
{
    see_as(profile, PATH_READ, path, path, false);
}

/* The paths of all path facts, "USE PATH[ REQUESTED]", one a line. */
static char *listed(const struct profile *profile)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
    struct str text = { 0 };

    str_add(&text, "");
    for (size_t i = 0; i < count; i++) {
        const struct path_fact *path = &facts[i]->path;
        bool same = strcmp(path->path, path->requested) == 0;
        str_addf(&text, "%s%s %s%s%s", i ? "\n" : "", path_use_name(path->use), path->path,
                 same ? "" : " ", same ? "" : path->requested);
    }
    return str_steal(&text);
}

static void assert_listed(const struct profile *profile, const char *expected)
{
    CLEANUP(free_char) char *text = listed(profile);

    assert_string_equal(text, expected);
}

static void test_names_are_folded(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();

    (void)state;
    see(profile, "/d/s/a");
    see(profile, "/d/s/b/deep");
    see(profile, "/d/s/c");
    assert_listed(profile, "read /d/s/a\nread /d/s/b/deep\nread /d/s/c");
    see(profile, "/d/s/d");
    assert_listed(profile, "read /d/s/");
    see_as(profile, PATH_STAT, "/d/s/e/f", "/d/s/e/f", false);
    see(profile, "/d/s");
    see(profile, "/d/sibling");
    assert_listed(profile, "read /d/s\nstat /d/s/\nread /d/s/\nread /d/sibling");
}

/* Reading many does not make a few written ones many. */
static void test_writes_fold_apart(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();

    (void)state;
    for (char name = 'a'; name < 'z'; name++) {
        char path[] = { '/', 'd', '/', 's', '/', name, 0 };
        see(profile, path);
        if (name < 'c')
            see_as(profile, PATH_WRITE, path, path, false);
    }
    assert_listed(profile, "read /d/s/\nwrite /d/s/a\nwrite /d/s/b");
    for (char name = 'c'; name < 'f'; name++) {
        char path[] = { '/', 'd', '/', 's', '/', name, 0 };
        see_as(profile, name == 'd' ? PATH_DELETE : PATH_WRITE, path, path, false);
    }
    assert_listed(profile, "read /d/s/\nwrite /d/s/\ndelete /d/s/");
}

static void test_folded_facts_join(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();
    size_t count;

    (void)state;
    for (char name = 'a'; name < 'z'; name++) {
        char path[] = { '/', 'd', '/', 's', '/', name, 0 };
        see_as(profile, PATH_READ, path, path, name == 'b');
    }
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
    assert_int_equal(count, 1);
    assert_int_equal(evidence_total(&facts[0]->evidence), 0); /* not counted */
    assert_true(evidence_foreign(&facts[0]->evidence));
    assert_int_equal(evidence_phases(&facts[0]->evidence), 1u << PHASE_START);
}

/* Of /etc and the like the names in it are folded, what lies deeper is not. */
static void test_shared_directories(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();

    (void)state;
    see(profile, "/etc/x/y");
    see(profile, "/etc/a");
    see(profile, "/etc/b");
    see(profile, "/etc/c");
    see(profile, "/etc/z/y");
    assert_listed(profile, "read /etc/\nread /etc/x/y\nread /etc/z/y");
    see(profile, "/etc/x/1");
    see(profile, "/etc/x/2");
    see(profile, "/etc/x/3");
    assert_listed(profile, "read /etc/\nread /etc/x/\nread /etc/z/y");
}

/* Devices are not lost among files. */
static void test_dev_stays(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();

    (void)state;
    see(profile, "/srv/root/dev/null");
    for (char name = 'a'; name < 'f'; name++) {
        char path[] = { '/', 's', 'r', 'v', '/', 'r', 'o', 'o', 't', '/', name, 0 };
        see(profile, path);
    }
    see(profile, "/srv/root/x/dev/tty");
    see(profile, "/srv/root/devices/a");
    assert_listed(profile, "read /srv/root/\nread /srv/root/dev/null\nread /srv/root/x/dev/tty");
}

static void test_root_is_folded(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();

    (void)state;
    see(profile, "/");
    see(profile, "/a");
    see(profile, "/b");
    see(profile, "/c");
    see(profile, "/d");
    see(profile, "/d/e");
    assert_listed(profile, "read /\nread //\nread /d/e");
}

/* A few names in each of many directories. */
static void test_branches_are_folded(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();

    (void)state;
    see(profile, "/d/cache/1/a");
    see(profile, "/d/cache/1/b");
    see(profile, "/d/cache/2/a");
    see(profile, "/d/cache/2/b");
    see(profile, "/d/cache/3/a");
    assert_listed(profile, "read /d/cache/1/a\nread /d/cache/1/b\nread /d/cache/2/a\n"
                           "read /d/cache/2/b\nread /d/cache/3/a");
    see(profile, "/d/cache/3/b");
    see(profile, "/d/other");
    assert_listed(profile, "read /d/cache/\nread /d/other");
}

static void test_requested_names(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();

    (void)state;
    for (char name = '1'; name < '9'; name++) {
        char link[] = { '/', 'd', '/', 'l', '/', name, 0 };
        see_as(profile, PATH_READ, "/d/t", link, true);
    }
    assert_listed(profile, "read /d/t /d/l/");
}

/* What has no place in a directory is none of its names. */
static void test_no_files(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();

    (void)state;
    for (char name = '1'; name < '9'; name++) {
        char memory[] = { '/', 'm', 'e', 'm', 'f', 'd', ':', name, 0 };
        char nowhere[] = { 'x', '/', name, 0 };
        see(profile, memory);
        see(profile, nowhere);
    }
    assert_int_equal(profile_fact_count(profile), 16);
    CLEANUP(strings_done) struct strings folded = { 0 };
    profile_collapsed(profile, &folded);
    assert_int_equal(folded.count, 0);
}

/* What is moved between folded directories: they are written. */
static void test_moves(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();
    struct sighting sighting = { .run = "r", .count = 1, .program = "", .call = "" };
    struct fact move = { .kind = FACT_MOVE, .move = { (char[]){ "/d/s/1" }, (char[]){ "/d/t" } } };
    size_t count;

    (void)state;
    profile_record(profile, &move, &sighting);
    for (char name = 'a'; name < 'f'; name++) {
        char path[] = { '/', 'd', '/', 's', '/', name, 0 };
        see(profile, path);
    }
    assert_string_equal(profile_facts(profile, FACT_MOVE, &count)[0]->move.from, "/d/s/1");
    for (char name = 'a'; name < 'f'; name++) {
        char path[] = { '/', 'd', '/', 's', '/', name, 0 };
        see_as(profile, PATH_CREATE, path, path, false);
    }
    const struct fact *const *moves = profile_facts(profile, FACT_MOVE, &count);
    assert_int_equal(count, 1);
    assert_string_equal(moves[0]->move.from, "/d/s/");
    assert_string_equal(moves[0]->move.to, "/d/t");
}

/* A socket's address and a blind spot go with the directory. */
static void test_other_facts(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_of_few();
    struct sighting sighting = { .run = "r", .count = 1, .program = "", .call = "" };
    size_t count;

    (void)state;
    for (char name = 'a'; name < 'f'; name++) {
        char path[] = { '/', 'd', '/', 's', '/', name, 0 };
        struct fact address = { .kind = FACT_ADDRESS,
                                .address = { ADDRESS_BIND, AF_UNIX, SOCK_STREAM, 0, path, 0 } };
        struct fact spot = { .kind = FACT_BLIND_SPOT,
                             .blind_spot = { (char[]){ "uncertain-path" }, path } };
        see_as(profile, PATH_BIND, path, path, false);
        profile_record(profile, &address, &sighting);
        profile_record(profile, &spot, &sighting);
    }
    const struct fact *const *addresses = profile_facts(profile, FACT_ADDRESS, &count);
    assert_int_equal(count, 1);
    assert_string_equal(addresses[0]->address.host, "/d/s/");
    const struct fact *const *spots = profile_facts(profile, FACT_BLIND_SPOT, &count);
    assert_int_equal(count, 1);
    assert_string_equal(spots[0]->blind_spot.detail, "/d/s/");
    CLEANUP(strings_done) struct strings folded = { 0 };
    profile_collapsed(profile, &folded);
    assert_int_equal(folded.count, 1);
    assert_string_equal(folded.items[0], "/d/s");
}

/* ---- the laws of merging ---- */

static char *random_path(void)
{
    static const char *const above[] = { "/d/s", "/d/s/1",   "/d/s/2",     "/d/s/3",
                                         "/etc", "/etc/x",   "/d",         "/d/t",
                                         "",     "/d/s/dev", "/d/s/1/dev", "/d/s/1/dev/4" };

    return mem_printf("%s/%d", above[(size_t)rand() % ELEMENTS_OF(above)], rand() % 6);
}

static struct profile *random_profile(unsigned seed)
{
    struct profile *profile = profile_of_few();

    srand(seed);
    for (int i = rand() % 20; i > 0; i--) {
        CLEANUP(free_char) char *path = random_path();
        CLEANUP(free_char) char *requested = rand() % 4 ? mem_strdup(path) : random_path();
        see_as(profile, rand() % 2 ? PATH_READ : PATH_WRITE, path, requested, rand() % 2);
    }
    return profile;
}

static struct profile *merged(const struct profile *a, const struct profile *b)
{
    struct profile *profile = profile_of_few();

    profile_merge(profile, a);
    profile_merge(profile, b);
    return profile;
}

static void assert_same(const struct profile *left, const struct profile *right)
{
    CLEANUP(free_char) char *text = listed(left);
    size_t left_count, right_count;
    const struct fact *const *a = profile_facts(left, FACT_PATH, &left_count);
    const struct fact *const *b = profile_facts(right, FACT_PATH, &right_count);

    assert_listed(right, text);
    assert_int_equal(left_count, right_count);
    for (size_t i = 0; i < left_count; i++) {
        assert_int_equal(evidence_total(&a[i]->evidence), evidence_total(&b[i]->evidence));
        assert_int_equal(evidence_foreign(&a[i]->evidence), evidence_foreign(&b[i]->evidence));
    }
}

/* A call may fail with any number up to 4095 (a filter of seccomp(2) says which). */
static void test_errnos(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    CLEANUP(profile_freep) struct profile *again = profile_new();
    struct sighting sighting = { .run = "r", .count = 1, .program = "/bin/p", .call = "c" };
    size_t count, named = 0;

    (void)state;
    for (int code = 1; code < 4096; code++) {
        struct fact fact = { .kind = FACT_SYSCALL,
                             .outcome = code,
                             .syscall = { .arch = (char[]){ "x86_64" }, .name = (char[]){ "c" } } };
        named += errno_name(code) != NULL;
        profile_record(profile, &fact, &sighting);
    }
    (void)profile_facts(profile, FACT_SYSCALL, &count);
    assert_int_equal(count, named + 1);
    profile_merge(again, profile);
    (void)profile_facts(again, FACT_SYSCALL, &count);
    assert_int_equal(count, named + 1);
}

/* What programs need counts with their names, and goes with what tells them apart. */
static void test_needed_is_bounded(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    struct sighting sighting = { .run = "r", .count = 1, .program = "/bin/p", .call = "execve" };
    CLEANUP(strings_done) struct strings needed = { 0 };
    char name[1001];
    size_t count, bytes = 0;

    (void)state;
    profile_limit(profile,
                  &(struct collapse_limits){
                      .names = 1000, .branches = 1000, .branch_names = 1000, .bytes = 100000 });
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    strings_add(&needed, name);
    for (unsigned i = 0; i < 500; i++) {
        CLEANUP(free_char) char *path = mem_printf("/srv/d%u/program", i);
        char *none = (char[]){ "" };
        struct fact fact = { .kind = FACT_PROGRAM,
                             .program = { .path = path,
                                          .interpreter = none,
                                          .script_option = none,
                                          .format = (char[]){ "elf" },
                                          .arch = (char[]){ "x86_64" },
                                          .run_path = none,
                                          .needed = needed } };
        profile_record(profile, &fact, &sighting);
    }
    const struct fact *const *facts = profile_facts(profile, FACT_PROGRAM, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < facts[i]->program.needed.count; k++)
            bytes += strlen(facts[i]->program.needed.items[k]);
    assert_true(count > 0 && bytes <= 100000);
}

static void test_merge_laws(void **state)
{
    size_t folded = 0;

    (void)state;
    for (unsigned seed = 1; seed < 2000; seed++) {
        CLEANUP(profile_freep) struct profile *a = random_profile(seed);
        CLEANUP(profile_freep) struct profile *b = random_profile(seed + 10000);
        CLEANUP(profile_freep) struct profile *c = random_profile(seed + 20000);
        CLEANUP(profile_freep) struct profile *ab = merged(a, b);
        CLEANUP(profile_freep) struct profile *ba = merged(b, a);
        CLEANUP(profile_freep) struct profile *bc = merged(b, c);
        CLEANUP(profile_freep) struct profile *left = merged(ab, c);
        CLEANUP(profile_freep) struct profile *right = merged(a, bc);
        CLEANUP(profile_freep) struct profile *again = merged(left, a);
        CLEANUP(strings_done) struct strings directories = { 0 };
        assert_same(ab, ba);
        assert_same(left, right);
        assert_same(left, again);
        profile_collapsed(left, &directories);
        folded += directories.count;
    }
    assert_true(folded > 1000);
}

/* Whatever was seen is there, as itself or by a folded directory that holds it. */
static void test_nothing_is_lost(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed < 500; seed++) {
        CLEANUP(profile_freep) struct profile *profile = profile_of_few();
        struct strings paths = { 0 };
        srand(seed);
        for (int i = 0; i < 40; i++) {
            CLEANUP(free_char) char *path = random_path();
            strings_add(&paths, path);
            see(profile, path);
        }
        for (size_t i = 0; i < paths.count; i++) {
            size_t count;
            bool found = false;
            const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);
            for (size_t k = 0; k < count; k++) {
                CLEANUP(free_char) char *directory = path_parent(facts[k]->path.path);
                found |= strcmp(facts[k]->path.path, paths.items[i]) == 0 ||
                         (path_is_collapsed(facts[k]->path.path) &&
                          strcmp(directory, paths.items[i]) != 0 &&
                          path_is_within(paths.items[i], directory));
            }
            assert_true(found);
        }
        strings_done(&paths);
    }
}

static void test_folded_paths(void **state)
{
    CLEANUP(free_char) char *parent = path_parent("//");
    CLEANUP(free_char) char *root = path_uncollapse("//");
    CLEANUP(free_char) char *below = path_uncollapse("/a/");
    CLEANUP(free_char) char *file = path_uncollapse("/a");

    (void)state;
    assert_true(path_is_collapsed("/a/") && path_is_collapsed("//"));
    assert_false(path_is_collapsed("/a") || path_is_collapsed("/") || path_is_collapsed(""));
    assert_string_equal(parent, "/");
    assert_string_equal(root, "/...");
    assert_string_equal(below, "/a/...");
    assert_string_equal(file, "/a");
    assert_true(path_may_be_within("/a/b", "/a") && path_may_be_within("/a/", "/a/b"));
    assert_true(path_may_be_within("//", "/a/b"));
    assert_false(path_may_be_within("/a/", "/ab") || path_may_be_within("/a", "/a/b"));
}

/* ---- more than there is room for ---- */

static void see_missing(struct profile *profile, const char *path)
{
    struct fact fact = { .kind = FACT_PATH,
                         .outcome = ENOENT,
                         .path = { .use = PATH_STAT,
                                   .path = (char *)(uintptr_t)path,
                                   .requested = (char *)(uintptr_t)path } };
    struct sighting sighting = { .run = "r", .count = 1, .program = "/bin/p", .call = "stat" };

    profile_record(profile, &fact, &sighting);
}

static bool has_path(const struct profile *profile, const char *path, int outcome)
{
    size_t count;
    const struct fact *const *facts = profile_facts(profile, FACT_PATH, &count);

    for (size_t i = 0; i < count; i++)
        if (facts[i]->outcome == outcome && strcmp(facts[i]->path.path, path) == 0)
            return true;
    return false;
}

static size_t path_count(const struct profile *profile)
{
    size_t count;

    profile_facts(profile, FACT_PATH, &count);
    return count;
}

/* A path of 2,000 names is kept as the directory 64 below the root, in one profile and in many. */
static void test_deep_path(void **state)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    CLEANUP(str_done) struct str path = { 0 };
    CLEANUP(str_done) struct str kept = { 0 };

    (void)state;
    for (size_t i = 0; i < 2000; i++)
        str_add(&path, "/a");
    str_add_bytes(&kept, path.data, 64 * strlen("/a"));
    see_as(profile, PATH_READ, kept.data, kept.data, false);
    assert_true(has_path(profile, kept.data, 0));
    see_as(profile, PATH_READ, path.data, path.data, false);
    see_missing(profile, path.data);
    str_add(&kept, "/");
    assert_int_equal(path_count(profile), 3);
    assert_true(has_path(profile, kept.data, 0));
    assert_true(has_path(profile, kept.data, ENOENT));
}

/* A directory with a file in it for each request, in a place that many share: the place is folded
 * with all below it, and nothing else is. */
static void test_room_for_subtrees(void **state)
{
    const struct collapse_limits limits = {
        .names = 3, .branches = 2, .branch_names = 1, .total = 60, .bytes = 10000
    };
    CLEANUP(profile_freep) struct profile *profile = profile_new();

    (void)state;
    profile_limit(profile, &limits);
    see_as(profile, PATH_WRITE, "/var/log/x/log", "/var/log/x/log", true);
    for (size_t i = 0; i < 500; i++) {
        CLEANUP(free_char) char *path = mem_printf("/srv/m%zu/x", i);
        see_as(profile, PATH_CREATE, path, path, false);
    }
    assert_true(path_count(profile) <= 3);
    assert_true(has_path(profile, "/srv/", 0));
    assert_true(has_path(profile, "/var/log/x/log", 0));
    CLEANUP(profile_freep) struct profile *copy = profile_new();
    profile_merge(copy, profile);
    assert_int_equal(path_count(copy), path_count(profile));
}

/* Names that were not there are put together first: a client that asks for what there is not makes
 * nothing of what there is less exact. */
static void test_room_for_missing(void **state)
{
    const struct collapse_limits limits = {
        .names = 3, .branches = 2, .branch_names = 1, .total = 60, .bytes = 10000
    };
    CLEANUP(profile_freep) struct profile *profile = profile_new();

    (void)state;
    profile_limit(profile, &limits);
    see_as(profile, PATH_READ, "/srv/www/index", "/srv/www/index", true);
    see_as(profile, PATH_READ, "/vmlinuz", "/vmlinuz", true);
    for (size_t i = 0; i < 500; i++) {
        CLEANUP(free_char) char *path = mem_printf("/srv/n%zu/x", i);
        see_missing(profile, path);
    }
    see_as(profile, PATH_READ, "/initrd", "/initrd", true);
    assert_true(has_path(profile, "//", ENOENT));
    assert_true(has_path(profile, "/srv/www/index", 0));
    assert_true(has_path(profile, "/vmlinuz", 0));
    assert_true(has_path(profile, "/initrd", 0));
    assert_true(path_count(profile) <= 5);
}

/* Processor time for so many paths of 64 names, with a folded directory beside them. */
static double seconds_of(size_t count)
{
    CLEANUP(profile_freep) struct profile *profile = profile_new();
    clock_t start = clock();

    for (size_t i = 0; i < count; i++) {
        CLEANUP(str_done) struct str path = { 0 };
        str_addf(&path, "/srv/q%zu", i);
        while (path.length < 4000)
            str_add(&path, "/a");
        see_missing(profile, path.data);
        CLEANUP(free_char) char *name = mem_printf("/srv/d%zu/%zu", i % 4, i);
        see_as(profile, PATH_READ, name, name, true);
    }
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* Ten times as many paths take ten times as long, and not a hundred times. */
static void test_time_is_linear(void **state)
{
    (void)state;
    double short_s = seconds_of(600), long_s = seconds_of(6000);
    if (long_s > 40 * short_s + 0.2)
        fail_msg("600 paths took %.3f s, 6,000 %.3f s", short_s, long_s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_folded),
        cmocka_unit_test(test_addresses_are_a_crowd),
        cmocka_unit_test(test_ports_of_crowds),
        cmocka_unit_test(test_arguments_are_a_crowd),
        cmocka_unit_test(test_crowds_merge),
        cmocka_unit_test(test_programs_are_folded),
        cmocka_unit_test(test_folded_facts_join),
        cmocka_unit_test(test_writes_fold_apart),
        cmocka_unit_test(test_deep_path),
        cmocka_unit_test(test_room_for_subtrees),
        cmocka_unit_test(test_room_for_missing),
        cmocka_unit_test(test_time_is_linear),
        cmocka_unit_test(test_shared_directories),
        cmocka_unit_test(test_root_is_folded),
        cmocka_unit_test(test_branches_are_folded),
        cmocka_unit_test(test_requested_names),
        cmocka_unit_test(test_no_files),
        cmocka_unit_test(test_other_facts),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_errnos),
        cmocka_unit_test(test_needed_is_bounded),
        cmocka_unit_test(test_merge_laws),
        cmocka_unit_test(test_dev_stays),
        cmocka_unit_test(test_nothing_is_lost),
        cmocka_unit_test(test_folded_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
