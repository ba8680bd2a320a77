// SPDX-License-Identifier: LGPL-2.1-or-later
/* A profile as a page for a person: one section after the other, each in a file of its name. */
#include "render/page.h"

#define SHOW_COLUMNS       78
#define SHOW_COLUMNS_LEAST 40

char *render_show(const struct profile *profile, const struct show_options *options)
{
    static void (*const sections[])(struct page *) = {
        show_runs, show_programs, show_calls, show_paths, show_network, show_privileges, show_gaps,
    };
    struct page page = { .profile = profile, .options = *options };

    if (!page.options.columns)
        page.options.columns = SHOW_COLUMNS;
    if (page.options.columns < SHOW_COLUMNS_LEAST)
        page.options.columns = SHOW_COLUMNS_LEAST;
    for (size_t i = 0; i < ELEMENTS_OF(sections); i++)
        sections[i](&page);
    return str_steal(&page.out);
}
