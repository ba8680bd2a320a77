/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every cmocka test includes: cmocka wants these headers before its own. */
#ifndef CINCH_TESTS_UNIT_H
#define CINCH_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* tests/run NAME FUNCTION runs the functions that fit a pattern. */
static void __attribute__((constructor)) unit_filter(void)
{
    const char *pattern = getenv("CINCH_TEST_FILTER");

    if (pattern && *pattern)
        cmocka_set_test_filter(pattern);
}

#endif
