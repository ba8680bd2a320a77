/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside model/: what a profile is made of. */
#ifndef CINCH_MODEL_PROFILE_INSIDE_H
#define CINCH_MODEL_PROFILE_INSIDE_H

#include "model/collapse.h"
#include "model/wildcard.h"
#include <uthash.h>

struct record {
    union {
        struct fact fact;
        struct run run;
        struct host_setting setting;
        struct host_file file;
    };
    char *key;
    UT_hash_handle hh;
};

/* Reading many names of a directory is no reason to let all of it be written, nor to forget which
 * programs of it were executed. */
enum { COLLAPSE_READ, COLLAPSE_WRITE, COLLAPSE_PROGRAM, COLLAPSE_COUNT };
enum { INDEX_RUNS = FACT_KIND_COUNT, INDEX_SETTINGS, INDEX_FILES, INDEX_COUNT };

struct record_index {
    struct record *records; /* uthash head */
    const void **sorted;    /* records in key order, NULL when stale */
    size_t count;
};

struct profile {
    struct record_index indexes[INDEX_COUNT];
    struct collapse collapses[COLLAPSE_COUNT];
    struct wildcards wildcards;
    struct str key;   /* scratch: a known fact costs no allocation */
    bool is_full;     /* names were folded to make room */
    uint64_t changes; /* see profile_change_count() */
};

#endif
