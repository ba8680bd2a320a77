// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the census knows of a path. */
#include "model/fact.h"
#include "model/key.h"
#include <string.h>

void host_file_key(struct str *key, const struct host_file *file)
{
    key_text(key, file->path);
    key_number(key, file->type);
    key_number(key, file->mode);
    key_number(key, file->uid);
    key_number(key, file->gid);
    key_text(key, file->target);
    key_number(key, file->entries);
    key_number(key, file->unused);
    key_text(key, file->filesystem ? file->filesystem : "");
}

void host_file_copy(struct host_file *to, const struct host_file *from)
{
    *to = *from;
    to->path = mem_strdup(from->path);
    to->target = mem_strdup(from->target ? from->target : "");
    to->filesystem = mem_strdup(from->filesystem ? from->filesystem : "");
}

void host_file_done(struct host_file *file)
{
    free(file->path);
    free(file->target);
    free(file->filesystem);
}
