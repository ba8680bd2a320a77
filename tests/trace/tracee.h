/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tracees that describe themselves: each case does something and prints the facts it should leave,
 * one a line after "expect ", for tests/trace/run to look for in the profile:
 *
 *     path USE PATH [-> REQUESTED]       it was used so, successfully
 *     failed USE PATH ERRNO              it was used so and failed
 *     socket FAMILY TYPE PROTOCOL ORIGIN OUTCOME
 *     address USE FAMILY HOST PORT OUTCOME
 *     name NAME HOST TTL                 a name server said so
 *     argument TOPIC VALUE
 *     syscall ARCH NAME
 *     count NAME NUMBER                  that many calls at least
 *     times NAME NUMBER                  exactly that many calls
 *     outcome NAME OUTCOME NUMBER        exactly that many ended so: an errno or success
 *     opened PATH NUMBER                 it was opened for writing just so often
 *     program PATH
 *     blind TOPIC
 *     no LINE                            no such fact must be there
 *
 * Paths and hosts are in the profile's encoding, so that no case can break a line.
 */
#ifndef CINCH_TESTS_TRACE_TRACEE_H
#define CINCH_TESTS_TRACE_TRACEE_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct tracee_case {
    const char *name;
    void (*run)(void);
    bool needs_root;
};

/* Each file's cases; end with a NULL name. */
extern const struct tracee_case path_cases[];
extern const struct tracee_case socket_cases[];
extern const struct tracee_case name_cases[];
extern const struct tracee_case task_cases[];
extern const struct tracee_case odd_cases[];
extern const struct tracee_case clone_cases[];
extern const struct tracee_case signal_cases[];
extern const struct tracee_case race_cases[];
extern const struct tracee_case known_cases[];
extern const struct tracee_case privilege_cases[];
/* What other cases execute; not listed. */
extern const struct tracee_case helper_cases[];
void case_open_the_others(void);

/* Prints one expectation. */
void expect(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The case's own scratch directory, absolute and without links; the cwd when it starts. */
const char *scratch(void);
/* scratch() + "/" + name. */
const char *in_scratch(const char *name);
/* Ends the case with status 99 and a message unless `good`. */
void require(bool good, const char *what);
/* Ends the case with status 77: it cannot be made here. */
void skip(const char *why) __attribute__((noreturn));
/* Makes a file with a word in it. */
void make_file(const char *path);

#endif
