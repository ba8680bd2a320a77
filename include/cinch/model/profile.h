/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model: the profile, which holds the facts of any number of runs. cinch/model.h includes it. */
#ifndef CINCH_MODEL_PROFILE_H
#define CINCH_MODEL_PROFILE_H

#include <cinch/model.h>

#define PROFILE_FORMAT  "cinch-profile"
#define PROFILE_VERSION 1

/*
 * How many names of one directory a profile tells apart, so that its size depends on what a service
 * does and not on how many files it does it to. Beyond, the directory is collapsed: what was done
 * to any name below it is one fact of each use and outcome, whose path is the directory with a
 * slash at its end, and which counts nothing. So is a directory with many subdirectories of many
 * names each. Uses that change something are counted apart from those that do not, and collapse
 * apart. Directories that many services share (/, /etc, /usr, /var/lib, /home/NAME, ...) collapse
 * the names that lie directly in them only.
 */
#define PROFILE_COLLAPSE_NAMES        1000
#define PROFILE_COLLAPSE_BRANCHES     20
#define PROFILE_COLLAPSE_BRANCH_NAMES 20

/*
 * How many facts a profile tells apart that differ only in what there may be any number of: the
 * address (of a use, type and kind of network), an argument's numbers, the number of a system call
 * without a name, the protocol of a socket. Beyond, one fact stands for all: its address is a
 * network ("0.0.0.0/0": the internet), its argument has a word "*", its number is *_ANY.
 */
#define PROFILE_WILDCARD 1000
#define SYSCALL_ANY      ((uint64_t)1 << 40)
#define SOCKET_ANY       INT32_MAX

struct collapse_limits {
    size_t names;        /* at most so many names in one directory */
    size_t branches;     /* at most so many subdirectories */
    size_t branch_names; /* with more names than this, at least 1 */
    size_t wildcard;     /* at most so many facts alike; 0: PROFILE_WILDCARD */
    size_t total, bytes; /* of names and directories in all; 0: LIMIT_PROFILE_NAMES, ..._BYTES */
};

struct profile; /* opaque: hash sets inside */

struct profile *profile_new(void);
void profile_free(struct profile *profile);
/* Other limits than the above, of a profile that is still empty. Profiles that are merged must have
 * the same. */
void profile_limit(struct profile *profile, const struct collapse_limits *limits);
/* Cleanup helper. */
static inline void profile_freep(struct profile **profile)
{
    profile_free(*profile);
}

/* One sighting: where and when. Borrowed strings. */
struct sighting {
    const char *run;
    uint64_t count;
    int64_t at_ms;
    enum phase phase;
    bool foreign;
    const char *program;
    const char *call;
};

/* Copies kind, outcome and fields; the copy's evidence is empty. */
void fact_copy(struct fact *to, const struct fact *from);
/* Releases all a fact owns. */
void fact_done(struct fact *fact);

/* Records that `fact` (evidence ignored, strings borrowed and copied) was seen. Returns true when
 * the fact is new to the profile. */
bool profile_record(struct profile *profile, const struct fact *fact,
                    const struct sighting *sighting);
/* Adds `fact` with its whole evidence (used by store and merge). */
void profile_add_fact(struct profile *profile, const struct fact *fact);
/* Adds or updates (same id: a complete one wins, then the longer, then the greater content) a run.
 */
void profile_add_run(struct profile *profile, const struct run *run);
void profile_add_setting(struct profile *profile, const char *name, const char *value);
void profile_add_file(struct profile *profile, const struct host_file *file);
/* Joins everything of `from` into `into`. */
void profile_merge(struct profile *into, const struct profile *from);

/* The facts of one kind, sorted by what they say; valid until the profile changes. */
const struct fact *const *profile_facts(const struct profile *profile, enum fact_kind kind,
                                        size_t *ret_count);
/* The runs sorted by id. */
const struct run *const *profile_runs(const struct profile *profile, size_t *ret_count);
/* The settings sorted by name, then value. */
const struct host_setting *const *profile_settings(const struct profile *profile,
                                                   size_t *ret_count);
/* The files sorted by path. */
const struct host_file *const *profile_files(const struct profile *profile, size_t *ret_count);
/* The records of one path (several when machines differ), sorted; *ret_count 0 when unknown. */
const struct host_file *const *profile_files_at(const struct profile *profile, const char *path,
                                                size_t *ret_count);
/* The greatest value of a setting in the natural order of its text, or NULL. */
const char *profile_setting(const struct profile *profile, const char *name);
/* The collapsed directories of its path and program facts, sorted. */
void profile_collapsed(const struct profile *profile, struct strings *ret);
/* What else is not told apart, in words, sorted: "addresses in 10.0.0.0/8 (accept)". */
void profile_wildcards(const struct profile *profile, struct strings *ret);
/* Whether it did, or may have: a call whose end was not seen may have done what it was for. */
bool fact_may_have_succeeded(const struct fact *fact);
/* Whether it stands for more than are told apart. */
bool fact_is_wildcard(const struct fact *fact);
/* How many distinct facts there are; for "time since the last new fact". */
size_t profile_fact_count(const struct profile *profile);
/* How often profile_record() learned a new fact, or one new to a phase of its run. */
uint64_t profile_change_count(const struct profile *profile);

#endif
