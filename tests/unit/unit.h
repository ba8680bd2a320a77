/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every cmocka test includes: cmocka wants these headers before its own. */
#ifndef CINCH_TESTS_UNIT_H
#define CINCH_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
