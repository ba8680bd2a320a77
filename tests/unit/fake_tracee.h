/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A tracee made of arrays: memory, descriptors, symbolic links, files, sockets. */
#ifndef CINCH_TESTS_FAKE_TRACEE_H
#define CINCH_TESTS_FAKE_TRACEE_H

#include <cinch/trace.h>

#define FAKE_MEMORY 0x10000u /* where the memory starts; what lies outside is unmapped */
#define FAKE_PAGES  4
/* A process that is not the service's and runs as another user than root. */
#define FAKE_FOREIGN_PID 4242

struct fake_file {
    const char *path;
    const char *link;    /* symbolic link's target; NULL: none */
    const void *content; /* NULL: a directory or a file nobody reads */
    size_t length;
    mode_t mode;
    uid_t uid;
};

struct fake_fd {
    pid_t tid; /* 0: every task */
    int fd;
    const char *text;
};

struct fake_tracee {
    unsigned char memory[FAKE_PAGES * 4096];
    size_t used;
    struct fake_file files[64];
    struct fake_fd fds[64];
    struct {
        int fd;
        struct trace_socket socket;
    } sockets[16];
    size_t file_count, fd_count, socket_count;
    bool is_foreign;         /* in another mount namespace */
    bool denies_sockets;     /* nobody is told what a socket is: EPERM */
    const char *moved;       /* a directory that is another one on the machine; NULL: none */
    unsigned proc_reads;     /* how often anything but memory was asked for */
    uint64_t first_argument; /* as last set */
    struct trace_privileges privileges; /* of every task, once fake_privileges() was called */
    int has_used;                       /* whether a task used any: 1, 0 or -errno */
    uint64_t file_capabilities;
    struct trace_ops ops;
};

void fake_init(struct fake_tracee *fake);
/* Copies bytes into the tracee's memory; returns their address. */
uint64_t fake_bytes(struct fake_tracee *fake, const void *bytes, size_t length);
uint64_t fake_string(struct fake_tracee *fake, const char *text);
/* A file or directory; its parents need not be named. */
void fake_file(struct fake_tracee *fake, const char *path);
void fake_link(struct fake_tracee *fake, const char *path, const char *target);
void fake_program(struct fake_tracee *fake, const char *path, const void *content, size_t length,
                  mode_t mode);
/* Sets (or replaces) what a descriptor is. */
void fake_fd(struct fake_tracee *fake, int fd, const char *text);
/* Lets tasks be asked for their privileges: all that root has, or those of a user without any. */
void fake_privileges(struct fake_tracee *fake, uid_t uid);
struct trace_socket *fake_socket(struct fake_tracee *fake, int fd, int family, int type);

#endif
