// SPDX-License-Identifier: LGPL-2.1-or-later
/* What others make, replace and remove while the service runs. */
#include "filesystem_case.h"

#define MACHINE                                                                                    \
    "dir / -1 -1\ndir /usr -1 -1\ndir /etc 1500 1400\ndir /run 50 40\ndir /home 90 80\n"           \
    "file /usr/bin/served\nexecute /usr/bin/served\n"
#define ROOT   "TemporaryFileSystem=/:ro\n"
#define SERVED "BindReadOnlyPaths=/usr/bin/served\n"

static void check_all(const struct filesystem_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        case_check(&cases[i]);
}

/* A file in a home is its owner's to remove: it is never bound alone, and the service starts
 * without it. */
static void test_homes(void **state)
{
#define HOME "dir /home/a 20 18\n"
    static const struct filesystem_case cases[] = {
        { .profile = MACHINE HOME "file /home/a/n1\ncreate /home/a/n1\nwrite /home/a/n1\n",
          .expected = ROOT SERVED "BindPaths=-/home/a\n"
                                  "InaccessiblePaths=-/home/a/.aws\n"
                                  "InaccessiblePaths=-/home/a/.gnupg\n"
                                  "InaccessiblePaths=-/home/a/.kube\n"
                                  "InaccessiblePaths=-/home/a/.ssh\n"
                                  "InaccessiblePaths=-/home/a/private\n" },
        /* what was there and is only written to stays one file */
        { .profile = MACHINE HOME "file /home/a/log\nwrite /home/a/log foreign\n",
          .expected = ROOT SERVED "BindPaths=-/home/a/log\n" },
        { .profile = MACHINE HOME "dir /home/a/site 20 1\nfile /home/a/site/x\n"
                                  "read /home/a/site/x\nread /home/a/site/y\n",
          .expected = ROOT "BindReadOnlyPaths=-/home/a/site\n" SERVED },
        /* a program's own start is no reason: systemd says 203 without it */
        { .profile = MACHINE HOME "file /home/a/tool\nexecute /home/a/tool\n",
          .expected = ROOT "BindReadOnlyPaths=-/home/a/tool\n" SERVED },
        { .profile = MACHINE HOME "file /home/a/n1\ncreate /home/a/n1\n",
          .form = FILESYSTEM_STRICT,
          .given = true,
          .expected = SERVED "ProtectSystem=strict\n"
                             "ReadWritePaths=-/home/a\nReadOnlyPaths=/run\n"
                             "ReadOnlyPaths=-/dev/hugepages\nReadOnlyPaths=-/dev/mqueue\n"
                             "ReadOnlyPaths=-/dev/pts\nReadOnlyPaths=-/dev/shm\n"
                             "PrivateTmp=yes\nPrivateDevices=yes\nProtectHome=read-only\n"
                             "ProtectProc=ptraceable\nProcSubset=pid\nProtectKernelTunables=yes\n"
                             "ProtectControlGroups=yes\n" },
    };
#undef HOME

    (void)state;
    check_all(cases, ELEMENTS_OF(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_homes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
