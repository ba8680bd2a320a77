/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside store/: which fields each record has, and facts with their evidence. */
#ifndef CINCH_STORE_RECORD_H
#define CINCH_STORE_RECORD_H

#include "store/codec.h"
#include <cinch/model.h>

/* Of struct run, struct host_setting and struct host_file. */
extern const struct field record_run[];
extern const struct field record_setting[];
extern const struct field record_file[];

/* Where the facts of a kind stand at the top level. */
struct record_section {
    const char *key;
    const struct field *fields; /* of struct fact; without outcome and evidence */
};

extern const struct record_section record_sections[FACT_KIND_COUNT];

/* Writes the fields as members of the object that is open. */
void record_write(struct str *out, const struct field *fields, const void *record);
/* Reads them from an object into a zeroed record; 0 or negative. Release with record_done even
 * then. */
int record_read(struct reader *reader, const cJSON *object, const struct field *fields,
                void *record);
void record_done(const struct field *fields, void *record);

/* How a call ended and who saw it: the members "outcome" and "seen". Reading refuses runs that are
 * not among those of `profile`. Release the evidence with record_evidence_done. */
void record_write_evidence(struct str *out, const struct fact *fact);
int record_read_evidence(struct reader *reader, const cJSON *object, const struct profile *profile,
                         struct fact *fact);
/* Whether the profile has a record of the run. */
bool record_knows_run(const struct profile *profile, const char *id);
void record_evidence_done(struct evidence *evidence);

#endif
