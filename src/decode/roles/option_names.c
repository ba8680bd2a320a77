// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names of numbers in arguments. Those of the C library's headers are the kernel's on every
 * architecture that cinch knows but mips, whose signals and limits are numbered otherwise. */
#include "decode/roles/option_names.h"
#include <cinch/base.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>

struct option_row {
    uint64_t value;
    const char *name;
};

/* clang-format off */
#define ROW(name) { name, #name }

static const struct option_row signals[] = {
    ROW(SIGHUP), ROW(SIGINT), ROW(SIGQUIT), ROW(SIGILL), ROW(SIGTRAP), ROW(SIGABRT), ROW(SIGBUS),
    ROW(SIGFPE), ROW(SIGKILL), ROW(SIGUSR1), ROW(SIGSEGV), ROW(SIGUSR2), ROW(SIGPIPE), ROW(SIGALRM),
    ROW(SIGTERM), ROW(SIGSTKFLT), ROW(SIGCHLD), ROW(SIGCONT), ROW(SIGSTOP), ROW(SIGTSTP),
    ROW(SIGTTIN), ROW(SIGTTOU), ROW(SIGURG), ROW(SIGXCPU), ROW(SIGXFSZ), ROW(SIGVTALRM),
    ROW(SIGPROF), ROW(SIGWINCH), ROW(SIGIO), ROW(SIGPWR), ROW(SIGSYS),
};

static const struct option_row limits[] = {
    ROW(RLIMIT_CPU), ROW(RLIMIT_FSIZE), ROW(RLIMIT_DATA), ROW(RLIMIT_STACK), ROW(RLIMIT_CORE),
    ROW(RLIMIT_RSS), ROW(RLIMIT_NPROC), ROW(RLIMIT_NOFILE), ROW(RLIMIT_MEMLOCK), ROW(RLIMIT_AS),
    ROW(RLIMIT_LOCKS), ROW(RLIMIT_SIGPENDING), ROW(RLIMIT_MSGQUEUE), ROW(RLIMIT_NICE),
    ROW(RLIMIT_RTPRIO), ROW(RLIMIT_RTTIME),
};

static const struct option_row keyctls[] = {
    ROW(KEYCTL_GET_KEYRING_ID), ROW(KEYCTL_JOIN_SESSION_KEYRING), ROW(KEYCTL_UPDATE),
    ROW(KEYCTL_REVOKE), ROW(KEYCTL_CHOWN), ROW(KEYCTL_SETPERM), ROW(KEYCTL_DESCRIBE),
    ROW(KEYCTL_CLEAR), ROW(KEYCTL_LINK), ROW(KEYCTL_UNLINK), ROW(KEYCTL_SEARCH), ROW(KEYCTL_READ),
    ROW(KEYCTL_INSTANTIATE), ROW(KEYCTL_NEGATE), ROW(KEYCTL_SET_REQKEY_KEYRING),
    ROW(KEYCTL_SET_TIMEOUT), ROW(KEYCTL_ASSUME_AUTHORITY), ROW(KEYCTL_GET_SECURITY),
    ROW(KEYCTL_SESSION_TO_PARENT), ROW(KEYCTL_REJECT), ROW(KEYCTL_INSTANTIATE_IOV),
    ROW(KEYCTL_INVALIDATE), ROW(KEYCTL_GET_PERSISTENT), ROW(KEYCTL_DH_COMPUTE),
    ROW(KEYCTL_PKEY_QUERY), ROW(KEYCTL_PKEY_ENCRYPT), ROW(KEYCTL_PKEY_DECRYPT),
    ROW(KEYCTL_PKEY_SIGN), ROW(KEYCTL_PKEY_VERIFY), ROW(KEYCTL_RESTRICT_KEYRING),
    ROW(KEYCTL_MOVE), ROW(KEYCTL_CAPABILITIES),
};

static const struct option_row keyrings[] = {
    ROW(KEY_SPEC_THREAD_KEYRING), ROW(KEY_SPEC_PROCESS_KEYRING), ROW(KEY_SPEC_SESSION_KEYRING),
    ROW(KEY_SPEC_USER_KEYRING), ROW(KEY_SPEC_USER_SESSION_KEYRING), ROW(KEY_SPEC_GROUP_KEYRING),
    ROW(KEY_SPEC_REQKEY_AUTH_KEY), ROW(KEY_SPEC_REQUESTOR_KEYRING),
};

static const struct option_row mounts[] = {
    ROW(MS_RDONLY), ROW(MS_NOSUID), ROW(MS_NODEV), ROW(MS_NOEXEC), ROW(MS_SYNCHRONOUS),
    ROW(MS_REMOUNT), ROW(MS_MANDLOCK), ROW(MS_DIRSYNC), ROW(MS_NOATIME), ROW(MS_NODIRATIME),
    ROW(MS_BIND), ROW(MS_MOVE), ROW(MS_REC), ROW(MS_SILENT), ROW(MS_POSIXACL),
    ROW(MS_UNBINDABLE), ROW(MS_PRIVATE), ROW(MS_SLAVE), ROW(MS_SHARED), ROW(MS_RELATIME),
    ROW(MS_STRICTATIME), ROW(MS_LAZYTIME),
};

/* capabilities(7) CAP_NET_ADMIN and CAP_NET_RAW, socket(7), ip(7), ipv6(7), tcp(7). */
static const struct {
    uint32_t level, option;
    const char *name;
} socket_options[] = {
    { SOL_SOCKET, SO_DEBUG, "SO_DEBUG" },
    { SOL_SOCKET, SO_PASSCRED, "SO_PASSCRED" },
    { SOL_SOCKET, SO_PRIORITY, "SO_PRIORITY" },
    { SOL_SOCKET, SO_SNDBUFFORCE, "SO_SNDBUFFORCE" },
    { SOL_SOCKET, SO_RCVBUFFORCE, "SO_RCVBUFFORCE" },
    { SOL_SOCKET, SO_MARK, "SO_MARK" },
    { SOL_SOCKET, SO_BINDTODEVICE, "SO_BINDTODEVICE" },
    { SOL_SOCKET, SO_BUSY_POLL, "SO_BUSY_POLL" },
    { SOL_SOCKET, SO_TXTIME, "SO_TXTIME" },
    { SOL_SOCKET, SO_ATTACH_BPF, "SO_ATTACH_BPF" },
    { IPPROTO_IP, IP_TRANSPARENT, "IP_TRANSPARENT" },
    { IPPROTO_IP, IP_XFRM_POLICY, "IP_XFRM_POLICY" },
    { IPPROTO_IP, IP_IPSEC_POLICY, "IP_IPSEC_POLICY" },
    { IPPROTO_IPV6, 75, "IPV6_TRANSPARENT" },
    { IPPROTO_IPV6, IPV6_XFRM_POLICY, "IPV6_XFRM_POLICY" },
    { IPPROTO_IPV6, IPV6_IPSEC_POLICY, "IPV6_IPSEC_POLICY" },
    { IPPROTO_TCP, TCP_CONGESTION, "TCP_CONGESTION" },
    { IPPROTO_TCP, TCP_REPAIR, "TCP_REPAIR" },
    { IPPROTO_TCP, TCP_ULP, "TCP_ULP" },
    { IPPROTO_TCP, TCP_MD5SIG, "TCP_MD5SIG" },
};
/* clang-format on */

static const struct {
    const struct option_row *rows;
    size_t count;
} kinds[OPTION_KIND_COUNT] = {
    [OPTION_SIGNAL] = { signals, ELEMENTS_OF(signals) },
    [OPTION_LIMIT] = { limits, ELEMENTS_OF(limits) },
    [OPTION_KEYCTL] = { keyctls, ELEMENTS_OF(keyctls) },
    [OPTION_KEYRING] = { keyrings, ELEMENTS_OF(keyrings) },
    [OPTION_MOUNT] = { mounts, ELEMENTS_OF(mounts) },
};

const char *option_name(enum option_kind kind, uint64_t value)
{
    for (size_t i = 0; i < kinds[kind].count; i++)
        if (kinds[kind].rows[i].value == value)
            return kinds[kind].rows[i].name;
    return NULL;
}

char *option_flags(enum option_kind kind, uint64_t bits)
{
    struct str text = { 0 };

    for (size_t i = 0; i < kinds[kind].count; i++) {
        if (!(bits & kinds[kind].rows[i].value))
            continue;
        str_add(&text, text.length ? "|" : "");
        str_add(&text, kinds[kind].rows[i].name);
        bits &= ~kinds[kind].rows[i].value;
    }
    if (bits) {
        CLEANUP(free_char) char *rest = mem_printf("0x%llx", (unsigned long long)bits);
        str_add(&text, text.length ? "|" : "");
        str_add(&text, rest);
    }
    return str_steal(&text);
}

const char *option_socket_name(uint32_t level, uint32_t option)
{
    for (size_t i = 0; i < ELEMENTS_OF(socket_options); i++)
        if (socket_options[i].level == level && socket_options[i].option == option)
            return socket_options[i].name;
    return NULL;
}
