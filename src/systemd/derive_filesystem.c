// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the service sees of the file system: computed once, read by every path directive. */
#include "systemd/derive.h"

struct filesystem_plan {
    enum filesystem_form form;
};

struct filesystem_plan *filesystem_plan_new(const struct profile *profile,
                                            const struct suggest_options *options,
                                            struct strings *notes)
{
    struct filesystem_plan *plan = mem_new(1, sizeof(*plan));

    (void)profile;
    (void)notes;
    plan->form = options->filesystem;
    return plan;
}

void filesystem_plan_free(struct filesystem_plan *plan)
{
    free(plan);
}

enum filesystem_form filesystem_plan_form(const struct filesystem_plan *plan)
{
    return plan->form;
}
