// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the machine is: from files and uname(2), never by running anything. */
#include "host/census.h"
#include <fcntl.h>
#include <glob.h>
#include <gnu/libc-version.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

static void add_text(struct profile *profile, const char *name, const char *text, size_t length)
{
    CLEANUP(free_char) char *value = mem_strndup(text, length);

    if (length)
        profile_add_setting(profile, name, value);
}

/* os-release(5): NAME=value, value maybe quoted. */
static void add_os_release(struct profile *profile)
{
    static const struct {
        const char *key, *setting;
    } keys[] = { { "PRETTY_NAME=", "os" }, { "ID=", "os-id" }, { "VERSION_ID=", "os-version" } };
    struct str text = { 0 };

    if (fd_read_file(AT_FDCWD, "/etc/os-release", 1 << 16, &text) < 0 &&
        fd_read_file(AT_FDCWD, "/usr/lib/os-release", 1 << 16, &text) < 0)
        return;
    for (const char *line = text.data; *line;) {
        size_t length = strcspn(line, "\n");
        for (size_t i = 0; i < ELEMENTS_OF(keys); i++) {
            size_t key = strlen(keys[i].key);
            if (length <= key || strncmp(line, keys[i].key, key) != 0)
                continue;
            bool quoted = length >= key + 2 && (line[key] == '"' || line[key] == '\'');
            add_text(profile, keys[i].setting, line + key + quoted, length - key - 2 * quoted);
        }
        line += length;
        line += *line == '\n';
    }
    str_done(&text);
}

/* A version that stands in a file name, the leading digits and dots after `prefix` of the first
 * match of one of the patterns: "libsystemd-shared-252.so" says 252. Returns the file's name, NULL
 * when there is none; the caller frees it. */
static char *add_version_of(struct profile *profile, const char *setting, const char *prefix,
                            const char *const *patterns, const char *alphabet)
{
    for (; *patterns; patterns++) {
        glob_t found = { 0 };
        if (glob(*patterns, 0, NULL, &found) == 0 && found.gl_pathc) {
            const char *version = strstr(found.gl_pathv[0], prefix) + strlen(prefix);
            add_text(profile, setting, version, strspn(version, alphabet));
            char *file = mem_strdup(found.gl_pathv[0]);
            globfree(&found);
            return file;
        }
        globfree(&found);
    }
    return NULL;
}

/* Whether the systemd in that library was built with BPF: systemctl --version prints the text that
 * stands in it, "... +ZSTD -BPF_FRAMEWORK ..." (since 249). */
static void add_bpf_of(struct profile *profile, const char *library)
{
    static const char *const texts[] = { " -BPF_FRAMEWORK", " +BPF_FRAMEWORK" };
    static const char *const values[] = { "no", "yes" };
    const char *version = profile_setting(profile, "systemd");
    CLEANUP(str_done) struct str bytes = { 0 };

    if (!library || !version || fd_read_file(AT_FDCWD, library, (size_t)1 << 26, &bytes) < 0)
        return;
    CLEANUP(free_char) char *setting = mem_printf("systemd %s BPF_FRAMEWORK", version);
    for (size_t i = 0; i < ELEMENTS_OF(texts); i++)
        if (memmem(bytes.data, bytes.length, texts[i], strlen(texts[i])))
            profile_add_setting(profile, setting, values[i]);
}

static void add_libraries(struct profile *profile)
{
    static const char *const systemd[] = { "/usr/lib/*/systemd/libsystemd-shared-*.so",
                                           "/usr/lib/systemd/libsystemd-shared-*.so",
                                           "/lib/systemd/libsystemd-shared-*.so",
                                           "/usr/lib64/systemd/libsystemd-shared-*.so", NULL };
    static const char *const seccomp[] = { "/usr/lib/*/libseccomp.so.2.*",
                                           "/lib/*/libseccomp.so.2.*",
                                           "/usr/lib64/libseccomp.so.2.*",
                                           "/usr/lib/libseccomp.so.2.*", NULL };

    CLEANUP(free_char)
    char *manager = add_version_of(profile, "systemd", "libsystemd-shared-", systemd, "0123456789");
    add_bpf_of(profile, manager);
    free(add_version_of(profile, "libseccomp", "libseccomp.so.", seccomp, "0123456789."));
    profile_add_setting(profile, "glibc", gnu_get_libc_version());
}

static void add_sysctls(struct profile *profile)
{
    static const struct {
        const char *name, *path;
    } sysctls[] = {
        { "sysctl net.ipv4.ip_unprivileged_port_start",
          "/proc/sys/net/ipv4/ip_unprivileged_port_start" },
        { "sysctl kernel.dmesg_restrict", "/proc/sys/kernel/dmesg_restrict" },
        { "sysctl net.ipv6.bindv6only", "/proc/sys/net/ipv6/bindv6only" },
        { "sysctl kernel.unprivileged_userns_clone", "/proc/sys/kernel/unprivileged_userns_clone" },
        { "lsm", "/sys/kernel/security/lsm" }, /* which security modules decide; see
                                                  RestrictFileSystems= */
    };

    for (size_t i = 0; i < ELEMENTS_OF(sysctls); i++) {
        struct str text = { 0 };
        if (fd_read_file(AT_FDCWD, sysctls[i].path, 4096, &text) == 0)
            add_text(profile, sysctls[i].name, text.data, strcspn(text.data, "\n"));
        str_done(&text);
    }
}

/* Where a BPF file system is mounted, or may be: containers have no such place. */
static void add_bpffs(struct profile *profile)
{
    struct stat about;
    bool there = stat("/sys/fs/bpf", &about) == 0 && S_ISDIR(about.st_mode);

    profile_add_setting(profile, "bpffs", there ? "yes" : "no");
}

void census_settings(struct profile *profile)
{
    struct utsname name;

    if (uname(&name) == 0) {
        profile_add_setting(profile, "kernel", name.release);
        profile_add_setting(profile, "arch", name.machine);
    }
    add_os_release(profile);
    add_libraries(profile);
    add_sysctls(profile);
    add_bpffs(profile);
}
