/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * limits: how much a service can make cinch keep. A service, or a client of its, chooses how many
 * names, addresses and numbers there are; a profile has to stay small enough to be read again, and
 * what is done with it takes time in proportion to it. Beyond a limit several facts become one that
 * says less, never none: what it stands for stays allowed, and the profile says so.
 *
 * | what                           | most                          | beyond                      |
 * |--------------------------------|-------------------------------|-----------------------------|
 * | names of one path              | LIMIT_PATH_DEPTH              | the directory at that depth |
 * |                                |                               | is folded                   |
 * | names in one directory         | PROFILE_COLLAPSE_NAMES            | the directory is folded |
 * | names in all, of a kind of use | LIMIT_PROFILE_NAMES, and      | one fact for all that were  |
 * |                                | LIMIT_PROFILE_NAME_BYTES      | not there; then the         |
 * |                                |                               | directory that holds most   |
 * |                                |                               | is folded with its subtree  |
 * | facts that differ in a number, | PROFILE_WILDCARD                 | one fact for all of them |
 * | an address, or (blind spots)   |                               |                             |
 * | what they are about            |                               |                             |
 * | numbers that a call failed     | the errnos Linux has          | LIMIT_ERRNO stands for all  |
 * | with                           |                               | others                      |
 * | names of libraries in a program| LIMIT_NEEDED_BYTES            | the file is said to be none |
 * | names of libraries in all      | LIMIT_PROFILE_NAME_BYTES, with| as names in all; what the   |
 * |                                | those of the programs         | programs of a folded        |
 * |                                |                               | directory need is forgotten |
 * | files looked at for a JIT      | LIMIT_COMPILER_FILES          | taken to have none          |
 * | settings of a unit             | LIMIT_UNIT_SETTINGS,          | the unit is refused         |
 * |                                | LIMIT_UNIT_COMMANDS and       |                             |
 * |                                | LIMIT_UNIT_BYTES              |                             |
 * | words and variables of a       | LIMIT_PLAIN_WORDS             | it is not understood        |
 * | unit's plain command           |                               |                             |
 */
#ifndef CINCH_BASE_LIMITS_H
#define CINCH_BASE_LIMITS_H

/* Names one below the other; the deepest trees that packages install have some 30. */
#define LIMIT_PATH_DEPTH 64
/* Names and directories above them that a profile counts, apart for reading, writing, executing. */
#define LIMIT_PROFILE_NAMES      50000
#define LIMIT_PROFILE_NAME_BYTES ((size_t)8 << 20)
/* Stands for every number that a call failed with and that is no errno: the greatest there is. */
#define LIMIT_ERRNO 4095
/* Steps in which room is made; each frees a sixteenth at least. */
#define LIMIT_PROFILE_STEPS 64
/* DT_NEEDED, all of one file. */
#define LIMIT_NEEDED_BYTES ((size_t)16 << 10)
/* Files of a run that are looked at for a JIT compiler. */
#define LIMIT_COMPILER_FILES 4096
/* Assignments of a unit with its drop-ins, those of commands among them, and the bytes of all: what
 * people write has a hundred, what cinch writes as a whole unit some thousand. */
#define LIMIT_UNIT_SETTINGS 4096
#define LIMIT_UNIT_COMMANDS 512
#define LIMIT_UNIT_BYTES    ((size_t)256 << 10)
/* Words after a command's name, and variables in them; a word is no longer than a path can be. */
#define LIMIT_PLAIN_WORDS 256

/* Symlinks followed before a name counts as a loop (path_resolution(7)). */
#define LIMIT_SYMLINKS 40

#endif
