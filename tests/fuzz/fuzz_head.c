// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as the start of a program. */
#include "decode/roles/exec_header.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct head head;

    exec_header_parse(data, size, &head);
    if ((head.wanted && (head.wanted <= size || head.interpreter)) ||
        (head.kind == HEAD_OTHER && head.interpreter) || (head.option && !head.interpreter) ||
        (head.kind == HEAD_SCRIPT && head.interpreter && !head.interpreter[0]))
        abort();
    exec_header_done(&head);
    return 0;
}
