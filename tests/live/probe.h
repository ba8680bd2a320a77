/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CINCH_TESTS_LIVE_PROBE_H
#define CINCH_TESTS_LIVE_PROBE_H

/* An errno's name, or "ok". */
const char *probe_answer(int error);
/* own.c: NULL when it is none of its questions. */
const char *probe_ask_own(const char *question);

#endif
