/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * host: the census. Puts into a profile what `suggest` must know of this machine, bounded, so that
 * suggest gives the same bytes anywhere.
 */
#ifndef CINCH_HOST_H
#define CINCH_HOST_H

#include <cinch/model.h>

/* How many names of one directory tree the census counts before it stops. */
#define HOST_CENSUS_LIMIT 20000

/* Adds settings (kernel, os, systemd and its groups of system calls, libseccomp, sysctls) and a
 * host_file for every path the profile's facts and its settings "program PATH" name, each symlink
 * on the way, and every ancestor directory with its counts of entries and unused entries. Never
 * fails: what cannot be read is left out. */
void host_census(struct profile *profile);
/* The same of the files as they are below the directory `root` ("" for the machine's own). */
void host_census_in(struct profile *profile, const char *root);

#endif
