/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside systemd/: derive functions of the rows of this folder. */
#ifndef CINCH_SYSTEMD_FILESYSTEM_ROWS_H
#define CINCH_SYSTEMD_FILESYSTEM_ROWS_H

#include "systemd/core/derive.h"
#include "systemd/core/directive.h"

void derive_temporary_file_system(const struct derive_context *context,
                                  const struct directive *directive, struct verdict *ret);
void derive_bind_read_only_paths(const struct derive_context *context,
                                 const struct directive *directive, struct verdict *ret);
void derive_bind_paths(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_root_directory(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_mount_api_vfs(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);
void derive_inaccessible_paths(const struct derive_context *context,
                               const struct directive *directive, struct verdict *ret);
void derive_path_reset(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_directories(const struct derive_context *context, const struct directive *directive,
                        struct verdict *ret);
void derive_directory_mode(const struct derive_context *context, const struct directive *directive,
                           struct verdict *ret);
void derive_directory_preserve(const struct derive_context *context,
                               const struct directive *directive, struct verdict *ret);
void derive_no_exec_paths(const struct derive_context *context, const struct directive *directive,
                          struct verdict *ret);
void derive_exec_paths(const struct derive_context *context, const struct directive *directive,
                       struct verdict *ret);
void derive_read_write_paths(const struct derive_context *context,
                             const struct directive *directive, struct verdict *ret);
void derive_read_only_paths(const struct derive_context *context, const struct directive *directive,
                            struct verdict *ret);

struct filesystem_plan *filesystem_plan_new(const struct profile *profile,
                                            const struct suggest_options *options,
                                            struct notes *notes);
void filesystem_plan_free(struct filesystem_plan *plan);
/* The move that any mount namespace would break, or NULL. */
const struct fact *filesystem_plan_no_mounts(const struct filesystem_plan *plan);
/* The form that the plan chose. */
enum filesystem_form filesystem_plan_form(const struct filesystem_plan *plan);

#endif
