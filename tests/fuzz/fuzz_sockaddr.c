// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as a socket address: refused, or a text that holds no control byte but in a path. */
#include "decode/net/sockaddr.h"
#include <sys/socket.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct address address, copy;

    if (sockaddr_parse(data, size, &address) < 0)
        return 0;
    if (size > SOCKADDR_LIMIT || !address.host || address.port < 0 ||
        (address.is_path && (address.family != AF_UNIX || !address.host[0])))
        abort();
    for (const char *c = address.host; !address.is_path && *c; c++)
        if (*c < 0x20 || *c > 0x7e)
            abort();
    sockaddr_copy(&copy, &address);
    sockaddr_done(&address);
    sockaddr_done(&copy);
    return 0;
}
