// SPDX-License-Identifier: LGPL-2.1-or-later
/* The regions without ordinary files: what the service needs of /proc, /sys, /dev and /tmp, and
 * whether it is bound by name or mounted by systemd as a whole. A name's region then says who
 * provides it: REGION_PLAIN and REGION_RUN need binds, systemd provides the others. */
#include "systemd/core/identity.h"
#include "systemd/core/place_lookup.h"
#include "systemd/core/veto.h"
#include "systemd/filesystem/filesystem.h"
#include <string.h>

/* "REASON: what did it to what" */
static char *because(const char *reason, const struct used_name *used)
{
    CLEANUP(free_char)
    char *text = used->witness ? fact_describe(used->witness) : text_encode_string(used->name);

    return mem_printf("%s: %s", reason, text);
}

/* The region's own directory, only looked at: an empty one does as well. */
static bool is_bare_look(const struct used_name *used)
{
    return !(used->uses & ~USES_STAT) && !strchr(used->real + 1, '/');
}

static void region_process(struct filesystem_plan *plan, const struct used_name *used)
{
    plan_decide(&plan->proc, true, used->witness, because("the service uses /proc", used));
    if (path_is_within(used->real, "/proc/<pid>") || path_is_within(used->final, "/proc/<pid>"))
        plan_decide(&plan->other_processes, true, used->witness,
                    because("the service inspected other processes", used));
    /* /proc/net and /proc/mounts lead into /proc/self, but ProcSubset=pid hides the links. */
    if (path_is_within(used->name, "/proc") && !path_is_within(used->name, "/proc/self") &&
        !path_is_within(used->name, "/proc/thread-self") &&
        !path_is_within(used->name, "/proc/<pid>"))
        plan_decide(&plan->whole_proc, true, used->witness,
                    because("the service used more of /proc than processes", used));
}

static void region_proc(struct filesystem_plan *plan, const struct used_name *used)
{
    if (used->uses & USE(PATH_LIST) && strcmp(used->real, "/proc") == 0) {
        plan_decide(&plan->proc, true, used->witness, because("the service listed /proc", used));
        plan_decide(&plan->other_processes, true, used->witness,
                    because("the service listed /proc", used));
    }
    plan_decide(&plan->whole_proc, true, used->witness,
                because("the service used more of /proc than processes", used));
    if (used->uses & USES_WRITE)
        plan_decide(&plan->tunables_written, true, used->witness,
                    because("the service changed a kernel setting", used));
}

static void region_sys(struct filesystem_plan *plan, const struct used_name *used)
{
    plan_decide(&plan->sys, true, used->witness, because("the service used /sys", used));
    if (!(used->uses & USES_WRITE))
        return;
    if (path_is_within(used->real, "/sys/fs/cgroup"))
        plan_decide(&plan->cgroups_written, true, used->witness,
                    because("the service changed a control group", used));
    else
        plan_decide(&plan->tunables_written, true, used->witness,
                    because("the service changed a kernel setting", used));
}

static void region_dev(struct filesystem_plan *plan, const struct used_name *used)
{
    if (!policy_is_standard_device(used->real) ||
        (used->uses & USE(PATH_LIST) && strcmp(used->real, "/dev") == 0))
        plan_decide(&plan->foreign_device, true, used->witness,
                    because("the service used a device that PrivateDevices= hides", used));
    else if (strcmp(used->real, "/dev/log") != 0)
        plan_decide(&plan->devices, true, used->witness,
                    because("the service used only standard device nodes", used));
}

/* What the run made itself. */
struct made {
    struct strings names; /* by their real paths, sorted */
    struct strings among; /* directories with collapsed names of that kind, sorted */
};

static void made_done(struct made *made)
{
    strings_done(&made->names);
    strings_done(&made->among);
}

static void made_find(struct made *made, const struct used_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        const struct used_name *used = &names->items[i];
        if (!used->created)
            continue;
        CLEANUP(free_char) char *parent = path_parent(used->real);
        if (!used->existed)
            strings_add(&made->names, used->real);
        if (used->folded)
            strings_add(&made->among, parent);
    }
    strings_sort_unique(&made->names);
    strings_sort_unique(&made->among);
}

/* Whether a directory may be one of many names that the run made. */
static bool is_made_among(const struct made *made, const char *directory)
{
    bool among = false;

    for (size_t depth = place_depth(directory); !among && depth-- > 1;) {
        CLEANUP(free_char) char *above = place_head(directory, depth);
        among = strings_sorted_has(&made->among, above);
    }
    return among;
}

/* Whether a name is in a directory below /tmp that the run did not create; a private /tmp lacks
 * that directory. */
static bool tmp_is_in_others(const struct filesystem_plan *plan, const struct made *made,
                             const struct used_name *used)
{
    size_t root = path_is_within(used->real, "/var/tmp") ? 2 : 1, depth = place_depth(used->real);

    if (!used->uses || depth <= root + 1)
        return false;
    CLEANUP(free_char) char *top = names_above(plan->profile, used, root + 1);
    CLEANUP(free_char) char *real = place_resolve(plan->profile, top);
    return !strings_sorted_has(&made->names, real) && !is_made_among(made, real);
}

/* A shared /tmp: files that existed before, sockets for other programs, a listing. */
static void region_tmp(struct filesystem_plan *plan, const struct made *made,
                       const struct used_name *used)
{
    bool itself = strcmp(used->real, "/tmp") == 0 || strcmp(used->real, "/var/tmp") == 0;

    if (used->existed && !itself)
        plan_decide(&plan->tmp_shared, true, used->witness,
                    because("the service used a file that existed before", used));
    else if (used->uses & (USE(PATH_BIND) | USE(PATH_CONNECT)))
        plan_decide(&plan->tmp_shared, true, used->witness,
                    because("the service used a socket where other programs look for it", used));
    else if (tmp_is_in_others(plan, made, used))
        plan_decide(&plan->tmp_shared, true, used->witness,
                    because("the service used a directory that existed before", used));
    else if (itself && used->uses & USE(PATH_LIST))
        plan_decide(&plan->tmp_shared, true, used->witness, because("the service listed it", used));
    plan_decide(&plan->tmp, true, used->witness,
                because("the service used temporary files that no other program needs", used));
}

static void region_note(struct filesystem_plan *plan, const struct made *made,
                        const struct used_name *used)
{
    if (used->region != REGION_PROC_SELF && place_region(used->final) == REGION_PROC_SELF)
        region_process(plan, used);
    if (is_bare_look(used) && used->region != REGION_TMP)
        return;
    switch (used->region) {
    case REGION_PROC_SELF:
        region_process(plan, used);
        break;
    case REGION_PROC:
        region_proc(plan, used);
        break;
    case REGION_SYS:
        region_sys(plan, used);
        break;
    case REGION_DEV:
        region_dev(plan, used);
        break;
    case REGION_TMP:
        region_tmp(plan, made, used);
        break;
    case REGION_PLAIN:
    case REGION_RUN:
    case REGION_AUTOMATIC:
    case REGION_IGNORED:
        break;
    }
}

static bool is_automatic(const struct filesystem_plan *plan, const struct used_name *used)
{
    return plan_is_automatic(plan, used->name) || plan_is_automatic(plan, used->real) ||
           plan_is_automatic(plan, used->final);
}

/* Whether systemd serves the region, so that its names need no bind. */
static bool region_is_served(const struct filesystem_plan *plan, const struct used_name *used)
{
    switch (used->region) {
    case REGION_PROC_SELF:
        return true;
    case REGION_PROC:
    case REGION_SYS:
        return plan->proc.yes;
    case REGION_DEV:
        return plan->private_devices.yes ? policy_is_standard_device(used->real) : plan->proc.yes;
    case REGION_TMP:
        return plan->private_tmp.yes;
    case REGION_AUTOMATIC:
    case REGION_IGNORED:
        return true;
    case REGION_PLAIN:
    case REGION_RUN:
        return false;
    }
    return false;
}

static void decide_tmp(struct filesystem_plan *plan)
{
    struct decision *tmp = &plan->private_tmp;

    /* What the unit already has private is what the service meets, whatever training met. */
    if (plan_unit_is_on(plan, "PrivateTmp") ||
        (plan->tmp.yes && plan_unit_is_on(plan, "DynamicUser"))) /* which implies it */
        plan_decide(tmp, true, NULL, mem_strdup("the unit sets it"));
    else if (plan->tmp_shared.yes)
        plan_decide(tmp, false, plan->tmp_shared.witness, mem_strdup(plan->tmp_shared.why));
    else if (plan->tmp.yes)
        plan_decide(tmp, true, plan->tmp.witness, mem_strdup(plan->tmp.why));
    else if (plan->form == FILESYSTEM_STRICT)
        plan_decide(tmp, true, NULL, mem_strdup("the service used nothing below /tmp or /var/tmp"));
    else
        plan_decide(
            tmp, false, NULL,
            mem_strdup(
                "not needed: /tmp and /var/tmp were never used, and the empty root has neither"));
}

/* What the row refuses cannot be planned with. */
static const struct fact *devices_refused(const struct filesystem_plan *plan)
{
    const struct fact *denied = veto_applies(plan->profile, veto_devices);

    return denied ? denied : identity_no_seccomp(plan->profile, plan->options);
}

static void decide_devices(struct filesystem_plan *plan)
{
    struct decision *devices = &plan->private_devices;
    const struct fact *refused = devices_refused(plan);

    if (refused && !plan_unit_is_on(plan, "PrivateDevices")) {
        CLEANUP(free_char) char *seen = fact_describe(refused);
        plan_decide(devices, false, refused, mem_printf("it would block: %s", seen));
        return;
    }
    if (plan->foreign_device.yes)
        plan_decide(devices, false, plan->foreign_device.witness,
                    mem_strdup(plan->foreign_device.why));
    else if (plan->devices.yes)
        plan_decide(devices, true, plan->devices.witness, mem_strdup(plan->devices.why));
    else if (plan->form == FILESYSTEM_STRICT)
        plan_decide(devices, true, NULL, mem_strdup("the service used no device node"));
    else if (plan->proc.yes)
        plan_decide(devices, true, NULL,
                    mem_strdup("the service used no device node, and with /proc systemd would "
                               "mount the host's whole /dev"));
    else if (plan_unit_is_on(plan, "PrivateDevices"))
        plan_decide(devices, true, NULL, mem_strdup("the unit sets it"));
    else
        plan_decide(devices, false, NULL,
                    mem_strdup("not needed: no device node was used, and the empty root has no "
                               "/dev (a private one would add a writable /dev/shm)"));
}

/* Settings of the unit that fail without /proc: 217/USER, 226/NAMESPACE (systemd 252 and 257). */
static void decide_proc(struct filesystem_plan *plan)
{
    static const char *const needing[] = { "PrivateUsers", "ProtectHostname" };

    for (size_t i = 0; i < ELEMENTS_OF(needing); i++)
        if (plan_unit_is_on(plan, needing[i]))
            plan_decide(&plan->proc, true, NULL,
                        mem_printf("the unit's %s= needs /proc", needing[i]));
}

void plan_regions(struct filesystem_plan *plan)
{
    CLEANUP(made_done) struct made made = { 0 };
    struct used_names *names = &plan->names;

    made_find(&made, names);
    for (size_t i = 0; i < names->count; i++) {
        names->items[i].region = place_region(names->items[i].real);
        if (is_automatic(plan, &names->items[i]))
            names->items[i].region = REGION_AUTOMATIC;
        if (names->items[i].uses | names->items[i].failed)
            region_note(plan, &made, &names->items[i]);
    }
    plan_moved_regions(plan);
    decide_proc(plan);
    decide_tmp(plan);
    decide_devices(plan);
    for (size_t i = 0; i < names->count; i++)
        if (region_is_served(plan, &names->items[i]))
            names->items[i].region = REGION_AUTOMATIC;
        else if (names->items[i].region != REGION_RUN)
            names->items[i].region = REGION_PLAIN;
}
