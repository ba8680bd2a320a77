/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside model/: keys, copies and order of facts and of the records beside them. */
#ifndef CINCH_MODEL_FACT_H
#define CINCH_MODEL_FACT_H

#include <cinch/model.h>

/* Appends the bytes that tell this fact from every other. */
void fact_key(struct str *key, const struct fact *fact);
/* Joins what two facts of one key may say differently. */
void fact_join(struct fact *into, const struct fact *from);
/* The fields of a fact that may name a file below a folded directory. */
#define FACT_PATHS 2
size_t fact_paths(struct fact *fact, char **paths[FACT_PATHS]);
/* Whether facts of a kind have such fields. */
bool fact_kind_collapses(enum fact_kind kind);
/* Whether one of them is a folded directory, or the fact stands for a crowd. */
bool fact_is_collapsed(const struct fact *fact);
/* The outcome that is kept: a seccomp filter may answer with any number up to 4095. Those that are
 * no errno of Linux are told apart from errnos, and not from each other. */
int fact_outcome(const struct fact *fact);
/* How much the names of libraries take that a program needs. */
size_t fact_needed_bytes(const struct fact *fact);
/* What the programs of a folded directory are linked with is not told apart either: leaves it out
 * of a fact that borrows it. */
void fact_forget_needed(struct fact *fact);

/* Whether the fact says of a path that nothing was there: it grants nothing. */
bool fact_is_missing(const struct fact *fact);

void host_file_key(struct str *key, const struct host_file *file);
void host_file_copy(struct host_file *to, const struct host_file *from);
void host_file_done(struct host_file *file);

/* Appends the bytes that tell two records of one run apart. */
void run_key(struct str *key, const struct run *run);
void run_copy(struct run *to, const struct run *from);
void run_done(struct run *run);

/* Joins one run's word about a fact into the evidence. */
void evidence_join(struct evidence *evidence, const struct seen *seen);
/* The run's entry, created empty when absent. */
struct seen *evidence_of(struct evidence *evidence, const char *run);
void evidence_done(struct evidence *evidence);

#endif
