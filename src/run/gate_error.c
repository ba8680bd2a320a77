// SPDX-License-Identifier: LGPL-2.1-or-later
/* What went wrong with a gate. */
#include "run/gate_socket.h"

int gate_error(int code, const char *path, const char *what, struct err *err)
{
    CLEANUP(free_char) char *shown = text_encode_string(path);

    return err_set(err, code, "--gate %s: %s", shown, what);
}
