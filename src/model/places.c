// SPDX-License-Identifier: LGPL-2.1-or-later
/* Directories that are nobody's own. */
#include <cinch/model/places.h>
#include <string.h>

static const struct {
    const char *path;
    bool shared;
} places[] = {
    { "/", true },
    { "/bin", true },
    { "/boot", true },
    { "/dev", true },
    { "/etc", true },
    { "/etc/alternatives", false },
    { "/etc/apt", false },
    { "/etc/cron.d", false },
    { "/etc/default", false },
    { "/etc/letsencrypt", false },
    { "/etc/letsencrypt/archive", false },
    { "/etc/letsencrypt/live", false },
    { "/etc/pam.d", false },
    { "/etc/pki", false },
    { "/etc/pki/tls", false },
    { "/etc/security", false },
    { "/etc/ssl", false },
    { "/etc/systemd", false },
    { "/home", true },
    { "/lib", true },
    { "/lib32", true },
    { "/lib64", true },
    { "/libx32", true },
    { "/media", true },
    { "/mnt", true },
    { "/opt", true },
    { "/proc", true },
    { "/root", true },
    { "/run", true },
    { "/run/lock", true },
    { "/run/systemd", false },
    { "/run/user", true },
    { "/sbin", true },
    { "/srv", true },
    { "/sys", true },
    { "/tmp", false },
    { "/usr", true },
    { "/usr/bin", true },
    { "/usr/lib", true },
    { "/usr/lib32", true },
    { "/usr/lib64", true },
    { "/usr/libexec", true },
    { "/usr/local", true },
    { "/usr/local/bin", true },
    { "/usr/local/etc", false },
    { "/usr/local/lib", true },
    { "/usr/local/sbin", true },
    { "/usr/local/share", true },
    { "/usr/sbin", true },
    { "/usr/share", true },
    { "/var", true },
    { "/var/cache", true },
    { "/var/lib", true },
    { "/var/lib/private", true },
    { "/var/log", true },
    { "/var/opt", true },
    { "/var/spool", true },
    { "/var/tmp", false },
    { "/var/www", false },
};

bool place_is_guarded(const char *path)
{
    for (size_t i = 0; i < ELEMENTS_OF(places); i++)
        if (strcmp(places[i].path, path) == 0)
            return true;
    return false;
}

bool place_is_shared(const char *path, size_t length)
{
    for (size_t i = 0; i < ELEMENTS_OF(places); i++)
        if (places[i].shared && strlen(places[i].path) == length &&
            memcmp(places[i].path, path, length) == 0)
            return true;
    return false;
}

bool place_is_secret_name(const char *name)
{
    static const char *const endings[] = { ".jks",      ".kdbx",    ".key",     ".keytab",
                                           ".p12",      ".pfx",     "-key.pem", "_key.pem",
                                           "_rsa",      "_ed25519", "_ecdsa",   "password",
                                           "passwd",    "secret",   "secrets",  "credentials",
                                           ".htpasswd", ".netrc",   ".pgpass" };
    size_t length = strlen(name);

    for (size_t i = 0; i < ELEMENTS_OF(endings); i++) {
        size_t end = strlen(endings[i]);
        if (length >= end && strcmp(name + length - end, endings[i]) == 0)
            return true;
    }
    return false;
}
