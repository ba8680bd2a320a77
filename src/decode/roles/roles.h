/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside decode/: what an argument of a system call can mean, and the one table that says it. */
#ifndef CINCH_DECODE_ROLES_H
#define CINCH_DECODE_ROLES_H

#include <cinch/model.h>

/* Every role has one row in call.c's table of what to do at the begin and at the end of a call. */
enum role {
    ROLE_NONE,
    /* Modifiers: say how another argument is meant. Read before all others. */
    ROLE_FLAGS,      /* how: enum flags_kind */
    ROLE_OPEN_FLAGS, /* O_* */
    ROLE_OPEN_HOW,   /* struct open_how */
    ROLE_ACCESS_MODE,
    ROLE_MOUNT_FLAGS,
    ROLE_DIRFD, /* stands right before the path it belongs to */
    /* Paths. use: enum path_use; how: PATH_HOW_* */
    ROLE_PATH,
    ROLE_MOVE_TO,
    ROLE_OPEN_PATH,
    ROLE_ACCESS_PATH,
    ROLE_MOUNT_SOURCE,
    ROLE_NEW_ROOT,
    ROLE_EXEC_PATH,
    ROLE_PATH_FD, /* a descriptor of the file meant; use: enum path_use */
    ROLE_HANDLE,  /* struct file_handle: the result is a descriptor of it */
    ROLE_QUEUE_NAME,
    /* Sockets */
    ROLE_SOCKET_FAMILY, /* family, type, protocol stand together; the result is the descriptor */
    ROLE_PAIR_FAMILY,
    ROLE_SOCKET_FD, /* stands first */
    ROLE_BIND_ADDRESS,
    ROLE_CONNECT_ADDRESS,
    ROLE_LISTEN_FD,
    ROLE_ACCEPT_FD,
    ROLE_SEND_ADDRESS,
    ROLE_SEND_MESSAGE,
    ROLE_SEND_MESSAGES, /* the count stands next */
    ROLE_RECEIVE_ADDRESS,
    ROLE_RECEIVE_MESSAGE,
    ROLE_RECEIVE_MESSAGES,
    /* write(2) and its like: sends, when the descriptor is a connected socket; how: FD_HOW_PIECES
     */
    ROLE_WRITE_FD,
    ROLE_READ_FD, /* read(2) and its like: what it reads may be an answer of a name server */
    ROLE_CLOSE_FD,
    ROLE_CLOSE_RANGE,
    ROLE_DUP_FD, /* the result is another descriptor of it */
    ROLE_FCNTL_FD,
    ROLE_FCNTL_COMMAND,
    ROLE_MULTIPLEX, /* number of another call, whose arguments are elsewhere; how: which table */
    /* Arguments that a directive depends on */
    ROLE_MODE,
    ROLE_CREATE_MODE, /* of what is made: less the umask */
    ROLE_UMASK,
    ROLE_OPEN_MODE,
    ROLE_NODE_MODE,
    ROLE_MAP_PROT,
    ROLE_MAP_FLAGS,
    ROLE_MAP_FD,
    ROLE_PROTECT,
    ROLE_SHM_FLAGS,
    ROLE_CLONE_FLAGS,
    ROLE_CLONE_ARGS,
    ROLE_UNSHARE_FLAGS,
    ROLE_SETNS_TYPE,
    ROLE_PERSONALITY,
    ROLE_POLICY,
    ROLE_SCHED_ATTR,
    ROLE_CLOCK,
    ROLE_PRCTL,
    ROLE_SECCOMP,
    ROLE_SIGNAL_WAIT, /* returns the signal it took */
    ROLE_SIGNAL_SET,  /* which signals a descriptor is for */
    ROLE_IO_URING,
    ROLE_PTRACE, /* the request; the target stands next */
    /* Arguments by which a call needs a privilege or not */
    ROLE_TARGET, /* a process id: whose is told, unless it is the caller's own */
    ROLE_SIGNAL, /* its target is the first argument; how: SIGNAL_HOW_* */
    ROLE_IDS,    /* as many ids as `use` says stand here and next; how: IDS_HOW_* */
    ROLE_GROUPS,
    ROLE_CAPSET,
    ROLE_OWNER,         /* of a file: user, then group; how: IDS_HOW_SHORT */
    ROLE_LIMIT,         /* a resource; the new limit stands next; how: LIMIT_HOW_* */
    ROLE_SOCKET_OPTION, /* a level; the option stands next */
    ROLE_GROUP,         /* the option's value: maybe a multicast group to join */
    ROLE_KEYCTL,
    ROLE_KEYRING,     /* one of the special ones; keyctl(2) may have others further on */
    ROLE_KEY_REQUEST, /* the type of a key that is searched for */
    ROLE_PEER_OPTION, /* of a socket: who is at the other end */
    ROLE_IPC_KEY,
    ROLE_MOUNT_TYPE, /* how: MOUNT_HOW_* */
    ROLE_IOCTL,      /* a request; the descriptor is the first argument */
    ROLE_RESTART,    /* restart_syscall(2): goes on with an interrupted call */
    ROLE_SIGRETURN,  /* leaves a signal handler; its result is no result */
    ROLE_FAULTS,     /* from then on its memory may be filled by itself */
    ROLE_OUTCOME,    /* nothing but how the call ended matters */
    ROLE_COUNT
};

enum flags_kind {
    FLAGS_AT,     /* AT_SYMLINK_NOFOLLOW, AT_SYMLINK_FOLLOW, AT_EMPTY_PATH */
    FLAGS_WATCH,  /* IN_DONT_FOLLOW */
    FLAGS_MARK,   /* FAN_MARK_DONT_FOLLOW */
    FLAGS_UMOUNT, /* UMOUNT_NOFOLLOW */
    FLAGS_PICK,   /* FSPICK_SYMLINK_NOFOLLOW, FSPICK_EMPTY_PATH */
    FLAGS_KIND_COUNT
};

/* A last component that is a symbolic link is the link itself. */
#define PATH_HOW_NOFOLLOW 1u
/* Whatever is not there yet is created. */
#define PATH_HOW_CREATES 2u
/* An empty or missing name means the descriptor before it, without any flag. */
#define PATH_HOW_EMPTY 4u
/* After the call the name means another thing (chdir(2)), or is gone: the answer is text, which a
 * program may have written over it. */
#define PATH_HOW_BEFORE 16u
/* It tells how large the file system is. */
#define PATH_HOW_SIZE 32u
/* creat(2): flags are implied. */
#define PATH_HOW_CREAT 8u

/* Pieces (struct iovec) and their number stand next, not a buffer and its length. */
#define FD_HOW_PIECES 1u

/* mq_open(2): flags and a mode stand next. */
#define QUEUE_HOW_OPEN 1u

/* The target may be a group of processes. */
#define SIGNAL_HOW_GROUP 1u
/* The target is a descriptor. */
#define SIGNAL_HOW_PIDFD 2u
/* Group ids. */
#define IDS_HOW_GID 1u
/* Of 16 bits where registers have 32. */
#define IDS_HOW_SHORT 2u
/* Always 64 bits. */
#define LIMIT_HOW_WIDE 1u
/* Flags stand next. */
#define MOUNT_HOW_FLAGS 1u

enum multiplex_kind { MULTIPLEX_SOCKET, MULTIPLEX_IPC, MULTIPLEX_KIND_COUNT };

struct argument_role {
    enum role role;
    unsigned char use;
    unsigned char how;
};

struct role_row {
    const char *name;
    struct argument_role args[6];
    /* One more than the position of a 64-bit argument, which takes two places when registers have
     * 32 bits; 0: none. */
    unsigned char split;
    bool memory_args; /* i386: the one argument points to the real ones (the old mmap) */
};

/* Sorted by name. */
extern const struct role_row role_rows[];
extern const size_t role_row_count;

/* Whether a call of this row that is like an earlier one says nothing new: it names one file, and
 * changes none. */
bool row_rules_is_repeatable(const struct role_row *row);
/* The row of a system call; NULL for a plain one. */
const struct role_row *role_row_find(const char *name);

#endif
