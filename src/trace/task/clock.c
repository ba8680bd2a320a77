// SPDX-License-Identifier: LGPL-2.1-or-later
/* How long the tracer runs. */
#include "trace/task/tracer_state.h"
#include <time.h>

int64_t tracer_elapsed_ms(const struct tracer *tracer)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)(now.tv_sec - tracer->started.tv_sec) * 1000 +
           (now.tv_nsec - tracer->started.tv_nsec) / 1000000;
}
