/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside run/: the state of one training. */
#ifndef CINCH_RUN_TRAINING_H
#define CINCH_RUN_TRAINING_H

#include "run/checkpoint.h"
#include "run/join.h"
#include "run/progress.h"
#include "run/ready.h"
#include "run/start.h"
#include <cinch/decode.h>
#include <time.h>

/* PID 1 stops a unit within its TimeoutStopSec=, 90 s as a rule; one that has none is not waited
 * for for ever. */
#define UNIT_STOP_MS 300000

struct training {
    const struct train_options *options;
    struct train_result *result;
    struct profile *profile;
    struct tracer *tracer;
    struct decoder *decoder;
    struct ready ready;
    struct join join;   /* of a service that cinch did not start */
    struct start start; /* of one that it starts */
    bool is_joined;
    struct checkpoint checkpoint;
    struct progress_watch watch;
    enum phase phase;
    unsigned phases; /* that were entered, a bit each */
    uint64_t stops;
    time_t started_at;
    char run_id[33];
    pid_t service;  /* its first process */
    pid_t main;     /* the one that signals go to: the first, or what it left behind; 0: none */
    pid_t workload; /* 0: not running */
    enum capability_watch capabilities;
    bool started; /* its program runs */
    bool ended;   /* its first process has */
    bool ready_seen;
    int64_t last_event_ms;   /* for "idle" */
    int64_t forgotten_ms;    /* when what is known was last asked anew */
    int64_t under_way_ms;    /* when calls under way were last looked at */
    int64_t looked_ms;       /* when time was last looked at */
    int64_t asked_ms;        /* when SIGTERM was sent, -1 before */
    int64_t hurried_ms;      /* when the second was, -1 before */
    int64_t killed_ms;       /* when SIGKILL was sent */
    int64_t reload_ms;       /* when a SIGHUP was seen, -1: no reload under way */
    bool stops_unit;         /* PID 1 was asked to stop the unit: it does all that goes with it */
    unsigned heeded;         /* how many of PID 1's answers were looked at */
    uint64_t reload_signals; /* 1 << number: what the unit's ExecReload= sends, besides SIGHUP */
    bool is_reloading;       /* it said so, and not yet that it is ready again */
    pid_t heard;             /* whose signals are noticed as they are sent, 0: nobody's */
    bool is_deaf;            /* nobody's can be */
};

/* Fills an id that no other run has: 32 hex digits and a NUL. */
void training_make_id(char *id);
/* counting.c */
/* Lets calls that say nothing but their number go by without a stop, where that can be had. */
void training_stop_only_where_needed(struct training *training);
/* Has the use of capabilities watched, in the best way there is. */
void training_watch_capabilities(struct training *training);
/* Those of the tasks that live on. */
void training_look_at_tasks(struct training *training);
/* Tells the decoder what was only counted, in the phase it happened in. */
void training_collect_counts(struct training *training);
/* The same, and what was known is asked anew. */
void training_forget(struct training *training, int64_t now_ms);
/* The same when no more comes. */
void training_forget_all(struct training *training, int64_t now_ms);
/* A call that said all it has to say need not stop the next time. After every event. */
void training_remember(struct training *training, const struct trace_event *event);

/* phase.c */
void training_enter(struct training *training, enum phase phase, int64_t now_ms);
/* A signal reached a process of the service: delivered, waited for or read. */
void training_signalled(struct training *training, pid_t tgid, int signal, int64_t at_ms);
/* The service told its manager something: TOLD_*. */
void training_told(struct training *training, unsigned told, int64_t at_ms);
/* A reload has begun. */
void training_reload(struct training *training, int64_t at_ms);
/* Looks whether a reload is over. */
void training_check_reload(struct training *training, int64_t now_ms);
/* Looks for signals that no stop shows. Before every event. */
void training_listen(struct training *training, int64_t now_ms);

/* control.c */
/* The service is asked to stop, or let go. */
void training_ask_to_stop(struct training *training, int64_t now_ms);
/* Passes on what reached cinch. */
void training_look_at_signals(struct training *training);
/* Kills what does not stop in its time. */
void training_check_grace(struct training *training, int64_t now_ms);
/* Whether even that did not end it, and cinch waits no longer. */
bool training_is_given_up(const struct training *training);
/* Then the next event is the end. */
void training_give_up(struct training *training, struct trace_event *event);

/* arrive.c */
/* Whether the service is let go at the end, and not stopped. */
bool training_lets_go(const struct training *training);
/* Looks whether the event is a first program of the service, or of another command of its unit. */
void training_arrived(struct training *training, const struct trace_event *event);
/* Looks who comes to the gate, and what PID 1 says of the unit. */
void training_look_at_gate(struct training *training);
/* Nothing is traced any more: waits for the unit's next command, if there may be one. */
bool training_goes_on(struct training *training);

/* Puts the run's record into the profile; not complete: as it would be if it were cut off now. */
void training_record(struct training *training, int64_t duration_ms, bool complete);
/* plain.c: what the profile carries of this machine. */
void training_take_census(struct training *training);
/* compilers.c: its setting "jit PATH" for each file with a JIT compiler that was run or loaded. */
void training_record_compilers(struct profile *profile, const char *root);
/* What the service was told of the machine that is not so. */
void training_record_denials(const struct training *training);
/* The service is gone; what its workload still does proves nothing. */
void training_settle_workload(struct training *training);

#endif
