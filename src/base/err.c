// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cinch/base.h>
#include <stdarg.h>
#include <stdio.h>

int err_set(struct err *err, int code, const char *format, ...)
{
    va_list args;

    if (!err || err->text)
        return -code;
    va_start(args, format);
    if (vasprintf(&err->text, format, args) < 0)
        abort();
    va_end(args);
    err->code = code;
    return -code;
}

void err_done(struct err *err)
{
    free(err->text);
    *err = (struct err){ 0 };
}
