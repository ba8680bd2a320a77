/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the made-up machine. */
#ifndef CINCH_TESTS_LAWS_WORLD_INSIDE_H
#define CINCH_TESTS_LAWS_WORLD_INSIDE_H

#include "world.h"

#define NODES_MAX 400

struct node {
    char *path;
    enum file_type type;
    const char *target; /* NULL unless a link */
    bool named;         /* by a fact: it gets into the census */
    bool made;          /* by the service, in this run */
};

struct machine {
    struct node nodes[NODES_MAX];
    size_t count;
};

/* The service in one of its runs. */
struct service {
    struct profile *profile;
    struct dice *dice;
    struct machine *machine;
    const char *run;
};

void machine_done(struct machine *machine);
struct node *machine_find(struct machine *machine, const char *path);
struct node *machine_add(struct machine *machine, const char *path, enum file_type type);
void service_see(struct service *service, const struct fact *fact, const char *call, bool foreign);
void service_see_path(struct service *service, enum path_use use, const char *requested,
                      const char *path, int outcome, bool foreign, const char *call);
/* Everything but paths; fills the run's environment. */
void calls_do(struct service *service, struct run *run, unsigned what);

#endif
