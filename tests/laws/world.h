/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A made-up machine with a made-up service: a tree with links, in which uses of names lead where
 * they would really lead, so that facts and census agree as those of a training do. The same seed
 * gives the same profile.
 */
#ifndef CINCH_TESTS_LAWS_WORLD_H
#define CINCH_TESTS_LAWS_WORLD_H

#include <cinch/systemd.h>

/* A stream of random numbers. */
struct dice {
    uint64_t state;
};
/* 0 .. sides-1 */
unsigned dice_throw(struct dice *dice, unsigned sides);
/* True once in `times`. */
bool dice_once_in(struct dice *dice, unsigned times);

/* The seeds of a law: some for each round, CINCH_LAWS_ROUNDS of them or `rounds`, from
 * CINCH_LAWS_FROM on; or the one that CINCH_LAWS_SEED asks for. */
struct seeds {
    uint64_t first, end;
};
struct seeds world_seeds(unsigned a_round, unsigned long rounds);

/* Which kinds of things the service does. */
#define WORLD_PATHS (1u << 0)
#define WORLD_CALLS (1u << 1)
#define WORLD_PEERS (1u << 2)
#define WORLD_BLIND (1u << 3)
#define WORLD_ODD   (1u << 4) /* arguments, set-id programs, foreign ABIs */
#define WORLD_CROWD (1u << 5) /* directories with too many names to tell apart */
#define WORLD_ALL   63u

/* The profile of `runs` runs of one service; the caller frees it. */
struct profile *world_train(uint64_t seed, unsigned runs, unsigned what);
/* One more thing the service did, in a run of its own. */
void world_more(struct profile *profile, uint64_t seed);
/* The text of a random unit of that service, "" for none; the caller frees it. */
char *world_unit(uint64_t seed);

#endif
