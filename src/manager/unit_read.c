// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reads the unit that somebody named. */
#include "manager/unit_find.h"
#include <cinch/manager.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_LIMIT ((size_t)16 << 20)

/* What is being read. */
struct reading {
    const struct unit_query *query;
    int root_fd;
    struct unit *unit;
    struct err *err;
    size_t *left; /* bytes that may still be read, of all its files */
};

static int cannot_read(const struct reading *reading, const char *path, int result)
{
    CLEANUP(free_char) char *shown = text_encode_string(path);

    return err_set(reading->err, -result, "cannot read the unit %s: %s", shown, strerror(-result));
}

/* A note of two names, FIRST MIDDLE SECOND, both encoded. */
static void note(const struct reading *reading, const char *first, const char *middle,
                 const char *second)
{
    CLEANUP(free_char) char *one = text_encode_string(first);
    CLEANUP(free_char) char *other = text_encode_string(second);
    CLEANUP(free_char) char *text = mem_printf("%s %s %s", one, middle, other);

    strings_add(&reading->unit->notes, text);
}

static int read_text(const struct reading *reading, int root_fd, const char *path, struct str *ret)
{
    int result = unit_paths_read(root_fd, path, ret);

    if (result == 0 && ret->length > *reading->left) {
        str_done(ret);
        return -EFBIG;
    }
    *reading->left -= ret->length;
    return result;
}

/* One drop-in; a mask or a link that leads nowhere is none. */
static int read_dropin(const struct reading *reading, int root_fd, const char *path)
{
    struct str text = { 0 };
    int result = read_text(reading, root_fd, path, &text);

    if (result == -ENOENT || result == -ENOTSUP || result == -ELOOP || result == -EISDIR)
        return 0;
    if (result < 0)
        return cannot_read(reading, path, result);
    const char *name = path_name(path);
    result = unit_parse_dropin(reading->unit, name, text.data, text.length, path, reading->err);
    if (strcmp(name, UNIT_OWN_DROPIN) != 0 && unit_is_own_dropin(name, text.data, text.length))
        note(reading, path,
             "was written by cinch and is ignored; remove it when you install this output as",
             UNIT_OWN_DROPIN);
    str_done(&text);
    return result;
}

/* ---- by name --------------------------------------------------------------------------------- */

static int refuse_masked(const struct reading *reading, const char *name, const char *path)
{
    CLEANUP(free_char) char *shown = text_encode_string(path);

    return err_set(
        reading->err, ERFKILL,
        "the unit %s is masked by %s, so systemd does not start it; run systemctl unmask", name,
        shown);
}

static int read_fragment(const struct reading *reading, const struct unit_place *place)
{
    struct str text = { 0 };
    int result = read_text(reading, reading->root_fd, place->path, &text);

    if (result < 0 && result != -ENOTSUP)
        return cannot_read(reading, place->path, result);
    result = result < 0 || text.length == 0
                 ? refuse_masked(reading, place->id, place->path)
                 : unit_parse(reading->unit, text.data, text.length, place->path, reading->err);
    str_done(&text);
    return result;
}

static int read_place(const struct reading *reading, const struct unit_index *index,
                      const struct unit_place *place)
{
    CLEANUP(strings_done) struct strings dropins = { 0 };
    int result = read_fragment(reading, place);

    if (result == 0)
        result = unit_index_dropins(index, place, &dropins, reading->err);
    for (size_t i = 0; result == 0 && i < dropins.count; i++)
        result = read_dropin(reading, reading->root_fd, dropins.items[i]);
    reading->unit->name = mem_strdup(place->id);
    reading->unit->is_whole = true;
    return result;
}

/* Whether the file that somebody gave is another one than that which systemd reads. */
static bool is_replaced(const struct reading *reading, const char *given, const char *path)
{
    CLEANUP(fd_close) int fd = unit_paths_open(reading->root_fd, path, O_PATH);
    struct stat one, other;

    return fd >= 0 && stat(given, &one) == 0 && fstat(fd, &other) == 0 &&
           (one.st_ino != other.st_ino || one.st_dev != other.st_dev);
}

/* 0, -ENOENT without `err` when this manager has no such unit, or -errno. */
static int read_named(const struct reading *reading, const struct unit_owner *owner,
                      const char *name, const char *given)
{
    CLEANUP(unit_index_done) struct unit_index index = { 0 };
    CLEANUP(unit_place_done) struct unit_place place = { 0 };
    int result = unit_index_read(&index, reading->root_fd, owner, reading->err);

    if (result < 0)
        return result;
    result = unit_index_find(&index, name, &place);
    if (result == -ERFKILL)
        return refuse_masked(reading, name, place.path);
    if (result < 0)
        return result;
    reading->unit->is_user = owner->is_user;
    result = read_place(reading, &index, &place);
    if (result == 0 && strcmp(place.id, name) != 0)
        note(reading, name, "is an alias of", place.id);
    if (result == 0 && given && is_replaced(reading, given, place.path))
        note(reading, given, "is not read by systemd, which reads", place.path);
    return result;
}

/* By the system's manager or a user's: whoever was asked for, else whichever has it. */
static int read_any(const struct reading *reading, const char *name)
{
    const struct unit_query *query = reading->query;
    CLEANUP(unit_owner_done) struct unit_owner user = { .is_user = true };
    int result = -ENOENT;

    if (!query->manager_given || !query->user_manager)
        result = read_named(reading, &(struct unit_owner){ 0 }, name, NULL);
    if (result != -ENOENT || (query->manager_given && !query->user_manager))
        return result;
    unit_owner_self(&user);
    return read_named(reading, &user, name, NULL);
}

/* ---- by file --------------------------------------------------------------------------------- */

/* Whether a file lies in a directory of units. */
static bool is_in_paths(const struct reading *reading, const struct unit_owner *owner,
                        const char *file)
{
    CLEANUP(strings_done) struct strings directories = { 0 };
    CLEANUP(free_char) char *parent = path_parent(file);
    struct stat wanted, st;
    bool found = false;

    if (stat(parent, &wanted) < 0)
        return false;
    unit_paths_list(owner, &directories);
    for (size_t i = 0; i < directories.count && !found; i++) {
        CLEANUP(fd_close)
        int fd = unit_paths_open(reading->root_fd, directories.items[i], O_PATH | O_DIRECTORY);
        found = fd >= 0 && fstat(fd, &st) == 0 && st.st_dev == wanted.st_dev &&
                st.st_ino == wanted.st_ino;
    }
    return found;
}

/* A file's path as one sees it whose root directory is that of the query. */
static const char *below_root(const struct reading *reading, const char *file)
{
    CLEANUP(free_char)
    char *root = reading->query->root ? realpath(reading->query->root, NULL) : NULL;

    return root && strcmp(root, "/") != 0 && path_is_within(file, root) ? file + strlen(root)
                                                                        : file;
}

/* A file that systemd has under a name is read as systemd reads it. -ENOENT when it is none. */
static int read_known(const struct reading *reading, const char *file)
{
    const struct unit_query *query = reading->query;
    CLEANUP(unit_owner_done) struct unit_owner user = { .is_user = true };
    const char *name = path_name(file);

    if (!unit_name_is_service(name))
        return -ENOENT;
    if (!(query->manager_given && query->user_manager) &&
        is_in_paths(reading, &(struct unit_owner){ 0 }, file))
        return read_named(reading, &(struct unit_owner){ 0 }, name, file);
    if (query->manager_given && !query->user_manager)
        return -ENOENT;
    if (!unit_owner_of(reading->root_fd, below_root(reading, file), &user))
        unit_owner_self(&user);
    return is_in_paths(reading, &user, file) ? read_named(reading, &user, name, file) : -ENOENT;
}

/* The drop-ins beside a file that systemd does not know. */
static int read_beside(const struct reading *reading, const char *file)
{
    CLEANUP(free_char) char *directory = mem_printf("%s.d", file);
    CLEANUP(strings_done) struct strings names = { 0 };
    int result = unit_paths_names(AT_FDCWD, directory, ".conf", &names);

    if (result < 0) {
        CLEANUP(free_char) char *shown = text_encode_string(directory);
        return err_set(reading->err, -result, "cannot read the drop-ins in %s: %s", shown,
                       strerror(-result));
    }
    for (size_t i = 0; result == 0 && i < names.count; i++) {
        CLEANUP(free_char) char *path = path_join(directory, names.items[i]);
        result = read_dropin(reading, AT_FDCWD, path);
    }
    return result;
}

/* A file by itself, or what `systemctl cat` printed. */
static int read_alone(const struct reading *reading, const char *file)
{
    struct str text = { 0 };
    int result = fd_read_file(AT_FDCWD, file, FILE_LIMIT, &text);
    const char *name = path_name(file);

    if (result < 0)
        return cannot_read(reading, file, result);
    reading->unit->name = mem_strdup(unit_name_is_service(name) ? name : "");
    if (unit_is_cat(text.data, text.length)) {
        result = unit_parse_cat(reading->unit, text.data, text.length, file, reading->err);
    } else {
        result = unit_parse(reading->unit, text.data, text.length, file, reading->err);
        if (result == 0)
            result = read_beside(reading, file);
    }
    str_done(&text);
    return result;
}

static int read_file(const struct reading *reading, const char *file)
{
    CLEANUP(free_char) char *real = realpath(file, NULL);
    int result = read_known(reading, file);

    if (result == -ENOENT && real && strcmp(real, file) != 0)
        result = read_known(reading, real);
    return result == -ENOENT ? read_alone(reading, file) : result;
}

/* ---- either ---------------------------------------------------------------------------------- */

static bool has_service(const struct unit *unit)
{
    for (size_t i = 0; i < unit->count; i++)
        if (strcmp(unit->settings[i].section, "Service") == 0)
            return true;
    return false;
}

static int read_name(const struct reading *reading, const char *given)
{
    CLEANUP(free_char) char *shown = text_encode_string(given);
    CLEANUP(free_char) char *name = unit_name_complete(given);
    int result = name ? read_any(reading, name) : -ENOENT;

    if (result == -ENOENT && access(given, F_OK) == 0)
        return read_alone(reading, given);
    if (!name)
        return err_set(reading->err, EINVAL, "%s is not a service; give the service that it starts",
                       shown);
    if (result == -ENOENT)
        return err_set(
            reading->err, ENOENT,
            "systemd has no unit %s; give a name that systemctl cat accepts, or a path with a /",
            shown);
    return result;
}

int manager_read_unit(const struct unit_query *query, struct unit *ret, struct err *err)
{
    const char *root = query->root ? query->root : "/";
    CLEANUP(free_char) char *shown = text_encode_string(query->root ? root : query->name);
    CLEANUP(fd_close) int root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    size_t left = FILE_LIMIT;
    const struct reading reading = {
        .query = query, .root_fd = root_fd, .unit = ret, .err = err, .left = &left
    };

    *ret = (struct unit){ 0 };
    if (root_fd < 0)
        return err_set(err, errno, "cannot open the root directory %s: %s", shown, strerror(errno));
    int result = strchr(query->name, '/') ? read_file(&reading, query->name)
                                          : read_name(&reading, query->name);
    if (result == 0 && !has_service(ret))
        result =
            err_set(err, EINVAL, "%s is not a service unit: it has no [Service] section", shown);
    if (result < 0)
        unit_done(ret);
    return result;
}
