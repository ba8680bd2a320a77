// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which names of system calls the target can list. */
#include "systemd/calls/filter_table.h"
#include "systemd/core/derive.h"
#include <string.h>

/* "2.5.4" -> 20504; 0 when it is no version. */
static int version_number(const char *text)
{
    char *end;
    long parts[3] = { 0 };

    for (size_t i = 0; i < ELEMENTS_OF(parts); i++) {
        parts[i] = strtol(text, &end, 10);
        if (end == text || parts[i] < 0 || parts[i] > 99)
            return 0;
        if (*end != '.')
            break;
        text = end + 1;
    }
    return (int)(parts[0] * 10000 + parts[1] * 100 + parts[2]);
}

/* The libseccomp of distributions with that systemd, for a target other than the training host. */
static int typical_libseccomp(int systemd)
{
    static const struct {
        int before, libseccomp;
    } usual[] = { { 239, 20303 }, { 247, 20402 }, { 250, 20501 },
                  { 253, 20504 }, { 256, 20505 }, { 258, 20600 } };

    for (size_t i = 0; i < ELEMENTS_OF(usual); i++)
        if (systemd < usual[i].before)
            return usual[i].libseccomp;
    return 20601;
}

/* The least of the machines' versions when the target runs what they run. */
int filter_libseccomp(const struct derive_context *context)
{
    const char *systemd = profile_setting(context->profile, "systemd");
    int version = context->options->target.version;
    int least = 0;
    size_t count;
    const struct host_setting *const *settings = profile_settings(context->profile, &count);

    if (systemd && atoi(systemd) != version)
        return typical_libseccomp(version);
    for (size_t i = 0; i < count; i++) {
        int number =
            strcmp(settings[i]->name, "libseccomp") == 0 ? version_number(settings[i]->value) : 0;
        if (number && (!least || number < least))
            least = number;
    }
    return least ? least : typical_libseccomp(version);
}

bool filter_is_resolvable(const char *name, int libseccomp)
{
    for (size_t i = 0; i < filter_newer_count; i++)
        if (strcmp(filter_newer_names[i].name, name) == 0)
            return filter_newer_names[i].libseccomp <= libseccomp;
    return true;
}

bool filter_is_elsewhere(const char *name)
{
    for (size_t i = 0; i < filter_elsewhere_count; i++)
        if (strcmp(filter_elsewhere_names[i], name) == 0)
            return true;
    return false;
}

unsigned filter_risk(const char *name)
{
    for (size_t i = 0; i < filter_risk_count; i++)
        if (str_has_word(filter_risks[i].names, name))
            return filter_risks[i].risk;
    return 100;
}
