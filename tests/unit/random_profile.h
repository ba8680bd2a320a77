/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random profiles that go to the edges of everything model.h lets a profile hold. */
#ifndef CINCH_TESTS_RANDOM_PROFILE_H
#define CINCH_TESTS_RANDOM_PROFILE_H

#include <cinch/model.h>

/* The same seed gives the same profile; about `size` records of each kind. The caller frees it. */
struct profile *random_profile(uint64_t seed, size_t size);

/* Whether two profiles hold the same. *ret_what (static) names the first difference. Compares field
 * by field, so that it owes nothing to the keys of model/ and the tables of store/. */
bool random_profile_equal(const struct profile *a, const struct profile *b, const char **ret_what);

#endif
