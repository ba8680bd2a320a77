/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model: which run saw a fact, how often and when; part of <cinch/model.h>. */
#ifndef CINCH_MODEL_EVIDENCE_H
#define CINCH_MODEL_EVIDENCE_H

#include <cinch/base.h>
#include <stdint.h>

enum phase { PHASE_START, PHASE_SERVE, PHASE_RELOAD, PHASE_STOP, PHASE_COUNT };

/* "start", "serve", "reload", "stop". */
const char *phase_name(enum phase phase);
/* The phase of that name, or -1. */
int phase_find(const char *name);
/* What could not be observed, in words ("what was done before cinch came"); NULL for a topic that
 * is not known. */
const char *blind_spot_words(const char *topic);

/* What one run says of a fact. */
struct seen {
    char *run;        /* id of the run */
    uint64_t count;   /* how many times */
    int64_t first_ms; /* first seen, milliseconds after the run's start */
    uint64_t slices;  /* bit i: seen in slice i of the run, see evidence_slice() */
    unsigned phases;  /* bit per enum phase */
    bool foreign;     /* paths: the object was there before the run created anything by that name */
    char *program;    /* executable of the first sighting, "" when unknown */
    char *call;       /* system call of the first sighting, "" when none */
};

/* `{ 0 }` is no evidence; `seen` is sorted by run. */
struct evidence {
    struct seen *seen;
    size_t count;
    size_t capacity;
};

/* Slice of a moment: slice 0 is the first second; each further slice is a factor sqrt(2) longer, so
 * that 64 slices cover any run and a slice number means the same in every run. */
unsigned evidence_slice(int64_t ms);
/* First millisecond of a slice. */
int64_t evidence_slice_start_ms(unsigned slice);
/* Sum of the counts. */
uint64_t evidence_total(const struct evidence *evidence);
/* Union of the phases. */
unsigned evidence_phases(const struct evidence *evidence);
/* Whether any run saw the object existing before the service made it. */
bool evidence_foreign(const struct evidence *evidence);
/* The earliest sighting (least run id, then least first_ms); NULL when there is none. */
const struct seen *evidence_first(const struct evidence *evidence);

#endif
