// SPDX-License-Identifier: LGPL-2.1-or-later
/* The words a profile uses for numbers. */
#include <cinch/model.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static int name_find(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (names[i] && strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

/* Defines NOUN_name() and NOUN_find() over a table of names indexed by the enum. */
#define NAMES(noun, type, ...)                                                                     \
    static const char *const noun##_names[] = { __VA_ARGS__ };                                     \
    const char *noun##_name(type value)                                                            \
    {                                                                                              \
        return noun##_names[value];                                                                \
    }                                                                                              \
    int noun##_find(const char *name)                                                              \
    {                                                                                              \
        return name_find(noun##_names, ELEMENTS_OF(noun##_names), name);                           \
    }

NAMES(phase, enum phase, "start", "serve", "reload", "stop")
NAMES(path_use, enum path_use, "stat", "link", "read", "list", "execute", "map-execute", "write",
      "create", "delete", "bind", "connect", "mount")
NAMES(address_use, enum address_use, "connect", "send", "bind", "listen", "accept", "receive",
      "join")
NAMES(socket_origin, enum socket_origin, "created", "pair", "accepted", "inherited")
NAMES(file_type, enum file_type, "file", "directory", "symlink", "socket", "fifo", "char-device",
      "block-device", "missing")

NAMES(capability_basis, enum capability_basis, "rule", "guess", "kernel")
NAMES(capability_watch, enum capability_watch, "unwatched", "task", "grant")

bool path_use_is_write(enum path_use use)
{
    return use == PATH_WRITE || use == PATH_CREATE || use == PATH_DELETE || use == PATH_BIND;
}

/* By number; all that Linux 5.9 to 6.18 have (linux/capability.h). */
static const char *const capabilities[] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

const char *capability_name(int number)
{
    return number >= 0 && (size_t)number < ELEMENTS_OF(capabilities) ? capabilities[number] : NULL;
}

int capability_find(const char *name)
{
    return name_find(capabilities, ELEMENTS_OF(capabilities), name);
}

static const char *const families[] = {
    [AF_UNIX] = "AF_UNIX",
    [AF_INET] = "AF_INET",
    [AF_AX25] = "AF_AX25",
    [AF_IPX] = "AF_IPX",
    [AF_APPLETALK] = "AF_APPLETALK",
    [AF_NETROM] = "AF_NETROM",
    [AF_BRIDGE] = "AF_BRIDGE",
    [AF_ATMPVC] = "AF_ATMPVC",
    [AF_X25] = "AF_X25",
    [AF_INET6] = "AF_INET6",
    [AF_ROSE] = "AF_ROSE",
    [AF_NETBEUI] = "AF_NETBEUI",
    [AF_SECURITY] = "AF_SECURITY",
    [AF_KEY] = "AF_KEY",
    [AF_NETLINK] = "AF_NETLINK",
    [AF_PACKET] = "AF_PACKET",
    [AF_ECONET] = "AF_ECONET",
    [AF_ATMSVC] = "AF_ATMSVC",
    [AF_RDS] = "AF_RDS",
    [AF_IRDA] = "AF_IRDA",
    [AF_PPPOX] = "AF_PPPOX",
    [AF_WANPIPE] = "AF_WANPIPE",
    [AF_LLC] = "AF_LLC",
    [AF_IB] = "AF_IB",
    [AF_MPLS] = "AF_MPLS",
    [AF_CAN] = "AF_CAN",
    [AF_TIPC] = "AF_TIPC",
    [AF_BLUETOOTH] = "AF_BLUETOOTH",
    [AF_IUCV] = "AF_IUCV",
    [AF_RXRPC] = "AF_RXRPC",
    [AF_ISDN] = "AF_ISDN",
    [AF_PHONET] = "AF_PHONET",
    [AF_IEEE802154] = "AF_IEEE802154",
    [AF_CAIF] = "AF_CAIF",
    [AF_ALG] = "AF_ALG",
    [AF_NFC] = "AF_NFC",
    [AF_VSOCK] = "AF_VSOCK",
    [AF_KCM] = "AF_KCM",
    [AF_QIPCRTR] = "AF_QIPCRTR",
    [AF_SMC] = "AF_SMC",
    [AF_XDP] = "AF_XDP",
    [AF_MCTP] = "AF_MCTP",
};

const char *family_name(int family)
{
    return family >= 0 && (size_t)family < ELEMENTS_OF(families) ? families[family] : NULL;
}

int family_find(const char *name)
{
    return name_find(families, ELEMENTS_OF(families), name);
}

static const char *const errnos[] = {
    [EPERM] = "EPERM",
    [ENOENT] = "ENOENT",
    [ESRCH] = "ESRCH",
    [EINTR] = "EINTR",
    [EIO] = "EIO",
    [ENXIO] = "ENXIO",
    [E2BIG] = "E2BIG",
    [ENOEXEC] = "ENOEXEC",
    [EBADF] = "EBADF",
    [ECHILD] = "ECHILD",
    [EAGAIN] = "EAGAIN",
    [ENOMEM] = "ENOMEM",
    [EACCES] = "EACCES",
    [EFAULT] = "EFAULT",
    [ENOTBLK] = "ENOTBLK",
    [EBUSY] = "EBUSY",
    [EEXIST] = "EEXIST",
    [EXDEV] = "EXDEV",
    [ENODEV] = "ENODEV",
    [ENOTDIR] = "ENOTDIR",
    [EISDIR] = "EISDIR",
    [EINVAL] = "EINVAL",
    [ENFILE] = "ENFILE",
    [EMFILE] = "EMFILE",
    [ENOTTY] = "ENOTTY",
    [ETXTBSY] = "ETXTBSY",
    [EFBIG] = "EFBIG",
    [ENOSPC] = "ENOSPC",
    [ESPIPE] = "ESPIPE",
    [EROFS] = "EROFS",
    [EMLINK] = "EMLINK",
    [EPIPE] = "EPIPE",
    [EDOM] = "EDOM",
    [ERANGE] = "ERANGE",
    [EDEADLK] = "EDEADLK",
    [ENAMETOOLONG] = "ENAMETOOLONG",
    [ENOLCK] = "ENOLCK",
    [ENOSYS] = "ENOSYS",
    [ENOTEMPTY] = "ENOTEMPTY",
    [ELOOP] = "ELOOP",
    [ENOMSG] = "ENOMSG",
    [EIDRM] = "EIDRM",
    [ECHRNG] = "ECHRNG",
    [EL2NSYNC] = "EL2NSYNC",
    [EL3HLT] = "EL3HLT",
    [EL3RST] = "EL3RST",
    [ELNRNG] = "ELNRNG",
    [EUNATCH] = "EUNATCH",
    [ENOCSI] = "ENOCSI",
    [EL2HLT] = "EL2HLT",
    [EBADE] = "EBADE",
    [EBADR] = "EBADR",
    [EXFULL] = "EXFULL",
    [ENOANO] = "ENOANO",
    [EBADRQC] = "EBADRQC",
    [EBADSLT] = "EBADSLT",
    [EBFONT] = "EBFONT",
    [ENOSTR] = "ENOSTR",
    [ENODATA] = "ENODATA",
    [ETIME] = "ETIME",
    [ENOSR] = "ENOSR",
    [ENONET] = "ENONET",
    [ENOPKG] = "ENOPKG",
    [EREMOTE] = "EREMOTE",
    [ENOLINK] = "ENOLINK",
    [EADV] = "EADV",
    [ESRMNT] = "ESRMNT",
    [ECOMM] = "ECOMM",
    [EPROTO] = "EPROTO",
    [EMULTIHOP] = "EMULTIHOP",
    [EDOTDOT] = "EDOTDOT",
    [EBADMSG] = "EBADMSG",
    [EOVERFLOW] = "EOVERFLOW",
    [ENOTUNIQ] = "ENOTUNIQ",
    [EBADFD] = "EBADFD",
    [EREMCHG] = "EREMCHG",
    [ELIBACC] = "ELIBACC",
    [ELIBBAD] = "ELIBBAD",
    [ELIBSCN] = "ELIBSCN",
    [ELIBMAX] = "ELIBMAX",
    [ELIBEXEC] = "ELIBEXEC",
    [EILSEQ] = "EILSEQ",
    [ERESTART] = "ERESTART",
    [ESTRPIPE] = "ESTRPIPE",
    [EUSERS] = "EUSERS",
    [ENOTSOCK] = "ENOTSOCK",
    [EDESTADDRREQ] = "EDESTADDRREQ",
    [EMSGSIZE] = "EMSGSIZE",
    [EPROTOTYPE] = "EPROTOTYPE",
    [ENOPROTOOPT] = "ENOPROTOOPT",
    [EPROTONOSUPPORT] = "EPROTONOSUPPORT",
    [ESOCKTNOSUPPORT] = "ESOCKTNOSUPPORT",
    [EOPNOTSUPP] = "EOPNOTSUPP",
    [EPFNOSUPPORT] = "EPFNOSUPPORT",
    [EAFNOSUPPORT] = "EAFNOSUPPORT",
    [EADDRINUSE] = "EADDRINUSE",
    [EADDRNOTAVAIL] = "EADDRNOTAVAIL",
    [ENETDOWN] = "ENETDOWN",
    [ENETUNREACH] = "ENETUNREACH",
    [ENETRESET] = "ENETRESET",
    [ECONNABORTED] = "ECONNABORTED",
    [ECONNRESET] = "ECONNRESET",
    [ENOBUFS] = "ENOBUFS",
    [EISCONN] = "EISCONN",
    [ENOTCONN] = "ENOTCONN",
    [ESHUTDOWN] = "ESHUTDOWN",
    [ETOOMANYREFS] = "ETOOMANYREFS",
    [ETIMEDOUT] = "ETIMEDOUT",
    [ECONNREFUSED] = "ECONNREFUSED",
    [EHOSTDOWN] = "EHOSTDOWN",
    [EHOSTUNREACH] = "EHOSTUNREACH",
    [EALREADY] = "EALREADY",
    [EINPROGRESS] = "EINPROGRESS",
    [ESTALE] = "ESTALE",
    [EUCLEAN] = "EUCLEAN",
    [ENOTNAM] = "ENOTNAM",
    [ENAVAIL] = "ENAVAIL",
    [EISNAM] = "EISNAM",
    [EREMOTEIO] = "EREMOTEIO",
    [EDQUOT] = "EDQUOT",
    [ENOMEDIUM] = "ENOMEDIUM",
    [EMEDIUMTYPE] = "EMEDIUMTYPE",
    [ECANCELED] = "ECANCELED",
    [ENOKEY] = "ENOKEY",
    [EKEYEXPIRED] = "EKEYEXPIRED",
    [EKEYREVOKED] = "EKEYREVOKED",
    [EKEYREJECTED] = "EKEYREJECTED",
    [EOWNERDEAD] = "EOWNERDEAD",
    [ENOTRECOVERABLE] = "ENOTRECOVERABLE",
    [ERFKILL] = "ERFKILL",
    [EHWPOISON] = "EHWPOISON",
};

const char *errno_name(int code)
{
    return code > 0 && (size_t)code < ELEMENTS_OF(errnos) ? errnos[code] : NULL;
}

int errno_find(const char *name)
{
    return name_find(errnos, ELEMENTS_OF(errnos), name);
}

/* docs/PROFILE_FORMAT.md, blind_spots */
const char *blind_spot_words(const char *topic)
{
    static const struct {
        const char *topic, *words;
    } rows[] = {
        { "attached-late", "what the service did before cinch attached" },
        { "capability-use", "which capabilities were used" },
        { "foreign-mount-namespace", "what paths lead to in another mount namespace" },
        { "io_uring", "operations through io_uring" },
        { "lost-call", "the result of a call that SIGKILL cut off" },
        { "lost-task", "what a process did that cinch could not follow" },
        { "name-lookups", "host names beyond the number that cinch keeps" },
        { "no-privileges",
          "what a set-user-ID program does with its privileges, which tracing removed" },
        { "own-ptrace", "what the service's own debugger does" },
        { "own-seccomp-filter", "calls that the service's own seccomp filter may hide" },
        { "uncertain-path", "which file a path led to" },
        { "unreadable-memory", "an argument in memory that cinch could not read" },
        { "unreadable-socket", "the type and peer of a socket passed in or accepted" },
        { "untraced-clone", "what a process created with CLONE_UNTRACED did" },
    };

    for (size_t i = 0; i < ELEMENTS_OF(rows); i++)
        if (strcmp(rows[i].topic, topic) == 0)
            return rows[i].words;
    return NULL;
}
