// SPDX-License-Identifier: LGPL-2.1-or-later
/* When a note says that a socket unit would take the last privilege from a service, and when not.
 */
#include "build.h"
#include "unit.h"
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* A root service that used these capabilities and bound these ports. */
static struct profile *served(const char *const *capabilities, int port, int other_port)
{
    struct profile *profile = build_profile();
    struct run run = { .id = build_text("r1"),
                       .complete = true,
                       .capabilities = CAPABILITIES_BY_GRANT };

    profile_add_run(profile, &run);
    for (; *capabilities; capabilities++)
        build_capability(profile, *capabilities, "bind", CAPABILITY_KERNEL);
    build_socket(profile, AF_INET, SOCK_STREAM, SOCKET_CREATED, 0);
    build_address(profile, ADDRESS_BIND, AF_INET, SOCK_STREAM, "0.0.0.0", port, 0);
    build_address(profile, ADDRESS_BIND, AF_INET6, SOCK_DGRAM, "fd00::1", other_port, 0);
    return profile;
}

/* The advice, "" when there is none. */
static char *advice_on(struct profile *profile, bool user_manager, const char *text)
{
    CLEANUP(unit_done) struct unit unit = { .name = mem_strdup("t.service") };
    struct suggest_options options = { .target = { 252, user_manager }, .unit = &unit };
    struct suggestion suggestion;
    char *found = mem_strdup("");

    assert_int_equal(unit_parse(&unit, text, strlen(text), "t", NULL), 0);
    if (!text[0])
        options.unit = NULL;
    suggest(profile, &options, &suggestion);
    for (size_t i = 0; i < suggestion.notes.count; i++)
        if (suggestion.notes.items[i].topic == TOPIC_DIRECTIVE &&
            strcmp(suggestion.notes.items[i].about, "AmbientCapabilities") == 0) {
            free(found);
            found = mem_strdup(suggestion.notes.items[i].text);
        }
    suggestion_done(&suggestion);
    profile_free(profile);
    return found;
}

static char *advice(struct profile *profile, bool user_manager)
{
    return advice_on(profile, user_manager, "");
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void assert_advice(const char *expected, char *got)
{
    if (expected ? !strstr(got, expected) : *got)
        fail_msg("\"%s\" is not \"%s\"", got, expected ? expected : "");
    free(got);
}

static void test_socket_unit(void **state)
{
    (void)state;
    assert_advice(
        "needs privileges only to bind a low port. A socket unit (ListenStream=80) removes",
        advice(served(LIST("CAP_NET_BIND_SERVICE"), 80, 5353), false));
    assert_advice("(ListenDatagram=[fd00::1]:53 ListenStream=80)",
                  advice(served(LIST("CAP_NET_BIND_SERVICE"), 80, 53), false));
    assert_advice(
        "and to change its user",
        advice(served(LIST("CAP_NET_BIND_SERVICE", "CAP_SETUID", "CAP_SETGID"), 80, 0), false));
    /* another privilege, another port, another manager, not known */
    assert_advice(NULL, advice(served(LIST("CAP_NET_BIND_SERVICE", "CAP_CHOWN"), 80, 53), false));
    assert_advice(NULL, advice(served(LIST("CAP_SETUID"), 80, 53), false));
    assert_advice(NULL, advice(served((const char *const[]){ NULL }, 80, 53), false));
    assert_advice(NULL, advice(served(LIST("CAP_NET_BIND_SERVICE"), 8080, 0), false));
    assert_advice(NULL, advice(served(LIST("CAP_NET_BIND_SERVICE"), 80, 53), true));
    /* the unit has it already */
    assert_advice(NULL, advice_on(served(LIST("CAP_NET_BIND_SERVICE"), 80, 53), false,
                                  "[Service]\nUser=web\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"
                                  "ExecStart=" BUILD_PROGRAM "\n"));
    struct profile *unwatched = served(LIST("CAP_NET_BIND_SERVICE"), 80, 53);
    const struct run other = { .id = build_text("r2"), .complete = true };
    profile_add_run(unwatched, &other);
    assert_advice(NULL, advice(unwatched, false));
}

/* The kernel may let everyone bind lower ports, or none but root higher ones. */
static void test_first_free_port(void **state)
{
    struct profile *profile = served(LIST("CAP_NET_BIND_SERVICE"), 80, 2000);

    (void)state;
    profile_add_setting(profile, "sysctl net.ipv4.ip_unprivileged_port_start", "80");
    assert_advice(NULL, advice(profile, false));
    profile = served(LIST("CAP_NET_BIND_SERVICE"), 80, 2000);
    profile_add_setting(profile, "sysctl net.ipv4.ip_unprivileged_port_start", "4000");
    assert_advice("(ListenDatagram=[fd00::1]:2000 ListenStream=80)", advice(profile, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_socket_unit),
        cmocka_unit_test(test_first_free_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
