/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What SystemCallFilter= must know about system calls beyond the observed ones. */
#ifndef CINCH_SYSTEMD_FILTER_TABLE_H
#define CINCH_SYSTEMD_FILTER_TABLE_H

#include "systemd/core/derive.h"
#include "systemd/core/fit.h"
#include <stdbool.h>
#include <stddef.h>

/* When `seen` was observed its companions are listed; they have no more power. */
struct filter_companion {
    const char *seen;
    enum filter_reach reach;
    const char *reason;
    const char *companions[5]; /* NULL-terminated */
};

/* Calls that replace each other: when one was observed, all without more power are listed, with
 * FILTER_ALL. */
struct filter_family {
    const char *name;
    const char *reason;
    const char *members[24]; /* NULL-terminated */
};

/* The condition of a rule. */
enum filter_when {
    FILTER_ALWAYS,
    FILTER_FORKS,          /* the service created processes or threads */
    FILTER_LISTENS,        /* it listens, on a socket it created or was passed */
    FILTER_UNIX,           /* it used AF_UNIX sockets, so it may use syslog and sd_notify */
    FILTER_RESOLVER,       /* it looked up host names */
    FILTER_NSS_NEW,        /* it looked up users, with the NSS modules of 257 (measured) */
    FILTER_RESOLVER_NEW,   /* the same, with the NSS modules of systemd 258 */
    FILTER_SET_ID,         /* it ran a set-user-ID program, so no_new_privs must not be forced */
    FILTER_OWN_FILTER,     /* its own seccomp filter hid calls from the tracer */
    FILTER_LEFT_BEHIND,    /* it left a socket or the like that blocks the next start */
    FILTER_UNSEEN_PROGRAM, /* the unit runs a program that training did not */
    FILTER_UNSEEN_KILL,    /* that program is kill(1), or may be: no unit is given */
};

struct filter_rule {
    enum filter_when when;
    enum filter_reach reach;
    const char *reason;
    const char *names[64]; /* NULL-terminated */
};

/* The power of a call: 1 is negligible, 1000 controls the host. */
struct filter_risk {
    unsigned risk;
    const char *names; /* separated by blanks */
};

/* A name and the first libseccomp that resolves it, as major * 10000 + minor * 100 + micro. */
struct filter_newer {
    const char *name;
    int libseccomp;
};

extern const struct filter_companion filter_companions[];
extern const size_t filter_companion_count;
extern const struct filter_risk filter_risks[];
extern const size_t filter_risk_count;
extern const struct filter_family filter_families[];
extern const size_t filter_family_count;
extern const struct filter_rule filter_rules[];
extern const size_t filter_rule_count;
extern const struct filter_newer filter_newer_names[];
extern const size_t filter_newer_count;
/* Names that exist only on ABIs other than x86_64, aarch64 and riscv64; sorted. */
extern const char *const filter_elsewhere_names[];
extern const size_t filter_elsewhere_count;

/* filter_names.c: the target's libseccomp as major * 10000 + minor * 100 + micro. */
struct derive_context;
int filter_libseccomp(const struct derive_context *context);
/* Whether that libseccomp knows the name. */
bool filter_is_resolvable(const char *name, int libseccomp);
/* Whether the name exists only on ABIs other than the plain 64-bit ones. */
bool filter_is_elsewhere(const char *name);
/* The power of the call; one that is not in the table has much. */
unsigned filter_risk(const char *name);

#endif
