// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run/control_group.h"
#include "unit.h"
#include <string.h>

#define WEB "web.service"

static void test_of_unit(void **state)
{
    static const struct {
        const char *groups, *manager, *found; /* NULL: of no such unit */
    } rows[] = {
        { "0::/system.slice/web.service\n", "0::/init.scope\n", "/system.slice/web.service" },
        { "0::/system.slice/web.service/worker\n", "0::/init.scope\n",
          "/system.slice/web.service" },
        { "0::/a.slice/a-b.slice/web.service\n", "0::/\n", "/a.slice/a-b.slice/web.service" },
        { "0::/system.slice/web.service2\n", "0::/init.scope\n", NULL },
        { "0::/system.slice/aweb.service\n", "0::/init.scope\n", NULL },
        { "0::/system.slice/other.service\n", "0::/init.scope\n", NULL },
        { "0::/\n", "0::/init.scope\n", NULL },
        { "", "", NULL },
        { "web.service\n", "", NULL },
        /* hybrid, and the hierarchy of old */
        { "2:cpu:/\n1:name=systemd:/system.slice/web.service\n0::/\n",
          "1:name=systemd:/init.scope\n0::/\n", "/system.slice/web.service" },
        /* in a container that sees the whole tree, its own manager's is what counts */
        { "0::/x.slice/box.scope/system.slice/web.service\n", "0::/x.slice/box.scope/init.scope\n",
          "/x.slice/box.scope/system.slice/web.service" },
        { "0::/x.slice/box.scope/system.slice/web.service\n", "0::/init.scope\n", NULL },
        { "0::/x.slice/box2.scope/system.slice/web.service\n", "0::/x.slice/box.scope/init.scope\n",
          NULL },
        /* made by others, who may choose any name */
        { "0::/user.slice/user-7.slice/user@7.service/app.slice/web.service\n", "0::/init.scope\n",
          NULL },
        { "0::/system.slice/other.service/web.service\n", "0::/init.scope\n", NULL },
        { "0::/user.slice/user-7.slice/session-1.scope/web.service\n", "0::/init.scope\n", NULL },
        { "0::/docker/0123abcd/system.slice/web.service\n", "0::/init.scope\n", NULL },
        { "0::/lxc.payload.box/system.slice/web.service\n", "0::/init.scope\n", NULL },
        { "0::/mine/web.service\n", "0::/init.scope\n", NULL },
        { "4:freezer:/mine/web.service\n0::/user.slice\n", "4:freezer:/\n0::/init.scope\n", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ELEMENTS_OF(rows); i++) {
        CLEANUP(free_char)
        char *found = control_group_find(rows[i].groups, rows[i].manager, WEB);
        const char *wanted = rows[i].found ? rows[i].found : "none";
        if (strcmp(found ? found : "none", wanted) != 0)
            fail_msg("%s is of %s", rows[i].groups, found ? found : "none");
    }
}

static void test_own_manager(void **state)
{
    CLEANUP(free_char)
    char *found = control_group_find("0::/user.slice/user@7.service/app.slice/web.service\n",
                                     "0::/init.scope\n", "user@7.service");

    (void)state;
    assert_string_equal(found, "/user.slice/user@7.service");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_of_unit),
                                        cmocka_unit_test(test_own_manager) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
