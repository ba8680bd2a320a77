/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * model: a profile is a set of facts, plus the runs that saw them and what was known of the
 * machine.
 *
 * A fact is what was seen (its kind, its fields and how the call ended); its evidence says which
 * run saw it, how often and when. Merging joins facts by what they say and evidence by run, each
 * field by maximum, minimum or union: commutative, associative, idempotent. Nothing here depends on
 * the order in which facts arrived.
 *
 * Ownership: a profile owns all it holds and copies what it is given; pointers read from a profile
 * stay valid until it is changed or released.
 */
#ifndef CINCH_MODEL_H
#define CINCH_MODEL_H

#include <cinch/model/evidence.h>
#include <stdint.h>

/* ---- facts
 * ------------------------------------------------------------------------------------------ */

enum fact_kind {
    FACT_SYSCALL,
    FACT_PATH,
    FACT_MOVE,
    FACT_SOCKET,
    FACT_ADDRESS,
    FACT_NAME,
    FACT_ARGUMENT,
    FACT_PROGRAM,
    FACT_BLIND_SPOT,
    FACT_CAPABILITY,
    FACT_KIND_COUNT,
};

/* How the call that showed the fact ended: 0 success, > 0 the errno, or this. */
#define OUTCOME_UNKNOWN (-1)

/* A system call by architecture and name. */
struct syscall_fact {
    char *arch;      /* libseccomp's name: "x86_64", "x86", "x32", "aarch64", ... */
    char *name;      /* "openat"; NULL when libseccomp has no name for the number */
    uint64_t number; /* meaningful only when name is NULL, else 0 */
};

/* How a path was used. */
enum path_use {
    PATH_STAT,        /* its existence or metadata: stat, access, readlink, O_PATH, chdir */
    PATH_LINK,        /* a symbolic link that was followed on the way */
    PATH_READ,        /* opened for reading */
    PATH_LIST,        /* directory whose entries were read (getdents64), or watched */
    PATH_EXECUTE,     /* executed, or loaded by the kernel as an interpreter */
    PATH_MAP_EXECUTE, /* mapped with PROT_EXEC */
    PATH_WRITE,       /* opened for writing, truncated, or metadata changed */
    PATH_CREATE,      /* created: the directory it stands in was written */
    PATH_DELETE,      /* removed or renamed away, likewise */
    PATH_BIND,        /* AF_UNIX socket bound there */
    PATH_CONNECT,     /* AF_UNIX socket there connected or sent to */
    PATH_MOUNT,       /* mounted, unmounted, or made a root */
    PATH_USE_COUNT,
};

/*
 * A path, absolute in the tracer's mount namespace (a chroot's prefix included). `requested` is the
 * name the program used, made absolute, symlinks unresolved; `path` is where it led. They are equal
 * when no symlink was on the way. Names below /proc/PID of a task of the service read
 * /proc/self/...; those of another process /proc/<pid>/.... Either may be a folded directory,
 * path_is_collapsed(): see PROFILE_COLLAPSE_NAMES.
 */
struct path_fact {
    enum path_use use;
    char *path;
    char *requested;
};

/*
 * A file that was renamed or linked out of one directory into another, which the kernel refuses
 * between two mounts (EXDEV, rename(2)): both have to stay in one. Directories as the program
 * named them; what the run made itself counts as the directory it lies in.
 */
struct move_fact {
    char *from;
    char *to;
};

enum socket_origin {
    SOCKET_CREATED,
    SOCKET_PAIR,
    SOCKET_ACCEPTED,
    SOCKET_INHERITED,
    SOCKET_ORIGIN_COUNT
};

/* A socket by family (AF_*), type (SOCK_* without flags) and protocol number, -1 when unknown. */
struct socket_fact {
    int family;
    int type;
    int protocol;
    enum socket_origin origin;
};

enum address_use {
    ADDRESS_CONNECT, /* connect(2); for datagram sockets not yet a peer: it sends nothing */
    ADDRESS_SEND,    /* a packet was sent there */
    ADDRESS_BIND,
    ADDRESS_LISTEN,
    ADDRESS_ACCEPT,  /* a client; its port is not kept (0) */
    ADDRESS_RECEIVE, /* a packet came from there; its port is not kept (0) */
    ADDRESS_JOIN,    /* a multicast group was joined: whoever sends to it is received */
    ADDRESS_USE_COUNT,
};

/*
 * A socket address. `host` is the canonical text of an IPv4 or IPv6 address (IPv4-mapped IPv6 as
 * IPv4), for AF_UNIX the path or `@` and the text_encode()d rest of an abstract name ("@" alone is
 * autobind, "" an unnamed socket), for other families a text that names it.
 */
struct address_fact {
    enum address_use use;
    int family;
    int type;
    int protocol;
    char *host;
    int port; /* 0 when not kept or not meant */
};

/*
 * An address that a name server gave for a host name that the service asked for. `ttl_s` is no part
 * of what tells two such facts apart: it is the longest time to live that any answer gave, in
 * seconds, because a cache tells how much is left of it.
 */
struct name_fact {
    char *name; /* as asked for, lower case, without the last dot; odd bytes as \\DDD (RFC 1035 5.1)
                 */
    char *host; /* as in struct address_fact */
    int64_t ttl_s; /* -1: not told */
};

/*
 * What an argument said, where a directive depends on it. `topic` is what it is about and `value`
 * its canonical text; docs/PROFILE_FORMAT.md lists the topics.
 */
struct argument_fact {
    char *call;
    char *topic;
    char *value;
};

/* An executed program and what its file says. Lists are joined with newlines inside `needed`. */
struct program_fact {
    char *path;
    char *interpreter;   /* PT_INTERP or the program after #!, "" when none */
    char *script_option; /* what stands after the interpreter of a #! line, "" when none */
    char *format;        /* "elf", "script" or "other" */
    char *arch;          /* libseccomp's name, "" when not ELF */
    bool is_static;
    bool exec_stack; /* PT_GNU_STACK with PF_X, or none on an architecture where that means it */
    bool text_rel;   /* DT_TEXTREL or DF_TEXTREL */
    struct strings needed; /* DT_NEEDED as written */
    char *run_path;        /* DT_RUNPATH or else DT_RPATH as written, "" when none */
    unsigned mode;         /* st_mode & 07777 */
    unsigned uid;
    unsigned gid;
    bool file_caps; /* has a security.capability xattr */
};

/* What could not be observed: `topic` from docs/PROFILE_FORMAT.md ("io_uring",
 * "own-seccomp-filter", "lost-task", "uncertain-path", "foreign-mount-namespace", ...). */
struct blind_spot_fact {
    char *topic;
    char *detail;
};

/* Who says so: a rule, without it the call would have failed; a rule, it may have; the kernel,
 * which asked for it during the call and found it. */
enum capability_basis { CAPABILITY_RULE, CAPABILITY_GUESS, CAPABILITY_KERNEL, CAPABILITY_BASES };
/* A capability that was used; `call` is "" outside of any call, or in one without a name. */
struct capability_fact {
    char *name, *call;
    enum capability_basis basis;
};

struct fact {
    enum fact_kind kind;
    int outcome; /* 0, errno, or OUTCOME_UNKNOWN */
    union {
        struct syscall_fact syscall;
        struct path_fact path;
        struct move_fact move;
        struct socket_fact socket;
        struct address_fact address;
        struct name_fact name;
        struct argument_fact argument;
        struct program_fact program;
        struct blind_spot_fact blind_spot;
        struct capability_fact capability;
    };
    struct evidence evidence;
};

const char *path_use_name(enum path_use use);
int path_use_find(const char *name);
const char *address_use_name(enum address_use use);
int address_use_find(const char *name);
const char *socket_origin_name(enum socket_origin origin);
int socket_origin_find(const char *name);
const char *capability_basis_name(enum capability_basis basis);
int capability_basis_find(const char *name);
/* "CAP_CHOWN" by its number (capabilities(7)), NULL when unknown; and back, or -1. */
const char *capability_name(int number);
int capability_find(const char *name);
/* "AF_INET"; NULL when the family has no name in systemd's sense. */
const char *family_name(int family);
/* The AF_* number of a name, or -1. */
int family_find(const char *name);
/* "ENOENT"; a number's text is never returned: NULL when unknown. */
const char *errno_name(int code);
/* The errno value of a name, or -1. */
int errno_find(const char *name);

/* True when the use changes the file system (what a read-only mount refuses). */
bool path_use_is_write(enum path_use use);

/* ---- runs and the machine
 * --------------------------------------------------------------------------- */

/* What was watched of the use of capabilities in a run. */
enum capability_watch {
    CAPABILITIES_UNWATCHED,
    CAPABILITIES_BY_TASK,  /* whether a task used any (PF_SUPERPRIV); which, rules alone say */
    CAPABILITIES_BY_GRANT, /* each that the kernel asked for and found */
    CAPABILITY_WATCH_COUNT
};
/* One training run. `{ 0 }` with an id is valid. */
struct run {
    char *id;               /* unique: random */
    struct strings command; /* argv */
    char *cwd;
    char *user; /* user name the service ran as */
    unsigned uid;
    char *workload;   /* "" when none was given */
    char *ready;      /* what readiness was, "" when it was not waited for */
    char *cinch;      /* version of cinch */
    int64_t started;  /* seconds since the epoch */
    int64_t ready_ms; /* -1: never became ready */
    int64_t duration_ms;
    int exit_status;            /* -1 when it did not exit */
    int signal;                 /* signal that ended it, 0 when none */
    int workload_status;        /* as a shell says it; -1 when there was none */
    bool complete;              /* false for a checkpoint of a run that did not finish */
    struct strings environment; /* which of systemd's variables were set: NOTIFY_SOCKET,
                                 * JOURNAL_STREAM, WATCHDOG_USEC, LISTEN_FDS */
    enum capability_watch capabilities;
    unsigned phases; /* those that were seen to their end, a bit per enum phase; 0: not known */
};

/* One thing known of the machine ("systemd" = "252", "kernel", "os", "libseccomp",
 * "sysctl net.ipv4.ip_unprivileged_port_start", ...); docs/PROFILE_FORMAT.md lists the names. */
struct host_setting {
    char *name;
    char *value;
};

enum file_type {
    FILE_REGULAR,
    FILE_DIRECTORY,
    FILE_SYMLINK,
    FILE_SOCKET,
    FILE_FIFO,
    FILE_CHAR_DEVICE,
    FILE_BLOCK_DEVICE,
    FILE_MISSING,
    FILE_TYPE_COUNT
};
const char *capability_watch_name(enum capability_watch watch);
int capability_watch_find(const char *name);
const char *file_type_name(enum file_type type);
int file_type_find(const char *name);

/* What a path was on the machine after the run. The whole record is the key. */
struct host_file {
    char *path;
    enum file_type type;
    unsigned mode; /* st_mode & 07777 */
    unsigned uid;
    unsigned gid;
    char *target;    /* symlink target as written, "" otherwise */
    int64_t entries; /* directories: names in it, recursively, up to the census limit; else -1 */
    int64_t unused;  /* of those, how many no run of this profile touched; else -1 */
    /* What it lies on, by systemd's name of it: "ext4"; where it has none the number that statfs(2)
     * tells, "0x2fc12fc1"; "" or NULL when not known, or when nothing is there. */
    char *filesystem;
};

/* What calls have in common: call_traits.c lists them, tests/tables compares with decode's roles.
 */
enum call_trait {
    CALL_TAKES_DESCRIPTOR = 1 << 0, /* or may have been given one instead of a name */
    CALL_OPENS = 1 << 1,
    CALL_CHECKS_ACCESS = 1 << 2, /* access(2) and its kin */
    CALL_MAKES_TASK = 1 << 3,
};
bool call_traits_have(const char *name, enum call_trait trait);

#include <cinch/model/profile.h>

#endif
